"""The report's sections on the exhibits: what they are, what of them was examined, what was damaged."""

from collections.abc import Iterator
from datetime import timedelta

from sakshya.domain.entry import Volume
from sakshya.domain.exhibit import Clock, Exhibit, StatedDigest
from sakshya.report import blocks
from sakshya.report.blocks import Block
from sakshya.report.fact_types import ExhibitFacts, Facts
from sakshya.report.masking import masked_file
from sakshya.report.texts import Texts
from sakshya.report.zones import local_text, parse_utc, utc_text

_ALGORITHMS = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256"}
# Notes and names typed into an exhibit file's header may name a person; what tells how it was made does not.
_ACQUISITION = ("tool", "tool version", "tool platform", "acquisition date", "system date", "model", "serial number")


def exhibits(facts: Facts, texts: Texts) -> list[Block]:
    """Return each exhibit's particulars, digests, clock and write blocker."""
    made: list[Block] = []
    for one in facts.exhibits:
        made.append(blocks.heading(f"{texts('label.exhibit')} {one.exhibit.number}"))
        made.append(blocks.pairs(_particulars(facts, one.exhibit, texts)))
        made.append(blocks.pairs(_container(one, texts)))
        made.append(blocks.table(_digest_columns(texts), _digests(one, texts)))
        columns = {texts("label.computed_at"): "1fr", texts("label.computed_by"): "1fr", texts("label.result"): "1fr"}
        made.append(blocks.table(columns, _computations(one, facts.head.zone, texts)))
        if one.exhibit.mismatch_reason:
            made.append(blocks.warning(f"{texts('label.mismatch_reason')}: {one.exhibit.mismatch_reason}"))
    return made or [blocks.text(texts("paper.none"))]


def scope(facts: Facts, texts: Texts) -> list[Block]:
    """Return depth and state of the scan, the volumes of each exhibit, and what was not examined by reason."""
    rows = [
        (texts("label.depth"), facts.depth or texts("paper.none")),
        (texts("label.scan_state"), texts(f"scan.{facts.scan}")),
    ]
    made = [blocks.pairs(rows)]
    if facts.scan != "finished":
        made.append(blocks.warning(texts("text.unscanned")))
    for one in facts.exhibits:
        made.append(blocks.heading(f"{texts('heading.volumes')} – {one.exhibit.number}"))
        if one.volumes is None:
            made.append(blocks.warning(texts("volume.not_listed")))
            continue
        made.append(blocks.table(_volume_columns(texts), _volumes(one, texts), numbers=[1, 2]))
        made.extend(blocks.warning(problem) for problem in one.volumes.problems)
    made.append(blocks.heading(texts("heading.unexamined")))
    if not facts.missed:
        return [*made, blocks.text(texts("text.all_examined"))]
    totals = blocks.pairs((one.basis.reason or "", blocks.number(one)) for one in facts.missed_figures)
    columns = {
        texts("label.exhibit"): "auto",
        texts("label.reason"): "1fr",
        texts("label.what"): "auto",
        texts("label.count"): "auto",
        texts("label.known_bytes"): "auto",
    }
    lines = ([one.exhibit, one.reason, one.of, f"{one.count:,}", f"{one.bytes:,}"] for one in facts.missed)
    return [*made, totals, blocks.table(columns, lines, numbers=[3, 4])]


def damage(facts: Facts, texts: Texts) -> list[Block]:
    """Return the runs of each exhibit that could not be read as stored, and the masked names of what lies on them."""
    made: list[Block] = []
    for one in facts.exhibits:
        last = one.exhibit.last_verification
        if last is None or not last.damage:
            continue
        made.append(blocks.heading(f"{texts('label.exhibit')} {one.exhibit.number}"))
        made.append(blocks.pairs([(texts("figure.damaged_runs"), blocks.number(one.damaged_runs))]))
        columns = {texts("label.run"): "1fr", texts("label.reason"): "2fr"}
        made.append(blocks.table(columns, ([str(damage.run), damage.reason] for damage in last.damage[:500])))
        if one.damaged_names:
            made.append(blocks.pairs([(texts("label.on_it"), ", ".join(one.damaged_names))]))
    return made or [blocks.text(texts("text.no_damage"))]


def _particulars(facts: Facts, exhibit: Exhibit, texts: Texts) -> Iterator[tuple[str, object]]:
    stated = dict(exhibit.particulars)
    for field in facts.template.exhibit_fields:
        value = stated.get(field.key, "").strip()
        if value or field.required:
            yield texts(f"field.{field.key}"), value or texts("paper.not_recorded")


def _container(one: ExhibitFacts, texts: Texts) -> Iterator[tuple[str, object]]:
    exhibit, container = one.exhibit, one.exhibit.container
    none = texts("paper.not_recorded")
    yield texts("label.format"), container.format
    yield texts("label.size"), texts("paper.bytes", n=f"{container.size:,}")
    yield texts("label.sector_size"), texts("paper.bytes", n=f"{container.sector_size:,}")
    yield (
        texts("label.segments"),
        ", ".join(map(masked_file, exhibit.files)) if len(exhibit.files) < 12 else f"{len(exhibit.files):,}",
    )
    acquisition = [f"{name}: {value}" for name, value in container.acquisition if name in _ACQUISITION]
    if acquisition:
        yield texts("label.acquisition"), acquisition
    if container.problems:
        yield texts("label.container_problems"), list(container.problems)
    yield texts("label.write_blocker"), exhibit.write_blocker or none
    yield texts("label.zone"), exhibit.zone or none
    if exhibit.clock is None:
        yield texts("label.clock"), none
        return
    yield texts("label.clock"), exhibit.clock.device
    yield texts("label.clock_reference"), exhibit.clock.reference
    yield texts("label.clock_offset"), _offset_text(exhibit.clock)


def _offset_text(clock: Clock) -> str:
    """Return a clock's offset in seconds and as hours, minutes and seconds: `-200 s (-0:03:20)`."""
    sign = "-" if clock.offset_seconds < 0 else "+"
    return f"{clock.offset_seconds:+,} s ({sign}{timedelta(seconds=abs(clock.offset_seconds))})"


def _digest_columns(texts: Texts) -> dict[str, str]:
    return {
        texts("label.algorithm"): "auto",
        texts("label.computed"): "auto",
        texts("label.stated"): "auto",
        texts("label.stated_by"): "1fr",
        texts("label.agrees"): "auto",
    }


def _digests(one: ExhibitFacts, texts: Texts) -> Iterator[list[object]]:
    first = one.exhibit.first_computation
    computed = dict(first.digests.items()) if first and first.digests else {}
    stated = (*one.exhibit.stated, *one.exhibit.container.stored)
    for algorithm, name in _ALGORITHMS.items():
        value = computed.get(algorithm)
        shown: object = blocks.digest(value) if value else texts("paper.not_computed")
        claims: tuple[StatedDigest | None, ...] = tuple(c for c in stated if c.algorithm == algorithm) or (None,)
        for claim in claims:
            if claim is None:
                yield [name, shown, "–", "–", "–"]
                continue
            agrees = (
                "–"
                if value is None
                else texts("paper.yes")
                if value == claim.value
                else blocks.strong(texts("paper.no"))
            )
            yield [name, shown, blocks.digest(claim.value), claim.by, agrees]


def _computations(one: ExhibitFacts, zone: str, texts: Texts) -> Iterator[list[object]]:
    for done in one.exhibit.verifications:
        if done.digests is None:
            result: object = blocks.strong(texts("result.not_to_end"))
        elif done.agrees is None:
            result = texts("result.nothing_stated")
        elif done.agrees:
            result = texts("result.agrees")
        else:
            names = ", ".join(_ALGORITHMS.get(name, name) for name in done.differing)
            result = blocks.strong(texts("result.differs", algorithms=names))
        at = parse_utc(done.at)
        yield [[utc_text(at), local_text(at, zone)], done.by, result]
    if not one.exhibit.verifications:
        yield ["–", "–", blocks.strong(texts("result.not_computed"))]


def _volume_columns(texts: Texts) -> dict[str, str]:
    return {
        texts("label.volume"): "auto",
        texts("label.offset"): "auto",
        texts("label.length"): "auto",
        texts("label.kind"): "1fr",
        texts("label.file_system"): "auto",
        texts("label.state"): "1fr",
    }


def _volumes(one: ExhibitFacts, texts: Texts) -> Iterator[list[object]]:
    assert one.volumes is not None
    for volume in one.volumes.volumes:
        kind = f"{volume.scheme} {volume.description}".strip()
        yield [
            str(volume.index),
            f"{volume.offset:,}",
            f"{volume.length:,}",
            kind,
            volume.filesystem or "–",
            _volume_state(volume, texts),
        ]
    for gap in one.volumes.gaps:
        yield ["–", f"{gap.offset:,}", f"{gap.length:,}", "–", "–", texts("volume.gap")]


def _volume_state(volume: Volume, texts: Texts) -> object:
    if volume.problem:
        return blocks.strong(texts("volume.problem", problem=volume.problem))
    return texts("volume.read") if volume.filesystem else blocks.strong(texts("volume.unknown"))
