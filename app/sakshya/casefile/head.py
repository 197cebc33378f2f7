"""What a case says of itself: template, particulars, zone, and whether it is encrypted."""

from dataclasses import dataclass, field

from sakshya.casefile.coding import from_text, to_text
from sakshya.casefile.driver import CaseDatabase
from sakshya.casefile.faults import CaseDamagedFault


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The head of a case. `fields` are the template's fields in the order filled in; `created_at` ISO 8601 UTC.

    `unencrypted_reason` is the written reason for a case without passphrase, None for an encrypted one.
    """

    template: str
    fields: dict[str, str] = field(default_factory=dict)
    created_at: str = ""
    zone: str = "UTC"
    encrypted: bool = False
    unencrypted_reason: str | None = None


def write_head(db: CaseDatabase, head: CaseHead) -> None:
    """Write a new head inside the caller's transaction."""
    values = {
        "template": head.template,
        "created_at": head.created_at,
        "zone": head.zone,
        "encrypted": "yes" if head.encrypted else "no",
        "unencrypted_reason": head.unencrypted_reason,
    }
    for name, value in values.items():
        if value is not None:
            db.table("head").insert({"name": name, "value": to_text(value)})
    for position, (name, value) in enumerate(head.fields.items(), 1):
        db.table("field").insert({"position": position, "name": to_text(name), "value": to_text(value)})


def read_head(db: CaseDatabase) -> CaseHead:
    """Return the head of a case.

    Raises:
        CaseDamagedFault: the head is not there.
    """
    values = {name: from_text(value) for name, value in db.all("SELECT name, value FROM head")}
    if not {"template", "created_at", "zone"} <= values.keys():
        raise CaseDamagedFault("the case has no head", where=str(db.path), advice="restore the case from a backup")
    rows = db.all("SELECT name, value FROM field ORDER BY position")
    return CaseHead(
        template=values["template"],
        fields={from_text(name): from_text(value) for name, value in rows},
        created_at=values["created_at"],
        zone=values["zone"],
        encrypted=values.get("encrypted") == "yes",
        unencrypted_reason=values.get("unencrypted_reason"),
    )
