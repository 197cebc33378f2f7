"""A file system's record of what is in use, as far as the exhibit holds it."""

import numpy as np

from sakshya.evidence.filesystems.allocation import Allocation, Grid


def test_a_header_that_states_far_more_clusters_than_the_exhibit_holds_costs_no_time() -> None:
    pages: list[int] = []

    def page(first: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
        pages.append(first)
        return np.zeros(count, np.uint8)

    record = Allocation(Grid(512, 4096, 1 << 50), page).within(512 + 100 * 4096)

    assert list(record.free_runs()) == [(512, 100 * 4096)]
    assert record.used(512, 1 << 60) == (0, 100)
    assert len(pages) == 2
