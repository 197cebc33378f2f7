"""The review screen: filter, gallery, and all that is known of the current item."""

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sakshya.casefile.items import Facets
from sakshya.domain.category import CodeMeaning
from sakshya.domain.item import Status
from sakshya.domain.media import Kind
from sakshya.gui.asking import ask_line
from sakshya.gui.pane import TextPane
from sakshya.gui.parts import action, label
from sakshya.gui.review.deciding import Deciding
from sakshya.gui.review.facets_panel import Chosen, FacetsPanel
from sakshya.gui.review.filtering import facet_lines, filter_of
from sakshya.gui.review.finding import Finding, FoundBar
from sakshya.gui.review.gallery_model import GalleryModel, Rows
from sakshya.gui.review.gallery_view import SIDES, GalleryView
from sakshya.gui.review.inspector import describe
from sakshya.gui.review.keys_filter import GalleryKeys
from sakshya.gui.review.legend import Legend, marks_of
from sakshya.gui.review.look_pane import Extent, LookPane
from sakshya.gui.review.looker import Looker
from sakshya.gui.session import Session
from sakshya.gui.settings import Settings
from sakshya.gui.texts import tr
from sakshya.gui.texts.numbers import count

_QUIET_MS = 250
_ARRIVALS_MS = 3000
_ACTS = ("look_known", "undo")
START: Chosen = {"status": frozenset({Status.UNDECIDED.value})}


class ReviewScreen(QWidget):
    """Built once for each open case; `activate` brings it up to date and takes the focus."""

    def __init__(self, session: Session, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Page")
        self._session, self._settings = session, settings
        self._stale, self._ticket = True, 0
        self._build()
        self.deciding = Deciding(session, self.view, parent=self)
        self.deciding.said.connect(session.said)
        self.deciding.with_status = self._with_status
        self.deciding.leaves_view = self._leaves_view
        self.deciding.confirm = self._confirm
        self.finding = Finding(session, self.found_bar, self)
        self.looker = Looker(self.pane, session.looking, self)
        self.looker.shut = session.shut
        self.looker.refused.connect(session.said)
        self._keys = GalleryKeys(self.view, self.pane, self.looker, parent=self)
        self.actions_offered = self._make_actions()
        self._keys.serve(self._letters(), self.deciding.decide, self._step_frame)
        self._connect()

    def activate(self) -> None:
        """Show what is in the case now, and take the focus."""
        if self._stale:
            self._load()
        self.view.setFocus()

    def offer(self, *, in_front: bool) -> None:
        """Let the keys act while the gallery is in front: Ctrl+Z must not take a decision back that is not in view."""
        for name, one in self.actions_offered.items():
            one.setEnabled(in_front and not (self._session.shut and name in _ACTS))

    def leave(self) -> None:
        """End any look, as when another screen comes to the front."""
        self.looker.end()

    def show_only(self, chosen: Chosen) -> None:
        """Show exactly the items a figure elsewhere counts."""
        self.finding.stop()
        self.search.clear()
        self._stale = False
        self.facets.choose(chosen)
        self.view.go_to(0)

    # Building

    def _build(self) -> None:
        self.facets = FacetsPanel()
        self.facets.choose(START)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find an item number, a digest, or a part of a file name"))
        self.search.setToolTip(tr("Six digits of a SHA-256, SHA-1 or MD5 are enough. Enter looks, B goes back."))
        self.search.setAccessibleName(tr("Find"))
        self.search.setClearButtonEnabled(True)
        self.found_bar = FoundBar()
        self.view = GalleryView()
        self.view.setAccessibleName(tr("Gallery"))
        marks = marks_of(self._session.scheme)
        model = GalleryModel(self._session.case.items, self)
        model.meanings = {category: mark.words for category, mark in marks.items()}
        self.view.setModel(model)
        self.view.tile_painter.marks = marks
        self.view.set_side(self._settings.number("tile_side", SIDES[1]))
        self.pane = LookPane(self.view)
        self.pane.extent = Extent(self._settings.text("look_extent", Extent.LENS.value))
        self.inspector = TextPane(tr("About this item"))
        self.empty = label(
            tr("Nothing in this view. Change the filter on the left, or scan an exhibit first."), "muted"
        )
        self.legend = Legend(self._session.scheme)
        self.summary = label("", "muted", wrap=False)
        self._lay_out()

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.addWidget(self.empty)
        box.addStretch(1)
        self.stack.addWidget(self.view)
        self.stack.addWidget(holder)
        middle = QWidget()
        middle_box = QVBoxLayout(middle)
        middle_box.setContentsMargins(0, 0, 0, 0)
        middle_box.addWidget(self.found_bar)
        middle_box.addWidget(self.stack, 1)
        self.splitter = QSplitter()
        for part, stretch in ((self.facets, 0), (middle, 1), (self.inspector, 0)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        self.splitter.setChildrenCollapsible(False)
        letter = self.fontMetrics().horizontalAdvance("0")
        self.splitter.setSizes([letter * 27, letter * 200, letter * 31])
        top = QHBoxLayout()
        top.addWidget(self.search, 2)
        top.addStretch(1)
        top.addWidget(self.summary)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 10, 12, 8)
        whole.addLayout(top)
        whole.addWidget(self.splitter, 1)
        whole.addWidget(self.legend)

    def _make_actions(self) -> dict[str, QAction]:
        return {
            "look_known": action(self, tr("Look at a known item…"), self._look_known),
            "next": action(self, tr("Next undecided") + "\tJ", self._next),
            "previous": action(self, tr("Previous undecided") + "\tK", self._previous),
            "undo": action(self, tr("Take back the last decision"), self.undo, "Ctrl+Z"),
            "advance": self._toggle(tr("Go on to the next undecided by itself") + "\tA", self._set_advance),
            "whole": self._toggle(tr("Look at the whole picture, not through a lens") + "\tL", self._set_whole),
            "larger": action(self, tr("Larger tiles") + "\t]", self._larger),
            "smaller": action(self, tr("Smaller tiles") + "\t[", self._smaller),
            "filter": action(self, tr("Go to the filter") + "\tF", self.facets.setFocus),
            "find": action(self, tr("Find"), self._find, "Ctrl+F"),
            "back": action(self, tr("Back to the filter") + "\tB", self.finding.end),
            "details": action(self, tr("Go to the details") + "\tEnter", self.inspector.setFocus),
            "refresh": action(self, tr("Show what came in since"), self._load, "F5"),
        }

    def _toggle(self, words: str, act: object) -> QAction:
        made = QAction(words, self)
        made.setCheckable(True)
        made.toggled.connect(act)
        return made

    def _letters(self) -> dict[str, QAction]:
        offered = self.actions_offered
        return {
            "j": offered["next"], "k": offered["previous"], "a": offered["advance"], "l": offered["whole"],
            "]": offered["larger"], "[": offered["smaller"], "f": offered["filter"], "/": offered["find"],
            "b": offered["back"],
            "enter": offered["details"], "backspace": offered["undo"],
        }  # fmt: skip

    def _connect(self) -> None:
        self.actions_offered["advance"].setChecked(self._settings.text("advance", "yes") == "yes")
        self.actions_offered["whole"].setChecked(self.pane.extent is Extent.WHOLE)
        self._quiet = self._timer(_QUIET_MS, self._after_quiet)
        self._arrivals = self._timer(_ARRIVALS_MS, self._take_arrivals)
        self.facets.chosen_changed.connect(self._on_chosen)
        self.search.returnPressed.connect(self._search)
        self.search.textChanged.connect(self._on_search_words)
        self.finding.found.connect(self._show_found)
        self.finding.ended.connect(self._load)
        self.view.current_moved.connect(self._on_moved)
        self.legend.pressed.connect(self.deciding.decide)
        self._session.changed.connect(self._on_changed)
        self._session.reading.answered.connect(self._on_answer)

    def _timer(self, milliseconds: int, act: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    # Loading

    def _load(self) -> None:
        """Ask the case for the rows of the chosen view, or once more for what was looked for."""
        self._stale = False
        if self.finding.active:
            self.finding.again()
            return
        with self._session.guarded():
            self._show_rows(self._session.case.items.ids(filter_of(self.facets.chosen)))

    def _show_rows(self, ids: list[int]) -> None:
        """Show these items; keep the current one where it is still among them."""
        self.looker.end()
        item = self.view.gallery.item_at(self.view.current_row())
        if self.view.gallery.update_ids(ids) or self.view.current_row() < 0:
            row = None if item is None else self.view.gallery.row_of(item)
            self.view.go_to(row or 0)
        self._after_rows()
        self._quiet.start()

    def _show_found(self, ids: list[int]) -> None:
        self._show_rows(ids)
        if self.search.hasFocus():
            self.view.setFocus()

    def _on_chosen(self) -> None:
        """A filter chosen takes the place of what was looked for."""
        self.finding.stop()
        self._load()

    def _after_rows(self) -> None:
        rows = len(self.view.gallery.ids)
        had_focus = self.view.hasFocus()
        self.stack.setCurrentIndex(0 if rows else 1)
        if had_focus and not rows:
            self.facets.setFocus()
        row = self.view.current_row()
        self.summary.setText(tr("{row} of {rows}", row=count(row + 1), rows=count(rows)) if rows else "")
        if not rows:
            self.inspector.clear()

    def _after_quiet(self) -> None:
        """Once the keys rest: the details of the current item, and the counts of the filter."""
        item = self.view.gallery.item_at(self.view.current_row())
        if item is not None:
            with self._session.guarded():
                found = self._session.case.items.get(item)
                self.inspector.setHtml(describe(found, self._session.zone, self._session.meanings))
        self._ticket = self._session.reading.ask("facets", filter=filter_of({}))

    def _on_answer(self, ticket: int, answer: object) -> None:
        if ticket == self._ticket and isinstance(answer, Facets):
            self.facets.show_facets(facet_lines(answer))

    def _on_changed(self, what: str) -> None:
        if what == "items" and self.isVisible():
            if not self._arrivals.isActive():
                self._arrivals.start()
        elif what == "decisions":
            self._quiet.start()
        elif what in ("items", "exhibits"):
            self._stale = True

    def _take_arrivals(self) -> None:
        """Add what a running scan found, but never under the examiner's hands."""
        chosen = sum(len(span) for span in self.view.selected_ranges())
        if self.finding.active:
            self._stale = True
        elif self.looker.holding or chosen > 1:
            self._arrivals.start()
        else:
            self._load()
            self._pull_forward()

    def _pull_forward(self) -> None:
        """Let the scan decode first what is in view."""
        gallery = self.view.gallery
        gallery.refresh_blank()
        self._session.want(gallery.blank(self.view.visible_rows()))
        self.view.viewport().update()

    def _on_moved(self, row: int) -> None:
        self.looker.end()
        self.looker.disarm()
        self._after_rows()
        self._quiet.start()

    # Acting

    def undo(self) -> None:
        """Take back the last decision and go to its item."""
        items = self._session.undo()
        if items:
            if self.view.gallery.row_of(items[0]) is None:
                self.finding.stop()
            self._load()
            row = self.view.gallery.row_of(items[0])
            if row is not None:
                self.view.gallery.refresh(items)
                self.view.go_to(row)
                self.view.viewport().update()

    def _with_status(self, statuses: frozenset[Status]) -> Rows:
        names = frozenset(status.value for status in statuses)
        return np.asarray(self._session.case.items.ids(filter_of({"status": names})), dtype=np.int64)

    def _leaves_view(self, status: Status) -> bool:
        wanted = self.facets.chosen.get("status")
        return not self.finding.active and wanted is not None and status.value not in wanted

    def _confirm(self, rows: int, code: CodeMeaning) -> bool:
        words = tr("Put {count} items into “{label}”?", count=count(rows), label=code.label)
        box = QMessageBox(QMessageBox.Icon.Question, tr("Many items"), words, parent=self)
        yes = box.addButton(tr("Put {count} items there", count=count(rows)), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(tr("Go back"), QMessageBox.ButtonRole.RejectRole))
        box.exec()
        return box.clickedButton() is yes

    def _look_known(self) -> None:
        tile = self.view.gallery.tile(self.view.current_row())
        if tile is None or tile.status not in (Status.KNOWN, Status.IGNORABLE):
            self._session.said.emit(tr("The current item is not a known one; hold Space to look at it."))
            return
        words = tr("Why must this known item be opened? The reason goes into the ledger.")
        reason = ask_line(self, tr("Look at a known item"), words)
        if reason:
            self.looker.arm(int(tile.id), reason)
            self.view.setFocus()
            self._session.said.emit(tr("Hold Space to look at this known item, once."))

    def _step_frame(self, step: int) -> bool:
        """While a video is held open, go to another of its frames; False for a picture."""
        item = self.view.gallery.item_at(self.view.current_row())
        tile = self.view.gallery.loaded(self.view.current_row())
        if item is None or tile is None or tile.kind is not Kind.VIDEO:
            return False
        seconds = [frame.second for frame in self._session.case.items.get(item).report.frames]
        if seconds:
            self._frame = (getattr(self, "_frame", 0) + step) % len(seconds)
            self.looker.step(seconds[self._frame])
        return bool(seconds)

    def _next(self) -> None:
        self.deciding.next_undecided(1)

    def _previous(self) -> None:
        self.deciding.next_undecided(-1)

    def _set_advance(self, on: bool) -> None:
        self.deciding.advance = on
        self._settings.keep("advance", "yes" if on else "no")

    def _set_whole(self, on: bool) -> None:
        self.pane.extent = Extent.WHOLE if on else Extent.LENS
        self._settings.keep("look_extent", self.pane.extent.value)

    def _larger(self) -> None:
        self._resize_tiles(1)

    def _smaller(self) -> None:
        self._resize_tiles(-1)

    def _resize_tiles(self, step: int) -> None:
        at = SIDES.index(self.view.side) if self.view.side in SIDES else 1
        self.view.set_side(SIDES[min(max(at + step, 0), len(SIDES) - 1)])
        self._settings.keep("tile_side", self.view.side)

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _search(self) -> None:
        if self.search.text().strip():
            self.finding.look_for(self.search.text())
        else:
            self.view.setFocus()

    def _on_search_words(self, words: str) -> None:
        if not words:
            self.finding.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Nothing stays open in clear over a change of size."""
        super().resizeEvent(event)
        self.looker.end()
