"""The pages say what the program has: every command, every option, every field, every reason."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sakshya.cli.main import build_parser
from sakshya.domain.absent import NotRecorded
from sakshya.domain.digests import EMPTY
from sakshya.domain.entry import Entry, EntryKind, Times
from sakshya.domain.item import Item, ItemId, Status
from sakshya.domain.locator import Locator
from sakshya.domain.media import Kind, MediaReport
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from sakshya.workbench.rows import entry_row, item_row, unexamined_row

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "app" / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "packaging" / "changelog").glob("*.md")]
_PLACE = Locator("EX-1", 1, 0, 5, "/a")


def _commands(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not nested:
        yield name, parser
    for action in nested:
        for word, below in action.choices.items():
            yield from _commands(below, f"{name} {word}".strip())


def _sections() -> dict[str, str]:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^## `(.+)`$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_its_section_and_every_section_its_command() -> None:
    assert sorted(_sections()) == sorted(name for name, _ in _commands(build_parser()))


def test_every_option_is_named_in_its_commands_section() -> None:
    sections = _sections()
    missing = [
        (name, option)
        for name, parser in _commands(build_parser())
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help" and option not in sections[name]
    ]

    assert missing == []


@pytest.mark.parametrize(
    ("command", "row"),
    [
        (
            "items",
            item_row(
                Item(ItemId(1), EMPTY, 0, Kind.OTHER, "inode/x-empty", Status.NOT_MEDIA, MediaReport(), (), None, ())
            ),
        ),
        ("unexamined", unexamined_row(Unexamined("EX-1", Of.ENTRY, Stage.READ, Reason.READ_ERROR, "", _PLACE))),
        (
            "exhibit tree",
            entry_row(Entry(_PLACE, "ext4", EntryKind.FILE, 0, True, Times(*[NotRecorded()] * 4))),
        ),
    ],
    ids=["items", "unexamined", "tree"],
)
def test_every_field_of_a_row_is_named_in_its_commands_section(command: str, row: dict[str, object]) -> None:
    assert [name for name in row if f"`{name}`" not in _sections()[command]] == []


@pytest.mark.parametrize("closed_list", [Reason, Stage, Of, Status])
def test_every_value_of_a_closed_list_has_its_sentence_in_the_glossary(closed_list: type[Reason]) -> None:
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")

    missing = [
        one.value for one in closed_list if not re.search(rf"^\| {re.escape(one.value)} \| \w.+ \|$", glossary, re.M)
    ]

    assert missing == []


def test_the_first_screen_of_the_readme_shows_the_two_commands() -> None:
    first_screen = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:25]

    assert [line.strip() for line in first_screen if line.startswith("    ")] == [
        "python3 packaging/start.py demo",
        "python3 packaging/start.py test",
    ]


def test_links_between_pages_lead_somewhere() -> None:
    dead = [
        (page.name, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert dead == []


@pytest.mark.parametrize("word", ["accredited", "validated", "court admissible", "AI-detected", "certified"])
def test_no_page_boasts(word: str) -> None:
    assert [page.name for page in PAGES if word.lower() in page.read_text(encoding="utf-8").lower()] == []


def test_no_page_calls_a_picture_or_a_disk_just_an_image() -> None:
    allowed = re.compile(r"disk\s+images?|image[- ]free|image\s+files?|bare\s+word\s+\*image\*", re.IGNORECASE)
    found = [
        (page.name, place.group())
        for page in PAGES
        for place in re.finditer(
            r".{0,20}\bimages?\b.{0,20}", allowed.sub("", page.read_text(encoding="utf-8")), re.IGNORECASE
        )
    ]

    assert found == []


def test_every_changelog_line_says_what_kind_of_change_it_is() -> None:
    kinds = {path.suffixes[-2] for path in (ROOT / "packaging" / "changelog").glob("*.md")}

    assert kinds <= {".added", ".changed", ".fixed", ".removed"}
