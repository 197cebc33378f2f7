"""The `sakshya` command: finds the command asked for, runs it, and turns faults into one line and an exit code."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from sakshya import __version__
from sakshya.domain.faults import OperatorFault, SakshyaFault, StoppedFault

_INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """Says what was wrong with a request the way every other fault is said."""

    def error(self, message: str) -> NoReturn:
        raise OperatorFault(message, advice=f"see: {self.prog} --help")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every command; `app/docs/commands.md` is compared with it."""
    # Here and not above, so that a broken pipe or Ctrl-C while the commands load is told like any other.
    from sakshya.cli import case, decide, demo, exhibit, items, known_sets, ledger, papers, scan, verify, window

    parser = _Parser(prog="sakshya", description="Forensic triage of disk images, read and never written.")
    parser.add_argument("--version", action="version", version=f"sakshya {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    for module in (demo, window, case, exhibit, known_sets, scan, items, decide, papers, verify, ledger):
        module.add_to(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or the exit code of the fault: 2 request, 3 evidence, 4 verification, 130 stopped."""
    _have_streams()
    _use_utf8()
    arguments = list(sys.argv[1:] if argv is None else argv) or ["open"]
    try:
        args = _parse(arguments)
        code: int = args.run(args)
    except SakshyaFault as fault:
        _say_error(fault)
        return fault.exit_code
    except KeyboardInterrupt:
        _say_error(StoppedFault("stopped by the user"))
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output went away; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + getattr(signal, "SIGPIPE", 13)
    except OSError as error:
        _say_error(OperatorFault(error.strerror or str(error), where=str(error.filename or "")))
        return OperatorFault.exit_code
    return code


def _parse(arguments: list[str]) -> argparse.Namespace:
    """Parse, and let a command's last words stand after its options as well as before them, which argparse does not."""
    parser = build_parser()
    args, rest = parser.parse_known_args(arguments)
    if args.command is None:
        args, rest = parser.parse_known_args(["open", *arguments])
    takes: list[str] | None = getattr(args, getattr(args, "last_words", ""), None)
    if rest and (takes is None or any(word.startswith("-") for word in rest)):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest and takes is not None:
        takes.extend(rest)
    return args


def _say_error(fault: SakshyaFault) -> None:
    print(f"error: {fault}", file=sys.stderr)


def _have_streams() -> None:
    """Stand in for streams that were closed before the start, lest a file opened later take their places."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w" if number else "r", encoding="utf-8"))  # noqa: SIM115


def _use_utf8() -> None:
    """Write UTF-8 whatever the terminal's locale says; a name that is not Unicode is already in escaped form."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
