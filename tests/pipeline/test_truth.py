"""Every listed third-party disk image against what an independent reader found on it."""

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from sakshya.domain.entry import Entry, EntryKind
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Of, Unexamined
from sakshya.evidence.attach import describe
from sakshya.evidence.tree import ExhibitReader
from tests.support.truth import expanded, printed, read_truth, truth_entries, truth_files

pytestmark = pytest.mark.data


def _reader(path: Path) -> ExhibitReader:
    return ExhibitReader(Exhibit("EX-1", (str(path),), describe([str(path)])))


def _digests(reader: ExhibitReader, entry: Entry) -> tuple[str, str] | None:
    md5, sha256 = hashlib.md5(), hashlib.sha256()
    try:
        for chunk in reader.source(entry.locator).chunks():
            md5.update(chunk)
            sha256.update(chunk)
    except EvidenceFault:
        return None
    return md5.hexdigest(), sha256.hexdigest()


@pytest.mark.parametrize("name", truth_files() or ("absent",))
def test_every_path_size_and_content_agrees_and_nothing_else_is_listed(name: str, tmp_path: Path) -> None:
    truth = read_truth(name)
    path = expanded(truth["source"], tmp_path)
    with _reader(path) as reader:
        walked = list(reader.walk())
        by_offset: dict[int, list[Entry]] = {}
        for one in walked:
            if isinstance(one, Entry):
                by_offset.setdefault(one.locator.offset, []).append(one)

        for filesystem in truth["filesystems"]:
            offset = filesystem["offset_sectors"] * 512
            if "entries" not in filesystem:
                assert by_offset.get(offset) or _is_stated(walked, offset)
                continue
            _compare(reader, by_offset[offset], filesystem)
            _nothing_else_is_listed(by_offset[offset], filesystem)
        account = reader.account()

    assert account.total == account.in_files + account.slack + account.unallocated + account.not_addressable
    assert min(account.in_files, account.slack, account.unallocated, account.not_addressable) >= 0


def _is_stated(walked: list[Entry | Unexamined], offset: int) -> bool:
    return any(
        isinstance(one, Unexamined) and one.of is Of.VOLUME and one.locator is not None and one.locator.offset == offset
        for one in walked
    )


def _compare(reader: ExhibitReader, ours: list[Entry], filesystem: dict[str, object]) -> None:
    listed = truth_entries(filesystem)
    our_paths = Counter((printed(entry), not entry.allocated) for entry in ours)
    for entry in listed:
        assert our_paths[(entry.path, entry.deleted)] > 0, entry

    by_path: dict[str, list[Entry]] = {}
    for one in ours:
        by_path.setdefault(printed(one), []).append(one)
    for entry in listed:
        same = [one for one in by_path[entry.path] if one.allocated is not entry.deleted]
        if entry.kind in "rd":
            assert entry.size in {one.size for one in same}, entry
        if entry.kind == "r" and entry.md5 is not None and any(one.locator.address is not None for one in same):
            digests = {_digests(reader, one) for one in same}
            assert (entry.md5, entry.sha256) in digests, (entry, digests)


def _nothing_else_is_listed(ours: list[Entry], filesystem: dict[str, object]) -> None:
    known = {entry.path for entry in truth_entries(filesystem)}
    extra = [printed(one) for one in ours if one.kind is EntryKind.FILE and printed(one) not in known]
    assert [one for one in extra if not _is_known_extra(one)] == []


def _is_known_extra(path: str) -> bool:
    """We list more than that reader: forks, hidden labels, records without a name, a deleted exFAT directory."""
    return (
        path.startswith(("/$OrphanFiles/", "/test/"))
        or "(Volume Label Entry)" in path
        or path.endswith((":rsrc", ":myxattr", "/FILE1.TXT", "/File1.txt", "/File2.txt"))
    )
