"""The window of one open case: rail, case bar, workspaces, status line."""

from time import monotonic

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from sakshya.gui import keys
from sakshya.gui.evidence.screen import EvidenceScreen
from sakshya.gui.frame.bars import FaultBar
from sakshya.gui.frame.case_bar import CaseBar
from sakshya.gui.frame.cover import Cover
from sakshya.gui.frame.key_card import KeyCard
from sakshya.gui.frame.menus import Titled, all_actions, fill_menus, titles
from sakshya.gui.frame.palette import CommandPalette
from sakshya.gui.frame.rail import WORKSPACES, Rail, workspace_title
from sakshya.gui.frame.status_line import StatusLine
from sakshya.gui.ledger.screen import LedgerScreen
from sakshya.gui.overview.screen import OverviewScreen
from sakshya.gui.parts import action, label, refuse
from sakshya.gui.people.passphrase_dialog import PassphraseDialog
from sakshya.gui.people.people_dialog import PeopleDialog
from sakshya.gui.report.screen import ReportScreen
from sakshya.gui.review.facets_panel import Chosen
from sakshya.gui.review.screen import ReviewScreen
from sakshya.gui.scan.screen import ScanScreen
from sakshya.gui.session import Session
from sakshya.gui.sets.screen import SetsScreen
from sakshya.gui.settings import Settings
from sakshya.gui.texts import LANGUAGES, isolated, tr

_DOUBLE_SECONDS = 0.7
_CHOOSABLE_THEMES = ("dark", "light")


class CaseWindow(QMainWindow):
    """`closed_case` says that the case is closed and the list of cases is wanted."""

    closed_case = Signal()
    theme_chosen = Signal(str)
    language_chosen = Signal(str)

    def __init__(self, session: Session, settings: Settings, title: str, *, practice: bool) -> None:
        super().__init__()
        self.session, self.settings = session, settings
        self.setWindowTitle(f"{title} · Sakshya")
        self._escaped = 0.0
        self.overview = OverviewScreen(session)
        self.evidence = EvidenceScreen(session)
        self.sets = SetsScreen(session)
        self.scan = ScanScreen(session)
        self.review = ReviewScreen(session, settings)
        self.report = ReportScreen(session)
        self.ledger = LedgerScreen(session)
        self._screens: dict[str, QWidget] = {name: getattr(self, name) for name in WORKSPACES}
        self.case_bar = CaseBar(session, title, practice=practice)
        self._lay_out()
        self._make_actions()
        self._connect()
        session.read_ledger()

    @property
    def workspace(self) -> str:
        """The name of the workspace in front."""
        return WORKSPACES[self.stack.currentIndex()]

    def go_to(self, name: str) -> None:
        """Bring a workspace to the front and put the focus into it."""
        self.review.leave()
        self.review.offer(in_front=name == "review")
        self.stack.setCurrentWidget(self._screens[name])
        self.rail.show_chosen(name)
        self._screens[name].activate()  # type: ignore[attr-defined]

    def blank(self) -> None:
        """Hide everything at once."""
        self.review.leave()
        self._disabled = [one for one in self.findChildren(QAction) if one.isEnabled()]
        for one in self._disabled:
            one.setEnabled(False)
        self.cover.lay()

    def show_fault(self, fault: object) -> None:
        """Show a fault as one line over the workspace."""
        self.bar.show_fault(fault)  # type: ignore[arg-type]

    # Building

    def _lay_out(self) -> None:
        self.rail, self.stack = Rail(), QStackedWidget()
        for screen in self._screens.values():
            self.stack.addWidget(screen)
        self.bar = FaultBar()
        self.status = StatusLine(self.session)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        if self.session.shut:
            middle.addWidget(_reading_note(self.session.shut))
        middle.addWidget(self.bar)
        middle.addWidget(self.stack, 1)
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addLayout(middle, 1)
        inside = QWidget()
        inside.setObjectName("Page")
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.case_bar)
        whole.addLayout(across, 1)
        whole.addWidget(self.status)
        self.setCentralWidget(inside)
        self.cover = Cover(self)

    def _make_actions(self) -> None:
        encrypted = self.session.case.head.encrypted
        words = (
            tr("Change the &passphrase…") if encrypted else tr("Change the &passphrase… (the case is not encrypted)")
        )
        self._own = {
            "people": action(self, tr("Pe&ople…"), self._show_people, "Ctrl+Shift+P"),
            "passphrase": action(self, words, self._change_passphrase),
            "close": action(self, tr("&Close the case"), self.close_case, "Ctrl+W"),
            "quit": action(self, tr("&Quit"), self.close, "Ctrl+Q"),
            "palette": action(self, tr("Find a command…"), self._show_palette, "Ctrl+K"),
            "keys": action(self, tr("&Keys"), self._show_keys, "F1"),
            "blank": action(self, tr("&Blank the window") + "\tEsc Esc", self.blank),
            "next_pane": action(self, tr("Next pane"), self._next_pane, "F6"),
            "previous_pane": action(self, tr("Previous pane"), self._previous_pane, "Shift+F6"),
        }
        if not encrypted:
            refuse(self._own["passphrase"], tr("The case is not encrypted, so that no passphrase opens it."))
        fill_menus(self.menuBar(), self._menus())
        self._refuse_acts()

    def _refuse_acts(self) -> None:
        """Where the case is open for reading only, say on every act why it is refused."""
        if not self.session.shut:
            return
        acts = [self._own["passphrase"]]
        acts += [self.review.actions_offered[name] for name in ("look_known", "undo")]
        acts += [self.report.actions_offered[name] for name in ("report", "certificate", "bundle")]
        for screen in (self.evidence, self.sets, self.scan):
            acts += screen.actions_offered.values()
        for one in acts:
            refuse(one, self.session.shut)

    def _menus(self) -> list[Titled]:
        case, evidence, review, papers, view, about = titles()
        own = self._own
        sets, scan = self.sets.actions_offered, self.scan.actions_offered
        return [
            (case, [own["people"], own["passphrase"], None, own["close"], own["quit"]]),
            (evidence, [*self.evidence.actions_offered.values(), None, *sets.values(), None, *scan.values()]),
            (review, list(self.review.actions_offered.values())),
            (papers, [*self.report.actions_offered.values(), None, *self.ledger.actions_offered.values()]),
            (view, [*self._workspace_actions(), None, own["next_pane"], own["previous_pane"], own["blank"], None,
                    *self._choices("theme", _CHOOSABLE_THEMES, self._on_theme),
                    None, *self._choices("language", tuple(LANGUAGES), self._on_language)]),
            (about, [own["keys"], own["palette"]]),
        ]  # fmt: skip

    def _workspace_actions(self) -> list[QAction]:
        made = []
        for number, name in enumerate(WORKSPACES, 1):
            one = action(self, workspace_title(name), self._on_workspace, f"Ctrl+{number}")
            one.setObjectName(name)
            made.append(one)
        return made

    def _choices(self, what: str, values: tuple[str, ...], act: object) -> list[QAction]:
        words = {"dark": tr("Dark"), "light": tr("Light"), **LANGUAGES}
        title = {"theme": tr("Theme"), "language": tr("Language")}[what]
        made = []
        for value in values:
            one = QAction(f"{title}: {words[value]}", self)
            one.setObjectName(value)
            one.triggered.connect(act)
            made.append(one)
        return made

    def _connect(self) -> None:
        self.rail.chosen.connect(self.go_to)
        self.overview.wanted.connect(self.go_to)
        self.overview.opened.connect(self._open_review)
        self.scan.wanted.connect(self.go_to)
        self.report.people_wanted.connect(self._show_people)
        self.session.faulted.connect(self.show_fault)
        self.bar.dismissed.connect(self._focus_screen)
        self.cover.lifted.connect(self._lift)
        self.review.looker.looked.connect(self._on_looked)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._on_escape)
        QShortcut(QKeySequence("?"), self.review.view, self._show_keys, context=Qt.ShortcutContext.WidgetShortcut)

    # Acting

    def close_case(self) -> None:
        """Close the case and go back to the list of cases."""
        self.closed_case.emit()

    def _open_review(self, chosen: Chosen) -> None:
        self.go_to("review")
        self.review.show_only(chosen)

    def _on_workspace(self) -> None:
        self.go_to(self.sender().objectName())

    def _on_theme(self) -> None:
        self.theme_chosen.emit(self.sender().objectName())

    def _on_language(self) -> None:
        self.language_chosen.emit(self.sender().objectName())

    def _on_looked(self, item: int) -> None:
        self.case_bar.refresh()

    def _on_escape(self) -> None:
        self.review.leave()
        now = monotonic()
        twice, self._escaped = now - self._escaped < _DOUBLE_SECONDS, now
        if twice:
            self.blank()
        elif self.bar.isVisible():
            self.bar.dismiss()

    def _lift(self) -> None:
        for one in self._disabled:
            one.setEnabled(True)
        self._focus_screen()

    def _focus_screen(self) -> None:
        self._screens[self.workspace].setFocus()
        self._screens[self.workspace].activate()  # type: ignore[attr-defined]

    def _show_palette(self) -> None:
        CommandPalette(all_actions(self._menus_shown()), self).exec()

    def _menus_shown(self) -> list[Titled]:
        return [(entry.text(), entry.menu().actions()) for entry in self.menuBar().actions()]  # type: ignore[attr-defined]

    def _show_people(self) -> None:
        dialog = PeopleDialog(self.session, self)
        dialog.exec()
        dialog.deleteLater()

    def _change_passphrase(self) -> None:
        dialog = PassphraseDialog(self.session, self)
        dialog.exec()
        dialog.deleteLater()

    def _show_keys(self) -> None:
        KeyCard(self.session.scheme, self).exec()

    def _next_pane(self) -> None:
        self._step_pane(1)

    def _previous_pane(self) -> None:
        self._step_pane(-1)

    def _step_pane(self, step: int) -> None:
        """Go round the rail and the panes of the workspace: every widget that takes the focus as a whole."""
        panes = [self.rail, *self._panes(self._screens[self.workspace])]
        focus = QApplication.focusWidget()
        at = next(
            (n for n, one in enumerate(panes) if focus is not None and (one is focus or one.isAncestorOf(focus))), 0
        )
        target = panes[(at + step) % len(panes)]
        if target is self.rail:
            self.rail.take_focus()
        else:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @staticmethod
    def _panes(screen: QWidget) -> list[QWidget]:
        named = [one for one in screen.findChildren(QWidget) if one.accessibleName() and one.isVisibleTo(screen)]
        return [one for one in named if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled()]

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Switch workspaces with Ctrl and a digit of any script, where no shortcut took it."""
        number = keys.digit(event) if event.modifiers() & Qt.KeyboardModifier.ControlModifier else None
        if number is not None and 1 <= int(number) <= len(WORKSPACES):
            self.go_to(WORKSPACES[int(number) - 1])
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Nothing stays open in clear when the window is left."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ActivationChange, QEvent.Type.WindowStateChange) and hasattr(self, "review"):
            self.review.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the blank page over everything."""
        super().resizeEvent(event)
        self.cover.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs and close the case; what was committed stands."""
        self.review.leave()
        self.session.close()
        super().closeEvent(event)


def _reading_note(reason: str) -> QFrame:
    """Return the line that stays over every workspace of a case open for reading only."""
    note = QFrame()
    note.setObjectName("NoteBar")
    advice = tr("Nothing can be attached, scanned, looked at, decided or printed. Close it there, then open it again.")
    words = label(f"{reason} {advice}")
    note.setAccessibleName(words.text())
    box = QHBoxLayout(note)
    box.setContentsMargins(12, 4, 8, 4)
    box.addWidget(words)
    return note


def case_title(fields: dict[str, str], folder_name: str) -> str:
    """Return what a case is called on screen: its FIR or enquiry number and police station, else its folder."""
    number = fields.get("fir_no") or fields.get("enquiry_no") or ""
    parts = [one for one in (number, fields.get("police_station", "")) if one]
    return isolated(", ".join(parts)) if parts else isolated(folder_name)
