"""The text in which LVM writes down its volume groups: sections, values, lists."""

import re
from dataclasses import dataclass, field

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.damage import unreadable

_DEEPEST = 12
_MOST_WORDS = 2_000_000
_WORD = re.compile(
    r"""(?:\s|\#[^\n]*)*(?:(?P<mark>[{}\[\]=,])|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<number>-?\d+(?![\w.+-]))"""
    r"""|(?P<real>-?\d+\.\d+)|(?P<name>[A-Za-z0-9_.+-]+))""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
Value = str | int | list[str | int]


@dataclass(slots=True)
class Section:
    """One `name { … }`: its values and the sections in it, in the order written."""

    values: dict[str, Value] = field(default_factory=dict)
    sections: dict[str, "Section"] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a string value; "" where there is none."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """Return a whole number.

        Raises:
            EvidenceFault: there is none, or it is negative or cannot be one of a disk.
        """
        value = self.values.get(name)
        if not isinstance(value, int) or not 0 <= value < 1 << 63:
            raise bad(f"the value {name!r} is missing or not a number")
        return value

    def items(self, name: str) -> list[str | int]:
        """Return a list value; [] where there is none."""
        value = self.values.get(name, [])
        return value if isinstance(value, list) else []

    def section(self, name: str) -> "Section":
        """Return a section in this one, an empty one where there is none."""
        return self.sections.get(name) or Section()


def bad(detail: str) -> EvidenceFault:
    """Make the fault for metadata that cannot be believed."""
    return unreadable(Reason.BAD_METADATA, f"LVM: {detail}", advice="its metadata are damaged")


def parse_lvm_text(text: str) -> Section:
    """Return what the text says.

    Raises:
        EvidenceFault: it is not LVM's text, too deep or too long.
    """
    return _Parser(text).all()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._words = 0

    def all(self) -> Section:
        root = Section()
        self._fill(root, 0)
        return root

    def _next(self) -> tuple[str, str] | None:
        """Return the kind and the text of the next word, None at the end."""
        self._words += 1
        if self._words > _MOST_WORDS:
            raise bad(f"the metadata have more than {_MOST_WORDS} words")
        found = _WORD.match(self._text, self._at)
        if found is None:
            if self._text[self._at :].strip("\0 \t\r\n").partition("\n")[0].lstrip().startswith("#"):
                return None
            if self._text[self._at :].strip("\0 \t\r\n"):
                raise bad(f"the metadata cannot be read at character {self._at}")
            return None
        self._at = found.end()
        kind = found.lastgroup or ""
        return kind, found[kind]

    def _fill(self, section: Section, depth: int) -> None:
        """Read what belongs to `section` up to its closing brace, or to the end for the outermost."""
        if depth > _DEEPEST:
            raise bad(f"the metadata are nested deeper than {_DEEPEST}")
        while (word := self._next()) is not None:
            kind, name = word
            if (kind, name) == ("mark", "}") and depth:
                return
            if kind not in ("name", "number"):
                raise bad(f"{name[:20]!r} stands where a name should")
            follows = self._next()
            if follows == ("mark", "{"):
                inner = section.sections.setdefault(name, Section())
                self._fill(inner, depth + 1)
            elif follows == ("mark", "="):
                section.values[name] = self._value()
            else:
                raise bad(f"nothing follows the name {name[:20]!r}")
        if depth:
            raise bad("the metadata end in the middle of a section")

    def _value(self) -> Value:
        word = self._next()
        if word != ("mark", "["):
            return self._single(word)
        found: list[str | int] = []
        while (word := self._next()) != ("mark", "]"):
            if word != ("mark", ","):
                found.append(self._single(word))
        return found

    def _single(self, word: tuple[str, str] | None) -> str | int:
        if word is None:
            raise bad("the metadata end in the middle of a value")
        kind, text = word
        if kind == "text":
            return _ESCAPED.sub(r"\1", text)
        if kind == "number" and len(text) <= 20:
            return int(text)
        if kind == "real":
            return text
        raise bad(f"{text[:20]!r} stands where a value should")
