"""P10: what leaves is image-free, masked, sealed and checkable by a stranger."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.faults import DiskFullFault
from sakshya.domain.faults import OperatorFault, VerificationFault
from sakshya.domain.ledger import canonical, line_hash
from sakshya.report import render
from sakshya.report.bundle import BundleResult, write_bundle
from sakshya.report.verifier import verify_bundle
from sakshya.shipped import case_templates
from sakshya.workbench.verify import verify_path
from tests.support.report_case import AT, NAMES, PASSPHRASE, ZONE, add_signer, make_case, verify_again
from tests.support.report_pdf import png

LEDGER = Path("data/ledger/ledger.jsonl")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BundleResult]:
    """One signed bundle, made once; a test that changes it changes a copy."""
    folder = tmp_path_factory.mktemp("sealed")
    with make_case(folder / "case", practice=True) as case:
        yield _seal(case, folder / "bundle")


@pytest.fixture
def copy(sealed: BundleResult, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed.folder, tmp_path / "copy"))


def _seal(case: CaseFile, to: Path) -> BundleResult:
    name = next((one.name for one in case.people.all() if one.public_key), None) or add_signer(case)
    signer = case.people.signer(name, PASSPHRASE)
    return write_bundle(case, to, at=AT, zone=ZONE, by=name, signer=signer, language="en")


def _stranger(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the bundle's own verifier in an interpreter that sees no package at all."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py")]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def _reseal(folder: Path) -> None:
    """Do what somebody without the key can do after changing a bundle: make every manifest agree again."""
    (folder / "signature.json").unlink(missing_ok=True)
    payload = sorted(one for one in (folder / "data").rglob("*") if one.is_file())
    oxum = f"Payload-Oxum: {sum(one.stat().st_size for one in payload)}.{len(payload)}"
    info = (folder / "bag-info.txt").read_text("utf-8").splitlines()
    lines = [oxum if line.startswith("Payload-Oxum") else line for line in info]
    (folder / "bag-info.txt").write_text("\n".join(lines) + "\n", "utf-8")
    _manifest(folder, "manifest-sha256.txt", payload)
    (folder / "tagmanifest-sha256.txt").unlink()
    _manifest(folder, "tagmanifest-sha256.txt", sorted(one for one in folder.iterdir() if one.is_file()))


def _manifest(folder: Path, name: str, files: list[Path]) -> None:
    rows = (f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.relative_to(folder).as_posix()}\n" for one in files)
    (folder / name).write_text("".join(rows), "utf-8")


def _rows(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / LEDGER).read_text("utf-8").splitlines()]


def _write_rows(folder: Path, rows: list[dict[str, object]]) -> None:
    (folder / LEDGER).write_bytes(b"".join(canonical(row) + b"\n" for row in rows))


def test_a_stranger_s_python_finds_the_bundle_whole_and_prints_the_signer_s_key(sealed: BundleResult) -> None:
    outcome = _stranger(sealed.folder)

    assert outcome.returncode == 0, outcome.stdout
    assert outcome.stdout.endswith("the bundle is whole\n")
    assert "signed by Meera Nair (supervisor)" in outcome.stdout
    assert "fingerprint" in outcome.stdout
    assert outcome.stdout.count("its ledger head is line") == 3
    assert outcome.stderr == ""


def test_the_bagit_library_agrees(sealed: BundleResult) -> None:
    bagit = pytest.importorskip("bagit", reason="bagit has no wheel and is not among the locked packages")

    assert bagit.Bag(str(sealed.folder)).validate()


def test_sha256sum_agrees(sealed: BundleResult) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("this system has no sha256sum")
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "--strict", "--quiet", "-c", manifest], cwd=sealed.folder, check=True)


def test_one_changed_byte_in_any_file_is_found_and_the_file_named(copy: Path) -> None:
    for path in sorted(one for one in copy.rglob("*") if one.is_file()):
        name, content = path.relative_to(copy).as_posix(), path.read_bytes()
        for at in {0, len(content) // 2, len(content) - 1}:
            path.write_bytes(content[:at] + bytes([content[at] ^ 0x01]) + content[at + 1 :])
            problems = verify_bundle(copy)
            assert problems, f"{name}, byte {at}"
            # A changed manifest is named by its own name or by the file its changed line no longer names.
            assert name == "tagmanifest-sha256.txt" or any(one.startswith(name) for one in problems), problems
        path.write_bytes(content)
    assert verify_bundle(copy) == []


def test_a_missing_and_an_extra_file_are_named(copy: Path) -> None:
    (copy / "data/findings/items.csv").unlink()
    (copy / "data/findings/extra.csv").write_text("a\n", "utf-8")
    (copy / "note.txt").write_text("a\n", "utf-8")

    problems = "\n".join(verify_bundle(copy))

    assert "data/findings/items.csv: missing" in problems
    assert "data/findings/extra.csv: extra" in problems
    assert "note.txt: extra" in problems
    assert _stranger(copy).returncode == 4


def test_a_bundle_without_its_declaration_is_still_known_and_the_file_named(copy: Path) -> None:
    (copy / "bagit.txt").unlink()

    done = _stranger(copy)

    assert done.returncode == 4
    assert "bagit.txt: missing" in done.stdout
    assert any("bagit.txt: missing" in problem for problem in verify_path(copy, lambda: None).problems)


def _edit(rows: list[dict[str, object]]) -> None:
    rows[3]["who"] = "Somebody Else"


def _edit_and_hash_anew(rows: list[dict[str, object]]) -> None:
    rows[3]["who"] = "Somebody Else"
    rows[3]["hash"] = line_hash(rows[3])


def _remove(rows: list[dict[str, object]]) -> None:
    del rows[3]


def _swap(rows: list[dict[str, object]]) -> None:
    rows[2], rows[3] = rows[3], rows[2]


def _cut_tail(rows: list[dict[str, object]]) -> None:
    del rows[-1]


def _repeat(rows: list[dict[str, object]]) -> None:
    rows.insert(3, rows[2])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_edit, "line 4 was changed"),
        (_edit_and_hash_anew, "line 5 does not follow line 4"),
        (_remove, "line 4 was removed"),
        (_swap, "line 3 stands out of order, after line 4"),
        (_cut_tail, "removed"),
        (_repeat, "line 3 stands here a second time"),
    ],
    ids=["edited", "edited and hashed anew", "removed", "swapped", "tail cut", "repeated"],
)
def test_a_changed_ledger_row_is_named_though_every_manifest_was_made_anew(
    change: Callable[[list[dict[str, object]]], None], named: str, copy: Path
) -> None:
    rows = _rows(copy)
    change(rows)
    _write_rows(copy, rows)
    _reseal(copy)

    outcome = _stranger(copy)

    assert outcome.returncode == 4
    assert named in outcome.stdout
    assert all("ledger" in line for line in outcome.stdout.splitlines() if line.startswith("problem"))


def test_a_chain_written_anew_is_found_against_the_heads_the_papers_print(copy: Path) -> None:
    rows, previous = _rows(copy), "0" * 64
    rows[1]["who"] = "Somebody Else"
    for row in rows:
        row["previous"] = previous
        row["hash"] = previous = line_hash(row)
    _write_rows(copy, rows)
    (copy / "data/ledger/ledger-head.json").write_bytes(canonical({"seq": rows[-1]["seq"], "hash": previous}) + b"\n")
    _reseal(copy)

    problems = verify_bundle(copy)

    assert problems
    assert all("its ledger head is not line" in one for one in problems)


def test_a_paper_the_ledger_does_not_know_is_named(copy: Path) -> None:
    report = next((copy / "data/report").glob("*.pdf"))
    report.write_bytes(report.read_bytes() + b"\n")
    _reseal(copy)

    assert any("no ledger line says that this paper was issued" in one for one in verify_bundle(copy))


def test_a_signature_covers_the_person_the_time_and_every_file(copy: Path) -> None:
    seal = json.loads((copy / "signature.json").read_text("utf-8"))
    seal["statement"]["name"] = "Somebody Else"
    (copy / "signature.json").write_text(json.dumps(seal), "utf-8")

    assert any("the signature is wrong" in one for one in verify_bundle(copy))


def test_nothing_in_the_bundle_names_a_file_a_path_a_place_or_holds_a_mosaic(sealed: BundleResult) -> None:
    everything = b"".join(
        one.read_bytes() for one in sealed.folder.rglob("*") if one.is_file() and one.suffix != ".pdf"
    )

    for name in NAMES:
        stem = name.lstrip("/").encode("utf-8", "surrogateescape")
        assert stem not in everything
        assert json.dumps(name.lstrip("/"))[1:-1].encode() not in everything
    for private in (b"/evidence", b"18.52", b"Artist", b"pdq", b"cells", b"seconds", b"moov"):
        assert private not in everything
    assert {one.suffix for one in sealed.folder.rglob("*") if one.is_file()} <= {
        ".pdf",
        ".csv",
        ".json",
        ".jsonl",
        ".txt",
        ".py",
    }


def test_the_findings_say_what_is_stated_and_by_whom(sealed: BundleResult) -> None:
    items = json.loads((sealed.folder / "data/findings/items.json").read_text("utf-8"))
    matches = json.loads((sealed.folder / "data/findings/matches.json").read_text("utf-8"))
    unexamined = json.loads((sealed.folder / "data/findings/unexamined.json").read_text("utf-8"))

    assert {one["status"] for one in items} == {"known", "decided", "undecided", "unexamined"}
    assert [one["decided_by"] for one in items if one["status"] == "decided"] == ["Asha Devi"]
    assert [(one["stated_by_set"], one["category"], one["basis"]) for one in matches] == [
        ("TEAPOTS", "teapots@1:1", "exact")
    ] * 2
    assert len(unexamined) == 3
    header = (sealed.folder / "data/findings/items.csv").read_text("utf-8").splitlines()[0]
    assert header.split(",") == list(items[0])


def test_a_bundle_with_a_picture_in_a_paper_is_refused_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(case_templates(), tmp_path / "templates"))
    cells = ",".join(map(str, png()))
    with (folder / "shared/report.typ").open("a", encoding="utf-8") as template:
        template.write(f'\n#image(bytes(({cells},)), alt: "stripes")\n')
    monkeypatch.setattr(render, "case_templates", lambda: folder)
    out = tmp_path / "out"

    with make_case(tmp_path / "case") as case:
        before = case.ledger.head()
        with pytest.raises(VerificationFault, match=r"nothing was exported: /Image in PDF object"):
            _seal(case, out / "bundle")

        assert case.ledger.head() == before
    assert list(out.iterdir()) == []


def test_a_broken_ledger_is_not_sealed(tmp_path: Path) -> None:
    with make_case(tmp_path / "case") as case:
        case._db.execute("DROP TRIGGER IF EXISTS ledger_no_update")
        for (trigger,) in case._db.all("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            case._db.execute(f"DROP TRIGGER {trigger}")
        case._db.execute("UPDATE ledger SET subject = 'EX-9' WHERE seq = 2")

        with pytest.raises(VerificationFault, match="line 2 was changed"):
            _seal(case, tmp_path / "out" / "bundle")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    out = tmp_path / "out"
    with make_case(tmp_path / "case") as case:
        before = case.ledger.head()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        try:
            with pytest.raises(DiskFullFault, match="the disk is full; nothing was left behind"):
                write_bundle(case, out / "bundle", at=AT, zone=ZONE, by="Asha Devi", signer=None)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

        assert list(out.iterdir()) == []
        assert case.ledger.head() == before
        assert write_bundle(case, out / "bundle", at=AT, zone=ZONE, by="Asha Devi", signer=None).files


def test_a_bundle_whose_ledger_line_cannot_be_kept_is_taken_away_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with make_case(tmp_path / "case") as case:
        before = case.ledger.head()
        case._db.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        case._db.execute("CREATE TABLE child (p INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
        # A deferred constraint lets every statement pass and makes the commit itself fail.
        case._db.execute("CREATE TRIGGER late AFTER INSERT ON seal BEGIN INSERT INTO child VALUES (7); END")

        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            _seal(case, out / "bundle")

        assert case.ledger.head() == before
    assert list(out.iterdir()) == []


def test_a_folder_in_use_is_refused_and_an_empty_one_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with make_case(tmp_path / "case") as case:
        verify_again(case, "Ravi Kumar")
        with pytest.raises(OperatorFault, match="new or empty folder"):
            _seal(case, tmp_path / "case")

        assert verify_bundle(_seal(case, tmp_path / "empty").folder) == []
        assert verify_bundle(_seal(case, tmp_path / "second").folder) == []
        assert [line.act for line in case.ledger.entries()].count("bundle.seal") == 2
        assert case.ledger.problems() == []
