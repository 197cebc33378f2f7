"""The keys of encrypted exhibits, kept apart from the exhibits, so that no copy of one carries them."""

from sakshya.casefile.driver import CaseDatabase


def apply(db: CaseDatabase) -> None:
    """Create the table of keys."""
    db.table("exhibit_key").create(
        {"id": int, "exhibit": int, "value": str},
        pk="id",
        foreign_keys=[("exhibit", "exhibit", "id")],
        not_null={"exhibit", "value"},
        strict=True,
    )
    db.table("exhibit_key").create_index(["exhibit", "value"], unique=True)
