"""A page of a folder as it crosses to the window, and which of its entries carry a mark."""

from collections.abc import Mapping
from dataclasses import dataclass

from sakshya.domain.unexamined import Reason
from sakshya.triage.listing import Page

DAMAGED = (Reason.READ_ERROR, Reason.DAMAGED_CHUNK, Reason.MISSING_SEGMENT, Reason.BEYOND_END, Reason.BAD_METADATA)
MARKED = (Reason.ENCRYPTED, *DAMAGED)


@dataclass(frozen=True, slots=True)
class Listed:
    """`marks` says, by row of the page, why a scan or a verification could not read an entry."""

    page: Page
    marks: Mapping[int, frozenset[Reason]]
