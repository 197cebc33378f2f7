"""Reads a list of any format as rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

from sakshya.matching.importers import binary, checksums, databases, delta, table, vics
from sakshya.matching.importers.detect import ChecksumForm, Form, VicsForm
from sakshya.matching.importers.rows import Row
from sakshya.matching.importers.source import ListFile


def rows(source: ListFile, form: Form) -> Iterator[Row]:
    """Yield every record of the list once.

    Raises:
        OperatorFault: the list is cut short or broken.
    """
    match form:
        case VicsForm():
            return vics.read(source, _vics_place(source.path))
        case ChecksumForm():
            return checksums.read(source)
        case table.TableForm():
            return table.read(source, form)
        case databases.DatabaseForm():
            return databases.read(source, form)
        case delta.DeltaForm():
            return delta.read(source)
        case binary.EncaseForm():
            return binary.read_encase(source)
        case binary.HfindForm():
            return binary.read_hfind(source)
        case _:
            assert_never(form)


def _vics_place(path: Path) -> str:
    """Look into the file's first record with a reader of its own, so that the caller's starts at the front."""
    with ListFile(path) as glance:
        return vics.shape(glance)
