"""Reads a list once and says what importing it would do."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sakshya.domain.faults import OperatorFault
from sakshya.matching.importers.codes import CodeBook, cautions
from sakshya.matching.importers.detect import detect
from sakshya.matching.importers.options import ImportOptions
from sakshya.matching.importers.plan import ImportPlan, ProblemRow
from sakshya.matching.importers.reading import rows
from sakshya.matching.importers.rows import Digest, Row, is_empty_content
from sakshya.matching.importers.source import ListFile, Watch, unwatched
from sakshya.matching.sets import id_of_set

_SHOWN = 20


def plan(file: Path, options: ImportOptions, *, watch: Watch = unwatched) -> ImportPlan:
    """Read the list once, keep nothing of it, and return what an import would do.

    `watch` is called with bytes read and bytes in all; it may raise StoppedFault.

    Raises:
        OperatorFault: the list cannot be read, is broken, or has no usable hash; or an answer does not fit it.
    """
    set_id = id_of_set(options.name, options.version)
    book = CodeBook(options)
    with ListFile(file, watch) as source:
        form = detect(source, options.columns)
        tally = _Tally()
        for row, digests in usable(rows(source, form), tally):
            tally.use(row, digests, book)
        sha256 = source.sha256()
    if not tally.used:
        raise _nothing_usable(file, str(form), tally)
    codes = book.explain(tally.codes)
    return ImportPlan(
        file=file,
        options=options,
        set_id=set_id,
        form=form,
        source_sha256=sha256,
        source_size=source.size,
        rows=tally.rows,
        used=tally.used,
        partly=tally.partly,
        rejected=tally.rejected,
        empty=tally.empty,
        problems=tuple(tally.problems),
        usable=tuple(sorted(tally.digests.items())),
        codes=codes,
        uncoded=tally.used - sum(one.rows for one in codes),
        sized=tally.sized,
        photodna=tally.photodna,
        other_hashes=tally.other,
        cautions=cautions(options, form, codes, file.name),
        needs=tuple(one.code for one in codes if not one.label),
    )


@dataclass(slots=True)
class _Tally:
    """The counts of one reading."""

    rows: int = 0
    used: int = 0
    partly: int = 0
    rejected: int = 0
    empty: int = 0
    sized: int = 0
    photodna: int = 0
    other: int = 0
    digests: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    problems: list[ProblemRow] = field(default_factory=list)

    def use(self, row: Row, digests: tuple[Digest, ...], book: CodeBook) -> None:
        """Count a record that gives hashes."""
        self.used += 1
        self.sized += row.size > 0
        for algorithm, _ in digests:
            self.digests[algorithm] += 1
        if row.code:
            self.codes[book.spell(row.code)] += 1

    def meet(self, row: Row) -> None:
        """Count what every record has."""
        self.rows += 1
        self.photodna += row.photodna
        self.other += row.other

    def trouble(self, row: Row, reason: str) -> None:
        """Keep the reason where it is one of the first."""
        if len(self.problems) < _SHOWN:
            self.problems.append(ProblemRow(row.number, reason))


def usable(read: Iterable[Row], tally: _Tally | None = None) -> Iterator[tuple[Row, tuple[Digest, ...]]]:
    """Yield the records that give hashes, with those hashes; the hashes of the empty file are dropped."""
    tally = tally or _Tally()
    for row in read:
        tally.meet(row)
        digests = row.digests
        if any(map(is_empty_content, digests)):
            digests = tuple(one for one in digests if not is_empty_content(one))
            if not digests and not row.problem:
                tally.empty += 1
                continue
        if not digests:
            tally.rejected += 1
            tally.trouble(row, row.problem or "the row names the empty file")
            continue
        if row.problem or len(digests) < len(row.digests):
            tally.partly += 1
            tally.trouble(row, f"{row.problem or 'one hash is the empty file’s'}; the rest of the row is used")
        yield row, digests


def _nothing_usable(file: Path, form: str, tally: _Tally) -> OperatorFault:
    first = tally.problems[0] if tally.problems else None
    why = f"; the first: row {first.number}, {first.reason}" if first else ""
    counted = f"{tally.rows} rows, {tally.rejected} rejected, {tally.empty} of the empty file{why}"
    photodna = f"; {tally.photodna} PhotoDNA values are not comparable here" if tally.photodna else ""
    return OperatorFault(
        f"the list has no usable hash ({form}: {counted}{photodna})",
        where=str(file),
        advice="check the file and the chosen columns",
    )
