"""A PDF taken apart: every object, every stream, and what must not be among them."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject, NameObject, StreamObject

from sakshya.report.disguises import picture_kind, refused_in_text

_REFUSED_KINDS = frozenset(
    "/Image /Movie /Sound /3D /RichMedia /Screen /FileAttachment /EmbeddedFile /Type3 /PS /Rendition /U3D /PRC".split()  # noqa: SIM905 - names as the format writes them
)
_REFUSED_KEYS = frozenset(
    ("/EmbeddedFile", "/EmbeddedFiles", "/RichMediaContent", "/JavaScript", "/JS", "/Launch", "/Thumb", "/XFA")
)
_PICTURE_FILTERS = frozenset(("/DCTDecode", "/DCT", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode", "/CCF"))
# Strings are stepped over whole or from their innermost bracket on, so that an operator is never stepped over.
_STRING_OR_BI = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>|\bBI\b", re.DOTALL)
_INLINE = re.compile(rb"(?:^|\s)BI\s*/[A-Za-z]+[^\x80-\xff]{1,400}?\sID\s")
_AFTER_END = re.compile(rb"%%EOF\s*\Z")


def refused_in_pdf(content: bytes) -> str:
    """Return why a PDF may not leave: a picture, an attachment, a script, or a part that cannot be read."""
    if not content.startswith(b"%PDF-") or not _AFTER_END.search(content[-64:]):
        return "the file is not a PDF from its first byte to its last"
    try:
        reader = PdfReader(io.BytesIO(content), strict=True)
        if reader.is_encrypted:
            return "the PDF is encrypted and cannot be searched"
        for found in _refusals(reader, content):
            return found
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OSError) as error:
        return f"the PDF cannot be taken apart ({type(error).__name__}: {error})"
    return ""


def _refusals(reader: PdfReader, content: bytes) -> Iterator[str]:
    objects = list(_objects(reader))
    drawn = _drawn_streams(thing for _, thing in objects)
    for number, thing in objects:
        for part in _parts(thing):
            yield from (f"{what} in PDF object {number}" for what in _in_dictionary(part))
        if isinstance(thing, StreamObject):
            yield from (f"{what} in PDF object {number}" for what in _in_stream(thing, reader, drawn=number in drawn))
    if re.search(rb"/Subtype\s*/Image\b", content):
        yield "a picture outside the PDF's own list of objects"


def _drawn_streams(things: Iterable[Any]) -> set[int]:
    """Return the numbers of the objects that a page or an annotation names as its content."""
    drawn: set[int] = set()
    for thing in things:
        for part in _parts(thing):
            if isinstance(part, DictionaryObject) and "/Contents" in part:
                named = part.raw_get("/Contents")
                inside = named.get_object()
                several = [*inside] if isinstance(inside, ArrayObject) else []
                drawn |= {one.idnum for one in (named, *several) if isinstance(one, IndirectObject)}
    return drawn


def _objects(reader: PdfReader) -> Iterator[tuple[int, Any]]:
    """Yield every object the cross-reference lists, reachable from a page or not, and the trailer as number 0."""
    yield 0, reader.trailer
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    for number in sorted(numbers):
        generation = next((gen for gen, table in reader.xref.items() if number in table), 0)
        thing = reader.get_object(IndirectObject(number, generation, reader))
        if thing is not None:
            yield number, thing


def _parts(thing: Any) -> Iterator[Any]:  # noqa: ANN401 - a PDF object is any of pypdf's types
    yield thing
    if isinstance(thing, DictionaryObject):
        children = [thing.raw_get(key) for key in thing]
    elif isinstance(thing, ArrayObject):
        children = list(thing)
    else:
        return
    for child in children:
        if not isinstance(child, IndirectObject):
            yield from _parts(child)


def _in_dictionary(part: Any) -> Iterator[str]:  # noqa: ANN401
    if not isinstance(part, DictionaryObject):
        return
    for key in ("/Subtype", "/Type", "/S"):
        if part.get(key) in _REFUSED_KINDS:
            yield f"{part.get(key)}"
    yield from sorted(_REFUSED_KEYS & set(part))
    filters = part.get("/Filter", ())
    yield from sorted(_PICTURE_FILTERS & set([filters] if isinstance(filters, NameObject) else filters))


def _in_stream(stream: StreamObject, reader: PdfReader, *, drawn: bool) -> Iterator[str]:
    data = stream.get_data()
    if picture_kind(data):
        yield f"a {picture_kind(data)} file"
    elif stream.get("/Type") == "/Metadata":
        yield from filter(None, [refused_in_text(data)])
    elif drawn or stream.get("/Subtype") == "/Form" or "/PatternType" in stream:
        if _has_inline_picture(stream, data, reader):
            yield "an inline picture"
    elif _INLINE.search(data):
        yield "what may be an inline picture"


def _has_inline_picture(stream: StreamObject, data: bytes, reader: PdfReader) -> bool:
    if not any(match.group() == b"BI" for match in _STRING_OR_BI.finditer(data)):
        return False
    # Only a stream that may hold one is taken apart operator by operator, which is slow.
    return any(operator == b"INLINE IMAGE" for _, operator in ContentStream(stream, reader).operations)
