"""P8: the demo runs from end to end in a network namespace without even loopback."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_APP = Path(__file__).parents[2] / "app"


def _isolated(*command: str) -> list[str]:
    if sys.platform != "linux" or shutil.which("unshare") is None:
        pytest.skip("network namespaces need Linux and unshare")
    prefix = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
    if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not allow a network namespace")
    return [*prefix, *command]


@pytest.mark.slow
def test_the_demo_needs_no_network(tmp_path: Path) -> None:
    command = _isolated(sys.executable, "-m", "sakshya", "demo", "--headless", "--to", str(tmp_path / "practice"))

    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(_APP)}, capture_output=True, text=True, check=False, timeout=280
    )

    assert done.returncode == 0, done.stderr
    assert "the bundle verifies" in done.stdout


def test_the_namespace_really_has_no_way_out() -> None:
    probe = "import socket; s = socket.socket(); s.settimeout(2); s.connect(('127.0.0.1', 9))"

    done = subprocess.run(_isolated(sys.executable, "-c", probe), capture_output=True, text=True, check=False)

    assert "Network is unreachable" in done.stderr


def test_no_module_of_ours_names_an_internet_socket() -> None:
    naming = [
        path.name
        for path in (_APP / "sakshya").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith(
            ("import socket", "from socket", "import urllib", "import http", "from urllib", "from http")
        )
        and "urllib.parse" not in line
    ]

    assert naming == []
