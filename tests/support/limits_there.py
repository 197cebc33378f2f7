"""Asks a child process for its limits."""

from collections.abc import Iterator


def core_limits() -> Iterator[tuple[int, int]]:
    """Yield the child's limits on core dumps in bytes."""
    import resource

    yield resource.getrlimit(resource.RLIMIT_CORE)
