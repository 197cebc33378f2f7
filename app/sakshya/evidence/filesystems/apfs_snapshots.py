"""The snapshots of APFS volumes, which libfsapfs does not give to Python (Apple File System Reference, 2020)."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Read = Callable[[int, int], bytes]
_CONTAINER, _VOLUME = b"NXSB", b"APSB"
_VOLUMES = 100
_MOST_NODES = 1 << 14
_MOST_DESCRIPTORS = 1 << 12
_NODE_HEAD, _ROOT_TAIL = 56, 40
_IS_ROOT, _IS_LEAF, _IS_FIXED = 1, 2, 4
_SNAPSHOT = 1
_IDENTIFIER = (1 << 60) - 1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One older state of a volume: its transaction, its name, and when it was made in POSIX nanoseconds."""

    transaction: int
    name: str
    created: int


class Snapshots:
    """Finds the snapshots of each volume of the container that `read` reads from its first byte."""

    def __init__(self, read: Read) -> None:
        head = read(0, 4096)
        if head[32:36] != _CONTAINER:
            raise ValueError("no container")
        self._read = read
        self._block: int = struct.unpack_from("<I", head, 36)[0]
        if not 4096 <= self._block <= 1 << 16:
            raise ValueError(f"blocks of {self._block} bytes")
        self._newest = self._newest_superblock(read(0, self._block))
        self._nodes = 0

    def of_volumes(self) -> list[list[Snapshot]]:
        """Return the snapshots of each volume, in the order in which the container names the volumes.

        Raises:
            ValueError: what leads to them cannot be.
            EvidenceFault: it cannot be read.
        """
        known = self._newest
        count = min(struct.unpack_from("<I", known, 180)[0], _VOLUMES)
        volumes = [one for one in struct.unpack_from(f"<{count}Q", known, 184) if one]
        map_block = self._at(struct.unpack_from("<Q", known, 160)[0])
        places = dict(self._object_map(struct.unpack_from("<Q", map_block, 48)[0]))
        return [self._of_volume(places, one) for one in volumes]

    def _newest_superblock(self, first: bytes) -> bytes:
        """The first block is a copy; the newest state stands in the ring of checkpoints."""
        count, base = struct.unpack_from("<I", first, 104)[0], struct.unpack_from("<q", first, 112)[0]
        # The highest bit says that the ring itself lies in pieces.
        inside = range(base, base + count) if base > 0 and 0 < count <= _MOST_DESCRIPTORS else ()
        newest = first
        for number in inside:
            block = self._at(number)
            if block[32:36] == _CONTAINER and _transaction(block) > _transaction(newest):
                newest = block
        return newest

    def _at(self, number: int) -> bytes:
        block = self._read(number * self._block, self._block)
        if number < 0 or len(block) < self._block:
            raise ValueError(f"block {number} lies outside the container")
        return block

    def _of_volume(self, places: dict[int, int], identifier: int) -> list[Snapshot]:
        superblock = self._at(places.get(identifier, -1))
        if superblock[32:36] != _VOLUME:
            raise ValueError(f"no volume {identifier}")
        tree, count = struct.unpack_from("<Q", superblock, 152)[0], struct.unpack_from("<Q", superblock, 216)[0]
        found = sorted(self._listed(tree), key=lambda one: one.transaction) if tree else []
        if len(found) != count:
            raise ValueError(f"volume {identifier} states {count} snapshots, {len(found)} are listed")
        return found

    def _listed(self, tree: int) -> Iterator[Snapshot]:
        for key, value in self._leaves(tree):
            (header,) = struct.unpack_from("<Q", key.ljust(8, b"\0"))
            if header >> 60 != _SNAPSHOT or len(value) < 50:
                continue
            length = struct.unpack_from("<H", value, 48)[0]
            name = value[50 : 50 + length].rstrip(b"\0").decode("utf-8", "replace")
            yield Snapshot(header & _IDENTIFIER, name, struct.unpack_from("<Q", value, 16)[0])

    def _object_map(self, tree: int) -> Iterator[tuple[int, int]]:
        """Yield (identifier, block), older states of the same object first."""
        entries = sorted((key, value) for key, value in self._leaves(tree) if len(key) >= 16 and len(value) >= 16)
        for key, value in sorted(entries, key=lambda one: struct.unpack_from("<QQ", one[0])):
            yield struct.unpack_from("<Q", key)[0], struct.unpack_from("<Q", value, 8)[0]

    def _leaves(self, number: int) -> Iterator[tuple[bytes, bytes]]:
        pending = [number]
        while pending:
            self._nodes += 1
            if self._nodes > _MOST_NODES:
                raise ValueError("a tree without end")
            node = self._at(pending.pop())
            is_leaf = bool(struct.unpack_from("<H", node, 32)[0] & _IS_LEAF)
            for key, value in _entries(node):
                if is_leaf:
                    yield key, value
                elif len(value) >= 8:
                    pending.append(struct.unpack_from("<Q", value)[0])


def _transaction(block: bytes) -> int:
    number: int = struct.unpack_from("<Q", block, 16)[0]
    return number


def _entries(node: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the keys and values of a node; those of fixed length, in an object map, are 16 bytes and 8 or 16."""
    flags, level, count, start, length = struct.unpack_from("<HHIHH", node, 32)
    table, keys = _NODE_HEAD + start, _NODE_HEAD + start + length
    end = len(node) - (_ROOT_TAIL if flags & _IS_ROOT else 0)
    step = 4 if flags & _IS_FIXED else 8
    if table + count * step > len(node):
        raise ValueError("a node that lists more than it holds")
    for at in range(table, table + count * step, step):
        if flags & _IS_FIXED:
            key, value = struct.unpack_from("<HH", node, at)
            sizes = (16, 8 if level else 16)
        else:
            key, key_length, value, value_length = struct.unpack_from("<4H", node, at)
            sizes = (key_length, value_length)
        yield node[keys + key : keys + key + sizes[0]], node[max(0, end - value) : max(0, end - value) + sizes[1]]
