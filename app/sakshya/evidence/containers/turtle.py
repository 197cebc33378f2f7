"""The statements of an AFF4 volume: as much of the Turtle language as such volumes use.

A statement is subject, predicate, object. Names come out whole (a prefix is replaced by what it stands for), literals
as their text.
"""

import re
from collections.abc import Iterator

from sakshya.domain.faults import EvidenceFault

SCHEMA = "http://aff4.org/Schema#"
A = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

Things = dict[str, dict[str, list[str]]]
"""Subject, then predicate, then objects in the order stated."""

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*
    |(?P<uri><[^<>\s]*>)
    |(?P<text>\"\"\"(?:[^\\]|\\.)*?\"\"\"|"(?:[^"\\\n]|\\.)*")(?P<kind>\^\^(?:<[^<>\s]*>|[\w.-]*:[\w.-]*)|@[A-Za-z-]+)?
    |(?P<prefix>@prefix|@base|PREFIX\b|BASE\b)
    |(?P<mark>[;,.\[\]](?!\w))
    |(?P<number>[+-]?[0-9][0-9.eE+-]*(?<!\.))
    |(?P<name>[^\s<>";,\[\]]*[^\s<>";,\[\].])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def parse(text: str, where: str) -> Things:
    """Return the statements of `text`.

    Raises:
        EvidenceFault: it is not Turtle, or uses a part of it that AFF4 does not.
    """
    things: Things = {}
    prefixes: dict[str, str] = {}
    tokens = list(_tokens(text, where))
    at = 0
    while at < len(tokens):
        kind, _ = tokens[at]
        if kind == "prefix":
            at = _declared(tokens, at, prefixes, where)
            continue
        end = next((n for n in range(at, len(tokens)) if tokens[n] == ("mark", ".")), len(tokens))
        _statements(tokens[at:end], prefixes, things, where)
        at = end + 1
    return things


def _tokens(text: str, where: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.end() == at:
            raise _not_turtle(where, text[at : at + 20])
        at = match.end()
        kind = "text" if match["text"] else match.lastgroup
        if kind is not None:
            yield kind, match[kind]


def _declared(tokens: list[tuple[str, str]], at: int, prefixes: dict[str, str], where: str) -> int:
    end = next((n for n in range(at + 1, min(at + 4, len(tokens))) if tokens[n][0] == "uri"), 0)
    if not end:
        raise _not_turtle(where, "a prefix without its meaning")
    prefixes[tokens[at + 1][1] if end > at + 1 else ""] = tokens[end][1][1:-1]
    return end + 2 if end + 1 < len(tokens) and tokens[end + 1] == ("mark", ".") else end + 1


def _statements(tokens: list[tuple[str, str]], prefixes: dict[str, str], things: Things, where: str) -> None:
    if any(token in (("mark", "["), ("mark", "]")) for token in tokens):
        raise _not_turtle(where, "a thing without a name")
    if not tokens:
        return
    about = things.setdefault(_meant(tokens[0], prefixes), {})
    predicate: str | None = None
    for token in tokens[1:]:
        if token == ("mark", ";"):
            predicate = None
        elif token == ("mark", ","):
            continue
        elif predicate is None:
            predicate = A if token == ("name", "a") else _meant(token, prefixes)
        else:
            about.setdefault(predicate, []).append(_meant(token, prefixes))


def _meant(token: tuple[str, str], prefixes: dict[str, str]) -> str:
    kind, text = token
    if kind == "uri":
        return text[1:-1]
    if kind == "text":
        quotes = 3 if text.startswith('"""') else 1
        return _ESCAPED.sub(r"\1", text[quotes:-quotes])
    prefix, colon, rest = text.partition(":")
    return prefixes[prefix + colon] + rest if colon and prefix + colon in prefixes else text


def _not_turtle(where: str, what: str) -> EvidenceFault:
    return EvidenceFault(
        f"the AFF4 description cannot be read near {what!r}", where=where, advice="copy it again from its source"
    )
