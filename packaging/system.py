"""What the operating system has to bring: the libraries Qt needs, a display, and Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Library file and the Debian package that brings it; fontconfig brings a font along.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-shape.so.0": "libxcb-shape0",
}
_LOAD = """
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        print(name)
"""
_IMPORT = "from PySide6 import QtGui, QtTest, QtWidgets"
_OPEN = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"


def base_python() -> str:
    """Return the interpreter outside of any environment that the running one was made from."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def window_can_open(python: Path) -> bool:
    """Tell whether a window can open here, after adding the libraries it needs where that is possible."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    add_qt_libraries(python)
    # In a process of its own: Qt ends the process when it finds no display.
    return subprocess.run([str(python), "-c", _OPEN], capture_output=True, check=False).returncode == 0


def qt_loads(python: Path) -> bool:
    """Tell whether Qt can be loaded at all, be it without a display."""
    return subprocess.run([str(python), "-c", _IMPORT], capture_output=True, check=False).returncode == 0


def add_qt_libraries(python: Path) -> None:
    """Install the libraries that Qt misses, or print the line that does and go on."""
    missing = missing_libraries(python)
    if not missing:
        return
    packages = sorted({QT_LIBRARIES[name] for name in missing})
    print(f"The window needs libraries that are missing here: {', '.join(missing)}", flush=True)
    if not apt_install(packages):
        print(f"They could not be installed. To have the window, run: {apt_line(packages)}", flush=True)


def missing_libraries(python: Path) -> list[str]:
    """Return the library files that Qt needs and the system does not have; none anywhere but on Linux."""
    if not sys.platform.startswith("linux"):
        return []
    command = [str(python), "-c", _LOAD, *QT_LIBRARIES]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()


def apt_install(packages: Iterable[str]) -> bool:
    """Install Debian packages as root or by a sudo that asks for no password; tell whether it worked."""
    if shutil.which("apt-get") is None:
        return False
    before = rights()
    if before is None:
        return False
    print(f"Installing with apt-get: {' '.join(packages)}", flush=True)
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    commands = [[*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages]]
    # The lists may be old, but an install can work from old lists too.
    return [subprocess.run(one, stdout=subprocess.DEVNULL, check=False).returncode for one in commands][-1] == 0


def rights() -> list[str] | None:
    """Return what to put before a command to run it as root, or None where that is not possible."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def apt_line(packages: Iterable[str]) -> str:
    """Return the line a person can type to install Debian packages."""
    before = "" if sys.platform != "win32" and os.geteuid() == 0 else "sudo "
    return f"{before}apt-get update && {before}apt-get install -y --no-install-recommends {' '.join(packages)}"
