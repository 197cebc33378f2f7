"""Category schemes as data: one TOML file each, checked when read."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from sakshya.domain.category import CodeMeaning, Scheme
from sakshya.domain.faults import OperatorFault

_PLACES = ("schemes/*.toml", "*/categories.toml", "categories.toml")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# "scheme@version:code" is split at @ and :, so neither part before the code may hold them.
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SCHEME_KEYS = {"id", "version", "title", "source", "caution", "codes"}
_CODE_KEYS = {"code", "label", "notable", "key"}


def load_schemes(folders: Sequence[Path]) -> dict[str, Scheme]:
    """Return every scheme below the folders, under "id@version" and, for its latest version, under "id".

    The latest version is the last in natural order ("gen10" after "gen9"). The same scheme may stand in two files
    when both say the same.

    Raises:
        OperatorFault: a file does not follow the form, or two files disagree about one version of a scheme.
    """
    found: dict[str, tuple[Scheme, Path]] = {}
    for folder in folders:
        for file in (file for place in _PLACES for file in sorted(folder.glob(place))):
            scheme = load_scheme(file)
            name = f"{scheme.id}@{scheme.version}"
            if name in found and found[name][0] != scheme:
                raise OperatorFault(
                    f"two files disagree about scheme {name}",
                    where=f"{found[name][1]} and {file}",
                    advice="give one of them another id or version",
                )
            found.setdefault(name, (scheme, file))
    schemes = {name: scheme for name, (scheme, _) in found.items()}
    for scheme in sorted(schemes.values(), key=_age):
        schemes[scheme.id] = scheme
    return schemes


def load_scheme(file: Path) -> Scheme:
    """Return the scheme that one TOML file holds.

    Raises:
        OperatorFault: the file cannot be read or does not follow the form; the text says which part.
    """
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _fault(file, f"it cannot be read as TOML ({error})") from error
    _only(file, table, _SCHEME_KEYS, "the scheme")
    codes = table.get("codes")
    if not isinstance(codes, list) or not codes:
        raise _fault(file, "it has no [[codes]]")
    scheme = Scheme(
        id=_text(file, table, "id", "the scheme"),
        version=_text(file, table, "version", "the scheme"),
        title=_text(file, table, "title", "the scheme"),
        source=_text(file, table, "source", "the scheme"),
        codes=tuple(_code(file, position, one) for position, one in enumerate(codes, 1)),
        caution=_text(file, table, "caution", "the scheme") if "caution" in table else "",
    )
    _check(file, scheme)
    return scheme


def _age(scheme: Scheme) -> tuple[tuple[int, int, str], ...]:
    parts = re.findall(r"\d+|\D+", scheme.version)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)


def _code(file: Path, position: int, table: object) -> CodeMeaning:
    place = f"code number {position}"
    if not isinstance(table, dict):
        raise _fault(file, f"{place} is not a table")
    _only(file, table, _CODE_KEYS, place)
    notable = table.get("notable")
    if not isinstance(notable, bool):
        raise _fault(file, f"{place} must say notable = true or false")
    return CodeMeaning(
        code=_text(file, table, "code", place),
        label=_text(file, table, "label", place),
        notable=notable,
        key=_text(file, table, "key", place) if "key" in table else "",
    )


def _check(file: Path, scheme: Scheme) -> None:
    if not _ID.fullmatch(scheme.id):
        raise _fault(file, f"its id {scheme.id!r} is not made of small letters, digits and single hyphens")
    if not _VERSION.fullmatch(scheme.version):
        raise _fault(file, f"its version {scheme.version!r} is not made of letters, digits, dots and hyphens")
    keys = [one.key for one in scheme.codes if one.key]
    for key in keys:
        if not re.fullmatch("[0-9]", key):
            raise _fault(file, f"the key {key!r} is not one digit")
    # Two codes that differ in case alone could not be told apart in lists, which spell them either way.
    spelled = [one.code.casefold() for one in scheme.codes]
    for kind, values in (("key", keys), ("code", spelled)):
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise _fault(file, f"the {kind} {twice[0]!r} stands twice")


def _only(file: Path, table: Mapping[str, object], allowed: set[str], place: str) -> None:
    strange = sorted(set(table) - allowed)
    if strange:
        raise _fault(file, f"{place} has the unknown entry {strange[0]!r}")


def _text(file: Path, table: Mapping[str, object], name: str, place: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value.strip() or value != value.strip() or not value.isprintable():
        raise _fault(file, f"{place} needs {name} as one line of text")
    return value


def _fault(file: Path, what: str) -> OperatorFault:
    return OperatorFault(f"the category scheme is not usable: {what}", where=str(file), advice="correct the file")
