"""Bytes as a page of hexadecimal, and as text that cannot play tricks on the screen."""

from sakshya.domain.names import show_name

_ROW = 16
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")


def hex_page(data: bytes, offset: int) -> str:
    """Return rows of offset, sixteen bytes and their printable ASCII characters."""
    rows = []
    for at in range(0, len(data), _ROW):
        row = data[at : at + _ROW]
        left, right = row[:8].hex(" "), row[8:].hex(" ")
        plain = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        rows.append(f"{offset + at:012x}  {left:<23}  {right:<23}  {plain}")
    return "\n".join(rows)


def text_page(data: bytes, encoding: str) -> str:
    """Return bytes as lines of text; what is no character of the encoding, or a control, is shown as an escape."""
    text = data.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("\t".join(map(_plain, one.split("\t"))) for one in lines)


def guess_encoding(data: bytes) -> str:
    """Return the encoding that the first bytes speak for: a mark, or every second byte zero."""
    if data[:2] == b"\xff\xfe":
        return "utf-16-le"
    if data[:2] == b"\xfe\xff":
        return "utf-16-be"
    head = data[:512]
    if len(head) >= 8:
        zeros = head[1::2].count(0), head[0::2].count(0)
        if zeros[0] > len(head) // 3 > zeros[1]:
            return "utf-16-le"
        if zeros[1] > len(head) // 3 > zeros[0]:
            return "utf-16-be"
    return "utf-8"


def _plain(text: str) -> str:
    # A backslash of the file stays one: this is for reading, and is never parsed back.
    return show_name(text).replace("\\\\", "\\") if "\\" in text else show_name(text)
