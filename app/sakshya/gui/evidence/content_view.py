"""Shows the bytes of a file that is no picture and no video, 64 KiB at a time, as hexadecimal or as text."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from sakshya.domain.entry import Entry, EntryKind
from sakshya.gui.evidence.bytes_words import ENCODINGS, guess_encoding, hex_page, text_page
from sakshya.gui.parts import button, label, line
from sakshya.gui.session import Session
from sakshya.gui.texts import ltr, tr
from sakshya.triage.listing import WINDOW_BYTES, Window

_HEX = "hex"


class ContentView(QWidget):
    """Nothing is read before it is asked for, since the ledger keeps who looked into which file."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._entry: Entry | None = None
        self._window: Window | None = None
        self._ticket = 0
        self._build()
        session.reading.answered.connect(self._on_answer)
        session.reading.failed.connect(self._on_fault)

    def show_entry(self, entry: Entry | None) -> None:
        """Be ready for another file; its bytes are read with the button."""
        self._entry, self._window, self._ticket = entry, None, 0
        self.page.clear()
        is_file = entry is not None and entry.kind is EntryKind.FILE and entry.size > 0
        words = tr("Reading its bytes writes a line into the ledger. Pictures and video are never shown here.")
        self.said.setText(words if is_file else tr("There are no bytes to show of this."))
        self._enable()

    def read(self, offset: int = 0) -> None:
        """Ask for the page at an offset."""
        if self._entry is None:
            return
        if self._session.shut:
            self.said.setText(self._session.shut)
            return
        self.said.setText(tr("One moment…"))
        text = str(self._entry.locator)
        self._ticket = self._session.reading.ask("window", locator=text, offset=offset - offset % 16)

    def _build(self) -> None:
        self.form = QComboBox()
        self.form.addItem(tr("Hexadecimal"), _HEX)
        for encoding in ENCODINGS:
            self.form.addItem(tr("Text, {encoding}", encoding=encoding.upper()), encoding)
        self.form.setAccessibleName(tr("Shown as"))
        self.form.currentIndexChanged.connect(self._show)
        self.open = button(tr("Read its bytes"), self._first)
        self.back = button(tr("Page before"), self._before)
        self.on = button(tr("Page after"), self._after)
        self.at = QLineEdit()
        self.at.setAccessibleName(tr("Go to byte"))
        self.at.setPlaceholderText(tr("Go to byte"))
        self.at.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.at.setMaximumWidth(self.fontMetrics().horizontalAdvance("0") * 18)
        self.at.returnPressed.connect(self._go)
        self.page = QPlainTextEdit()
        self.page.setReadOnly(True)
        self.page.setAcceptDrops(False)
        self.page.setAccessibleName(tr("Content of the file"))
        # Bytes read from the left in every language.
        self.page.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.page.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.page.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.page.setTabChangesFocus(True)
        self.said = label("", "muted")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 6, 0, 0)
        box.addLayout(line(self.open, self.form, None))
        box.addLayout(line(self.back, self.on, self.at, None))
        box.addWidget(self.said)
        box.addWidget(self.page, 1)
        self.show_entry(None)

    def _first(self) -> None:
        self.read(0)

    def _before(self) -> None:
        if self._window is not None:
            self.read(max(0, self._window.offset - WINDOW_BYTES))

    def _after(self) -> None:
        if self._window is not None:
            self.read(self._window.offset + WINDOW_BYTES)

    def _go(self) -> None:
        text = self.at.text().strip().replace(",", "").lower()
        try:
            offset = int(text, 0)
        except ValueError:
            self.said.setText(tr("Write a number of bytes, such as 65536 or 0x10000."))
            return
        if self._window is not None and 0 <= offset < self._window.size:
            self.read(offset)
        else:
            self.said.setText(tr("The file has no such byte."))

    def _on_answer(self, ticket: int, answer: object) -> None:
        if ticket != self._ticket or not isinstance(answer, Window):
            return
        if self._window is None and self.form.currentData() != _HEX:
            self.form.setCurrentIndex(max(0, self.form.findData(guess_encoding(answer.data))))
        self._window = answer
        last = answer.offset + len(answer.data)
        words = tr("Bytes {first} to {last} of {size}", first=_number(answer.offset), last=_number(last),
                   size=_number(answer.size))  # fmt: skip
        self.said.setText(words)
        self._show()
        self._enable()

    def _on_fault(self, ticket: int, fault: object) -> None:
        if ticket == self._ticket:
            self.page.clear()
            self.said.setText(str(fault))

    def _show(self) -> None:
        if self._window is None:
            return
        form = self.form.currentData()
        data, offset = self._window.data, self._window.offset
        self.page.setPlainText(hex_page(data, offset) if form == _HEX else text_page(data, form))

    def _enable(self) -> None:
        entry, window = self._entry, self._window
        self.open.setEnabled(entry is not None and entry.kind is EntryKind.FILE and entry.size > 0)
        self.back.setEnabled(window is not None and window.offset > 0)
        self.on.setEnabled(window is not None and window.offset + WINDOW_BYTES < window.size)
        self.at.setEnabled(window is not None)


def _number(number: int) -> str:
    return ltr(f"{number:,}")
