"""Goes once through the segment files of an EWF exhibit and notes what lies where."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sakshya.domain.exhibit import StatedDigest
from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.containers.ewf_header import header_values
from sakshya.evidence.containers.ewf_sections import (
    Media,
    Section,
    bad_sectors,
    content,
    is_digest_intact,
    parse_media,
    sections,
    segment_number,
    stored_digests,
)
from sakshya.evidence.containers.ewf_tables import Table, read_copy, with_second_copy
from sakshya.evidence.containers.segments import ewf_names
from sakshya.evidence.readonly import ReadOnlyFile, open_exhibit_file

_AGAIN = "copy the segment files again from their source"


@dataclass(frozen=True, slots=True)
class Index:
    """What the sections of all segments say together; `lost` says why chunks that no table names are not there."""

    media: Media
    smart: bool
    tables: tuple[Table, ...]
    stored: tuple[StatedDigest, ...]
    acquisition: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]
    lost: str


@dataclass(slots=True)
class _Notes:
    """What has been read so far. `groups` are the tables between two gaps of unknown length."""

    media: Media | None = None
    smart: bool = False
    groups: list[list[Table]] = field(default_factory=lambda: [[]])
    stored: dict[StatedDigest, None] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=lambda: {"header2": {}, "xheader": {}, "header": {}})
    problems: list[str] = field(default_factory=list)
    bad: list[tuple[int, int]] = field(default_factory=list)
    data_end: int = 0
    broken_table: bool = False

    def gap(self, problem: str) -> None:
        """Note that chunks of unknown number are lost here."""
        self.problems.append(problem)
        if self.groups[-1] or len(self.groups) == 1:
            self.groups.append([])


def open_index(files: Sequence[Path], stack: contextlib.ExitStack) -> tuple[list[ReadOnlyFile], Index]:
    """Open all segments and index them; `stack` closes the files.

    Raises:
        OperatorFault: a named file does not exist.
        EvidenceFault: the exhibit cannot be opened at all.
    """
    named = _in_order(files, stack)
    first = named[0]
    if segment_number(first) != 1:
        raise EvidenceFault("not the first segment of the exhibit", where=str(first.path), advice="name the .E01 file")
    notes, opened = _Notes(), [first]
    ending = _read_segment(first, 0, notes)
    names = ewf_names(first.path) if len(named) == 1 else iter([file.path for file in named[1:]])
    ready = {file.path: file for file in named}
    while ending != "done":
        following = _next_segment(names, ready, stack)
        if following is None:
            last = opened[-1].path.name
            missing = f"the segment after {last} is missing" if ending == "next" else f"{last} is cut short"
            notes.gap(f"missing segment: {missing}")
            break
        file, skipped = following
        number = segment_number(file)
        if number is None:
            notes.gap(f"missing segment: {file.path.name} is not an EWF segment")
            continue
        if ending != "next":
            notes.gap(f"missing segment: {opened[-1].path.name} is cut short")
        elif skipped or number != (segment_number(opened[-1]) or 0) + 1:
            notes.gap(f"missing segment: the segment after {opened[-1].path.name} is missing")
        opened.append(file)
        ending = _read_segment(file, len(opened) - 1, notes)
    return opened, _finish(notes, first, whole=ending == "done")


def _in_order(files: Sequence[Path], stack: contextlib.ExitStack) -> list[ReadOnlyFile]:
    opened = [stack.enter_context(open_exhibit_file(path)) for path in files]
    if len(opened) == 1:
        return opened
    numbers = [segment_number(file) for file in opened]
    for file, number in zip(opened, numbers, strict=True):
        if number is None:
            raise EvidenceFault("not an EWF segment", where=str(file.path), advice=_AGAIN)
    if len(set(numbers)) < len(numbers):
        raise EvidenceFault("two files are the same segment of the exhibit", where=str(files[0]), advice=_AGAIN)
    return [file for _, file in sorted(zip(numbers, opened, strict=True), key=lambda pair: pair[0] or 0)]


def _next_segment(
    names: Iterator[Path], ready: dict[Path, ReadOnlyFile], stack: contextlib.ExitStack
) -> tuple[ReadOnlyFile, int] | None:
    """Return the next segment that is there and how many names before it were not."""
    for skipped, path in enumerate(names):
        if path in ready:
            return ready[path], skipped
        if path.is_file():
            return stack.enter_context(open_exhibit_file(path)), skipped
        if skipped > 200:
            return None
    return None


def _read_segment(file: ReadOnlyFile, number: int, notes: _Notes) -> str:
    """Note all sections of one segment; return the kind of the last one."""
    kind = ""
    for section in sections(file):
        kind = section.kind
        if not section.intact:
            notes.problems.append(f"{file.path.name}: the head of section {kind} at byte {section.offset} is damaged")
        if kind in ("volume", "disk", "data"):
            _note_media(file, section, notes)
        elif kind == "sectors":
            notes.data_end = section.end
        elif kind in ("table", "table2"):
            _note_table(file, section, number, notes)
        else:
            _note_other(file, section, notes)
        if section.end > file.size and kind not in ("next", "done"):
            return "cut"
    return kind


def _note_media(file: ReadOnlyFile, section: Section, notes: _Notes) -> None:
    if notes.media is not None:
        return
    raw = content(file, section)
    notes.media = parse_media(raw)
    notes.smart = notes.media is not None and len(raw) < 1052


def _note_table(file: ReadOnlyFile, section: Section, number: int, notes: _Notes) -> None:
    copy = read_copy(file, section, smart=notes.smart)
    if section.kind == "table":
        notes.broken_table = copy is None
        if copy is not None:
            # Old and SMART files keep the chunks behind the entries in the same section.
            before = notes.data_end > 0 and copy.base < section.offset
            end = notes.data_end if before and notes.data_end <= section.offset else section.end
            notes.groups[-1].append(Table(number, 0, (copy,), end))
        return
    if notes.broken_table and copy is not None:
        notes.problems.append(f"{file.path.name}: an offset table is damaged; its copy is used")
        notes.groups[-1].append(Table(number, 0, (copy,), notes.data_end or section.offset))
    elif notes.broken_table:
        notes.gap(f"{file.path.name}: an offset table and its copy are damaged")
    elif copy is not None and notes.groups[-1]:
        notes.groups[-1][-1] = with_second_copy(notes.groups[-1][-1], copy)
    notes.broken_table = False


def _note_other(file: ReadOnlyFile, section: Section, notes: _Notes) -> None:
    kind = section.kind
    if kind in notes.values:
        for name, value in header_values(content(file, section)):
            notes.values[kind].setdefault(name, value)
    elif kind in ("hash", "digest"):
        raw = content(file, section)
        if is_digest_intact(kind, raw):
            notes.stored.update(
                (StatedDigest(name, value, "container"), None) for name, value in stored_digests(kind, raw)
            )
        else:
            notes.problems.append(f"{file.path.name}: the stored digest is damaged and not used")
    elif kind == "error2":
        notes.bad.extend(bad_sectors(content(file, section)))


def _finish(notes: _Notes, first: ReadOnlyFile, *, whole: bool) -> Index:
    media = notes.media
    if media is None:
        raise EvidenceFault("no readable volume section", where=str(first.path), advice=_AGAIN)
    tables = _numbered(notes.groups, media.chunks, whole=whole)
    named = sum(table.count for table in tables)
    needed = -(-media.sectors // media.sectors_per_chunk)
    if not tables:
        raise EvidenceFault("no readable offset table: the file is cut short", where=str(first.path), advice=_AGAIN)
    if named < needed:
        notes.problems.append(f"missing segment: {needed - named} of {needed} chunks are not there")
    if notes.bad:
        count = sum(length for _, length in notes.bad)
        notes.problems.append(f"the acquiring tool could not read {count} sectors, the first at {notes.bad[0][0]}")
    values: dict[str, str] = {}
    for kind in ("header2", "xheader", "header"):
        for name, value in notes.values[kind].items():
            values.setdefault(name, value)
    lost = next((problem for problem in notes.problems if problem.startswith("missing segment")), "no table names it")
    return Index(
        media,
        notes.smart,
        tuple(tables),
        tuple(notes.stored),
        tuple(values.items()),
        tuple(dict.fromkeys(notes.problems)),
        lost.removeprefix("missing segment: "),
    )


def _numbered(groups: list[list[Table]], chunks: int, *, whole: bool) -> list[Table]:
    """Give the tables their first chunk: before the first gap from the start, behind the last one from the end."""
    result, count = [], 0
    for table in groups[0]:
        result.append(Table(table.segment, count, table.copies, table.data_end))
        count += table.count
    if len(groups) > 1 and whole:
        at = chunks - sum(table.count for table in groups[-1])
        if at >= count:
            for table in groups[-1]:
                result.append(Table(table.segment, at, table.copies, table.data_end))
                at += table.count
    return result
