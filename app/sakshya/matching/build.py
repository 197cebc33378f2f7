"""Builds a sorted digest index in bounded memory: sorted runs on disk, then a merge by ranges of digests.

Records are sorted as fixed-width NumPy byte strings. NumPy drops trailing NUL bytes when it hands out or compares such
strings, which changes neither order nor equality between strings of one width; no single string leaves an array here.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from sakshya.domain.faults import OperatorFault
from sakshya.matching.digest_index import CODE_BYTES, HEADER, MOST_BITS, SIZE_BYTES, WIDTHS, Shape
from sakshya.matching.private import create_private

Records = npt.NDArray[np.bytes_]

RUN_BYTES = 8 << 20
_MERGE_RECORDS = 1 << 18
_SAMPLES = 200_000
_RECORDS_PER_BUCKET = 8


@dataclass(frozen=True, slots=True)
class Built:
    """What lies in a finished index: `digests` counts different digests, `records` also their codes and sizes."""

    algorithm: str
    path: Path
    digests: int
    records: int


class IndexBuilder:
    """Takes the digests of one algorithm in any order and writes their index into `folder`.

    Args:
        folder: where the index and, until it is finished, its sorted runs lie.
        algorithm: md5, sha1 or sha256.
        sized: whether records carry a size.
        run_bytes: how much is held in memory before it is sorted and put on disk.
    """

    def __init__(self, folder: Path, algorithm: str, *, sized: bool, run_bytes: int = RUN_BYTES) -> None:
        self._folder = folder
        self._algorithm = algorithm
        self._size_bytes = SIZE_BYTES if sized else 0
        self._sized = sized
        self._stride = WIDTHS[algorithm] + CODE_BYTES + self._size_bytes
        self._run_bytes = run_bytes
        self._buffer = bytearray()
        self._runs: list[Path] = []

    def add(self, digest: bytes, code: int, size: int) -> None:
        """Take one record; `code` counts from 1 with 0 for none, `size` in bytes with 0 for not stated."""
        self._buffer += digest
        self._buffer += code.to_bytes(CODE_BYTES, "big")
        if self._size_bytes:
            self._buffer += size.to_bytes(SIZE_BYTES, "big")
        if len(self._buffer) >= self._run_bytes:
            self._spill()

    def finish(self) -> Built | None:
        """Write the index and remove the runs; None where no record was taken.

        Raises:
            OSError: the folder could not be written, for instance because the disk is full.
        """
        self._spill()
        if not self._runs:
            return None
        runs = [_open_run(path, self._stride) for path in self._runs]
        path = self._folder / f"{self._algorithm}.idx"
        with create_private(path) as file:
            writer = _Writer(file, self._algorithm, sized=self._sized, at_most=sum(map(len, runs)))
            for part in _merged(runs):
                writer.write(part)
            built = Built(self._algorithm, path, writer.digests, writer.records)
            writer.finish()
        # A mapped file cannot be deleted on Windows.
        runs.clear()
        for run in self._runs:
            run.unlink()
        return built

    def _spill(self) -> None:
        if not self._buffer:
            return
        path = self._folder / f"{self._algorithm}.run{len(self._runs)}"
        records = _distinct(np.sort(np.frombuffer(self._buffer, dtype=f"S{self._stride}")))
        self._buffer.clear()
        with create_private(path) as file:
            file.write(_bytes_of(records).data)
        self._runs.append(path)


class _Writer:
    """Writes records that arrive in order, and behind them the directory that finds them."""

    def __init__(self, file: BinaryIO, algorithm: str, *, sized: bool, at_most: int) -> None:
        self._file = file
        self._algorithm = algorithm
        self._sized = sized
        self._width = WIDTHS[algorithm]
        self._bits = _directory_bits(at_most)
        self._buckets = np.zeros(1 << self._bits, dtype=np.uint64)
        self._last = b""
        self.records = 0
        self.digests = 0
        file.seek(HEADER.size)

    def write(self, records: Records) -> None:
        table = _bytes_of(records)
        leading = np.ascontiguousarray(table[:, :4]).view(">u4").ravel().astype(np.int64)
        counts = np.bincount(leading >> (32 - self._bits), minlength=len(self._buckets))
        self._buckets += counts.astype(np.uint64)
        self.records += len(records)
        digests = table[:, : self._width]
        fresh = int(np.count_nonzero((digests[1:] != digests[:-1]).any(axis=1)))
        self.digests += fresh + (digests[0].tobytes() != self._last)
        self._last = digests[-1].tobytes()
        self._file.write(table.data)

    def finish(self) -> None:
        # Fewer records may be left than the runs promised; the file must not depend on how they were cut.
        bits = _directory_bits(self.records)
        buckets = self._buckets.reshape(1 << bits, -1).sum(axis=1, dtype=np.uint64)
        directory = np.zeros((1 << bits) + 1, dtype="<u8")
        np.cumsum(buckets, out=directory[1:])
        self._file.write(directory.tobytes())
        self._file.seek(0)
        self._file.write(Shape(self._algorithm, self._sized, bits, self.records).header())
        self._file.flush()
        os.fsync(self._file.fileno())


def _directory_bits(records: int) -> int:
    return min(MOST_BITS, max(0, (records // _RECORDS_PER_BUCKET).bit_length() - 1))


def _open_run(path: Path, stride: int) -> Records:
    return np.memmap(path, dtype=f"S{stride}", mode="r")


def _merged(runs: list[Records]) -> Iterator[Records]:
    """Yield the records of all runs in order and without repeats, in parts of about 260,000."""
    total = sum(map(len, runs))
    step = max(1, total // _SAMPLES)
    samples = np.sort(np.concatenate([run[::step] for run in runs]))
    splitters = samples[:: max(1, _MERGE_RECORDS // step)][1:]
    # Equal records fall on the same side of a splitter in every run, so a repeat cannot span two parts.
    cuts = [[0, *np.searchsorted(run, splitters).tolist(), len(run)] for run in runs]
    for part in range(len(splitters) + 1):
        pieces = [run[cut[part] : cut[part + 1]] for run, cut in zip(runs, cuts, strict=True)]
        records = np.concatenate(pieces)
        if len(records):
            yield _distinct(np.sort(records))


def _distinct(ordered: Records) -> Records:
    keep = np.ones(len(ordered), dtype=np.bool_)
    keep[1:] = ordered[1:] != ordered[:-1]
    return ordered[keep]


def _bytes_of(records: Records) -> npt.NDArray[np.uint8]:
    plain: npt.NDArray[Any] = np.ascontiguousarray(records)
    return plain.view(np.uint8).reshape(len(records), records.dtype.itemsize)


class SizeBuilder:
    """Takes sizes in bytes in any order and writes the different ones, sorted, as little-endian 8-byte numbers."""

    NAME = "sizes.u64"

    def __init__(self) -> None:
        self._known: npt.NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)
        self._fresh: set[int] = set()

    def add(self, size: int) -> None:
        """Take one size."""
        self._fresh.add(size)
        if len(self._fresh) >= 1 << 17:
            self._fold()

    def finish(self, folder: Path) -> Path | None:
        """Write the file into the folder; None where no size was taken."""
        self._fold()
        if not len(self._known):
            return None
        path = folder / self.NAME
        with create_private(path) as file:
            file.write(self._known.astype("<u8").tobytes())
            file.flush()
            os.fsync(file.fileno())
        return path

    def _fold(self) -> None:
        fresh = np.fromiter(self._fresh, dtype=np.uint64, count=len(self._fresh))
        self._known = np.union1d(self._known, fresh)
        self._fresh.clear()


def disk_fault(error: OSError, where: Path) -> OperatorFault:
    """Return the fault for a set folder that could not be written."""
    return OperatorFault(
        f"the known set could not be written ({error.strerror or error}); nothing was kept",
        where=str(where),
        advice="make room or choose another folder",
    )
