import json
from dataclasses import replace

import pytest

from sakshya.domain.ledger import (
    GENESIS,
    LedgerEntry,
    canonical,
    chain_problems,
    line_hash,
    private_digest,
)


def chain(length: int) -> list[LedgerEntry]:
    lines: list[LedgerEntry] = []
    for seq in range(1, length + 1):
        private = {"path": f"/घर/{seq}.jpg", "seconds": 1.5}
        entry = LedgerEntry(
            seq=seq,
            at=f"2025-03-01T09:30:{seq:02}Z",
            zone="Asia/Kolkata",
            who="R. Iyer",
            act="look",
            subject=f"item {seq}",
            public={"n": seq, "ok": True},
            private_digest=private_digest(private, f"{seq:032x}"),
            previous=lines[-1].hash if lines else GENESIS,
            hash="",
            private=private,
            salt=f"{seq:032x}",
        )
        lines.append(replace(entry, hash=line_hash(entry.masked())))
    return lines


def masked(line: LedgerEntry) -> LedgerEntry:
    return replace(line, private=None, salt=None)


def test_a_whole_chain_has_no_problems_with_or_without_its_private_fields() -> None:
    assert chain_problems(chain(5)) == []
    assert chain_problems(map(masked, chain(5))) == []


@pytest.mark.parametrize("field", ["at", "zone", "who", "act", "subject", "private_digest"])
@pytest.mark.parametrize("show", [lambda line: line, masked])
def test_a_changed_field_is_found_and_its_line_named(field: str, show: object) -> None:
    lines = chain(5)
    lines[2] = replace(lines[2], **{field: "changed"})

    problems = chain_problems(map(show, lines))  # type: ignore[call-overload]

    assert "line 3 was changed: its hash does not agree" in problems


def test_a_changed_public_field_is_found() -> None:
    lines = chain(3)
    lines[1] = replace(lines[1], public={"n": 2, "ok": False})

    assert chain_problems(lines) == ["line 2 was changed: its hash does not agree"]


def test_a_changed_private_field_is_found_though_the_chain_holds() -> None:
    lines = chain(3)
    lines[1] = replace(lines[1], private={"path": "/other"})

    assert chain_problems(lines) == ["line 2: a private field was changed"]


def test_a_changed_line_hashed_anew_breaks_the_next_one() -> None:
    lines = chain(3)
    changed = replace(lines[1], who="Nobody")
    lines[1] = replace(changed, hash=line_hash(changed.masked()))

    assert chain_problems(lines) == ["line 3 does not follow the line before it"]


def test_a_removed_line_is_found() -> None:
    lines = chain(4)

    problems = chain_problems([lines[0], *lines[2:]])

    assert problems == [
        "line 2 is missing or out of order: line 3 stands in its place",
        "line 3 does not follow the line before it",
    ]


def test_swapped_lines_are_found() -> None:
    first, second, third = chain(3)

    assert chain_problems([first, third, second])[0] == "line 2 is missing or out of order: line 3 stands in its place"


def test_equal_private_fields_have_unequal_digests() -> None:
    assert private_digest({"name": "R. Iyer"}, "00" * 16) != private_digest({"name": "R. Iyer"}, "01" * 16)


def test_a_line_survives_json_with_every_script_and_lone_surrogates() -> None:
    line = replace(chain(1)[0], subject="घर \ud800 😀\n")
    line = replace(line, hash=line_hash(line.masked()))

    again = json.loads(json.dumps(line.masked()))

    assert line_hash(again) == line.hash
    assert canonical(again).isascii()
