"""Refuses JSON nested so deeply that the parser's own bookkeeping would fill the memory.

The parser keeps the whole path of every open array and object, which grows with the square of the depth. VICS nests
eight levels at most.
"""

import re

from sakshya.domain.faults import OperatorFault
from sakshya.matching.importers.source import ListFile

_DEEPEST = 100
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


class ShallowJson:
    """A list's bytes for the parser, checked block by block before the parser sees them."""

    def __init__(self, source: ListFile) -> None:
        self._source = source
        self._depth = 0
        self._in_string = False
        self._escape_open = False

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes of the list.

        Raises:
            OperatorFault: they open more than 100 levels.
        """
        block = self._source.read(size)
        self._follow(self._outside_strings(block).translate(None, _NO_BRACKETS))
        return block

    def _outside_strings(self, block: bytes) -> bytes:
        text = block[1:] if self._escape_open and block else block
        if block:
            self._escape_open = False
        if b"\\" in text:
            text = _ESCAPE.sub(b"", text)
            self._escape_open = text.endswith(b"\\")
        parts = text.split(b'"')
        outside = b"".join(parts[1 if self._in_string else 0 :: 2])
        self._in_string ^= len(parts) % 2 == 0
        return outside

    def _follow(self, brackets: bytes) -> None:
        """Count levels: each round takes the innermost pairs away, so rounds and what stays open bound the depth."""
        rounds = 0
        while (shorter := brackets.replace(b"{}", b"").replace(b"[]", b"")) != brackets:
            brackets = shorter
            rounds += 1
            if rounds > _DEEPEST:
                raise self._too_deep()
        opened = brackets.count(b"[") + brackets.count(b"{")
        if self._depth + rounds + opened > _DEEPEST:
            raise self._too_deep()
        self._depth += 2 * opened - len(brackets)

    def _too_deep(self) -> OperatorFault:
        return OperatorFault(
            f"the JSON is nested more than {_DEEPEST} levels deep, which no VICS file is",
            where=str(self._source.path),
            advice="get a whole copy of the list",
        )
