"""`sakshya set`: import, dry-run, list, conflicts, verify, remove."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from sakshya.cli import options
from sakshya.cli.output import print_json
from sakshya.cli.set_plan import plan_lines, plan_row
from sakshya.domain.faults import OperatorFault, VerificationFault
from sakshya.domain.match import KnownSet, SetKind
from sakshya.matching.conflicts import conflicts
from sakshya.matching.importers import ImportOptions, ImportPlan, read_code_labels, read_columns
from sakshya.matching.sets import SetFolder
from sakshya.workbench import Workbench
from sakshya.workbench.bench import commit_set, schemes


def add_to(commands: options.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("set", help="known-hash sets: import, list, conflicts, verify, remove")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, run, text in (
        ("import", _import, "show what a hash list holds and what its codes mean, then take it in"),
        ("dry-run", _dry_run, "show what a hash list holds and what its codes mean"),
    ):
        one = actions.add_parser(name, help=text)
        _add_source(one)
        options.add_sets(one)
        options.add_jsonl(one)
        one.set_defaults(run=run)
    actions.choices["import"].add_argument("--yes", action="store_true", help="take it in as shown, without asking")
    listed = actions.add_parser("list", help="the sets that are switched on")
    options.add_sets(listed)
    options.add_jsonl(listed)
    listed.set_defaults(run=_list)
    differing = actions.add_parser("conflicts", help="hashes about which sets that are switched on disagree")
    options.add_sets(differing)
    options.add_jsonl(differing)
    differing.set_defaults(run=_conflicts)
    for name, run, text in (
        ("verify", _verify, "compute a set's digest again"),
        ("remove", _remove, "take a set out of the folder"),
    ):
        one = actions.add_parser(name, help=text)
        one.add_argument("id", metavar="ID")
        options.add_sets(one)
        one.set_defaults(run=run)


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--name", required=True, help="the set's name, as it prints in the report")
    parser.add_argument(
        "--set-version", default="1", metavar="TEXT", help="the supplier's version (1 where it has none)"
    )
    parser.add_argument("--kind", required=True, choices=[kind.value for kind in SetKind])
    parser.add_argument("--scheme", metavar="ID", help="the scheme its codes belong to")
    parser.add_argument("--supplier", default="", help="who supplied it")
    parser.add_argument(
        "--columns", metavar="md5=2,category=5", help="columns of a list, by number from 1 or by header"
    )
    parser.add_argument("--code", action="append", default=[], metavar="0='…'", help="what a code means, in words")


def _plan(args: argparse.Namespace) -> ImportPlan:
    scheme = None
    if args.scheme is not None:
        scheme = schemes().get(args.scheme)
        if scheme is None:
            raise OperatorFault(f"no scheme {args.scheme!r}", advice=f"schemes: {', '.join(sorted(schemes()))}")
    elif args.kind == SetKind.KNOWN.value:
        raise OperatorFault(
            "a known set needs the scheme of its codes", advice=f"give --scheme: {', '.join(sorted(schemes()))}"
        )
    wanted = ImportOptions(
        name=args.name,
        version=args.set_version,
        kind=SetKind(args.kind),
        scheme=scheme,
        columns=read_columns(args.columns) if args.columns else {},
        code_labels=read_code_labels(args.code),
        supplier=args.supplier,
    )
    return Workbench.plan_set(args.file, wanted)


def _show(plan: ImportPlan, *, jsonl: bool) -> None:
    if jsonl:
        print_json(plan_row(plan))
    else:
        print("\n".join(plan_lines(plan)))


def _dry_run(args: argparse.Namespace) -> int:
    _show(_plan(args), jsonl=args.jsonl)
    return 0


def _import(args: argparse.Namespace) -> int:
    planned = _plan(args)
    _show(planned, jsonl=args.jsonl)
    if not args.yes:
        if not options.at_terminal():
            raise OperatorFault("nothing was taken in", advice="look at the codes and their meanings, then give --yes")
        sys.stderr.write("Take it in with these meanings? [yes/no] ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise OperatorFault("nothing was taken in")
    known = commit_set(planned, options.desk_of(args))
    if args.jsonl:
        print_json(_row(known))
    else:
        print(f"{known.id} taken in: {known.entries:,} entries")
    return 0


def _row(known: KnownSet) -> dict[str, object]:
    return {
        "set": known.id,
        "name": known.name,
        "version": known.version,
        "kind": known.kind.value,
        "scheme": known.scheme,
        "scheme_version": known.scheme_version,
        "supplier": known.supplier,
        "imported_at": known.imported_at,
        "entries": known.entries,
        "algorithms": dict(known.algorithms),
        "digest": known.digest,
        "source_sha256": known.source_sha256,
    }


def _list(args: argparse.Namespace) -> int:
    found = SetFolder(options.desk_of(args).sets).all()
    for known in found:
        if args.jsonl:
            print_json(_row(known))
        else:
            counts = ", ".join(f"{count:,} {name}" for name, count in known.algorithms)
            print(f"{known.id}  {known.kind.value}  {known.scheme or 'no scheme'}  {counts}")
    if not found and not args.jsonl:
        print("no known set yet: without one every picture is left to a person; sakshya set import takes one in")
    return 0


def _conflicts(args: argparse.Namespace) -> int:
    folder = SetFolder(options.desk_of(args).sets)
    found = False
    for one in conflicts(folder.path, tuple(folder.record(known.id) for known in folder.all())):
        found = True
        if args.jsonl:
            print_json(asdict(one))
            continue
        print(f"{one.first} and {one.second}: {one.hashes:,} of {one.shared:,} shared {one.algorithm} hashes differ")
        for example in one.examples:
            codes = (", ".join(codes) or "no code" for codes in (example.first, example.second))
            print(f"  {example.hash}: {' against '.join(codes)}")
    if not found and not args.jsonl:
        print("no two sets disagree about a hash")
    return 0


def _verify(args: argparse.Namespace) -> int:
    problems = SetFolder(options.desk_of(args).sets).verify(args.id)
    if problems:
        raise VerificationFault(problems[0], where=args.id, advice="import the set again from its source")
    print(f"{args.id} is unchanged")
    return 0


def _remove(args: argparse.Namespace) -> int:
    SetFolder(options.desk_of(args).sets).remove(args.id)
    print(f"{args.id} removed")
    return 0
