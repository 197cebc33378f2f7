"""The wizard for a new case: template, particulars, who and where, in that order."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget, QWizard, QWizardPage

from sakshya.domain.faults import OperatorFault, SakshyaFault
from sakshya.gui.forms import FieldForm
from sakshya.gui.parts import label, scrolled, set_state
from sakshya.gui.paths import PathLine, Wanted
from sakshya.gui.texts import tr
from sakshya.report.templates import CaseTemplate


@dataclass(frozen=True, slots=True)
class NewCase:
    """The answers: `head` is the template's id under "template" and its fields."""

    folder: Path
    head: dict[str, str]
    examiner: str
    passphrase: str | None
    unencrypted_reason: str | None


class NewCaseWizard(QWizard):
    """`answers` is set once the wizard was finished."""

    def __init__(self, templates: dict[str, CaseTemplate], folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New case"))
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.answers: NewCase | None = None
        self.template_page = TemplatePage(templates)
        self.details_page = DetailsPage(self.template_page)
        self.place_page = PlacePage(folder, self.details_page)
        for one in (self.template_page, self.details_page, self.place_page):
            self.addPage(one)
        self.setButtonText(QWizard.WizardButton.BackButton, tr("Back"))
        self.setButtonText(QWizard.WizardButton.NextButton, tr("Next"))
        self.setButtonText(QWizard.WizardButton.FinishButton, tr("Create the case"))
        self.setButtonText(QWizard.WizardButton.CancelButton, tr("Cancel"))
        self.currentIdChanged.connect(self._on_page)
        wide, high = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().height()
        screen = self.screen().availableSize()
        self.resize(min(wide * 92, screen.width() - 40), min(high * 36, screen.height() - 80))

    def _on_page(self) -> None:
        # The wizard puts the focus on its Next button once this slot has returned.
        QTimer.singleShot(0, self, self._focus_first)

    def _focus_first(self) -> None:
        page = self.currentPage()
        if isinstance(page, TemplatePage | DetailsPage | PlacePage) and page.first is not None:
            page.first.setFocus()

    def accept(self) -> None:
        """Collect the answers and end."""
        self.answers = NewCase(
            folder=self.place_page.case_folder(),
            head={"template": self.template_page.chosen.id, **self.details_page.values},
            examiner=self.place_page.examiner.text().strip(),
            passphrase=self.place_page.passphrase.text() or None,
            unencrypted_reason=self.place_page.reason.text().strip() or None,
        )
        super().accept()


class TemplatePage(QWizardPage):
    """Which law the case's papers are laid under."""

    def __init__(self, templates: dict[str, CaseTemplate]) -> None:
        super().__init__()
        self.setTitle(tr("Template"))
        self._templates = templates
        self.list = QComboBox()
        self.list.setAccessibleName(tr("Template"))
        for name, template in templates.items():
            self.list.addItem(tr(template.title), name)
        box = QVBoxLayout(self)
        box.addWidget(
            label(tr("The template decides which fields are asked, which certificates can be printed, and the scheme."))
        )
        box.addWidget(self.list)
        self.about = label("", "muted")
        box.addWidget(self.about)
        box.addStretch(1)
        self.list.currentIndexChanged.connect(self._describe)
        self._describe()

    @property
    def first(self) -> QWidget:
        """Where the focus begins."""
        return self.list

    @property
    def chosen(self) -> CaseTemplate:
        """The template chosen."""
        return self._templates[str(self.list.currentData())]

    def _describe(self) -> None:
        template = self.chosen
        self.about.setText(tr("Zone {zone}, scheme {scheme}", zone=template.zone, scheme=template.scheme))


class DetailsPage(QWizardPage):
    """The template's fields."""

    def __init__(self, before: TemplatePage) -> None:
        super().__init__()
        self.setTitle(tr("Details"))
        self.setSubTitle(tr("Fields marked * are needed. They print in the papers as typed."))
        self._before = before
        self._made_for = ""
        self.form: FieldForm | None = None
        self._area: QWidget | None = None
        self._box = QVBoxLayout(self)
        self.said: QLabel = label("")
        set_state(self.said, "bad")
        self._box.addWidget(self.said)

    @property
    def first(self) -> QWidget | None:
        """Where the focus begins."""
        return None if self.form is None else self.form.first

    @property
    def values(self) -> dict[str, str]:
        """What was typed."""
        return self.form.values if self.form is not None else {}

    def initializePage(self) -> None:
        """Ask the fields of the template chosen before."""
        template = self._before.chosen
        if self._made_for != template.id:
            if self._area is not None:
                self._area.deleteLater()
            self.form, self._made_for = FieldForm(template.fields), template.id
            self._area = scrolled(self.form)
            self._box.insertWidget(0, self._area, 1)

    def validatePage(self) -> bool:
        """Stay while a needed field is empty, and say which."""
        return _holds(self.said, self._check)

    def _check(self) -> None:
        if self.form is not None:
            self.form.check()


class PlacePage(QWizardPage):
    """Who examines, where the case lies, and how it is protected."""

    def __init__(self, folder: Path, before: DetailsPage) -> None:
        super().__init__()
        self.setTitle(tr("Examiner and folder"))
        self._before = before
        self._parent_folder = folder
        self.examiner = QLineEdit()
        self.folder = PathLine(tr("Folder of the case"), Wanted.FOLDER)
        self.passphrase, self.again = QLineEdit(), QLineEdit()
        for line in (self.passphrase, self.again):
            line.setEchoMode(QLineEdit.EchoMode.Password)
        self.open = QCheckBox(tr("Leave the case unencrypted"))
        self.reason = QLineEdit()
        box = QVBoxLayout(self)
        for words, place in (
            (tr("Examiner's name") + " *", self.examiner),
            (tr("Folder of the case, which must be new") + " *", self.folder),
            (tr("Passphrase") + " *", self.passphrase),
            (tr("Passphrase once more") + " *", self.again),
        ):
            caption = label(words)
            caption.setBuddy(place)
            place.setAccessibleName(words.removesuffix(" *"))
            box.addWidget(caption)
            box.addWidget(place)
        box.addWidget(self.open)
        caption = label(tr("Reason to leave it unencrypted, which prints in the report"))
        self.reason.setAccessibleName(caption.text())
        box.addWidget(caption)
        box.addWidget(self.reason)
        self.said: QLabel = label("")
        set_state(self.said, "bad")
        box.addWidget(self.said)
        box.addWidget(label(tr("A forgotten passphrase cannot be found again by anybody."), "muted"))
        box.addStretch(1)
        self.open.toggled.connect(self._show_protection)
        self._show_protection()

    def initializePage(self) -> None:
        """Propose a folder named after the case."""
        if not self.folder.typed:
            values = self._before.values
            number = values.get("fir_no") or values.get("enquiry_no") or "case"
            safe = "".join(one if one.isalnum() else "-" for one in number).strip("-") or "case"
            self.folder.line.setText(str(self._parent_folder / safe))

    @property
    def first(self) -> QWidget:
        """Where the focus begins."""
        return self.examiner

    def case_folder(self) -> Path:
        """Return the folder named.

        Raises:
            OperatorFault: none is named.
        """
        if self.folder.path is None:
            raise OperatorFault(tr("no folder is named for the case"))
        return self.folder.path

    def validatePage(self) -> bool:
        """Stay while something is missing, and say what."""
        return _holds(self.said, self._check)

    def _check(self) -> None:
        if not self.examiner.text().strip():
            self.examiner.setFocus()
            raise OperatorFault(
                tr("the examiner's name is needed"), advice=tr("every act in the ledger names a person")
            )
        folder = self.case_folder()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            self.folder.setFocus()
            raise OperatorFault(tr("the folder is in use"), where=str(folder), advice=tr("name a new one"))
        if self.open.isChecked():
            if not self.reason.text().strip():
                self.reason.setFocus()
                raise OperatorFault(tr("an unencrypted case needs a reason"))
        elif not self.passphrase.text() or self.passphrase.text() != self.again.text():
            self.passphrase.setFocus()
            raise OperatorFault(tr("the passphrase is empty, or the two differ"), advice=tr("type the same twice"))

    def _show_protection(self) -> None:
        unencrypted = self.open.isChecked()
        self.reason.setEnabled(unencrypted)
        for line in (self.passphrase, self.again):
            line.setEnabled(not unencrypted)
            if unencrypted:
                line.clear()
        if not unencrypted:
            self.reason.clear()


def _holds(said: QLabel, check: Callable[[], None]) -> bool:
    try:
        check()
    except SakshyaFault as fault:
        line = str(fault)
        said.setText(f"{line[:1].upper()}{line[1:]}")
        return False
    said.clear()
    return True
