"""Chooses what is read first: what a known set may know, then media by likelihood; within each in physical order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sakshya.casefile.casefile import CaseFile
from sakshya.media.media_names import promises_media
from sakshya.triage.likelihood import Place, is_removable, likely_media

Numbers = npt.NDArray[np.int64]

# Where more than this share of the bytes has a size that a set knows, reading those first is no head start.
_NARROW = 0.5
# The newest tenth of an exhibit's media counts as recent: a clock that ran wrong moves all of it alike.
_RECENT = 0.9


@dataclass(frozen=True, slots=True)
class Chosen:
    """Entries of one exhibit in physical order, to be read together."""

    exhibit: str
    entries: Numbers


@dataclass(frozen=True, slots=True)
class BySize:
    """What the sizes in the known sets select; `narrows` is False where that is no selection."""

    groups: tuple[Chosen, ...]
    sized: int
    files: int
    all_files: int
    bytes: int
    all_bytes: int

    @property
    def narrows(self) -> bool:
        """Tell whether reading these first is a head start."""
        return self.sized > 0 and self.bytes <= _NARROW * self.all_bytes

    def words(self) -> str:
        """Return in a sentence what the sizes select."""
        if not self.sized:
            return "the known sets state no sizes: size does not narrow, files are read by likelihood"
        chosen = f"{self.files:,} of {self.all_files:,} files have a size that a known set states"
        return chosen if self.narrows else f"{chosen}: size does not narrow, files are read by likelihood"


def by_size(case: CaseFile, exhibits: Sequence[str], sizes: npt.NDArray[np.uint64]) -> BySize:
    """Choose the files whose size is among `sizes`, sorted."""
    groups: list[Chosen] = []
    files = all_files = chosen_bytes = all_bytes = 0
    wanted = sizes[sizes < np.uint64(1 << 63)].astype(np.int64)
    for number in exhibits:
        table = _table(case, number)
        hit = np.isin(table["size"], wanted, kind="sort") if len(wanted) else np.zeros(len(table), dtype=bool)
        found = table[hit]
        files, all_files = files + len(found), all_files + len(table)
        # In floating point: a damaged file system states sizes whose sum has no place in 64 bits.
        chosen_bytes += int(found["size"].sum(dtype=np.float64))
        all_bytes += int(table["size"].sum(dtype=np.float64))
        if len(found):
            groups.append(Chosen(number, found["id"][np.lexsort((found["id"], found["first"]))]))
    return BySize(tuple(groups), len(wanted), files, all_files, chosen_bytes, all_bytes)


def by_likelihood(case: CaseFile, exhibits: Sequence[str]) -> list[Chosen]:
    """Choose the files that likely hold media, the likeliest kind of place first, there the recent before the old."""
    groups: list[tuple[tuple[int, int, int, int], Chosen]] = []
    for order, number in enumerate(exhibits):
        rows: list[tuple[int, int, int, int, int]] = []
        for identity, _, first, locator, filesystem, modified in case.entries.described(number):
            place = likely_media(_path_in(locator))
            if place is not None:
                day = int(modified.replace("-", "")) if modified else 0
                rows.append((place, 0 if is_removable(filesystem) else 1, day, first, identity))
        if not rows:
            continue
        table = np.array(rows, dtype=np.int64)
        newest = np.quantile(table[:, 2], _RECENT)
        old = (table[:, 2] < newest).astype(np.int64)
        for place in Place:
            for age in (0, 1):
                for fixed in (0, 1):
                    part = table[(table[:, 0] == place) & (old == age) & (table[:, 1] == fixed)]
                    if len(part):
                        inner = Chosen(number, part[np.lexsort((part[:, 4], part[:, 3])), 4])
                        groups.append(((place, age, fixed, order), inner))
    return [chosen for _, chosen in sorted(groups, key=lambda one: one[0])]


def distinct(groups: Sequence[Chosen]) -> int:
    """Return how many different entries groups hold together."""
    return len(np.unique(np.concatenate([one.entries for one in groups]))) if groups else 0


def media_amount(case: CaseFile, exhibits: Sequence[str]) -> tuple[int, int]:
    """Return how many files not examined yet are pictures or videos by their name, and their bytes."""
    files = size = 0
    for number in exhibits:
        for _, one, _, locator, _, _ in case.entries.described(number):
            if promises_media(_path_in(locator)):
                files += 1
                size += one
    return files, size


def _table(case: CaseFile, number: str) -> npt.NDArray[np.void]:
    fields = np.dtype([("id", np.int64), ("size", np.int64), ("first", np.int64)])
    return np.fromiter(case.entries.outline(number), dtype=fields)


def _path_in(locator: str) -> str:
    """Return path, stream and the names inside from a locator's text, which is far quicker than parsing it."""
    fields = locator.split("|")
    return "/".join(fields[3:5] + fields[6:]) if len(fields) > 4 else fields[3] if len(fields) > 3 else ""
