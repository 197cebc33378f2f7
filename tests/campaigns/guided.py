"""The readers that are our own, searched for a way to fail by atheris, which learns from what each input reached.

Each kind of input has a process of its own, with a limit of memory and of time for one input; what makes it crash,
hang or raise anything but our faults is kept and fails the campaign.
"""

import importlib.util
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.campaigns.reader_seeds import GROUPS, Seed

_LARGEST = 1 << 17
_MEGABYTES = 1024
_SECONDS_EACH = 20
_LEAST_SECONDS = 3
_ROUND = 120
_MOST_KEPT = 1 << 26
_DONE = re.compile(r"Done (\d+) runs")
# What libraries read from end to end is damaged by the campaign `readers`; guidance needs code that it can watch.
_OURS = re.compile(
    r"\.(aff4|vdi|qcow2|E01|dmg)$|^(lvm|luks|udf|xfs|android|ufdr|tree|free|carrier|doc|ppt|msg|db|pdf|eml|mbox|thumb)"
    r"|^(zip|tar|gz|bz2|xz|zst|lz4|7z)"
)


def run(folder: Path, seconds: float, rng: random.Random) -> str:
    """Share `seconds` among the kinds of input, some of them where time is short; says so without atheris."""
    if importlib.util.find_spec("atheris") is None:
        return "not run, atheris is not there"
    corpora = _corpora(folder)
    kinds = rng.sample(sorted(corpora), min(len(corpora), max(1, int(seconds / _LEAST_SECONDS))))
    counts: Counter[str] = Counter()
    for group, how, suffix in kinds:
        left = max(1, int(seconds / len(kinds)))
        corpus = corpora[group, how, suffix]
        seeds = set(corpus.iterdir())
        while left > 0:
            counts[group] += _search(corpus, how, suffix, min(left, _ROUND), rng.randrange(1 << 31))
            left -= _ROUND
            _thin_out(corpus, seeds, rng)
    return f"{len(kinds)} of {len(corpora)} kinds: " + ", ".join(f"{count} {group}" for group, count in counts.items())


def _thin_out(corpus: Path, seeds: set[Path], rng: random.Random) -> None:
    """Keep a part of what was learnt: the fuzzer holds all of it in the memory that is limited."""
    learnt = sorted(set(corpus.iterdir()) - seeds)
    rng.shuffle(learnt)
    held = 0
    for file in learnt:
        held += file.stat().st_size
        if held > _MOST_KEPT:
            file.unlink()


def _corpora(folder: Path) -> dict[tuple[str, str, str], Path]:
    """Write the seeds that are small enough, each kind in a folder of its own."""
    corpora: dict[tuple[str, str, str], Path] = {}
    for group, make in GROUPS.items():
        place = folder / group
        place.mkdir()
        for seed in make(place):
            if not _is_ours(seed):
                continue
            corpus = corpora.setdefault((group, seed.how, seed.suffix), place / f"corpus{seed.how}{seed.suffix}")
            corpus.mkdir(exist_ok=True)
            (corpus / seed.name).write_bytes(seed.content)
    return corpora


def _is_ours(seed: Seed) -> bool:
    fits = len(seed.content) <= _LARGEST and seed.changed is None and seed.how in ("exhibit", "archive", "carve")
    return fits and bool(_OURS.search(seed.name + seed.suffix))


def _search(corpus: Path, how: str, suffix: str, seconds: int, seed: int) -> int:
    """Return how many inputs were tried; the one that failed is kept in the current folder."""
    kept = corpus.parent / f"failed{how}{suffix}-"
    options = (
        f"-max_total_time={seconds}",
        f"-rss_limit_mb={_MEGABYTES}",
        f"-timeout={_SECONDS_EACH}",
        f"-max_len={_LARGEST}",
        f"-seed={seed}",
        f"-artifact_prefix={kept}",
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.campaigns.guided_target", how, suffix, *options, str(corpus)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "app")},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    found = _DONE.search(done.stderr)
    if done.returncode or found is None:
        for artifact in corpus.parent.glob(f"{kept.name}*"):
            shutil.copy(artifact, Path.cwd() / f"{artifact.name}{suffix}")
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-40:])
        raise AssertionError(f"{how} of {suffix} ended with {done.returncode}, the input is kept here:\n{tail}")
    return int(found[1])
