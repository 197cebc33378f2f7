"""The append-only, hash-chained list of acts."""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sakshya.casefile.coding import from_text, to_json, to_text
from sakshya.casefile.driver import CaseDatabase, Row
from sakshya.domain.ledger import GENESIS, Field, Fields, LedgerEntry, chain_problems, line_hash, private_digest
from sakshya.domain.moment import iso_utc

_COLUMNS = "seq, at, zone, who, act, subject, public, private_digest, previous, hash, private, salt"


@dataclass(frozen=True, slots=True)
class SealedHead:
    """The last line of the ledger as it was when something left the case: `what` names the signed or printed thing."""

    seq: int
    hash: str
    what: str
    at: str


class Ledger:
    """The acts of one case, in order."""

    def __init__(self, db: CaseDatabase) -> None:
        self._db = db

    def append(  # noqa: PLR0913 - the fields of a line
        self,
        act: str,
        subject: str,
        *,
        who: str,
        at: datetime,
        zone: str,
        public: Fields | None = None,
        private: Fields | None = None,
    ) -> LedgerEntry:
        """Write one act down, inside the transaction that does it, so that neither stands without the other.

        `public` must name nobody and nothing: it leaves the case unmasked. Names, paths, free text and seconds of
        viewing belong into `private`, of which only a salted digest leaves.

        Raises:
            CaseFault: the line cannot be written; the act then must not happen.
        """
        salt, hidden = secrets.token_hex(16), dict(private or {})
        with self._db.transaction():
            seq, previous = self.head()
            line: dict[str, object] = {
                "seq": seq + 1,
                "at": iso_utc(at),
                "zone": zone,
                "who": who,
                "act": act,
                "subject": subject,
                "public": dict(public or {}),
                "private_digest": private_digest(hidden, salt),
                "previous": previous,
            }
            entry = LedgerEntry(**line, hash=line_hash(line), private=hidden, salt=salt)  # type: ignore[arg-type]
            self._db.execute(f"INSERT INTO ledger ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", _row(entry))
        return entry

    def entries(self, start: int = 1) -> Iterator[LedgerEntry]:
        """Yield the lines from number `start` on, with their private fields."""
        sql = f"SELECT {_COLUMNS} FROM ledger WHERE seq >= ? ORDER BY seq LIMIT 1000"
        while rows := self._db.all(sql, (start,)):
            start = rows[-1][0] + 1
            yield from map(_entry, rows)

    def head(self) -> tuple[int, str]:
        """Return number and hash of the last line; 0 and the genesis hash for an empty ledger."""
        row = self._db.one("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
        return (int(row[0]), str(row[1])) if row else (0, GENESIS)

    def record_seal(self, head_seq: int, head_hash: str, what: str, at: datetime) -> None:
        """Remember that a signed or printed thing carries this head out of the case."""
        with self._db.transaction():
            self._db.table("seal").insert(
                {"seq": head_seq, "hash": head_hash, "what": to_text(what), "at": iso_utc(at)}
            )

    def sealed_heads(self) -> list[SealedHead]:
        """Return every head that left the case, oldest first."""
        rows = self._db.all("SELECT seq, hash, what, at FROM seal ORDER BY id")
        return [SealedHead(int(seq), str(digest), from_text(str(what)), str(at)) for seq, digest, what, at in rows]

    def problems(self, outside: Sequence[SealedHead] = ()) -> list[str]:
        """Return one sentence for each line changed, removed, reordered or cut off; an empty list for a whole ledger.

        Args:
            outside: heads read from papers or bundles that left the case, beside those the case remembers.
        """
        problems = chain_problems(self.entries())
        seq, _ = self.head()
        used = self._db.number("SELECT seq FROM sqlite_sequence WHERE name = 'ledger'")
        if used > seq:
            problems.append(f"the tail was cut: line {seq} is the last, but line {used} was written")
        for head in (*self.sealed_heads(), *outside):
            problems.extend(self._against(head, seq))
        return problems

    def assurance(self) -> str:
        """Say in one sentence against what a cut tail or a chain written anew would be found."""
        heads = self.sealed_heads()
        if not heads:
            return "no head of this ledger was sealed outside the case: a chain written anew could not be found"
        return f"the ledger is bound up to line {max(head.seq for head in heads)} by {len(heads)} sealed head(s)"

    def _against(self, head: SealedHead, last: int) -> list[str]:
        if head.seq == 0:
            return []
        row = self._db.one("SELECT hash FROM ledger WHERE seq = ?", (head.seq,))
        if row is None:
            if head.seq > last:
                return [f"the tail was cut: {head.what} was sealed at line {head.seq}, and line {last} is the last"]
            return [f"line {head.seq} is missing: {head.what} was sealed at it"]
        if row[0] != head.hash:
            return [f"the chain was written anew: line {head.seq} is not the line that {head.what} was sealed at"]
        return []


def _row(entry: LedgerEntry) -> tuple[object, ...]:
    return (
        entry.seq,
        entry.at,
        entry.zone,
        to_text(entry.who),
        entry.act,
        to_text(entry.subject),
        to_json(entry.public),
        entry.private_digest,
        entry.previous,
        entry.hash,
        to_json(entry.private),
        entry.salt,
    )


def _entry(row: Row) -> LedgerEntry:
    """Return the line as it stands, also where somebody edited it: its hash will tell."""
    seq, at, zone, who, act, subject, public, digest, previous, own, private, salt = row
    return LedgerEntry(
        seq=int(seq),
        at=str(at),
        zone=str(zone),
        who=_readable(who),
        act=str(act),
        subject=_readable(subject),
        public=_fields(public),
        private_digest=str(digest),
        previous=str(previous),
        hash=str(own),
        private=_fields(private),
        salt=str(salt),
    )


def _readable(text: str) -> str:
    try:
        return from_text(text)
    except ValueError:
        return text


def _fields(text: str) -> dict[str, Field]:
    try:
        fields = json.loads(text)
    except ValueError:
        fields = None
    # Text that is no longer an object was edited; any other value makes the hash disagree, which is the answer.
    return fields if isinstance(fields, dict) else {"edited": str(text)}
