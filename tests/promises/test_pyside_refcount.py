"""P7: the window's library must not eat the interpreter's own None and True.

PySide6 6.12.0 does on Python 3.11, and the process is aborted once one of their counts reaches zero.
"""

import json
import os
import subprocess
import sys

import pytest

_PROBE = """
import gc, json, sys
from PySide6.QtCore import QAbstractListModel, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QListView, QWidget

class Bell(QObject):
    rung = Signal(object, bool)

class Model(QAbstractListModel):
    def rowCount(self, parent=None):
        return 4
    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        return "row" if role == Qt.ItemDataRole.DisplayRole else None
    def flags(self, index):
        return super().flags(index)

class Page(QWidget):
    def event(self, event):
        return True
    def eventFilter(self, watched, event):
        return False

application = QApplication([])
bell, model, page, view = Bell(), Model(), Page(), QListView()
view.setModel(model)
bell.rung.connect(lambda value, flag: None)
page.installEventFilter(page)

def turn():
    bell.rung.emit(None, True)
    page.update()
    page.setEnabled(True)
    QApplication.sendPostedEvents()
    for row in range(4):
        model.index(row).data(Qt.ItemDataRole.DecorationRole)
    model.data(model.index(0), Qt.ItemDataRole.DecorationRole)
    view.setProperty("quiet", None)
    view.property("quiet")

for _ in range(500):
    turn()
gc.collect()
before = [sys.getrefcount(one) for one in (None, True, False)]
for _ in range(10_000):
    turn()
gc.collect()
after = [sys.getrefcount(one) for one in (None, True, False)]
print(json.dumps([late - early for early, late in zip(before, after)]))
"""


@pytest.mark.window
def test_ten_thousand_turns_leave_the_counts_of_none_true_and_false_alone() -> None:
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}

    done = subprocess.run([sys.executable, "-c", _PROBE], capture_output=True, text=True, check=False, env=surroundings)

    if "ImportError" in done.stderr:
        pytest.skip(f"Qt cannot be loaded: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    if sys.version_info >= (3, 12):
        # There the three never die, and libraries built for older Pythons move counts that mean nothing (PEP 683).
        return
    assert all(abs(drift) < 100 for drift in json.loads(done.stdout)), done.stdout
