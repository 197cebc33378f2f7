"""The filter beside the gallery: status, kind, set and exhibit, each with how many items it would show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from sakshya.gui.texts import tr
from sakshya.gui.texts.numbers import count

_FIELD = int(Qt.ItemDataRole.UserRole.value)
_VALUE = _FIELD + 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a facet: the value as filters write it, its words, and the number of items."""

    value: str
    words: str
    items: int


Facet = Sequence[Choice]
Chosen = Mapping[str, frozenset[str]]


class FacetsPanel(QTreeWidget):
    """A tree of checkable lines; lines of one facet widen the view, different facets narrow it."""

    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Filter"))
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(self.fontMetrics().height() // 2)
        self.setUniformRowHeights(True)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(1)
        self.header().setSectionResizeMode(0, self.header().ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, self.header().ResizeMode.ResizeToContents)
        self._chosen: dict[str, frozenset[str]] = {}
        self.itemChanged.connect(self._on_changed)

    @property
    def chosen(self) -> Chosen:
        """The values checked, by field; a field with nothing checked is left out."""
        return dict(self._chosen)

    def choose(self, chosen: Chosen) -> None:
        """Check exactly these values and say so."""
        self._chosen = {field: values for field, values in chosen.items() if values}
        self._show_checks()
        self.chosen_changed.emit()

    def show_facets(self, facets: Mapping[str, tuple[str, Facet]]) -> None:
        """Show these facets, field to title and lines, keeping what is checked and where the focus stands."""
        place = self._place()
        self.blockSignals(True)
        self.clear()
        for field, (title, choices) in facets.items():
            self._add_facet(field, title, choices)
        self.expandAll()
        self.blockSignals(False)
        self._show_checks()
        self._go_to(place)

    def _add_facet(self, field: str, title: str, choices: Facet) -> None:
        head = QTreeWidgetItem(self, [title, ""])
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        face = head.font(0)
        face.setBold(True)
        head.setFont(0, face)
        for choice in choices:
            line = QTreeWidgetItem(head, [choice.words, count(choice.items)])
            line.setData(0, _FIELD, field)
            line.setData(0, _VALUE, choice.value)
            line.setCheckState(0, Qt.CheckState.Unchecked)
            line.setToolTip(0, choice.words)
            line.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            line.setData(
                0,
                Qt.ItemDataRole.AccessibleTextRole,
                tr("{name}, {count} items").format(name=choice.words, count=count(choice.items)),
            )

    def _lines(self) -> list[QTreeWidgetItem]:
        heads = [self.topLevelItem(at) for at in range(self.topLevelItemCount())]
        lines = [head.child(at) for head in heads if head is not None for at in range(head.childCount())]
        return [line for line in lines if line is not None]

    def _show_checks(self) -> None:
        self.blockSignals(True)
        for line in self._lines():
            checked = line.data(0, _VALUE) in self._chosen.get(line.data(0, _FIELD), frozenset())
            line.setCheckState(0, Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
        self.blockSignals(False)
        self.viewport().update()

    def _on_changed(self, line: QTreeWidgetItem, column: int) -> None:
        field, value = line.data(0, _FIELD), line.data(0, _VALUE)
        if column != 0 or field is None:
            return
        values = self._chosen.get(field, frozenset())
        checked = line.checkState(0) is Qt.CheckState.Checked
        values = values | {value} if checked else values - {value}
        self._chosen = {**self._chosen, field: values}
        self._chosen = {name: some for name, some in self._chosen.items() if some}
        self.chosen_changed.emit()

    def _place(self) -> tuple[str, str] | None:
        line = self.currentItem()
        return None if line is None else (line.data(0, _FIELD), line.data(0, _VALUE))

    def _go_to(self, place: tuple[str, str] | None) -> None:
        for line in self._lines():
            if place == (line.data(0, _FIELD), line.data(0, _VALUE)):
                self.setCurrentItem(line)
                return
