"""What somebody who looks around in an exhibit is shown: folders by page, where bytes lie, bytes of no picture."""

import io
import zipfile
from pathlib import Path

import pytest

from sakshya.domain.entry import Entry
from sakshya.domain.faults import EvidenceFault, OperatorFault
from sakshya.domain.media import Kind
from sakshya.triage import listing
from sakshya.triage.listing import Answering, inside
from tests.support.small_case import make_case, pictures


def _zip(names: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in names.items():
            packed.writestr(name, content)
    return file.getvalue()


def _named(entries: list[Entry]) -> dict[str, Entry]:
    return {one.locator.path.lower(): one for one in entries if one.locator.address is not None}


def test_bytes_are_shown_page_by_page_with_a_line_in_the_ledger_and_never_of_a_picture(tmp_path: Path) -> None:
    text = b"words and words " * 10_000
    with make_case(tmp_path, {"/a.txt": text, "/b.txt": pictures(1)[0]}) as bench:
        (volume,) = bench.tree("EX-1")
        files = _named(bench.tree("EX-1", volume.locator))

        first = bench.browse.window(files["/a.txt"].locator, 0)
        last = bench.browse.window(files["/a.txt"].locator, 131072)
        layout = bench.browse.layout(files["/b.txt"].locator)
        with pytest.raises(OperatorFault, match="not shown as bytes"):
            bench.browse.window(files["/b.txt"].locator, 0)

        assert first.data + bench.browse.window(files["/a.txt"].locator, 65536).data + last.data == text
        assert (first.size, layout.kind) == (len(text), Kind.PICTURE)
        assert sum(run.length for run in layout.runs) >= files["/b.txt"].size
        acts = [one for one in bench.case.ledger.entries() if one.act == "exhibit.view"]
        assert len(acts) == 2
        assert dict(acts[0].public) == {}


def test_what_lies_inside_a_file_is_listed_as_it_is_opened_and_read_as_it_is(tmp_path: Path) -> None:
    packed = _zip({"one.txt": b"first", "two/three.txt": b"second"})
    with make_case(tmp_path, {"/a.zip": packed, "/b.txt": b"words"}) as bench:
        (volume,) = bench.tree("EX-1")
        files = _named(bench.tree("EX-1", volume.locator))

        members = bench.browse.page("EX-1", inside(files["/a.zip"].locator), 0).entries

        named = {one.locator.inside[-1].name: one.locator for one in members}
        assert bench.browse.window(named["two/three.txt"], 0).data == b"second"
        with pytest.raises(EvidenceFault, match="nothing that is opened"):
            bench.browse.page("EX-1", inside(files["/b.txt"].locator), 0)


def test_a_long_folder_comes_in_pages_that_make_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with make_case(tmp_path, {f"/{number:03}.txt": b"words" for number in range(50)}) as bench:
        exhibit = bench.case.exhibits.get("EX-1")
    monkeypatch.setattr(listing, "PAGE_ENTRIES", 20)
    answering = Answering((exhibit,))
    (volume,) = answering.page("EX-1", None, 0).entries

    pages = [answering.page("EX-1", str(volume.locator), index) for index in range(3)]

    assert {one.total for one in pages} == {sum(len(one.entries) for one in pages)}
    assert [one.first for one in pages] == [0, 20, 40]
    assert len({str(entry.locator) for one in pages for entry in one.entries}) == pages[0].total
