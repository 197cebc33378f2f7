"""Changing the passphrase that opens an encrypted case."""

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from sakshya.domain.faults import OperatorFault
from sakshya.gui.dialog import ClerkDialog, Question
from sakshya.gui.parts import asked, label
from sakshya.gui.session import Session
from sakshya.gui.texts import tr


class PassphraseDialog(ClerkDialog):
    """Closes once the case opens with the new passphrase."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, tr("Change the passphrase"), tr("Change it"), parent)
        self.old, self.new, self.again = QLineEdit(), QLineEdit(), QLineEdit()
        for line in (self.old, self.new, self.again):
            line.setEchoMode(QLineEdit.EchoMode.Password)
        inside = QWidget()
        box = QVBoxLayout(inside)
        rows = ((tr("Passphrase as it is now"), self.old), (tr("New passphrase"), self.new),
                (tr("New passphrase once more"), self.again))  # fmt: skip
        box.addLayout(asked(*rows))
        box.addWidget(label(tr("A forgotten passphrase cannot be found again by anybody."), "muted"))
        box.addWidget(label(tr("A copy of the case made earlier still opens with the old passphrase."), "muted"))
        box.addStretch(1)
        self.ask_with(inside, high=20)
        self.old.setFocus()

    def question(self) -> Question:
        """Return what the change asks of the clerk."""
        if not self.old.text():
            self.old.setFocus()
            raise OperatorFault(tr("the present passphrase is needed"))
        if not self.new.text() or self.new.text() != self.again.text():
            self.new.setFocus()
            raise OperatorFault(tr("the passphrase is empty, or the two differ"), advice=tr("type the same twice"))
        return "change_passphrase", {"old": self.old.text(), "new": self.new.text()}

    def take(self, answer: object) -> None:
        """Say so, and close."""
        self.session.said.emit(tr("The case opens with the new passphrase from now on."))
        self.session.changed.emit("people")
        self.accept()
