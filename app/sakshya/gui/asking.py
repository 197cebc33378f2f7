"""One question in a small dialog, in the language in use: the toolkit's own buttons speak English only."""

from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from sakshya.gui.texts import tr


def ask_line(parent: QWidget | None, title: str, words: str, start: str = "") -> str | None:
    """Return one typed line without the space around it, None where the question was left."""
    return _answer(_dialog(parent, title, words, start))


def ask_secret(parent: QWidget | None, title: str, words: str) -> str | None:
    """Return a typed passphrase exactly as typed, None where the question was left."""
    dialog = _dialog(parent, title, words, "")
    dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
    typed = dialog.textValue() if dialog.exec() else None
    dialog.deleteLater()
    return typed


def ask_text(parent: QWidget | None, title: str, words: str) -> str | None:
    """Return several typed lines without the space around them, None where the question was left."""
    dialog = _dialog(parent, title, words, "")
    dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
    return _answer(dialog)


def _dialog(parent: QWidget | None, title: str, words: str, start: str) -> QInputDialog:
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(words)
    dialog.setTextValue(start)
    dialog.setOkButtonText(tr("Go on"))
    dialog.setCancelButtonText(tr("Cancel"))
    return dialog


def _answer(dialog: QInputDialog) -> str | None:
    typed = dialog.textValue().strip() if dialog.exec() else None
    dialog.deleteLater()
    return typed
