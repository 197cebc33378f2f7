"""Tells a case folder from any other, without opening it."""

from pathlib import Path

from sakshya.casefile import keyslots

DATABASE = "case.db"


def is_case(folder: Path) -> bool:
    """Tell whether a folder holds a case."""
    return (folder / DATABASE).is_file()


def is_encrypted(folder: Path) -> bool:
    """Tell whether a folder holds a case that needs a passphrase."""
    return is_case(folder) and (folder / keyslots.FILE).exists()
