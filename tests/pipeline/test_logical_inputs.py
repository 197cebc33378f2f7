"""Folders and archives as exhibits: every path, size and content is that of the source."""

import hashlib
import io
import tarfile
import zipfile
import zlib
from pathlib import Path
from random import Random

import pytest

from sakshya.domain.entry import Entry, EntryKind
from sakshya.domain.exhibit import Exhibit
from sakshya.evidence.attach import VerifyResult, describe, verify
from sakshya.evidence.tree import ExhibitReader
from tests.pipeline.test_inside_files import PACKERS, PICTURE, tarred
from tests.support.small_case import case_on, scan

FILES = {
    "private/var/mobile/Media/DCIM/100APPLE/IMG_0001.JPG": PICTURE,
    "private/var/mobile/नमूना/एक.txt": "साक्ष्य".encode(),
    "empty": b"",
    "big.bin": Random(4).randbytes(300_000),
}


def contents(files: tuple[Path, ...], keys: tuple[str, ...] = ()) -> dict[str, str]:
    names = tuple(map(str, files))
    exhibit = Exhibit("EX-1", names, describe(names), keys=keys)
    found: dict[str, str] = {}
    with ExhibitReader(exhibit) as reader:
        for one in reader.walk():
            if isinstance(one, Entry) and one.kind is EntryKind.FILE:
                source = reader.source(type(one.locator).parse(str(one.locator)))
                content = b"".join(source.chunks())
                assert len(content) == one.size
                found[one.locator.path] = hashlib.sha256(content).hexdigest()
        account = reader.account()
    assert account.total == account.in_files + account.slack + account.unallocated + account.not_addressable
    return found


def expected(files: dict[str, bytes]) -> dict[str, str]:
    return {f"/{name}": hashlib.sha256(content).hexdigest() for name, content in files.items()}


def write_folder(folder: Path) -> Path:
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_a_folder_is_an_exhibit_whose_digest_covers_names_and_contents(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "stick")
    (folder / "link").symlink_to("/etc/passwd")

    assert contents((folder,)) == expected(FILES)
    before = digest(folder)
    (folder / "empty").rename(folder / "void")
    assert digest(folder) != before


def digest(folder: Path) -> str:
    exhibit = Exhibit("EX-1", (str(folder),), describe([str(folder)]))
    *_, result = verify(exhibit, bool)
    assert isinstance(result, VerifyResult)
    assert result.digests is not None
    return result.digests.sha256


@pytest.mark.parametrize("packer", ["zip", "tar", "7z", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"])
def test_an_archive_is_an_exhibit_with_the_tree_of_its_members(tmp_path: Path, packer: str) -> None:
    path = tmp_path / f"extraction.{packer}"
    path.write_bytes(PACKERS[packer](FILES))

    assert contents((path,)) == expected(FILES)
    assert ("laid out as", "iOS file system") in describe([str(path)]).acquisition


@pytest.mark.parametrize("compressed", [0, 1])
def test_an_android_backup_is_read(tmp_path: Path, compressed: int) -> None:
    tar = tarred(FILES)
    path = tmp_path / "phone.ab"
    body = zlib.compress(tar) if compressed else tar
    path.write_bytes(b"ANDROID BACKUP\n5\n%d\nnone\n" % compressed + body)

    assert contents((path,)) == expected(FILES)


def test_an_encrypted_android_backup_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    path = tmp_path / "phone.ab"
    path.write_bytes(encrypted_backup(tarred(FILES), "teapot"))

    assert contents((path,), ("wrong", "teapot")) == expected(FILES)
    assert contents((path,), ("wrong",)) == {}


def encrypted_backup(tar: bytes, passphrase: str) -> bytes:
    from cryptography.hazmat.primitives import padding
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    rng = Random(5)
    salt, check_salt, user_iv, iv, secret = (rng.randbytes(n) for n in (64, 64, 16, 16, 32))

    def sealed(key: bytes, start: bytes, data: bytes) -> bytes:
        pad = padding.PKCS7(128).padder()
        cipher = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
        return cipher.update(pad.update(data) + pad.finalize()) + cipher.finalize()

    spelt = "".join(chr(byte if byte < 128 else 0xFF00 + byte) for byte in secret).encode()
    check = hashlib.pbkdf2_hmac("sha1", spelt, check_salt, 1000, 32)
    blob = b"".join(bytes([len(part)]) + part for part in (iv, secret, check))
    user_key = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), salt, 1000, 32)
    lines = [salt.hex(), check_salt.hex(), "1000", user_iv.hex(), sealed(user_key, user_iv, blob).hex()]
    head = "ANDROID BACKUP\n5\n1\nAES-256\n" + "".join(f"{line}\n" for line in lines)
    return head.encode() + sealed(secret, iv, zlib.compress(tar))


REPORT = """<?xml version="1.0" encoding="utf-8"?>
<project id="1" name="phone" extractionType="FileSystem" xmlns="http://pa.cellebrite.com/report/2.0">
<taggedFiles>
<file fs="userdata" path="/media/0/DCIM/a.jpg" size="{size}" id="f1" deleted="Intact">
<accessInfo><timestamp name="ModifyTime" format="TimeStampKml">2021-02-03T04:05:06+00:00</timestamp></accessInfo>
<metadata section="File"><item name="Local Path">files\\Image\\a.jpg</item><item name="MD5">{md5}</item></metadata>
</file>
<file fs="userdata" path="/media/0/lost/a copy.jpg" size="{size}" id="f2" deleted="Deleted">
<metadata section="File"><item name="MD5">{md5}</item></metadata>
</file>
<file fs="userdata" path="/media/0/b.jpg" size="3" id="f3" deleted="Intact">
<metadata section="File"><item name="Local Path">files\\Image\\b.jpg</item><item name="MD5">{wrong}</item></metadata>
</file>
</taggedFiles></project>"""


def ufdr(folder: Path) -> Path:
    md5 = hashlib.md5(PICTURE).hexdigest().upper()
    target = folder / "phone.ufdr"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("files/Image/a.jpg", PICTURE)
        archive.writestr("files/Image/b.jpg", b"abc")
        archive.writestr("report.xml", REPORT.format(size=len(PICTURE), md5=md5, wrong="0" * 32))
    return target


def test_a_ufdr_shows_the_phones_paths_its_deleted_files_and_its_times(tmp_path: Path) -> None:
    path = ufdr(tmp_path)
    exhibit = Exhibit("EX-1", (str(path),), describe([str(path)]))
    with ExhibitReader(exhibit) as reader:
        entries = {one.locator.path: one for one in reader.walk() if isinstance(one, Entry)}
        again = b"".join(reader.source(entries["/userdata/media/0/lost/a copy.jpg"].locator).chunks())

    first = entries["/userdata/media/0/DCIM/a.jpg"]
    assert exhibit.container.format == "UFDR"
    assert first.times.modified.as_json()["value"] == "2021-02-03T04:05:06Z"  # type: ignore[union-attr]
    assert not entries["/userdata/media/0/lost/a copy.jpg"].allocated
    assert again == PICTURE
    assert "/report.xml" in entries


def test_a_digest_that_the_extraction_states_and_the_content_does_not_have_is_a_finding(tmp_path: Path) -> None:
    with case_on(tmp_path, ufdr(tmp_path)) as bench:
        scan(bench)
        lines = [one for one in bench.case.unexamined.all() if one.reason.value == "differs from its stated digest"]

    assert [one.locator.path for one in lines if one.locator] == ["/userdata/media/0/b.jpg"]


def test_a_cut_archive_lists_what_came_before_the_cut(tmp_path: Path) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name in ("a", "b"):
            info = tarfile.TarInfo(name)
            info.size = 5000
            archive.addfile(info, io.BytesIO(bytes(5000)))
    path = tmp_path / "cut.tar"
    path.write_bytes(target.getvalue()[:7000])
    names = (str(path),)

    with ExhibitReader(Exhibit("EX-1", names, describe(names))) as reader:
        found = list(reader.walk())

    assert any(isinstance(one, Entry) and one.locator.path == "/a" for one in found)
