"""Large files of ext2 with their blocks listed one by one, in pieces and with holes."""

import time
from pathlib import Path

from sakshya.domain.locator import Locator
from sakshya.evidence.tree import ExhibitReader
from tests.support.exhibits import by_path, exhibit_of, run_tool


def _disk(folder: Path) -> tuple[Path, bytes]:
    source, image = folder / "source", folder / "ext2.img"
    source.mkdir()
    with (source / "big.bin").open("wb") as out:
        for number in range(3_000):
            out.seek(number * 8_192)
            out.write(number.to_bytes(4, "big") * 256)
    run_tool("mkfs.ext2", "-q", "-b", "1024", "-d", str(source), str(image), "48M")
    return image, (source / "big.bin").read_bytes()


def test_every_piece_and_hole_comes_back(tmp_path: Path) -> None:
    image, content = _disk(tmp_path)

    with ExhibitReader(exhibit_of(image)) as reader:
        entry = by_path(list(reader.walk()))["/big.bin"]
        source = reader.source(entry.locator)

        assert entry.size == len(content)
        assert b"".join(source.chunks(100_000)) == content
        assert source.read_at(8_000, 400) == content[8_000:8_400]


def test_it_is_read_by_address_alone_too(tmp_path: Path) -> None:
    image, content = _disk(tmp_path)
    with ExhibitReader(exhibit_of(image)) as reader:
        address = by_path(list(reader.walk()))["/big.bin"].locator.address

    with ExhibitReader(exhibit_of(image)) as reader:
        assert b"".join(reader.source(Locator("EX-1", 0, 0, address, "/big.bin")).chunks()) == content


def test_block_lists_that_point_at_themselves_end_soon(tmp_path: Path) -> None:
    image, content = _disk(tmp_path)
    with ExhibitReader(exhibit_of(image)) as reader:
        locator = by_path(list(reader.walk()))["/big.bin"].locator
    raw = bytearray(image.read_bytes())
    at = raw.index(len(content).to_bytes(4, "little")) - 4
    inode = raw[at : at + 128]
    double = int.from_bytes(inode[92:96], "little")
    raw[at + 96 : at + 100] = double.to_bytes(4, "little")
    raw[at + 4 : at + 8] = (0xFFFFFF00).to_bytes(4, "little")
    raw[double * 1024 : double * 1024 + 1024] = double.to_bytes(4, "little") * 256
    image.write_bytes(raw)

    started = time.monotonic()
    with ExhibitReader(exhibit_of(image)) as reader:
        list(reader.walk())
        assert reader.source(locator).size == 0xFFFFFF00
    assert time.monotonic() - started < 20
