"""`python -m tests.campaigns NAME|all [--seconds N]`: run campaigns, one line each; exit 1 at the first failure."""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "app"))

from tests.campaigns import disks, guided, kills, million, pdq_oracle, pictures, readers

_CAMPAIGNS: dict[str, Callable[[Path, float, random.Random], str]] = {
    "disks": disks.run,
    "pictures": pictures.run,
    "readers": readers.run,
    "guided": guided.run,
    "kills": kills.run,
    "million": million.run,
    "pdq": pdq_oracle.run,
}


def main() -> int:
    """Run the campaigns asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns")
    parser.add_argument("name", choices=[*_CAMPAIGNS, "all"])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=None)
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(1 << 32)
    for name in _CAMPAIGNS if args.name == "all" else [args.name]:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="sakshya-campaign-") as folder:
            outcome = _CAMPAIGNS[name](Path(folder), args.seconds, random.Random(seed))
        print(f"{name}: {outcome} in {time.monotonic() - started:.0f} s (seed {seed})", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
