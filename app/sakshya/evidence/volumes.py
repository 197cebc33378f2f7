"""How an exhibit is divided. Tables are read here and believed only as far as the volumes bear them out."""

from collections.abc import Iterator
from dataclasses import replace

from sakshya.domain.entry import Volume, VolumeTable
from sakshya.domain.locator import Run
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers.container import Container
from sakshya.evidence.filesystems.members import SETS, member_by_type
from sakshya.evidence.filesystems.signatures import Read, Signature, describe_unknown, identify, identify_all
from sakshya.evidence.partitions.apm import read_apm
from sakshya.evidence.partitions.bsd import read_bsd
from sakshya.evidence.partitions.gpt import read_gpt
from sakshya.evidence.partitions.mbr import PROTECTIVE, entries, read_mbr
from sakshya.evidence.partitions.part import Part, Parts

_READERS = (read_gpt, read_mbr, read_apm, read_bsd)
_MOST_VOLUMES = 1024
_OF_A_SET = "it is marked as a part of a set"


def read_volume_table(container: Container) -> VolumeTable:
    """Return how the exhibit is divided; never fails, a table that cannot be believed is a problem of the result.

    A file system that starts at the first byte beats a table none of whose volumes holds anything known. Where both
    are credible both are listed: the file system as volume 0, the table's volumes from 1, and the conflict is stated.
    """
    read = reader_at(container, 0)
    whole = identify(read, container.size)
    table = _best(_candidates(container, read), container)
    if table is None:
        return _undivided(container, ())
    score = _score(table, container)
    if whole is not None and whole.owns_first_sector and not score:
        text = f"what looks like a partition table ({table.scheme}) lies in a {whole.name} file system and is not used"
        return _undivided(container, (text,))
    return _divided(container, table, whole)


def reader_at(container: Container, offset: int, size: int | None = None) -> Read:
    """Return a function that reads a volume; damaged bytes come as zeros, bytes beyond the end do not come."""
    end = container.size if size is None else min(offset + size, container.size)

    def read(at: int, length: int) -> bytes:
        start = offset + at
        if at < 0 or length <= 0 or start >= end:
            return b""
        return container.read_around_damage(start, min(length, end - start))[0]

    return read


def _candidates(container: Container, read: Read) -> list[Parts]:
    sizes = dict.fromkeys((container.facts.sector_size, 512, 4096, 2048))
    found = [table for size in sizes for reader in _READERS if (table := reader(read, container.size, size))]
    raw = entries(read(0, 512))
    if raw is None:
        return found
    if any(kind == PROTECTIVE for _, kind, _, _ in raw):
        # A protective entry says that the GPT is the table; the DOS entries are for old systems only.
        return [table for table in found if table.scheme != "mbr"] or found
    if any(kind for _, kind, _, _ in raw) and any(table.scheme == "mbr" for table in found):
        stale = [table for table in found if table.scheme == "gpt"]
        found = [table for table in found if table.scheme != "gpt"]
        if stale:
            text = "a GPT is there too, which the DOS partition table does not protect; not used"
            found = [replace(table, problems=(*table.problems, text)) for table in found]
    return found


def _best(found: list[Parts], container: Container) -> Parts | None:
    """Return the table most of whose volumes hold something known; of equals the one with fewest problems."""
    return max(found, key=lambda table: (_score(table, container), -len(table.problems)), default=None)


def _score(table: Parts, container: Container) -> int:
    parts = table.parts[:_MOST_VOLUMES]
    return sum(identify(_reader(container, part)) is not None for part in parts if part.offset)


def _reader(container: Container, part: Part) -> Read:
    return reader_at(container, part.offset, part.length)


def _undivided(container: Container, problems: tuple[str, ...]) -> VolumeTable:
    part = Part(0, container.size, "whole exhibit")
    volume = _volume(container, 0, part, "none")
    return VolumeTable("none", (volume,), (), container.facts.sector_size, problems)


def _divided(container: Container, table: Parts, whole: Signature | None) -> VolumeTable:
    problems = list(table.problems)
    volumes: list[Volume] = []
    if whole is not None and whole.name in SETS:
        problems.append(
            f"the exhibit is marked as a part of a set ({whole.name}); its volumes are read as they lie here"
        )
    elif whole is not None and not any(part.offset == 0 for part in table.parts):
        problems.append(f"a {whole.name} file system starts at the exhibit's first byte, beside the partition table")
        volumes.append(_volume(container, 0, Part(0, container.size, "whole exhibit"), "none"))
    if len(table.parts) > _MOST_VOLUMES:
        problems.append(f"the table names {len(table.parts)} volumes; the first {_MOST_VOLUMES} are used")
    seen: list[Part] = []
    for number, part in enumerate(table.parts[:_MOST_VOLUMES], start=1):
        if any(part.offset == other.offset for other in seen):
            problems.append(f"partition {number} starts where another one does; not followed")
            continue
        volume = _volume(container, len(seen) + 1, part, table.scheme)
        volumes.append(_with_overlap(volume, part, seen, problems))
        seen.append(part)
    if not volumes:
        problems.append(f"the partition table ({table.scheme}) names no volume")
    gaps = _gaps(container.size, seen)
    return VolumeTable(table.scheme, tuple(volumes), gaps, table.sector_size, tuple(problems))


def _with_overlap(volume: Volume, part: Part, seen: list[Part], problems: list[str]) -> Volume:
    for index, other in enumerate(seen, start=1):
        if part.offset < other.offset + other.length and other.offset < part.offset + part.length:
            text = f"volume {volume.index} overlaps volume {index}"
            problems.append(text)
            return replace(volume, problem=text if volume.problem is None else f"{text}; {volume.problem}")
    return volume


def _volume(container: Container, index: int, part: Part, scheme: str) -> Volume:
    read, size = _reader(container, part), min(part.length, container.size - part.offset)
    claims = identify_all(read, size)
    member = member_by_type(part.description)
    if not claims and member is not None:
        claims = [Signature(member)]
    first = claims[0] if claims else None
    beyond = part.offset + part.length - container.size
    problem = f"reaches {beyond} bytes beyond the end of the exhibit" if beyond > 0 else None
    if first is None:
        reason, detail = describe_unknown(read, size)
        problem = problem or f"{reason.value}: {detail}"
    elif first.kind is None:
        problem = f"{first.reason.value}: {first.name}"
    sets = {one.name for one in claims[1:] if one.name in SETS} | ({member} if member else set())
    return Volume(
        index=index,
        offset=part.offset,
        length=part.length,
        scheme=scheme,
        description=part.description,
        filesystem=first.name if first else None,
        label=first.label if first else None,
        problem="; ".join(filter(None, (problem, *_conflicts(claims, sets)))) or None,
    )


def doubt_about(volume: Volume) -> Reason:
    """Return why the listing of a volume that is read, and has a problem all the same, may not be all of it."""
    problem = volume.problem or ""
    if "beyond the end" in problem and "overlaps" not in problem:
        return Reason.BEYOND_END
    return Reason.UNSUPPORTED_FILE_SYSTEM if problem.startswith(_OF_A_SET) else Reason.OVERLAP


def _conflicts(claims: list[Signature], sets: set[str]) -> Iterator[str]:
    """Yield what is to be said where more than one file system claims a volume, or a set of disks claims it too."""
    others = [one.name for one in claims[1:] if one.name not in SETS]
    if others:
        yield f"{claims[0].name} and {', '.join(others)} both claim this volume"
    for name in sorted(sets - {claims[0].name} if claims else sets):
        yield f"{_OF_A_SET} ({name}) and is read as it lies here"


def _gaps(size: int, parts: list[Part]) -> tuple[Run, ...]:
    gaps: list[Run] = []
    at = 0
    for part in sorted(parts, key=lambda one: one.offset):
        if part.offset > at:
            gaps.append(Run(at, min(part.offset, size) - at))
        at = max(at, part.offset + part.length)
    if at < size:
        gaps.append(Run(at, size - at))
    return tuple(gaps)
