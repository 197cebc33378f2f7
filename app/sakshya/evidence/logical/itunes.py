"""iTunes and Finder backups of iPhones: a folder whose `Manifest.db` names what each of its files was on the phone.

The contents lie under the SHA-1 of their names. An encrypted backup keeps every file under a key of its own, wrapped
by keys that the backup's passphrase opens; file and list are decrypted in memory only.
"""

import plistlib
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sakshya.domain.absent import Absent, NotRecorded
from sakshya.domain.entry import EntryKind, Times
from sakshya.domain.moment import Moment
from sakshya.domain.unexamined import Reason
from sakshya.evidence.archives.packed.times import from_posix
from sakshya.evidence.damage import unreadable
from sakshya.evidence.logical.itunes_manifest import Row, rows
from sakshya.evidence.logical.member_tree import LogicalMember

FORMAT = "iTunes backup"
MANIFEST, LIST = "Manifest.plist", "Manifest.db"
_BLOCK = 16
_BLOB = re.compile(r"[0-9a-f]{40}")
_LARGEST_RECORD = 1 << 20
_NOT_STATED = NotRecorded("the backup states none")
_NO_TIMES = Times(_NOT_STATED, _NOT_STATED, _NOT_STATED, _NOT_STATED)
_KINDS = {1: EntryKind.FILE, 2: EntryKind.DIRECTORY, 4: EntryKind.LINK}
# What a property list or a keybag that was tampered with can raise from the libraries that read it.
_BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError, struct.error)


class BackupFiles(Protocol):
    """The folder's own files by their paths in it."""

    def extent(self, name: str) -> tuple[int, int] | None:
        """Return where a file lies in the exhibit and its length in bytes; None where there is none."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Return bytes of the exhibit."""


class KeyBag(Protocol):
    """Unwraps the key of one file."""

    def unwrap_key_for_class(self, protection_class: int, wrapped_file_key: bytes) -> bytes:
        """Return the key."""


@dataclass(frozen=True, slots=True)
class Content:
    """Where a file's bytes lie in the exhibit, and the key they are under; an empty key where they are plain."""

    start: int
    stored: int
    key: bytes = b""


class Backup:
    """One backup, its list opened."""

    def __init__(self, files: BackupFiles, keys: Sequence[str]) -> None:
        self._files = files
        manifest = self._plist(_whole(files, MANIFEST))
        self._bag = _unlocked(manifest, keys) if manifest.get("IsEncrypted") else None
        self._list = _whole(files, LIST)
        if self._bag is not None and "ManifestKey" in manifest:
            self._list = self._decrypted_list(manifest["ManifestKey"])
        self.used: set[str] = set()

    def members(self) -> Iterator[tuple[LogicalMember, Content | None]]:
        """Yield what the list names, with where each content lies.

        Raises:
            EvidenceFault: the list breaks off; what came before stands.
        """
        for row in rows(self._list):
            yield self._member(row)

    def read(self, content: Content, offset: int, length: int) -> bytes:
        """Return `length` bytes of a file's content from `offset`, decrypted.

        Raises:
            EvidenceFault: the bytes cannot be read.
        """
        if not content.key:
            return self._files.read_at(content.start + offset, length)
        first, end = offset // _BLOCK * _BLOCK, min(-(-(offset + length) // _BLOCK) * _BLOCK, content.stored)
        before = max(0, first - _BLOCK)
        raw = self._files.read_at(content.start + before, (end - before) // _BLOCK * _BLOCK)
        start, raw = (raw[:_BLOCK], raw[_BLOCK:]) if first else (bytes(_BLOCK), raw)
        plain = Cipher(algorithms.AES(content.key), modes.CBC(start)).decryptor().update(raw)
        return plain[offset - first : offset - first + length]

    def _member(self, row: Row) -> tuple[LogicalMember, Content | None]:
        kind = _KINDS.get(row.flags, EntryKind.VIRTUAL)
        path = f"/{row.domain}/{row.path}" if row.path else f"/{row.domain}"
        facts, objects = _record(row.record)
        times = _times(facts)
        if kind is not EntryKind.FILE:
            target = _object(objects, facts.get("Target")) if kind is EntryKind.LINK else None
            return LogicalMember(path, 0, times, kind, link_target=target if isinstance(target, str) else None), None
        stated = facts.get("Size")
        size = stated if isinstance(stated, int) else 0
        name = f"{row.file[:2]}/{row.file}"
        extent = self._files.extent(name) if _BLOB.fullmatch(row.file) else None
        if extent is None:
            barrier = f"{Reason.NO_CONTENT_ADDRESS.value}: the backup does not hold its content"
            return LogicalMember(path, max(0, size), times, kind, barrier=barrier), None
        self.used.add(name)
        content, barrier = self._content(extent, facts, objects)
        if content.key:
            size = self._plain_size(content, size)
            return LogicalMember(path, size, times, kind), content
        runs = ((extent[0], extent[1]),) if extent[1] else ()
        return LogicalMember(path, extent[1], times, kind, barrier=barrier, runs=runs), content

    def _content(self, extent: tuple[int, int], facts: dict[str, Any], objects: list[Any]) -> tuple[Content, str]:
        if self._bag is None or "EncryptionKey" not in facts:
            return Content(*extent), ""
        try:
            wrapped = _object(objects, facts["EncryptionKey"])["NS.data"][4:]
            key = self._bag.unwrap_key_for_class(facts["ProtectionClass"], wrapped)
            algorithms.AES(key)
        except _BROKEN as error:
            return Content(*extent), f"{Reason.ENCRYPTED.value}: the file's key cannot be unwrapped ({error})"
        return Content(*extent, key), ""

    def _plain_size(self, content: Content, stated: int) -> int:
        """Return the length without the padding, which the list does not always state right."""
        if content.stored - _BLOCK <= stated < content.stored:
            return stated
        last = self.read(content, max(0, content.stored - _BLOCK), _BLOCK)
        pad = last[-1] if last else 0
        is_padding = 1 <= pad <= _BLOCK and last.endswith(bytes([pad]) * pad)
        return content.stored - pad if is_padding else content.stored

    def _decrypted_list(self, wrapped: bytes) -> bytes:
        assert self._bag is not None
        try:
            key = self._bag.unwrap_key_for_class(int.from_bytes(wrapped[:4], "little"), wrapped[4:])
            return Cipher(algorithms.AES(key), modes.CBC(bytes(_BLOCK))).decryptor().update(self._list)
        except _BROKEN as error:
            raise unreadable(Reason.ENCRYPTED, f"the backup's list cannot be decrypted ({error})") from error

    @staticmethod
    def _plist(data: bytes) -> dict[str, Any]:
        try:
            manifest = plistlib.loads(data)
        except Exception as error:  # door: the parser raises what its input makes it raise
            raise unreadable(Reason.BAD_METADATA, f"{MANIFEST} cannot be read ({error})") from error
        if not isinstance(manifest, dict):
            raise unreadable(Reason.BAD_METADATA, f"{MANIFEST} is no dictionary")
        return manifest


def _unlocked(manifest: dict[str, Any], keys: Sequence[str]) -> KeyBag:
    # Only its keybag is used: its reader of backups writes the decrypted list to a file.
    from iphone_backup_decrypt.exceptions import UnsafeBackupError
    from iphone_backup_decrypt.utils import BackupKeyBag

    for key in keys:
        try:
            bag = BackupKeyBag(manifest["BackupKeyBag"])
            is_open = bag.unlock_with_passphrase(key.encode("utf-8", "surrogateescape"))
        except (*_BROKEN, UnsafeBackupError) as error:
            raise unreadable(Reason.BAD_METADATA, f"the backup's keys cannot be read ({error})") from error
        if is_open and bag.classes_keys:
            opened: KeyBag = bag
            return opened
    detail = f"none of the {len(keys)} supplied keys opens the backup" if keys else "the backup needs its passphrase"
    raise unreadable(Reason.ENCRYPTED, detail, advice="supply the passphrase chosen in iTunes or Finder")


def _whole(files: BackupFiles, name: str) -> bytes:
    extent = files.extent(name)
    if extent is None or extent[1] > 1 << 32:
        what = f"{name} is missing" if extent is None else f"{name} is {extent[1]} bytes long"
        raise unreadable(Reason.BAD_METADATA, what)
    return files.read_at(*extent)


def _record(data: bytes) -> tuple[dict[str, Any], list[Any]]:
    """Return the facts of one file, kept as an archived object, and the objects that they point at."""
    if not 0 < len(data) <= _LARGEST_RECORD:
        return {}, []
    try:
        archive = plistlib.loads(data)
        objects = archive["$objects"]
        facts = objects[archive["$top"]["root"].data]
    except Exception:  # noqa: BLE001 # door: the parser raises what its input makes it raise
        return {}, []
    return (facts, objects) if isinstance(facts, dict) and isinstance(objects, list) else ({}, [])


def _object(objects: list[Any], reference: object) -> Any:  # noqa: ANN401 - a property list holds anything
    at = reference.data if isinstance(reference, plistlib.UID) else -1
    return objects[at] if 0 <= at < len(objects) else None


def _times(facts: dict[str, Any]) -> Times:
    if not facts:
        return _NO_TIMES
    modified, changed, created = (_time(facts.get(name)) for name in ("LastModified", "LastStatusChange", "Birth"))
    return Times(modified, _NOT_STATED, changed, created)


def _time(value: object) -> Moment | Absent:
    if isinstance(value, datetime):
        value = int((value - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001 - lists keep UTC without a zone
    return from_posix(value) if isinstance(value, int) and value else _NOT_STATED
