"""A tiny writer of EWF version 1 files, so that tests can make the exhibits nobody ships."""

import hashlib
import itertools
import string
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

_DESCRIPTOR = struct.Struct("<16sQQ40s")
CHUNK = 64 * 512


@dataclass(frozen=True)
class EwfShape:
    """How the exhibit is laid out."""

    per_table: int = 8
    per_segment: int | None = None
    compress: str = "mixed"
    with_table2: bool = True
    header: tuple[str, ...] = ("case 7", "EX-1", "a demo", "R. Iyer", "notes")
    bad_sectors: tuple[tuple[int, int], ...] = ()


def segment_names(stem: Path) -> "itertools.chain[Path]":
    numbered = (stem.with_suffix(f".E{number:02d}") for number in range(1, 100))
    lettered = (
        stem.with_suffix("." + "".join(three))
        for three in itertools.product("EFGHIJKLMNOPQRSTUVWXYZ", string.ascii_uppercase, string.ascii_uppercase)
    )
    return itertools.chain(numbered, lettered)


def write_ewf(stem: Path, data: bytes, shape: EwfShape = EwfShape()) -> list[Path]:
    """Write `data` as `stem.E01` and on; return the files."""
    chunks = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    per_segment = shape.per_segment or max(1, len(chunks))
    groups = [chunks[at : at + per_segment] for at in range(0, len(chunks), per_segment)] or [[]]
    paths = []
    for number, (path, group) in enumerate(zip(segment_names(stem), groups, strict=False), start=1):
        is_last = number == len(groups)
        writer = _Segment(number)
        if number == 1:
            writer.section("header2", _header(shape.header))
        media = _media(len(chunks), len(data))
        writer.section("volume" if number == 1 else "data", media)
        for at in range(0, len(group), shape.per_table):
            writer.chunks(group[at : at + shape.per_table], shape)
        if is_last:
            writer.ending(data, shape)
        writer.close("done" if is_last else "next")
        path.write_bytes(writer.raw)
        paths.append(path)
    return paths


class _Segment:
    def __init__(self, number: int) -> None:
        self.raw = bytearray(struct.pack("<8sBHH", b"EVF\x09\x0d\x0a\xff\x00", 1, number, 0))

    def section(self, kind: str, content: bytes) -> int:
        start = len(self.raw)
        self._descriptor(kind, start + 76 + len(content), 76 + len(content))
        self.raw += content
        return start

    def _descriptor(self, kind: str, following: int, size: int) -> None:
        head = _DESCRIPTOR.pack(kind.encode(), following, size, b"")
        self.raw += head + struct.pack("<I", zlib.adler32(head))

    def chunks(self, chunks: list[bytes], shape: EwfShape) -> None:
        stored = [_stored(chunk, number, shape.compress) for number, chunk in enumerate(chunks)]
        start = self.section("sectors", b"".join(raw for raw, _ in stored))
        entries, at = [], start + 76
        for raw, compressed in stored:
            entries.append(at | (0x80000000 if compressed else 0))
            at += len(raw)
        head = struct.pack("<I4xQ4x", len(entries), 0)
        body = struct.pack(f"<{len(entries)}I", *entries)
        table = head + struct.pack("<I", zlib.adler32(head)) + body + struct.pack("<I", zlib.adler32(body))
        self.section("table", table)
        if shape.with_table2:
            self.section("table2", table)

    def ending(self, data: bytes, shape: EwfShape) -> None:
        if shape.bad_sectors:
            head = struct.pack("<I", len(shape.bad_sectors)) + bytes(512)
            body = b"".join(struct.pack("<II", *one) for one in shape.bad_sectors)
            content = head + struct.pack("<I", zlib.adler32(head)) + body + struct.pack("<I", zlib.adler32(body))
            self.section("error2", content)
        digests = hashlib.md5(data).digest() + hashlib.sha1(data).digest() + bytes(40)
        self.section("digest", digests + struct.pack("<I", zlib.adler32(digests)))
        md5 = hashlib.md5(data).digest() + bytes(16)
        self.section("hash", md5 + struct.pack("<I", zlib.adler32(md5)))

    def close(self, kind: str) -> None:
        self._descriptor(kind, len(self.raw), 76)


def _stored(chunk: bytes, number: int, compress: str) -> tuple[bytes, bool]:
    if compress == "all" or (compress == "mixed" and number % 2 == 0):
        return zlib.compress(chunk, 1), True
    return chunk + struct.pack("<I", zlib.adler32(chunk)), False


def _media(chunks: int, size: int) -> bytes:
    head = struct.pack("<B3xIIIQ", 1, chunks, 64, 512, size // 512)
    head += bytes(1048 - len(head))
    return head + struct.pack("<I", zlib.adler32(head))


def _header(values: tuple[str, ...]) -> bytes:
    number, evidence, description, examiner, notes = values
    names = "a\tc\tn\te\tt\tav\tov\tm\tu\tp"
    line = f"{description}\t{number}\t{evidence}\t{examiner}\t{notes}\t1.0\tLinux\t1700000000\t1700000000\t0"
    text = f"3\nmain\n{names}\n{line}\n\nsrce\n0\t1\np\tn\tid\n\t\t\n"
    return zlib.compress(text.encode("utf-16"))
