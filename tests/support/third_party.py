"""Third-party files beside the project: found, or the test is skipped with the reason."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def third_party(relative: str = "") -> Path:
    """Return the path below the third-party folder, or skip the test."""
    path = DATA / relative
    if not path.exists():
        pytest.skip(f"third-party test data is absent: {relative or 'the whole folder'}")
    return path
