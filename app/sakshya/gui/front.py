"""The application: its look, its language, and which window is in front."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLoggingCategory, QObject, Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QMainWindow,
    QMessageBox,
    QProgressDialog,
    QVBoxLayout,
    QWidget,
)

from sakshya import shipped
from sakshya.casefile.driver import Mode
from sakshya.casefile.faults import CaseBusyFault
from sakshya.casefile.identify import is_encrypted
from sakshya.domain.faults import SakshyaFault
from sakshya.domain.moment import iso_utc
from sakshya.gui import theme
from sakshya.gui.asking import ask_line, ask_secret
from sakshya.gui.background import Job, Work
from sakshya.gui.case_window import CaseWindow, case_title
from sakshya.gui.frame.bars import FaultBar
from sakshya.gui.practice_work import make
from sakshya.gui.session import Session
from sakshya.gui.settings import RecentCase, Settings
from sakshya.gui.start.new_case import NewCase, NewCaseWizard
from sakshya.gui.start.screen import StartScreen
from sakshya.gui.texts import LANGUAGES, RIGHT_TO_LEFT, language, tr, use
from sakshya.workbench import Desk, Workbench
from sakshya.workbench.bench import templates
from sakshya.workbench.practice import EXAMINER, practice_desk

# Devanagari first: Noto Sans holds some of its letters without the tables that join them. Urdu is set in Naskh: in the
# Nastaliq fonts Qt 6.11 puts dots in wrong places, and a dot in the wrong place is another letter.
_FAMILIES = ("Noto Sans Devanagari", "Noto Sans", "Noto Naskh Arabic", "Noto Sans Malayalam")
_FIRST = {"ur": ("Noto Naskh Arabic", "Noto Sans")}
_GENERAL = QFontDatabase.SystemFont.GeneralFont
Opening = Callable[..., Workbench]
_WIDE, _HIGH = 1280, 820


class StartWindow(QMainWindow):
    """The list of cases with a place for faults over it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setWindowTitle("Sakshya")
        self.bar, self.screen_shown = FaultBar(), StartScreen(settings)
        inside = QWidget()
        inside.setObjectName("Page")
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.bar)
        box.addWidget(self.screen_shown, 1)
        self.setCentralWidget(inside)


class Front(QObject):
    """Shows the list of cases or one case, and changes theme and language without a restart."""

    def __init__(self, application: QApplication, settings: Settings, desk: Desk, by: str | None = None) -> None:
        super().__init__()
        self._application, self._settings, self._desk, self._by = application, settings, desk, by
        self.start: StartWindow | None = None
        self.case: CaseWindow | None = None
        self._making: Job | None = None
        load_fonts(application)
        self.dress(settings.text("theme", theme.DARK.name))
        self.speak(settings.text("language", "en"))

    # Look and language

    def dress(self, name: str) -> None:
        """Change the theme; what is drawn by hand follows at its next painting."""
        theme.apply(self._application, name)
        self._settings.keep("theme", theme.current().name)
        if self.case is not None:
            self.case.rail.redress()

    def speak(self, code: str) -> None:
        """Change the language and the direction of writing."""
        use(code)
        self._settings.keep("language", language())
        choose_font(self._application)
        mirrored = language() in RIGHT_TO_LEFT
        self._application.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight
        )

    # Windows

    def show_start(self) -> None:
        """Show the list of cases."""
        window = StartWindow(self._settings)
        screen = window.screen_shown
        screen.practice_wanted.connect(self.make_practice)
        screen.new_wanted.connect(self.make_case)
        screen.open_wanted.connect(self.choose_case)
        screen.case_chosen.connect(self._on_chosen)
        screen.theme_chosen.connect(self._on_start_theme)
        screen.language_chosen.connect(self._on_start_language)
        old, self.start = self.start, window
        self._place(window, old or self.case)
        screen.activate()

    def open_case(self, folder: Path, *, by: str | None = None, desk: Desk | None = None) -> bool:
        """Open a case and show it; False where it cannot be opened, and that is shown."""
        try:
            encrypted = is_encrypted(folder)
        except SakshyaFault as fault:
            self._fault(fault)
            return False
        passphrase = self._ask_passphrase(folder) if encrypted else None
        if encrypted and passphrase is None:
            return False
        who = by or self._by or self._ask_examiner()
        desk = desk or self._desk_of(folder)
        return self._open(partial(Workbench.open, folder, desk=desk, by=who, passphrase=passphrase), Mode.WRITE)

    def _open(self, opening: Opening, mode: Mode) -> bool:
        """Open a case and show it; one that somebody else works in is offered for reading."""
        try:
            bench = opening(mode=mode)
        except CaseBusyFault as fault:
            if mode is Mode.WRITE and self._agrees_to_read(fault):
                return self._open(opening, Mode.READ)
            self._fault(fault)
            return False
        except SakshyaFault as fault:
            self._fault(fault)
            return False
        self.show_case(bench)
        return True

    def _agrees_to_read(self, fault: CaseBusyFault) -> bool:
        what = f"{fault.what[:1].upper()}{fault.what[1:]}."
        words = tr("Open it for reading only? Nothing can be attached, scanned, looked at, decided or printed then.")
        box = QMessageBox(QMessageBox.Icon.Question, tr("The case is in use"), f"{what}\n\n{words}", parent=self.start)
        yes = box.addButton(tr("Open for &reading only"), QMessageBox.ButtonRole.AcceptRole)
        box.setEscapeButton(box.addButton(tr("Go back"), QMessageBox.ButtonRole.RejectRole))
        box.setDefaultButton(yes)
        box.exec()
        return box.clickedButton() is yes

    def show_case(self, bench: Workbench) -> None:
        """Show an open case."""
        self._show_session(Session(bench), "overview")

    def close_case(self) -> None:
        """Close the case and show the list of cases."""
        window, self.case = self.case, None
        if window is not None:
            window.close()
            self.show_start()
            window.deleteLater()

    def _show_session(self, session: Session, workspace: str) -> None:
        head, folder = session.case.head, session.case.folder
        title = case_title(head.fields, folder.name)
        practice = "PRACTICE" in head.fields.get("unit_name", "")
        window = CaseWindow(session, self._settings, title, practice=practice)
        window.closed_case.connect(self.close_case)
        window.theme_chosen.connect(self._on_theme)
        window.language_chosen.connect(self._on_language)
        at = iso_utc(self._desk.clock())
        self._settings.remember_case(RecentCase(str(folder), title, at))
        old, self.case = self.case, window
        self._place(window, old or self.start)
        self.start = None
        window.go_to(workspace)

    def _place(self, window: QMainWindow, old: QWidget | None) -> None:
        if old is None:
            room = window.screen().availableSize()
            window.resize(min(_WIDE, room.width()), min(_HIGH, room.height()))
        else:
            window.setGeometry(old.geometry())
        window.show()
        if old is not None and old is not window:
            old.hide()
            old.deleteLater()

    # Making and opening

    def choose_case(self) -> None:
        """Ask for a case's folder and open it."""
        options = QFileDialog.Option.ShowDirsOnly | QFileDialog.Option.DontUseNativeDialog
        folder = QFileDialog.getExistingDirectory(self.start, tr("Open a case"), str(Path.home()), options)
        if folder:
            self.open_case(Path(folder))

    def make_case(self) -> None:
        """Ask for a new case and open it."""
        wizard = NewCaseWizard(templates(), cases_folder(), self.start)
        if wizard.exec() and wizard.answers is not None:
            self.create(wizard.answers)

    def create(self, answers: NewCase) -> None:
        """Create the case that the wizard asked for, and show it."""
        try:
            answers.folder.parent.mkdir(parents=True, exist_ok=True)
            bench = Workbench.new_case(
                answers.folder,
                answers.head,
                desk=self._desk,
                by=answers.examiner,
                passphrase=answers.passphrase,
                unencrypted_reason=answers.unencrypted_reason,
            )
        except SakshyaFault as fault:
            self._fault(fault)
            return
        self.show_case(bench)

    def make_practice(self) -> None:
        """Make the practice case in another process, then open it."""
        if self._making is not None:
            return
        stamp = f"{self._desk.clock():%Y%m%d-%H%M%S}"
        self._practice_folder = cases_folder() / f"practice-{stamp}"
        self._making = Job(Work(make, (self._practice_folder, self._desk)), self)
        self._progress = QProgressDialog(tr("Drawing the practice disk…"), tr("Stop"), 0, 0, self.start)
        self._progress.setWindowTitle(tr("Practice case"))
        self._progress.setMinimumDuration(0)
        self._progress.canceled.connect(self._making.cancel)
        self._making.happened.connect(self._on_making)
        self._making.failed.connect(self._fault)
        self._making.done.connect(self._on_made)
        self._making.ended.connect(self._on_making_ended)
        self._progress.show()

    def _on_making(self, events: list[object]) -> None:
        line = events[-1].line()  # type: ignore[attr-defined]
        self._progress.setLabelText(line)

    def _on_made(self, _: object) -> None:
        self._made = self._practice_folder
        self.open_case(self._made / "case", by=EXAMINER, desk=practice_desk(self._made, self._desk))

    def _on_making_ended(self) -> None:
        self._making = None
        self._progress.canceled.disconnect()
        self._progress.close()
        self._progress.deleteLater()

    # Asking

    def _desk_of(self, folder: Path) -> Desk:
        """A practice case keeps its own sets beside it, so that practice never mixes with real ones."""
        beside = folder.parent / "known-sets"
        made_here = (folder.parent / "practice.dd").exists() and beside.is_dir()
        return practice_desk(folder.parent, self._desk) if made_here else self._desk

    def _ask_passphrase(self, folder: Path) -> str | None:
        words = tr("Passphrase of {folder}", folder=folder.name)
        return ask_secret(self.start, tr("Open a case"), words)

    def _ask_examiner(self) -> str | None:
        known = self._settings.text("examiner", "")
        words = tr("Who examines? Every act in the ledger names a person.")
        typed = ask_line(self.start, tr("Examiner"), words, known)
        if typed:
            self._settings.keep("examiner", typed)
        return typed or None

    def _fault(self, fault: object) -> None:
        bar = self.start.bar if self.start is not None else (self.case.bar if self.case is not None else None)
        if bar is not None:
            bar.show_fault(fault)  # type: ignore[arg-type]

    def _on_chosen(self, folder: str) -> None:
        self.open_case(Path(folder))

    def _on_theme(self, name: str) -> None:
        self.dress(name)

    def _on_language(self, code: str) -> None:
        """Build the case's window anew in the other language; the session goes on."""
        if self.case is not None and code in LANGUAGES:
            workspace, session = self.case.workspace, self.case.session
            self.speak(code)
            self._show_session(session, workspace)

    def _on_start_theme(self, name: str) -> None:
        self.dress(name)
        self.show_start()

    def _on_start_language(self, code: str) -> None:
        self.speak(code)
        self.show_start()


def load_fonts(application: QApplication) -> None:
    """Use the fonts that ship with the program before the system's, so that every script is there."""
    # Qt says for each family in the list that it lacks a script before it takes the next one, which has it.
    QLoggingCategory.setFilterRules("qt.text.font.db.info=false")
    for folder in (shipped.fonts(), Path(__file__).with_name("fonts")):
        for file in sorted(folder.glob("*.ttf")) if folder.is_dir() else ():
            QFontDatabase.addApplicationFont(str(file))
    choose_font(application)


def choose_font(application: QApplication) -> None:
    """Take the family of the language in use first: rows and fields take their height from it."""
    font = QFont(application.font())
    present = set(QFontDatabase.families())
    first = _FIRST.get(language(), ())
    order = [*first, *(one for one in _FAMILIES if one not in first), QFontDatabase.systemFont(_GENERAL).family()]
    font.setFamilies([one for one in order if one in present] or [font.family()])
    font.setPointSizeF(max(10.0, QFontDatabase.systemFont(_GENERAL).pointSizeF()))
    application.setFont(font)


def cases_folder() -> Path:
    """Return where cases are proposed to lie: `Sakshya cases` in the user's documents, else in the home folder."""
    documents = Path.home() / "Documents"
    return (documents if documents.is_dir() else Path.home()) / "Sakshya cases"
