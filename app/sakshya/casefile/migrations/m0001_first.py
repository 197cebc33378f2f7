"""The first schema.

Tables that promise something carry the promise as a constraint: a mosaic has at most 16 x 12 cells, a category is
whole or absent, and the ledger, the seals and the decisions can only be appended to.
"""

from sqlite_utils.db import DescIndex

from sakshya.casefile.driver import CaseDatabase

# Spelt so that no part of it can be NULL: a CHECK that comes out as NULL passes.
_CATEGORY = """CHECK (
    (scheme IS NULL) + (scheme_version IS NULL) + (code IS NULL) IN (0, 3)
    AND '' NOT IN (coalesce(scheme, '-'), coalesce(scheme_version, '-'), coalesce(code, '-'))
)"""

_ENTRY = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    exhibit INTEGER NOT NULL REFERENCES exhibit(id),
    ordinal INTEGER NOT NULL,
    locator TEXT NOT NULL,
    filesystem TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    allocated INTEGER NOT NULL,
    recovery TEXT,
    first_byte INTEGER,
    times TEXT NOT NULL,
    link_target TEXT,
    exact_size TEXT,
    state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
    item INTEGER REFERENCES item(id),
    CHECK (state <> 1 OR kind <> 'file' OR item IS NOT NULL)
) STRICT
"""

_MOSAIC = """
CREATE TABLE mosaic (
    item INTEGER PRIMARY KEY REFERENCES item(id),
    columns INTEGER NOT NULL CHECK (columns BETWEEN 1 AND 16),
    rows INTEGER NOT NULL CHECK (rows BETWEEN 1 AND 12),
    cells BLOB NOT NULL CHECK (length(cells) = columns * rows)
) STRICT
"""

_MATCH = f"""
CREATE TABLE match (
    id INTEGER PRIMARY KEY,
    item INTEGER NOT NULL REFERENCES item(id),
    set_id TEXT NOT NULL,
    set_name TEXT NOT NULL,
    set_version TEXT NOT NULL,
    kind TEXT NOT NULL,
    scheme TEXT,
    scheme_version TEXT,
    code TEXT,
    basis TEXT NOT NULL CHECK (basis IN ('exact', 'near')),
    algorithm TEXT NOT NULL,
    distance INTEGER,
    threshold INTEGER,
    {_CATEGORY}
) STRICT
"""

_DECISION = f"""
CREATE TABLE decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    step INTEGER NOT NULL,
    item INTEGER NOT NULL REFERENCES item(id),
    scheme TEXT,
    scheme_version TEXT,
    code TEXT,
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    replaces INTEGER REFERENCES decision(id),
    undoes INTEGER,
    CHECK ((undoes IS NULL) = (code IS NOT NULL)),
    {_CATEGORY}
) STRICT
"""

# AUTOINCREMENT remembers the highest number ever used, which betrays a tail cut off by hand.
_LEDGER = """
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    zone TEXT NOT NULL,
    who TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    public TEXT NOT NULL,
    private_digest TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    private TEXT NOT NULL,
    salt TEXT NOT NULL
) STRICT
"""

_APPEND_ONLY = """
CREATE TRIGGER {table}_is_never_{verb}d BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} can only be appended to'); END
"""


def apply(db: CaseDatabase) -> None:
    """Create every table, index and trigger of version 1."""
    _small_tables(db)
    _item_table(db)
    for statement in (_ENTRY, _MOSAIC, _MATCH, _DECISION, _LEDGER):
        db.execute(statement)
    _unexamined_table(db)
    _indexes(db)
    for table in ("ledger", "decision", "seal"):
        for verb in ("update", "delete"):
            db.execute(_APPEND_ONLY.format(table=table, verb=verb))


def _small_tables(db: CaseDatabase) -> None:
    text, whole = str, int
    db.table("head").create({"name": text, "value": text}, pk="name", strict=True)
    db.table("field").create({"position": whole, "name": text, "value": text}, pk="position", strict=True)
    db.table("exhibit").create(
        {"id": whole, "number": text, "data": text, "volumes": text, "walked": whole, "account": text},
        pk="id",
        not_null={"number", "data", "walked"},
        defaults={"walked": 0},
        strict=True,
    )
    db.table("exhibit").create_index(["number"], unique=True)
    db.table("verification").create(
        {"id": whole, "exhibit": whole, "data": text},
        pk="id",
        foreign_keys=[("exhibit", "exhibit", "id")],
        not_null={"data"},
        strict=True,
    )
    db.table("person").create(
        {
            "name": text,
            "role": text,
            "designation": text,
            "public_key": text,
            "private_key": bytes,
            "stretch": text,
            "added_at": text,
        },
        pk="name",
        strict=True,
    )
    db.table("known_set").create(
        {"id": text, "digest": text, "name": text, "used_at": text, "data": text},
        pk=("id", "digest"),
        not_null={"data"},
        strict=True,
    )
    db.table("scan").create(
        {"id": whole, "depth": text, "by": text, "begun_at": text, "summary": text}, pk="id", strict=True
    )
    db.table("seal").create({"id": whole, "seq": whole, "hash": text, "what": text, "at": text}, pk="id", strict=True)


def _item_table(db: CaseDatabase) -> None:
    db.table("item").create(
        {
            "id": int,
            "md5": str,
            "sha1": str,
            "sha256": str,
            "size": int,
            "kind": str,
            "mime": str,
            "status": str,
            "failed": int,
            "partial": int,
            "problem": str,
            "facts": str,
            "exif": str,
            "fingerprints": str,
            "frames": str,
            "decision": int,
            "places": int,
            "first_entry": int,
        },
        pk="id",
        not_null={"md5", "sha1", "sha256", "size", "kind", "mime", "status", "failed", "partial", "places"},
        defaults={"failed": 0, "partial": 0, "places": 0},
        strict=True,
    )


def _unexamined_table(db: CaseDatabase) -> None:
    db.table("unexamined").create(
        {
            "id": int,
            "key": bytes,
            "exhibit": str,
            "of": str,
            "stage": str,
            "reason": str,
            "detail": str,
            "locator": str,
            "bytes": int,
            "retried": int,
            "entry": int,
            "found": str,
        },
        pk="id",
        not_null={"key", "exhibit", "of", "stage", "reason", "detail", "retried", "found"},
        foreign_keys=[("entry", "entry", "id")],
        strict=True,
    )


def _indexes(db: CaseDatabase) -> None:
    db.table("entry").create_index(["exhibit", "ordinal"], unique=True)
    db.execute("CREATE INDEX entry_pending ON entry (exhibit, first_byte, id) WHERE state = 0 AND kind = 'file'")
    db.table("entry").create_index(["exhibit", "kind", "state"])
    db.execute("CREATE INDEX entry_of_item ON entry (item, exhibit) WHERE item IS NOT NULL")
    db.table("item").create_index(["sha256"], unique=True)
    db.table("item").create_index(["status", "kind"])
    db.table("item").create_index(["first_entry"])
    db.execute(
        "CREATE UNIQUE INDEX match_once ON match"
        " (item, set_id, set_version, basis, algorithm, coalesce(scheme, ''), coalesce(scheme_version, ''),"
        " coalesce(code, ''))"
    )
    db.table("match").create_index(["set_id", "item"])
    db.table("unexamined").create_index(["key"], unique=True)
    db.table("unexamined").create_index(["entry"])
    db.table("decision").create_index(["item", DescIndex("id")])
    db.table("decision").create_index(["by", "step"])
    db.table("decision").create_index(["step"])
    db.table("decision").create_index(["replaces"])
    db.table("decision").create_index(["undoes"])
