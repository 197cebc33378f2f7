"""Case templates: which fields a jurisdiction asks for, and which certificates it knows."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sakshya.domain.faults import OperatorFault


class Regime(StrEnum):
    """The law of evidence under which a case's papers are laid."""

    IEA = "iea"
    BSA = "bsa"
    PECA = "peca"


class FieldKind(StrEnum):
    """How a field is filled in: one line, several lines, a date as YYYY-MM-DD, or one of the listed choices."""

    TEXT = "text"
    LONG = "long"
    DATE = "date"
    CHOICE = "choice"


class Form(StrEnum):
    """The certificates that can be printed."""

    IEA_65B = "iea-65b"
    BSA_63_4_A = "bsa-63-4-a"
    BSA_63_4_B = "bsa-63-4-b"
    PK_EXPERT = "pk-expert"

    @property
    def regime(self) -> Regime:
        """The law that asks for the form."""
        match self:
            case Form.IEA_65B:
                return Regime.IEA
            case Form.BSA_63_4_A | Form.BSA_63_4_B:
                return Regime.BSA
            case Form.PK_EXPERT:
                return Regime.PECA


@dataclass(frozen=True, slots=True)
class TemplateField:
    """One question of a template; `choices` is empty unless the kind is CHOICE."""

    key: str
    title: str
    required: bool
    kind: FieldKind
    choices: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class CaseTemplate:
    """One jurisdiction's case: `fields` are asked once, `exhibit_fields` for each exhibit.

    `zone` is the IANA zone shown beside UTC, `scheme` the id of the scheme used in review, `sha256` the digest of the
    template file, so that a paper can name the very template it was made from.
    """

    id: str
    version: str
    title: str
    regime: Regime
    languages: tuple[str, ...]
    zone: str
    scheme: str
    certificates: tuple[Form, ...]
    fields: tuple[TemplateField, ...]
    exhibit_fields: tuple[TemplateField, ...]
    sha256: str

    @property
    def own_forms(self) -> tuple[Form, ...]:
        """The certificates of the template's own regime: those a bundle carries."""
        return tuple(form for form in self.certificates if form.regime is self.regime)

    def missing(self, values: Mapping[str, str]) -> tuple[TemplateField, ...]:
        """Return the required case fields that `values` leaves empty."""
        return tuple(one for one in self.fields if one.required and not values.get(one.key, "").strip())


def load_templates(folder: Path) -> dict[str, CaseTemplate]:
    """Return every template under `folder` by its id, in the order of the ids.

    Raises:
        OperatorFault: the folder holds no template, or one of them is not well formed.
    """
    found = {one.id: one for one in map(_load, sorted(folder.glob("*/template.toml")))}
    if not found:
        raise OperatorFault("no case template was found", where=str(folder), advice="reinstall the program")
    return dict(sorted(found.items()))


def _load(path: Path) -> CaseTemplate:
    raw = path.read_bytes()
    try:
        table = tomllib.loads(raw.decode("utf-8"))
        return CaseTemplate(
            id=table["id"],
            version=table["version"],
            title=table["title"],
            regime=Regime(table["regime"]),
            languages=tuple(table["languages"]),
            zone=table["zone"],
            scheme=table["scheme"],
            certificates=tuple(map(Form, table["certificates"])),
            fields=tuple(map(_field, table["fields"])),
            exhibit_fields=tuple(map(_field, table["exhibit_fields"])),
            sha256=hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest(),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise OperatorFault(
            "a case template is not well formed", where=f"{path}: {error}", advice="restore the file or reinstall"
        ) from error


def _field(table: dict[str, Any]) -> TemplateField:
    kind = FieldKind(table["kind"])
    choices = tuple(table.get("choices", ()))
    if (kind is FieldKind.CHOICE) != bool(choices):
        raise ValueError(f"field {table['key']}: choices belong to a choice, and only there")
    return TemplateField(table["key"], table["title"], table["required"], kind, choices, table.get("help", ""))
