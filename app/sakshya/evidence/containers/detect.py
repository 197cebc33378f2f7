"""Tells the format of an exhibit's image files by their first bytes and opens them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from sakshya.domain.faults import EvidenceFault, OperatorFault
from sakshya.evidence.containers.aff4 import open_aff4
from sakshya.evidence.containers.aff4_volume import holds_description
from sakshya.evidence.containers.container import Container
from sakshya.evidence.containers.ewf import open_ewf
from sakshya.evidence.containers.ewf_lib import open_with_libewf
from sakshya.evidence.containers.ewf_sections import SIGNATURE
from sakshya.evidence.containers.qcow import open_qcow2
from sakshya.evidence.containers.raw import open_raw
from sakshya.evidence.containers.segments import is_ewf_name
from sakshya.evidence.containers.vdi import MARK as VDI
from sakshya.evidence.containers.vdi import open_vdi
from sakshya.evidence.containers.virtual_disk import open_dmg, open_qcow, open_vhd, open_vmdk
from sakshya.evidence.logical.open import open_logical, open_logical_aff4
from sakshya.evidence.readonly import ReadOnlyFile, open_exhibit_file

_EX01 = b"EVF2\r\n\x81\x00"
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"LVF\x09\x0d\x0a\xff\x00", "EnCase logical evidence (L01)"),
    (b"LEF2\r\n\x81\x00", "EnCase logical evidence (Lx01)"),
    (b"AFF10", "Advanced Forensic Format (AFF)"),
    (b"AFF", "Advanced Forensic Format (AFF)"),
    (b"AFM", "Advanced Forensic Format (AFM)"),
    (b"ADSEGMENTEDFILE", "AccessData logical image (AD1)"),
    (b"ADCRYPT", "encrypted AccessData image"),
    (b"WithoutFreeSpace", "Parallels disk (HDD)"),
    (b"WithouFreSpacExt", "Parallels disk (HDD)"),
    (b"sprs", "Apple sparse disk image"),
    (b"MSWIM\0\0\0", "Windows imaging archive (WIM)"),
    (b"\x1f\x8b\x08", "gzip-compressed file"),
    (b"BZh", "bzip2-compressed file"),
    (b"\xfd7zXZ\x00", "xz-compressed file"),
    (b"\x28\xb5\x2f\xfd", "Zstandard-compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"encrcdsa", "encrypted Apple disk image (DMG)"),
    (b"cdsaencr", "encrypted Apple disk image (DMG)"),
)
_HEAD = 4096


def _open_qcow2(paths: Sequence[Path], depth: int = 0) -> Container:
    def below(path: Path) -> Container:
        with open_exhibit_file(path) as file:
            is_qcow2 = file.pread(0, 4) == b"QFI\xfb" and file.pread(4, 4) != b"\0\0\0\x01"
        return _open_qcow2([path], depth + 1) if is_qcow2 else open_container([str(path)])

    return open_qcow2(paths, below, depth)


def _open_aff4(paths: Sequence[Path]) -> Container:
    return open_logical_aff4(paths[0]) or open_aff4(paths)


_READERS: tuple[tuple[bytes, Callable[[Sequence[Path]], Container]], ...] = (
    (SIGNATURE, open_ewf),
    (_EX01, open_with_libewf),
    (b"KDMV", open_vmdk),
    (b"COWD", open_vmdk),
    (b"# Disk DescriptorFile", open_vmdk),
    (b"vhdxfile", open_vhd),
    (b"conectix", open_vhd),
    (b"QFI\xfb\0\0\0\x01", open_qcow),
    (b"QFI\xfb", _open_qcow2),
)
_RAW_ADVICE = "convert it to raw or E01 and attach that"


def open_container(files: Sequence[str]) -> Container:
    """Open an exhibit by its image files; of a split or multi-segment one the first is enough.

    Raises:
        OperatorFault: no file is named, or one does not exist.
        EvidenceFault: the format is not readable, or the files are damaged beyond opening.
    """
    if not files:
        raise OperatorFault("no image file is named", advice="name the first image file of the exhibit")
    paths = [Path(file) for file in files]
    if paths[0].is_dir() and (folder := open_logical(paths[0], b"")):
        return folder
    with open_exhibit_file(paths[0]) as first:
        try:
            head = first.pread(0, _HEAD)
        except OSError:
            head = b""  # A device whose first sector is bad is still raw; its damage is listed where it is read.
        reader = next((one for mark, one in _READERS if head.startswith(mark)), None) or _by_tail(first)
        name = foreign_format(head)
        if head.startswith(b"PK\x03\x04") and holds_description(first):
            reader = _open_aff4
    if head[64:68] == VDI:
        reader = open_vdi
    if reader is not None:
        return reader(paths)
    if (logical := open_logical(paths[0], head)) is not None:
        return logical
    if name is not None:
        raise EvidenceFault(f"unsupported format: {name}", where=str(paths[0]), advice=_RAW_ADVICE)
    if is_ewf_name(paths[0]):
        advice = "copy the file again from its source"
        raise EvidenceFault("named like an EWF segment but without its signature", where=str(paths[0]), advice=advice)
    return open_raw(paths)


def foreign_format(head: bytes) -> str | None:
    """Return the name of a container format that Sakshya does not read, told by the first bytes; else None."""
    for signature, name in _OTHERS:
        if head.startswith(signature):
            return name
    if head.lstrip()[:5] == b"<?xml" and b"Parallels_disk_image" in head:
        return "Parallels disk description (HDD)"
    return None


def _by_tail(file: ReadOnlyFile) -> Callable[[Sequence[Path]], Container] | None:
    """Formats that sign at the end: a fixed VHD and an Apple disk image look raw from the front."""
    try:
        tail = file.pread(max(0, file.size - 512), 512)
    except OSError:
        return None
    if tail.startswith(b"koly"):
        return open_dmg
    if tail.startswith(b"conectix") or file.pread(max(0, file.size - 511), 8) == b"conectix":
        return open_vhd
    return None
