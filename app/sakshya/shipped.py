"""Where the files that ship beside the code lie: in the wheel, or in a checkout."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def case_templates() -> Path:
    """Return the folder of case templates."""
    return _find("case_templates", _PACKAGE.parent.parent / "case_templates")


@cache
def docs() -> Path:
    """Return the folder of the documentation that is also the in-program help."""
    return _find("docs", _PACKAGE.parent / "docs")


@cache
def fonts() -> Path:
    """Return the folder of the fonts that reports and the window use."""
    return _PACKAGE / "fonts"


def _find(name: str, in_checkout: Path) -> Path:
    installed = _PACKAGE / "shipped" / name
    return installed if installed.is_dir() else in_checkout
