"""Asks what a hash list is, before it is read."""

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from sakshya.domain.category import Scheme
from sakshya.domain.faults import OperatorFault
from sakshya.domain.match import SetKind
from sakshya.gui.dialog import AskingDialog
from sakshya.gui.parts import label
from sakshya.gui.paths import PathLine, Wanted
from sakshya.gui.texts import tr
from sakshya.matching.importers import ImportOptions, read_code_labels, read_columns


class ImportDialog(AskingDialog):
    """`options` and `path` hold the answers once the dialog was accepted. Nothing is chosen beforehand."""

    def __init__(self, schemes: dict[str, Scheme], parent: QWidget | None = None) -> None:
        super().__init__(tr("Import a known set"), tr("Read the list and show what it holds"), parent)
        self._schemes = {name: scheme for name, scheme in schemes.items() if "@" not in name}
        self.options: ImportOptions | None = None
        inside = QWidget()
        box = QVBoxLayout(inside)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._ask(form)
        box.addLayout(form)
        box.addStretch(1)
        self.ask_with(inside)

    def answer(self) -> None:
        """Collect the answers into `options`."""
        if self.file.path is None or not self.file.path.is_file():
            self.file.setFocus()
            raise OperatorFault(tr("no such file"), where=self.file.typed, advice=tr("choose the hash list"))
        if not self.name.text().strip() or not self.version.text().strip():
            (self.version if self.name.text().strip() else self.name).setFocus()
            raise OperatorFault(tr("a set needs a name and the supplier's version"))
        kind = self.kind.currentData()
        if not kind:
            self.kind.setFocus()
            raise OperatorFault(tr("the kind is not chosen"), advice=tr("say what the list asserts"))
        labels = [one for one in self.codes.toPlainText().splitlines() if one.strip()]
        self.options = ImportOptions(
            name=self.name.text().strip(),
            version=self.version.text().strip(),
            kind=SetKind(kind),
            scheme=self._schemes.get(self.scheme.currentData() or ""),
            columns=read_columns(self.columns.text()) if self.columns.text().strip() else {},
            code_labels=read_code_labels(labels) if labels else {},
            supplier=self.supplier.text().strip(),
        )

    def _ask(self, form: QFormLayout) -> None:
        self.file = PathLine(tr("Hash list"), Wanted.FILE)
        self.file.line.setPlaceholderText(tr("VICS JSON, CSV, or one digest a line"))
        self.name, self.version, self.supplier = QLineEdit(), QLineEdit(), QLineEdit()
        self.kind = QComboBox()
        self.kind.addItem("", "")
        self.kind.addItem(tr("Known material"), SetKind.KNOWN.value)
        self.kind.addItem(tr("Files that may be left out of view"), SetKind.IGNORABLE.value)
        self.scheme = QComboBox()
        self.scheme.addItem(tr("none: the list has no codes"), "")
        for name, scheme in self._schemes.items():
            self.scheme.addItem(f"{scheme.title} ({scheme.id}, {tr('version')} {scheme.version})", name)
        self.columns = QLineEdit()
        self.columns.setPlaceholderText("md5=2,category=5")
        self.codes = QPlainTextEdit()
        self.codes.setTabChangesFocus(True)
        self.codes.setPlaceholderText("0=…")
        self.codes.setMaximumHeight(self.codes.fontMetrics().height() * 4)
        for words, place in (
            (tr("Hash list") + " *", self.file),
            (tr("Name") + " *", self.name),
            (tr("Version, as the supplier calls it") + " *", self.version),
            (tr("What the list asserts") + " *", self.kind),
            (tr("Scheme of its codes"), self.scheme),
            (tr("Supplier"), self.supplier),
            (tr("Columns, for a table"), self.columns),
            (tr("Meaning of codes that the scheme does not define, one a line"), self.codes),
        ):
            caption = label(words)
            caption.setBuddy(place)
            place.setAccessibleName(place.accessibleName() or words.removesuffix(" *"))
            form.addRow(caption)
            form.addRow(place)
