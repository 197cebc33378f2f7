"""`sakshya scan`."""

import argparse

from sakshya.cli import options
from sakshya.cli.output import run_job
from sakshya.triage.depth import Depth
from sakshya.workbench import ScanRequest


def add_to(commands: options.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("scan", help="read every file of the case's exhibits; goes on where it stopped")
    options.add_case(parser)
    parser.add_argument("--depth", choices=[depth.value for depth in Depth], default=Depth.STANDARD.value)
    parser.add_argument(
        "--workers",
        type=options.count_from_one,
        metavar="N",
        help="worker processes (one for each core, at most eight)",
    )
    options.add_sets(parser)
    options.add_by(parser)
    options.add_jsonl(parser)
    parser.set_defaults(run=_scan)


def _scan(args: argparse.Namespace) -> int:
    request = ScanRequest(Depth(args.depth), args.workers)
    with options.open_case(args) as bench:
        run_job(lambda interrupt: bench.scan(request, interrupt), jsonl=args.jsonl)
    return 0
