"""Keys that an examiner supplies stay in the case file, and open what they can."""

import json
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from sakshya.cli.main import main
from sakshya.domain.faults import OperatorFault
from sakshya.testing import tiny_disk
from sakshya.triage.events import Event, Note
from sakshya.workbench import AttachRequest, Workbench
from sakshya.workbench.attach import exhibit_json
from sakshya.workbench.unlock import keys_in
from tests.support.small_case import EXAMINER, desk_in, scan

SECRET = "टीपॉट-Zx9!qPassw0rd"
OTHER = "123456-654321-111111-222222-333333-444444-555555-666666"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """An encrypted case with one exhibit that came with a key."""
    (tmp_path / "disk.dd").write_bytes(tiny_disk({"/a.txt": b"words"}))
    head = {"template": "india-bsa", "unit_name": "Test Unit"}
    with Workbench.new_case(tmp_path / "case", head, desk=desk_in(tmp_path), by=EXAMINER, passphrase="door") as made:
        said = [*made.attach(AttachRequest((str(tmp_path / "disk.dd"),), "EX-1", keys=(SECRET,)))]
        assert SECRET not in _spoken(said)
        yield made


def _spoken(events: list[Event]) -> str:
    return " ".join(f"{one!r} {one.line()} {json.dumps(one.as_json(), ensure_ascii=False)}" for one in events)


def test_a_key_comes_back_with_its_exhibit_and_is_kept_once(bench: Workbench) -> None:
    assert bench.case.exhibits.get("EX-1").keys == (SECRET,)

    assert bench.case.exhibits.add_keys("EX-1", (SECRET, OTHER, "")) == 1

    assert bench.case.exhibits.get("EX-1").keys == (SECRET, OTHER)


def test_no_key_is_in_the_ledger_the_bundle_the_rows_or_the_folder_of_an_encrypted_case(
    bench: Workbench, tmp_path: Path
) -> None:
    said = [*bench.unlock("EX-1", (OTHER,))]
    scan(bench)
    bench.bundle(tmp_path / "bundle")

    exhibit = bench.case.exhibits.get("EX-1")
    ledger = json.dumps(
        [(one.act, dict(one.public), dict(one.private or {})) for one in bench.case.ledger.entries()],
        ensure_ascii=False, default=str,
    )  # fmt: skip
    shown = _spoken(said) + repr(exhibit) + repr(AttachRequest((), "EX-9", keys=(SECRET,))) + ledger
    shown += json.dumps(exhibit_json(exhibit, exhibit.last_verification), ensure_ascii=False)
    bench.close()
    files = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())

    for key in (SECRET, OTHER):
        assert key not in shown
        for spelt in (key.encode(), json.dumps(key).strip('"').encode(), key.encode("utf-16-le")):
            assert spelt not in files
    assert '"keys_supplied": 1' in ledger


def test_a_key_is_not_in_the_text_of_a_fault(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "disk.dd").unlink()

    with pytest.raises(Exception, match="not where it was") as caught:
        list(bench.unlock("EX-1", (OTHER,)))

    told = "".join(traceback.format_exception(caught.value))
    assert OTHER not in told
    assert SECRET not in told


def test_a_case_that_is_not_encrypted_says_that_the_key_stands_readable_in_it(tmp_path: Path) -> None:
    (tmp_path / "disk.dd").write_bytes(tiny_disk({"/a.txt": b"words"}))
    with Workbench.new_case(
        tmp_path / "case", {"template": "india-bsa"}, desk=desk_in(tmp_path), by=EXAMINER, unencrypted_reason="test"
    ) as bench:
        first = [*bench.attach(AttachRequest((str(tmp_path / "disk.dd"),), "EX-1", keys=(SECRET,)))]
        later = [*bench.unlock("EX-1", (OTHER,))]

    for events in (first, later):
        assert any(isinstance(one, Note) and "readable in its case file" in one.text for one in events)


def test_keys_are_read_one_a_line_or_as_a_whole_binary_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_bytes("one\r\n\n two words \nएक\none\n".encode())
    assert keys_in(file) == ("one", " two words ", "एक")

    file.write_bytes(b"\x00\xff\x10key\n")
    assert keys_in(file)[0].encode("utf-8", "surrogateescape") == b"\x00\xff\x10key\n"

    file.write_bytes(b"\n\n")
    with pytest.raises(OperatorFault, match="empty"):
        keys_in(file)


def test_the_command_takes_keys_from_a_file_and_never_from_its_own_words(
    bench: Workbench, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bench.close()
    (tmp_path / "keys").write_text(f"{OTHER}\n", encoding="utf-8")
    (tmp_path / "door").write_text("door\n", encoding="utf-8")
    opened = [str(tmp_path / "case"), "--passphrase-file", str(tmp_path / "door"), "--jsonl"]

    done = main(["exhibit", "unlock", *opened, "--exhibit", "EX-1", "--unlock-file", str(tmp_path / "keys")])
    refused = main(["exhibit", "unlock", *opened, "--exhibit", "EX-1", "--unlock-prompt"])

    out, err = capfd.readouterr()
    assert (done, refused) == (0, 2)
    assert json.loads(out.splitlines()[-1])["keys_supplied"] == 2
    assert "there is no terminal" in err
    assert OTHER not in out + err
