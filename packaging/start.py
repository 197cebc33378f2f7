"""Set up everything Sakshya needs on a bare machine, then run the demo or the tests.

    python3 packaging/start.py demo [--headless] [--to DIR] [--level N]
    python3 packaging/start.py test [pytest arguments]
    python3 packaging/start.py prepare      makes the environment for developers, and nothing else

Needs nothing but CPython 3.11 to 3.13. Packages come from the index that this machine's own pip or uv settings name;
none is named here. Written for Windows too, not yet run there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    commands: dict[str, Callable[[list[str]], int]] = {"demo": demo, "test": test, "prepare": prepare}
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 2
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        return fail("this is Python " + sys.version.split()[0] + "; start again with Python 3.11, 3.12 or 3.13")
    # Only now, because these would not even load on a Python that is too old.
    from environment import SetupProblem

    try:
        return commands[arguments[0]](list(arguments[1:]))
    except SetupProblem as problem:
        return fail(str(problem))
    except KeyboardInterrupt:
        return 130


def demo(arguments: list[str]) -> int:
    """Run the practice case, with a window where a screen is there."""
    from environment import set_up
    from system import window_can_open

    python = set_up(ROOT, "users")
    if not {"--headless", "-h", "--help"} & set(arguments) and not window_can_open(python):
        print("There is no display here that a window can open on; the demo runs without one.", flush=True)
        arguments = [*arguments, "--headless"]
    return run(python, ["-m", "sakshya", "demo", *arguments])


def test(arguments: list[str]) -> int:
    """Run the tests, on every core and in random order."""
    from environment import set_up
    from system import add_qt_libraries, qt_loads

    python = set_up(ROOT, "developers")
    add_qt_libraries(python)
    if not qt_loads(python):
        print("Qt cannot be loaded here; the tests of the window are left out.", flush=True)
        arguments = ["-p", "no:pytest-qt", *arguments]
    # The windows of the tests must not take the keys of whoever works at the machine.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    workers = [] if any(one.startswith("-n") for one in arguments) else ["-n", "auto"]
    return run(python, ["-m", "pytest", *workers, *arguments])


def prepare(_arguments: list[str]) -> int:
    """Make the environment for developers and print its interpreter."""
    from environment import set_up
    from system import add_qt_libraries

    python = set_up(ROOT, "developers")
    add_qt_libraries(python)
    print(python)
    return 0


def run(python: Path, arguments: Sequence[str]) -> int:
    """Run the private environment's Python on the checkout and return its exit status as a shell shows it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "app")}
    with subprocess.Popen([str(python), *arguments], cwd=ROOT, env=environment) as child:
        while True:
            try:
                code = child.wait()
            except KeyboardInterrupt:
                # Ctrl-C reached the child as well, and the child decides what it means.
                continue
            return code if code >= 0 else 128 - code


def fail(line: str) -> int:
    """Print an error line and return the exit status for a wrong request."""
    print("error: " + line, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
