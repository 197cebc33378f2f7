"""The desk a case is worked on at: its clock, its zone, its folder of known sets."""

import getpass
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from sakshya.domain.faults import OperatorFault
from sakshya.report.zones import zone_named

SETS_VARIABLE = "SAKSHYA_SETS"
DEFAULT_ZONE = "Asia/Kolkata"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """`sets` is the folder of known sets; `zone` an IANA zone name; `clock` returns aware times."""

    sets: Path
    zone: str
    clock: Callable[[], datetime] = _now

    @property
    def rates(self) -> Path:
        """The file that keeps how fast this machine hashed and decoded, beside the known sets."""
        return self.sets.parent / "rates.json"

    @classmethod
    def here(cls, sets: Path | None = None, zone: str | None = None) -> "Desk":
        """Return this desk: `--sets`, else SAKSHYA_SETS, else the user's data folder; the machine's zone."""
        named = os.environ.get(SETS_VARIABLE)
        folder = sets or (Path(named) if named else platformdirs.user_data_path("sakshya", False) / "known-sets")
        return cls(folder, zone or machine_zone())


def machine_zone() -> str:
    """Return the machine's IANA zone name, "UTC" where it does not say one that is known."""
    named = os.environ.get("TZ", "").lstrip(":") or _zone_of_link()
    return named if named and _known(named) else ("UTC" if time.timezone == 0 else DEFAULT_ZONE)


def account() -> str:
    """Return who acts when no person was named: the operating system's account, said as such."""
    try:
        return f"account {getpass.getuser()}"
    except (OSError, KeyError):
        return "account unknown"


def _zone_of_link() -> str:
    link = Path("/etc/localtime")
    parts = link.resolve().parts if link.exists() else ()
    return "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else ""


def _known(name: str) -> bool:
    try:
        zone_named(name)
    except OperatorFault:
        return False
    return True
