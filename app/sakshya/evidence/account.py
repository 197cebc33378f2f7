"""Where an exhibit's bytes are: in files, in slack, free, or part of none of these."""

from collections.abc import Iterable

from sakshya.domain.entry import ByteAccount
from sakshya.domain.exhibit import Damage
from sakshya.domain.locator import Run
from sakshya.evidence.filesystems.allocation import Allocation
from sakshya.evidence.filesystems.census import Runs
from sakshya.evidence.filesystems.filesystem import HOLE, Node, Stream
from sakshya.evidence.intervals import Intervals, union


class Account:
    """Gathers byte ranges while the exhibit is walked.

    Every byte is counted once: damaged bytes as not addressable, then what belongs to a listed stream (deleted ones
    too) as in files, then the rest of those streams' clusters as slack, then free clusters and gaps as unallocated.
    What remains is not addressable: file-system structures that are no file, and volumes that cannot be read.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._files = Intervals()
        self._slack = Intervals()
        self._free = Intervals()
        self._damage = Intervals()

    def add_stream(self, stream: Stream) -> None:
        """Count a stream's bytes, and the rest of its last cluster as slack."""
        if not stream.runs:
            return
        left = stream.size
        for start, length in stream.runs:
            inside = length if stream.is_compressed else min(length, max(0, left))
            left -= length
            if start != HOLE:
                self._files.add(start, inside)
                if inside < length:
                    self._slack.add(start + inside, length - inside)

    def add_runs(self, runs: Runs) -> None:
        """Count the contents of many files, and the rest of their last clusters as slack."""
        self._files.add_all(runs.starts, runs.used)
        self._slack.add_all(runs.starts + runs.used, runs.lengths - runs.used)

    def add_node(self, node: Node) -> None:
        """Count what belongs to the node itself."""
        if node.own_runs:
            self._files.extend(node.own_runs)

    def add_own(self, runs: Iterable[tuple[int, int]]) -> None:
        """Count a directory's own bytes."""
        self._files.extend(runs)

    def add_free(self, runs: Iterable[Run]) -> None:
        """Count stretches that belong to no volume or to no file system."""
        self._free.extend((run.offset, run.length) for run in runs)

    def add_allocation(self, allocation: Allocation | None) -> None:
        """Count the clusters that the file system says are free."""
        if allocation is not None:
            self._free.extend(allocation.free_runs())

    def add_damage(self, damage: Iterable[Damage]) -> None:
        """Count bytes that cannot be read."""
        self._damage.extend((one.run.offset, one.run.length) for one in damage)

    def add_mapped(self, other: "Account", mapping: Iterable[tuple[int, int, int]]) -> None:
        """Count what `other` counted in a layer's bytes, where (start there, start here, length) says they lie."""
        pairs = ((self._files, other._files), (self._slack, other._slack), (self._free, other._free))
        for start, at, length in mapping:
            for mine, theirs in pairs:
                ranges = theirs.ranges(start, start + length)
                mine.extend((at + int(low) - start, int(high - low)) for low, high in ranges)

    def free_within(self, run: Run) -> list[Run]:
        """Return the stretches of `run` that are free and in no file, in order."""
        low, high = run.offset, min(run.offset + run.length, self._total)
        taken = union(self._damage, self._files, self._slack).ranges(low, high)
        free: list[Run] = []
        for start, end in self._free.ranges(low, high).tolist():
            inside = taken[(taken[:, 1] > start) & (taken[:, 0] < end)].tolist() if len(taken) else []
            for taken_start, taken_end in inside:
                if taken_start > start:
                    free.append(Run(start, taken_start - start))
                start = max(start, taken_end)
            if start < end:
                free.append(Run(start, end - start))
        return free

    def unallocated_within(self, run: Run) -> int:
        """Return how many bytes of `run` are free and in no file."""
        low, high = run.offset, min(run.offset + run.length, self._total)
        taken = union(self._damage, self._files, self._slack)
        return union(taken, self._free).total(low, high) - taken.total(low, high)

    def result(self) -> ByteAccount:
        """Return the account; its four parts add up to the exhibit's length."""
        high = self._total
        damaged = self._damage.total(0, high)
        files = union(self._damage, self._files)
        slack = union(files, self._slack)
        free = union(slack, self._free)
        in_files, in_slack, in_free = files.total(0, high), slack.total(0, high), free.total(0, high)
        return ByteAccount(
            total=high,
            in_files=in_files - damaged,
            slack=in_slack - in_files,
            unallocated=in_free - in_slack,
            not_addressable=damaged + high - in_free,
        )
