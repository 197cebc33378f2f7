"""The long names of an ISO 9660 directory: System Use Sharing Protocol 1.12 and Rock Ridge 1.12, entries `NM`.

The Sleuth Kit shows the short upper-case names beside which they stand.
"""

import struct
from collections.abc import Callable, Iterator

from sakshya.domain.names import decode_name
from sakshya.evidence.filesystems.filesystem import Node

_SECTOR = 2048
_FIXED = 33
_MOST_AREAS = 32
_MOST_AREA = 64 << 10
_CONTINUES, _CURRENT, _PARENT = 0x01, 0x02, 0x04
Read = Callable[[int, int], bytes]


def system_use_skip(root: bytes) -> int | None:
    """Return how many bytes precede the system use entries of a record; None on a disc without the protocol.

    `root` is the beginning of the root directory, whose first record says so in an entry `SP`.
    """
    if len(root) < _FIXED or root[0] < _FIXED + 1:
        return None
    area = _system_use(root[: root[0]])
    for skip in (0, 14):
        if area[skip : skip + 2] == b"SP" and area[skip + 4 : skip + 6] == b"\xbe\xef":
            return area[skip + 6] if len(area) > skip + 6 else None
    return None


def long_names(directory: bytes, skip: int, read: Read) -> dict[str, str]:
    """Return the long name of each short one, that without its version and closing dot.

    `read` reads (byte of the volume, length), for entries that go on elsewhere.
    """
    names: dict[str, str] = {}
    for record in _records(directory):
        parts: list[bytes] = []
        for kind, body in _entries(_system_use(record)[skip:], read):
            if kind == b"NM" and body and not body[0] & (_CURRENT | _PARENT):
                parts.append(body[1:])
                if not body[0] & _CONTINUES:
                    break
        name = decode_name(b"".join(parts))
        if name and "/" not in name and "\0" not in name:
            names[short_name(record[_FIXED : _FIXED + record[32]].decode("latin-1"))] = name
    return names


def short_name(name: str) -> str:
    """Return a short name without its version and closing dot."""
    return name.partition(";")[0].rstrip(".")


def with_long_name(node: Node, longer: dict[str, str]) -> Node:
    """Return the node with its long name where there is one."""
    return node._replace(name=longer.get(short_name(node.name), node.name)) if longer else node


def _records(directory: bytes) -> Iterator[bytes]:
    for sector in range(0, len(directory), _SECTOR):
        at, end = sector, min(sector + _SECTOR, len(directory))
        while at < end and directory[at] > _FIXED:
            record = directory[at : min(at + directory[at], end)]
            at += directory[at]
            if len(record) > _FIXED and _FIXED + record[32] <= len(record):
                yield record


def _system_use(record: bytes) -> bytes:
    length = record[32]
    return record[_FIXED + length + (length + 1) % 2 :]


def _entries(area: bytes, read: Read) -> Iterator[tuple[bytes, bytes]]:
    """Yield (signature, body) of the entries in order, those of the areas that it goes on in too."""
    for _ in range(_MOST_AREAS):
        at, after = 0, b""
        while at + 4 <= len(area) and 4 <= area[at + 2] <= len(area) - at:
            kind, body = area[at : at + 2], area[at + 4 : at + area[at + 2]]
            at += area[at + 2]
            if kind == b"ST":
                return
            if kind == b"CE" and len(body) >= 24:
                block, offset, length = (struct.unpack_from("<I", body, place)[0] for place in (0, 8, 16))
                after = read(block * _SECTOR + offset, min(length, _MOST_AREA))
            else:
                yield kind, body
        if not after:
            return
        area = after
