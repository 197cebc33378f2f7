"""`sakshya open`: the window."""

import argparse
import sys
from pathlib import Path

from sakshya.cli import options
from sakshya.domain.faults import OperatorFault
from sakshya.report.texts import LANGUAGES


def add_to(commands: options.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("open", help="the window (the same as: sakshya)")
    parser.add_argument("case", metavar="CASE", nargs="?", type=Path)
    parser.add_argument("--theme", choices=["dark", "light"])
    parser.add_argument("--language", choices=LANGUAGES)
    options.add_by(parser)
    options.add_sets(parser)
    parser.set_defaults(run=_open)


def _open(args: argparse.Namespace) -> int:
    if not options.has_display():
        raise OperatorFault("there is no display here for the window", advice="every command works without one")
    try:
        # Here and not above: the commands run on desks without Qt's system libraries.
        from sakshya.gui.main import run
    except ImportError as error:
        raise OperatorFault(
            "the window cannot start here",
            where=str(error),
            advice="install Qt's system libraries (CONTRIBUTING lists them); every command works without them",
        ) from error
    sys.stdout.flush()
    return run(args.case, by=args.by, theme=args.theme, language=args.language, desk=options.desk_of(args))
