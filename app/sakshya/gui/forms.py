"""Questions of a template as fields on the screen: one line each, with what is required said in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from sakshya.domain.faults import OperatorFault
from sakshya.gui.parts import label, set_state
from sakshya.gui.texts import tr
from sakshya.report.templates import FieldKind, TemplateField

Input = QLineEdit | QPlainTextEdit | QComboBox


@dataclass(frozen=True, slots=True)
class _Asked:
    field: TemplateField
    place: Input
    note: QLabel


class FieldForm(QWidget):
    """The fields of a template; `values` are what was typed, empty ones left out."""

    def __init__(self, fields: Sequence[TemplateField], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: list[_Asked] = []
        self.form = QFormLayout(self)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setVerticalSpacing(5)
        for field in fields:
            self._ask(field)

    @property
    def first(self) -> QWidget | None:
        """The first field, for the focus."""
        return self._asked[0].place if self._asked else None

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by key."""
        typed = {one.field.key: typed_text(one.place) for one in self._asked}
        return {key: value for key, value in typed.items() if value}

    def place(self, key: str) -> Input:
        """Return the widget of one field."""
        return next(one.place for one in self._asked if one.field.key == key)

    def check(self) -> None:
        """Say beside each required field that it is empty, and put the focus on the first.

        Raises:
            OperatorFault: a required field is empty.
        """
        missing = [one for one in self._asked if one.field.required and not typed_text(one.place)]
        for one in self._asked:
            one.note.setText(tr("Needed.") if one in missing else tr(one.field.help))
            set_state(one.note, "bad" if one in missing else "")
        if missing:
            missing[0].place.setFocus()
            names = ", ".join(tr(one.field.title) for one in missing)
            raise OperatorFault(tr("needed fields are empty"), where=names, advice=tr("fill them in"))

    def _ask(self, field: TemplateField) -> None:
        place = _input(field)
        title = tr(field.title)
        place.setAccessibleName(title + (f", {tr('needed')}" if field.required else ""))
        place.setAccessibleDescription(tr(field.help))
        caption = label(f"{title} *" if field.required else title)
        caption.setBuddy(place)
        note = label(tr(field.help), "muted")
        if not field.help and not field.required:
            note.hide()
        # Rows of their own, so that a long question has the whole width.
        self.form.addRow(caption)
        self.form.addRow(place)
        self.form.addRow(note)
        self._asked.append(_Asked(field, place, note))


def typed_text(place: Input) -> str:
    """Return what stands in a field, without the space around it."""
    if isinstance(place, QPlainTextEdit):
        return place.toPlainText().strip()
    if isinstance(place, QComboBox):
        return str(place.currentData() or "") if not place.isEditable() else place.currentText().strip()
    return place.text().strip()


def _input(field: TemplateField) -> Input:
    match field.kind:
        case FieldKind.LONG:
            long = QPlainTextEdit()
            long.setTabChangesFocus(True)
            long.setMaximumHeight(long.fontMetrics().height() * 5)
            return long
        case FieldKind.CHOICE:
            # Nothing is chosen beforehand: the empty line is the first.
            choice = QComboBox()
            choice.addItem("", "")
            for one in field.choices:
                choice.addItem(tr(one), one)
            return choice
        case FieldKind.DATE:
            date = QLineEdit()
            date.setPlaceholderText("2026-01-31")
            return date
        case FieldKind.TEXT:
            return QLineEdit()
