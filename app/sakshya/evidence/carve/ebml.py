"""EBML: Matroska and WebM, by the sizes of their elements."""

from sakshya.evidence.carve.stretch import Broken, Source

_SEGMENT = 0x18538067
_CLUSTER = 0x1F43B675
_IN_SEGMENT = {
    0x114D9B74, 0x1549A966, 0x1654AE6B, _CLUSTER, 0x1C53BB6B, 0x1043A770, 0x1254C367, 0x1941A469, 0xEC, 0xBF,
}  # fmt: skip
_IN_CLUSTER = {0xE7, 0xA3, 0xA0, 0xA7, 0xAB, 0x5854, 0xAF, 0xEC, 0xBF}


def measure(source: Source) -> tuple[str, int]:
    """Return the format and size of the Matroska or WebM file there.

    Raises:
        Broken: an element that may not stand there, or one that reaches beyond what holds it.
    """
    number, start, size = element(source, 0)
    if number != 0x1A45DFA3 or size is None or size > 4096:
        raise Broken(0)
    head = source.need(start, size)
    kind = "webm" if b"webm" in head else "matroska"
    if kind == "matroska" and b"matroska" not in head:
        raise Broken(0)
    number, at, size = element(source, start + size)
    if number != _SEGMENT:
        raise Broken(at)
    stated = None if size is None else at + size
    if stated is not None and stated > source.size:
        raise Broken(source.size)
    return kind, _segment(source, at, stated)


def element(source: Source, at: int) -> tuple[int, int, int | None]:
    """Return an element's number, where its content starts and how long it is (None: not stated)."""
    head = source.need(at, 1)[0]
    width = 9 - head.bit_length()
    if width > 4:
        raise Broken(at)
    number = int.from_bytes(source.need(at, width), "big")
    first = source.need(at + width, 1)[0]
    length = 9 - first.bit_length()
    if length > 8:
        raise Broken(at)
    size = int.from_bytes(source.need(at + width, length), "big") & ((1 << 7 * length) - 1)
    return number, at + width + length, None if size == (1 << 7 * length) - 1 else size


def _segment(source: Source, at: int, end: int | None) -> int:
    clusters = 0
    while end is None or at < end:
        try:
            number, start, size = element(source, at)
        except Broken:
            if end is None and clusters:
                return at
            raise
        if number not in _IN_SEGMENT or (size is None and number != _CLUSTER):
            if end is None and clusters:
                return at
            raise Broken(at)
        if number == _CLUSTER:
            clusters += 1
            at = _cluster(source, start, end if size is None else start + size, size is None)
        else:
            assert size is not None
            at = start + size
        if at > (source.size if end is None else end):
            raise Broken(start)
    if not clusters:
        raise Broken(at)
    return at


def _cluster(source: Source, at: int, end: int | None, is_open: bool) -> int:
    while end is None or at < end:
        try:
            number, start, size = element(source, at)
        except Broken:
            if is_open:
                return at
            raise
        if number not in _IN_CLUSTER or size is None or start + size > (source.size if end is None else end):
            if is_open:
                return at
            raise Broken(at)
        at = start + size
    return at
