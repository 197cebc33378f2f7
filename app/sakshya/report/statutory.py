"""The prescribed forms, filled in and never paraphrased.

A line of a form is cut into pieces where the law left a blank (`____`) or a box (`☐`); the words between them come
out as they stand in `statutory.toml`. What is not filled stays a blank, what is not ticked stays an empty box.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_GAP = re.compile(r"(____|☐)")


@dataclass(frozen=True, slots=True)
class Filling:
    """What goes into one line: `blanks` and `ticks` in order from the left, and `after`, written behind its words."""

    blanks: tuple[str, ...] = ()
    ticks: tuple[int, ...] = ()
    after: str = ""


@dataclass(frozen=True, slots=True)
class Statutes:
    """The sentences of law a certificate carries, and the headings of the form.

    `conditions` are the four of section 65B(2), in order.
    """

    headings: Mapping[str, str]
    lines_a: tuple[tuple[str, str], ...]
    lines_b: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...]
    old_act: str


def load_statutes(folder: Path) -> Statutes:
    """Return the sentences from `shared/statutory.toml` under the folder of case templates."""
    table = tomllib.loads((folder / "shared" / "statutory.toml").read_text("utf-8"))
    bsa, iea = table["bsa"], table["iea"]
    first = {line["key"]: line["text"] for line in bsa["lines_a"]}
    return Statutes(
        headings={key: value for key, value in bsa.items() if isinstance(value, str)},
        lines_a=tuple(first.items()),
        lines_b=tuple((line["key"], line.get("text", first.get(line["key"], ""))) for line in bsa["lines_b"]),
        conditions=tuple(one["text"] for one in iea["conditions"]),
        old_act=iea["act"],
    )


def fill(lines: Sequence[tuple[str, str]], fillings: Mapping[str, Filling]) -> list[dict[str, object]]:
    """Return the form's lines as pieces for the typesetter: `text`, `blank`, `box`, or `written` behind the words.

    Raises:
        KeyError: a filling names a line the form does not have.
    """
    unknown = set(fillings) - {key for key, _ in lines}
    if unknown:
        raise KeyError(sorted(unknown)[0])
    return [{"key": key, "pieces": _pieces(text, fillings.get(key, Filling()))} for key, text in lines]


def _pieces(text: str, filling: Filling) -> list[dict[str, object]]:
    pieces: list[dict[str, object]] = []
    blanks, boxes = iter(filling.blanks), 0
    for part in _GAP.split(text):
        if part == "____":
            pieces.append({"kind": "blank", "value": next(blanks, "")})
        elif part == "☐":
            pieces.append({"kind": "box", "ticked": boxes in filling.ticks})
            boxes += 1
        elif part:
            pieces.append({"kind": "text", "value": part})
    if filling.after:
        pieces.append({"kind": "written", "value": filling.after})
    return pieces
