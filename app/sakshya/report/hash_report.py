"""The hash report that a certificate encloses: a CSV file, and its print as an annexure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.digests import Digests
from sakshya.domain.exhibit import Exhibit, Verification
from sakshya.domain.item import Item
from sakshya.report import blocks
from sakshya.report.blocks import Block
from sakshya.report.finding_section import exhibits_of, first_name
from sakshya.report.spreadsheet import csv_bytes
from sakshya.report.tallying import settled

RECORDS_PRINTED = 400
_COLUMNS = ("record", "exhibit", "item", "name_masked", "size", "sha256", "sha1", "md5", "computed_by", "computed_at")


@dataclass(frozen=True, slots=True)
class HashRecord:
    """One line: `by` and `at` tell of a computation over a whole exhibit and are empty for a content of the scan."""

    exhibit: str
    item: str
    name: str
    size: int
    digests: Digests
    by: str = ""
    at: str = ""

    def row(self, number: int) -> tuple[str, ...]:
        """Return the record's cells in the CSV file."""
        values = (self.digests.sha256, self.digests.sha1, self.digests.md5)
        return (str(number), self.exhibit, self.item, self.name, str(self.size), *values, self.by, self.at)

    def cells(self) -> list[object]:
        """Return the record's cells in print."""
        names = (("SHA-256", self.digests.sha256), ("SHA-1", self.digests.sha1), ("MD5", self.digests.md5))
        digests = [blocks.labelled(name, value) for name, value in names]
        return [self.exhibit, self.item, self.name, f"{self.size:,}", digests]


@dataclass(frozen=True, slots=True)
class HashReport:
    """The records, in order: whole exhibits first, then contents."""

    exhibits: tuple[HashRecord, ...]
    contents: tuple[HashRecord, ...]

    @property
    def count(self) -> int:
        """How many records there are."""
        return len(self.exhibits) + len(self.contents)

    def csv(self) -> bytes:
        """Return the file that is enclosed."""
        records = (*self.exhibits, *self.contents)
        return csv_bytes(_COLUMNS, (record.row(number) for number, record in enumerate(records, start=1)))

    @property
    def sha256(self) -> str:
        """The digest of the file that is enclosed."""
        return hashlib.sha256(self.csv()).hexdigest()


def full_report(case: CaseFile) -> HashReport:
    """Return the first whole computation of each exhibit, and every content that a set or a person settled."""
    whole = (_of_exhibit(one, done) for one in case.exhibits.all() if (done := one.first_computation))
    return HashReport(tuple(whole), tuple(map(_of_content, settled(case))))


def expert_report(computations: Sequence[tuple[Exhibit, Verification]]) -> HashReport:
    """Return an expert's own computations and nothing else."""
    return HashReport(tuple(_of_exhibit(exhibit, done) for exhibit, done in computations), ())


def annexure(report: HashReport, file_name: str, words: dict[str, str]) -> list[Block]:
    """Return the annexure's blocks: where the file is, its digest, and its records."""
    if not report.count:
        return [blocks.note(words["hash_none"])]
    intro = words["hash_intro"].format(name=file_name, n=f"{report.count:,}")
    made = [blocks.text(words["annex_note"]), blocks.pairs([(intro, blocks.digest(report.sha256))])]
    if report.exhibits:
        made += [blocks.heading(words["verified"]), _table(report.exhibits)]
    if report.contents:
        made += [blocks.heading(words["contents"])]
        if len(report.contents) > RECORDS_PRINTED:
            made.append(blocks.note(words["hash_cut"].format(shown=f"{RECORDS_PRINTED:,}")))
        made.append(_table(report.contents[:RECORDS_PRINTED]))
    return made


def _table(records: Sequence[HashRecord]) -> Block:
    columns = {"Exhibit": "auto", "Item": "auto", "Name (masked)": "1fr", "Size": "auto", "Digests": "auto"}
    return blocks.table(columns, (record.cells() for record in records), numbers=[3])


def _of_exhibit(exhibit: Exhibit, done: Verification) -> HashRecord:
    assert done.digests is not None
    return HashRecord(exhibit.number, "", "whole exhibit", done.bytes_read, done.digests, done.by, done.at)


def _of_content(item: Item) -> HashRecord:
    return HashRecord(exhibits_of(item), str(item.id), first_name(item), item.size, item.digests)
