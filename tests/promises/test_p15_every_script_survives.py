"""P15: names in every script go from the disk to the rows and the papers unharmed; others in a reversible form."""

import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from sakshya.casefile.item_filter import ItemFilter
from sakshya.cli.main import main
from sakshya.domain.locator import Locator
from sakshya.workbench.rows import item_row
from tests.support.small_case import make_case, pictures, scan

_NAMES = ("चाय का बर्तन.jpg", "چائے دانی.jpg", "കായൽ.jpg", "🫖 tea.jpg", "क्षितिज और श्रावण.jpg")


def test_names_reach_the_rows_as_they_were_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with make_case(tmp_path, {f"/{name}": shot for name, shot in zip(_NAMES, pictures(5), strict=True)}) as bench:
        scan(bench)

        rows = [item_row(item) for item in bench.case.items.find(ItemFilter())]
        places = [place for row in rows for place in row["where"]]  # type: ignore[attr-defined]
        assert {place["path"] for place in places} == {f"/{name}" for name in _NAMES}
        assert all(str(Locator.parse(place["locator"])) == place["locator"] for place in places)
    assert main(["exhibit", "tree", str(tmp_path / "case"), "--jsonl"]) == 0
    shown = {json.loads(line)["path"] for line in capsys.readouterr().out.splitlines()}
    assert {f"/{name}" for name in _NAMES} <= shown


def test_an_officer_s_name_in_devanagari_and_urdu_reaches_the_pdf(tmp_path: Path) -> None:
    officer = {"investigating_officer": "साक्षी वर्मा / ساکشی"}
    with make_case(tmp_path, {"/a.jpg": pictures(1)[0]}, fields=officer) as bench:
        scan(bench)
        files = bench.report(tmp_path / "papers")

    text = "".join(page.extract_text() for page in PdfReader(files[0]).pages)
    assert any("\u0900" <= character <= "\u097f" for character in text)
    assert any("\u0600" <= character <= "\u06ff" or "\ufb50" <= character <= "\ufeff" for character in text)
