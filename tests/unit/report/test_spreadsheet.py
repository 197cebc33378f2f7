"""A spreadsheet opens our CSV and does nothing else."""

import csv
import io

import pytest

from sakshya.report.spreadsheet import csv_bytes


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_begins_like_a_formula_is_made_inert(cell: str) -> None:
    written = csv_bytes(["name"], [[cell]]).decode()

    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert rows == [["name"], [f"'{cell}"]]


def test_quotes_commas_and_line_feeds_come_back_as_they_were() -> None:
    row = ['say "no"', "a,b", "line\nbreak", "आशा", "علی"]

    assert list(csv.reader(io.StringIO(csv_bytes([], [row]).decode(), newline="")))[-1] == row
