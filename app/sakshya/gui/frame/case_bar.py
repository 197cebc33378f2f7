"""The bar over every workspace: which case, that evidence is read-only, who examines, how many items were opened."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from sakshya.gui.elided import ElidedLabel
from sakshya.gui.parts import label
from sakshya.gui.session import Session
from sakshya.gui.texts import isolated, tr
from sakshya.gui.texts.numbers import count


class CaseBar(QFrame):
    """Follows the session."""

    def __init__(self, session: Session, title: str, *, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("CaseBar")
        self._session = session
        self._title = ElidedLabel(isolated(title))
        self._title.setObjectName("CaseTitle")
        self._mark = QLabel()
        self._mark.setObjectName("Mark")
        self._looks = label("", "muted", wrap=False)
        box = QHBoxLayout(self)
        box.setContentsMargins(14, 5, 14, 5)
        box.setSpacing(14)
        box.addWidget(self._title)
        if practice:
            mark = label(tr("PRACTICE, NOT EVIDENCE"), wrap=False)
            mark.setObjectName("PracticeMark")
            box.addWidget(mark)
        box.addWidget(self._mark)
        if session.shut:
            mark = label(tr("CASE OPEN FOR READING ONLY"), wrap=False)
            mark.setObjectName("PracticeMark")
            mark.setToolTip(session.shut)
            box.addWidget(mark)
        box.addStretch(1)
        box.addWidget(ElidedLabel(tr("Examiner: {name}", name=isolated(session.bench.who)), "muted", least=28))
        box.addWidget(self._looks)
        session.changed.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        """Count again."""
        self._session.read_ledger()
        with self._session.guarded():
            exhibits = len(self._session.case.exhibits.all())
            self._mark.setText(tr("Exhibits: {count}, READ-ONLY", count=count(exhibits)))
            self._looks.setText(tr("Opened in clear: {count}", count=count(self._session.looks)))

    def _on_changed(self, what: str) -> None:
        if what in ("exhibits", "looks"):
            self.refresh()
