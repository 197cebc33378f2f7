import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakshya.domain.faults import VerificationFault
from sakshya.matching.build import IndexBuilder, SizeBuilder
from sakshya.matching.digest_index import WIDTHS, DigestIndex

# Few different bytes, NUL among them, make shared prefixes and trailing NULs likely.
_BYTES = st.sampled_from([0, 0, 1, 0x7F, 0x80, 0xFF])


def digests_of(algorithm: str) -> st.SearchStrategy[bytes]:
    width = WIDTHS[algorithm]
    return st.lists(_BYTES, min_size=width, max_size=width).map(bytes) | st.binary(min_size=width, max_size=width)


@pytest.mark.parametrize("algorithm", WIDTHS)
@settings(deadline=None)
@given(data=st.data())
def test_an_index_finds_what_a_dictionary_finds(
    tmp_path_factory: pytest.TempPathFactory, algorithm: str, data: st.DataObject
) -> None:
    entry = st.tuples(digests_of(algorithm), st.integers(0, 3), st.sampled_from([0, 1, 2**40]))
    entries = data.draw(st.lists(entry, min_size=1, max_size=60))
    sized = data.draw(st.booleans())
    expected: dict[bytes, set[tuple[int, int]]] = {}
    for digest, code, size in entries:
        expected.setdefault(digest, set()).add((code, size if sized else 0))
    folder = tmp_path_factory.mktemp("index")
    builder = IndexBuilder(folder, algorithm, sized=sized, run_bytes=data.draw(st.sampled_from([1, 200, 1 << 20])))

    for one in entries:
        builder.add(*one)
    built = builder.finish()

    index = DigestIndex(built.path)
    absent = data.draw(st.lists(digests_of(algorithm), max_size=20))
    for digest in [*expected, *absent]:
        assert index.find(digest) == tuple(sorted(expected.get(digest, set())))
    assert built.digests == len(expected)
    assert built.records == index.shape.count == sum(map(len, expected.values()))
    assert [path.name for path in folder.iterdir()] == [f"{algorithm}.idx"]
    index.close()


def test_the_bytes_of_an_index_do_not_depend_on_the_order_or_the_size_of_runs(tmp_path: Path) -> None:
    entries = [(random.Random(n % 900).randbytes(16), n % 3, n % 2) for n in range(3000)]
    files = []
    for number, (run_bytes, seed) in enumerate([(1 << 24, 1), (1000, 2), (26 * 7, 3)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        builder = IndexBuilder(folder, "md5", sized=True, run_bytes=run_bytes)
        for one in random.Random(seed).sample(entries, len(entries)):
            builder.add(*one)
        files.append(builder.finish().path.read_bytes())

    assert files[0] == files[1] == files[2]


def test_the_merge_is_right_when_it_is_split_into_many_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sakshya.matching.build._MERGE_RECORDS", 50)
    monkeypatch.setattr("sakshya.matching.build._SAMPLES", 300)
    keys = [random.Random(n).randbytes(20) for n in range(2000)]
    builder = IndexBuilder(tmp_path, "sha1", sized=False, run_bytes=3000)

    for key in [*keys, *keys[:500]]:
        builder.add(key, 1, 0)
    built = builder.finish()

    index = DigestIndex(built.path)
    assert built.digests == built.records == 2000
    assert all(index.find(key) == ((1, 0),) for key in keys)


def test_an_index_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    builder = IndexBuilder(tmp_path, "md5", sized=False)
    builder.add(b"x" * 16, 0, 0)
    path = builder.finish().path
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(VerificationFault, match="its header states"):
        DigestIndex(path)


@pytest.mark.parametrize("data", [b"", b"short", b"\0" * 200])
def test_a_file_that_is_no_index_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "md5.idx"
    path.write_bytes(data)

    with pytest.raises(VerificationFault, match="damaged"):
        DigestIndex(path)


def test_nothing_taken_makes_no_file(tmp_path: Path) -> None:
    assert IndexBuilder(tmp_path, "md5", sized=False).finish() is None
    assert SizeBuilder().finish(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
