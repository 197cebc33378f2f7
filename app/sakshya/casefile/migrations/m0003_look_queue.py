"""The queue of contents that were hashed and are still to be decoded, and what is known of those that were."""

from sakshya.casefile.driver import CaseDatabase

_LOOK = """
CREATE TABLE look (
    entry INTEGER PRIMARY KEY REFERENCES entry(id),
    item INTEGER NOT NULL REFERENCES item(id)
) STRICT
"""


def apply(db: CaseDatabase) -> None:
    """Create the queue; `item.looked` is 0 not looked at, 1 nothing more to say of any place, 2 each place apart."""
    db.execute(_LOOK)
    db.execute("CREATE INDEX look_of_item ON look (item)")
    db.execute("ALTER TABLE item ADD COLUMN looked INTEGER NOT NULL DEFAULT 0")
