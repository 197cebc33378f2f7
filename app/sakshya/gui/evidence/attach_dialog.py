"""Asks for everything an exhibit is attached with."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from sakshya.domain.digests import digest_algorithm
from sakshya.domain.exhibit import Clock, StatedDigest
from sakshya.domain.faults import OperatorFault
from sakshya.gui.dialog import AskingDialog
from sakshya.gui.evidence.key_fields import KeyFields
from sakshya.gui.forms import FieldForm
from sakshya.gui.parts import button, label
from sakshya.gui.paths import PathLine, Wanted
from sakshya.gui.texts import tr
from sakshya.report.templates import CaseTemplate
from sakshya.workbench import AttachRequest

_ALGORITHMS = (("md5", "MD5"), ("sha1", "SHA-1"), ("sha256", "SHA-256"))


class AttachDialog(AskingDialog):
    """`request` holds the answers once the dialog was accepted."""

    def __init__(self, template: CaseTemplate, number: str, warning: str = "", parent: QWidget | None = None) -> None:
        super().__init__(tr("Attach an exhibit"), tr("Attach and compute digests"), parent)
        self.request: AttachRequest | None = None
        self._template = template
        inside = QWidget()
        box = QVBoxLayout(inside)
        for part in (self._files(number), self._keys(warning), self._digests(), self._particulars(), self._times()):
            box.addWidget(part)
        box.addStretch(1)
        self.ask_with(inside)
        self.files.line.setFocus()

    def answer(self) -> None:
        """Collect the answers into `request`."""
        if not self.files.files:
            self.files.setFocus()
            raise OperatorFault(tr("no file is named"), advice=tr("choose a disk image, a folder or an archive"))
        if not self.number.text().strip():
            self.number.setFocus()
            raise OperatorFault(tr("an exhibit needs a number"), advice=tr("give one such as EX-1"))
        self.particulars.check()
        self.request = AttachRequest(
            files=self.files.files,
            number=self.number.text().strip(),
            stated=self._stated(),
            particulars=tuple(self.particulars.values.items()),
            zone=self.zone.currentText().strip() or None,
            clock=clock_of(self.device_clock.text(), self.reference_clock.text()),
            write_blocker=self.write_blocker.text().strip() or None,
            reason=self.reason.toPlainText().strip() or None,
            keys=self.keys.keys(),
        )

    def _files(self, number: str) -> QGroupBox:
        group, form = _group(tr("What is attached"))
        self.files = PathLine(tr("Disk image files"), Wanted.FILES)
        self.files.line.setPlaceholderText(tr("Disk image, folder or archive; the first segment is enough"))
        self.number = QLineEdit(number)
        self.write_blocker = QLineEdit()
        self.write_blocker.setPlaceholderText(tr("Make and serial; needed for a physical device"))
        _row(form, tr("Disk image files") + " *", self.files)
        form.addRow("", button(tr("Choose a folder instead…"), self._choose_folder))
        _row(form, tr("Exhibit number") + " *", self.number)
        _row(form, tr("Write blocker"), self.write_blocker)
        form.addRow(
            "", label(tr("The files are opened for reading only. Sakshya does not make disk images itself."), "muted")
        )
        return group

    def name_files(self, files: Sequence[str]) -> None:
        """Fill in what was dropped on the window."""
        self.files.line.setText("; ".join(files))

    def _choose_folder(self) -> None:
        options = QFileDialog.Option.ShowDirsOnly | QFileDialog.Option.DontUseNativeDialog
        found = QFileDialog.getExistingDirectory(self, tr("Choose a folder"), "", options)
        if found:
            self.files.line.setText(found)

    def _keys(self, warning: str) -> QGroupBox:
        group = QGroupBox(tr("Keys, if something in it is encrypted"))
        box = QVBoxLayout(group)
        self.keys = KeyFields(warning)
        box.addWidget(self.keys)
        return group

    def _digests(self) -> QGroupBox:
        group, form = _group(tr("Digests stated in the seizure memo"))
        self.digests = {}
        for algorithm, name in _ALGORITHMS:
            line = QLineEdit()
            line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            self.digests[algorithm] = line
            _row(form, name, line)
        self.reason = QPlainTextEdit()
        self.reason.setTabChangesFocus(True)
        self.reason.setMaximumHeight(self.reason.fontMetrics().height() * 4)
        _row(form, tr("Reason to go on if they do not match"), self.reason)
        form.addRow(
            "", label(tr("Leave the reason empty unless a mismatch is known; it prints in the report."), "muted")
        )
        return group

    def _particulars(self) -> QGroupBox:
        group = QGroupBox(tr("Particulars of the device"))
        box = QVBoxLayout(group)
        self.particulars = FieldForm(self._template.exhibit_fields)
        box.addWidget(self.particulars)
        return group

    def _times(self) -> QGroupBox:
        group, form = _group(tr("Clock and time zone"))
        self.device_clock, self.reference_clock = QLineEdit(), QLineEdit()
        for line in (self.device_clock, self.reference_clock):
            line.setPlaceholderText("2026-01-31T14:30:00+05:30")
        self.zone = QComboBox()
        self.zone.setEditable(True)
        self.zone.addItems(["", *sorted(available_timezones())])
        self.zone.setCurrentIndex(0)
        _row(form, tr("Device clock at seizure"), self.device_clock)
        _row(form, tr("Reference clock at the same moment"), self.reference_clock)
        _row(form, tr("Zone assumed for local times"), self.zone)
        words = tr("FAT keeps local times without a zone. Left empty, they are shown as local, zone unknown.")
        form.addRow("", label(words, "muted"))
        return group

    def _stated(self) -> tuple[StatedDigest, ...]:
        stated = []
        for algorithm, name in _ALGORITHMS:
            value = "".join(self.digests[algorithm].text().split()).lower()
            if value and digest_algorithm(value) != algorithm:
                self.digests[algorithm].setFocus()
                advice = tr("type it again from the memo")
                raise OperatorFault(tr("not a whole {name} digest", name=name), where=value[:80], advice=advice)
            if value:
                stated.append(StatedDigest(algorithm, value, "examiner"))
        return tuple(stated)


def clock_of(device: str, reference: str) -> Clock | None:
    """Return the two clocks and their offset, None where neither was noted.

    Raises:
        OperatorFault: one is missing, is no ISO 8601 time, or only one of them has a zone.
    """
    if not device.strip() and not reference.strip():
        return None
    try:
        one, other = datetime.fromisoformat(device.strip()), datetime.fromisoformat(reference.strip())
        offset = round((one - other).total_seconds())
    except (ValueError, TypeError) as error:
        raise OperatorFault(
            tr("the two clocks cannot be compared"),
            where=f"{device.strip()} / {reference.strip()}",
            advice=tr("write both like 2026-01-31T14:30:00+05:30"),
        ) from error
    return Clock(one.isoformat(), other.isoformat(), offset)


def _group(title: str) -> tuple[QGroupBox, QFormLayout]:
    group = QGroupBox(title)
    form = QFormLayout(group)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    return group, form


def _row(form: QFormLayout, words: str, place: QWidget) -> None:
    caption = label(words)
    caption.setBuddy(place)
    if not place.accessibleName():
        place.setAccessibleName(words)
    form.addRow(caption, place)
