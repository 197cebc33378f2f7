"""`sakshya verify`: a case, a bundle or a set."""

import argparse
from pathlib import Path

from sakshya.cli import options
from sakshya.domain.faults import VerificationFault
from sakshya.workbench.verify import verify_path


def add_to(commands: options.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("verify", help="check a case, a bundle or a set")
    parser.add_argument("case", metavar="PATH", type=Path)
    options.add_passphrase(parser)
    parser.set_defaults(run=_verify)


def _verify(args: argparse.Namespace) -> int:
    outcome = verify_path(args.case, lambda: options.passphrase_of(args, needed=True))
    for problem in outcome.problems:
        print(problem)
    if outcome.problems:
        raise VerificationFault(
            f"the {outcome.kind} does not verify: {outcome.problems[0]}",
            where=str(args.case),
            advice="keep it as it is and ask who sent it",
        )
    print(f"the {outcome.kind} verifies: {outcome.checked}")
    return 0
