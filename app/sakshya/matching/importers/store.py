"""Builds the set that a plan describes and swaps it in whole."""

from pathlib import Path

from sakshya.domain.faults import OperatorFault
from sakshya.domain.match import KnownSet
from sakshya.domain.names import show_name
from sakshya.matching.build import Built, IndexBuilder, SizeBuilder, disk_fault
from sakshya.matching.digest_index import STRONGER_STATED
from sakshya.matching.importers.codes import CodeBook
from sakshya.matching.importers.plan import ImportPlan
from sakshya.matching.importers.reading import rows
from sakshya.matching.importers.source import ListFile, Watch, unwatched
from sakshya.matching.importers.survey import usable
from sakshya.matching.record import IndexFile, SetRecord, describe_files
from sakshya.matching.sets import SetFolder


def commit(plan: ImportPlan, folder: SetFolder, *, at: str, watch: Watch = unwatched) -> KnownSet:
    """Read the list again, build the set beside the others and swap it in; older versions are kept, switched off.

    A failure, a stop or a full disk leaves the folder as it was. `at` is the time of the import, ISO 8601 UTC.

    Raises:
        OperatorFault: a code has no meaning yet, the list changed since it was planned, the set is there already, or
            the folder could not be written.
    """
    if plan.needs:
        raise OperatorFault(
            f"no meaning is stated for code {', '.join(plan.needs)}",
            where=str(plan.file),
            advice=f"choose the scheme the supplier uses, or state it: --code {plan.needs[0]}='…'",
        )
    try:
        with folder.new_set(plan.set_id) as staging:
            record = _build(plan, staging, at, watch)
            record.write(staging)
        folder.retire_older(record.known)
    except OSError as error:
        raise disk_fault(error, folder.path) from error
    return record.known


def _build(plan: ImportPlan, staging: Path, at: str, watch: Watch) -> SetRecord:
    book = CodeBook(plan.options)
    numbers = {one.code: number for number, one in enumerate(plan.codes, 1)}
    builders = {name: IndexBuilder(staging, name, sized=name == "md5" and plan.sized > 0) for name, _ in plan.usable}
    sizes = SizeBuilder()
    with ListFile(plan.file, watch) as source:
        for row, digests in usable(rows(source, plan.form)):
            code = numbers.get(book.spell(row.code)) if row.code else 0
            longest = max(len(digest) for _, digest in digests)
            for name, digest in digests:
                if code is None or name not in builders:
                    raise _changed(plan)
                builders[name].add(digest, code | STRONGER_STATED if len(digest) < longest else code, row.size)
            if row.size:
                sizes.add(row.size)
        if source.sha256() != plan.source_sha256:
            raise _changed(plan)
    built = [one for one in (builder.finish() for builder in builders.values()) if one is not None]
    paths = [one.path for one in built]
    sizes_path = sizes.finish(staging)
    files = describe_files([*paths, sizes_path] if sizes_path else paths)
    return _record(plan, built, files, at)


def _record(plan: ImportPlan, built: list[Built], files: tuple[IndexFile, ...], at: str) -> SetRecord:
    options = plan.options
    # Codes that only the importing person explains form a scheme of the set's own: a code never stands bare.
    stem, _, version = plan.set_id.rpartition("@")
    own = (f"own-{stem}", version) if plan.codes else ("", "")
    scheme = (options.scheme.id, options.scheme.version) if options.scheme else own
    known = KnownSet(
        id=plan.set_id,
        name=options.name,
        version=options.version,
        kind=options.kind,
        scheme=scheme[0],
        scheme_version=scheme[1],
        supplier=options.supplier,
        imported_at=at,
        source_name=show_name(plan.file.name),
        source_sha256=plan.source_sha256,
        entries=plan.used,
        algorithms=tuple(sorted((one.algorithm, one.digests) for one in built)),
        digest="",
    )
    account = tuple(
        (name, getattr(plan, name))
        for name in ("rows", "used", "partly", "rejected", "empty", "uncoded", "sized", "photodna", "other_hashes")
    )
    return SetRecord(known, plan.codes, files, account).sealed()


def _changed(plan: ImportPlan) -> OperatorFault:
    return OperatorFault(
        "the list changed after it was looked through", where=str(plan.file), advice="look through it again"
    )
