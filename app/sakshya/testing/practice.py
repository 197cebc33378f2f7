"""The practice disk: ordinary pictures drawn by the program, on a disk image like a seized memory card.

Nothing on it is evidence of anything. The same seed and level give the same bytes on every Python, as long as the
encoder is the same; its version stands in README.txt on the disk.
"""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from random import Random

from sakshya.domain.faults import OperatorFault
from sakshya.testing import drawing
from sakshya.testing.avi_writer import mjpeg_avi
from sakshya.testing.exif_writer import Camera, with_exif
from sakshya.testing.fat16 import FIXED_TIME, DiskFile, RawVolume, State, write_fat16
from sakshya.testing.practice_sets import Listed, known_set, plain_list

MAX_LEVEL = 20

_SIZES = ((640, 480), (800, 600), (1024, 768), (600, 800), (1280, 960), (1600, 1200))
_PLACES = (
    ("28.593100", "77.219700"),
    ("31.585980", "74.382110"),
    ("9.966400", "76.242300"),
    ("-34.603722", "-58.381592"),
)
_NAMES = (
    ("चाय का बर्तन", "मेरी तस्वीर", "गाँव की सुबह", "क्षितिज और श्रावण"),
    ("چائے دانی", "میری تصویر", "پہاڑ کی شام", "نستعلیق میں نام"),
    ("കായൽ", "എന്റെ ചിത്രം", "🫖 tea time", "🌄 morning 👍🏽"),
)


class Role(StrEnum):
    """What a practice file is there to show."""

    KNOWN = "in the TEAPOTS set"
    NEAR_KNOWN = "altered copy of a known picture"
    IGNORABLE = "in the wallpaper list"
    UNKNOWN = "in no list"
    COPY = "exact copy of an unknown picture"
    NEAR = "altered copy of an unknown picture"
    DAMAGED = "cannot be decoded whole"
    OTHER = "neither picture nor video"


@dataclass(frozen=True, slots=True)
class PracticeFile:
    """One file as it was put on the disk; `sha256` is of the content it had when it was written."""

    path: str
    size: int
    sha256: str
    state: State
    role: Role


@dataclass(frozen=True, slots=True)
class PracticeDisk:
    """Where the practice disk and its two lists lie, and every file that was put on it."""

    disk: Path
    known_set: Path
    ignorable_list: Path
    files: tuple[PracticeFile, ...]


def write_practice_disk(to: Path, *, seed: int = 1, level: int = 1) -> PracticeDisk:
    """Write `practice.dd`, `teapots.json` and `wallpapers.txt` into the folder `to`, which is made when absent.

    A level adds about 240 pictures and 24 MB.

    Raises:
        OperatorFault: one of the files is already there, or the level is not between 1 and 20.
    """
    if not 1 <= level <= MAX_LEVEL:
        raise OperatorFault(f"level {level} is not between 1 and {MAX_LEVEL}", advice="choose another level")
    paths = to / "practice.dd", to / "teapots.json", to / "wallpapers.txt"
    for path in paths:
        if path.exists():
            raise OperatorFault("the file already exists", where=str(path), advice="choose an empty folder")
    to.mkdir(parents=True, exist_ok=True)
    card = _Card(seed, level)
    card.fill()
    with paths[0].open("xb") as disk:
        second = RawVolume(b"This volume has no file system. It shows how one that cannot be read is listed.\n" * 8192)
        write_fat16(disk, card.files, label="PRACTICE", spare=6 << 20, cluster=2048, second=second)
    paths[1].write_bytes(known_set(card.known, Random(f"{seed} set")))
    paths[2].write_bytes(plain_list(card.ignorable))
    return PracticeDisk(*paths, tuple(card.truth))


class _Card:
    """The memory card while it is filled: its files, what they are for, and the contents of the two lists."""

    def __init__(self, seed: int, level: int) -> None:
        self.files: list[DiskFile] = []
        self.truth: list[PracticeFile] = []
        self.known: list[Listed] = []
        self.ignorable: list[bytes] = []
        self._rng = Random(f"{seed} practice")
        self._seed = seed
        self._level = level
        self._at = FIXED_TIME

    def fill(self) -> None:
        """Put everything on the card; each group is drawn `level` times over."""
        for _ in range(self._level):
            self._known_teapots()
            self._camera_roll()
            self._wallpapers()
            self._received()
            self._named()
            self._old_trip()
        self._videos()
        self._damaged()
        self._documents()

    def _put(self, path: str, content: bytes, role: Role, state: State = State.KEPT) -> None:
        self._at += timedelta(seconds=self._rng.randint(20, 4000))
        self.files.append(DiskFile(path, content, state, self._at))
        digest = hashlib.sha256(content).hexdigest()
        self.truth.append(PracticeFile(path, len(content), digest, state, role))

    def _draw(self, how: Callable[[Random, int, int], drawing.Picture]) -> drawing.Picture:
        return how(self._rng, *self._rng.choice(_SIZES))

    def _number(self) -> str:
        return f"{len(self.files) + 1:05d}"

    def _known_teapots(self) -> None:
        """Teapots of the known set: in two folders, some deleted, some altered so that the digest no longer agrees."""
        for turn in range(40):
            plain = turn % 4 == 1
            picture = self._draw(drawing.plain_teapot if plain else drawing.teapot)
            content = drawing.jpeg(picture)
            self.known.append(Listed(content, 2 if plain else 1, "image/jpeg"))
            state = State.DELETED if turn % 8 == 3 else State.KEPT
            self._put(f"/Pictures/Kitchen/teapot {self._number()}.jpg", content, Role.KNOWN, state)
            if turn % 5 == 0:
                self._put(f"/Messages/Received/P{self._number()}.jpg", content, Role.KNOWN)
            if turn % 2 == 0:
                path = f"/Messages/Received/P{self._number()}.jpg"
                self._put(path, self._altered(picture, turn), Role.NEAR_KNOWN)

    def _altered(self, picture: drawing.Picture, turn: int) -> bytes:
        """Return a copy that a person takes for the same picture: smaller, or compressed more."""
        if turn % 4:
            return drawing.jpeg(picture, 45)
        return drawing.jpeg(drawing.smaller(picture, 75), 80)

    def _camera_roll(self) -> None:
        for turn in range(60):
            picture = self._draw(drawing.teapot if turn % 6 == 5 else drawing.landscape)
            content = with_exif(drawing.jpeg(picture), self._camera(picture, turn))
            state = State.DELETED if turn % 12 == 7 else State.KEPT
            self._put(f"/DCIM/100MEDIA/IMG_{self._number()}.JPG", content, Role.UNKNOWN, state)
            if turn % 5 == 0:
                self._put(f"/Backup/IMG_{self._number()}.JPG", content, Role.COPY)
            if turn % 5 == 2:
                self._put(f"/Messages/Sent/P{self._number()}.jpg", self._altered(picture, turn), Role.NEAR)

    def _camera(self, picture: drawing.Picture, turn: int) -> Camera:
        latitude, longitude = _PLACES[turn // 3 % len(_PLACES)] if turn % 3 == 0 else (None, None)
        embedded = drawing.jpeg(drawing.smaller(picture, 15), 70) if turn % 4 == 0 else b""
        return Camera("Example Optics", "Practice One", self._at, latitude, longitude, embedded)

    def _wallpapers(self) -> None:
        for turn in range(36):
            picture = self._draw(drawing.pattern)
            content = drawing.png(drawing.smaller(picture, 40)) if turn % 6 == 0 else drawing.jpeg(picture)
            name = f"{self._number()}.{'png' if turn % 6 == 0 else 'jpg'}"
            self._put(f"/Pictures/Wallpapers/wall {name}", content, Role.IGNORABLE)
            self.ignorable.append(content)

    def _received(self) -> None:
        for turn in range(24):
            picture = self._draw(drawing.pattern if turn % 2 else drawing.landscape)
            content = drawing.bmp(drawing.smaller(picture, 30)) if turn % 8 == 4 else drawing.jpeg(picture, 78)
            suffix = "bmp" if turn % 8 == 4 else "jpg"
            self._put(f"/Messages/Received/P{self._number()}.{suffix}", content, Role.UNKNOWN)

    def _named(self) -> None:
        """Pictures and folders with names in Devanagari, Urdu, Malayalam and emoji."""
        for folder, names in zip(("/चित्र", "/تصاویر", "/ചിത്രങ്ങൾ"), _NAMES, strict=True):
            for turn, name in enumerate(names):
                content = drawing.jpeg(self._draw(drawing.teapot if turn % 2 == 0 else drawing.landscape))
                state = State.DELETED if turn == 3 else State.KEPT
                self._put(f"{folder}/{name} {self._number()}.jpg", content, Role.UNKNOWN, state)

    def _old_trip(self) -> None:
        """A folder that was deleted with everything in it, and files whose place was taken by others."""
        if not any(file.path == "/DCIM/पुरानी यात्रा/" for file in self.files):
            self.files.append(DiskFile("/DCIM/पुरानी यात्रा/", b"", State.DELETED, self._at))
        for _ in range(10):
            content = drawing.jpeg(self._draw(drawing.landscape))
            self._put(f"/DCIM/पुरानी यात्रा/IMG_{self._number()}.JPG", content, Role.UNKNOWN, State.DELETED)
        for _ in range(2):
            content = drawing.jpeg(drawing.landscape(self._rng, 320, 240), 60)
            self._put(f"/DCIM/100MEDIA/TMP_{self._number()}.JPG", content, Role.UNKNOWN, State.OVERWRITTEN)

    def _videos(self) -> None:
        for number, (role, state) in enumerate(
            [(Role.UNKNOWN, State.KEPT), (Role.KNOWN, State.KEPT), (Role.UNKNOWN, State.DELETED)], 1
        ):
            seed = self._seed * 16 + number
            frames = [drawing.jpeg(drawing.teapot_frame(seed, 320, 240, step), 75) for step in range(0, 80, 2)]
            content = mjpeg_avi(frames, width=320, height=240)
            if role is Role.KNOWN:
                self.known.append(Listed(content, 1, "video/x-msvideo"))
            self._put(f"/DCIM/100MEDIA/MOV_{self._number()}.AVI", content, role, state)

    def _damaged(self) -> None:
        whole = drawing.jpeg(drawing.landscape(self._rng, 800, 600))
        self._put("/DCIM/100MEDIA/cut short.jpg", whole[: len(whole) * 2 // 5], Role.DAMAGED)
        self._put("/Downloads/header only.jpg", whole[:180], Role.DAMAGED)
        self._put("/Downloads/far too large.png", _bomb(40_000, 40_000), Role.DAMAGED)
        self._put("/Downloads/empty.jpg", b"", Role.OTHER)

    def _documents(self) -> None:
        teapot = drawing.jpeg(drawing.teapot(self._rng, 640, 480))
        self._put("/Documents/accounts.xlsx", teapot, Role.UNKNOWN)
        self._put("/Documents/really a png.jpg", drawing.png(drawing.pattern(self._rng, 320, 240)), Role.UNKNOWN)
        self._put("/Documents/only words.jpg", b"This file is called a picture and is a text.\n", Role.OTHER)
        self._put("/Documents/notes.txt", "चाय, چائے, ചായ, tea 🫖\n".encode(), Role.OTHER)
        self._put("/Documents/holiday.zip", _archive({"one.jpg": teapot, "notes.txt": b"packed\n"}), Role.OTHER)
        lines = [
            "This disk was generated by Sakshya for practice. Nothing on it is evidence.",
            f"Seed {self._seed}, level {self._level}. Pictures encoded by {drawing.ENCODER}.",
        ]
        self._put("/README.txt", "\r\n".join([*lines, ""]).encode("ascii"), Role.OTHER)


def _archive(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, (2024, 3, 1, 9, 30, 0))
            # The default is the system's own, which differs on Windows.
            entry.create_system = 3
            archive.writestr(entry, content)
    return packed.getvalue()


def _bomb(width: int, height: int) -> bytes:
    """Return a small PNG that says it is very large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 64, 0)), (b"IEND", b"")
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
