"""iTunes backups: the phone's paths and contents come back, plain and encrypted, and what is hostile is refused."""

import hashlib
import plistlib
import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives import keywrap, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sakshya.domain.entry import Entry, EntryKind
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.attach import describe
from sakshya.evidence.logical.itunes_manifest import rows
from sakshya.evidence.tree import ExhibitReader

FILES = {
    "Media/DCIM/100APPLE/IMG_0001.JPG": Random(1).randbytes(50_001),
    "Media/DCIM/100APPLE/IMG_0002.JPG": b"x" * 32,
    "Library/नमूना.txt": "साक्ष्य".encode(),
}
DOMAIN = "CameraRollDomain"
MODIFIED = 1_600_000_000
RNG = Random(2)
CLASS_KEY = RNG.randbytes(32)


@dataclass
class Protection:
    """Keys that a backup's files are under; none for a plain backup."""

    passphrase: str

    def bag(self) -> bytes:
        salt, double = RNG.randbytes(20), RNG.randbytes(20)
        first = hashlib.pbkdf2_hmac("sha256", self.passphrase.encode(), double, 10, 32)
        key = hashlib.pbkdf2_hmac("sha1", first, salt, 10, 32)
        blocks = [(b"VERS", 5), (b"TYPE", 1), (b"UUID", bytes(16)), (b"HMCK", bytes(40)), (b"WRAP", 1)]
        blocks += [(b"SALT", salt), (b"ITER", 10), (b"DPWT", 1), (b"DPIC", 10), (b"DPSL", double)]
        blocks += [(b"UUID", b"1" * 16), (b"CLAS", 3), (b"WRAP", 2), (b"KTYP", 0)]
        blocks += [(b"WPKY", keywrap.aes_key_wrap(key, CLASS_KEY))]
        return b"".join(block(tag, value) for tag, value in blocks)


def block(tag: bytes, value: int | bytes) -> bytes:
    data = value if isinstance(value, bytes) else struct.pack(">L", value)
    return tag + struct.pack(">L", len(data)) + data


def sealed(key: bytes, data: bytes) -> bytes:
    pad = padding.PKCS7(128).padder()
    cipher = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return cipher.update(pad.update(data) + pad.finalize()) + cipher.finalize()


def wrapped(key: bytes) -> bytes:
    return struct.pack("<L", 3) + keywrap.aes_key_wrap(CLASS_KEY, key)


def record(size: int, key: bytes) -> bytes:
    facts: dict[str, object] = {"Size": size, "LastModified": MODIFIED, "Birth": MODIFIED, "ProtectionClass": 3}
    objects: list[object] = ["$null", facts]
    if key:
        facts["EncryptionKey"] = plistlib.UID(2)
        objects.append({"NS.data": wrapped(key)})
    archive = {"$archiver": "NSKeyedArchiver", "$objects": objects, "$top": {"root": plistlib.UID(1)}}
    return plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)


def backup(folder: Path, protection: Protection | None = None) -> Path:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain, relativePath, flags INTEGER, file BLOB)")
    for path, content in FILES.items():
        name = hashlib.sha1(f"{DOMAIN}-{path}".encode()).hexdigest()
        key = RNG.randbytes(32) if protection else b""
        line = (name, DOMAIN, path, 1, record(len(content), key))
        connection.execute("INSERT INTO Files VALUES (?, ?, ?, ?, ?)", line)
        (folder / name[:2]).mkdir(parents=True, exist_ok=True)
        (folder / name[:2] / name).write_bytes(sealed(key, content) if protection else content)
    connection.execute("INSERT INTO Files VALUES ('0000', ?, 'gone.jpg', 1, ?)", (DOMAIN, record(7, b"")))
    connection.execute("INSERT INTO Files VALUES ('0001', ?, 'Media/empty', 2, NULL)", (DOMAIN,))
    connection.commit()
    data, manifest = connection.serialize(), {"IsEncrypted": protection is not None}
    connection.close()
    if protection:
        key = RNG.randbytes(32)
        data = sealed(key, data)
        manifest |= {"BackupKeyBag": protection.bag(), "ManifestKey": wrapped(key)}  # type: ignore[dict-item]
    (folder / "Manifest.db").write_bytes(data)
    (folder / "Manifest.plist").write_bytes(plistlib.dumps(manifest, fmt=plistlib.FMT_BINARY))
    return folder


def found(folder: Path, keys: tuple[str, ...] = ()) -> Iterator[tuple[Entry, bytes | None]]:
    exhibit = Exhibit("EX-1", (str(folder),), describe([str(folder)]), keys=keys)
    with ExhibitReader(exhibit) as reader:
        for one in reader.walk():
            if isinstance(one, Entry):
                try:
                    yield one, b"".join(reader.source(one.locator).chunks())
                except EvidenceFault:
                    yield one, None


def contents(folder: Path, keys: tuple[str, ...] = ()) -> dict[str, bytes | None]:
    return {one.locator.path: data for one, data in found(folder, keys) if one.kind is EntryKind.FILE}


@pytest.mark.parametrize("protection", [None, Protection("teapot")], ids=["plain", "encrypted"])
def test_a_backup_shows_the_phones_paths_with_their_contents(tmp_path: Path, protection: Protection | None) -> None:
    folder = backup(tmp_path / "backup", protection)
    seen = contents(folder, ("wrong", "teapot") if protection else ())

    assert {path: seen[f"/{DOMAIN}/{path}"] for path in FILES} == FILES
    assert seen[f"/{DOMAIN}/gone.jpg"] is None
    assert {"/Manifest.db", "/Manifest.plist"} <= seen.keys()
    assert describe([str(folder)]).format == "iTunes backup"


def test_an_encrypted_backup_is_a_finding_without_its_passphrase(tmp_path: Path) -> None:
    folder = backup(tmp_path / "backup", Protection("teapot"))
    exhibit = Exhibit("EX-1", (str(folder),), describe([str(folder)]), keys=("wrong",))

    with ExhibitReader(exhibit) as reader:
        walked = list(reader.walk())

    assert contents(folder, ("wrong",)) == {}
    assert any("none of the 1 supplied keys opens the backup" in str(one) for one in walked)


def test_pieces_of_an_encrypted_file_are_those_of_the_whole(tmp_path: Path) -> None:
    folder = backup(tmp_path / "backup", Protection("teapot"))
    path, content = next(iter(FILES.items()))
    exhibit = Exhibit("EX-1", (str(folder),), describe([str(folder)]), keys=("teapot",))

    with ExhibitReader(exhibit) as reader:
        entry = next(one for one in reader.walk() if isinstance(one, Entry) and one.locator.path.endswith(path))
        source = reader.source(entry.locator)
        rng = Random(3)
        for offset, length in ((rng.randrange(50_100), rng.randrange(200)) for _ in range(200)):
            assert source.read_at(offset, length) == content[offset : offset + length]


def test_a_list_that_would_compute_without_end_is_refused() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIEW Files AS SELECT 1 AS fileID, 2 AS domain, 3 AS relativePath, 4 AS flags, 5 AS file")
    data = connection.serialize()
    connection.close()

    with pytest.raises(EvidenceFault, match="no list of files"):
        list(rows(data))


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_list_or_manifest_gives_faults_and_never_crashes(tmp_path: Path, seed: int) -> None:
    folder = backup(tmp_path / "backup", Protection("teapot") if seed % 2 else None)
    rng = Random(seed)
    target = folder / ("Manifest.plist" if seed % 3 else "Manifest.db")
    data = bytearray(target.read_bytes())
    for _ in range(8):
        data[rng.randrange(len(data))] = rng.randrange(256)
    target.write_bytes(data)

    for path, content in contents(folder, ("teapot",)).items():
        assert content is None or path
