"""The papers: report, certificates, sealed bundle, and checking a bundle."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from sakshya.domain.faults import OperatorFault
from sakshya.gui.background import Job, Work
from sakshya.gui.parts import action, action_button, asked, button, card, label, line, page, scrolled, set_state
from sakshya.gui.paths import PathLine, Wanted
from sakshya.gui.report.outcome import spell
from sakshya.gui.report.verify_work import check
from sakshya.gui.session import Session
from sakshya.gui.texts import LANGUAGES, isolated, language, ltr, tr
from sakshya.report.templates import Form
from sakshya.workbench.verify import Outcome


def form_title(form: Form) -> str:
    """Return a certificate's name on screen."""
    return {
        Form.BSA_63_4_A: tr("BSA 2023, section 63(4), Schedule Part A (the party)"),
        Form.BSA_63_4_B: tr("BSA 2023, section 63(4), Schedule Part B (the expert)"),
        Form.IEA_65B: tr("Evidence Act 1872, section 65B(4)"),
        Form.PK_EXPERT: tr("Pakistan, expert's report"),
    }[form]


class ReportScreen(QWidget):
    """Everything is written into one folder that the examiner names. `people_wanted` asks for the roster."""

    people_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._written: list[str] = []
        self._last: Path | None = None
        self.actions_offered = {
            "report": action(self, tr("&Print the report"), self._report, "Ctrl+Shift+R"),
            "certificate": action(self, tr("Print the &certificate"), self._certificate, "Ctrl+Shift+C"),
            "bundle": action(self, tr("Seal the &bundle"), self._bundle, "Ctrl+Shift+B"),
            "verify": action(self, tr("Check &it"), self._verify, "Ctrl+Shift+V"),
        }
        self._build()
        session.job_changed.connect(self._show_enabled)
        session.changed.connect(self._on_changed)
        self._show_enabled()

    def activate(self) -> None:
        """Show whether the bundle can be signed, and take the focus."""
        self._show_key()
        self.to.setFocus()

    def _build(self) -> None:
        self.to = PathLine(tr("Folder for the papers"), Wanted.FOLDER)
        self.language = QComboBox()
        offered = self._session.bench.template.languages
        for code in offered:
            self.language.addItem(LANGUAGES.get(code, code), code)
        self.language.setCurrentIndex(max(0, self.language.findData(language())))
        self.form = QComboBox()
        for form in self._session.bench.template.certificates:
            self.form.addItem(form_title(form), form.value)
        self.expert, self.workstation, self.manner = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.manner.setTabChangesFocus(True)
        self.manner.setMaximumHeight(self.manner.fontMetrics().height() * 4)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.checked = PathLine(tr("Bundle, case or set to check"), Wanted.FOLDER)
        self.case_passphrase = QLineEdit()
        self.case_passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.key_note = label("", "muted")
        self.verdict = label("")
        self.outcome = QPlainTextEdit()
        self.outcome.setReadOnly(True)
        self.outcome.setTabChangesFocus(True)
        self.outcome.setAccessibleName(tr("What was written and checked"))
        self.outcome.setPlaceholderText(tr("Nothing was written yet. Name a folder, then print the report."))
        self.outcome.setMinimumHeight(self.outcome.fontMetrics().height() * 3)
        self._lay_out()

    def _lay_out(self) -> None:
        offered = self.actions_offered
        key_words = tr("Passphrase of your signing key, empty to leave it unsigned")
        check_rows = ((tr("Bundle, case or set to check"), self.checked),
                      (tr("Passphrase, if a case is encrypted"), self.case_passphrase))  # fmt: skip
        certificate_rows = (
            (tr("Form"), self.form),
            (tr("Expert whose own computation is stated, as named in the case"), self.expert),
            (tr("Manner of production, in place of the drafted words"), self.manner),
            (tr("Workstation"), self.workstation),
        )
        sections = (
            _section(tr("Report"), tr("Without any picture; every number can be traced."),
                     action_button(offered["report"], role="primary"), (tr("Language"), self.language)),
            _section(tr("Certificates"), tr("What a person declares is left blank. The program swears nothing."),
                     action_button(offered["certificate"]), *certificate_rows),
            _section(tr("Sealed bundle"), tr("Report, certificates, findings, ledger, and a verifier in plain Python."),
                     action_button(offered["bundle"]), (key_words, self.passphrase),
                     below=(self.key_note, line(button(tr("People…"), self.people_wanted.emit), None))),
            _section(tr("Check"), tr("Every file against its manifest, the ledger's chain, the seal."),
                     action_button(offered["verify"]), *check_rows),
        )  # fmt: skip
        inside = page(
            tr("Report"),
            asked((tr("Folder for the papers"), self.to)),
            *sections,
        )
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(scrolled(inside))
        self.splitter.addWidget(self._outcome_pane())
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setChildrenCollapsible(False)
        line_height = self.fontMetrics().height()
        self.splitter.setSizes([line_height * 60, line_height * 9])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)

    def _outcome_pane(self) -> QWidget:
        """What was written and checked stays in view below, whatever is scrolled above."""
        pane = QWidget()
        pane.setObjectName("Page")
        box = QVBoxLayout(pane)
        box.setContentsMargins(20, 4, 20, 10)
        title = label(tr("What was written and checked"), "heading", wrap=False)
        box.addLayout(line(title, None, button(tr("&Open the folder"), self._open_folder)))
        box.addWidget(self.verdict)
        box.addWidget(self.outcome, 1)
        self.verdict.hide()
        return pane

    def _folder(self) -> Path:
        folder = self.to.path
        if folder is None:
            self.to.setFocus()
            raise OperatorFault(tr("no folder is named for the papers"), advice=tr("choose one, not on an exhibit"))
        return folder

    def _report(self) -> None:
        with self._session.guarded():
            self._follow(self._session.print_papers(
                tr("Printing the report"), "report", to=self._folder(), language=self.language.currentData()
            ))  # fmt: skip

    def _certificate(self) -> None:
        with self._session.guarded():
            form = self.form.currentData()
            file = self._folder() / f"certificate-{form}.pdf"
            answers = {"expert": self.expert.text(), "manner": self.manner.toPlainText(),
                       "workstation": self.workstation.text()}  # fmt: skip
            given = {key: value.strip() for key, value in answers.items() if value.strip()}
            title = tr("Printing the certificate")
            self._follow(self._session.print_papers(title, "certificate", form=form, to=file, answers=given))

    def _bundle(self) -> None:
        with self._session.guarded():
            to = self._folder() / "bundle"
            self.checked.line.setText(str(to))
            job = self._session.print_papers(
                tr("Sealing the bundle"), "bundle", to=to, passphrase=self.passphrase.text() or None,
                language=self.language.currentData(),
            )  # fmt: skip
            self.passphrase.clear()
            if job is not None:
                job.done.connect(self._on_sealed)

    def _on_sealed(self, paths: list[Path]) -> None:
        """A bundle is checked as soon as it is sealed: what was written is read back."""
        self._on_done(paths)
        self._check(Path(self.checked.typed), None)

    def _verify(self) -> None:
        with self._session.guarded():
            path = self.checked.path
            if path is None:
                self.checked.setFocus()
                raise OperatorFault(tr("nothing is named to check"), advice=tr("choose a bundle's folder"))
            passphrase = self.case_passphrase.text() or None
            self.case_passphrase.clear()
            self._check(path, passphrase)

    def _check(self, path: Path, passphrase: str | None) -> None:
        job = Job(Work(check, (path, passphrase)), self)
        self._say([tr("Checking {path}…", path=ltr(str(path)))])
        self._judge(tr("Checking {path}…", path=ltr(str(path))), "")
        job.failed.connect(self._on_check_failed)
        job.done.connect(self._on_checked)
        job.ended.connect(job.deleteLater)

    def _follow(self, job: Job | None) -> None:
        if job is not None:
            job.done.connect(self._on_done)

    def _on_done(self, paths: list[Path]) -> None:
        self._last = paths[-1].parent if paths else None
        self._say([tr("Written: {path}", path=ltr(str(path))) for path in paths])
        self._session.changed.emit("papers")

    def _on_checked(self, outcome: Outcome) -> None:
        lines = spell(outcome)
        self._say(lines)
        self._judge(lines[0], "bad" if outcome.problems else "good")

    def _on_check_failed(self, fault: object) -> None:
        self._judge(tr("It could not be checked."), "bad")
        self._session.faulted.emit(fault)

    def _judge(self, words: str, state: str) -> None:
        self.verdict.setText(words)
        set_state(self.verdict, state)
        self.verdict.show()

    def _say(self, lines: list[str]) -> None:
        self._written += lines
        self.outcome.setPlainText("\n".join(self._written))
        bar = self.outcome.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _open_folder(self) -> None:
        with self._session.guarded():
            folder = self._last or self._folder()
            if not folder.is_dir():
                raise OperatorFault(
                    tr("the folder is not there yet"), where=str(folder), advice=tr("print a paper first")
                )
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _show_enabled(self) -> None:
        for name in ("report", "certificate", "bundle"):
            self.actions_offered[name].setEnabled(self._session.free)

    def _show_key(self) -> None:
        """A person without a key is told so here, and where keys are made."""
        with self._session.guarded():
            signs, who = self._session.signs(), isolated(self._session.bench.who)
            self.passphrase.setEnabled(signs)
            if signs:
                self.key_note.setText(tr("{name} has a signing key in this case.", name=who))
                return
            sealed = tr("{name} has no signing key in this case: the bundle is sealed without a signature.", name=who)
            advice = tr("To sign, add a person with a key passphrase under People, and open the case as that person.")
            self.key_note.setText(f"{sealed} {advice}")

    def _on_changed(self, what: str) -> None:
        if what == "people":
            self._show_key()


def _section(
    title: str, words: str, go: QPushButton, *rows: tuple[str, QWidget], below: tuple[QWidget | QLayout, ...] = ()
) -> QWidget:
    return card(label(title, "heading"), label(words, "muted"), asked(*rows), *below, line(go, None))
