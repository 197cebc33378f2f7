import base64
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.domain.faults import OperatorFault, SakshyaFault
from sakshya.matching.importers import ImportPlan, commit, plan
from sakshya.matching.sets import SetFolder

from .lists import AT, CONTEXT_13, CONTEXT_20, content, digests, imported, options, record, vics

_JSON_BITS = st.sampled_from(
    [b"null", b"[]", b"{}", b"1e9", b"1.5", b"9" * 5000, b'"', b"\\", b"true", b'"Media":[1],']
)
PHOTODNA = base64.b64encode(bytes(144)).decode()


def planned(tmp_path: Path, data: bytes, **changes: object) -> ImportPlan:
    file = tmp_path / "list.json"
    file.write_bytes(data)
    return plan(file, options(**changes))


def found_in(sets: SetFolder, *numbers: int) -> list[bool]:
    with sets.open() as open_sets:
        return [bool(open_sets.lookup(digests(number), len(content(number)))) for number in numbers]


@pytest.mark.parametrize("version", ["1.1", "1.2", "1.3"])
def test_the_older_versions_are_read(tmp_path: Path, version: str) -> None:
    ready = planned(tmp_path, vics([record(1)], key="odata.metadata", context=CONTEXT_13.replace("1.3", version)))

    assert ready.format == f"VICS {version} JSON"
    assert ready.used == 1


@pytest.mark.parametrize(
    ("context", "shown"),
    [
        (CONTEXT_20, "VICS 2.0 JSON (US)"),
        (CONTEXT_20.replace("/US/", "/CUSTOM/"), "VICS 2.0 JSON (CUSTOM)"),
        (CONTEXT_20.replace("github.com", "elsewhere.example").upper(), "VICS 2.0 JSON (US)"),
        ("https://x.example/projectvic/datamodels/2.0.xml/Default/$metadata#Cases", "VICS 2.0 JSON (Default)"),
    ],
)
def test_any_host_country_and_case_is_recognised(tmp_path: Path, context: str, shown: str) -> None:
    assert planned(tmp_path, vics([record(1)], context=context)).format == shown


def test_bom_escaped_slashes_line_ends_and_indents_make_no_difference(tmp_path: Path) -> None:
    plain = vics([record(1), record(2)])
    indented = json.dumps(json.loads(plain), indent="\t").replace("\n", "\r\n").encode()
    spellings = [
        b"\xef\xbb\xbf" + plain,
        plain.replace(b"/", b"\\/"),
        indented,
        b"\xff\xfe" + plain.decode().encode("utf-16-le"),
        b"\xfe\xff" + plain.decode().encode("utf-16-be"),
    ]

    for number, data in enumerate(spellings):
        ready = planned(tmp_path, data)
        assert (ready.rows, ready.used, ready.format) == (2, 2, "VICS 2.0 JSON (US)")
        sets = SetFolder(tmp_path / str(number))
        commit(ready, sets, at=AT)
        assert found_in(sets, 1, 2, 3) == [True, True, False]


def test_both_shapes_are_read(tmp_path: Path) -> None:
    case = {"CaseID": "x", "CaseMetadata": [{"PropertyName": "Media", "PropertyValue": "no"}], "Agency": "Cell"}
    cases = [{**case, "Media": [record(1), record(2)]}, {**case, "Media": []}, {**case, "Media": [record(3)]}]

    sets, known = imported(tmp_path, vics(cases, context=CONTEXT_20.replace("#Media", "#Cases")))

    assert known.entries == 3
    assert found_in(sets, 1, 2, 3) == [True, True, True]


def test_quirks_of_real_writers_are_accepted(tmp_path: Path) -> None:
    quirky = record(
        1,
        MD5=digests(1).md5.upper(),
        SHA1=None,
        MediaSize=str(len(content(1))),
        VictimIdentified="false",
        IsPrecategorized="true",
        Tags=["a", "b"],
        Series={"Name": "S"},
        Category="1",
        **{"Case No.": "7", "MediaFiles": [{"FileName": "चाय.jpg", "MD5": digests(9).md5}]},
    )

    sets, known = imported(tmp_path, vics([quirky, record(2, MD5="", Category=1.0), record(3, Category=None)]))

    assert known.algorithms == (("md5", 2), ("sha1", 2))
    assert found_in(sets, 1, 2, 3, 9) == [True, True, True, False]


def test_a_flag_is_no_verdict_and_a_null_category_is_none(tmp_path: Path) -> None:
    ready = planned(tmp_path, vics([record(n, Category=None, IsPrecategorized=True) for n in range(5)]))

    assert (ready.codes, ready.uncoded, ready.needs) == ((), 5, ())


def test_alternative_hashes_are_taken_or_counted(tmp_path: Path) -> None:
    others = [
        {"MD5": digests(1).md5, "HashName": "SHA-256", "HashValue": digests(1).sha256.upper()},
        {"HashName": "sha1", "HashValue": digests(1).sha1},
        {"HashName": "PhotoDNA", "HashValue": PHOTODNA},
        {"HashName": "EDK", "HashValue": "x"},
        {"HashName": None, "HashValue": None},
        "junk",
    ]
    data = vics([record(1, AlternativeHashes=others), record(2, PhotoDNA=PHOTODNA, AlternativeHashes=None)])

    ready = planned(tmp_path, data)

    assert ready.usable == (("md5", 2), ("sha1", 2), ("sha256", 1))
    assert (ready.photodna, ready.other_hashes, ready.rejected) == (2, 1, 0)


def test_no_miniature_and_no_photodna_reaches_the_set(tmp_path: Path) -> None:
    thumbnail = base64.b64encode(b"\xff\xd8\xff" + b"TEAPOT" * 50).decode()
    sets, known = imported(tmp_path, vics([record(1, Miniature=thumbnail, PhotoDNA=PHOTODNA, Comments="FREE TEXT")]))

    kept = b"".join(path.read_bytes() for path in (sets.path / known.id).iterdir())
    assert all(part not in kept for part in (b"TEAPOT", thumbnail[:40].encode(), PHOTODNA[:40].encode(), b"FREE TEXT"))


def test_a_wrong_hash_is_named_with_its_record_and_the_rest_of_the_record_is_used(tmp_path: Path) -> None:
    broken = [
        record(2, MD5=digests(2).md5[:-1]),
        record(3, MD5="g" * 32, SHA1=None),
        record(4, MD5=digests(4).sha1, SHA1=None),
        record(5, MD5=5, SHA1=None),
        "text",
        {"MediaID": 7},
        record(8, Category=True),
        record(9, MD5="ab cd" + "0" * 27, SHA1=None),
    ]

    ready = planned(tmp_path, vics([record(1), *broken]))

    assert [(one.number, one.reason) for one in ready.problems] == [
        (2, "MD5: the hash is 31 characters long; MD5 has 32; the rest of the row is used"),
        (3, "MD5: a character in the hash is not hexadecimal"),
        (4, "MD5: the hash is 40 characters long; MD5 has 32"),
        (5, "MD5: the hash is not text"),
        (6, "the record is not an object"),
        (7, "the record has no hash that can be compared"),
        (8, "the category is neither a number nor text; the rest of the row is used"),
        (9, "MD5: a character in the hash is not hexadecimal"),
    ]
    assert (ready.rows, ready.used, ready.partly, ready.rejected, ready.empty) == (9, 3, 2, 6, 0)


def test_only_the_first_twenty_problems_are_kept_but_all_are_counted(tmp_path: Path) -> None:
    ready = planned(tmp_path, vics([record(0), *({"MD5": "short"} for _ in range(50))]))

    assert (len(ready.problems), ready.rejected) == (20, 50)


@pytest.mark.parametrize(
    ("damage", "number"),
    [
        (lambda data: data[: data.index(b'"MediaID": 700') + 30], 701),
        (lambda data: data.replace(b'"MediaID": 700', b'"MediaID": "\xff\xfe"'), 701),
        (lambda data: data.replace(b'"MediaID": 3,', b'"MediaID": 3;'), 4),
        (lambda data: data + b"trailing", 1001),
        (lambda data: data[:-2], 1001),
    ],
)
def test_broken_json_names_the_record_and_imports_nothing(
    tmp_path: Path, damage: Callable[[bytes], bytes], number: int
) -> None:
    with pytest.raises(OperatorFault) as caught:
        planned(tmp_path, damage(vics([record(n) for n in range(1000)])))

    assert f"broken in or after record {number} (" in str(caught.value)
    assert digests(700).md5[:12] not in str(caught.value)


@pytest.mark.parametrize("records", [[], [{}], [record(1, MD5="d41d8cd98f00b204e9800998ecf8427e", SHA1=None)]])
def test_a_file_without_a_usable_hash_is_refused(tmp_path: Path, records: list[object]) -> None:
    with pytest.raises(OperatorFault, match="no usable hash"):
        planned(tmp_path, vics(records))


def test_json_that_is_not_vics_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorFault, match="not VICS"):
        planned(tmp_path, json.dumps([record(1)]).encode())


@pytest.mark.parametrize("text", ['{"odata.metadata":"ProjectVic/DataModels/2.0.xml#Media"', "ProjectVic/DataModels/"])
def test_a_vics_heading_with_nothing_behind_it_is_a_fault_not_a_crash(tmp_path: Path, text: str) -> None:
    with pytest.raises(OperatorFault, match="broken in or after record 1"):
        planned(tmp_path, text.encode())


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a]}":[', '"[\\"]",[', '"\\\\",[', "[],["])
def test_json_nested_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path, opening: str) -> None:
    start = vics([record(1)])[:-2] + b',{"x":['

    with pytest.raises(OperatorFault, match="nested more than 100 levels"):
        planned(tmp_path, start + opening.encode() * 20_000)


def test_brackets_in_text_are_no_nesting(tmp_path: Path) -> None:
    comments = "[" * 500 + '\\"{[' * 20_000

    ready = planned(tmp_path, vics([record(number, Comments=comments) for number in range(3)]))

    assert ready.used == 3


def test_bytes_that_are_not_utf8_make_the_file_broken(tmp_path: Path) -> None:
    whole = vics([record(1)])

    with pytest.raises(OperatorFault, match="broken in or after record"):
        planned(tmp_path, whole[:2] + b"\xe0\x80\x80" + whole[2:])


@settings(deadline=None)
@given(data=st.data())
def test_a_spoilt_file_is_read_or_refused_but_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = vics([record(1, AlternativeHashes=[{"HashName": "SHA256", "HashValue": digests(1).sha256}]), record(2)])
    at = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 40))
    spoilt = whole[:at] + data.draw(st.binary(max_size=8) | _JSON_BITS) + whole[at + length :]

    try:
        ready = planned(tmp_path_factory.mktemp("list"), spoilt)
    except SakshyaFault:
        return
    assert ready.rows == ready.used + ready.rejected + ready.empty


@pytest.mark.slow
def test_a_large_file_is_read_and_built_in_constant_memory(tmp_path: Path) -> None:
    miniature = base64.b64encode(bytes(300)).decode()
    file = tmp_path / "large.json"
    with file.open("wb") as out:
        out.write(f'{{"@odata.context":"{CONTEXT_20}","value":['.encode())
        for number in range(200_000):
            one = {"MD5": f"{number * 0x9E3779B97F4A7C15:032x}"[-32:], "Category": number % 3, "Miniature": miniature}
            out.write((b"," if number else b"") + json.dumps(one).encode())
        out.write(b"]}")

    tracemalloc.start()
    ready = plan(file, options(code_labels={"2": "Saucer"}))
    reading = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    known = commit(ready, SetFolder(tmp_path / "sets"), at=AT)
    building = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert known.algorithms == (("md5", 200_000),)
    assert reading < 8 << 20
    assert building < 64 << 20
