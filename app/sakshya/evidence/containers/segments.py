"""The names of the further segments of a split or multi-segment exhibit."""

import itertools
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path

from sakshya.domain.faults import EvidenceFault

_NUMBER = re.compile(r"(x(?=\d\d)|.*\.(?:r|R|part)?)(\d{1,5})", re.DOTALL)
_LETTERS = re.compile(r"(.*[.x_-](?=..)|.*\.)([a-z]{1,4}|[A-Z]{1,4})", re.DOTALL)
_EWF = re.compile(r"(.*\.)([ESLesl])(\d\d|[A-Za-z]{2})", re.DOTALL)
_MOST = 20_000


def raw_segments(first: Path) -> list[Path]:
    """Return all segments of a split raw exhibit, given the first; just the one where the name is not numbered.

    Raises:
        EvidenceFault: a segment between two others is missing, or the one given is not the first.
    """
    if match := _NUMBER.fullmatch(first.name):
        return _numbered(first, match[1], match[2])
    if (match := _LETTERS.fullmatch(first.name)) and set(match[2]) == {match[2][0]} and match[2][0] in "aA":
        return _lettered(first, match[1], match[2])
    return [first]


def _numbered(first: Path, stem: str, digits: str) -> list[Path]:
    present = _siblings(first, re.compile(f"{re.escape(stem)}(\\d{{{len(digits)},6}})"), int)
    start = int(digits)
    if start > 1 or (start == 1 and 0 in present):
        if start - 1 in present:
            lowest = present[min(present)].name
            raise EvidenceFault("not the first segment", where=str(first), advice=f"name the first one, {lowest}")
        if start > 1 and len(present) > 1 and min(present) < start:
            raise EvidenceFault("a segment before this one is missing", where=str(first), advice="find the segment")
        if start > 1:
            return [first]
    return _without_gap(first, present, start)


def _lettered(first: Path, stem: str, letters: str) -> list[Path]:
    alphabet = string.ascii_lowercase if letters.islower() else string.ascii_uppercase
    pattern = re.compile(re.escape(stem) + f"([{alphabet[0]}-{alphabet[-1]}]{{{len(letters)}}})")

    def place(text: str) -> int:
        number = 0
        for letter in text:
            number = number * 26 + alphabet.index(letter)
        return number

    present = _siblings(first, pattern, place)
    # A lone `.aa` is an ordinary name; letters only count as numbering when the second segment is there.
    return _without_gap(first, present, 0) if 1 in present else [first]


def _siblings(first: Path, pattern: re.Pattern[str], place: Callable[[str], int]) -> dict[int, Path]:
    found: dict[int, Path] = {}
    for path in sorted(first.parent.iterdir()):
        match = pattern.fullmatch(path.name)
        if match and path.is_file():
            found[place(match[1])] = path
    return found


def _without_gap(first: Path, present: dict[int, Path], start: int) -> list[Path]:
    run = [first]
    for number in itertools.count(start + 1):
        if number not in present:
            break
        run.append(present[number])
    beyond = [number for number in present if number >= start + len(run)]
    # A far number is another file that happens to end in digits; a near one is proof of a lost segment.
    if beyond and min(beyond) < start + len(run) + 100:
        missing = start + len(run)
        raise EvidenceFault(
            f"segment {len(run) + 1} of the split exhibit is missing",
            where=f"number {missing} after {run[-1].name}",
            advice=f"put it beside {present[min(beyond)].name} in {first.parent}",
        )
    return run


def is_ewf_name(path: Path) -> bool:
    """Tell whether the file's name is that of an EWF segment."""
    match = _EWF.fullmatch(path.name)
    return match is not None and match[2] in "ESes" and match[3].isdigit()


def ewf_names(first: Path) -> Iterator[Path]:
    """Yield the names of the segments after the first: .E02 to .E99, then .EAA to .ZZZ."""
    match = _EWF.fullmatch(first.name)
    if match is None:
        return
    upper = match[2].isupper()
    for number in range(int(match[3]) + 1 if match[3].isdigit() else 2, 100):
        yield first.with_name(f"{match[1]}{match[2]}{number:02d}")
    letters = string.ascii_uppercase if upper else string.ascii_lowercase
    heads = letters[letters.index(match[2]) :]
    for count, three in enumerate(itertools.product(heads, letters, letters)):
        if count >= _MOST:
            return
        yield first.with_name(match[1] + "".join(three))
