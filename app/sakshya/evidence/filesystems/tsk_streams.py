"""The streams of a file as The Sleuth Kit lists its attributes."""

from collections.abc import Callable

import pytsk3

from sakshya.domain.names import decode_name
from sakshya.domain.unexamined import Reason
from sakshya.evidence.filesystems.ext_large import ExtLargeFiles
from sakshya.evidence.filesystems.filesystem import HOLE, Stream
from sakshya.evidence.filesystems.signatures import Kind

_REGULAR, _ALLOCATED = 1, 1
_DATA = 128
_INDEX_ROOT = 144
_HFS_DATA = 4352
_HFS_EXTRA = frozenset({4353, 4354})
_RESIDENT, _ENCRYPTED, _COMPRESSED = 0x04, 0x10, 0x20
_FILLER, _SPARSE = 0x01, 0x02
_WOF = "WofCompressedData"
Runs = tuple[tuple[int, int], ...]


class StreamReader:
    """Turns attributes into streams with their places in the exhibit."""

    def __init__(self, kind: Kind, fs: pytsk3.FS_Info, offset: int, large: ExtLargeFiles | None) -> None:
        self._large = large
        self._kind = kind
        self._offset = offset
        self._block = int(fs.info.block_size)
        self.record_place = _mft_places(fs, offset) if kind is Kind.NTFS else None

    def of(self, file: pytsk3.File, meta: "pytsk3.TSK_FS_META | None" = None) -> tuple[tuple[Stream, ...], Runs]:
        """Return the streams, the main one first, and the runs that belong to none of them.

        `meta` is the file's own record where the caller has it at hand: the library makes a new one each time.
        """
        if meta is None:
            meta = file.info.meta
        if self._kind is Kind.NTFS:
            return self._ntfs(
                file, int(meta.addr), is_file=int(meta.type) == _REGULAR and bool(int(meta.flags) & _ALLOCATED)
            )
        if self._large is not None and (stream := self._large.stream(int(meta.addr))) is not None:
            return (stream,), ()
        size = int(meta.size)
        main: list[Stream] = []
        others: list[Stream] = []
        own: list[tuple[int, int]] = []
        for attribute in file:
            info = attribute.info
            kind = int(info.type)
            if kind in _HFS_EXTRA and self._kind is Kind.HFS_PLUS:
                name = decode_name(info.name) if info.name else "rsrc"
                name = "rsrc" if kind == 4353 else name
                if info.size:
                    others.append(self._stream(attribute, info, (name, (kind, int(info.id)), int(info.size))))
            elif not main and kind in (1, _DATA, _HFS_DATA):
                main.append(self._stream(attribute, info, ("", None, size)))
            else:
                own.extend(run for run in self._runs(attribute) if run[0] != HOLE)
        if not main:
            main.append(Stream("", None, size))
        return (*main, *others), tuple(own)

    def _ntfs(self, file: pytsk3.File, address: int, *, is_file: bool) -> tuple[tuple[Stream, ...], Runs]:
        main: list[Stream] = []
        others: list[Stream] = []
        own: list[tuple[int, int]] = []
        place = self.record_place(address) if self.record_place else None
        for attribute in file:
            info = attribute.info
            kind, size = int(info.type), int(info.size)
            name = decode_name(info.name) if info.name else ""
            if kind == _DATA:
                name = "" if name == "$Data" else name
                key = (kind, int(info.id))
                (others if name else main).append(self._stream(attribute, info, (name, key, size), place))
            elif kind == _INDEX_ROOT and name != "$I30":
                others.append(self._stream(attribute, info, (name, (kind, int(info.id)), size), place))
            else:
                own.extend(run for run in self._runs(attribute) if run[0] != HOLE)
        if is_file and not main and not others:
            # Even an empty file has a content of its own; the library stops at the first attribute that cannot be.
            main.append(Stream("", None, 0, barrier=f"{Reason.BAD_METADATA.value}: its record states no content"))
        if main and any(stream.name == _WOF for stream in others):
            barrier = f"{Reason.UNSUPPORTED_FORMAT.value}: the system keeps it compressed in the stream {_WOF}"
            main[0] = main[0]._replace(is_compressed=False, barrier=barrier)
        return (*main, *others), tuple(own)

    def _stream(
        self,
        attribute: pytsk3.Attribute,
        info: "pytsk3.TSK_FS_ATTR",
        named: tuple[str, tuple[int, int] | None, int],
        place: int | None = None,
    ) -> Stream:
        """Return the stream of an attribute; `named` is its name, its key and its size."""
        name, key, size = named
        flags = int(info.flags)
        resident = bool(flags & _RESIDENT)
        runs = () if resident else self._runs(attribute)
        first = place if resident else _first_stored(runs)
        barrier = f"{Reason.ENCRYPTED.value}: by the file system (EFS)" if flags & _ENCRYPTED else ""
        return Stream(name, key, max(0, size), runs, first, resident, bool(flags & _COMPRESSED), barrier)

    def _runs(self, attribute: pytsk3.Attribute) -> Runs:
        block, offset = self._block, self._offset
        return tuple(
            [
                (HOLE if int(run.flags) & (_SPARSE | _FILLER) else offset + int(run.addr) * block, int(run.len) * block)
                for run in attribute
            ]
        )


def _first_stored(runs: Runs) -> int | None:
    for start, _ in runs:
        if start != HOLE:
            return start
    return None


def _mft_places(fs: pytsk3.FS_Info, offset: int) -> Callable[[int], int | None] | None:
    """Return a function from an MFT record's number to its exhibit offset."""
    try:
        table = fs.open_meta(0)
        data = next(attribute for attribute in table if int(attribute.info.type) == _DATA)
        block = int(fs.info.block_size)
        runs = [(int(run.addr), int(run.len)) for run in data]
        head = table.read_random(0, 32)
        size = int.from_bytes(head[28:32], "little")
    except (OSError, RuntimeError, StopIteration):
        return None
    if size not in (512, 1024, 2048, 4096):
        return None

    def place(number: int) -> int | None:
        at = number * size
        for first, length in runs:
            if at < length * block:
                return offset + first * block + at
            at -= length * block
        return None

    return place
