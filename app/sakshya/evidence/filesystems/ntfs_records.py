"""The master file table of NTFS, read many records at a time into columns (Carrier, File System Forensic Analysis)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from sakshya.evidence.filesystems.census import Flags, Numbers
from sakshya.evidence.filesystems.ntfs_runs import read_runs
from sakshya.evidence.filesystems.packed_bytes import Bytes, marks, number, repaired

Read = Callable[[int, int], bytes]
_AT_ONCE = 8 << 20
MOST_RECORDS = 4 << 20
_STANDARD, _LIST, _NAME, _DATA, _INDEX, _INDEX_BLOCKS, _BITMAP, _REPARSE = 16, 32, 48, 128, 144, 160, 176, 192
_END = 0xFFFFFFFF
_MOST_ATTRIBUTES = 40
_IN_USE, _IS_DIRECTORY = 1, 2
_MAGIC = 0x454C4946
_DOS = 2
_I30 = 0x0030003300490024
_EPOCH = 116_444_736_000_000_000
_LATEST = _EPOCH + ((1 << 31) - 1) * 10_000_000


@dataclass(frozen=True, slots=True)
class NtfsLayout:
    """How a volume at exhibit `offset` counts: bytes of a cluster, a record and an index block, and how many clusters.

    `table` are the runs of its table of records (exhibit offset, bytes), `size` bytes in all.
    """

    offset: int
    cluster: int
    clusters: int
    record: int
    index: int
    table: tuple[tuple[int, int], ...]
    size: int


@dataclass(frozen=True, slots=True)
class FileNames:
    """What the records themselves say of their names, the short ones of DOS left out."""

    children: Numbers
    parents: Numbers
    sequences: Numbers
    marks: Numbers


@dataclass(frozen=True, slots=True)
class Pieces:
    """Where contents outside the records lie: the record each is of, exhibit offset, bytes, bytes in use.

    The index of a directory is no `is_content`.
    """

    owners: Numbers
    starts: Numbers
    lengths: Numbers
    used: Numbers
    is_content: Flags


@dataclass(slots=True)
class Records:
    """Some consecutive records from the number `first` on, by column; `roots` are the bytes of their small indexes.

    `is_plain` tells which base records in use hold nothing out of the ordinary, `is_lost` which are out of use.
    `keys` are the numbers of the attributes that hold the content, -1 for none; `is_inside` where the record holds it.
    `is_told` where nothing keeps a record from telling all its names, `is_bare` where it states nothing at all.
    """

    first: int
    data: Bytes
    places: Numbers
    is_file: Flags
    in_use: Flags
    is_directory: Flags
    is_plain: Flags
    is_told: Flags
    is_bare: Flags
    sequences: Numbers
    bases: Numbers
    times: np.ndarray = field(init=False)
    sizes: Numbers = field(init=False)
    keys: Numbers = field(init=False)
    is_inside: Flags = field(init=False)
    roots: Numbers = field(init=False)
    has_data: Flags = field(init=False)
    names: list[FileNames] = field(default_factory=list)
    runs: list[Pieces] = field(default_factory=list)

    def __post_init__(self) -> None:
        count = len(self.data)
        self.times = np.zeros((count, 4), np.int64)
        self.sizes = np.zeros(count, np.int64)
        self.keys, self.roots = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
        self.is_inside, self.has_data = np.zeros(count, bool), np.zeros(count, bool)


def read_records(read: Read, layout: NtfsLayout) -> Iterator[Records]:
    """Yield the records of the table in order.

    Raises:
        EvidenceFault: the table cannot be read.
    """
    first, each, left = 0, layout.record, layout.size - layout.size % layout.record
    for start, length in layout.table:
        for at in range(0, min(length, left), _AT_ONCE):
            raw = np.frombuffer(read(start + at, min(_AT_ONCE, length - at, left - at)), np.uint8)
            data = raw[: len(raw) - len(raw) % each].reshape(-1, each).copy()
            yield _parsed(data, first, start + at + np.arange(len(data)) * each, layout)
            first += len(data)
        left -= min(length, left)


def _parsed(data: Bytes, first: int, places: Numbers, layout: NtfsLayout) -> Records:
    halves, words = data.view("<u2"), data.view("<u4")
    is_file = words[:, 0] == _MAGIC
    sound = repaired(data, is_file)
    flags = halves[:, 11]
    bases = words[:, 8].astype(np.int64) | halves[:, 18].astype(np.int64) << 32
    records = Records(
        first=first,
        data=data,
        places=places,
        is_file=is_file,
        in_use=is_file & (flags & _IN_USE != 0),
        is_directory=flags & _IS_DIRECTORY != 0,
        is_plain=sound & (bases == 0) & (flags & ~np.uint16(_IN_USE | _IS_DIRECTORY) == 0),
        is_told=sound.copy(),
        is_bare=np.zeros(len(data), bool),
        sequences=halves[:, 8].astype(np.int64),
        bases=bases,
    )
    _attributes(records, np.flatnonzero(sound), layout)
    records.is_plain &= (records.times > 0).all(axis=1) & (records.is_directory | records.has_data) & records.in_use
    records.is_plain &= ~records.is_directory | ((records.roots >= 0) & ~records.has_data)
    return records


def _attributes(records: Records, rows: Numbers, layout: NtfsLayout) -> None:
    """Go along the attributes of all records at once, one attribute of each record a step."""
    data, width = records.data, records.data.shape[1]
    at = records.data.view("<u2")[rows, 10].astype(np.int64)
    for step in range(_MOST_ATTRIBUTES):
        inside = (at % 8 == 0) & (at <= width - 8)
        _give_up(records, rows[~inside])
        rows, at = rows[inside], at[inside]
        kind = number(data, rows, at, 4)
        going = kind != _END
        if step == 0:
            records.is_bare[rows[~going]] = True
        rows, at, kind = rows[going], at[going], kind[going]
        if not len(rows):
            return
        length = number(data, rows, at + 4, 4)
        fits = (length >= 24) & (length % 8 == 0) & (at + length <= width)
        _give_up(records, rows[~fits])
        rows, at, kind, length = rows[fits], at[fits], kind[fits], length[fits]
        _Step(records, layout, rows, at, length).take(kind)
        at = at + length
    _give_up(records, rows)


def _give_up(records: Records, rows: Numbers) -> None:
    records.is_plain[rows] = False
    records.is_told[rows] = False


class _Step:
    """One attribute of each of some records."""

    def __init__(self, records: Records, layout: NtfsLayout, rows: Numbers, at: Numbers, length: Numbers) -> None:
        self._records = records
        self._layout = layout
        self._rows = rows
        self._at = at
        self._length = length
        data = records.data
        self._is_outside = data[rows, at + 8] != 0
        self._is_named = data[rows, at + 9] != 0
        self._start = at + number(data, rows, at + 20, 2)
        self._size = np.where(self._is_outside, 0, number(data, rows, at + 16, 4))
        self._wrong = ~self._is_outside & ((self._start + self._size > at + length) | (self._start < at + 24))
        self._wrong |= number(data, rows, at + 12, 2) != 0
        # The Sleuth Kit stops at an attribute whose name cannot stand there, or that states a unit of compression.
        name = number(data, rows, at + 10, 2) + 2 * data[rows, at + 9].astype(np.int64)
        self._wrong |= (name > length) | (self._is_outside & (number(data, rows, at + 34, 2) != 0))

    def take(self, kind: Numbers) -> None:
        """Note what each attribute says; those out of the ordinary leave their record not plain."""
        odd = self._wrong | (kind == _LIST) | (kind == _REPARSE)
        # A list names records that tell the rest; those of a file in use are gone through like this one.
        gone = self._rows[(kind == _LIST) & ~self._records.in_use[self._rows]]
        self._records.is_told[gone] = False
        named = self._names_index()
        for number_, part, is_odd in (
            (_STANDARD, self._standard, self._is_outside | (self._size < 48)),
            (_NAME, self._name, np.zeros(len(kind), bool)),
            (_DATA, self._content, self._is_named | self._records.has_data[self._rows]),
            (_INDEX, self._root, self._is_outside | ~named | (self._size < 32)),
        ):
            which = kind == number_
            odd |= which & is_odd
            part(np.flatnonzero(which & (~odd | (number_ == _NAME))))
        outside = self._is_outside & (kind != _DATA)
        listed = outside & ((kind == _INDEX_BLOCKS) | (kind == _BITMAP)) & named
        odd |= outside & ~listed
        self._outside(np.flatnonzero(listed & ~odd), is_content=np.zeros(len(kind), bool))
        self._records.is_plain[self._rows[odd]] = False

    def _names_index(self) -> Flags:
        """Tell which attributes bear the name of a directory's index."""
        data, rows, at = self._records.data, self._rows, self._at
        name = np.minimum(at + number(data, rows, at + 10, 2), data.shape[1] - 8)
        is_ours: Flags = (data[rows, at + 9] == 4) & (number(data, rows, name, 8) == _I30)
        return is_ours

    def _standard(self, which: Numbers) -> None:
        records, rows, start = self._records, self._rows[which], self._start[which]
        # Modified, accessed, changed, created, in the order of `Times`.
        stamps = np.stack([number(records.data, rows, start + at, 8) for at in (8, 24, 16, 0)], axis=1)
        sane = (stamps > _EPOCH) & (stamps <= _LATEST)
        records.times[rows] = np.where(sane, (stamps - _EPOCH) * 100, 0)

    def _name(self, which: Numbers) -> None:
        cannot = self._wrong | self._is_outside | (self._size < 66)
        _give_up(self._records, self._rows[which[cannot[which]]])
        which = which[~cannot[which]]
        records, rows, start = self._records, self._rows[which], self._start[which]
        data = records.data
        length, space = data[rows, start + 64].astype(np.int64), data[rows, start + 65]
        short = start + 66 + 2 * length > np.minimum(self._at[which] + self._length[which], data.shape[1])
        _give_up(records, rows[short])
        keep = (space != _DOS) & ~short
        rows, start, length = rows[keep], start[keep], length[keep]
        own = rows + records.first
        records.names.append(
            FileNames(
                children=np.where(records.bases[rows] != 0, records.bases[rows], own),
                parents=number(data, rows, start, 6),
                sequences=number(data, rows, start + 6, 2),
                marks=marks(data, rows, start + 66, length),
            )
        )

    def _content(self, which: Numbers) -> None:
        records, rows = self._records, self._rows[which]
        records.has_data[rows] = True
        records.keys[rows] = number(records.data, rows, self._at[which] + 14, 2)
        inside = ~self._is_outside[which]
        records.is_inside[rows[inside]] = True
        records.sizes[rows[inside]] = self._size[which][inside]
        outside = which[~inside]
        records.sizes[self._rows[outside]] = number(records.data, self._rows[outside], self._at[outside] + 48, 8)
        self._outside(outside, is_content=np.ones(len(self._rows), bool))

    def _root(self, which: Numbers) -> None:
        rows = self._rows[which]
        twice = self._records.roots[rows] >= 0
        self._records.is_plain[rows[twice]] = False
        self._records.roots[rows] = self._start[which]
        self._records.sizes[rows] = np.maximum(self._records.sizes[rows], self._size[which])

    def _outside(self, which: Numbers, *, is_content: Flags) -> None:
        """Note where the contents outside the records lie."""
        if not len(which):
            return
        records, rows, at, cluster = self._records, self._rows[which], self._at[which], self._layout.cluster
        held, real = (number(records.data, rows, at + place, 8) for place in (40, 48))
        runs, good = read_runs(records.data, rows, at, at + self._length[which], self._layout.clusters)
        whole = np.zeros(len(which), np.int64)
        np.add.at(whole, runs.lists, runs.lengths)
        good &= (number(records.data, rows, at + 16, 8) == 0) & (real >= 0) & (real <= held) & (whole * cluster == held)
        records.is_plain[rows[~good]] = False
        lengths = runs.lengths * cluster
        of, content = runs.lists, is_content[which][runs.lists]
        used = np.where(content, np.clip(real[of] - runs.before * cluster, 0, lengths), lengths)
        starts = self._layout.offset + runs.starts * cluster
        records.runs.append(Pieces(rows[of] + records.first, starts, lengths, used, content))
