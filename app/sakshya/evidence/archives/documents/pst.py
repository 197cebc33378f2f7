"""Outlook's stores (PST and OST, [MS-PST]) through libpff: folders, messages, attachments, and what no folder names."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from sakshya.domain.absent import Absent, NotRecorded
from sakshya.domain.entry import Times
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.moment import Moment
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.offered import Offer, OfferedArchive, bytes_at
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.archives.packed.times import from_posix
from sakshya.evidence.damage import unreadable
from sakshya.evidence.file_object import FileObject

_DEPTH = 64
_NONE = NotRecorded("the store states none")
_BODIES = (("body.txt", "plain_text_body"), ("body.html", "html_body"), ("body.rtf", "rtf_body"))
Found = Callable[[], Any]


def open_pst(stream: BinaryIO, size: int, _keys: Sequence[str]) -> OfferedArchive:
    """Open a store; the two ways Outlook scrambles one are undone, its password protects nothing.

    Raises:
        EvidenceFault: it is no store that can be read.
    """
    import pypff

    file = FileObject(lambda at, length: bytes_at(stream, at, length), size)
    store = pypff.file()
    with as_fault("the mail store cannot be read"):
        store.open_file_object(file)
    return OfferedArchive("pst", _Store(store).offers(), store.close)


class _Store:
    """Walks a store; what cannot be read is counted and said at the end."""

    def __init__(self, store: Any) -> None:  # noqa: ANN401 - libpff's own type
        self._store = store
        self._broken = 0
        self._seen: set[int] = set()

    def offers(self) -> Iterator[Offer]:
        root = self._of(self._store.get_root_folder)
        if root is not None:
            yield from self._folder(self._store.get_root_folder, "", 0)
        for index in range(self._count(self._store, "number_of_orphan_items")):
            yield from self._message(_child(lambda: self._store, "get_orphan_item", index), f"recovered/{index + 1}")
        if self._broken:
            raise unreadable(Reason.BAD_METADATA, f"{self._broken} items of the mail store were not read")

    def _folder(self, find: Found, path: str, depth: int) -> Iterator[Offer]:
        folder = self._of(find)
        if folder is None:
            return
        identifier = self._of(lambda: folder.identifier)
        if depth > _DEPTH or identifier in self._seen:
            self._broken += 1
            return
        self._seen.add(identifier)
        for index in range(self._count(folder, "number_of_sub_messages")):
            yield from self._message(_child(find, "get_sub_message", index), f"{path}{index + 1}")
        for index in range(self._count(folder, "number_of_sub_folders")):
            below = _child(find, "get_sub_folder", index)
            name = self._of(_attribute(below, "name")) or f"folder-{index + 1}"
            yield from self._folder(below, f"{path}{name.replace('/', '_')}/", depth + 1)

    def _message(self, find: Found, path: str, depth: int = 0) -> Iterator[Offer]:
        message = self._of(find)
        if message is None:
            return
        times = _times(message)
        for name, attribute in _BODIES:
            body = _try(_attribute(lambda: message, attribute))
            if body:
                yield Offer(f"{path}/{name}", _body(find, attribute), len(_as_bytes(body)), times)
        for index in range(self._count(message, "number_of_attachments")):
            attachment = _child(find, "get_attachment", index)
            yield from self._attachment(attachment, f"{path}/", index, depth, times)

    def _attachment(self, find: Found, path: str, index: int, depth: int, times: Times) -> Iterator[Offer]:
        one = self._of(find)
        if one is None:
            return
        if depth < _DEPTH and self._count(one, "number_of_sub_items"):
            yield from self._message(lambda: find().get_sub_item(0), f"{path}message-{index + 1}", depth + 1)
            return
        name = _try(lambda: one.long_filename) or f"attachment-{index + 1}"
        size = self._of(lambda: one.size)
        if size is not None:
            yield Offer(f"{path}{name.replace('/', '_')}", lambda: _content(find, size), size, times)

    def _count(self, item: Any, name: str) -> int:  # noqa: ANN401 - libpff's own type
        return int(self._of(lambda: getattr(item, name, 0)) or 0)

    def _of(self, find: Found) -> Any:  # noqa: ANN401 - libpff's own type
        try:
            with as_fault("mail store"):
                return find()
        except EvidenceFault:
            self._broken += 1
            return None


def _child(find: Found, method: str, index: int) -> Found:
    return lambda: getattr(find(), method)(index)


def _attribute(find: Found, name: str) -> Found:
    return lambda: getattr(find(), name)


def _times(message: Any) -> Times:  # noqa: ANN401 - libpff's own type
    modified, delivered, created = (
        _stated(_try(_attribute(lambda: message, name)))
        for name in ("modification_time", "delivery_time", "creation_time")
    )
    return Times(modified, _NONE, delivered, created)


def _stated(value: datetime | None) -> Moment | Absent:
    return from_posix(value.replace(tzinfo=UTC).timestamp()) if value else _NONE


def _try(find: Found) -> Any:  # noqa: ANN401 - libpff's own type
    """Optional facts: libpff raises where an item does not have them."""
    try:
        with as_fault("mail store"):
            return find()
    except EvidenceFault:
        return None


def _body(find: Found, attribute: str) -> Callable[[], bytes]:
    return lambda: _as_bytes(getattr(find(), attribute))


def _as_bytes(body: Any) -> bytes:  # noqa: ANN401 - text or bytes
    return body.encode("utf-8", "surrogateescape") if isinstance(body, str) else bytes(body or b"")


def _content(find: Found, size: int) -> BinaryIO:
    attachment = find()

    def read(at: int, length: int) -> bytes:
        attachment.seek_offset(at, 0)
        return bytes(attachment.read_buffer(length))

    return cast(BinaryIO, FileObject(read, size))
