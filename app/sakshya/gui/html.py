"""Small pieces of rich text. Whatever comes from the evidence goes through here and cannot become markup."""

from collections.abc import Iterable
from html import escape

from sakshya.gui import theme
from sakshya.gui.texts import RIGHT_TO_LEFT, isolated, language, ltr

_NORMAL_BREAK = "\u200b"


def direction() -> str:
    """Return the direction of writing of the language in use, as HTML spells it."""
    return "rtl" if language() in RIGHT_TO_LEFT else "ltr"


def text(value: str) -> str:
    """Return words, escaped."""
    return escape(value)


def name(value: str) -> str:
    """Return a name or path from the evidence: escaped, isolated, and breakable after slashes."""
    return isolated(escape(value).replace("/", f"/{_NORMAL_BREAK}"))


def code(value: str) -> str:
    """Return a digest or number in a fixed-width face, left to right, breakable every sixteen characters."""
    parts = [escape(value[at : at + 16]) for at in range(0, len(value), 16)]
    return f'<span style="font-family: monospace;">{ltr(_NORMAL_BREAK.join(parts))}</span>'


def heading(value: str) -> str:
    """Return a heading."""
    return f'<h3 style="margin: 14px 0 4px 0;">{escape(value)}</h3>'


def rows(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a table of names (plain text) and values (markup already)."""
    mirrored = direction() == "rtl"
    lines = [_row(label, value, mirrored=mirrored) for label, value in pairs]
    width = ' width="100%"' if mirrored else ""
    return f'<table cellspacing="0"{width}>{"".join(lines)}</table>' if lines else ""


def stacked(pairs: Iterable[tuple[str, str]]) -> str:
    """Return names (plain text), each above its value (markup already), for values that are long."""
    muted = theme.current().muted
    return "".join(
        f'<p style="margin: 2px 0;"><span style="color:{muted}">{escape(label)}</span><br/>{value}</p>'
        for label, value in pairs
    )


def page(*parts: str) -> str:
    """Return a whole page from its parts."""
    return f'<div dir="{direction()}">{"".join(parts)}</div>'


def _row(label: str, value: str, *, mirrored: bool) -> str:
    """Qt's rich text lays tables out from the left in every language, so the cells change places here."""
    muted = theme.current().muted
    if mirrored:
        return (
            f'<tr><td align="right" style="padding: 1px 0;">{value}</td>'
            f'<td align="right" style="color:{muted}; padding: 1px 0 1px 10px;">{escape(label)}</td></tr>'
        )
    return (
        f'<tr><td style="color:{muted}; padding: 1px 10px 1px 0;">{escape(label)}</td>'
        f'<td style="padding: 1px 0;">{value}</td></tr>'
    )
