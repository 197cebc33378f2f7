"""The way down a tree of directories: none is entered twice, none too deep."""

from sakshya.domain.unexamined import Reason

_LONGEST_PATH = 32_768


class Descent:
    """Directories still to be gone through, those of one directory in order and before what stands beside it."""

    def __init__(self, root: int, deepest: int) -> None:
        self._entered = {root}
        self._pending: list[tuple[int, str, int]] = [(root, "", 0)]
        self._below: list[tuple[int, str, int]] = []
        self._deepest = deepest
        self._depth = 0

    def next(self) -> tuple[int, str] | None:
        """Return the address and path of the next directory, None after the last."""
        self._pending.extend(reversed(self._below))
        self._below = []
        if not self._pending:
            return None
        address, path, self._depth = self._pending.pop()
        return address, path

    def enter(self, address: int, path: str) -> tuple[Reason, str] | None:
        """Take in a directory found in the current one; returns why it is not entered."""
        if address in self._entered:
            return Reason.LOOP, f"directory {address} is listed elsewhere"
        if self._depth + 1 >= self._deepest or len(path) > _LONGEST_PATH:
            return Reason.TOO_DEEP, f"more than {self._depth} directories deep"
        self._entered.add(address)
        self._below.append((address, path, self._depth + 1))
        return None
