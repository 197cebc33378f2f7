"""Our entries of one volume beside those of The Sleuth Kit's programs; what differs is put under a rule on facts."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sakshya.domain.entry import Entry, EntryKind
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Unexamined
from sakshya.evidence.attach import describe
from sakshya.evidence.tree import ExhibitReader
from tests.support.sleuthkit import Listed, content_digest, lists_directory
from tests.support.truth import printed

_INDEX = 144
_HFS_FORKS = frozenset({4353, 4354})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
Key = tuple[str, str, bool]


class Rule(StrEnum):
    """Why we list an entry that `fls` does not, or by another name."""

    NO_MAIN_STREAM = "an NTFS record whose data is all in named streams is an entry of its own"
    FORK = "a resource fork or an extended attribute is a stream"
    FURTHER_TREE = "only a further directory tree of the disc names it"
    LONG_NAME = "the Rock Ridge name stands in place of the short one at the same address"
    REFUSED_DIRECTORY = "fls refuses to list its directory"


def reader_of(disk: Path) -> ExhibitReader:
    return ExhibitReader(Exhibit("EX-1", (str(disk),), describe([str(disk)])))


def copied_raw(reader: ExhibitReader, target: Path) -> Path:
    """Write the exhibit's bytes as a raw disk, which the other reader opens whatever the container was."""
    size = reader.container.size
    with target.open("wb") as out:
        for at in range(0, size, 1 << 20):
            block = reader.container.read_at(at, min(1 << 20, size - at))
            if block.count(0) == len(block):
                out.truncate(at + len(block))
                out.seek(0, 2)
            else:
                out.write(block)
    return target


def entries_by_volume(reader: ExhibitReader) -> dict[int, list[Entry]]:
    """Return the entries by the byte that their volume begins at."""
    found: dict[int, list[Entry]] = {volume.offset: [] for volume in reader.table.volumes}
    for one in reader.walk():
        if isinstance(one, Entry):
            found[one.locator.offset].append(one)
        else:
            assert isinstance(one, Unexamined)
            assert one.detail
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """What one reader lists and the other does not; `ours` by rule, the rest is not explained.

    `renamed` are listed by both, so that they do not change the count.
    """

    ours: dict[Rule, int]
    renamed: dict[Rule, int]
    unexplained: tuple[Key, ...]
    missing: tuple[Key, ...]


def compared(disk: Path, ours: Iterable[Entry], theirs: Iterable[Listed]) -> Difference:
    """Compare path, address and deletion state of every entry, each as often as it is listed."""
    by_key: dict[Key, Entry] = {}
    our_keys: Counter[Key] = Counter()
    for entry in ours:
        key = (printed(entry), _address(entry), not entry.allocated)
        by_key[key] = entry
        our_keys[key] += 1
    their_keys = Counter(_key(one) for one in theirs)
    rules: Counter[Rule] = Counter()
    unexplained: list[Key] = []
    places = {key[0]: key for key in our_keys}
    missing = list((their_keys - our_keys).elements())
    renamed = 0
    for key in (our_keys - their_keys).elements():
        same = next((one for one in missing if one[1:] == key[1:] and key[1]), None)
        if same is not None and by_key[key].filesystem == "ISO 9660":
            missing.remove(same)
            renamed += 1
            continue
        parent = by_key.get(places.get(key[0].rpartition("/")[0], key))
        rule = _rule(disk, by_key[key], parent)
        if rule is None:
            unexplained.append(key)
        else:
            rules[rule] += 1
    by_name = {Rule.LONG_NAME: renamed} if renamed else {}
    return Difference(dict(rules), by_name, tuple(unexplained), tuple(missing))


def _address(entry: Entry) -> str:
    number, attribute = entry.locator.address, entry.locator.attribute
    if number is None:
        return ""
    return str(number) if attribute is None else f"{number}-{attribute[0]}-{attribute[1]}"


def _key(one: Listed) -> Key:
    """Two things are printed otherwise: 0 for a lost address, and a directory's index behind its record's number."""
    address = str(one.number) if one.attribute == _INDEX and one.meta_kind == "d" else one.address
    return _CONTROL.sub("^", one.path), "" if address == "0" else address, one.deleted


def _rule(disk: Path, entry: Entry, parent: Entry | None) -> Rule | None:
    locator = entry.locator
    if entry.filesystem == "NTFS" and entry.kind is EntryKind.VIRTUAL and locator.attribute is None:
        return Rule.NO_MAIN_STREAM
    if locator.attribute is not None and locator.attribute[0] in _HFS_FORKS:
        return Rule.FORK
    if locator.address is None and locator.runs:
        return Rule.FURTHER_TREE
    above = parent.locator.address if parent is not None else None
    if above is not None and not lists_directory(disk, locator.offset, above):
        return Rule.REFUSED_DIRECTORY
    return None


def content_differences(reader: ExhibitReader, disk: Path, ours: Iterable[Entry]) -> tuple[int, list[str]]:
    """Return how many contents are equal to what `icat` reads at the same address, and the paths of the others.

    What one of the two refuses to read is equal only where the other gives no byte either, as with a record that has
    no data at all.
    """
    equal, other = 0, []
    for entry in ours:
        if entry.kind is not EntryKind.FILE or entry.locator.address is None:
            continue
        theirs = content_digest(disk, entry.locator.offset, _address(entry))
        try:
            content = hashlib.sha256()
            size = 0
            for chunk in reader.source(entry.locator).chunks():
                content.update(chunk)
                size += len(chunk)
            found: tuple[int, str] | None = (size, content.hexdigest())
        except EvidenceFault:
            found = None
        if found == theirs or not ((found and found[0]) or (theirs and theirs[0])):
            equal += 1
        else:
            other.append(f"{printed(entry)} {_address(entry)}: ours {found}, theirs {theirs}")
    return equal, other
