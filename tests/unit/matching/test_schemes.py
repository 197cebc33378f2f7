from pathlib import Path

import pytest

from sakshya import shipped
from sakshya.domain.faults import OperatorFault
from sakshya.matching.schemes import load_scheme, load_schemes

GOOD = """
id = "cups"
version = "1"
title = "Cups"
source = "the tests"
[[codes]]
code = "A"
label = "Cup"
notable = true
key = "1"
[[codes]]
code = "B"
label = "Saucer"
notable = false
"""


def write(folder: Path, text: str, name: str = "cups.toml") -> Path:
    (folder / "schemes").mkdir(exist_ok=True)
    file = folder / "schemes" / name
    file.write_text(text, "utf-8")
    return file


def test_every_scheme_that_ships_is_usable_and_names_its_source() -> None:
    schemes = load_schemes([shipped.case_templates()])

    assert {"vics-us", "uk-caid", "interpol-baseline", "ncmec", "teapots", "india-review", "pakistan-review"} <= set(
        schemes
    )
    assert all(scheme.source and scheme.title for scheme in schemes.values())
    assert all("confirm" in one.source for name, one in schemes.items() if not name.startswith("teapots"))


def test_a_bare_id_is_the_latest_version() -> None:
    schemes = load_schemes([shipped.case_templates()])

    assert schemes["vics-us"] is schemes["vics-us@gen2"]
    assert schemes["vics-us@gen1"].meaning("0").label == schemes["vics-us@gen2"].meaning("5").label == "Uncategorised"
    assert schemes["vics-us@gen1"].meaning("5").label == schemes["vics-us@gen2"].meaning("0").label == "Non-pertinent"


def test_versions_are_ordered_as_people_count(tmp_path: Path) -> None:
    for version in ("gen10", "gen9", "gen2"):
        write(tmp_path, GOOD.replace('"1"', f'"{version}"', 1), f"{version}.toml")

    assert load_schemes([tmp_path])["cups"].version == "gen10"


def test_the_digit_keys_of_the_unit_schemes_decide() -> None:
    for template in ("india-bsa", "india-iea", "pakistan-peca"):
        scheme = load_scheme(shipped.case_templates() / template / "categories.toml")
        keys = {one.key: one for one in scheme.codes}
        assert "" not in keys
        assert keys["0"].label == "Not relevant"
        assert keys["1"].notable
        assert "CSAM" in keys["1"].label


def test_a_users_folder_adds_to_what_ships(tmp_path: Path) -> None:
    write(tmp_path, GOOD)

    schemes = load_schemes([shipped.case_templates(), tmp_path, tmp_path / "absent"])

    assert schemes["cups@1"].meaning("A").label == "Cup"
    assert "vics-us" in schemes


def test_the_same_scheme_twice_is_one_but_two_that_disagree_are_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "again.toml")
    assert load_schemes([tmp_path])["cups"].title == "Cups"

    write(tmp_path, GOOD.replace("Saucer", "Spoon"), "other.toml")
    with pytest.raises(OperatorFault, match="disagree about scheme cups@1"):
        load_schemes([tmp_path])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('key = "1"', 'key = "x"', "not one digit"),
        ('key = "1"', 'key = "12"', "not one digit"),
        ("notable = false", 'notable = false\nkey = "1"', "key '1' stands twice"),
        ('code = "B"', 'code = "A"', "code 'a' stands twice"),
        ('code = "B"', 'code = "a"', "code 'a' stands twice"),
        ('code = "B"', "code = 5", "needs code as one line of text"),
        ("notable = false", 'notable = "false"', "notable = true or false"),
        ("notable = false", "", "notable = true or false"),
        ('label = "Cup"', 'label = " "', "needs label"),
        ('title = "Cups"', "", "needs title"),
        ('id = "cups"', 'id = "Cups@1"', "id 'Cups@1'"),
        ('version = "1"', 'version = "1:2"', "version '1:2'"),
        ('source = "the tests"', 'sauce = "x"', "unknown entry 'sauce'"),
        ("[[codes]]", "[codes", "cannot be read as TOML"),
    ],
)
def test_a_scheme_that_breaks_the_form_says_where(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = write(tmp_path, GOOD.replace(old, new, 1))

    with pytest.raises(OperatorFault) as caught:
        load_schemes([tmp_path])

    assert said in str(caught.value)
    assert str(file) in str(caught.value)
