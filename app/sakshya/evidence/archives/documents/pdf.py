"""Pictures and attachments of PDF files (ISO 32000-1), found object by object, whether a page shows them or not."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.documents.pdf_picture import PdfPicture
from sakshya.evidence.archives.offered import Offer, OfferedArchive
from sakshya.evidence.archives.packed.faults import as_fault
from sakshya.evidence.damage import unreadable

_OBJECTS = 500_000
_DEPTH = 6
_KEPT = frozenset({"/DCTDecode", "/DCT", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode", "/CCF"})
_LOOKUP = 1024
_SHORT = {
    "/W": "/Width",
    "/H": "/Height",
    "/BPC": "/BitsPerComponent",
    "/CS": "/ColorSpace",
    "/F": "/Filter",
    "/DP": "/DecodeParms",
    "/D": "/Decode",
    "/IM": "/ImageMask",
}
_SHORT_FILTERS = {
    "/Fl": "/FlateDecode",
    "/LZW": "/LZWDecode",
    "/RL": "/RunLengthDecode",
    "/AHx": "/ASCIIHexDecode",
    "/A85": "/ASCII85Decode",
}


def open_pdf(stream: BinaryIO, _size: int, keys: Sequence[str]) -> OfferedArchive:
    """Open a PDF; the empty password and each of `keys` are tried where it is encrypted.

    Raises:
        EvidenceFault: it is no PDF that can be read, or no key opens it.
    """
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it says of odd files would go to the screen
    _in_memory_only()
    with as_fault("the PDF cannot be read"):
        reader = pypdf.PdfReader(stream, strict=False)
        if reader.is_encrypted and not any(reader.decrypt(key) for key in ("", *keys)):
            detail = f"none of the {len(keys)} supplied keys opens it" if keys else "no key was supplied"
            raise unreadable(Reason.ENCRYPTED, detail)
    return OfferedArchive("pdf", _offers(reader))


def _in_memory_only() -> None:
    """The library hands JBIG2 pictures to another program by way of files, where it is installed: no evidence may."""
    import pypdf

    pypdf.overwrite_configuration(jbig2dec_binary=None)


def _offers(reader: Any) -> Iterator[Offer]:  # noqa: ANN401 - pypdf's reader
    """First the objects in the order of their numbers, then the pictures written into the pages themselves."""
    numbers = {number for known in reader.xref.values() for number in known} | set(reader.xref_objStm)
    broken = max(0, len(numbers) - _OBJECTS)
    names: dict[int, str] = {}
    files: list[int] = []
    for number in sorted(numbers)[:_OBJECTS]:
        try:
            one = reader.get_object(number)
        except Exception:  # noqa: BLE001 - door: one broken object does not hide the others
            broken += 1
            continue
        if not isinstance(one, dict):
            continue
        names.update(_file_name(one))
        if one.get("/Subtype") == "/Image" and hasattr(one, "_data"):
            yield _picture(one, f"picture-{number}")
        elif one.get("/Type") == "/EmbeddedFile" and hasattr(one, "_data"):
            files.append(number)
    files += [number for number in sorted(names) if number not in files]
    for number in files:
        yield _attachment(reader, number, names.get(number, f"attachment-{number}.bin"))
    yield from _inline(reader)
    if broken:
        raise unreadable(Reason.BAD_METADATA, f"{broken} of {len(numbers)} objects were not read")


def _file_name(one: dict[str, Any]) -> dict[int, str]:
    """A file specification says under which name an embedded file goes."""
    embedded = one.get("/EF")
    if not isinstance(embedded, dict):
        return {}
    name = one.get("/UF") or one.get("/F")
    references = [embedded.raw_get(key) for key in ("/UF", "/F") if key in embedded]  # type: ignore[attr-defined]
    return {each.idnum: str(name) for each in references if hasattr(each, "idnum") and name}


def _attachment(reader: Any, number: int, name: str) -> Offer:  # noqa: ANN401 - pypdf's reader
    def content() -> bytes:
        _in_memory_only()
        return bytes(reader.get_object(number).get_data())

    return Offer(name, content)


def _picture(one: Any, stem: str) -> Offer:  # noqa: ANN401 - a PDF object
    picture = _described(one)
    size = len(one._data) if len(picture.filters) == 1 and picture.filters[0] in _KEPT else None
    name = f"{stem}.{picture.extension}"
    return Offer(name, picture.content, size if "tif" not in name else None, barrier=picture.barrier)


def _described(one: Any) -> PdfPicture:  # noqa: ANN401 - a PDF object
    fields = {key: _plain(one.get(key)) for key in set(_SHORT.values()) if key in one}
    filters = fields.get("/Filter")
    names = tuple(filters) if isinstance(filters, list) else (filters,) if filters else ()

    def decoded() -> bytes:
        _in_memory_only()
        if not names or names[-1] not in _KEPT:
            return bytes(one.get_data())
        return _without_last_filter(one, len(names) - 1)

    return PdfPicture(fields, tuple(str(name) for name in names), decoded)


def _without_last_filter(one: Any, count: int) -> bytes:  # noqa: ANN401 - a PDF object
    from pypdf.filters import decode_stream_data
    from pypdf.generic import ArrayObject, NameObject, StreamObject

    if not count:
        return bytes(one._data)
    outer = StreamObject()
    outer.set_data(one._data)
    outer[NameObject("/Filter")] = ArrayObject(list(one["/Filter"])[:count])
    if isinstance(one.get("/DecodeParms"), list):
        outer[NameObject("/DecodeParms")] = ArrayObject(list(one["/DecodeParms"])[:count])
    return bytes(decode_stream_data(outer))


def _plain(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - a PDF value is of any kind
    """Return the value without references; palettes become bytes, other streams their dictionary."""
    value = value.get_object() if hasattr(value, "get_object") else value
    if depth > _DEPTH:
        return None
    if isinstance(value, list):
        return [_plain(each, depth + 1) for each in list(value)[:64]]
    if isinstance(value, dict):
        if hasattr(value, "_data") and "/N" not in value:
            return bytes(value.get_data())[:_LOOKUP]  # type: ignore[attr-defined]
        return {str(key): _plain(each, depth + 1) for key, each in value.items() if key != "/Parent"}
    if isinstance(value, bytes):
        return bytes(value)
    return getattr(value, "original_bytes", value) if isinstance(value, str) and not value.startswith("/") else value


def _inline(reader: Any) -> Iterator[Offer]:  # noqa: ANN401 - pypdf's reader
    from pypdf.generic import ContentStream

    number = 0
    for page in reader.pages:
        contents = page.get_contents()
        if contents is None or b"BI" not in (data := contents.get_data()) or b"ID" not in data:
            continue
        for operands, operator in ContentStream(contents, reader).operations:
            if operator == b"INLINE IMAGE":
                number += 1
                yield _picture(_spelled_out(operands), f"inline-{number}")


def _spelled_out(operands: Any) -> Any:  # noqa: ANN401 - a PDF object
    """Inline pictures shorten the names of keys and filters (8.9.7)."""
    from pypdf.generic import ArrayObject, NameObject, StreamObject

    def full(name: Any) -> Any:  # noqa: ANN401 - a PDF value is of any kind
        return NameObject(_SHORT_FILTERS[name]) if name in _SHORT_FILTERS else name

    result = StreamObject()
    result.set_data(operands["data"])
    for key, value in operands["settings"].items():
        long = NameObject(_SHORT.get(key, key))
        if long == "/Filter":
            value = ArrayObject(map(full, value)) if isinstance(value, list) else full(value)
        result[long] = value
    return result
