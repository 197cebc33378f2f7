"""What the reading process behind the window answers: folders a page at a time, where bytes lie, pages of them.

This module imports little; the window's process, which names these functions, must not load the disk library.
"""

import pickle
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sakshya.domain.entry import Entry, EntryKind
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault, OperatorFault
from sakshya.domain.locator import Locator, Run
from sakshya.domain.media import Kind
from sakshya.domain.source import Source
from sakshya.media.sniff import HEAD_BYTES, sniff

if TYPE_CHECKING:
    from sakshya.evidence.tree import ExhibitReader

# A page is unpacked in the process of the window: this many take it a few hundredths of a second.
PAGE_ENTRIES = 500
WINDOW_BYTES = 64 << 10
_LISTINGS_KEPT = 6
_RUNS_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a folder's entries, those from number `first` on, and how many it has in all."""

    total: int
    first: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a stream's bytes lie: its first runs, how many there are, and what the content is told from its beginning.

    Runs count from the first byte of the exhibit, or of the last layer where the locator names layers.
    """

    runs: tuple[Run, ...]
    count: int
    kind: Kind | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """At most 64 KiB of a stream of `size` bytes, from `offset` on."""

    offset: int
    size: int
    data: bytes


def start_answering(exhibits: tuple[Exhibit, ...]) -> Callable[..., Any]:
    """Return the function that answers the three questions `Answering.answer` takes."""
    return Answering(exhibits).answer


class Answering:
    """Keeps exhibits open, and the last few folders listed, packed so that a million entries take little memory."""

    def __init__(self, exhibits: tuple[Exhibit, ...]) -> None:
        self._known = {exhibit.number: exhibit for exhibit in exhibits}
        self._readers: dict[str, ExhibitReader] = {}
        self._listings: OrderedDict[tuple[str, str | None], tuple[int, list[bytes]]] = OrderedDict()

    def answer(self, what: str, *values: Any) -> object:  # noqa: ANN401 - values of three questions
        """Return the answer to one question."""
        asked: dict[str, Callable[..., object]] = {"page": self.page, "layout": self.layout, "window": self.window}
        return asked[what](*values)

    def page(self, number: str, locator_text: str | None, index: int) -> Page:
        """Return a page of a folder, of an exhibit's volumes (`locator_text` None), or of what lies inside a file.

        Raises:
            EvidenceFault: it cannot be listed.
        """
        key = (number, locator_text)
        if key not in self._listings:
            self._listings[key] = _packed(self._entries(number, locator_text))
            while len(self._listings) > _LISTINGS_KEPT:
                self._listings.popitem(last=False)
        self._listings.move_to_end(key)
        total, pages = self._listings[key]
        entries: tuple[Entry, ...] = pickle.loads(zlib.decompress(pages[index])) if pages else ()
        return Page(total, index * PAGE_ENTRIES, entries)

    def layout(self, locator_text: str) -> Layout:
        """Return where a stream lies and what it is."""
        locator = Locator.parse(locator_text)
        source = self._source(locator)
        stream = getattr(source, "stream", None)
        runs = tuple(Run(*run) for run in stream.stored_runs()) if stream is not None else locator.runs
        notes = [word for word in ("resident", "compressed") if getattr(stream, f"is_{word}", False)]
        try:
            kind = sniff(source.read_at(0, HEAD_BYTES), source.size).kind if source.size else None
        except EvidenceFault as fault:
            return Layout(runs[:_RUNS_SHOWN], len(runs), None, "; ".join([*notes, fault.what]))
        return Layout(runs[:_RUNS_SHOWN], len(runs), kind, "; ".join(notes))

    def window(self, locator_text: str, offset: int) -> Window:
        """Return a page of bytes; never of a picture or a video.

        Raises:
            OperatorFault: the content is a picture or video, or no file's content at all.
            EvidenceFault: the bytes cannot be read.
        """
        locator = Locator.parse(locator_text)
        if locator.runs:
            # A picture may begin anywhere in them, and only a file's first bytes say what it is.
            raise OperatorFault("byte runs are not shown, they may hold a picture", where=locator_text)
        source = self._source(locator)
        if sniff(source.read_at(0, HEAD_BYTES), source.size).kind in (Kind.PICTURE, Kind.VIDEO):
            raise OperatorFault("pictures and video are not shown as bytes", where=locator_text)
        return Window(offset, source.size, source.read_at(offset, WINDOW_BYTES))

    def _entries(self, number: str, locator_text: str | None) -> Iterator[Entry]:
        reader = self._reader(number)
        if locator_text is None:
            return iter(reader.children(None))
        text, _, inside = locator_text.partition("\n")
        locator = Locator.parse(text)
        return self._members(reader, locator) if inside else reader.entries_in(locator)

    def _members(self, reader: "ExhibitReader", locator: Locator) -> Iterator[Entry]:
        from sakshya.evidence.archives.open import archive_format, embedded_format

        source = reader.source(locator)
        head = source.read_at(0, WINDOW_BYTES)
        name = locator.inside[-1].name if locator.inside else locator.stream or locator.path
        opened = archive_format(head, name, source.size) or embedded_format(head)
        if opened is None:
            raise EvidenceFault("nothing that is opened lies inside this file", where=locator.shown_path)
        for found in reader.members(locator, opened):
            if isinstance(found, Entry):
                yield found

    def _source(self, locator: Locator) -> Source:
        return self._reader(locator.exhibit).source(locator)

    def _reader(self, number: str) -> "ExhibitReader":
        if number not in self._readers:
            from sakshya.evidence.tree import ExhibitReader

            self._readers[number] = ExhibitReader(self._known[number])
        return self._readers[number]


def inside(locator: Locator) -> str:
    """Return how `page` is asked for what lies inside a file."""
    return f"{locator}\ninside"


def _packed(entries: Iterator[Entry]) -> tuple[int, list[bytes]]:
    total, pages = 0, []
    while part := tuple(islice(entries, PAGE_ENTRIES)):
        total += len(part)
        pages.append(zlib.compress(pickle.dumps(part, pickle.HIGHEST_PROTOCOL), 1))
    return total, pages


def may_be_opened(entry: Entry) -> bool:
    """Tell whether an entry's name is one of a file that others lie in; its content is looked at when it is opened."""
    name = entry.locator.inside[-1].name if entry.locator.inside else entry.locator.stream or entry.locator.path
    return entry.kind is EntryKind.FILE and entry.size > 0 and name.lower().endswith(_HOLDING)


_HOLDING = (
    *(".zip", ".jar", ".apk", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".ab"),
    *(".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".doc", ".xls", ".ppt", ".pdf"),
    *(".msg", ".eml", ".mbox", ".pst", ".ost", ".db"),
)
