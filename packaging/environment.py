"""The private environment: made in whichever way this machine allows, from a lock file with digests.

A mark inside it says what it was made from, so that it is made anew when the lock changes or a try was broken off.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from package_index import IndexProblem, default_of_pip, fetch_pip, index_of_pip, index_of_uv, pip_settings
from system import apt_install, apt_line, base_python

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER = ".venv"
MARK = "sakshya-start.json"


class SetupProblem(Exception):
    """A way of setting up did not work; the text says why."""


@dataclass(frozen=True)
class Plan:
    """Where the environment goes and the lock file it is made from."""

    folder: Path
    lock: Path

    @property
    def python(self) -> Path:
        """Return the path of the environment's interpreter."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def set_up(root: Path, lock: str) -> Path:
    """Make sure that the checkout's environment holds what the lock lists, and return its interpreter.

    Raises:
        SetupProblem: no way of making it works here.
    """
    plan = Plan(root / FOLDER, root / "packaging" / "locks" / f"{lock}.txt")
    if is_ready(plan):
        return plan.python
    if plan.folder.exists() and any(plan.folder.iterdir()) and not (plan.folder / MARK).exists():
        raise SetupProblem(f"{plan.folder} was not made by this script; move it away and start again")
    if os.name == "nt" and Path(sys.prefix) == plan.folder:
        raise SetupProblem(f"{plan.folder} must be made anew and is in use; run deactivate and start again")
    print(f"Making the private environment {FOLDER}; a few hundred megabytes of packages.", flush=True)
    problems = []
    for name, way in WAYS:
        shutil.rmtree(plan.folder, ignore_errors=True)
        plan.folder.mkdir()
        (plan.folder / MARK).write_text("{}", encoding="utf-8")
        try:
            way(plan)
        except (SetupProblem, IndexProblem, OSError) as problem:
            print(f"  not with {name}: {problem}", flush=True)
            problems.append(f"{name}: {problem}")
            continue
        mark = {"python": this_python(), "locks": [digest(file) for file in covered(plan.lock)]}
        (plan.folder / MARK).write_text(json.dumps(mark), encoding="utf-8")
        print(f"  made with {name}", flush=True)
        return plan.python
    line = apt_line(["python3-venv"])
    raise SetupProblem(f"no private environment could be made ({'; '.join(problems)}); run: {line}")


def is_ready(plan: Plan) -> bool:
    """Tell whether the environment is whole, of this Python, and holds what today's lock file lists."""
    try:
        mark = json.loads((plan.folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    whole = mark.get("python") == this_python() and plan.python.exists()
    return whole and digest(plan.lock) in mark.get("locks", [])


def covered(lock: Path) -> list[Path]:
    """Return the lock files that an environment made from `lock` answers to: developers have all that users have."""
    return [lock, lock.with_name("users.txt")] if lock.name == "developers.txt" else [lock]


def this_python() -> str:
    """Return the version and the place of the interpreter that runs this, or that its environment was made from."""
    return f"{sys.version.split()[0]} {base_python()}"


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def by_uv(plan: Plan) -> None:
    """Use uv, with this interpreter and never with one it would fetch."""
    uv = shutil.which("uv")
    if uv is None:
        raise SetupProblem("uv is not installed")
    # Without its second setting uv ignores the machine's own certificates.
    settings = {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1"}
    index = index_of_pip(pip_settings())
    if index and not index_of_uv():
        settings["UV_DEFAULT_INDEX"] = index
    quietly([uv, "venv", "--allow-existing", "--python", base_python(), str(plan.folder)], settings)
    install([uv, "pip", "install", "--python", str(plan.python)], plan, settings)


def by_venv(plan: Plan) -> None:
    """Use this Python's own venv and the pip it carries."""
    quietly([base_python(), "-m", "venv", str(plan.folder)])
    install_with_pip([str(plan.python), "-m", "pip"], plan)


def by_installed_pip(plan: Plan) -> None:
    """Fill a bare environment with the pip that this Python already has, which itself stays outside."""
    quietly([base_python(), "-m", "pip", "--version"])
    quietly([base_python(), "-m", "venv", "--without-pip", str(plan.folder)])
    install_with_pip([base_python(), "-m", "pip", "--python", str(plan.python)], plan)


def by_fetched_pip(plan: Plan) -> None:
    """Fill a bare environment with a pip fetched from the index that this machine names."""
    settings = pip_settings()
    index = index_of_uv() or index_of_pip(settings) or default_of_pip()
    if index is None:
        raise SetupProblem("no pip or uv setting names a package index")
    with tempfile.TemporaryDirectory() as folder:
        wheel = fetch_pip(index, settings, Path(folder))
        quietly([base_python(), "-m", "venv", "--without-pip", str(plan.folder)])
        # A wheel is a zip archive, and pip runs straight from it.
        install_with_pip([str(plan.python), str(wheel / "pip")], plan)


def by_apt(plan: Plan) -> None:
    """Install Debian's venv package, then make the environment with it."""
    if Path(base_python()).parent != Path("/usr/bin"):
        raise SetupProblem("this Python is not the system's own")
    if not apt_install(["python3-venv"]):
        raise SetupProblem("python3-venv could not be installed")
    by_venv(plan)


WAYS: list[tuple[str, Callable[[Plan], None]]] = [
    ("uv", by_uv),
    ("venv", by_venv),
    ("the installed pip", by_installed_pip),
    ("a fetched pip", by_fetched_pip),
    ("apt-get", by_apt),
]


def install_with_pip(pip: list[str], plan: Plan) -> None:
    """Install with pip; its own settings go first, and uv's index only where they name none."""
    index = None if index_of_pip(pip_settings()) else index_of_uv()
    command = [*pip, "install", "--disable-pip-version-check", "--no-input", "--no-user"]
    install(command, plan, {"PIP_INDEX_URL": index} if index else {})


def install(command: list[str], plan: Plan, settings: Mapping[str, str]) -> None:
    """Install exactly what the lock file lists, wheels only, each checked against its digest."""
    options = ["--require-hashes", "--only-binary", ":all:", "-r", str(plan.lock)]
    options = options if sys.stdout.isatty() else ["--quiet", *options]
    code = subprocess.run([*command, *options], env=clean(settings), check=False).returncode
    if code:
        raise SetupProblem(f"the packages could not be installed (exit status {code})")


def quietly(command: list[str], settings: Mapping[str, str] | None = None) -> None:
    """Run a command without showing what it prints.

    Raises:
        SetupProblem: it failed; the text is the first line it printed.
    """
    ran = subprocess.run(command, env=clean(settings or {}), check=False, capture_output=True, text=True)
    if ran.returncode:
        said = (ran.stderr.strip() or ran.stdout.strip() or f"exit status {ran.returncode}").splitlines()
        raise SetupProblem(said[0])


def clean(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the surroundings for a tool: ours, without what would lead Python or uv to another environment."""
    foreign = {
        "PYTHONPATH",
        "PYTHONHOME",
        "VIRTUAL_ENV",
        "UV_PROJECT_ENVIRONMENT",
        "CONDA_PREFIX",
        "PIP_PREFIX",
        "PIP_TARGET",
    }
    return {**{name: value for name, value in os.environ.items() if name not in foreign}, **settings}
