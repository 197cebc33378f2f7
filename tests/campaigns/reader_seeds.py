"""What the readers' campaign damages: small whole files of every kind that is read, made anew each time."""

import io
import random
import shutil
import struct
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sakshya.testing import drawing, tiny_disk
from tests.pipeline import test_inside_files, test_itunes_backups, test_logical_inputs
from tests.support import lost_files
from tests.support.aff4_writer import write_aff4
from tests.support.bitlocker_writer import bitlocker
from tests.support.compound_writer import compound_file
from tests.support.ewf_writer import EwfShape, write_ewf
from tests.support.luks_maker import PASSPHRASE, luks1
from tests.support.lvm_writer import EXTENT, group, logical_volume, physical_volume, segment
from tests.support.udif_writer import write_udif
from tests.unit.evidence import test_bitlocker, test_documents, test_embedded

KEYS = (PASSPHRASE, "teapot")
_QEMU = {
    "vmdk": ("vmdk",),
    "split.vmdk": ("vmdk", "-o", "subformat=streamOptimized"),
    "vhd": ("vpc", "-o", "force_size"),
    "vhdx": ("vhdx",),
    "qcow2": ("qcow2", "-c"),
    "vdi": ("vdi",),
}


@dataclass(frozen=True)
class Seed:
    """A whole file and how it is read; `changed` damages it where flipped bytes alone would fail a checksum."""

    name: str
    suffix: str
    content: bytes
    how: str = "exhibit"
    changed: Callable[[random.Random], bytes] | None = None


def containers(folder: Path) -> list[Seed]:
    """Return one disk in every container."""
    disk, raw = _disk(), folder / "plain.raw"
    raw.write_bytes(disk)
    made = []
    for suffix, (kind, *options) in _QEMU.items() if shutil.which("qemu-img") else ():
        target = folder / f"made.{suffix}"
        _tool("qemu-img", "convert", "-f", "raw", "-O", kind, *options, str(raw), str(target))
        made.append(target)
    write_aff4(folder / "made.aff4", disk)
    write_udif(folder / "made.dmg", disk)
    made += [folder / "made.aff4", folder / "made.dmg", *write_ewf(folder / "made", disk, EwfShape())]
    return [Seed(f"container-{n}", file.suffix, file.read_bytes()) for n, file in enumerate(made)]


def layers(folder: Path) -> list[Seed]:
    """Return encrypted volumes and a physical volume of LVM."""
    root = logical_volume("root", "r", segment(0, 4, ("pv0", 8)), segment(4, 2, ("pv0", 2)))
    extents, text = random.Random(7).randbytes(32 * EXTENT), group(root)

    def other_text(rng: random.Random) -> bytes:
        letters = bytearray(text, "ascii")
        for _ in range(rng.choice((1, 3, 10))):
            letters[rng.randrange(len(letters))] = rng.choice(b'0123456789"{}[]=, \n-a#')
        return physical_volume(letters.decode("ascii"), extents)

    lvm = physical_volume(text, extents)
    seeds = [Seed("lvm", ".dd", lvm), Seed("lvm-text", ".dd", lvm, changed=other_text)]
    if shutil.which("mkfs.ntfs"):
        seeds.append(Seed("bitlocker", ".dd", bitlocker(test_bitlocker._plain(folder), None)))
    if shutil.which("cryptsetup"):
        seeds.append(Seed("luks1", ".dd", luks1(folder, _volume(), "aes-xts-plain64").read_bytes()))
        target = folder / "luks2.dd"
        target.write_bytes(bytes(17 << 20))
        quick = ("--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000", "--batch-mode")
        key = ("--key-file", str(folder / "passphrase"))
        _tool("cryptsetup", "luksFormat", "--type", "luks2", *quick, *key, str(target))
        seeds.append(Seed("luks2", ".dd", target.read_bytes()))
    return seeds


def systems(folder: Path) -> list[Seed]:
    """Return volumes of the file systems that are read without The Sleuth Kit."""
    source, seeds = folder / "source", []
    (source / "below").mkdir(parents=True)
    for number in range(60):
        (source / f"file number {number}.txt").write_bytes(bytes([number]) * (number * 50))
    (source / "below" / "photo.jpg").write_bytes(test_inside_files.PICTURE)
    if shutil.which("genisoimage"):
        _tool("genisoimage", "-quiet", "-udf", "-r", "-J", "-o", str(folder / "made.iso"), str(source))
        content = (folder / "made.iso").read_bytes()
        seeds += [Seed("udf-iso", ".iso", content), Seed("udf", ".iso", bytes(32768) + content[32768:])]
    if shutil.which("mkfs.xfs"):
        prototype, target = folder / "prototype", folder / "made.xfs"
        names = [f"f{n} ---644 0 0 {folder}/plain-{n}" for n in range(60)]
        for number in range(60):
            (folder / f"plain-{number}").write_bytes(bytes([number]) * (number * 300))
        prototype.write_text("\n".join(["/boot", "0 0", "d--755 0 0", *names, "$", "$", ""]), encoding="ascii")
        target.write_bytes(bytes(20 << 20))
        command = ("mkfs.xfs", "-q", "--unsupported", "-p", str(prototype), str(target))
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            seeds.append(Seed("xfs", ".dd", target.read_bytes()))
    return seeds


def archives(folder: Path) -> list[Seed]:
    """Return an archive of every kind."""
    files = {"a.jpg": test_inside_files.PICTURE, "b/c.txt": b"text" * 400, "empty": b""}
    made = [Seed(name.replace(" ", "-"), ".bin", pack(files), "archive") for name, pack in _packers().items()]
    locked = test_inside_files.seven(files, key="teapot")
    return [*made, Seed("locked-7z", ".7z", locked, "archive")]


def documents(folder: Path) -> list[Seed]:
    """Return documents, mail and thumbnail caches."""
    jpeg = test_documents._coded()
    blips = test_documents._jpeg_blip(jpeg)
    inner, outer = test_documents._message("inner"), test_documents._message("outer")
    inner.add_attachment(jpeg, maintype="image", subtype="jpeg", filename="a.jpg")
    outer.add_attachment(inner)
    line = b"From a@example.org Wed Jan  1 05:00:00 2020\n"
    fields = struct.pack("<III", 4, 2, len(jpeg))
    entry = (b"CMMM" + struct.pack("<IQ", 62 + len(jpeg), 0xABCDEF) + fields).ljust(56, b"\0") + b"a\0b\0\0\0" + jpeg
    made = {
        "doc": compound_file({"WordDocument": bytes(5000), "Data": blips, "1Table": bytes(600)}),
        "ppt": compound_file({"PowerPoint Document": bytes(5000), "Pictures": blips * 3}),
        "msg": compound_file({"__properties_version1.0": bytes(64), "__attach_1/__substg1.0_37010102": jpeg}),
        "db": compound_file({"Catalog": bytes(64), "1": b"\x0c\0\0\0\1\0\0\0" + bytes(4) + jpeg}),
        "pdf": test_documents._pdf(),
        "locked-pdf": test_documents._pdf("teapot"),
        "eml": bytes(outer),
        "mbox": line + bytes(inner) + b"\n" + line + bytes(outer) + b"\n",
        "thumbcache": b"CMMM" + struct.pack("<IIIII", 0x20, 1, 24, 0, 1) + entry * 3,
    }
    return [Seed(name, f".{name}", content, "archive") for name, content in made.items()]


def logical(folder: Path) -> list[Seed]:
    """Return extractions of phones as one file each."""
    tar = test_inside_files.tarred({"apps/a/f/a.jpg": test_inside_files.PICTURE, "shared/0/b.txt": b"text"})
    plain = test_itunes_backups.backup(folder / "plain")
    locked_too = test_itunes_backups.backup(folder / "locked", test_itunes_backups.Protection("teapot"))
    backups = [(of, of / name) for of in (plain, locked_too) for name in ("Manifest.db", "Manifest.plist")]
    head = b"ANDROID BACKUP\n5\n0\nnone\n"

    def other_report(rng: random.Random) -> bytes:
        from tests.campaigns.readers import mutated

        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as after:
            after.writestr("files/Image/a.jpg", test_inside_files.PICTURE)
            report = test_logical_inputs.REPORT.format(size=9, md5="0" * 32, wrong="1" * 32).encode()
            after.writestr("report.xml", mutated(report, rng))
        return target.getvalue()

    ufdr = test_logical_inputs.ufdr(folder).read_bytes()
    locked = test_logical_inputs.encrypted_backup(tar, "teapot")
    return [
        Seed("android", ".ab", head + tar),
        Seed("android-locked", ".ab", locked),
        Seed("ufdr", ".ufdr", ufdr),
        Seed("ufdr-report", ".ufdr", ufdr, changed=other_report),
        *(Seed(of.name, file.suffix, file.read_bytes(), "backup") for of, file in backups),
        *(
            Seed(f"tree-{name.replace(' ', '-')}", f".{name.split()[0]}", pack({"a": b"1"}))
            for name, pack in _packers().items()
        ),
    ]


def carving(folder: Path) -> list[Seed]:
    """Return free space with pictures and videos in it."""
    rng, made = random.Random(9), []
    for kind in lost_files._PILLOW:
        made.append((kind, lost_files.picture(kind, rng)))
    for kind in lost_files._VIDEO:
        made.append((kind, lost_files.video(kind, rng)))
    padded = [(kind, content[: 1 << 18] + bytes(-len(content[: 1 << 18]) % 512)) for kind, content in made]
    return [Seed(f"free-{kind}", ".bin", bytes(1024) + content + bytes(4096), "carve") for kind, content in padded]


def embedded(folder: Path) -> list[Seed]:
    """Return pictures that carry others."""
    small, rng = test_embedded._jpeg(64, 48), random.Random(5)
    jpeg = test_embedded._with_segment(test_embedded._jpeg(160, 120), b"Exif\0\0MM\0*" + bytes(20) + small)
    made = {"jpeg": jpeg, "motion": small + test_embedded._mp4() + b"SEFT"}
    made |= {kind: lost_files.picture(kind, rng)[: 1 << 18] + small for kind in (*lost_files._PILLOW, "heic")}
    return [Seed(f"carrier-{kind}", ".bin", content, "archive") for kind, content in made.items()]


GROUPS: dict[str, Callable[[Path], list[Seed]]] = {
    "containers": containers,
    "layers": layers,
    "systems": systems,
    "archives": archives,
    "documents": documents,
    "logical": logical,
    "carving": carving,
    "embedded": embedded,
}


def _packers() -> dict[str, Callable[[dict[str, bytes]], bytes]]:
    return test_inside_files.PACKERS


def _disk() -> bytes:
    rng = random.Random(3)
    return tiny_disk({"/a/b.jpg": drawing.jpeg(drawing.teapot(rng, 160, 120)), "/c.txt": b"text" * 99}, deleted={})


def _volume() -> bytes:
    disk = _disk()
    return disk[int.from_bytes(disk[454:458], "little") * 512 :]


def _tool(*command: str) -> None:
    with tempfile.TemporaryDirectory() as elsewhere:
        subprocess.run(command, check=True, capture_output=True, cwd=elsewhere)
