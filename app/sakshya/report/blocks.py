"""The pieces a paper is made of, as the typesetter takes them."""

from collections.abc import Iterable, Mapping, Sequence

from sakshya.report.figures import Figure

Cell = object
Block = dict[str, object]


def pairs(rows: Iterable[tuple[str, Cell]]) -> Block:
    """Return labels with their values."""
    return {"kind": "pairs", "rows": [list(row) for row in rows]}


def table(columns: Mapping[str, str], rows: Iterable[Sequence[Cell]], *, numbers: Iterable[int] = ()) -> Block:
    """Return a table: `columns` maps each heading to its width, `12mm`, `1fr` or `auto`."""
    return {
        "kind": "table",
        "columns": list(columns),
        "widths": list(columns.values()),
        "rows": [list(row) for row in rows],
        "numbers": list(numbers),
    }


def heading(words: str) -> Block:
    """Return a heading below the section's own."""
    return {"kind": "heading", "level": 2, "value": words}


def text(words: str) -> Block:
    """Return a paragraph."""
    return {"kind": "text", "value": words}


def note(words: str) -> Block:
    """Return a paragraph set apart."""
    return {"kind": "note", "tone": "plain", "value": words}


def warning(words: str) -> Block:
    """Return a paragraph that must not be overlooked."""
    return {"kind": "note", "tone": "warning", "value": words}


def bullets(items: Iterable[str]) -> Block:
    """Return a list."""
    return {"kind": "list", "items": list(items)}


def sign(words: str) -> Block:
    """Return a place to sign."""
    return {"kind": "sign", "value": words}


def number(figure: Figure) -> Cell:
    """Return a figure as a cell that carries its id."""
    return {"n": f"{figure.value:,}", "f": figure.id}


def digest(value: str) -> Cell:
    """Return a digest as a cell that wraps where it must."""
    return {"hash": value}


def labelled(label: str, value: str) -> Cell:
    """Return a digest with its algorithm before it."""
    return {"labelled": label, "digits": value}


def strong(words: str) -> Cell:
    """Return a cell that stands out."""
    return {"strong": words}


def section(title: str, blocks: Sequence[Block]) -> dict[str, object]:
    """Return one section of a paper."""
    return {"title": title, "blocks": list(blocks)}
