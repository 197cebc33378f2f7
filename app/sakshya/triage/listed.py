"""What the walk hands on to the case: rows of entries, many at a time."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sakshya.casefile.driver import Row
from sakshya.casefile.entry_rows import plain_rows
from sakshya.domain.names import show_name

if TYPE_CHECKING:
    from sakshya.evidence.columns import Columns

_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Listed:
    """Consecutive entries of a walk as rows of the case."""

    rows: list[Row]


def listed(columns: "Columns") -> Listed:
    """Return the rows of plain entries."""
    stamps = zip(*(_stamps(columns.times[:, place]) for place in range(4)), strict=True)
    rows = plain_rows(
        columns.filesystem,
        _locators(columns),
        columns.is_directory.tolist(),
        columns.sizes.tolist(),
        columns.first_bytes.tolist(),
        stamps,
    )
    return Listed(list(rows))


def _locators(columns: "Columns") -> list[str]:
    """Return what `str` gives of each entry's locator."""
    from sakshya.evidence.columns import CONTENT

    before = str(columns.volume)
    paths = columns.paths
    together = "".join(paths)
    if not together.isprintable() or "\\" in together or "|" in together:
        paths = [show_name(path).replace("|", "\\u007C") for path in paths]
    addresses, keys = columns.addresses.tolist(), columns.keys.tolist()
    return [
        f"{before}|{address}|{path}" if key < 0 else f"{before}|{address}.{CONTENT}-{key}|{path}"
        for address, key, path in zip(addresses, keys, paths, strict=True)
    ]


def _stamps(nanoseconds: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> list[str | None]:
    """Return POSIX nanoseconds as `Moment.utc` writes them, None for 0."""
    seconds, left = np.divmod(nanoseconds, _SECOND)
    whole: list[str] = np.datetime_as_string(seconds.astype("M8[s]")).tolist()
    if not left.any():
        return [f"{text}Z" if any_ else None for text, any_ in zip(whole, nanoseconds.tolist(), strict=True)]
    fractions = [f".{part:09d}".rstrip("0") if part else "" for part in left.tolist()]
    return [
        f"{text}{fraction}Z" if any_ else None
        for text, fraction, any_ in zip(whole, fractions, nanoseconds.tolist(), strict=True)
    ]
