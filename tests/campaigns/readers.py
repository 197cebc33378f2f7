"""Every reader with damaged input: in a process that can be ended, it reads to an end or raises one of our faults."""

import io
import multiprocessing
import random
import resource
import shutil
import time
import traceback
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault, OperatorFault
from sakshya.domain.locator import Run
from sakshya.evidence.archives.open import archive_format, embedded_format, open_archive
from sakshya.evidence.attach import describe
from sakshya.evidence.carve.carve import Carved, carve
from sakshya.evidence.tree import ExhibitReader
from tests.campaigns.reader_seeds import GROUPS, KEYS, Seed

_CASES = 10
_PROCESSOR = 10
_MEMORY = 1 << 30
_PATIENCE = 120.0
_MOST_READ = 1 << 20
_MOST_ENTRIES = 2000
_FULL = (b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", bytes(8), b"\xff" * 8)


def run(folder: Path, seconds: float, rng: random.Random, groups: "tuple[str, ...]" = tuple(GROUPS)) -> str:
    """Share `seconds` among the groups; a crash, a hang or a foreign exception fails the campaign."""
    counts: Counter[str] = Counter()
    for group in groups:
        place = folder / group
        place.mkdir()
        seeds = GROUPS[group](place)
        until = time.monotonic() + seconds / len(groups)
        while time.monotonic() < until and seeds:
            seed = rng.choice(seeds)
            ended = _batch(place, seed, rng.randrange(1 << 32))
            counts[group] += _CASES
            if ended:
                raise AssertionError(f"{group}, {seed.name}: {ended}")
    return ", ".join(f"{counts[group]} {group}" for group in groups)


def _batch(folder: Path, seed: Seed, number: int) -> str:
    """Return how a batch of cases went wrong, the case kept; empty where it did not."""
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    work = context.Process(target=_cases, args=(folder, seed, number, sending))
    work.start()
    sending.close()
    work.join(_PATIENCE)
    hangs = work.is_alive()
    if hangs:
        work.kill()
        work.join()
    said = _said(receiving)
    receiving.close()
    if not hangs and work.exitcode == 0 and not said:
        return ""
    kept = Path.cwd() / f"reader-{seed.name}-{number}{seed.suffix}"
    shutil.copy(_case_file(folder, seed), kept)
    return f"{'it hangs' if hangs else f'it ended with {work.exitcode}'}, kept in {kept}\n{said}"


def _said(receiving: Connection) -> str:
    try:
        return str(receiving.recv()) if receiving.poll() else ""
    except EOFError:
        return ""


def _case_file(folder: Path, seed: Seed) -> Path:
    return folder / f"case{seed.suffix}"


def _cases(folder: Path, seed: Seed, number: int, sending: Connection) -> None:
    """Run the cases of a batch; runs in a child, which the system ends when it takes too much."""
    rng, file = random.Random(number), _case_file(folder, seed)
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + _MEMORY, held + _MEMORY))
    for _ in range(_CASES):
        spent = time.process_time()
        resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + 1 + _PROCESSOR, resource.RLIM_INFINITY))
        content = seed.changed(rng) if seed.changed is not None else mutated(seed.content, rng)
        file.write_bytes(content)
        try:
            READ[seed.how](file, content)
        except (EvidenceFault, OperatorFault):
            continue
        except BaseException:  # noqa: BLE001 — door: whatever else comes out is what is looked for
            sending.send(traceback.format_exc())
            return


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Return `content` with a few bytes changed, near its start or where it is not zeros, or cut short."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 2, 5, 20, 80))):
        at = _place(changed, rng)
        match rng.randrange(5):
            case 0:
                changed[at] ^= 1 << rng.randrange(8)
            case 1:
                full = rng.choice(_FULL)
                changed[at : at + len(full)] = full[: len(changed) - at]
            case 2:
                length, start = rng.randrange(1, 64), _place(changed, rng)
                changed[at : at + length] = changed[start : start + length][: len(changed) - at]
            case 3:
                changed[at] = rng.randrange(256)
            case 4:
                changed[at] = (changed[at] + rng.choice((1, 255))) & 255
    if rng.random() < 0.1:
        del changed[rng.randrange(1, len(changed) + 1) :]
    return bytes(changed) or b"\0"


def _place(content: bytearray, rng: random.Random) -> int:
    for _ in range(20):
        at = int(len(content) * rng.random() ** rng.choice((1, 2, 4)))
        if any(content[at : at + 16]):
            return at
    return rng.randrange(len(content))


def _exhibit(file: Path, _content: bytes) -> None:
    exhibit = Exhibit("EX-1", (str(file),), describe((str(file),)), keys=KEYS)
    with ExhibitReader(exhibit) as reader:
        for count, value in enumerate(reader.walk()):
            locator = getattr(value, "locator", None)
            if count > _MOST_ENTRIES:
                return
            if locator is None or not hasattr(value, "times"):
                continue
            try:
                source = reader.source(locator)
                source.read_at(0, _MOST_READ)
                source.read_at(max(0, source.size - 512), 512)
            except (EvidenceFault, OperatorFault):
                continue
        reader.account()


def _backup(file: Path, content: bytes) -> None:
    """The case stands for one file of the backups beside it, which are otherwise whole."""
    name = f"Manifest{file.suffix}"
    for of in ("plain", "locked"):
        target = file.parent / of / name
        whole = target.read_bytes()
        try:
            target.write_bytes(content)
            _exhibit(target.parent, content)
        except (EvidenceFault, OperatorFault):
            continue
        finally:
            target.write_bytes(whole)


def _archive(file: Path, content: bytes) -> None:
    head = content[:65536]
    kind = archive_format(head, file.name, len(content)) or embedded_format(head)
    if kind is None:
        return
    archive = open_archive(kind, io.BytesIO(content), len(content), KEYS)
    try:
        for count, member in enumerate(archive.members()):
            if count > _MOST_ENTRIES:
                return
            try:
                archive.open(member.index).read(_MOST_READ)
            except (EvidenceFault, OperatorFault):
                continue
    finally:
        archive.close()


def _carving(_file: Path, content: bytes) -> None:
    def read(offset: int, length: int) -> bytes:
        return content[offset : offset + length]

    for found in carve(read, [Run(0, len(content) // 512 * 512)], 512):
        if isinstance(found, Carved) and any(run.offset + run.length > len(content) for run in found.runs):
            raise AssertionError("a carved file that lies beyond the end")


READ = {"exhibit": _exhibit, "backup": _backup, "archive": _archive, "carve": _carving}
