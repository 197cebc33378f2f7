"""`sakshya scan`."""

import argparse

from sakshya.cli import options
from sakshya.cli.output import print_json, run_job
from sakshya.domain.faults import OperatorFault
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
    parser.add_argument("--leave-one-core", action="store_true", help="keep one core free for other work")
    parser.add_argument(
        "--forecast", action="store_true", help="say what there is to do and how long it takes, and end"
    )
    options.add_sets(parser)
    options.add_by(parser)
    options.add_jsonl(parser)
    parser.set_defaults(run=_scan)


def _scan(args: argparse.Namespace) -> int:
    if args.workers and args.leave_one_core:
        raise OperatorFault("--workers already says how many", advice="leave out --leave-one-core")
    request = ScanRequest(Depth(args.depth), args.workers, spare=int(args.leave_one_core))
    with options.open_case(args) as bench:
        if args.forecast:
            foretold = bench.forecast(request)
            if args.jsonl:
                print_json(foretold.as_json())
            else:
                print(foretold.line())
            return 0
        run_job(lambda interrupt: bench.scan(request, interrupt), jsonl=args.jsonl)
    return 0
