"""Writes a small Apple disk image (UDIF) by hand: zlib, plain and empty chunks, a property list, a trailer."""

import plistlib
import struct
import zlib
from pathlib import Path

SECTOR = 512
CHUNK = 64 * SECTOR
_ZEROS, _PLAIN, _ZLIB, _END = 0, 1, 0x80000005, 0xFFFFFFFF


def write_udif(path: Path, disk: bytes) -> None:
    """Write `disk`, a whole number of chunks: every other one that is not empty is compressed."""
    body, table, count = bytearray(), b"", 0
    for at in range(0, len(disk), CHUNK):
        chunk = disk[at : at + CHUNK]
        kind = _ZEROS if not any(chunk) else _PLAIN if count % 2 else _ZLIB
        data = {_ZEROS: b"", _PLAIN: chunk}.get(kind, zlib.compress(chunk))
        table += _chunk(kind, at // SECTOR, len(chunk) // SECTOR, len(body), len(data))
        body += data
        count += 1
    sectors = len(disk) // SECTOR
    table += _chunk(_END, sectors, 0, len(body), 0)
    names = {"Attributes": "0x0050", "CFName": "whole disk", "ID": "0", "Name": "whole disk"}
    blocks = _blocks(sectors, count + 1) + table
    listed = plistlib.dumps({"resource-fork": {"blkx": [{**names, "Data": blocks}]}})
    path.write_bytes(bytes(body) + listed + _trailer(len(body), len(listed), sectors))


def _chunk(kind: int, sector: int, sectors: int, at: int, length: int) -> bytes:
    return struct.pack(">IIQQQQ", kind, 0, sector, sectors, at, length)


def _blocks(sectors: int, chunks: int) -> bytes:
    head = struct.pack(">4sIQQQII", b"mish", 1, 0, sectors, 0, CHUNK // SECTOR + 8, 0)
    return head + bytes(24) + bytes(136) + struct.pack(">I", chunks)


def _trailer(body: int, listed: int, sectors: int) -> bytes:
    head = struct.pack(">4sIIIQQQQQII", b"koly", 4, 512, 1, 0, 0, body, 0, 0, 1, 1)
    place = struct.pack(">QQ", body, listed)
    tail = bytes(120) + bytes(136) + struct.pack(">IQ", 1, sectors) + bytes(12)
    return head + bytes(16) + bytes(136) + place + tail
