"""Looking for items by number, digest or file name: asked of the clerk, shown in place of the filter's view."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from sakshya.gui.parts import button, label
from sakshya.gui.session import Session
from sakshya.gui.texts import isolated, tr
from sakshya.gui.texts.numbers import count


class FoundBar(QFrame):
    """Says what the gallery shows in place of the filter's view; `left` asks to go back to it."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("NoteBar")
        self._words = label("")
        self.back = button(tr("Back to the filter"), self.left.emit)
        self.back.setToolTip(f"{tr('Back to the filter')} (B)")
        self.back.setAccessibleName(tr("Back to the filter"))
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 4, 8, 4)
        box.addWidget(self._words, 1)
        box.addWidget(self.back)
        self.hide()

    @property
    def words(self) -> str:
        """What the bar says; empty while it is hidden."""
        return self._words.text()

    def say(self, words: str) -> None:
        """Show words; empty ones hide the bar."""
        self._words.setText(words)
        self.setVisible(bool(words))


class Finding(QObject):
    """`found` carries the items; while `active` they are what the gallery shows. `ended` says that they are not."""

    found = Signal(list)
    ended = Signal()

    def __init__(self, session: Session, bar: FoundBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._bar = session, bar
        self._words, self._ticket = "", 0
        self.active = False
        bar.left.connect(self.end)
        session.reading.answered.connect(self._on_answer)
        session.reading.failed.connect(self._on_fault)

    def look_for(self, words: str) -> None:
        """Ask for the items that words mean; the view stays as it is until the answer comes."""
        self._words = words.strip()
        self._bar.say(tr("Looking for “{words}”…", words=isolated(self._words)))
        self._ticket = self._session.reading.ask("find", words=self._words)

    def again(self) -> None:
        """Ask the same once more, as after a scan went on."""
        self.look_for(self._words)

    def stop(self) -> None:
        """Forget what was looked for."""
        self.active, self._ticket = False, 0
        self._bar.say("")

    def end(self) -> None:
        """Go back to the filter's view."""
        was_active = self.active
        self.stop()
        if was_active:
            self.ended.emit()

    def _on_answer(self, ticket: int, answer: object) -> None:
        if ticket != self._ticket or not isinstance(answer, list):
            return
        words = isolated(self._words)
        if not answer:
            self.end()
            self._bar.say(tr("Nothing found for “{words}”: no item number, digest or file name.", words=words))
            return
        self.active = True
        self._bar.say(
            tr("Found for “{words}”: {count} items of the whole case.", words=words, count=count(len(answer)))
        )
        self.found.emit(answer)

    def _on_fault(self, ticket: int, fault: object) -> None:
        if ticket == self._ticket:
            self._bar.say("")
            self._session.faulted.emit(fault)
