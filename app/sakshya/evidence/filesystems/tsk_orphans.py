"""Deleted objects without a name, found one by one where The Sleuth Kit gives up its own list of them.

It gives up the whole list at the first directory that ext2, ext3 or ext4 emptied as it was deleted.
"""

from collections.abc import Iterator

import pytsk3

_DIRECTORY_NAME, _DIRECTORY = 3, 2
_UNALLOCATED, _USED = 2, 4
_DOTS = (b".", b"..")
_FAILURES = (OSError, RuntimeError, OverflowError)


def orphans(fs: pytsk3.FS_Info) -> Iterator[pytsk3.File]:
    """Yield the objects that are out of use, were used, and that no directory names, in the order of their addresses.

    What a nameless directory still names comes with that directory and not here.

    Raises:
        OSError: after the last of them, where the records of some objects cannot be read.
    """
    named = {int(fs.info.root_inum)} | _named_below(fs, int(fs.info.root_inum))
    found: list[tuple[int, int]] = []
    unread: Exception | None = None
    for address in range(int(fs.info.first_inum), int(fs.info.last_inum)):
        try:
            kind = 0 if address in named else _lost_kind(fs, address)
        except _FAILURES as error:
            unread = error
            continue
        if kind:
            found.append((address, kind))
    below: set[int] = set()
    for address, kind in found:
        if kind == _DIRECTORY:
            below |= _named_below(fs, address)
    yield from (fs.open_meta(address) for address, _ in found if address not in below)
    if unread is not None:
        raise OSError(str(unread)) from unread


def is_emptied(fs: pytsk3.FS_Info, address: int) -> bool:
    """Tell whether the object was deleted and its record no longer states any content."""
    try:
        meta = fs.open_meta(address).info.meta
    except _FAILURES:
        return False
    return meta is not None and bool(int(meta.flags) & _UNALLOCATED) and not int(meta.size)


def _lost_kind(fs: pytsk3.FS_Info, address: int) -> int:
    """Return the kind of an object that is out of use and was used; 0 for any other."""
    meta = fs.open_meta(address).info.meta
    is_lost = meta is not None and int(meta.flags) & _UNALLOCATED and int(meta.flags) & _USED
    return int(meta.type) if is_lost else 0


def _named_below(fs: pytsk3.FS_Info, directory: int) -> set[int]:
    """Return the addresses out of use that a directory and those in it name."""
    named: set[int] = set()
    entered, pending = {directory, int(fs.info.last_inum)}, [directory]
    while pending:
        try:
            for file in fs.open_dir(inode=pending.pop()):
                name, meta = file.info.name, file.info.meta
                if name.name is None or name.name in _DOTS:
                    continue
                address = int(name.meta_addr)
                if meta is None or int(meta.flags) & _UNALLOCATED:
                    named.add(address)
                kind = int(name.type) == _DIRECTORY_NAME or (meta is not None and int(meta.type) == _DIRECTORY)
                if kind and address not in entered:
                    entered.add(address)
                    pending.append(address)
        except _FAILURES:
            continue
    return named
