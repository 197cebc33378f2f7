r"""The address of one byte stream in an exhibit, with an exact text form that parses back.

Text form, fields separated by `|`:

    EX-1|v2@1048576|45.128-1|/DCIM/IMG_0001.JPG|Zone.Identifier|4096+512,8192+100

exhibit | volume index, byte offset and layers | file-system address and, where the file system numbers its
attributes, type and id | path | name of the stream (NTFS alternate data stream, HFS+ fork), empty for the main one |
byte runs (offset+length from the exhibit's first byte), empty unless the stream is a run of the exhibit and no file.

A volume that is made from another one's bytes (decrypted, a logical volume, a shadow copy) names the layers between,
`v3@1048576!luks!lvm.0`, and its byte runs count from the first byte of the last layer. A stream inside a file adds one
field for each step, format, number and name of the member:

    EX-1|v2@1048576|45|/a.zip|||zip#3:inner.tar|tar#0:DCIM/1.jpg

Text fields are in the reversible form of `names.show_name`, with `|` written `\u007C`.
"""

import re
from dataclasses import dataclass

from sakshya.domain.names import read_name, show_name

_VOLUME = re.compile(r"v(\d+)@(\d+)((?:![a-z0-9]+(?:\.\d+)?)*)")
_ADDRESS = re.compile(r"(?:(\d+)(?:\.(\d+)-(\d+))?)?")
_RUN = re.compile(r"(\d+)\+(\d+)")
_MEMBER = re.compile(r"([a-z0-9-]+)#(\d+):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """`length` bytes from `offset`, both in bytes from the exhibit's first byte."""

    offset: int
    length: int

    def __str__(self) -> str:
        return f"{self.offset}+{self.length}"


@dataclass(frozen=True, slots=True)
class Member:
    """One step into a file: the format that was opened, the member's number in it, and the name it has there."""

    format: str
    index: int
    name: str

    def __str__(self) -> str:
        return f"{self.format}#{self.index}:{_show(self.name)}"


@dataclass(frozen=True, slots=True)
class Locator:
    """Where one byte stream lies; equal locators name the same bytes of the same exhibit.

    `address` is the file system's own (inode, MFT record, catalog id) or None for a run; `attribute` is (type, id)
    where the file system numbers its attributes. `path` starts with `/` and keeps the disk's own characters. `layers`
    are the steps from the partition to the volume that is read, `inside` those from the file to the stream.
    """

    exhibit: str
    volume: int
    offset: int
    address: int | None
    path: str
    attribute: tuple[int, int] | None = None
    stream: str = ""
    runs: tuple[Run, ...] = ()
    layers: tuple[str, ...] = ()
    inside: tuple[Member, ...] = ()

    # Written out: what a dataclass with slots does by itself takes ten times as long, and millions cross a pipe.
    def __reduce__(self) -> tuple[object, ...]:
        return (
            Locator,
            (
                self.exhibit,
                self.volume,
                self.offset,
                self.address,
                self.path,
                self.attribute,
                self.stream,
                self.runs,
                self.layers,
                self.inside,
            ),
        )

    def __str__(self) -> str:
        address = "" if self.address is None else str(self.address)
        if self.attribute is not None:
            address += f".{self.attribute[0]}-{self.attribute[1]}"
        fields = [
            _show(self.exhibit),
            "!".join((f"v{self.volume}@{self.offset}", *self.layers)),
            address,
            _show(self.path),
            _show(self.stream),
            ",".join(map(str, self.runs)),
            *map(str, self.inside),
        ]
        return "|".join(fields) if self.inside else "|".join(fields).rstrip("|")

    @property
    def shown_path(self) -> str:
        """Path and stream name in the reversible printable form of `names.show_name`."""
        path = show_name(self.path)
        if self.stream:
            path = f"{path}:{show_name(self.stream)}"
        return "!/".join((path, *(show_name(member.name).lstrip("/") for member in self.inside)))

    @classmethod
    def parse(cls, text: str) -> "Locator":
        """Return the locator whose text form is `text`.

        Raises:
            ValueError: the text is not a locator.
        """
        fields = text.split("|")
        if len(fields) < 2:
            raise ValueError(f"not a locator: {text!r}")
        inside = tuple(map(_parse_member, fields[6:]))
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
            layers=tuple(volume[3].split("!")[1:]),
            inside=inside,
        )


def _show(text: str) -> str:
    return show_name(text).replace("|", "\\u007C")


def _parse_member(text: str) -> Member:
    match = _MEMBER.fullmatch(text)
    if match is None:
        raise ValueError(f"not a member of a file: {text!r}")
    return Member(match[1], int(match[2]), read_name(match[3]))


def _parse_run(text: str) -> Run:
    match = _RUN.fullmatch(text)
    if match is None:
        raise ValueError(f"not a byte run: {text!r}")
    return Run(int(match[1]), int(match[2]))
