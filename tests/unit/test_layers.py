"""Imports only point down, and each library stays in the layer that may use it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _lint(settings: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "app"), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [*command, "--config", str(settings), "--no-cache"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=surroundings,
        cwd=ROOT,
    )


def test_every_import_keeps_the_contracts() -> None:
    done = _lint(ROOT / "pyproject.toml")

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_contract_that_is_broken_is_noticed(tmp_path: Path) -> None:
    settings = tmp_path / "importlinter.ini"
    settings.write_text(
        "[importlinter]\nroot_package = sakshya\n"
        "[importlinter:contract:upside-down]\nname = upside down\ntype = layers\ncontainers = sakshya\n"
        "layers =\n    domain\n    testing\n"
    )

    assert _lint(settings).returncode == 1


@pytest.mark.parametrize("drawer", ["utils", "helpers", "common", "misc", "manager", "base"])
def test_no_module_is_named_after_a_drawer(drawer: str) -> None:
    modules = [
        path for path in (ROOT / "app").rglob("*.py") if drawer in path.stem.split("_") or path.parent.name == drawer
    ]

    assert modules == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    modules = [*(ROOT / "app").rglob("*.py"), *(ROOT / "packaging").glob("*.py"), *(ROOT / "plugins").rglob("*.py")]
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}

    assert {name: length for name, length in lengths.items() if length > 400} == {}
