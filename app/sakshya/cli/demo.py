"""`sakshya demo`: the practice case, in the window or from end to end without one."""

import argparse
import sys
import tempfile
from pathlib import Path

from sakshya.cli import options
from sakshya.cli.output import run_job
from sakshya.workbench.practice import EXAMINER, practice_desk, prepare, whole_job


def add_to(commands: options.Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("demo", help="practice case on a generated, harmless disk image")
    parser.add_argument("--to", type=Path, metavar="DIR", help="where to put it (a new folder of its own)")
    parser.add_argument("--headless", action="store_true", help="without the window: attach, scan, report, verify")
    parser.add_argument("--level", type=int, default=1, metavar="N", help="1 to 20: how many pictures")
    options.add_jsonl(parser)
    parser.set_defaults(run=_demo)


def _demo(args: argparse.Namespace) -> int:
    to = args.to or Path(tempfile.mkdtemp(prefix="sakshya-practice-"))
    desk = options.desk_of(args)
    headless = args.headless
    if not headless and not options.has_display():
        sys.stderr.write("note: there is no display here, so the practice case runs without the window\n")
        headless = True
    if headless:
        run_job(lambda interrupt: whole_job(to, args.level, desk, interrupt), jsonl=args.jsonl)
        return 0
    from sakshya.gui.main import run  # Qt is loaded for the window only

    run_job(lambda interrupt: prepare(to, args.level, desk, interrupt), jsonl=args.jsonl)
    return run(to / "case", by=EXAMINER, theme=None, language=None, desk=practice_desk(to, desk))
