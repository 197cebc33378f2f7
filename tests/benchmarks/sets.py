"""Known sets: importing, building and asking, against `ijson` and against `hfind` on the same rows in the same run."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import ijson
import numpy as np

from sakshya.domain.match import SetKind
from sakshya.matching.build import IndexBuilder
from sakshya.matching.digest_index import DigestIndex
from sakshya.matching.importers import ImportOptions, commit, plan
from sakshya.matching.sets import SetFolder
from tests.benchmarks.goal import Goal, cost, paired

_AT = "2026-11-23T09:00:00.000000Z"
_RECORDS = 1_000_000
_ENTRIES = 10_000_000
_ASKED = 1_000_000
_CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"
# What national sets state beside the hashes; a record is some 280 bytes long.
_REST = {
    "Category": 1,
    "VictimIdentified": False,
    "OffenderIdentified": False,
    "IsDistributed": False,
    "Series": "",
    "Tags": "",
    "DateUpdated": "2026-01-02T03:04:05Z",
}
_PEAK = """
import sys
sys.path.insert(0, "app")
from pathlib import Path
from tests.benchmarks.sets import take
def peak():
    # The peak that getrusage tells is handed on by the process that started this one.
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
start = peak()
take(Path(sys.argv[1]), Path(sys.argv[2]))
print(peak() - start)
"""


def run(folder: Path) -> Iterator[Goal]:
    """Yield the figures, first those that need no peer."""
    yield from _vics(folder)
    if shutil.which("hfind") is None:
        yield Goal("building and asking 10 M entries / hfind", None, 0.33, "x", "hfind is not installed")
        return
    digests = np.random.default_rng(5).integers(0, 256, (_ENTRIES, 16), dtype=np.uint8)
    listed = folder / "list.md5"
    with listed.open("w") as file:
        file.writelines(f"{one.hex()}  n\n" for one in _rows(digests))
    theirs = cost(lambda: subprocess.run(["hfind", "-i", "md5sum", listed], check=True, capture_output=True))
    ours = cost(lambda: _build(folder, digests))
    yield Goal("10 M entries build / hfind -i, wall", ours.wall / theirs.wall, 0.33, "x", "one run each")
    yield Goal("10 M entries build / hfind -i, CPU", ours.cpu / theirs.cpu, 0.33, "x", "one run each")
    yield _asked(folder, listed, digests)
    yield _nsrl(folder, digests, theirs.wall)


def take(file: Path, folder: Path) -> None:
    """Look through a list, then take it in."""
    options = ImportOptions("list", folder.name, SetKind.IGNORABLE, code_labels={"1": "teapot"})
    commit(plan(file, options), SetFolder(folder), at=_AT)


def _vics(folder: Path) -> Iterator[Goal]:
    file = folder / "list.json"
    with file.open("w") as target:
        target.write(json.dumps({"@odata.context": _CONTEXT})[:-1] + ', "value": [')
        for number in range(_RECORDS):
            data = str(number).encode()
            record = {"MediaID": number, "MD5": hashlib.md5(data).hexdigest(), "SHA1": hashlib.sha1(data).hexdigest()}
            target.write(("," if number else "") + json.dumps({**record, **_REST, "MediaSize": number}))
        target.write("]}")
    # An import reads the list twice: once to show what it holds, once to take it in.
    wall, cpu = paired(lambda n: take(file, folder / f"vics{n}"), lambda n: _bare(file, 2), pairs=1)
    yield Goal("VICS 1 M records, import / bare ijson read as often, CPU", cpu, 2, "x", "one pair")
    yield Goal("VICS 1 M records, import / bare ijson read as often, wall", wall, 2, "x", "one pair")
    peak = subprocess.run(
        [sys.executable, "-c", _PEAK, file, folder / "peak"], check=True, capture_output=True, text=True
    )
    yield Goal("VICS 1 M records, memory over start", float(peak.stdout), 100, "MB", "peak of a process of its own")


def _bare(file: Path, times: int) -> None:
    for _ in range(times):
        with file.open("rb") as source:
            for _ in ijson.items(source, "value.item", use_float=True):
                pass


def _rows(digests: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]") -> Iterator[bytes]:
    data = digests.tobytes()
    return (data[at : at + 16] for at in range(0, len(data), 16))


def _build(folder: Path, digests: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]") -> None:
    builder = IndexBuilder(folder, "md5", sized=False)
    for one in _rows(digests):
        builder.add(one, 0, 0)
    builder.finish()


def _asked(folder: Path, listed: Path, digests: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]") -> Goal:
    asked = digests[:_ASKED].copy()
    asked[::2, 8:] ^= 0xFF
    ordered = np.sort(asked.view("S16").ravel()).view(np.uint8).reshape(-1, 16)
    questions = folder / "asked.txt"
    questions.write_text("".join(f"{one.hex()}\n" for one in _rows(ordered)))
    command: list[str | Path] = ["hfind", "-f", questions, listed]
    theirs = cost(lambda: subprocess.run(command, check=True, capture_output=True))
    index = DigestIndex(folder / "md5.idx")
    found = 0

    def ask() -> None:
        nonlocal found
        for start in range(0, len(ordered), 1 << 16):
            found += int((index.positions(ordered[start : start + (1 << 16)]) >= 0).sum())

    ours = cost(ask)
    index.close()
    if found != _ASKED // 2:
        raise AssertionError(f"{found} found where {_ASKED // 2} are held")
    against = f"hfind {theirs.wall:.1f} s; limit is 1/30; {_ASKED} asked of {_ENTRIES}"
    return Goal("sorted batch look-up / hfind batch, wall", ours.wall / theirs.wall, 1 / 30, "x", against)


def _nsrl(folder: Path, digests: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]", theirs: float) -> Goal:
    file = folder / "RDS.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("CREATE TABLE FILE (sha256, sha1, md5, crc32, file_name, file_size INTEGER, package_id)")
        rows = ((f"{one.hex()}{one.hex()}", one.hex() + "0" * 8, one.hex()) for one in _rows(digests))
        upper = ((sha256.upper(), sha1.upper(), md5.upper()) for sha256, sha1, md5 in rows)
        database.executemany("INSERT INTO FILE VALUES (?,?,?,'0','n',9,1)", upper)
        database.commit()
    ours = cost(lambda: take(file, folder / "nsrl"))
    against = "sha256, sha1 and md5 indexes, looked through first, against hfind's md5 index"
    return Goal("NSRL SQLite 10 M rows in, index out / hfind -i, wall", ours.wall / theirs, 0.5, "x", against)
