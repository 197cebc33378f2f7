"""Options that many commands share, and how a case is opened from them."""

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sakshya.casefile.driver import Mode
from sakshya.casefile.identify import is_encrypted
from sakshya.domain.faults import OperatorFault
from sakshya.workbench import Desk, Workbench

# What add_subparsers returns has no public name, and is generic for a type checker only.
if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Commands = argparse._SubParsersAction


def add_case(parser: argparse.ArgumentParser) -> None:
    """Add CASE and how an encrypted one is unlocked."""
    parser.add_argument("case", metavar="CASE", type=Path, help="the case's folder")
    add_passphrase(parser)


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    """Add how an encrypted case is unlocked."""
    parser.add_argument("--passphrase-file", metavar="FILE", type=Path, help="file whose first line is the passphrase")


def add_by(parser: argparse.ArgumentParser) -> None:
    """Add who acts."""
    parser.add_argument("--by", metavar="PERSON", help="who acts; it is written into the ledger")


def add_sets(parser: argparse.ArgumentParser) -> None:
    """Add the folder of known sets."""
    parser.add_argument("--sets", metavar="DIR", type=Path, help="folder of known sets (or SAKSHYA_SETS)")


def add_jsonl(parser: argparse.ArgumentParser) -> None:
    """Add the choice of JSON Lines."""
    parser.add_argument("--jsonl", action="store_true", help="print JSON Lines")


def desk_of(args: argparse.Namespace) -> Desk:
    """Return the desk the command works at."""
    return Desk.here(sets=getattr(args, "sets", None))


def open_case(args: argparse.Namespace, *, mode: Mode = Mode.WRITE) -> Workbench:
    """Open the case that the arguments name.

    Raises:
        OperatorFault: it cannot be opened, or an encrypted case has no passphrase and there is no terminal to ask at.
    """
    secret = passphrase_of(args, needed=is_encrypted(args.case))
    return Workbench.open(args.case, desk=desk_of(args), by=getattr(args, "by", None), passphrase=secret, mode=mode)


def passphrase_of(args: argparse.Namespace, *, needed: bool, confirm: bool = False) -> str | None:
    """Return the passphrase from the file named, else by asking at the terminal where one is needed.

    Raises:
        OperatorFault: it is needed, no file is named and there is no terminal; or the file is empty.
    """
    if args.passphrase_file is not None:
        return read_passphrase(args.passphrase_file)
    if not needed:
        return None
    if not (sys.stdin and sys.stdin.isatty()):
        raise OperatorFault("the case is encrypted", where=str(args.case), advice="give --passphrase-file FILE")
    first = getpass.getpass("Passphrase: ")
    if confirm and getpass.getpass("Passphrase again: ") != first:
        raise OperatorFault("the two passphrases differ", advice="nothing was created; try again")
    if not first:
        raise OperatorFault("an empty passphrase protects nothing", advice="nothing was created; try again")
    return first


def ask_keys() -> list[str]:
    """Ask at the terminal for keys of an exhibit, one after the other, until an empty one.

    Raises:
        OperatorFault: there is no terminal to ask at, or no key was given.
    """
    if not (sys.stdin and sys.stdin.isatty()):
        raise OperatorFault("there is no terminal to ask at", advice="give --unlock-file FILE")
    keys: list[str] = []
    while key := getpass.getpass("Password or recovery key (empty ends): "):
        keys.append(key)
    if not keys:
        raise OperatorFault("no key was given", advice="nothing was done; try again")
    return keys


def read_passphrase(file: Path) -> str:
    """Return the first line of a file.

    Raises:
        OperatorFault: it cannot be read or is empty.
    """
    try:
        with file.open(encoding="utf-8-sig") as stream:
            secret = stream.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorFault("the passphrase file cannot be read", where=str(file), advice="check the path") from error
    if not secret:
        raise OperatorFault("the passphrase file is empty", where=str(file))
    return secret


def at_terminal() -> bool:
    """Tell whether somebody sits at a terminal to be asked and to watch progress."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()) and os.environ.get("TERM") != "dumb"


def key_value(text: str) -> tuple[str, str]:
    """Return the two sides of KEY=VALUE.

    Raises:
        OperatorFault: there is no `=`.
    """
    key, found, value = text.partition("=")
    if not found:
        raise OperatorFault(f"write KEY=VALUE, not {text!r}")
    return key.strip(), value


def count_from_one(text: str) -> int:
    """Return a number of 1 or more.

    Raises:
        ArgumentTypeError: it is none.
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a number of 1 or more is wanted, not {text!r}")
    return int(text)


def has_display() -> bool:
    """Tell whether a window can be shown; Qt ends the program where it is asked to and cannot."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
