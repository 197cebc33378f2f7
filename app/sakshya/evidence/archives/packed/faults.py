"""What the archive libraries raise, as the one fault that the rest of the program knows."""

import contextlib
from collections.abc import Iterator

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable


@contextlib.contextmanager
def as_fault(what: str) -> Iterator[None]:
    """Turn whatever a library raises over a broken file into an `EvidenceFault`."""
    try:
        yield
    except (EvidenceFault, MemoryError):
        raise
    except Exception as error:
        raise unreadable(Reason.BAD_METADATA, f"{what}: {error or type(error).__name__}") from error
