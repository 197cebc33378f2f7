"""Codes of a list: spelled as the scheme spells them, given their meaning, counted."""

from collections import Counter

from sakshya.domain.category import Scheme
from sakshya.domain.faults import OperatorFault
from sakshya.domain.match import SetKind
from sakshya.matching.importers.detect import KNOWN_VERSIONS, Form, VicsForm
from sakshya.matching.importers.options import ImportOptions
from sakshya.matching.importers.plan import BY_IMPORTER
from sakshya.matching.record import CodeLabel

_MOST_CODES = 1000


class CodeBook:
    """Spells and explains the codes of one import.

    Raises:
        OperatorFault: a stated meaning contradicts the scheme's own, or one code is given two.
    """

    def __init__(self, options: ImportOptions) -> None:
        self._scheme = options.scheme
        self._labels: dict[str, CodeLabel] = {}
        self._spelling: dict[str, str] = {}
        if self._scheme is not None:
            stated_by = f"{self._scheme.id}@{self._scheme.version}"
            for one in self._scheme.codes:
                self._define(CodeLabel(one.code, one.label, one.notable, stated_by, 0))
        for code, label in options.code_labels.items():
            self._add_stated(code.strip(), " ".join(label.split()))

    def spell(self, code: str) -> str:
        """Return the code as the scheme or the importing person spells it."""
        return self._spelling.get(code) or self._spelling.get(code.casefold()) or code

    def explain(self, counts: Counter[str]) -> tuple[CodeLabel, ...]:
        """Return every code met, in order, with its meaning (empty where nobody states one) and its count.

        Raises:
            OperatorFault: there are so many different codes that the column cannot be a category.
        """
        if len(counts) > _MOST_CODES:
            raise OperatorFault(
                f"the category column holds more than {_MOST_CODES} different codes",
                advice="choose another column for category",
            )
        ordered = sorted(counts, key=lambda code: (not code.isdecimal(), len(code) if code.isdecimal() else 0, code))
        return tuple(self._explain(code, counts[code]) for code in ordered)

    def _explain(self, code: str, rows: int) -> CodeLabel:
        known = self._labels.get(code)
        if known is None:
            return CodeLabel(code, "", False, "", rows)
        return CodeLabel(code, known.label, known.notable, known.stated_by, rows)

    def _define(self, label: CodeLabel) -> None:
        self._labels[label.code] = label
        self._spelling[label.code] = self._spelling[label.code.casefold()] = label.code

    def _add_stated(self, code: str, label: str) -> None:
        known = self._labels.get(self.spell(code))
        if known is None:
            self._define(CodeLabel(code, label, False, BY_IMPORTER, 0))
        elif known.label.casefold() != label.casefold():
            raise OperatorFault(
                f"code {code} is stated as {label!r}, but {known.stated_by} says {known.label!r}",
                advice="choose the scheme that the supplier uses",
            )


def cautions(options: ImportOptions, form: Form, codes: tuple[CodeLabel, ...], file_name: str) -> tuple[str, ...]:
    """Return what must be read before the import, one sentence or two each."""
    found = []
    if options.scheme is not None and options.scheme.caution:
        counted = "; ".join(f"{one.code} = {one.label or 'not defined'}: {one.rows}" for one in codes) or "no codes"
        found.append(f"{options.scheme.caution} In this list: {counted}.")
    if isinstance(form, VicsForm):
        found += _vics_cautions(form, options.scheme)
    if "caid" in file_name.casefold():
        found.append("A name with CAID in it is no proof of unlawful content: lists of irrelevant files carry it too.")
    found += _kind_cautions(options.kind, codes)
    return tuple(found)


def _vics_cautions(form: VicsForm, scheme: Scheme | None) -> list[str]:
    found = []
    if form.version not in KNOWN_VERSIONS:
        found.append(
            f"The file states VICS version {form.version or 'none'}; known here are {', '.join(KNOWN_VERSIONS)}."
        )
    country = form.country.casefold()
    if scheme is not None and country not in {"", "default", "custom", *scheme.id.split("-")}:
        found.append(
            f"The file names the country list {form.country}, the chosen scheme is {scheme.id}@{scheme.version}. "
            "Ask the supplier which list the codes follow."
        )
    return found


def _kind_cautions(kind: SetKind, codes: tuple[CodeLabel, ...]) -> list[str]:
    notable = sum(one.rows for one in codes if one.notable)
    if kind is SetKind.IGNORABLE and notable:
        return [f"{notable} rows carry codes that assert unlawful material, yet the set would be used as ignorable."]
    if kind is SetKind.KNOWN and codes and not notable:
        return ["No row carries a code that asserts unlawful material, yet the set would be used as known."]
    return []
