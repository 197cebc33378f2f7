"""A whole NTFS volume read at one go: its table of records, then its directories."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sakshya.evidence.filesystems.census import Flags, Names, Numbers, Objects, Runs
from sakshya.evidence.filesystems.ntfs_indexes import IndexBlocks, IndexNames, read_index
from sakshya.evidence.filesystems.ntfs_records import FileNames, NtfsLayout, Pieces, Records, read_records
from sakshya.evidence.filesystems.packed_bytes import Bytes, number, repaired

Read = Callable[[int, int], bytes]
_AT_ONCE = 16 << 20
_LONGEST = 64 << 20
_INDEX_MAGIC, _NAMES = 0x58444E49, 48
_RESTYLED = np.array([unit < 0x20 or unit in (0x5E, 0x2F, 0x7F) for unit in range(1 << 16)])


@dataclass(frozen=True, slots=True)
class _Table:
    """What the table of records says, in the order of the record numbers."""

    objects: Objects
    sequences: Numbers
    names: FileNames
    roots: dict[int, tuple[Bytes, int]]
    count: int


def ntfs_census(read: Read, layout: NtfsLayout, root: int) -> tuple[Objects, Names] | None:
    """Return the objects and names of a volume but the names in its root; `read` reads the exhibit.

    None where a record does not tell all its names, or the index blocks have another size than the clusters.

    Raises:
        EvidenceFault: the table or a directory cannot be read.
    """
    table = _table(read, layout)
    if table is None or layout.index != layout.cluster:
        return None
    return table.objects, _names(read, layout, table, root)


def _table(read: Read, layout: NtfsLayout) -> _Table | None:
    parts: list[tuple[np.ndarray, ...]] = []
    names: list[FileNames] = []
    pieces: list[Pieces] = []
    roots: dict[int, tuple[Bytes, int]] = {}
    lost: dict[int, bool] = {}
    count = 0
    for records in read_records(read, layout):
        if (records.is_file & ~records.is_told).any():
            return None
        kept = np.flatnonzero(records.in_use & (records.bases == 0))
        parts.append(_columns(records, kept))
        names += records.names
        pieces += records.runs
        lost.update(_lost(records))
        for row in np.flatnonzero(records.is_plain & records.is_directory).tolist():
            roots[records.first + row] = records.data[row], int(records.roots[row])
        count += len(records.data)
    if not parts:
        return None
    columns = [np.concatenate(part) for part in zip(*parts, strict=True)]
    addresses, is_directory, is_plain, sizes, times, keys, inside, sequences = columns
    runs = _runs(pieces, addresses)
    has_content = np.diff(runs.of_object) > 0
    first = np.where(has_content & (keys >= 0), np.append(runs.starts, -1)[runs.of_object[:-1]], inside)
    objects = Objects(addresses, is_directory, is_plain, sizes, times, first, keys, runs, lost)
    return _Table(objects, sequences, _joined(names), roots, count)


def _columns(records: Records, kept: Numbers) -> tuple[np.ndarray, ...]:
    inside = np.where(records.is_inside, records.places, -1)
    return (
        records.first + kept,
        *(column[kept] for column in (records.is_directory, records.is_plain, records.sizes, records.times)),
        *(column[kept] for column in (records.keys, inside, records.sequences)),
    )


def _lost(records: Records) -> Iterator[tuple[int, bool]]:
    named = {child for part in records.names for child in part.children.tolist()}
    for row in np.flatnonzero(records.is_file & ~records.in_use & ~records.is_bare).tolist():
        address = records.first + row
        simple = records.bases[row] == 0 and not records.is_directory[row] and address not in named
        yield address, bool(simple)


def _joined(names: list[FileNames]) -> FileNames:
    if not names:
        return FileNames(*(np.empty(0, np.int64) for _ in range(4)))
    return FileNames(
        *(np.concatenate([getattr(one, name) for one in names]) for name in FileNames.__dataclass_fields__)
    )


def _runs(pieces: list[Pieces], addresses: Numbers) -> Runs:
    if not pieces:
        nothing = np.empty(0, np.int64)
        return Runs(np.zeros(len(addresses) + 1, np.int64), nothing, nothing, nothing, np.empty(0, bool))
    owners, starts, lengths, used, content = (
        np.concatenate([getattr(one, name) for one in pieces]) for name in Pieces.__dataclass_fields__
    )
    kept = np.flatnonzero(np.isin(owners, addresses))
    order = kept[np.argsort(owners[kept] * 2 + ~content[kept], kind="stable")]
    of_object = np.searchsorted(owners[order], np.append(addresses, np.iinfo(np.int64).max))
    return Runs(of_object, starts[order], lengths[order], used[order], content[order])


def _names(read: Read, layout: NtfsLayout, table: _Table, root: int) -> Names:
    of: dict[int, tuple[int, int, int, int]] = {}
    slots: list[Numbers] = []
    texts: list[bytes] = []
    marks: list[Numbers] = []
    row = byte = 0
    for directories, blocks, broken in _pieces(read, layout, table, root):
        names, odd = read_index(blocks, table.count)
        odd |= broken
        children = table.objects.slots(names.children)
        odd[names.blocks[_is_odd(children, names, table)]] = True
        text, ends, strange = _text(blocks.data, names)
        odd[names.blocks[strange]] = True
        edges = np.searchsorted(blocks.directories, np.append(directories, np.iinfo(np.int64).max))
        row_edges = np.searchsorted(names.blocks, edges)
        byte_edges = np.concatenate(([0], ends))[row_edges]
        left = np.add.reduceat(odd, edges[:-1]) if len(directories) else odd
        spans = np.stack((row_edges[:-1] + row, row_edges[1:] + row, byte_edges[:-1] + byte, byte_edges[1:] + byte))
        plain = left == 0
        of.update(zip(directories[plain].tolist(), map(tuple, spans.T[plain].tolist()), strict=True))
        marks.append(_pairs(blocks.directories[names.blocks], names.children, names.marks))
        slots.append(children)
        texts.append(text)
        row, byte = row + len(children), byte + len(text)
    for directory in _unlisted(table, np.concatenate(marks) if marks else np.empty(0, np.int64)):
        of.pop(directory, None)
    return Names(of, np.concatenate(slots) if slots else np.empty(0, np.int64), b"".join(texts), "utf-16-le", 2)


def _pairs(parents: Numbers, children: Numbers, marks: Numbers) -> Numbers:
    return (parents * 0x5851F42D4C957F2D ^ children * 0x2545F4914F6CDD1D) + marks


def _unlisted(table: _Table, listed: Numbers) -> list[int]:
    """Return the directories that a record names as its parent though they do not list it: it was deleted, or lost."""
    names = table.names
    parents = table.objects.slots(names.parents)
    current = (parents >= 0) & (table.sequences[parents] == names.sequences)
    there = np.isin(_pairs(names.parents, names.children, names.marks), listed)
    found: list[int] = np.unique(names.parents[current & ~there]).tolist()
    return found


def _is_odd(children: Numbers, names: IndexNames, table: _Table) -> Flags:
    plain: Flags = (children >= 0) & table.objects.is_plain[children]
    plain &= (table.objects.is_directory[children] == names.is_directory) & (
        table.sequences[children] == names.sequences
    )
    return ~plain


def _text(data: Bytes, names: IndexNames) -> tuple[bytes, Numbers, Numbers]:
    """Return all names, each with a NUL after it, where each then ends, and those with letters that are restyled."""
    units = data.view("<u2")
    flat, each = units.reshape(-1), units.shape[1]
    counts = names.lengths // 2
    ends = np.cumsum(counts + 1)
    inside = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts - 1, counts + 1)
    where = np.repeat(names.blocks * each + names.at // 2, counts + 1) + inside
    text = flat[np.minimum(where, len(flat) - 1)]
    text[ends - 1] = 0
    is_end = np.zeros(len(text), bool)
    is_end[ends - 1] = True
    strange = np.searchsorted(ends, np.flatnonzero(_RESTYLED[text] & ~is_end), "right")
    return text.tobytes(), ends * 2, strange


def _pieces(read: Read, layout: NtfsLayout, table: _Table, root: int) -> Iterator[tuple[Numbers, IndexBlocks, Flags]]:
    """Yield directories with their index blocks, at most 16 MiB or one directory, and which blocks are broken."""
    piece: list[int] = []
    gathered = 0
    addresses = np.array([address for address in table.roots if address != root], np.int64)
    slots = table.objects.slots(addresses)
    runs = table.objects.runs
    for address, slot in zip(addresses.tolist(), slots.tolist(), strict=True):
        own = slice(int(runs.of_object[slot]), int(runs.of_object[slot + 1]))
        size = int(runs.lengths[own].sum()) + layout.cluster
        if size > _LONGEST:
            continue
        if piece and gathered + size > _AT_ONCE:
            yield _piece(read, layout, table, piece)
            piece, gathered = [], 0
        piece.append(address)
        gathered += size
    if piece:
        yield _piece(read, layout, table, piece)


def _piece(read: Read, layout: NtfsLayout, table: _Table, addresses: list[int]) -> tuple[Numbers, IndexBlocks, Flags]:
    runs, parts, directories = table.objects.runs, list[bytes](), list[int]()
    is_root: list[int] = []
    for address, slot in zip(addresses, table.objects.slots(np.array(addresses)).tolist(), strict=True):
        is_root.append(len(directories))
        record, _ = table.roots[address]
        parts.append(record.tobytes().ljust(layout.cluster, b"\0"))
        directories.append(address)
        for at in range(int(runs.of_object[slot]), int(runs.of_object[slot + 1])):
            length = int(runs.lengths[at])
            parts.append(read(int(runs.starts[at]), length))
            directories += [address] * (length // layout.cluster)
    data = np.frombuffer(b"".join(parts), np.uint8).reshape(-1, layout.cluster).copy()
    rows, heads = np.arange(len(data)), np.full(len(data), 24, np.int64)
    in_record = np.zeros(len(data), bool)
    in_record[is_root] = True
    starts = np.array([table.roots[address][1] for address in addresses])
    heads[is_root] = starts + 16
    broken = ~repaired(data, ~in_record & (data.view("<u4")[:, 0] == _INDEX_MAGIC)) & ~in_record
    broken[is_root] |= number(data, rows[is_root], starts, 4) != _NAMES
    begins, used, ends = (heads + number(data, rows, heads + at, 4) for at in (0, 4, 8))
    ends[~in_record] = layout.cluster
    blocks = IndexBlocks(data, np.array(directories), begins, used, ends)
    return np.array(addresses), blocks, broken
