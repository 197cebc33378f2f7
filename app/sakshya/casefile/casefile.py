"""A case: one folder with a database, its key slots and a lock."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sakshya.casefile import keyslots, migrations
from sakshya.casefile.decisions import Decisions
from sakshya.casefile.driver import CaseDatabase, Mode, connect
from sakshya.casefile.entries import Entries
from sakshya.casefile.exhibits import Exhibits
from sakshya.casefile.faults import CaseFault
from sakshya.casefile.head import CaseHead, read_head, write_head
from sakshya.casefile.identify import DATABASE
from sakshya.casefile.items import Items
from sakshya.casefile.ledger import Ledger
from sakshya.casefile.lock import CaseLock, Holder, require_session
from sakshya.casefile.looks import Looks
from sakshya.casefile.people import People
from sakshya.casefile.scans import Scans
from sakshya.casefile.set_records import SetRecords
from sakshya.casefile.unexamined_list import UnexaminedList
from sakshya.domain.moment import iso_utc

FIRST_SLOT = "examiner"


class CaseFile:
    """An open case. Made by `create` or `open`; close it, or use it as a context manager.

    `migrated` holds the numbers of the schema steps that opening applied, and `left_by` the holder of a lock whose
    process died without giving it back: both belong into the ledger.
    """

    def __init__(self, folder: Path, db: CaseDatabase, mode: Mode, key: bytes | None, lock: CaseLock | None) -> None:
        self.folder = folder
        self.mode = mode
        self.key = key
        self.token: str | None = lock.holder.token if lock else None
        self.left_by: Holder | None = lock.left_by if lock else None
        self.migrated: tuple[int, ...] = ()
        self._db = db
        self._lock = lock
        self.ledger = Ledger(db)
        self.exhibits = Exhibits(db)
        self.entries = Entries(db)
        self.items = Items(db)
        self.looks = Looks(db)
        self.decisions = Decisions(db)
        self.people = People(db)
        self.sets = SetRecords(db)
        self.scans = Scans(db)
        self.unexamined = UnexaminedList(db)

    @classmethod
    def create(cls, folder: Path, head: CaseHead, *, passphrase: str | None, at: datetime) -> Self:
        """Make a new case in a folder that is absent or empty, and open it for writing.

        With a passphrase the database is encrypted under a random key that the passphrase unwraps.

        Raises:
            OperatorFault: the folder holds something, or cannot be made.
        """
        head = replace(head, created_at=iso_utc(at), encrypted=passphrase is not None)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise CaseFault("the folder is not empty", where=str(folder), advice="choose a new folder for the case")
        except OSError as error:
            raise CaseFault(f"the case folder cannot be made ({error.strerror})", where=str(folder)) from error
        with ExitStack() as undo:
            lock = CaseLock.take(folder)
            undo.callback(lock.release)
            undo.callback(_empty, folder)
            key = None
            if passphrase is not None:
                key, slots = keyslots.create(passphrase, FIRST_SLOT)
                keyslots.write_slots(folder, slots)
            _touch(folder / DATABASE)
            db = connect(folder / DATABASE, key, Mode.WRITE)
            undo.callback(db.close)
            with db.transaction():
                migrations.create(db)
                write_head(db, head)
            undo.pop_all()
            return cls(folder, db, Mode.WRITE, key, lock)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        passphrase: str | None = None,
        key: bytes | None = None,
        token: str | None = None,
        mode: Mode = Mode.WRITE,
    ) -> Self:
        """Open a case.

        Args:
            folder: the case folder.
            passphrase: opens one of the key slots of an encrypted case.
            key: the raw database key instead, for a further process of a session.
            token: the session's token, for a further process that is not the holder's own child.
            mode: WRITE takes the lock, JOIN shares the lock of the session it belongs to, READ needs none.

        Raises:
            CaseFault: there is no case here, it is encrypted and nothing to open it was given, or it is not encrypted.
            WrongKeyFault: the passphrase or key opens nothing.
            CaseBusyFault: another session has the case open for writing.
            CaseNewerFault: a newer Sakshya wrote it.
            CaseDamagedFault: the database or the key slots are not readable.
        """
        key = _key(folder, passphrase, key)
        with ExitStack() as undo:
            lock = CaseLock.take(folder) if mode is Mode.WRITE else None
            if lock:
                undo.callback(lock.release)
            joined = require_session(folder, token) if mode is Mode.JOIN else None
            db = connect(folder / DATABASE, key, mode)
            undo.callback(db.close)
            migrated = migrations.bring_up_to_date(db, mode)
            undo.pop_all()
        case = cls(folder, db, mode, key, lock)
        case.migrated = migrated
        case.token = joined or case.token
        return case

    @property
    def head(self) -> CaseHead:
        """What the case says of itself."""
        return read_head(self._db)

    @contextmanager
    def transaction(self) -> Iterator[Self]:
        """Everything inside is kept together or not at all; nested uses belong to the outermost.

        Raises:
            CaseFault: the case is open for reading only.
            CaseBusyFault: another process wrote for longer than ten seconds, or the session this process joined ended.
            DiskFullFault: nothing inside was kept.
        """
        if self.mode is Mode.READ:
            raise CaseFault("the case is open for reading only", where=str(self.folder), advice="open it for writing")
        if self.mode is Mode.JOIN:
            # The window that held the case may be gone, and somebody else may hold it now.
            require_session(self.folder, self.token)
        with self._db.transaction():
            yield self

    def database(self) -> CaseDatabase:
        """Return the open database, for the other modules of this package."""
        return self._db

    def close(self) -> None:
        """Close the case and give the lock back; harmless on a closed case."""
        try:
            self._db.close()
        finally:
            if self._lock:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _key(folder: Path, passphrase: str | None, key: bytes | None) -> bytes | None:
    """Return the database key of a case, None for a case that is not encrypted."""
    where = str(folder)
    try:
        there, encrypted = (folder / DATABASE).is_file(), (folder / keyslots.FILE).exists()
    except (OSError, ValueError) as error:
        raise CaseFault(f"the folder cannot be looked into ({error})", where=where) from error
    if not there:
        raise CaseFault(
            "there is no case in this folder", where=where, advice="choose a case folder, or make a new case"
        )
    if not encrypted and (passphrase is not None or key is not None):
        raise CaseFault("the case is not encrypted", where=where, advice="open it without a passphrase")
    if not encrypted or key is not None:
        return key
    if passphrase is None:
        raise CaseFault("the case is encrypted", where=where, advice="give its passphrase")
    return keyslots.unlock(folder, passphrase)


def _empty(folder: Path) -> None:
    """Take away what a creation that failed has left, so that it can be tried again."""
    for left in folder.iterdir():
        with suppress(OSError):
            left.unlink()


def _touch(path: Path) -> None:
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise CaseFault(f"the case cannot be made ({error.strerror})", where=str(path)) from error
