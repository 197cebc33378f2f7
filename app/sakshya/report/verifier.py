"""Check a Sakshya bundle with nothing but Python 3.8 or later: `python3 verify.py [FOLDER]`.

This one file is copied into every bundle as `verify.py`. It reads the bundle and writes nothing. Exit status: 0 the
bundle is whole, 4 a check failed, 2 there is no bundle to check.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import zlib
from pathlib import Path
from typing import Iterator  # noqa: UP035 - collections.abc has no subscript before Python 3.9

MANIFEST, TAG_MANIFEST, SIGNATURE = "manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.json"
LEDGER, LEDGER_HEAD = "data/ledger/ledger.jsonl", "data/ledger/ledger-head.json"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SIGNED_FILES = ("README.txt", "bag-info.txt", "bagit.txt", MANIFEST, "verify.py")
LINE_FIELDS = {"seq", "at", "zone", "who", "act", "subject", "public", "private_digest", "previous", "hash"}
GENESIS = "0" * 64
LARGEST_TAG_FILE = 1 << 26

_ROW = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._/-]+)")
_HEAD = re.compile(rb"ledger-head:(\d{1,18}):([0-9a-f]{64})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PICTURE = re.compile(
    rb"/(?:Subtype|Type|S)\s*/(?:Image|Movie|Sound|3D|RichMedia|Screen|Type3|EmbeddedFile)\b"
    rb"|/(?:DCTDecode|JPXDecode|JBIG2Decode|CCITTFaxDecode|EmbeddedFiles?|JavaScript|Launch)\b"
    rb"|(?:^|\s)BI\s+/[A-Za-z]"
)


class Findings:
    """What the checks found: `problems` fail the bundle, `notes` are for the reader."""

    def __init__(self) -> None:
        self.problems = []  # type: list[str]
        self.notes = []  # type: list[str]


def verify_bundle(folder: str | Path) -> list[str]:
    """Return one sentence for each thing wrong with the bundle; an empty list where it is whole."""
    return inspect(Path(folder)).problems


def inspect(folder: Path) -> Findings:
    """Run every check; a file that cannot be read is a problem, never an exception."""
    findings = Findings()
    files = _files(folder, findings)
    digests = {name: _digest(folder, name, findings) for name in files}
    _check_structure(folder, files, findings)
    _check_manifest(folder, MANIFEST, {n: d for n, d in digests.items() if n.startswith("data/")}, findings)
    tags = {n: d for n, d in digests.items() if not n.startswith("data/") and n != TAG_MANIFEST}
    _check_manifest(folder, TAG_MANIFEST, tags, findings)
    lines = _check_ledger(folder, findings)
    _check_papers(folder, digests, lines, findings)
    _check_signature(folder, digests, lines, findings)
    return findings


# Files and manifests


def _files(folder: Path, findings: Findings) -> list[str]:
    names = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            findings.problems.append(f"{_safe(name)}: not a plain file")
        elif path.is_file():
            names.append(name)
    return names


def _digest(folder: Path, name: str, findings: Findings) -> str:
    digest = hashlib.sha256()
    try:
        with (folder / name).open("rb") as file:
            for chunk in iter(lambda: file.read(1 << 20), b""):
                digest.update(chunk)
    except OSError as error:
        findings.problems.append(f"{_safe(name)}: cannot be read ({error.strerror})")
        return ""
    return digest.hexdigest()


def _read(folder: Path, name: str, findings: Findings) -> bytes:
    try:
        path = folder / name
        if path.stat().st_size > LARGEST_TAG_FILE:
            findings.problems.append(f"{name}: too large to be what it should be")
            return b""
        return path.read_bytes()
    except OSError:
        findings.problems.append(f"{name}: missing or not readable")
        return b""


def _check_structure(folder: Path, files: list[str], findings: Findings) -> None:
    if _read(folder, "bagit.txt", findings) != DECLARATION:
        findings.problems.append("bagit.txt: not the declaration of a BagIt 1.0 bag")
    payload = [name for name in files if name.startswith("data/")]
    octets = sum((folder / name).stat().st_size for name in payload)
    info = _read(folder, "bag-info.txt", findings).decode("utf-8", "replace")
    stated = re.findall(r"^Payload-Oxum: (.*)$", info, re.MULTILINE)
    if stated != [f"{octets}.{len(payload)}"]:
        findings.problems.append(
            f"bag-info.txt: Payload-Oxum states {_safe(' '.join(stated)) or 'nothing'}, "
            f"but there are {octets} bytes in {len(payload)} files"
        )


def _check_manifest(folder: Path, manifest: str, digests: dict[str, str], findings: Findings) -> None:
    text = _read(folder, manifest, findings).decode("utf-8", "replace")
    stated = {}
    if text and not text.endswith("\n"):
        findings.problems.append(f"{manifest}: its last line is cut short")
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        row = _ROW.fullmatch(line)
        if row is None or ".." in row.group(2) or row.group(2) in stated:
            findings.problems.append(f"{manifest}: line {number} is not a line of a manifest")
        else:
            stated[row.group(2)] = row.group(1)
    for name in sorted(set(stated) | set(digests)):
        if name not in digests:
            findings.problems.append(f"{name}: missing, though {manifest} lists it")
        elif name not in stated:
            findings.problems.append(f"{_safe(name)}: extra, {manifest} does not list it")
        elif digests[name] and stated[name] != digests[name]:
            findings.problems.append(f"{name}: changed, its SHA-256 is not the one in {manifest}")


# The ledger


def _check_ledger(folder: Path, findings: Findings) -> dict[int, dict[str, object]]:
    """Return the lines that are whole by number, after naming every line that is not."""
    lines, last, seen = {}, 0, set()  # type: dict[int, dict[str, object]], int, set[int]
    for place, line in _ledger_lines(folder, findings):
        seq = line["seq"]
        assert isinstance(seq, int)
        if seq in seen:
            findings.problems.append(f"ledger row {place}: line {seq} stands here a second time")
        elif seq < last:
            findings.problems.append(f"ledger row {place}: line {seq} stands out of order, after line {last}")
        seen.add(seq)
        last = seq
        if line["hash"] != _line_hash(line):
            findings.problems.append(f"ledger row {place}: line {seq} was changed, its hash does not agree")
        else:
            lines[seq] = line
    _check_chain(lines, seen, _ledger_head(folder, findings), findings)
    return lines


def _check_chain(
    lines: dict[int, dict[str, object]], seen: set[int], head: tuple[int, str], findings: Findings
) -> None:
    before = 0
    for seq in sorted(seen | {head[0]} - {0}):
        if seq - before > 1 or seq not in seen:
            last = seq if seq not in seen else seq - 1
            gap = f"line {last} was" if last == before + 1 else f"lines {before + 1} to {last} were"
            findings.problems.append(f"ledger: {gap} removed")
        elif _is_unlinked(lines, before, seq):
            findings.problems.append(f"ledger: line {seq} does not follow line {before}")
        before = seq
    if not lines or head[0] != max(seen) or lines.get(head[0], {}).get("hash") != head[1]:
        findings.problems.append(f"{LEDGER_HEAD}: not the head of this ledger")


def _is_unlinked(lines: dict[int, dict[str, object]], before: int, seq: int) -> bool:
    if seq not in lines or (before and before not in lines):
        return False
    return lines[seq]["previous"] != (lines[before]["hash"] if before else GENESIS)


def _ledger_lines(folder: Path, findings: Findings) -> Iterator[tuple[int, dict[str, object]]]:
    try:
        with (folder / LEDGER).open("rb") as file:
            for place, raw in enumerate(file, start=1):
                line = _parse(raw)
                if isinstance(line, dict) and set(line) == LINE_FIELDS and type(line["seq"]) is int and line["seq"] > 0:
                    if _canonical(line) + b"\n" != raw:
                        findings.problems.append(f"ledger row {place}: line {line['seq']} is not spelled as written")
                    yield place, line
                else:
                    findings.problems.append(f"ledger row {place}: not a ledger line")
    except OSError:
        findings.problems.append(f"{LEDGER}: missing or not readable")


def _ledger_head(folder: Path, findings: Findings) -> tuple[int, str]:
    head = _parse(_read(folder, LEDGER_HEAD, findings))
    if isinstance(head, dict) and type(head.get("seq")) is int and 0 < head["seq"] < 1 << 40:
        return head["seq"], str(head.get("hash"))
    findings.problems.append(f"{LEDGER_HEAD}: does not name a line and its hash")
    return 0, ""


def _line_hash(line: dict[str, object]) -> str:
    return hashlib.sha256(_canonical({name: line[name] for name in line if name != "hash"})).hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _parse(raw: bytes) -> object:
    try:
        value = json.loads(raw.decode("utf-8"))
        _canonical(value)
    except (ValueError, RecursionError):
        return None
    return value


# The papers


def _check_papers(
    folder: Path, digests: dict[str, str], lines: dict[int, dict[str, object]], findings: Findings
) -> None:
    issued = {str(line["public"].get("sha256")) for line in lines.values() if isinstance(line["public"], dict)}
    for name in sorted(digests):
        if not name.lower().endswith(".pdf"):
            continue
        try:
            pdf = (folder / name).read_bytes()
        except OSError:
            continue
        found = _picture_in(pdf)
        if found:
            findings.problems.append(f"{name}: holds what may be a picture or an attachment ({found})")
        if digests[name] not in issued:
            findings.problems.append(f"{name}: no ledger line says that this paper was issued")
        _check_printed_head(name, pdf, lines, findings)


def _check_printed_head(name: str, pdf: bytes, lines: dict[int, dict[str, object]], findings: Findings) -> None:
    heads = {(int(seq), value.decode("ascii")) for seq, value in _HEAD.findall(pdf)}
    if not heads:
        findings.problems.append(f"{name}: names no ledger head")
    for seq, value in sorted(heads):
        if lines.get(seq, {}).get("hash") == value:
            findings.notes.append(f"{name}: its ledger head is line {seq} of the ledger")
        else:
            findings.problems.append(f"{name}: its ledger head is not line {seq} of the ledger")


def _picture_in(pdf: bytes) -> str:
    if not pdf.startswith(b"%PDF-"):
        return "not a PDF"
    for part in _parts(pdf):
        found = _PICTURE.search(re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m.group(1), 16)]), part))
        if found:
            return found.group().strip().decode("ascii", "replace")
    return ""


def _parts(pdf: bytes) -> Iterator[bytes]:
    """Yield the PDF without its stream bodies, then each stream that inflates."""
    outside, end = [], 0
    for match in _STREAM.finditer(pdf):
        if match.start() < end:
            continue
        outside.append(pdf[end : match.end()])
        stop = pdf.find(b"endstream", match.end())
        end = stop if stop >= 0 else len(pdf)
        body = pdf[match.end() : end]
        try:
            yield zlib.decompressobj().decompress(body, LARGEST_TAG_FILE)
        except zlib.error:
            yield body
    outside.append(pdf[end:])
    yield b"".join(outside)


# The signature: Ed25519, RFC 8032


def _check_signature(
    folder: Path, digests: dict[str, str], lines: dict[int, dict[str, object]], findings: Findings
) -> None:
    if SIGNATURE not in digests:
        findings.notes.append("the bundle is not signed: its manifests prove that it is whole, not who made it")
        return
    seal = _parse(_read(folder, SIGNATURE, findings))
    statement = seal.get("statement") if isinstance(seal, dict) else None
    if not isinstance(seal, dict) or not isinstance(statement, dict):
        findings.problems.append(f"{SIGNATURE}: not a signature of a bundle")
        return
    try:
        key = bytes.fromhex(str(statement.get("public_key")))
        good = ed25519_verifies(key, _canonical(statement), bytes.fromhex(str(seal.get("signature"))))
    except ValueError:
        key, good = b"", False
    if not good:
        findings.problems.append(f"{SIGNATURE}: the signature is wrong")
    stated = statement.get("files")
    for name in SIGNED_FILES:
        if not isinstance(stated, dict) or stated.get(name) != digests.get(name):
            findings.problems.append(f"{name}: not the file that was signed")
    head = statement.get("ledger_head")
    seq = head.get("seq") if isinstance(head, dict) else None
    if not isinstance(head, dict) or type(seq) is not int or lines.get(seq, {}).get("hash") != head.get("hash"):
        findings.problems.append(f"{SIGNATURE}: the signed ledger head is not in the ledger")
    signer = _safe(f"{statement.get('name')} ({statement.get('role')}), {statement.get('signed_at')}")
    findings.notes.append(f"signed by {signer}; compare the key with one that the signer gave you")
    findings.notes.append(f"signer's key {_safe(str(statement.get('public_key')))}, fingerprint {fingerprint(key)}")


def fingerprint(key: bytes) -> str:
    """Return the SHA-256 of a public key in groups of four hex digits."""
    digits = hashlib.sha256(key).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, 64, 4))


_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_BASE_Y = 4 * pow(5, _P - 2, _P) % _P


def ed25519_verifies(key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether `signature` (64 bytes) over `message` was made with the private half of `key` (32 bytes)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or scalar >= _L:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    base = _point(_BASE_Y.to_bytes(32, "little"))
    assert base is not None
    challenge = int.from_bytes(digest, "little") % _L
    left, right = _times(scalar, base), _add(commitment, _times(challenge, public))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (left[1] * right[2] - right[1] * left[2]) % _P == 0


def _point(raw: bytes) -> tuple[int, int, int, int] | None:
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _add(one: tuple[int, int, int, int], two: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % _P, (one[1] + one[0]) * (two[1] + two[0]) % _P
    c, d = 2 * one[3] * two[3] * _D % _P, 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point, scalar = _add(point, point), scalar >> 1
    return result


def _safe(text: str) -> str:
    """A name made up by somebody else must not move the cursor or end the line."""
    return text.encode("ascii", "backslashreplace").decode("ascii") if not text.isprintable() else text


def main(arguments: list[str]) -> int:
    """Check the bundle named, or the one this file lies in, and print what was found."""
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    if len(arguments) > 1 or not any((folder / name).exists() for name in ("bagit.txt", MANIFEST)):
        print(f"error: no bundle; {_safe(str(folder))}; name the folder that holds bagit.txt", file=sys.stderr)
        return 2
    findings = inspect(folder)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for note in findings.notes:
        print(f"note: {note}")
    for problem in findings.problems:
        print(f"problem: {problem}")
    print(f"{len(findings.problems)} problem(s) found" if findings.problems else "the bundle is whole")
    return 4 if findings.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
