from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.domain.match import SetKind
from sakshya.matching.build import IndexBuilder
from sakshya.matching.conflicts import Conflict, conflicts
from sakshya.matching.digest_index import DigestIndex
from sakshya.matching.importers import commit, plan
from sakshya.matching.sets import SetFolder

from .lists import AT, digests, options


def take(folder: Path, name: str, codes: dict[int, str], **changes: object) -> SetFolder:
    file = folder / f"{name}.csv"
    file.write_text("\n".join(["md5,category", *(f"{digests(n).md5},{code}" for n, code in codes.items())]))
    sets = SetFolder(folder / "sets")
    commit(plan(file, options(name=name, **changes)), sets, at=AT)
    return sets


def found(sets: SetFolder) -> list[Conflict]:
    return list(conflicts(sets.path, tuple(sets.record(one) for one in sets.ids())))


def test_other_codes_of_one_scheme_are_a_conflict_that_names_both_sets(tmp_path: Path) -> None:
    take(tmp_path, "east", {1: "1", 2: "1", 3: "0", 4: ""})
    sets = take(tmp_path, "west", {1: "1", 2: "A2", 4: "1", 5: "0"})

    (only,) = found(sets)

    assert (only.first.split("@")[0], only.second.split("@")[0], only.algorithm) == ("east", "west", "md5")
    assert (only.shared, only.hashes) == (3, 1)
    assert [(one.hash, one.first, one.second) for one in only.examples] == [(digests(2).md5, ("1",), ("A2",))]


def test_known_here_and_ignorable_there_is_a_conflict_whatever_the_codes(tmp_path: Path) -> None:
    take(tmp_path, "east", {1: "1"})
    sets = take(tmp_path, "west", {1: "", 2: ""}, kind=SetKind.IGNORABLE, scheme=None)

    assert [(one.shared, one.hashes) for one in found(sets)] == [(1, 1)]


def test_sets_that_agree_are_not_listed(tmp_path: Path) -> None:
    take(tmp_path, "east", {1: "1", 2: "0"})
    sets = take(tmp_path, "west", {1: "1", 2: "0"})

    assert found(sets) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([0, 1, 2, 2**63, 2**64 - 1]), st.integers(0, 3)), min_size=1, max_size=40),
    st.lists(st.tuples(st.sampled_from([0, 1, 2, 3, 2**63, 2**64 - 1]), st.integers(0, 4)), max_size=40),
)
def test_many_at_once_are_found_as_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, held: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("index")
    builder = IndexBuilder(folder, "md5", sized=False)
    for head, tail in held:
        builder.add(head.to_bytes(8, "big") + tail.to_bytes(8, "big"), tail, 0)
    assert builder.finish() is not None
    queries = [head.to_bytes(8, "big") + tail.to_bytes(8, "big") for head, tail in asked]
    index = DigestIndex(folder / "md5.idx")

    places = index.positions(np.frombuffer(b"".join(queries), np.uint8).reshape(-1, 16))

    assert [place >= 0 for place in places] == [bool(index.find(one)) for one in queries]
    stored = index.digests(0, 100)
    assert all(stored[place].tobytes() == one for place, one in zip(places, queries, strict=True) if place >= 0)
    index.close()
