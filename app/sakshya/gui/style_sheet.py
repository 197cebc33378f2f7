"""The window's style sheet; `@name` stands for a colour of the theme. Sizes follow the font, so nothing is cut."""

STYLE = """
QWidget { color: @text; }
QDialogButtonBox, QMessageBox, QInputDialog, QFileDialog { dialogbuttonbox-buttons-have-icons: 0; }
QMainWindow, QDialog, QWizard, QWizardPage, #Page, #Cover { background: @ground; }
QToolTip { background: @raised; color: @text; border: 1px solid @strong_line; padding: 4px; }

#Rail { background: @surface; border: none; }
#Rail QToolButton { border: none; border-radius: 6px; padding: 6px 6px; margin: 1px 6px; color: @muted; }
#Rail QToolButton:hover { background: @hover; color: @text; }
#Rail QToolButton:checked { background: @selected; color: @text; font-weight: 600; }
#Rail QToolButton:focus { border: 2px solid @focus; padding: 4px 4px; }
#CaseBar { background: @surface; border-bottom: 1px solid @line; }
#CaseBar QLabel { padding: 2px 0; }
#StatusLine { background: @surface; border-top: 1px solid @line; }
#StatusLine QLabel { color: @muted; }
#CaseTitle { font-weight: 600; }
#Mark { border: 1px solid @good; color: @good; border-radius: 4px; padding: 1px 7px; font-weight: 600; }
#PracticeMark { border: 1px solid @warn; color: @warn; border-radius: 4px; padding: 1px 7px; font-weight: 600; }
#Muted, QLabel[role="muted"] { color: @muted; }
QLabel[role="title"] { font-size: 17pt; font-weight: 600; }
QLabel[role="heading"] { font-size: 12pt; font-weight: 600; }
QLabel[role="figure"] { font-size: 19pt; font-weight: 600; }
QLabel[state="good"] { color: @good; font-weight: 600; }
QLabel[state="bad"] { color: @bad; font-weight: 600; }
QLabel[state="warn"] { color: @warn; font-weight: 600; }
#FaultBar { background: @raised; border: 1px solid @bad; border-left: 5px solid @bad; border-radius: 4px; }
#NoteBar { background: @raised; border: 1px solid @line; border-left: 5px solid @focus; border-radius: 4px; }

#Card { background: @surface; border: 1px solid @line; border-radius: 8px; }
#Pane { background: @surface; border: 1px solid @line; border-radius: 6px; }

QPushButton { background: @raised; border: 1px solid @strong_line; border-radius: 5px; padding: 6px 14px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @selected; }
QPushButton:focus { border: 2px solid @focus; padding: 5px 13px; }
QPushButton:disabled { color: @strong_line; border-color: @line; }
QPushButton[role="primary"] { background: @primary; color: @on_primary; border: 1px solid @primary; font-weight: 600; }
QPushButton[role="primary"]:hover { background: @primary_hover; }
QPushButton[role="primary"]:focus { border: 2px solid @focus; }
QPushButton[role="primary"]:disabled { background: @raised; color: @strong_line; border-color: @line; }
QPushButton[role="link"] {
  background: transparent; border: 1px solid transparent; color: @text; text-align: left; padding: 4px 6px; }
QPushButton[role="link"]:hover { background: @hover; }
QPushButton[role="link"]:focus { border: 2px solid @focus; padding: 3px 5px; }
QPushButton[role="card"] { background: @surface; border: 1px solid @line; border-radius: 8px; padding: 16px; }
QPushButton[role="card"]:hover { background: @hover; }
QPushButton[role="card"]:focus { border: 2px solid @focus; padding: 15px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QComboBox, QDateTimeEdit {
  background: @surface; border: 1px solid @strong_line; border-radius: 4px; padding: 5px 7px;
  selection-background-color: @primary; selection-color: @on_primary; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QComboBox:focus {
  border: 2px solid @focus; padding: 4px 6px; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { color: @strong_line; border-color: @line; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("@marks/down.svg"); width: 16px; height: 16px; }
QSpinBox::up-button, QSpinBox::down-button { border: none; width: 22px; background: transparent; }
QSpinBox::up-arrow { image: url("@marks/up.svg"); width: 14px; height: 14px; }
QSpinBox::down-arrow { image: url("@marks/down.svg"); width: 14px; height: 14px; }
QComboBox QAbstractItemView {
  background: @raised; border: 1px solid @strong_line; selection-background-color: @selected; }
QCheckBox, QRadioButton { spacing: 8px; padding: 3px; }
QCheckBox:focus, QRadioButton:focus { border: 1px solid @focus; border-radius: 3px; }
QCheckBox::indicator, QTreeView::indicator {
  width: 14px; height: 14px; border: 1px solid @strong_line; border-radius: 3px; background: @ground; }
QCheckBox::indicator:checked, QTreeView::indicator:checked {
  background: @primary; border-color: @primary; image: url("@marks/tick.svg"); }
QGroupBox { border: 1px solid @line; border-radius: 6px; margin-top: 1.1em; padding: 10px 8px 8px 8px; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; padding: 0 6px; color: @muted; }

QListView, QTreeView, QTableView, QTextBrowser {
  background: @surface; border: 1px solid @line; border-radius: 6px; padding: 1px; outline: none;
  selection-background-color: @selected; selection-color: @text; alternate-background-color: @ground; }
QListView:focus, QTreeView:focus, QTableView:focus, QTextBrowser:focus { border: 2px solid @focus; padding: 0; }
QScrollArea:focus { border: 2px solid @focus; }
QTreeView::item, QTableView::item { padding: 3px 4px; }
QTreeView::item:selected, QTableView::item:selected, QListView::item:selected { background: @selected; color: @text; }
QHeaderView::section {
  background: @raised; color: @muted; border: none; border-bottom: 1px solid @line; padding: 5px 7px; }
QTableView { gridline-color: @line; }
QTableCornerButton::section { background: @raised; border: none; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }

QProgressBar { background: @raised; border: 1px solid @line; border-radius: 5px; text-align: center; }
QProgressBar::chunk { background: @primary; border-radius: 4px; }

QMenuBar { background: @surface; border-bottom: 1px solid @line; }
QMenuBar::item { padding: 5px 10px; background: transparent; }
QMenuBar::item:selected { background: @hover; }
QMenu { background: @raised; border: 1px solid @strong_line; padding: 4px; }
QMenu::item { padding: 6px 26px 6px 22px; border-radius: 4px; }
QMenu::item:selected { background: @selected; }
QMenu::item:disabled { color: @strong_line; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QTabWidget::pane { border: 1px solid @line; border-radius: 6px; top: -1px; }
QTabBar::tab { background: transparent; color: @muted; padding: 7px 14px; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @focus; }
QTabBar::tab:focus { color: @text; background: @hover; }

QScrollBar:vertical { background: @ground; width: 14px; margin: 0; }
QScrollBar:horizontal { background: @ground; height: 14px; margin: 0; }
QScrollBar::handle { background: @strong_line; border-radius: 5px; min-height: 34px; min-width: 34px; margin: 2px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: @ground; }
QSplitter::handle:hover { background: @line; }
"""
