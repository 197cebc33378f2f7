"""Writes small AFF4 volumes by hand: one disk, one map, one stream of compressed chunks."""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import cramjam
import lz4.block

VOLUME, DISK, MAP, STREAM = (f"aff4://{n}{n}{n}{n}-0000" for n in "1234")
SCHEMA = "http://aff4.org/Schema#"
CHUNK, IN_BEVY = 4096, 4
METHODS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "zlib": ("https://www.ietf.org/rfc/rfc1950.txt", zlib.compress),
    "deflate": ("https://tools.ietf.org/html/rfc1951", lambda data: zlib.compress(data)[2:-4]),
    "lz4": ("https://github.com/lz4/lz4", lambda data: lz4.block.compress(data, store_size=False)),
    "snappy": ("http://code.google.com/p/snappy/", lambda data: bytes(cramjam.snappy.compress_raw(data))),
    "stored": (f"{SCHEMA}NullCompressor", bytes),
}


def write_aff4(path: Path, disk: bytes, method: str = "zlib", *, unknown: int = 0, gone: bool = False) -> None:
    """Write `disk`, whose zero chunks are not stored; `unknown` bytes at its end are stated as never acquired.

    With `gone` the map points at a stream that is in another file.
    """
    uri, pack = METHODS[method]
    kept, entries = bytearray(), []
    for at in range(0, len(disk), CHUNK):
        chunk = disk[at : at + CHUNK]
        if chunk == bytes(len(chunk)):
            entries.append(struct.pack("<QQQI", at, len(chunk), at, 1))
        else:
            entries.append(struct.pack("<QQQI", at, len(chunk), len(kept), 0))
            kept += chunk
    if unknown:
        entries.append(struct.pack("<QQQI", len(disk), unknown, 0, 2))
    with zipfile.ZipFile(path, "w") as volume:
        volume.comment = VOLUME.encode()
        volume.writestr("container.description", VOLUME)
        volume.writestr("information.turtle", _turtle(disk, len(kept), uri, unknown))
        volume.writestr(_named(MAP, "map"), b"".join(entries))
        target = "aff4://elsewhere" if gone else STREAM
        volume.writestr(_named(MAP, "idx"), f"{target}\n{SCHEMA}Zero\n{SCHEMA}UnknownData\n")
        for number, start in enumerate(range(0, len(kept), CHUNK * IN_BEVY)):
            _bevy(volume, _named(STREAM, f"{number:08d}"), bytes(kept[start : start + CHUNK * IN_BEVY]), pack)


def _bevy(volume: zipfile.ZipFile, name: str, data: bytes, pack: Callable[[bytes], bytes]) -> None:
    body, index = b"", b""
    for at in range(0, len(data), CHUNK):
        chunk = data[at : at + CHUNK].ljust(CHUNK, b"\0")
        packed = pack(chunk)
        packed = chunk if len(packed) >= CHUNK else packed
        index += struct.pack("<QI", len(body), len(packed))
        body += packed
    volume.writestr(name, body)
    volume.writestr(f"{name}.index", index)


def _named(urn: str, part: str) -> str:
    return urn.replace("aff4://", "aff4%3A%2F%2F") + "/" + part


def _turtle(disk: bytes, kept: int, uri: str, unknown: int) -> str:
    stated = "" if unknown else f'aff4:hash "{hashlib.sha1(disk).hexdigest()}"^^aff4:SHA1 ;'
    return f"""@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix aff4: <{SCHEMA}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<{DISK}> a aff4:DiskImage , aff4:Image ; {stated}
    aff4:blockSize "512"^^xsd:int ; # a remark; with marks.
    aff4:diskModel "A \\"quoted\\" model; with . marks" ;
    aff4:dataStream <{MAP}> ;
    aff4:size "{len(disk) + unknown}"^^xsd:long .
<{MAP}> a aff4:Map ; aff4:dependentStream <{STREAM}> ; aff4:mapGapDefaultStream aff4:Zero ;
    aff4:size {len(disk) + unknown} .
<{STREAM}> rdf:type aff4:ImageStream ;
    aff4:chunkSize "{CHUNK}"^^xsd:int ; aff4:chunksInSegment {IN_BEVY} ;
    aff4:compressionMethod <{uri}> ; aff4:size "{kept}"^^xsd:long ;
    aff4:stored <{VOLUME}> .
"""
