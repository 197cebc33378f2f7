"""The two commands of the README: what they run, and what they say when they cannot."""

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.unit.packaging.conftest import PACKAGING

Scripts = dict[str, ModuleType]


class _Runs:
    """Takes down which commands would be run with the private environment's Python."""

    def __init__(self) -> None:
        self.arguments: list[list[str]] = []
        self.locks: list[str] = []

    def run(self, python: Path, arguments: list[str]) -> int:
        self.arguments.append(arguments)
        return 0

    def set_up(self, root: Path, lock: str) -> Path:
        self.locks.append(lock)
        return Path("python")


@pytest.fixture
def runs(scripts: Scripts, monkeypatch: pytest.MonkeyPatch) -> _Runs:
    runs = _Runs()
    monkeypatch.setattr(scripts["start"], "run", runs.run)
    monkeypatch.setattr(scripts["environment"], "set_up", runs.set_up)
    monkeypatch.setattr(scripts["system"], "add_qt_libraries", lambda python: None)
    monkeypatch.setattr(scripts["system"], "qt_loads", lambda python: True)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return runs


def test_without_a_display_the_demo_says_so_and_runs_without_a_window(
    scripts: Scripts, runs: _Runs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scripts["system"], "window_can_open", lambda python: False)

    assert scripts["start"].main(["demo", "--level", "2"]) == 0

    assert runs.arguments == [["-m", "sakshya", "demo", "--level", "2", "--headless"]]
    assert runs.locks == ["users"]
    assert "no display" in capsys.readouterr().out


def test_with_a_display_the_demo_opens_the_window(
    scripts: Scripts, runs: _Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts["system"], "window_can_open", lambda python: True)

    scripts["start"].main(["demo"])

    assert runs.arguments == [["-m", "sakshya", "demo"]]


def test_the_headless_demo_does_not_even_look_for_qt(
    scripts: Scripts, runs: _Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts["system"], "window_can_open", None)

    assert scripts["start"].main(["demo", "--headless"]) == 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ["-m", "pytest", "-n", "auto"]),
        (["-n0", "tests/unit"], ["-m", "pytest", "-n0", "tests/unit"]),
    ],
    ids=["plain", "workers"],
)
def test_the_test_command_runs_on_every_core_unless_told_otherwise(
    scripts: Scripts, runs: _Runs, given: list[str], expected: list[str]
) -> None:
    assert scripts["start"].main(["test", *given]) == 0

    assert runs.arguments == [expected]
    assert runs.locks == ["developers"]


def test_without_qt_the_tests_of_the_window_are_left_out_and_it_is_said(
    scripts: Scripts, runs: _Runs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scripts["system"], "qt_loads", lambda python: False)

    scripts["start"].main(["test", "-n0"])

    assert runs.arguments == [["-m", "pytest", "-p", "no:pytest-qt", "-n0"]]
    assert "left out" in capsys.readouterr().out


def test_an_unknown_command_shows_how_to_use_it(scripts: Scripts, capsys: pytest.CaptureFixture[str]) -> None:
    assert scripts["start"].main(["frobnicate"]) == 2

    assert "packaging/start.py demo" in capsys.readouterr().out


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux looks for a display in the surroundings")
def test_no_display_is_known_without_asking_qt(scripts: Scripts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    assert scripts["system"].window_can_open(Path("/nowhere/python")) is False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt brings its libraries along elsewhere")
def test_missing_libraries_without_rights_end_in_the_exact_line(
    scripts: Scripts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    system = scripts["system"]
    monkeypatch.setattr(system, "missing_libraries", lambda python: ["libGL.so.1", "libxcb-cursor.so.0"])
    monkeypatch.setattr(system, "rights", lambda: None)

    system.add_qt_libraries(Path(sys.executable))

    line = "apt-get install -y --no-install-recommends libgl1 libxcb-cursor0"
    assert line in capsys.readouterr().out


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux loads libraries by these names")
def test_a_library_that_is_not_there_is_noticed(scripts: Scripts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts["system"], "QT_LIBRARIES", {"libc.so.6": "libc6", "libnever-there.so.9": "none"})

    assert scripts["system"].missing_libraries(Path(sys.executable)) == ["libnever-there.so.9"]


def test_the_scripts_need_nothing_but_the_standard_library() -> None:
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(PACKAGING)!r}); import start"]
    load_all = command[-1] + ", environment, system, package_index"

    done = subprocess.run([*command[:-1], load_all], capture_output=True, text=True, check=False, env={**os.environ})

    assert done.returncode == 0, done.stderr
