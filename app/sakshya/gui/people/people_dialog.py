"""The people of a case: who is on the roster, and adding somebody."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sakshya.domain.faults import OperatorFault
from sakshya.domain.person import Person, Role
from sakshya.gui.dialog import ClerkDialog, Question
from sakshya.gui.parts import asked, label, set_state
from sakshya.gui.people.roles import key_words, role_name
from sakshya.gui.session import Session
from sakshya.gui.texts import isolated, tr


class PeopleDialog(ClerkDialog):
    """Stays open until it is closed, so that several people can be added."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, tr("People of the case"), tr("Add this person"), parent, leave=tr("Close"))
        inside = QWidget()
        box = QVBoxLayout(inside)
        self.table = self._table()
        box.addWidget(self.table)
        box.addWidget(self._form())
        box.addStretch(1)
        self.ask_with(inside)
        self._show_roster()
        (self.name if not session.shut else self.table).setFocus()

    def question(self) -> Question:
        """Return what adding this person asks of the clerk."""
        name, role = self.name.text().strip(), self.role.currentData()
        if not name:
            self.name.setFocus()
            raise OperatorFault(tr("a person needs a name"), advice=tr("every act in the ledger names a person"))
        if any(one.name == name for one in self._people):
            self.name.setFocus()
            raise OperatorFault(tr("this name is on the list already"), where=name, advice=tr("add a fuller name"))
        if not role:
            self.role.setFocus()
            raise OperatorFault(tr("the role is not chosen"), advice=tr("say what this person may do"))
        if self.passphrase.text() != self.again.text():
            self.passphrase.setFocus()
            raise OperatorFault(tr("the two passphrases differ"), advice=tr("type the same twice"))
        words, passphrase = self.designation.text().strip(), self.passphrase.text() or None
        return "add_person", {"name": name, "role": role, "designation": words, "passphrase": passphrase}

    def take(self, answer: object) -> None:
        """Show the person who was added, and make room for the next."""
        for line in (self.name, self.designation, self.passphrase, self.again):
            line.clear()
        self.role.setCurrentIndex(0)
        self._show_roster()
        self.name.setFocus()
        if isinstance(answer, Person):
            self.say(tr("{name} was added.", name=isolated(answer.name)), "good")
        self.session.changed.emit("people")

    def _table(self) -> QTableWidget:
        titles = (tr("Name"), tr("Role"), tr("Designation"), tr("Signing key"))
        table = QTableWidget(0, len(titles))
        table.setHorizontalHeaderLabels(titles)
        table.setAccessibleName(tr("People of the case"))
        table.verticalHeader().hide()
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        return table

    def _form(self) -> QGroupBox:
        group = QGroupBox(tr("Add a person"))
        self.name, self.designation, self.role = QLineEdit(), QLineEdit(), QComboBox()
        self.role.addItem("", "")
        for role in Role:
            self.role.addItem(role_name(role), role.value)
        self.passphrase, self.again = QLineEdit(), QLineEdit()
        for line in (self.passphrase, self.again):
            line.setEchoMode(QLineEdit.EchoMode.Password)
        box = QVBoxLayout(group)
        rows = ((tr("Name") + " *", self.name), (tr("Role") + " *", self.role), (tr("Designation"), self.designation),
                (tr("Passphrase of the new signing key"), self.passphrase),
                (tr("The same once more"), self.again))  # fmt: skip
        box.addLayout(asked(*rows))
        box.addWidget(label(tr("Without a passphrase no signing key is made, and none can be added later."), "muted"))
        kept = tr("Once somebody is added here, only people on this list can act in the case.")
        box.addWidget(label(kept, "muted"))
        group.setEnabled(not self.session.shut)
        return group

    def _show_roster(self) -> None:
        with self.session.guarded():
            self._people = self.session.case.people.all()
        self.table.setRowCount(len(self._people))
        for row, person in enumerate(self._people):
            key, whole = key_words(person)
            cells = (isolated(person.name), role_name(person.role), isolated(person.designation), key)
            for column, words in enumerate(cells):
                cell = QTableWidgetItem(words)
                cell.setToolTip(whole if column == len(cells) - 1 else words)
                self.table.setItem(row, column, cell)
        shown = min(max(len(self._people), 2), 6)
        self.table.setFixedHeight(self.table.horizontalHeader().sizeHint().height() + 34 * shown)
        set_state(self.said, "")
