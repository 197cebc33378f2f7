"""Let `python -m sakshya` be the `sakshya` command."""

import sys

from sakshya.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
