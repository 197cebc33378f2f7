"""What a benchmark runs in a fresh window process: `python -m tests.benchmarks.window_there WHAT FOLDER`.

Prints one JSON object of figures, in seconds; `painted_at` is on the system's monotonic clock.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import tests.support.screen  # noqa: F401

_JUMPS = 60


def start(folder: Path) -> dict[str, float]:
    """Start the window with a case open in it, up to the first painted frame of its overview."""
    from PySide6.QtWidgets import QApplication

    from sakshya.gui.front import Front
    from sakshya.gui.settings import Settings
    from sakshya.workbench import Desk

    application = QApplication([])
    front = Front(application, Settings(folder / "settings.ini"), Desk.here(sets=folder / "sets"), "Benchmark")
    front.show_start()
    if not front.open_case(folder / "case") or front.case is None:
        raise SystemExit(front.start.bar.words if front.start else "no window")
    front.case.repaint()
    painted = time.monotonic()
    front.case.close()
    return {"painted_at": painted}


def gallery(folder: Path) -> dict[str, float]:
    """Bring the review of a large case to the front, up to the first painted frame with its tiles in it."""
    from PySide6.QtWidgets import QApplication

    from sakshya.gui.front import Front
    from sakshya.gui.settings import Settings
    from sakshya.workbench import Desk

    application = QApplication([])
    front = Front(application, Settings(folder / "settings.ini"), Desk.here(sets=folder / "sets"), "Benchmark")
    front.show_start()
    front.open_case(folder / "case")
    window = front.case
    if window is None:
        raise SystemExit("the case could not be opened")
    window.resize(1920, 1080)
    application.processEvents()
    began = time.perf_counter()
    window.go_to("review")
    view = window.review.view
    view.viewport().repaint()
    first = time.perf_counter() - began
    while view.gallery.loaded(view.visible_rows().start) is None:
        application.processEvents()
    view.viewport().repaint()
    with_tiles = time.perf_counter() - began
    rows = view.gallery.rowCount()
    window.close()
    return {"first": first, "with_tiles": with_tiles, "rows": rows}


def million(folder: Path) -> dict[str, float]:
    """Show, resize and jump through a gallery of a million rows that are made up as they are asked for."""
    import numpy as np
    from PySide6.QtWidgets import QApplication

    from sakshya.gui import theme
    from sakshya.gui.review.gallery_model import GalleryModel
    from sakshya.gui.review.gallery_view import GalleryView
    from tests.support.pretended_case import PretendedItems

    application = QApplication([])
    theme.apply(application, "dark")
    view = GalleryView()
    view.setModel(GalleryModel(PretendedItems(1_000_000), view))
    view.resize(1920, 1080)
    ids = np.arange(1, 1_000_001)

    def show() -> None:
        view.gallery.set_ids(ids)
        view.show()
        view.viewport().repaint()

    def resize(width: int) -> Callable[[], None]:
        def act() -> None:
            view.resize(width, 1000)
            view.viewport().repaint()

        return act

    def jump(step: int) -> Callable[[], None]:
        def act() -> None:
            view.go_to(step * 999_983 % 1_000_000)
            view._load_near()
            view.viewport().repaint()

        return act

    first = _took(show)
    application.processEvents()
    resizes = [_took(resize(900 + 120 * step)) for step in range(8)]
    jumps = sorted(_took(jump(step)) for step in range(1, _JUMPS))
    everything = _took(view.selectAll)
    return {
        "first": first,
        "resize": max(resizes),
        "jump_median": statistics.median(jumps),
        "jump_p95": jumps[int(len(jumps) * 0.95)],
        "select_all": everything,
    }


def _took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    measure = {"start": start, "gallery": gallery, "million": million}[sys.argv[1]]
    print(json.dumps(measure(Path(sys.argv[2]))))
