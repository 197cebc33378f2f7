"""Every template and text speaks the project's words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sakshya import report
from sakshya.report.heads import RESTRICTED
from sakshya.shipped import case_templates

_BARE = re.compile(r"(?<![\w/-])(?<!disk )images?(?![\w-]|-free)", re.IGNORECASE)
_NEVER = re.compile(
    r"accredited|validated|court[- ]admissible|AI[- ]detected|\bcertified\b|NIST approved", re.IGNORECASE
)
# The terms the Luxembourg Guidelines advise against; a law's own words may be quoted as the law's title.
_HURTFUL = re.compile(r"child porn|child prostitut|kiddie|sex with a minor|self-generated", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”")


def _templates() -> Iterator[Path]:
    return (path for path in sorted(case_templates().rglob("*")) if path.suffix in {".toml", ".typ", ".txt"})


def _strings_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _sources() -> Iterator[Path]:
    return iter(sorted(Path(report.__file__).parent.glob("*.py")))


@pytest.mark.parametrize("path", [*_templates(), *_sources()], ids=lambda path: path.name)
def test_no_forbidden_word_stands_in_a_template_or_text(path: Path) -> None:
    texts = list(_strings_of(path)) if path.suffix == ".py" else [path.read_text("utf-8")]

    for text in texts:
        text = text.replace(RESTRICTED, "").replace(RESTRICTED.partition("POCSO")[0], "")
        assert not _BARE.search(text), _BARE.search(text)
        assert not _NEVER.search(text)
        assert not _HURTFUL.search(_QUOTED.sub("", text))


def test_the_lint_itself_finds_what_it_is_for() -> None:
    assert _BARE.search("the image of the disk")
    assert not _BARE.search("a disk image is read; the paper is image-free")
    assert _NEVER.search("a Validated tool")
    assert _HURTFUL.search("Child Pornography")


def test_no_text_ships_unfinished() -> None:
    for path in _templates():
        assert not re.search(r"TODO|FIXME|XXX|lorem", path.read_text("utf-8"))
