"""What one process does to one file: read it once, settle it if a set knows it, else look at it."""

import hashlib
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from sakshya.domain.entry import Entry
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.item import Finding, Part
from sakshya.domain.media import Kind, MediaReport
from sakshya.domain.source import Source
from sakshya.domain.source_stream import SourceStream
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from sakshya.matching.exact import OpenSets
from sakshya.media.examine import Look, MediaExamined, examine
from sakshya.media.media_names import promises_media
from sakshya.media.sniff import HEAD_BYTES, UNKNOWN, sniff
from sakshya.triage.content import Content
from sakshya.triage.engine.batch import Attempt, Piece, Task

if TYPE_CHECKING:
    from sakshya.evidence.tree import ExhibitReader

# A picture up to this size is read whole to be decoded, and a video up to the other; a larger one where needed.
_WHOLE_PICTURE = 96 << 20
_WHOLE_VIDEO = 8 << 20
_PREVIEW = 4 << 20
# Of 64 bits; a preview is a small copy, often with black bars, of what it stands for.
_SAME_PICTURE = 14


@dataclass(frozen=True, slots=True)
class MediaTriage:
    """The work of a standard scan: which exhibits, and the known sets; the sets are mapped anew in each worker."""

    exhibits: tuple[Exhibit, ...]
    sets: OpenSets

    def begin(self) -> "MediaExaminer":
        """Return the examiner of this process; exhibits are opened as pieces ask for them."""
        return MediaExaminer(self)

    def blame(self, piece: Piece, reason: Reason, detail: str) -> Finding:
        """Return the finding for a piece that could not be read at all, or, read before, not be decoded."""
        if piece.task is Task.LOOK:
            stage = Stage.READ if reason is Reason.READ_ERROR else Stage.DECODE
            return _not_seen(piece, not_examined(piece, stage, reason, detail))
        return Finding(
            entry=piece.entry,
            digests=None,
            size=piece.size,
            kind=Kind.OTHER,
            mime=UNKNOWN.mime,
            unexamined=(not_examined(piece, Stage.READ, reason, detail),),
            recovery=piece.recovery,
        )


class MediaExaminer:
    """Examines pieces in one worker process."""

    def __init__(self, work: MediaTriage) -> None:
        self._work = work
        self._sets = work.sets
        self._exhibits = {exhibit.number: exhibit for exhibit in work.exhibits}
        self._readers: dict[str, ExhibitReader] = {}

    def __call__(self, piece: Piece, attempt: Attempt, failed: Reason | None) -> Finding:
        """Return the finding for one piece; a read error is a finding too."""
        try:
            source = self._reader(piece.locator.exhibit).source(piece.locator)
            if piece.task is Task.LOOK:
                return self._look(piece, source, attempt, failed)
            content = Content(source)
            content.read()
        except EvidenceFault as fault:
            reason = Reason(fault.reason) if fault.reason else Reason.READ_ERROR
            return self._work.blame(piece, reason, str(fault))
        return self._settle(piece, source, content, attempt)

    def _settle(self, piece: Piece, source: Source, content: Content, attempt: Attempt) -> Finding:
        """Look a content up; a picture or video that no set knows is left for its turn to be decoded."""
        matches = self._sets.lookup(content.digests, content.size)
        looked: MediaExamined | None = None
        left_out: tuple[Unexamined, ...] = ()
        members: tuple[Entry, ...] = ()
        if content.is_media and matches:
            # A picture that a set settles is never decoded, and not looked into any more.
            stream = io.BufferedReader(SourceStream(source))
            looked = examine(stream, content.sniffed, look=Look.FACTS)
            if looked.failure is not None:
                left_out = (not_examined(piece, Stage.DECODE, looked.failure.reason, looked.failure.detail),)
        elif not content.is_media:
            if content.size and content.sniffed == UNKNOWN and _promises_media(piece):
                detail = "its name is that of a picture or a video, and its content is of no format that is known here"
                left_out = (not_examined(piece, Stage.SNIFF, Reason.NOT_DECODABLE, detail),)
            members, unopened = self._inside(piece, source, content, None, attempt)
            left_out = (*left_out, *unopened)
        return Finding(
            entry=piece.entry,
            digests=content.digests,
            size=content.size,
            kind=content.sniffed.kind,
            mime=content.sniffed.mime,
            report=looked.report if looked else None,
            matches=matches,
            unexamined=(*left_out, *self._contradicted(piece, content)),
            recovery=piece.recovery,
            members=members,
            part=Part.SETTLED if content.is_media and not matches else Part.WHOLE,
        )

    def _look(self, piece: Piece, source: Source, attempt: Attempt, failed: Reason | None) -> Finding:
        """Decode a picture or video that was hashed before; one that killed a worker twice is not tried again.

        Raises:
            EvidenceFault: it could be read before, and now cannot.
        """
        if attempt is Attempt.DIGEST_ONLY:
            detail = "decoding it ended the worker process twice"
            line = not_examined(piece, Stage.DECODE, failed or Reason.WORKER_DIED, detail, failed)
            return _not_seen(piece, line, detail)
        seen = Seen(source, piece)
        if not seen.is_the_same:
            return self._work.blame(piece, Reason.READ_ERROR, "a second reading gave other bytes than were hashed")
        # The queue holds only what no set knows; asked again, because decoding what one knows must not happen.
        settled = piece.digests is not None and self._sets.lookup(piece.digests, piece.size)
        looked = examine(seen.stream, seen.content.sniffed, look=Look.FACTS if settled else Look.DECODE)
        if looked.failure is not None and looked.failure.reason is Reason.MEMORY_LIMIT and attempt is Attempt.TOGETHER:
            # Tried once more, alone and with twice the memory.
            raise MemoryError
        left_out: tuple[Unexamined, ...] = ()
        if looked.failure is not None:
            left_out = (not_examined(piece, Stage.DECODE, looked.failure.reason, looked.failure.detail, failed),)
        members, unopened = self._inside(piece, source, seen.content, looked.report, attempt)
        return Finding(
            entry=piece.entry,
            digests=piece.digests,
            size=piece.size,
            kind=seen.content.sniffed.kind,
            mime=seen.content.sniffed.mime,
            report=looked.report,
            unexamined=(*left_out, *unopened),
            recovery=piece.recovery,
            members=members,
            part=Part.LOOKED,
        )

    def _inside(
        self, piece: Piece, source: Source, content: Content, report: MediaReport | None, attempt: Attempt
    ) -> tuple[tuple[Entry, ...], tuple[Unexamined, ...]]:
        """Return what lies inside a content, and what of that could not be listed."""
        name = _format_inside(piece, content)
        if name is None:
            locked = None if content.is_media else _locked(source, content)
            if locked is not None:
                detail = f"{locked}: its own bytes were read, what is in it was not"
                return (), (not_examined(piece, Stage.UNPACK, Reason.ENCRYPTED, detail),)
            if content.sniffed.kind is not Kind.ARCHIVE:
                return (), ()
            detail = f"{content.sniffed.format} archive: its own bytes were read, its members were not"
            return (), (not_examined(piece, Stage.UNPACK, Reason.NOT_UNPACKED, detail),)
        if attempt is Attempt.DIGEST_ONLY:
            detail = f"reading what lies in the {name} file ended the worker process twice"
            return (), (not_examined(piece, Stage.UNPACK, Reason.WORKER_DIED, detail),)
        members: list[Entry] = []
        left_out: list[Unexamined] = []
        try:
            for found in self._reader(piece.locator.exhibit).members(piece.locator, name):
                if isinstance(found, Entry):
                    if not self._repeats(found, report):
                        members.append(_like_holder(found, piece))
                else:
                    left_out.append(found)
        except EvidenceFault as fault:
            reason = Reason(fault.reason) if fault.reason else Reason.NOT_UNPACKED
            left_out.append(not_examined(piece, Stage.UNPACK, reason, str(fault)))
        return tuple(members), tuple(left_out)

    def _repeats(self, member: Entry, report: MediaReport | None) -> bool:
        """Tell whether a picture's own preview shows the picture, as nearly all do, and need not be looked at apart."""
        step = member.locator.inside[-1]
        if step.format != "picture" or not step.name.startswith("preview") or report is None or report.partial:
            return False
        try:
            content = self._reader(member.locator.exhibit).source(member.locator).read_at(0, _PREVIEW)
        except EvidenceFault:
            return False
        looked = examine(io.BytesIO(content), sniff(content[:HEAD_BYTES], len(content)), look=Look.DECODE)
        return _look_alike(looked.report, report)

    def _contradicted(self, piece: Piece, content: Content) -> tuple[Unexamined, ...]:
        """Compare the content with what the exhibit states of it."""
        stated = self._reader(piece.locator.exhibit).stated(piece.locator)
        if not stated:
            return ()
        computed = dict(content.digests.items())
        differing = [one for one in stated if computed.get(one.algorithm, one.value.lower()) != one.value.lower()]
        return tuple(
            not_examined(
                piece,
                Stage.PARSE,
                Reason.DIFFERS,
                f"{one.algorithm} stated as {one.value}, is {computed[one.algorithm]}",
            )
            for one in differing
        )

    def _reader(self, number: str) -> "ExhibitReader":
        # Here and not above, so that the window can import this module's values without the disk library.
        from sakshya.evidence.tree import ExhibitReader

        if number not in self._readers:
            self._readers[number] = ExhibitReader(self._exhibits[number])
        return self._readers[number]


class Seen:
    """A content read once more to be decoded: whole where it is small, and then compared with its digest."""

    def __init__(self, source: Source, piece: Piece) -> None:
        self.content = Content(source)
        self.content.head = source.read_at(0, HEAD_BYTES)
        self.content.size = piece.size
        self.content.sniffed = sniff(self.content.head, piece.size)
        self.is_the_same = True
        self.stream: BinaryIO
        whole = _WHOLE_PICTURE if self.content.sniffed.kind is Kind.PICTURE else _WHOLE_VIDEO
        if piece.size > whole:
            self.stream = io.BufferedReader(SourceStream(source))
            return
        data = b"".join(source.chunks())
        self.is_the_same = piece.digests is None or hashlib.sha256(data).hexdigest() == piece.digests.sha256
        self.stream = io.BytesIO(data)


def _not_seen(piece: Piece, line: Unexamined, problem: str | None = None) -> Finding:
    """Return the finding for a content that was hashed before and cannot be decoded."""
    return Finding(
        entry=piece.entry,
        digests=piece.digests,
        size=piece.size,
        kind=Kind.OTHER,
        mime=UNKNOWN.mime,
        report=None if problem is None else MediaReport(problem=problem),
        unexamined=(line,),
        recovery=piece.recovery,
        part=Part.LOOKED,
    )


def _format_inside(piece: Piece, content: Content) -> str | None:
    """Return as what a content is opened."""
    # Here and not above, so that the window can import this module's values without the disk library.
    from sakshya.evidence.archives.open import archive_format, embedded_format

    if content.is_media:
        return embedded_format(content.head)
    return archive_format(content.head, _name(piece), content.size)


def _name(piece: Piece) -> str:
    return piece.locator.inside[-1].name if piece.locator.inside else piece.locator.stream or piece.locator.path


def _locked(source: Source, content: Content) -> str | None:
    """Return what kind of encrypted file a content is, None where it is none that is recognised."""
    from sakshya.evidence.archives.encrypted import encrypted_format

    return encrypted_format(content.head, content.size, source.read_at)


def _look_alike(one: MediaReport, other: MediaReport) -> bool:
    values = [
        next((int(mark.value, 16) for mark in report.fingerprints if mark.algorithm == "phash"), None)
        for report in (one, other)
    ]
    first, second = values
    return first is not None and second is not None and (first ^ second).bit_count() <= _SAME_PICTURE


def _like_holder(member: Entry, piece: Piece) -> Entry:
    """What lies in a deleted file is as deleted as the file."""
    return member if piece.recovery is None else replace(member, allocated=False, recovery=piece.recovery)


def _promises_media(piece: Piece) -> bool:
    return promises_media(_name(piece))


def not_examined(piece: Piece, stage: Stage, reason: Reason, detail: str, failed: Reason | None = None) -> Unexamined:
    """Return the line that says what of a piece was not examined, and why."""
    of = {Stage.READ: Of.ENTRY, Stage.UNPACK: Of.MEMBER}.get(stage, Of.STREAM)
    return Unexamined(
        exhibit=piece.locator.exhibit,
        of=of,
        stage=stage,
        reason=reason,
        detail=detail,
        locator=piece.locator,
        bytes=piece.size if of is not Of.MEMBER else None,
        retried=failed is not None,
    )
