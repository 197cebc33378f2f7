"""The lock files pin every package by digest and name no address."""

import re
from pathlib import Path

import pytest

LOCKS = Path(__file__).resolve().parents[3] / "packaging" / "locks"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)( ; [^\\]+)?\s*\\?$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


@pytest.mark.parametrize("name", ["users.txt", "developers.txt"])
def test_every_line_is_a_pin_or_a_digest(name: str) -> None:
    lines = (LOCKS / name).read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not (_PIN.match(line) or _HASH.match(line))] == []


def test_developers_have_what_users_have_in_the_same_versions() -> None:
    users, developers = (_pins(LOCKS / name) for name in ("users.txt", "developers.txt"))

    assert users <= developers


@pytest.mark.parametrize("name", ["users.txt", "developers.txt"])
def test_every_python_gets_the_same_version_of_a_package(name: str) -> None:
    names = [
        pin.partition("==")[0] for pin in (LOCKS / name).read_text(encoding="utf-8").splitlines() if _PIN.match(pin)
    ]

    assert sorted(names) == sorted(set(names))


def test_the_scripts_name_no_package_index() -> None:
    scripts = [path.read_text(encoding="utf-8") for path in LOCKS.parent.glob("*.py")]

    assert [address for text in scripts for address in re.findall(r"https?://[^\s\"')]+", text)] == []


def _pins(file: Path) -> set[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return {line.rstrip(" \\") for line in lines if _PIN.match(line)}
