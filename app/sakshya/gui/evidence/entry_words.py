"""What is said of an entry of an exhibit: its name, its state, its marks, its times."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sakshya.domain.absent import Absent
from sakshya.domain.entry import Entry, EntryKind, Recovery
from sakshya.domain.locator import Locator
from sakshya.domain.moment import Moment
from sakshya.domain.names import show_name
from sakshya.domain.unexamined import Reason
from sakshya.gui.evidence.listed import DAMAGED
from sakshya.gui.texts import ltr, tr
from sakshya.gui.texts.numbers import size

_NO_REASONS: frozenset[Reason] = frozenset()
_ORPHANS = "/$OrphanFiles/"


@dataclass(frozen=True, slots=True)
class Mark:
    """A letter for the icon, and the same in words."""

    letter: str
    words: str


def cell(entry: Entry, column: int, zone: ZoneInfo, reasons: frozenset[Reason] = _NO_REASONS) -> str:
    """Return one column of an entry in words."""
    match column:
        case 0:
            return entry_name(entry)
        case 1:
            return size(entry.size) if entry.kind is EntryKind.FILE else ""
        case 2:
            return entry_state(entry, reasons)
        case 3:
            return moment_words(entry.times.modified, zone)
        case 4:
            return moment_words(entry.times.created, zone)
        case _:
            return ltr("" if entry.locator.address is None else str(entry.locator.address))


def entry_name(entry: Entry) -> str:
    """Return the entry's own name in printable form; a volume is named by its number, layers and file system."""
    locator = entry.locator
    if locator.inside:
        return show_name(locator.inside[-1].name) or tr("without a name")
    name = show_name(locator.path.rstrip("/").rpartition("/")[2])
    if not name:
        name = tr("Volume {number} at byte {offset}: {filesystem}").format(
            number=locator.volume,
            offset=ltr(f"{locator.offset:,}"),
            filesystem=entry.filesystem or tr("not readable"),
        )
        if locator.layers:
            name = f"{name} ({layer_words(locator)})"
    return f"{name}:{show_name(locator.stream)}" if locator.stream else name


def layer_words(locator: Locator) -> str:
    """Return the steps from a partition to the volume made from its bytes."""
    return " › ".join(map(_layer, locator.layers))


def _layer(token: str) -> str:
    name, _, number = token.partition(".")
    match name:
        case "luks":
            return tr("LUKS, decrypted")
        case "bde":
            return tr("BitLocker, decrypted")
        case "fvde":
            return tr("FileVault, decrypted")
        case "lvm":
            return tr("logical volume {number}", number=number)
        case "vss":
            return tr("shadow copy {number}", number=number)
        case "apfs":
            return tr("APFS volume {number}", number=number)
        case _:
            return token


def entry_marks(entry: Entry, reasons: frozenset[Reason] = _NO_REASONS) -> tuple[Mark, ...]:
    """Return the marks of an entry, the one that says most first."""
    marks: list[Mark] = []
    if is_closed(entry):
        marks.append(Mark("!", tr("not readable")))
    if Reason.ENCRYPTED in reasons:
        marks.append(Mark("E", tr("encrypted")))
    if any(reason in reasons for reason in DAMAGED):
        marks.append(Mark("!", tr("damaged")))
    if entry.recovery is Recovery.CARVED:
        marks.append(Mark("C", tr("carved")))
    elif not entry.allocated:
        orphan = entry.locator.path.startswith(_ORPHANS)
        words = tr("orphan") if orphan else tr("deleted")
        if entry.recovery is not None:
            words = f"{words}, {tr(entry.recovery.value)}"
        marks.append(Mark("O" if orphan else "D", words))
    if entry.locator.inside:
        marks.append(Mark("A", tr("inside a file")))
    if entry.locator.layers and entry.kind is EntryKind.VIRTUAL and entry.locator.path in ("", "/"):
        marks.append(Mark("L", tr("made from another volume")))
    return tuple(marks)


def entry_state(entry: Entry, reasons: frozenset[Reason] = _NO_REASONS) -> str:
    """Return whether the entry is there, deleted (and how much of it is left), or made up by the reader."""
    said = [mark.words for mark in entry_marks(entry, reasons)]
    if entry.kind is EntryKind.VIRTUAL and not said:
        said.append(tr("virtual"))
    if entry.kind is EntryKind.LINK:
        said.append(tr("link to {target}").format(target=show_name(entry.link_target or "?")))
    return ", ".join(said)


def is_closed(entry: Entry | None) -> bool:
    """Tell whether this is a volume whose file system could not be opened."""
    if entry is None or entry.kind is not EntryKind.VIRTUAL or entry.locator.inside:
        return False
    return entry.locator.path in ("", "/") and entry.locator.address is None


def moment_words(moment: Moment | Absent, zone: ZoneInfo) -> str:
    """Return a time with its basis, one in UTC also in the case's zone; or why there is none."""
    if not isinstance(moment, Moment):
        return str(moment)
    local = moment.in_zone(zone)
    if local is not None:
        return ltr(f"{moment.value} · {local}")
    return f"{ltr(moment.value)} ({ltr(tr(moment.basis))})"
