"""Keeps the keys that the examiner supplies, and takes in what they open. A key never leaves the case file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import Row
from sakshya.casefile.unlocking import Unlocked
from sakshya.domain.entry import VolumeTable
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import OperatorFault
from sakshya.domain.unexamined import Reason, Unexamined
from sakshya.triage.engine.child import stream
from sakshya.triage.events import Event, Finished, Note, Progress
from sakshya.triage.listed import Listed
from sakshya.triage.reading import table_there
from sakshya.triage.walk import Walked, walk_exhibit
from sakshya.workbench.attach import READABLE_KEYS
from sakshya.workbench.desk import Desk
from sakshya.workbench.unchanged import require_unchanged

_SILENCE = 900.0
_CHUNK = 2000
_LONGEST_FILE = 1 << 20


@dataclass(frozen=True, slots=True)
class Opener:
    """Who supplies the keys, and what tells that they no longer want to wait."""

    who: str
    cancel: Callable[[], bool]


def keys_in(file: Path) -> tuple[str, ...]:
    """Return the keys a file holds: one a line, or the whole of a binary key file.

    Raises:
        OperatorFault: it cannot be read, is empty, or is larger than any key file.
    """
    try:
        with file.open("rb") as source:
            data = source.read(_LONGEST_FILE + 1)
    except OSError as error:
        raise OperatorFault("the key file cannot be read", where=str(file), advice="check the path") from error
    if len(data) > _LONGEST_FILE:
        raise OperatorFault("the file is too large for a key file", where=str(file), advice="name another file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return (data.decode("utf-8", "surrogateescape"),)
    lines = tuple(line.rstrip("\r") for line in text.split("\n"))
    if any(not (part.isprintable() or part.replace("\t", "").isprintable()) for part in lines):
        return (data.decode("utf-8", "surrogateescape"),)
    keys = tuple(dict.fromkeys(line for line in lines if line))
    if not keys:
        raise OperatorFault("the key file is empty", where=str(file))
    return keys


def unlock(case: CaseFile, desk: Desk, number: str, keys: Sequence[str], opener: Opener) -> Iterator[Event]:
    """Keep keys for an exhibit; where it was listed already, list what they open. Ends with `Finished("unlocked", …)`.

    Raises:
        OperatorFault: no key is given.
        EvidenceFault: the exhibit is not there, or is not as it was when it was hashed.
    """
    if not any(keys):
        raise OperatorFault("no key is given", advice="give --unlock-file FILE or --unlock-prompt")
    require_unchanged(case.exhibits.get(number))
    with case.transaction():
        new = case.exhibits.add_keys(number, keys)
        case.ledger.append(
            "exhibit.unlock", number, who=opener.who, at=desk.clock(), zone=desk.zone, public={"keys_supplied": new}
        )
    if not case.head.encrypted:
        yield Note(READABLE_KEYS)
    exhibit = case.exhibits.get(number)
    added = 0
    if case.entries.walk_state(number).finished:
        unlocked = Unlocked(case, number)
        yield from _list_again(exhibit, unlocked, opener)
        added = unlocked.added
        table = case.entries.volumes(number)
    else:
        table = next(stream(table_there, exhibit, cancel=opener.cancel, silence=_SILENCE))
    yield _outcome(exhibit, table, new, added)


def _list_again(exhibit: Exhibit, unlocked: Unlocked, opener: Opener) -> Iterator[Event]:
    rows: list[Row] = []
    lines: list[Unexamined] = []
    seen = 0
    for value in stream(walk_exhibit, exhibit, cancel=opener.cancel, silence=_SILENCE):
        match value:
            case Listed():
                rows += value.rows
            case Unexamined():
                lines.append(value)
            case Walked(table, account):
                unlocked.add(rows)
                unlocked.finish(table, account, lines)
        if len(rows) >= _CHUNK:
            seen += len(rows)
            unlocked.add(rows)
            rows = []
            yield Progress("listing", seen, 0, "entries", where=exhibit.number)


def _outcome(exhibit: Exhibit, table: VolumeTable | None, new: int, added: int) -> Finished:
    volumes = table.volumes if table else ()
    closed = [one for one in volumes if (one.problem or "").startswith(Reason.ENCRYPTED.value)]
    opened = sum(bool(one.layers) for one in volumes)
    said = f"{exhibit.number}: {new} new keys; {opened} volumes inside others, {len(closed)} still encrypted"
    if added:
        said += f"; {added} more entries are listed, scan again to examine them"
    figures: dict[str, object] = {
        "exhibit": exhibit.number,
        "keys_supplied": len(exhibit.keys),
        "volumes_inside": opened,
        "still_encrypted": [one.problem for one in closed],
        "entries_added": added,
    }
    return Finished("unlocked", said, figures)
