"""What the window's process loads, opens and leaves behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sakshya.workbench import Desk, Workbench

pytestmark = pytest.mark.window

ROOT = Path(__file__).resolve().parents[2]
OPEN = """
import os, sys
from pathlib import Path
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from PySide6.QtWidgets import QApplication
from sakshya.gui.front import Front
from sakshya.gui.main import forbid_core_dumps
from sakshya.gui.settings import Settings
from sakshya.workbench import Desk

if __name__ == "__main__":
    forbid_core_dumps()
    folder = Path(sys.argv[1])
    application = QApplication([])
    front = Front(application, Settings(folder / "settings.ini"), Desk.here(sets=folder / "sets"), "Asha")
    front.show_start()
    assert front.open_case(folder / "case"), front.start.bar.words
    for name in ("overview", "evidence", "sets", "scan", "review", "report", "ledger"):
        front.case.go_to(name)
        application.processEvents()
    front.case.close()
    loaded = [one for one in ("pytsk3", "pyewf", "cv2", "PIL", "pillow_heif", "av", "imagehash") if one in sys.modules]
    print("loaded:", *loaded)
    if sys.platform != "win32":
        import resource

        assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    head = {"template": "india-bsa", "fir_no": "1/2026"}
    desk = Desk.here(sets=tmp_path / "sets")
    Workbench.new_case(tmp_path / "case", head, desk=desk, by="Asha", unencrypted_reason="test").close()
    return tmp_path


def test_the_windows_process_loads_no_library_that_reads_disks_or_pictures(case: Path) -> None:
    script = case / "open.py"
    script.write_text(OPEN, "utf-8")

    outcome = subprocess.run(
        [sys.executable, str(script), str(case)], capture_output=True, text=True, check=False, cwd=ROOT / "app",
        env={**_environment(), "PYTHONPATH": str(ROOT / "app"), "HOME": str(case)},
    )  # fmt: skip

    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.strip() == "loaded:"


def test_what_the_other_processes_run_loads_no_qt() -> None:
    code = (
        "import sys, sakshya.gui.clerk_work, sakshya.gui.practice_work, sakshya.gui.report.paper_work,"
        " sakshya.gui.report.verify_work\n"
        "sys.exit('PySide6' in sys.modules)"
    )

    outcome = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT / "app", env=_environment())

    assert outcome.returncode == 0


def _environment() -> dict[str, str]:
    return dict(os.environ)
