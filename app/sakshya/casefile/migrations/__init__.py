"""The case database's versions, one file a step."""

from collections.abc import Callable

from sakshya.casefile.driver import CaseDatabase, Mode
from sakshya.casefile.faults import CaseDamagedFault, CaseFault, CaseNewerFault
from sakshya.casefile.migrations import m0001_first, m0002_exhibit_keys, m0003_look_queue

STEPS: tuple[Callable[[CaseDatabase], None], ...] = (
    m0001_first.apply,
    m0002_exhibit_keys.apply,
    m0003_look_queue.apply,
)


def create(db: CaseDatabase) -> None:
    """Lay the newest schema into an empty database."""
    with db.transaction():
        db.table("schema_version").create({"version": int}, pk="version", strict=True)
        _apply(db, 0)


def bring_up_to_date(db: CaseDatabase, mode: Mode) -> tuple[int, ...]:
    """Apply the steps a case lacks and return their numbers.

    Raises:
        CaseNewerFault: the case has steps this program does not know.
        CaseDamagedFault: the database is not a case.
        CaseFault: steps are lacking and the case is open for reading only.
    """
    where = str(db.path)
    if db.one("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'") is None:
        raise CaseDamagedFault("case.db is not a Sakshya case", where=where, advice="choose the case folder")
    version = db.number("SELECT max(version) FROM schema_version")
    if version > len(STEPS):
        what = f"the case has schema version {version}, this Sakshya knows up to {len(STEPS)}"
        raise CaseNewerFault(what, where=where, advice="open it with the newer Sakshya that wrote it")
    if version == len(STEPS):
        return ()
    if mode is Mode.READ:
        advice = "open it once for writing, which brings it up to date"
        raise CaseFault("the case was written by an older Sakshya", where=where, advice=advice)
    with db.transaction():
        return _apply(db, version)


def _apply(db: CaseDatabase, version: int) -> tuple[int, ...]:
    numbers = tuple(range(version + 1, len(STEPS) + 1))
    for number in numbers:
        STEPS[number - 1](db)
        db.table("schema_version").insert({"version": number})
    return numbers
