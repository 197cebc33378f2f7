"""What a file system says in its own files (the volume's name, the place of its bitmap), and what a name names."""

import pytsk3

from sakshya.domain.entry import EntryKind
from sakshya.evidence.filesystems.signatures import FAT, Kind

LABEL_SUFFIX = b" (Volume Label Entry)"
_VOLUME_FILE, _VOLUME_NAME = 3, 96
_BITMAP_FILE = 6
_KINDS_BY_NAME = {
    3: EntryKind.DIRECTORY,
    5: EntryKind.FILE,
    6: EntryKind.LINK,
    10: EntryKind.VIRTUAL,
    11: EntryKind.VIRTUAL,
}
KINDS_BY_META = {
    1: EntryKind.FILE,
    2: EntryKind.DIRECTORY,
    6: EntryKind.LINK,
    10: EntryKind.VIRTUAL,
    11: EntryKind.VIRTUAL,
}


def label_of(fs: pytsk3.FS_Info, kind: Kind) -> str | None:
    """Return the volume's name; None where the file system keeps none that can be read."""
    try:
        if kind is Kind.NTFS:
            return _ntfs_label(fs)
        return _fat_label(fs) if kind in FAT or kind is Kind.EXFAT else None
    except (OSError, RuntimeError):
        return None


def _ntfs_label(fs: pytsk3.FS_Info) -> str | None:
    file = fs.open_meta(_VOLUME_FILE)
    for attribute in file:
        if int(attribute.info.type) == _VOLUME_NAME:
            size = min(int(attribute.info.size), 256)
            raw: bytes = file.read_random(0, size, _VOLUME_NAME, int(attribute.info.id)) if size else b""
            return raw.decode("utf-16-le", "replace") or None
    return None


def _fat_label(fs: pytsk3.FS_Info) -> str | None:
    for entry in fs.open_dir(inode=fs.info.root_inum):
        raw: bytes = entry.info.name.name or b""
        if raw.endswith(LABEL_SUFFIX):
            label = raw.removesuffix(LABEL_SUFFIX).decode("utf-8", "replace").strip()
            return None if label in ("", "$EMPTY_VOLUME_LABEL") else label
    return None


def bitmap_address(fs: pytsk3.FS_Info, kind: Kind) -> int | None:
    """Return the address of the file that holds the allocation bitmap (NTFS and HFS+: 6); None where there is none."""
    if kind is not Kind.EXFAT:
        return _BITMAP_FILE
    for file in fs.open_dir(inode=fs.info.root_inum):
        if file.info.name.name == b"$ALLOC_BITMAP":
            return int(file.info.name.meta_addr)
    return None


def kind_of(name: "pytsk3.TSK_FS_NAME", meta: "pytsk3.TSK_FS_META | None") -> EntryKind:
    """Return what a name names: as the name itself states, else as its record does."""
    if stated := int(name.type):
        return _KINDS_BY_NAME.get(stated, EntryKind.VIRTUAL)
    if meta is not None and (stated := int(meta.type)):
        return KINDS_BY_META.get(stated, EntryKind.VIRTUAL)
    return EntryKind.FILE
