"""The run lists of many NTFS attributes at once."""

from dataclasses import dataclass

import numpy as np

from sakshya.evidence.filesystems.census import Flags, Numbers
from sakshya.evidence.filesystems.packed_bytes import Bytes, number

_MOST_RUNS = 400


@dataclass(frozen=True, slots=True)
class RunLists:
    """Runs in clusters, those of one list together and in order; `lists` says for each which list it is of."""

    lists: Numbers
    starts: Numbers
    lengths: Numbers
    before: Numbers


def read_runs(data: Bytes, rows: Numbers, at: Numbers, ends: Numbers, clusters: int) -> tuple[RunLists, Flags]:
    """Return the runs of the attributes at byte `at` of each row, and which lists are whole, stored and in the volume.

    `clusters` is how many the volume has. Lists that are not good give no run.
    """
    count = len(rows)
    place = at + number(data, rows, at + 32, 2)
    good = (place >= at + 64) & (place < ends)
    start, done = np.zeros(count, np.int64), np.zeros(count, np.int64)
    going = np.flatnonzero(good)
    found: list[tuple[Numbers, ...]] = []
    for _ in range(_MOST_RUNS):
        head = number(data, rows[going], place[going], 1)
        going, head = going[head != 0], head[head != 0]
        if not len(going):
            break
        long, far = head & 15, head >> 4
        fits = (long > 0) & (long <= 6) & (far > 0) & (far <= 6) & (place[going] + 1 + long + far < ends[going])
        good[going[~fits]] = False
        going, long, far = going[fits], long[fits], far[fits]
        length = number(data, rows[going], place[going] + 1, 8) & _mask(long)
        step = number(data, rows[going], place[going] + 1 + long, 8) & _mask(far)
        step -= np.where(step >> (8 * far - 1) & 1, np.int64(1) << (8 * far), 0)
        start[going] += step
        sane = (length > 0) & (start[going] > 0) & (start[going] + length <= clusters)
        good[going[~sane]] = False
        place[going] += 1 + long + far
        going, length = going[sane], length[sane]
        found.append((going, start[going], length, done[going]))
        done[going] += length
    else:
        good[going] = False
    if not found:
        return RunLists(*(np.empty(0, np.int64) for _ in range(4))), good
    columns = [np.concatenate(part) for part in zip(*found, strict=True)]
    keep = good[columns[0]]
    order = np.argsort(columns[0][keep], kind="stable")
    return RunLists(*(column[keep][order] for column in columns)), good


def _mask(width: Numbers) -> Numbers:
    return (np.int64(1) << (8 * width)) - 1
