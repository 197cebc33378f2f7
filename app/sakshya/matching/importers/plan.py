"""What an import would do, shown before anything is committed."""

from dataclasses import dataclass
from pathlib import Path

from sakshya.matching.importers.detect import Form
from sakshya.matching.importers.options import ImportOptions
from sakshya.matching.record import CodeLabel

BY_IMPORTER = "whoever imported the set"


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A line or record that is not used, or only in part, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The account of one reading of a list: `rows` = `used` + `rejected` + `empty`.

    Args:
        file: the list.
        options: what the importing person answered.
        set_id: the id the set will have.
        form: the format detected; its text form names it.
        source_sha256: SHA-256 of the list as it lies on the disk, lower-case hex.
        source_size: its length in bytes.
        rows: records met.
        used: records that give at least one hash.
        partly: those among them of which something had to be left out.
        rejected: records that give none.
        empty: records dropped because they name the empty file.
        problems: the first 20 rejected or partly used records, with line or record number and reason.
        usable: (algorithm, hashes) before repeats are folded.
        codes: each code met with its meaning and its count; an empty label where nobody states one.
        uncoded: used records that give no code.
        sized: used records that state a size.
        photodna: PhotoDNA values met; they are not comparable here and are not kept.
        other_hashes: values of other algorithms met, not kept.
        cautions: sentences to be read before the import.
        needs: codes that must be given a meaning before the import.
    """

    file: Path
    options: ImportOptions
    set_id: str
    form: Form
    source_sha256: str
    source_size: int
    rows: int
    used: int
    partly: int
    rejected: int
    empty: int
    problems: tuple[ProblemRow, ...]
    usable: tuple[tuple[str, int], ...]
    codes: tuple[CodeLabel, ...]
    uncoded: int
    sized: int
    photodna: int
    other_hashes: int
    cautions: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def format(self) -> str:
        """The format detected, in words."""
        return str(self.form)
