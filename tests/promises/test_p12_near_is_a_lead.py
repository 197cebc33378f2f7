"""P12: a perceptual match sorts and suggests; it settles nothing and says algorithm, distance and threshold."""

from dataclasses import replace
from pathlib import Path

from sakshya.casefile.item_filter import ItemFilter
from sakshya.domain.category import Category
from sakshya.domain.item import EntryId, Finding, Status
from sakshya.domain.match import Basis, Match, SetKind
from sakshya.workbench.rows import item_row
from tests.support.small_case import make_case, pictures, scan


def test_a_near_match_leaves_the_item_undecided_with_its_figures(tmp_path: Path) -> None:
    with make_case(tmp_path, {"/a.jpg": pictures(1)[0], "/b.jpg": pictures(2)[1]}) as bench:
        scan(bench)
        item = next(bench.case.items.find(ItemFilter()))
        near = Match("s@1", "S", "1", SetKind.KNOWN, Category("teapots", "1", "1"), Basis.NEAR, "pdq/1", 12, 31)
        digests = replace(item.digests, md5="0" * 32, sha1="0" * 40, sha256="1" * 64)
        entry, _ = next(iter(bench.case.entries.all("EX-1")))
        lead = Finding(EntryId(entry), digests, 10, item.kind, item.mime, item.report, (near,))
        with bench.case.transaction():
            bench.case.items.record([lead])

        found = bench.case.items.get("1" * 64)
        assert found.status is Status.UNDECIDED
        assert found.decision is None
        row = item_row(found)["matches"]
        assert isinstance(row, list)
        assert (row[0]["basis"], row[0]["algorithm"], row[0]["distance"], row[0]["threshold"]) == (
            "near",
            "pdq/1",
            12,
            31,
        )
