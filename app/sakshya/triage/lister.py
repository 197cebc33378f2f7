"""Lists the entries of an exhibit into the case, and what a full scan adds to them."""

from collections.abc import Callable, Iterator

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import Row
from sakshya.casefile.entries import DEEP
from sakshya.domain.entry import Entry
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Of, Reason, Stage, Unexamined
from sakshya.triage.engine.child import stream
from sakshya.triage.events import Event, Note, Progress
from sakshya.triage.listed import Listed
from sakshya.triage.presence import missing, refuse_vanished
from sakshya.triage.walk import Walked, deepen_exhibit, walk_exhibit

_WALK_CHUNK = 2000
_WALK_SILENCE = 900.0


class Lister:
    """Lists exhibits; `hold` is asked often, returns only while the work is not paused, and says whether to stop."""

    def __init__(self, case: CaseFile, exhibits: tuple[Exhibit, ...], hold: Callable[[], bool]) -> None:
        self.case = case
        self.exhibits = exhibits
        self.cancel = hold

    def refuse_vanished(self) -> None:
        """Stop rather than list a whole disk as unreadable because its plug was pulled."""
        refuse_vanished(self.exhibits)

    def walk(self, exhibit: Exhibit) -> Iterator[Event]:
        """List the exhibit's entries into the case, unless an earlier scan did."""
        if self.case.entries.walk_state(exhibit.number).finished:
            return
        try:
            yield from self._walk_once(exhibit)
        except EvidenceFault as fault:
            if fault.reason not in (Reason.WORKER_DIED, Reason.TIME_LIMIT) or missing(self.exhibits):
                raise
            yield Note(f"listing {exhibit.number} failed and is tried once more: {fault}")
            try:
                yield from self._walk_once(exhibit)
            except EvidenceFault as again:
                if again.reason not in (Reason.WORKER_DIED, Reason.TIME_LIMIT) or missing(self.exhibits):
                    raise
                yield self._walk_given_up(exhibit, again)

    def _walk_once(self, exhibit: Exhibit) -> Iterator[Event]:
        rows: list[Row] = []
        missed: list[Unexamined] = []
        ordinal = 0
        for value in stream(walk_exhibit, exhibit, cancel=self.cancel, silence=_WALK_SILENCE):
            match value:
                case Listed():
                    rows += value.rows
                case Unexamined():
                    missed.append(value)
                case Walked(table, account):
                    if missed:
                        self.refuse_vanished()
                    with self.case.transaction():
                        self.case.entries.add_rows(exhibit.number, ordinal, rows)
                        self.case.unexamined.add(missed)
                        self.case.exhibits.record_account(exhibit.number, account)
                        self.case.entries.finish_walk(exhibit.number, table)
                    ordinal += len(rows)
            if len(rows) >= _WALK_CHUNK:
                if missed:
                    # What could not be listed because the drive is away would be left out of the order for good.
                    self.refuse_vanished()
                with self.case.transaction():
                    self.case.entries.add_rows(exhibit.number, ordinal, rows)
                ordinal += len(rows)
                rows = []
                yield Progress("listing", ordinal, 0, "entries", where=exhibit.number)
        yield Progress("listing", ordinal, ordinal, "entries", where=exhibit.number)

    def _walk_given_up(self, exhibit: Exhibit, fault: EvidenceFault) -> Event:
        reason = Reason(fault.reason)
        line = Unexamined(exhibit.number, Of.EXHIBIT, Stage.OPEN, reason, f"listing its entries failed twice: {fault}")
        with self.case.transaction():
            self.case.unexamined.add([line])
        return Note(f"{exhibit.number} could not be listed to its end; what was listed is examined")

    def deepen(self, exhibit: Exhibit) -> Iterator[Event]:
        """Add shadow copies and lost files to the case's entries, unless an earlier scan did."""
        if self.case.entries.walk_state(exhibit.number).deepened:
            return
        ordinal, entries, missed = DEEP, list[Entry](), list[Unexamined]()
        try:
            for value in stream(deepen_exhibit, exhibit, cancel=self.cancel, silence=_WALK_SILENCE):
                match value:
                    case Entry():
                        entries.append(value)
                    case Unexamined():
                        missed.append(value)
                    case Progress():
                        yield value
                if len(entries) >= _WALK_CHUNK:
                    self._add_deep(exhibit, ordinal, entries, missed)
                    ordinal += len(entries)
                    entries, missed = [], []
        except EvidenceFault as fault:
            if fault.reason not in (Reason.WORKER_DIED, Reason.TIME_LIMIT) or missing(self.exhibits):
                raise
            missed.append(_not_deepened(exhibit, fault))
            self._add_deep(exhibit, ordinal, entries, missed)
            yield Note(f"{exhibit.number}: searching free space stopped early: {fault}")
            return
        with self.case.transaction():
            self._add_deep(exhibit, ordinal, entries, missed)
            self.case.entries.finish_deep(exhibit.number)

    def _add_deep(self, exhibit: Exhibit, ordinal: int, entries: list[Entry], missed: list[Unexamined]) -> None:
        if missed:
            self.refuse_vanished()
        with self.case.transaction():
            self.case.entries.add(exhibit.number, ordinal, entries)
            self.case.unexamined.add(missed)


def _not_deepened(exhibit: Exhibit, fault: EvidenceFault) -> Unexamined:
    detail = f"searching shadow copies and free space stopped early; scan again to go on: {fault}"
    return Unexamined(exhibit.number, Of.EXHIBIT, Stage.CARVE, Reason(fault.reason), detail)
