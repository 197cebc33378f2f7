"""The acquisition values in the header sections of an EWF file."""

import re
import zlib
from datetime import UTC, datetime

_NAMES = {
    "c": "case number",
    "cn": "case number",
    "n": "evidence number",
    "en": "evidence number",
    "a": "description",
    "de": "description",
    "e": "examiner",
    "ex": "examiner",
    "t": "notes",
    "no": "notes",
    "av": "tool version",
    "ov": "tool platform",
    "m": "acquisition date",
    "aq": "acquisition date",
    "u": "system date",
    "md": "model",
    "sn": "serial number",
    "l": "device label",
    "ext": "extents",
    "pid": "process identifier",
}
_MOST = 4 << 20
_LONGEST = 4096


def header_values(raw: bytes) -> list[tuple[str, str]]:
    """Return (name, value) pairs of a header, header2 or xheader section; an unreadable section gives none."""
    text = _text(raw)
    if text.lstrip().startswith("<?xml"):
        return _from_xml(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for index, line in enumerate(lines[:-2]):
        # Line one is the number of categories; "main" is followed by the names and then the values.
        if line.strip() == "main":
            names, values = lines[index + 1].split("\t"), lines[index + 2].split("\t")
            pairs = zip(names, values, strict=False)
            return [(_NAMES[name], _value(name, value)) for name, value in pairs if name in _NAMES and value.strip()]
    return []


def _text(raw: bytes) -> str:
    try:
        plain = zlib.decompressobj().decompress(raw, _MOST)
    except zlib.error:
        return ""
    if plain[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return plain.decode("utf-16", "replace")
    if plain[1:2] == b"\0":
        return plain.decode("utf-16-le", "replace")
    try:
        return plain.decode("utf-8-sig")
    except UnicodeDecodeError:
        return plain.decode("latin-1")


def _value(name: str, value: str) -> str:
    value = value.strip()[:_LONGEST]
    return _date(value) if name in ("m", "u", "aq") else value


def _date(value: str) -> str:
    """Return ISO 8601: header2 counts POSIX seconds, header writes local digits of an unnamed zone."""
    if re.fullmatch(r"\d{8,11}", value):
        return datetime.fromtimestamp(int(value), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digits = value.split()
    if len(digits) == 6 and all(part.isdigit() for part in digits):
        year, month, day, hour, minute, second = map(int, digits)
        return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d} (zone not recorded)"
    return value


def _from_xml(text: str) -> list[tuple[str, str]]:
    """Read the flat elements of an EWF-X header without an XML parser, which could be made to expand entities."""
    wanted = {
        "case_number": "case number",
        "description": "description",
        "examiner_name": "examiner",
        "evidence_number": "evidence number",
        "notes": "notes",
        "acquiry_operating_system": "tool platform",
        "acquiry_date": "acquisition date",
        "acquiry_software": "tool",
        "acquiry_software_version": "tool version",
    }
    found = re.findall(r"<(\w+)>([^<]{1,4096})</\1>", text[:_MOST])
    return [(wanted[name], value.strip()) for name, value in found if name in wanted and value.strip()]
