"""What one process does to one file: read it once, settle it if a set knows it, else look at it."""

import io
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sakshya.domain.digests import Digests
from sakshya.domain.entry import Entry
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.item import Finding
from sakshya.domain.match import Match
from sakshya.domain.media import Kind, MediaReport
from sakshya.domain.source import Source
from sakshya.domain.source_stream import SourceStream
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from sakshya.matching.exact import OpenSets
from sakshya.media.digest import Digester
from sakshya.media.examine import DecodeFailure, Look, MediaExamined, examine
from sakshya.media.media_names import promises_media
from sakshya.media.sniff import HEAD_BYTES, UNKNOWN, sniff
from sakshya.triage.engine.batch import Attempt, Piece

if TYPE_CHECKING:
    from sakshya.evidence.tree import ExhibitReader

# A picture this large is kept whole between hashing and decoding; a larger content is read again where needed.
_KEEP = 96 << 20
_REMEMBERED = 512
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
        """Return the finding for a piece that could not be read at all."""
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
        # The same content often lies in several places of one folder; it is looked at once.
        self._looked: OrderedDict[str, MediaExamined] = OrderedDict()

    def __call__(self, piece: Piece, attempt: Attempt, failed: Reason | None) -> Finding:
        """Return the finding for one piece; a read error is a finding too."""
        try:
            source = self._reader(piece.locator.exhibit).source(piece.locator)
            content = _Content(source)
            content.read()
        except EvidenceFault as fault:
            reason = Reason(fault.reason) if fault.reason else Reason.READ_ERROR
            return self._work.blame(piece, reason, str(fault))
        matches = self._sets.lookup(content.digests, content.size)
        report: MediaReport | None = None
        unexamined: tuple[Unexamined, ...] = ()
        if content.is_media:
            looked = self._look(source, content, matches, attempt, failed)
            report = looked.report
            if looked.failure is not None:
                unexamined = (not_examined(piece, Stage.DECODE, looked.failure.reason, looked.failure.detail, failed),)
        elif content.size and content.sniffed == UNKNOWN and _promises_media(piece):
            detail = "its name is that of a picture or a video, and its content is of no format that is known here"
            unexamined = (not_examined(piece, Stage.SNIFF, Reason.NOT_DECODABLE, detail),)
        members: tuple[Entry, ...] = ()
        left_out: tuple[Unexamined, ...] = ()
        if not (content.is_media and matches):
            # A picture that a set settles is not looked into any more.
            members, left_out = self._inside(piece, source, content, report, attempt)
        left_out = (*left_out, *self._contradicted(piece, content))
        return Finding(
            entry=piece.entry,
            digests=content.digests,
            size=content.size,
            kind=content.sniffed.kind,
            mime=content.sniffed.mime,
            report=report,
            matches=matches,
            unexamined=(*unexamined, *left_out),
            recovery=piece.recovery,
            members=members,
        )

    def _inside(
        self, piece: Piece, source: Source, content: "_Content", report: MediaReport | None, attempt: Attempt
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

    def _contradicted(self, piece: Piece, content: "_Content") -> tuple[Unexamined, ...]:
        """Compare the content with what the exhibit states of it."""
        computed = dict(content.digests.items())
        stated = self._reader(piece.locator.exhibit).stated(piece.locator)
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

    def _look(
        self, source: Source, content: "_Content", matches: tuple[Match, ...], attempt: Attempt, failed: Reason | None
    ) -> MediaExamined:
        """Examine a picture or video; a known one, or one that killed a worker twice, is never decoded."""
        remembered = self._looked.get(content.digests.sha256)
        if remembered is not None:
            return remembered
        if attempt is Attempt.DIGEST_ONLY:
            detail = "decoding it ended the worker process twice"
            return MediaExamined(MediaReport(problem=detail), DecodeFailure(failed or Reason.WORKER_DIED, detail))
        look = Look.FACTS if matches else Look.DECODE
        stream = io.BytesIO(content.kept) if content.kept is not None else io.BufferedReader(SourceStream(source))
        looked = examine(stream, content.sniffed, look=look)
        self._looked[content.digests.sha256] = looked
        if len(self._looked) > _REMEMBERED:
            self._looked.popitem(last=False)
        return looked


class _Content:
    """One stream read once: digests and sniff in the same pass, the bytes kept where they are worth looking at."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.digests: Digests
        self.sniffed = UNKNOWN
        self.size = 0
        self.kept: bytes | None = None
        self.head = b""

    @property
    def is_media(self) -> bool:
        return self.sniffed.kind in (Kind.PICTURE, Kind.VIDEO)

    def read(self) -> None:
        """Read the stream to its end.

        Raises:
            EvidenceFault: some of it could not be read.
        """
        digester = Digester()
        pieces: list[bytes] | None = []
        head = b""
        known_kind = False
        for chunk in self._source.chunks():
            digester.update(chunk)
            self.size += len(chunk)
            if len(head) < HEAD_BYTES:
                head += chunk[: HEAD_BYTES - len(head)]
            if pieces is not None:
                pieces.append(chunk)
            # How long a member of an archive is, only its end tells.
            if not known_kind and len(head) >= HEAD_BYTES and not self._source.locator.inside:
                known_kind = True
                self.sniffed = sniff(head, self._source.size)
            if self.size > _KEEP or (known_kind and not self.is_media):
                pieces = None
        if not known_kind:
            self.sniffed = sniff(head, self.size)
        self.digests = digester.finish()
        self.head = head
        if pieces is not None and self.is_media:
            self.kept = pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _format_inside(piece: Piece, content: "_Content") -> str | None:
    """Return as what a content is opened."""
    # Here and not above, so that the window can import this module's values without the disk library.
    from sakshya.evidence.archives.open import archive_format, embedded_format

    if content.is_media:
        return embedded_format(content.head)
    return archive_format(content.head, _name(piece), content.size)


def _name(piece: Piece) -> str:
    return piece.locator.inside[-1].name if piece.locator.inside else piece.locator.stream or piece.locator.path


def _locked(source: Source, content: "_Content") -> str | None:
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
