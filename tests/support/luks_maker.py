"""LUKS volumes by cryptsetup on plain files, which needs neither root nor the device mapper."""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.support.exhibits import run_tool

PASSPHRASE = "correct horse"
_QUICK = ("--batch-mode", "--pbkdf-force-iterations")


def luks2(folder: Path, plain: bytes, *options: str) -> Path:
    """Return a LUKS2 volume whose content cryptsetup itself encrypted."""
    path, key = folder / "luks2.img", _key_file(folder)
    path.write_bytes(plain + bytes(32 << 20))
    how = options or (*_QUICK, "4", "--pbkdf-memory", "65536")
    command = ("cryptsetup", "reencrypt", "--encrypt", "--type", "luks2", "--reduce-device-size", "32M", "--batch-mode")
    run_tool(*command, "--key-file", str(key), *how, str(path))
    return path


def luks1(folder: Path, plain: bytes, cipher: str) -> Path:
    """Return a LUKS1 volume by cryptsetup; the content is encrypted here with the volume key that it prints."""
    path, key, volume_key = folder / "luks1.img", _key_file(folder), folder / "volume.key"
    path.write_bytes(bytes(4 << 20))
    size = "256" if "cbc" in cipher else "512"
    made = ("cryptsetup", "luksFormat", "--type", "luks1", "--cipher", cipher, "--key-size", size)
    run_tool(*made, *_QUICK, "1000", "--key-file", str(key), str(path))
    dump = ("cryptsetup", "luksDump", "--dump-volume-key", "--batch-mode")
    run_tool(*dump, "--key-file", str(key), "--volume-key-file", str(volume_key), str(path))
    head = path.read_bytes()
    payload = int.from_bytes(head[104:108], "big") * 512
    path.write_bytes(head[:payload] + _encrypted(plain, volume_key.read_bytes(), cipher))
    return path


def _encrypted(plain: bytes, key: bytes, cipher: str) -> bytes:
    parts: list[bytes] = []
    for number in range(len(plain) // 512):
        iv = number.to_bytes(16, "little")
        mode: modes.Mode = modes.CBC(iv) if "cbc" in cipher else modes.XTS(iv)
        sector = plain[number * 512 : (number + 1) * 512]
        parts.append(Cipher(algorithms.AES(key), mode).encryptor().update(sector))
    return b"".join(parts)


def _key_file(folder: Path) -> Path:
    path = folder / "passphrase"
    path.write_text(PASSPHRASE)
    return path
