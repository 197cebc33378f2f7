"""What a scan will take before it starts: files, bytes, time from this machine's own rates, room in the case."""

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.faults import DiskFullFault
from sakshya.media.digest import Digester
from sakshya.triage.events import spell_seconds
from sakshya.triage.selection import media_amount

_TRIAL_BYTES = 32 << 20
# Decoding is bound by the compressed bytes: a fourth of the speed of three digests on the machines measured.
_LOOK_SHARE = 0.25
_SECONDS_A_FILE = 0.0004
# What the case keeps of a listed file and of a picture, generously, with the log that is written before the file.
_CASE_BYTES_A_FILE, _CASE_BYTES_A_PICTURE = 1200, 3000
_LEAST_ROOM = 4 << 20


@dataclass(frozen=True, slots=True)
class Rates:
    """Bytes that one worker settles and looks at in a second of CPU; `measured` says whether by scans before."""

    settle: float
    look: float
    measured: bool

    def settle_seconds(self, files: int, size: float) -> float:
        """Return the CPU seconds for reading, hashing and looking up."""
        return files * _SECONDS_A_FILE + size / self.settle

    def look_seconds(self, size: float) -> float:
        """Return the CPU seconds for decoding."""
        return size / self.look


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is still to be done. Seconds are by the clock; `case_bytes` is what the case may grow by."""

    files: int
    bytes: int
    media_files: int
    media_bytes: int
    seconds_low: float
    seconds_high: float
    case_bytes: int
    free_bytes: int
    listed: bool

    def line(self) -> str:
        """Return the forecast in a sentence."""
        if not self.listed:
            return f"{self.bytes / 1e9:,.1f} GB of exhibits that are not listed yet; {self._time()} at most"
        media = f"of them {self.media_files:,} pictures and videos by name"
        return f"{self.files:,} files, {self.bytes / 1e9:,.2f} GB, {media}; {self._time()}"

    def as_json(self) -> dict[str, object]:
        """Return the figures under `event: forecast`."""
        return {"event": "forecast", **asdict(self)}

    def _time(self) -> str:
        if self.seconds_high < 1:
            return "less than a second"
        return f"{spell_seconds(self.seconds_low)} to {spell_seconds(self.seconds_high)}"


def forecast(case: CaseFile, exhibits: Sequence[str], rates: Rates, workers: int) -> Forecast:
    """Return what a standard scan still has to do; of exhibits not listed yet, their whole size."""
    listed = all(case.entries.walk_state(number).finished for number in exhibits)
    free = shutil.disk_usage(case.folder).free
    if not listed:
        size = sum(one.container.size for one in case.exhibits.all())
        high = rates.settle_seconds(0, size) + rates.look_seconds(size)
        low = rates.settle_seconds(0, size)
        return Forecast(0, size, 0, 0, low / workers * 0.5, high / workers, _LEAST_ROOM, free, listed)
    amounts = [case.entries.pending_amount(number) for number in exhibits]
    files, size = sum(one[0] for one in amounts), sum(one[1] for one in amounts)
    media_files, media_bytes = media_amount(case, exhibits)
    looks, look_bytes = case.looks.amount()
    settle = rates.settle_seconds(files, size)
    whole = settle + rates.look_seconds(media_bytes + look_bytes)
    room = files * _CASE_BYTES_A_FILE + (media_files + looks) * _CASE_BYTES_A_PICTURE + _LEAST_ROOM
    low = (settle + rates.look_seconds(look_bytes)) / workers * 0.8
    spread = 1.3 if rates.measured else 2.0
    return Forecast(files, size, media_files, media_bytes, low, whole / workers * spread, room, free, listed)


def require_room(case: CaseFile, needed: int) -> None:
    """Refuse to begin what the disk of the case cannot hold.

    Raises:
        DiskFullFault: fewer than `needed` bytes are free there.
    """
    free = shutil.disk_usage(case.folder).free
    if free < needed:
        raise DiskFullFault(
            f"the disk that holds the case is too small: {free / 1e6:,.0f} MB free, {needed / 1e6:,.0f} MB needed",
            where=str(case.folder),
            advice="free some space or move the case to a larger disk, then scan again; what was done stands",
        )


def rates_here(kept: Path) -> Rates:
    """Return this machine's rates as earlier scans measured them, or hash for a moment where none has."""
    try:
        fields = json.loads(kept.read_bytes())
        return Rates(float(fields["settle"]), float(fields["look"]), measured=True)
    except (OSError, ValueError, KeyError, TypeError):
        settle = _hash_for_a_moment()
        return Rates(settle, settle * _LOOK_SHARE, measured=False)


def keep_rates(kept: Path, settled: tuple[int, float], looked: tuple[int, float], before: Rates) -> None:
    """Write down what a scan measured, bytes and CPU seconds each; too little to tell anything changes nothing."""
    settle = settled[0] / settled[1] if settled[0] > _TRIAL_BYTES and settled[1] > 0 else before.settle
    look = looked[0] / looked[1] if looked[0] > _TRIAL_BYTES and looked[1] > 0 else before.look
    if (settle, look) == (before.settle, before.look):
        return
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_name(kept.name + ".new")
        fresh.write_text(json.dumps({"settle": settle, "look": look}))
        fresh.replace(kept)
    except OSError:
        return  # a guess for next time is not worth an error


def _hash_for_a_moment() -> float:
    digester, piece = Digester(), bytes(1 << 20)
    started = time.process_time()
    for _ in range(_TRIAL_BYTES >> 20):
        digester.update(piece)
    digester.finish()
    return _TRIAL_BYTES / max(1e-3, time.process_time() - started)
