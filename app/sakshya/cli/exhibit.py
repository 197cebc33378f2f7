"""`sakshya exhibit`: add, unlock, list, verify, tree, extract."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from sakshya.casefile.driver import Mode
from sakshya.cli import options
from sakshya.cli.output import print_json, run_job
from sakshya.domain.digests import digest_algorithm
from sakshya.domain.exhibit import Clock, StatedDigest
from sakshya.domain.faults import OperatorFault
from sakshya.workbench import AttachRequest, Workbench
from sakshya.workbench.attach import exhibit_json
from sakshya.workbench.extract import extract
from sakshya.workbench.tree_rows import tree_line, tree_rows
from sakshya.workbench.unlock import keys_in

_PARTICULARS = (
    "source_type",
    "make_model",
    "color",
    "serial_number",
    "imei_uin_uid_mac_cloud_id",
    "other_information",
    "seizure_memo_no",
)


def add_to(commands: options.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("exhibit", help="attach an exhibit, list, verify, show its tree, extract a file")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add_add(actions)

    unlocked = actions.add_parser("unlock", help="supply passwords or recovery keys for an exhibit")
    options.add_case(unlocked)
    unlocked.add_argument("--exhibit", required=True, metavar="NUMBER", help="the exhibit they belong to")
    _add_unlocking(unlocked)
    options.add_by(unlocked)
    options.add_jsonl(unlocked)
    unlocked.set_defaults(run=_unlock)

    listed = actions.add_parser("list", help="the exhibits and how they verified")
    options.add_case(listed)
    options.add_jsonl(listed)
    listed.set_defaults(run=_list)

    verified = actions.add_parser("verify", help="hash an exhibit once more and record it")
    options.add_case(verified)
    verified.add_argument("--exhibit", metavar="NUMBER", help="only this one")
    options.add_by(verified)
    options.add_jsonl(verified)
    verified.set_defaults(run=_verify)

    tree = actions.add_parser("tree", help="every entry of every file system, allocated or not")
    options.add_case(tree)
    tree.add_argument("--exhibit", metavar="NUMBER", help="only this one")
    options.add_jsonl(tree)
    tree.set_defaults(run=_tree)

    taken = actions.add_parser("extract", help="copy one file out; refused for pictures and video")
    options.add_case(taken)
    taken.add_argument("locator", metavar="LOCATOR")
    taken.add_argument("--to", required=True, type=Path, metavar="FILE")
    options.add_by(taken)
    taken.set_defaults(run=_extract)


def _add_add(actions: options.Commands) -> None:
    add = actions.add_parser("add", help="attach an exhibit: a disk image, a folder, or an archive of files")
    options.add_case(add)
    add.add_argument(
        "files", metavar="FILE", nargs="+", help="the image file or folder; of a split one the first segment is enough"
    )
    add.add_argument("--number", required=True, metavar="EX-1", help="the exhibit's number")
    for algorithm in ("md5", "sha1", "sha256"):
        add.add_argument(f"--{algorithm}", metavar="HEX", help=f"the {algorithm.upper()} stated at acquisition")
    add.add_argument("--reason", metavar="TEXT", help="why to go on although a stated digest differs")
    add.add_argument("--write-blocker", metavar="TEXT", help="make and serial; required for a physical device")
    add.add_argument("--device-clock", metavar="TIME", help="the device's clock at seizure, ISO 8601")
    add.add_argument("--reference-clock", metavar="TIME", help="a reference clock at the same moment, ISO 8601")
    add.add_argument("--zone", metavar="NAME", help="zone assumed for local times (FAT), such as Asia/Kolkata")
    for key in _PARTICULARS:
        add.add_argument(f"--{key.replace('_', '-')}", metavar="TEXT", help="a particular of the Schedule")
    _add_unlocking(add)
    options.add_by(add)
    options.add_jsonl(add)
    add.set_defaults(run=_add, last_words="files")


def _add_unlocking(parser: argparse.ArgumentParser) -> None:
    """Add how keys are supplied: never as words of the command, which the shell and the system's process list keep."""
    parser.add_argument(
        "--unlock-file", action="append", default=[], type=Path, metavar="FILE", help="keys, one a line, or a key file"
    )
    parser.add_argument("--unlock-prompt", action="store_true", help="ask for keys at the terminal")


def _keys(args: argparse.Namespace) -> tuple[str, ...]:
    keys = [key for file in args.unlock_file for key in keys_in(file)]
    if args.unlock_prompt:
        keys += options.ask_keys()
    return tuple(dict.fromkeys(keys))


def _unlock(args: argparse.Namespace) -> int:
    keys = _keys(args)
    with options.open_case(args) as bench:
        run_job(lambda interrupt: bench.unlock(args.exhibit, keys, interrupt), jsonl=args.jsonl)
    return 0


def _add(args: argparse.Namespace) -> int:
    particulars = tuple((key, value) for key in _PARTICULARS if (value := getattr(args, key)))
    request = AttachRequest(
        files=tuple(args.files),
        number=args.number,
        stated=_stated(args),
        particulars=particulars,
        zone=args.zone,
        clock=_clock(args.device_clock, args.reference_clock),
        write_blocker=args.write_blocker,
        reason=args.reason,
        keys=_keys(args),
    )
    with options.open_case(args) as bench:
        run_job(lambda interrupt: bench.attach(request, interrupt), jsonl=args.jsonl)
    return 0


def _stated(args: argparse.Namespace) -> tuple[StatedDigest, ...]:
    stated = []
    for algorithm in ("md5", "sha1", "sha256"):
        text = getattr(args, algorithm)
        if text is None:
            continue
        value = "".join(text.split()).lower()
        if digest_algorithm(value) != algorithm:
            raise OperatorFault(f"--{algorithm} is not a {algorithm.upper()} digest", where=text)
        stated.append(StatedDigest(algorithm, value, "examiner"))
    return tuple(stated)


def _clock(device: str | None, reference: str | None) -> Clock | None:
    if device is None and reference is None:
        return None
    if device is None or reference is None:
        raise OperatorFault("the clock's offset needs both clocks", advice="give --device-clock and --reference-clock")
    try:
        first, second = datetime.fromisoformat(device), datetime.fromisoformat(reference)
        offset = round((first - second).total_seconds())
    except (ValueError, TypeError) as error:
        raise OperatorFault(
            "the two clocks must be ISO 8601 times, both with a zone or both without", where=f"{device}, {reference}"
        ) from error
    return Clock(device, reference, offset)


def _list(args: argparse.Namespace) -> int:
    with options.open_case(args, mode=Mode.READ) as bench:
        for exhibit in bench.case.exhibits.all():
            latest = exhibit.last_verification
            if args.jsonl:
                print_json(exhibit_json(exhibit, latest))
                continue
            digest = latest.digests.sha256 if latest and latest.digests else "not read to its end"
            said = {True: "matches", False: "DOES NOT MATCH", None: "nothing stated"}[latest.agrees if latest else None]
            print(f"{exhibit.number}  {exhibit.container.format}  {exhibit.container.size:,} bytes  {digest}  {said}")
    return 0


def _numbers(bench: Workbench, chosen: str | None) -> list[str]:
    if chosen is not None:
        return [bench.case.exhibits.get(chosen).number]
    return [exhibit.number for exhibit in bench.case.exhibits.all()]


def _verify(args: argparse.Namespace) -> int:
    with options.open_case(args) as bench:
        for number in _numbers(bench, args.exhibit):
            run_job(lambda interrupt, one=number: bench.verify_exhibit(one, interrupt), jsonl=args.jsonl)  # type: ignore[misc]
    return 0


def _tree(args: argparse.Namespace) -> int:
    with options.open_case(args, mode=Mode.READ) as bench:
        for number in _numbers(bench, args.exhibit):
            for row in tree_rows(bench.case.exhibits.get(number)):
                if args.jsonl:
                    print_json(row)
                else:
                    print(tree_line(row))
    sys.stdout.flush()
    return 0


def _extract(args: argparse.Namespace) -> int:
    with options.open_case(args) as bench:
        written = extract(bench, args.locator, args.to)
        print(f"{written:,} bytes written to {args.to}")
    return 0
