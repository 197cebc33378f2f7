"""P11: a category is (scheme, version, code), never a bare number, wherever it is stored or leaves the program."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import DRIVER_ERRORS
from sakshya.casefile.faults import CaseFault
from sakshya.casefile.findings_digest import finding_lines, findings_digests
from sakshya.casefile.head import CaseHead
from sakshya.casefile.item_filter import parse_filter
from sakshya.domain.absent import NotRecorded
from sakshya.domain.category import Category
from sakshya.domain.digests import Digests
from sakshya.domain.entry import Entry, EntryKind, Times
from sakshya.domain.exhibit import ContainerFacts, Exhibit
from sakshya.domain.faults import OperatorFault
from sakshya.domain.item import Finding, ItemId
from sakshya.domain.locator import Locator
from sakshya.domain.match import Basis, Match, SetKind
from sakshya.domain.media import Kind

AT = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)
OLD, NEW = Category("vics", "1.3", "1"), Category("vics", "2.0", "1")


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    """A case with two items, the first known under the same code of two generations of one list."""
    with CaseFile.create(tmp_path / "case", CaseHead("india-bsa"), passphrase=None, at=AT) as case:
        never = NotRecorded()
        times = Times(never, never, never, never)
        case.exhibits.add(Exhibit("EX-1", ("/evidence/disk.dd",), ContainerFacts("raw", 512, 512, ("disk.dd",))))
        locators = [Locator("EX-1", 0, 0, n, f"/{n}.jpg") for n in (5, 6)]
        case.entries.add("EX-1", 0, [Entry(one, "ext4", EntryKind.FILE, 9, True, times) for one in locators])
        matches = tuple(
            Match(f"set {one}", "Crockery", "1", SetKind.KNOWN, one, Basis.EXACT, "md5") for one in (OLD, NEW)
        )
        case.items.record(
            [
                Finding(pending.id, digests(n), 9, Kind.PICTURE, "image/jpeg", None, () if n else matches)
                for n, pending in enumerate(case.entries.pending("EX-1"))
            ]
        )
        yield case


def digests(n: int) -> Digests:
    return Digests(f"{n}a" * 16, f"{n}a" * 20, f"{n}a" * 32)


def test_the_same_code_of_two_versions_stays_two_categories(case: CaseFile) -> None:
    assert {match.category for match in case.items.get(1).matches} == {OLD, NEW}
    assert str(OLD) != str(NEW)


def test_no_table_holds_a_code_without_its_scheme_and_version(case: CaseFile) -> None:
    with_code = []
    for table in case.database().tables:
        columns = {column.name for column in table.columns}
        if columns & {"code", "category"}:
            with_code.append(table.name)
            assert {"scheme", "scheme_version", "code"} <= columns, table.name

    assert sorted(with_code) == ["decision", "match"]


@pytest.mark.parametrize("values", ["NULL, NULL, '1'", "'vics', NULL, '1'", "'vics', '', '1'", "'', '1.3', '1'"])
def test_the_database_itself_refuses_a_bare_code(case: CaseFile, values: str) -> None:
    statement = (
        "INSERT INTO match (item, set_id, set_name, set_version, kind, basis, algorithm, scheme, scheme_version, code)"
        f" VALUES (2, 's', 's', '1', 'known', 'exact', 'md5', {values})"
    )
    with pytest.raises(DRIVER_ERRORS):
        case.database().execute(statement)


@pytest.mark.parametrize("part", [Category("", "1.3", "1"), Category("vics", "", "1"), Category("vics", "1.3", "")])
def test_nobody_can_decide_a_category_that_lacks_a_part(case: CaseFile, part: Category) -> None:
    with pytest.raises(CaseFault, match="scheme, version and code"):
        case.decisions.decide([ItemId(2)], part, by="R. Iyer", at=AT)

    assert case.items.get(ItemId(2)).decision is None


@pytest.mark.parametrize("text", ["1", "vics:1", "vics@1.3", "@1.3:1", "vics@:1"])
def test_a_filter_by_bare_code_is_refused(text: str) -> None:
    with pytest.raises(OperatorFault, match="a code alone means nothing"):
        parse_filter(f"category={text}")


def test_items_are_found_by_the_whole_category_only(case: CaseFile) -> None:
    case.decisions.decide([ItemId(2)], NEW, by="R. Iyer", at=AT)

    assert case.items.ids(parse_filter(f"category={OLD}")) == [1]
    assert case.items.ids(parse_filter(f"category={NEW}")) == [1, 2]


def test_every_export_line_with_a_code_names_scheme_and_version(case: CaseFile) -> None:
    case.decisions.decide([ItemId(2)], NEW, by="R. Iyer", at=AT)
    lines = [line for line in finding_lines(case) if line.startswith(('["match"', '["decision"'))]

    assert len(lines) == 3
    assert all('"vics","1.3","1"' in line or '"vics","2.0","1"' in line for line in lines)
    assert case.items.tiles([2])[0].label == "vics@2.0:1"


def test_the_findings_digest_tells_two_versions_apart(case: CaseFile) -> None:
    case.decisions.decide([ItemId(2)], OLD, by="R. Iyer", at=AT)
    with_old = findings_digests(case).findings
    case.decisions.undo("R. Iyer", AT)
    undone = findings_digests(case).findings

    case.decisions.decide([ItemId(2)], NEW, by="R. Iyer", at=AT)

    assert len({with_old, undone, findings_digests(case).findings}) == 3
