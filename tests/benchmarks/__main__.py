"""`python -m tests.benchmarks [NAME…]`: measure, print a line for each goal, exit 1 when one is missed."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "app"))

from tests.benchmarks import carving, ewf, known_share, scan_against_peers, sets, walking, window
from tests.benchmarks.goal import Goal

_BENCHMARKS: dict[str, Callable[[Path], Iterator[Goal]]] = {
    "scan": scan_against_peers.run,
    "known": known_share.run,
    "window": window.run,
    "ewf": ewf.run,
    "carving": carving.run,
    "walk": walking.run,
    "sets": sets.run,
}


def main() -> int:
    """Run the benchmarks asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", choices=[*_BENCHMARKS, []], metavar="NAME", help=", ".join(_BENCHMARKS))
    args = parser.parse_args()
    missed = 0
    for name in args.names or _BENCHMARKS:
        with tempfile.TemporaryDirectory(prefix="sakshya-benchmark-") as folder:
            for goal in _BENCHMARKS[name](Path(folder)):
                print(goal.line(), flush=True)
                missed += not goal.met
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
