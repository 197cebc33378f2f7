r"""The address of one byte stream in an exhibit, with an exact text form that parses back.

Text form, fields separated by `|`:

    EX-1|v2@1048576|45.128-1|/DCIM/IMG_0001.JPG|Zone.Identifier|4096+512,8192+100

exhibit | volume index and byte offset | file-system address and, where the file system numbers its attributes, type
and id | path | name of the stream (NTFS alternate data stream, HFS+ fork), empty for the main one | byte runs
(offset+length from the exhibit's first byte), empty unless the stream is a run of the exhibit and not a file.
Text fields are in the reversible form of `names.show_name`, with `|` written `\u007C`.
"""

import re
from dataclasses import dataclass

from sakshya.domain.names import read_name, show_name

_VOLUME = re.compile(r"v(\d+)@(\d+)")
_ADDRESS = re.compile(r"(?:(\d+)(?:\.(\d+)-(\d+))?)?")
_RUN = re.compile(r"(\d+)\+(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """`length` bytes from `offset`, both in bytes from the exhibit's first byte."""

    offset: int
    length: int

    def __str__(self) -> str:
        return f"{self.offset}+{self.length}"


@dataclass(frozen=True, slots=True)
class Locator:
    """Where one byte stream lies; equal locators name the same bytes of the same exhibit.

    `address` is the file system's own (inode, MFT record, catalog id) or None for a run; `attribute` is (type, id)
    where the file system numbers its attributes. `path` starts with `/` and keeps the disk's own characters.
    """

    exhibit: str
    volume: int
    offset: int
    address: int | None
    path: str
    attribute: tuple[int, int] | None = None
    stream: str = ""
    runs: tuple[Run, ...] = ()

    def __str__(self) -> str:
        address = "" if self.address is None else str(self.address)
        if self.attribute is not None:
            address += f".{self.attribute[0]}-{self.attribute[1]}"
        fields = [
            _show(self.exhibit),
            f"v{self.volume}@{self.offset}",
            address,
            _show(self.path),
            _show(self.stream),
            ",".join(map(str, self.runs)),
        ]
        return "|".join(fields).rstrip("|")

    @property
    def shown_path(self) -> str:
        """Path and stream name in the reversible printable form of `names.show_name`."""
        path = show_name(self.path)
        return f"{path}:{show_name(self.stream)}" if self.stream else path

    @classmethod
    def parse(cls, text: str) -> "Locator":
        """Return the locator whose text form is `text`.

        Raises:
            ValueError: the text is not a locator.
        """
        fields = text.split("|")
        if not 2 <= len(fields) <= 6:
            raise ValueError(f"not a locator: {text!r}")
        fields += [""] * (6 - len(fields))
        volume, address = _VOLUME.fullmatch(fields[1]), _ADDRESS.fullmatch(fields[2])
        if volume is None or address is None:
            raise ValueError(f"not a locator: {text!r}")
        return cls(
            exhibit=read_name(fields[0]),
            volume=int(volume[1]),
            offset=int(volume[2]),
            address=int(address[1]) if address[1] is not None else None,
            attribute=(int(address[2]), int(address[3])) if address[2] is not None else None,
            path=read_name(fields[3]),
            stream=read_name(fields[4]),
            runs=tuple(_parse_run(run) for run in fields[5].split(",")) if fields[5] else (),
        )


def _show(text: str) -> str:
    return show_name(text).replace("|", "\\u007C")


def _parse_run(text: str) -> Run:
    match = _RUN.fullmatch(text)
    if match is None:
        raise ValueError(f"not a byte run: {text!r}")
    return Run(int(match[1]), int(match[2]))
