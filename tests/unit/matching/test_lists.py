import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.domain.digests import EMPTY
from sakshya.domain.faults import OperatorFault, SakshyaFault
from sakshya.matching.importers import ImportPlan, commit, plan, read_code_labels, read_columns
from sakshya.matching.sets import SetFolder

from .lists import AT, content, digests, imported, options


def planned(tmp_path: Path, data: bytes, **changes: object) -> ImportPlan:
    file = tmp_path / "list.txt"
    file.write_bytes(data)
    return plan(file, options(**{"scheme": None, **changes}))


def lines(*texts: str) -> bytes:
    return "\n".join(texts).encode("utf-8", "surrogateescape")


def test_every_style_of_checksum_line_is_read(tmp_path: Path) -> None:
    data = lines(
        "# a comment",
        "",
        digests(1).md5.upper(),
        f"{digests(2).sha256}  चाय का बर्तन.jpg",
        f"{digests(3).sha1} *binary.jpg",
        f"\\{digests(4).md5}  a\\nname.jpg",
        f"MD5 (teapot (5).jpg) = {digests(5).md5}",
        f"SHA256(teapot.jpg)= {digests(6).sha256}",
        f"{digests(7).md5}  latin-\udce9.jpg\r",
    )
    sets, known = imported(tmp_path, data, scheme=None)

    with sets.open() as open_sets:
        assert [len(open_sets.lookup(digests(number), 8)) for number in range(9)] == [0, 1, 1, 1, 1, 1, 1, 1, 0]
    assert known.algorithms == (("md5", 4), ("sha1", 1), ("sha256", 2))
    assert known.scheme == ""


def test_a_hashdeep_file_is_read_with_its_sizes(tmp_path: Path) -> None:
    data = lines(
        "%%%% HASHDEEP-1.0",
        "%%%% size,md5,sha256,filename",
        "## Invoked from: /",
        f'{len(content(1))},{digests(1).md5},{digests(1).sha256},/a, with a comma and a ".jpg',
        "12",
    )

    ready = planned(tmp_path, data)

    assert ready.usable == (("md5", 1), ("sha256", 1))
    assert (ready.sized, ready.rejected) == (1, 1)
    assert ready.problems[0].number == 5


def test_lines_that_are_no_hash_are_rejected_with_number_and_reason(tmp_path: Path) -> None:
    data = lines(
        digests(1).md5,
        digests(1).md5[:-1],
        "",
        hashlib.sha512(b"x").hexdigest(),
        "\udcff\udcfe",
        "teapot",
        f"SHA512 (x) = {hashlib.sha512(b'x').hexdigest()}",
        f"MD5 (x) = {digests(1).sha1}",
        EMPTY.sha1,
    )

    ready = planned(tmp_path, data)

    assert [one.number for one in ready.problems] == [2, 4, 5, 6, 7, 8]
    reasons = " | ".join(one.reason for one in ready.problems)
    for part in ("31 characters long", "SHA-512", "not valid UTF-8", "does not start with a hash", "MD5 has 32"):
        assert part in reasons
    assert (ready.rows, ready.used, ready.rejected, ready.empty) == (8, 1, 6, 1)


def test_a_very_long_line_costs_that_line_only(tmp_path: Path) -> None:
    ready = planned(tmp_path, lines(digests(1).md5, "x" * (3 << 20), digests(2).md5))

    assert (ready.used, ready.rejected) == (2, 1)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_a_table_is_read_by_its_headings(tmp_path: Path, delimiter: str, bom: bytes) -> None:
    rows = [["File Name", "MD5", "SHA-1", "Category", "Size"]]
    rows += [[f"{n}.jpg", digests(n).md5, digests(n).sha1.upper(), "1", str(len(content(n)))] for n in range(3)]

    ready = planned(tmp_path, bom + lines(*(delimiter.join(row) for row in rows)), code_labels={"1": "Teapot"})

    assert (ready.rows, ready.used, ready.sized) == (3, 3, 3)
    assert ready.usable == (("md5", 3), ("sha1", 3))
    assert [(one.code, one.label, one.rows) for one in ready.codes] == [("1", "Teapot", 3)]


def test_a_table_without_heading_is_read_by_numbers(tmp_path: Path) -> None:
    data = lines(*(f"x,{digests(n).md5},y,z,{n % 2}" for n in range(4)))

    ready = planned(tmp_path, data, columns={"md5": 2, "category": 5}, code_labels={"0": "Cup", "1": "Teapot"})

    assert (ready.rows, ready.used, ready.needs) == (4, 4, ())
    assert "md5 in column 2" in ready.format


def test_columns_are_chosen_by_heading_too(tmp_path: Path) -> None:
    data = lines("Kind;Prüfsumme", *(f"A2;{digests(n).sha256}" for n in range(4)))

    ready = planned(tmp_path, data, columns={"sha256": "prüfsumme", "category": "kind"}, code_labels={"A2": "Cup"})

    assert (ready.rows, ready.used) == (4, 4)


def test_the_first_row_is_data_when_its_hash_is_merely_too_short(tmp_path: Path) -> None:
    ready = planned(tmp_path, lines(f"{digests(0).md5[:-1]},1", f"{digests(1).md5},1"), columns={"md5": 1})

    assert [(one.number, one.reason) for one in ready.problems] == [(1, "the hash is 31 characters long; MD5 has 32")]


def test_the_interpol_list_is_read_and_its_photodna_counted(tmp_path: Path) -> None:
    heading = (
        "MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;"
        "Number of submissions;File Available;Media Type;Baseline"
    )
    row = f"{digests(1).md5};{digests(1).sha1};abc;1;True;False;False;;2;True;Image;TRUE"

    ready = planned(tmp_path, lines(heading, row), columns={"md5": 1, "sha1": "SHA1", "category": "Baseline"})

    assert (ready.used, ready.photodna, ready.needs) == (1, 1, ("TRUE",))


def test_quoted_fields_may_hold_delimiters_and_line_ends(tmp_path: Path) -> None:
    data = lines("name,comment,md5", f'"a, b","two\nlines",{digests(1).md5}', f"x,y,{digests(2).md5[:-1]}")

    ready = planned(tmp_path, data)

    assert ready.used == 1
    assert [one.number for one in ready.problems] == [4]


def test_a_quote_that_is_never_closed_does_not_swallow_rows_in_silence(tmp_path: Path) -> None:
    data = lines("name,md5", f"a,{digests(1).md5}", f'"b,{digests(2).md5}', f"c,{digests(3).md5}")

    ready = planned(tmp_path, data)

    assert (ready.used, ready.rejected) == (1, 1)
    assert "lines 3 to 4 are one broken quoted row" in ready.problems[0].reason


def test_bytes_that_are_not_utf8_spoil_a_row_only_where_they_matter(tmp_path: Path) -> None:
    data = lines(
        "name,md5,category",
        f"\udce9,{digests(1).md5},1",
        f"x,\udce9{digests(2).md5[1:]},1",
        f"x,{digests(3).md5},\udce9",
    )

    ready = planned(tmp_path, data, code_labels={"1": "Teapot"})

    assert (ready.used, ready.partly, ready.rejected) == (2, 1, 1)
    assert [(one.number, one.reason) for one in ready.problems] == [
        (3, "not valid UTF-8"),
        (4, "the category is not readable text; the rest of the row is used"),
    ]


@pytest.mark.parametrize(
    ("data", "columns", "said"),
    [
        (b"", {}, "empty"),
        (b"teapot\ncup\n", {}, "not recognised"),
        (b"a,b\nc,d\n", {"md5": 1}, "no usable hash"),
        (b"a,b\nc,d\n", {"md5": 5}, "in column 5, but the table has 2"),
        (b"a,b\nc,d\n", {"md5": "hash"}, "no column headed 'hash'"),
        (b"a,b\nc,d\n", {"category": 1}, "no column of the table is known to hold hashes"),
        (b"PK\x03\x04rest", {}, "zip archive is broken"),
        (b"SQLite format 3\0rest", {}, "database is broken"),
        (b"\x89PNG\r\n\0\0", {}, "not text"),
        (EMPTY.md5.encode(), {}, "no usable hash"),
        (b"#only\n\n#comments", {}, "not recognised"),
    ],
)
def test_a_file_that_cannot_be_imported_says_why(
    tmp_path: Path, data: bytes, columns: dict[str, int | str], said: str
) -> None:
    with pytest.raises(OperatorFault, match=said):
        planned(tmp_path, data, columns=columns)


@pytest.mark.parametrize("name", ["absent.txt", "."])
def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OperatorFault, match="cannot be read"):
        plan(tmp_path / name, options())


def test_a_fault_never_repeats_a_row_of_the_list(tmp_path: Path) -> None:
    with pytest.raises(OperatorFault) as caught:
        planned(tmp_path, lines(f"{digests(1).md5},secret name", "x,y"))

    assert "secret" not in str(caught.value)


@settings(deadline=None)
@given(
    data=st.binary(max_size=300)
    | st.text(alphabet='0123456789abcdefMD5 (),;="\n\r\t%#\\', max_size=400).map(str.encode)
)
def test_no_input_brings_the_importer_down(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("list")
    for columns in ({}, {"md5": 1}):
        try:
            ready = planned(folder, data, columns=columns)
        except SakshyaFault:
            continue
        assert ready.rows == ready.used + ready.rejected + ready.empty


@settings(deadline=None)
@given(numbers=st.lists(st.integers(0, 40), min_size=1), style=st.sampled_from(["md5", "sha1", "sha256"]))
def test_what_is_on_the_list_is_found_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int], style: str
) -> None:
    folder = tmp_path_factory.mktemp("list")
    data = lines(*(getattr(digests(number), style) for number in numbers))

    sets = SetFolder(folder / "sets")
    commit(planned(folder, data), sets, at=AT)

    with sets.open() as open_sets:
        assert {n for n in range(50) if open_sets.lookup(digests(n), 8)} == set(numbers)


def test_options_are_read_as_they_are_typed() -> None:
    assert read_columns("md5=2, category=Baseline,size=5") == {"md5": 2, "category": "Baseline", "size": 5}
    assert read_code_labels(["0=not relevant", "A = x = y"]) == {"0": "not relevant", "A": "x = y"}


@pytest.mark.parametrize("text", ["", "md5", "md5=", "=2", "md5=1,md5=2"])
def test_columns_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(OperatorFault):
        read_columns(text)


@pytest.mark.parametrize("columns", [{"crc": 1}, {"md5": 0}])
def test_columns_that_cannot_exist_are_refused(columns: dict[str, int | str]) -> None:
    with pytest.raises(OperatorFault):
        options(columns=columns)
