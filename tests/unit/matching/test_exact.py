import pickle
from pathlib import Path

import pytest

from sakshya.domain.category import Category
from sakshya.domain.digests import EMPTY, Digests
from sakshya.domain.faults import VerificationFault
from sakshya.domain.match import Basis, SetKind
from sakshya.matching.importers import commit, plan
from sakshya.matching.sets import SetFolder

from .lists import AT, content, digests, imported, options, record, vics


def test_a_match_names_set_version_scheme_code_and_the_strongest_algorithm(tmp_path: Path) -> None:
    sha256 = {"AlternativeHashes": [{"HashName": "SHA256", "HashValue": digests(2).sha256}]}
    sets, known = imported(tmp_path, vics([record(1), record(2, **sha256), record(3, SHA1="")]))

    with sets.open() as open_sets:
        found = [open_sets.lookup(digests(number), len(content(number))) for number in (1, 2, 3, 4)]

    assert [[one.algorithm for one in matches] for matches in found] == [["sha1"], ["sha256"], ["md5"], []]
    match = found[0][0]
    assert (match.set_id, match.set_name, match.set_version) == ("teapots@1", "Teapots", "1")
    assert match.category == Category("teapots", "1", "1")
    assert (match.kind, match.basis, match.distance) == (SetKind.KNOWN, Basis.EXACT, None)
    assert open_sets.sets == (known,)


def test_known_and_ignorable_sets_both_answer(tmp_path: Path) -> None:
    sets, _ = imported(tmp_path, vics([record(1)]))
    imported(tmp_path, digests(1).sha256.encode(), name="Office files", kind=SetKind.IGNORABLE, scheme=None)

    with sets.open() as open_sets:
        matches = open_sets.lookup(digests(1), len(content(1)))

    assert [(one.kind, one.category is None) for one in matches] == [(SetKind.IGNORABLE, True), (SetKind.KNOWN, False)]


def test_an_empty_content_matches_nothing_even_if_a_list_names_it(tmp_path: Path) -> None:
    lines = "\n".join([EMPTY.md5, EMPTY.sha1.upper(), EMPTY.sha256, digests(1).md5])
    sets, known = imported(tmp_path, lines.encode(), scheme=None)

    with sets.open() as open_sets:
        assert open_sets.lookup(EMPTY, 0) == ()
    assert known.algorithms == (("md5", 1),)
    assert dict(sets.record(known.id).account)["empty"] == 3


def test_an_md5_does_not_settle_a_content_of_another_size(tmp_path: Path) -> None:
    stated = len(content(1))
    sets, _ = imported(tmp_path, vics([record(1, SHA1=""), record(2, SHA1="", MediaSize=None)]))

    with sets.open() as open_sets:
        assert open_sets.lookup(digests(1), stated) != ()
        assert open_sets.lookup(digests(1), stated + 1) == ()
        assert open_sets.lookup(digests(2), 12345) != ()
        assert open_sets.sizes().tolist() == [stated]


def test_a_stronger_algorithm_settles_even_where_the_stated_size_is_wrong(tmp_path: Path) -> None:
    sets, _ = imported(tmp_path, vics([record(1, MediaSize="99999")]))

    with sets.open() as open_sets:
        assert [one.algorithm for one in open_sets.lookup(digests(1), len(content(1)))] == ["sha1"]


def test_a_weak_digest_does_not_settle_what_the_records_own_stronger_one_denies(tmp_path: Path) -> None:
    weak = record(3, SHA1="0" * 39)
    sets, _ = imported(tmp_path, vics([record(1), record(2, SHA256=digests(9).sha256), weak]))
    forged = Digests(digests(1).md5, digests(8).sha1, digests(8).sha256)

    with sets.open() as open_sets:
        assert open_sets.lookup(forged, len(content(1))) == ()
        assert open_sets.lookup(digests(2), len(content(2))) == ()
        assert [one.algorithm for one in open_sets.lookup(digests(3), len(content(3)))] == ["md5"]


def test_an_md5_in_one_content_and_a_sha1_of_another_do_not_mix(tmp_path: Path) -> None:
    sets, _ = imported(tmp_path, digests(1).sha1.encode(), scheme=None)
    other = Digests(digests(1).md5, digests(2).sha1, digests(2).sha256)

    with sets.open() as open_sets:
        assert open_sets.lookup(other, 8) == ()


def test_two_codes_for_one_hash_are_both_told_and_a_missing_verdict_adds_nothing(tmp_path: Path) -> None:
    sets, _ = imported(tmp_path, vics([record(1), record(1, Category=0), record(1, Category=None)]))

    with sets.open() as open_sets:
        codes = [one.category.code for one in open_sets.lookup(digests(1), len(content(1)))]

    assert codes == ["0", "1"]


def test_the_meaning_of_a_code_comes_with_who_states_it(tmp_path: Path) -> None:
    sets, _ = imported(tmp_path, vics([record(1), record(2, Category=7)]), code_labels={"7": "Spout only"})

    with sets.open() as open_sets:
        scheme, person = open_sets.meaning("teapots@1", "1"), open_sets.meaning("teapots@1", "7")

    assert (scheme.label, scheme.stated_by) == ("Teapot", "teapots@1")
    assert (person.label, person.stated_by) == ("Spout only", "whoever imported the set")


def test_open_sets_pickle_by_path_and_answer_the_same(tmp_path: Path) -> None:
    sets, _ = imported(tmp_path, vics([record(number) for number in range(1, 50)]))

    with sets.open() as first:
        carried = pickle.dumps(first)
        with pickle.loads(carried) as second:
            assert second.sets == first.sets
            assert all(second.lookup(digests(n), 8) == first.lookup(digests(n), 8) for n in range(60))
    assert len(carried) < 500


def test_a_set_replaced_behind_a_running_scan_is_noticed(tmp_path: Path) -> None:
    sets, known = imported(tmp_path, vics([record(1)]))
    with sets.open() as open_sets:
        carried = pickle.dumps(open_sets)
    sets.remove(known.id)
    imported(tmp_path, vics([record(2)]))

    with pytest.raises(VerificationFault, match="replaced"):
        pickle.loads(carried)


def test_no_sets_answer_nothing(tmp_path: Path) -> None:
    with SetFolder(tmp_path / "none").open() as open_sets:
        assert open_sets.lookup(digests(1), 8) == ()
        assert open_sets.sizes().tolist() == []


def test_one_hash_differs_in_meaning_between_two_generations_of_a_list(tmp_path: Path) -> None:
    from sakshya import shipped
    from sakshya.matching.schemes import load_schemes

    schemes = load_schemes([shipped.case_templates()])
    file = tmp_path / "list.json"
    file.write_bytes(vics([record(1, Category=0)]))
    sets = SetFolder(tmp_path / "sets")
    for version in ("gen1", "gen2"):
        scheme = schemes[f"vics-us@{version}"]
        commit(plan(file, options(name=version, scheme=scheme)), sets, at=AT)

    with sets.open() as open_sets:
        matches = open_sets.lookup(digests(1), len(content(1)))
        labels = [open_sets.meaning(one.set_id, one.category.code).label for one in matches]

    assert [str(one.category) for one in matches] == ["vics-us@gen1:0", "vics-us@gen2:0"]
    assert labels == ["Uncategorised", "Non-pertinent"]
