"""Tells the format of a list from its first bytes, never from its name."""

import re
from dataclasses import dataclass

from sakshya.domain.faults import OperatorFault
from sakshya.matching.importers import binary, checksums, databases, delta, table
from sakshya.matching.importers.source import ListFile

_VICS = re.compile(
    rb"ProjectVic/DataModels/(?P<version>[0-9]+(?:\.[0-9]+)*)?[^#\"/]*"
    rb"(?:/(?P<country>[^/#\"$]{1,40}))?(?:/?\$metadata)?(?:\#(?P<shape>[A-Za-z]+))?",
    re.IGNORECASE,
)
_BINARY = (
    (b"PK\x03\x04", "a zip archive inside another", "unpack it first"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
)
KNOWN_VERSIONS = ("1.1", "1.2", "1.3", "2.0")


@dataclass(frozen=True, slots=True)
class VicsForm:
    """A VICS file: its version and country as the file states them, empty where it does not."""

    version: str
    country: str

    def __str__(self) -> str:
        return " ".join(
            part for part in ("VICS", self.version, "JSON", f"({self.country})" if self.country else "") if part
        )


@dataclass(frozen=True, slots=True)
class ChecksumForm:
    """One hash a line, alone or as md5sum, sha256sum, BSD tools and hashdeep write it."""

    def __str__(self) -> str:
        return "plain hash list"


Form = (
    VicsForm
    | ChecksumForm
    | table.TableForm
    | databases.DatabaseForm
    | delta.DeltaForm
    | binary.EncaseForm
    | binary.HfindForm
)


def detect(source: ListFile, columns: table.Columns) -> Form:
    """Return the list's format.

    Raises:
        OperatorFault: it is none that is read here, or a table whose hash columns are not known.
    """
    head = source.head
    for magic, name, advice in _BINARY:
        if head.startswith(magic):
            raise OperatorFault(f"the list is {name}", where=str(source.path), advice=advice)
    if head.startswith(databases.MAGIC):
        return databases.detect(source)
    fixed = binary.detect(head)
    if fixed is not None:
        return fixed
    # Some writers escape every slash.
    vics = _VICS.search(head.replace(b"\\/", b"/"))
    if vics is not None:
        return VicsForm(_text(vics["version"]), _text(vics["country"]))
    if head.lstrip()[:1] in (b"{", b"["):
        raise OperatorFault(
            "the list is JSON but not VICS: no ProjectVic/DataModels in its first 8 KB",
            where=str(source.path),
            advice="export it as VICS 1.1 to 2.0, CSV or a plain list",
        )
    if b"\0" in head:
        raise OperatorFault(
            "the list is not text", where=str(source.path), advice="export it as VICS, CSV or a plain list"
        )
    if not columns and delta.looks_right(head):
        return delta.DeltaForm()
    if not columns and checksums.looks_right(head):
        return ChecksumForm()
    return table.detect(source.path, head, columns)


def _text(found: bytes | None) -> str:
    text = found.decode("ascii", "replace") if found else ""
    return text if text.isprintable() else ""
