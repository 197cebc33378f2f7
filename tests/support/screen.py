"""Gives window tests the offscreen platform where there is no screen; importing it is enough."""

import os
import sys

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    # Without a screen Qt would end the whole test run when its first window is made.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
