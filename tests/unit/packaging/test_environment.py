"""The environment is made once, made anew when it must be, and never at the cost of somebody else's."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

Scripts = dict[str, ModuleType]


class _Ways:
    """Stands in for the ways of making an environment and counts what they are asked for."""

    def __init__(self, scripts: Scripts) -> None:
        self.problem = scripts["environment"].SetupProblem
        self.asked: list[str] = []

    def works(self, plan: object) -> None:
        self.asked.append(plan.lock.name)  # type: ignore[attr-defined]
        plan.python.parent.mkdir(parents=True, exist_ok=True)  # type: ignore[attr-defined]
        plan.python.touch()  # type: ignore[attr-defined]

    def fails(self, plan: object) -> None:
        (plan.folder / "half-made").touch()  # type: ignore[attr-defined]
        raise self.problem("ensurepip is not available")


@pytest.fixture
def ways(scripts: Scripts, monkeypatch: pytest.MonkeyPatch) -> _Ways:
    ways = _Ways(scripts)
    monkeypatch.setattr(scripts["environment"], "WAYS", [("venv", ways.fails), ("pip", ways.works)])
    return ways


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    locks = tmp_path / "packaging" / "locks"
    locks.mkdir(parents=True)
    (locks / "users.txt").write_text("a==1\n")
    (locks / "developers.txt").write_text("a==1\nb==1\n")
    return tmp_path


def test_the_first_way_that_works_makes_it_and_no_half_made_one_is_left(
    scripts: Scripts, ways: _Ways, checkout: Path
) -> None:
    python = scripts["environment"].set_up(checkout, "users")

    assert python.exists()
    assert not (checkout / ".venv" / "half-made").exists()


def test_a_whole_environment_is_used_again(scripts: Scripts, ways: _Ways, checkout: Path) -> None:
    scripts["environment"].set_up(checkout, "users")
    scripts["environment"].set_up(checkout, "users")

    assert ways.asked == ["users.txt"]


def test_the_developers_environment_serves_users_but_not_the_other_way_round(
    scripts: Scripts, ways: _Ways, checkout: Path
) -> None:
    for lock in ("users", "developers", "users"):
        scripts["environment"].set_up(checkout, lock)

    assert ways.asked == ["users.txt", "developers.txt"]


def test_a_changed_lock_makes_it_anew(scripts: Scripts, ways: _Ways, checkout: Path) -> None:
    scripts["environment"].set_up(checkout, "users")
    (checkout / "packaging" / "locks" / "users.txt").write_text("a==2\n")
    scripts["environment"].set_up(checkout, "users")

    assert ways.asked == ["users.txt", "users.txt"]


def test_a_try_that_was_broken_off_is_made_anew(scripts: Scripts, ways: _Ways, checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "sakshya-start.json").write_text("{}")
    (checkout / ".venv" / "rest").touch()

    scripts["environment"].set_up(checkout, "users")

    assert ways.asked == ["users.txt"]
    assert not (checkout / ".venv" / "rest").exists()


def test_an_environment_that_somebody_else_made_is_left_alone(scripts: Scripts, ways: _Ways, checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "pyvenv.cfg").touch()

    with pytest.raises(ways.problem, match="not made by this script"):
        scripts["environment"].set_up(checkout, "users")

    assert (checkout / ".venv" / "pyvenv.cfg").exists()


def test_where_no_way_works_the_exact_line_is_said(
    scripts: Scripts, ways: _Ways, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts["environment"], "WAYS", [("venv", ways.fails)])

    with pytest.raises(ways.problem, match=r"ensurepip is not available.*apt-get install -y .*python3-venv"):
        scripts["environment"].set_up(checkout, "users")


def test_from_inside_the_environment_it_is_used_again_and_not_made_anew(
    scripts: Scripts, ways: _Ways, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts["environment"].set_up(checkout, "users")
    monkeypatch.setattr(sys, "_base_executable", scripts["system"].base_python())
    monkeypatch.setattr(sys, "executable", str(checkout / ".venv" / "bin" / "python3"))

    scripts["environment"].set_up(checkout, "users")

    assert ways.asked == ["users.txt"]


def test_uv_is_held_to_this_interpreter_and_to_the_index_of_pip(
    scripts: Scripts, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = scripts["environment"]
    ran: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setenv("PIP_INDEX_URL", "https://lab.example/simple")
    monkeypatch.setattr(environment.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(environment, "quietly", lambda command, settings: ran.append((command, settings)))
    monkeypatch.setattr(environment, "install", lambda command, plan, settings: ran.append((command, settings)))

    environment.by_uv(environment.Plan(checkout / ".venv", checkout / "packaging/locks/users.txt"))

    made, filled = ran
    assert made[0][made[0].index("--python") + 1] == scripts["system"].base_python()
    assert made[1]["UV_PYTHON_DOWNLOADS"] == "never"
    assert filled[1]["UV_DEFAULT_INDEX"] == "https://lab.example/simple"


def test_packages_are_installed_as_wheels_with_their_digests_only(
    scripts: Scripts, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = scripts["environment"]
    ran: list[list[str]] = []

    class _Done:
        returncode = 0

    def run(command: list[str], **_: object) -> _Done:
        ran.append(command)
        return _Done()

    monkeypatch.setattr(environment.subprocess, "run", run)
    environment.by_venv(environment.Plan(checkout / ".venv", checkout / "packaging/locks/users.txt"))

    assert {"--require-hashes", "--only-binary", ":all:"} <= set(ran[-1])
