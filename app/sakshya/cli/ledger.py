"""`sakshya ledger`."""

import argparse

from sakshya.casefile.driver import Mode
from sakshya.cli import options
from sakshya.cli.output import print_json
from sakshya.domain.faults import VerificationFault


def add_to(commands: options.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("ledger", help="every act, and whether the chain holds")
    options.add_case(parser)
    options.add_jsonl(parser)
    parser.set_defaults(run=_ledger)


def _ledger(args: argparse.Namespace) -> int:
    with options.open_case(args, mode=Mode.READ) as bench:
        for entry in bench.case.ledger.entries():
            if args.jsonl:
                print_json(entry.masked())
            else:
                print(f"{entry.seq:>6}  {entry.at}  {entry.who}  {entry.act}  {entry.subject}")
        problems = bench.case.ledger.problems()
    if problems:
        raise VerificationFault("the ledger does not hold", where=problems[0], advice="keep the case as it is")
    return 0
