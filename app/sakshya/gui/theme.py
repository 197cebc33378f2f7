"""Colours and shapes of the window: dark for dim rooms, and light. Every pair of text and ground meets WCAG 2.2 AA."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from sakshya.gui.style_sheet import STYLE


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, `#RRGGBB`. `marks` are the colours of decided categories, in the scheme's order."""

    name: str
    ground: str
    surface: str
    raised: str
    hover: str
    line: str
    strong_line: str
    text: str
    muted: str
    focus: str
    primary: str
    primary_hover: str
    on_primary: str
    selected: str
    good: str
    bad: str
    warn: str
    known: str
    marks: tuple[str, ...]


DARK = Theme(
    name="dark",
    ground="#1A1D21",
    surface="#1F2226",
    raised="#292D33",
    hover="#333841",
    line="#343A42",
    strong_line="#76818E",
    text="#E6E6E6",
    muted="#A7B0BA",
    focus="#FFD54A",
    primary="#2F6FB7",
    primary_hover="#3A7DC8",
    on_primary="#FFFFFF",
    selected="#2C4663",
    good="#7BC67E",
    bad="#FF8A80",
    warn="#FFB300",
    known="#CE93D8",
    marks=(
        "#FF7043",
        "#FFB300",
        "#64B5F6",
        "#90A4AE",
        "#CE93D8",
        "#4DB6AC",
        "#F06292",
        "#AED581",
        "#BCAAA4",
        "#9FA8DA",
    ),
)
LIGHT = Theme(
    name="light",
    ground="#ECEEF1",
    surface="#F7F8FA",
    raised="#FFFFFF",
    hover="#E3E8EE",
    line="#D3D9E0",
    strong_line="#7C8794",
    text="#1B1E22",
    muted="#56606B",
    focus="#0B57D0",
    primary="#1F5FA8",
    primary_hover="#174C89",
    on_primary="#FFFFFF",
    selected="#D3E3FA",
    good="#1E6B2B",
    bad="#B3261E",
    warn="#8A5A00",
    known="#6A1B9A",
    marks=(
        "#B3261E",
        "#8A5A00",
        "#0B57D0",
        "#56606B",
        "#6A1B9A",
        "#00695C",
        "#AD1457",
        "#33691E",
        "#4E342E",
        "#283593",
    ),
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}
_MARKS = Path(__file__).with_name("marks")
_in_use: dict[str, Theme] = {"theme": DARK}


def current() -> Theme:
    """Return the theme in use."""
    return _in_use["theme"]


def apply(application: QApplication, name: str) -> Theme:
    """Dress the whole application in a theme; an unknown name means dark."""
    theme = THEMES.get(name, DARK)
    _in_use["theme"] = theme
    application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    colours = {field: getattr(theme, field) for field in Theme.__dataclass_fields__ if field not in ("name", "marks")}
    style = STYLE
    # Longest first, so that @primary does not eat the front of @primary_hover.
    for field in sorted(colours, key=len, reverse=True):
        style = style.replace(f"@{field}", str(colours[field]))
    style = style.replace("@marks", _MARKS.as_posix())
    application.setStyleSheet(style)
    return theme


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2.2 defines it, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _palette(theme: Theme) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: theme.ground,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.surface,
        QPalette.ColorRole.AlternateBase: theme.raised,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.BrightText: theme.bad,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Highlight: theme.selected,
        QPalette.ColorRole.HighlightedText: theme.text,
        QPalette.ColorRole.Link: theme.focus,
        QPalette.ColorRole.Mid: theme.line,
        QPalette.ColorRole.Dark: theme.line,
        QPalette.ColorRole.Light: theme.hover,
    }
    palette = QPalette()
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.strong_line))
    return palette
