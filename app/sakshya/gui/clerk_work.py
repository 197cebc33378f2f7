"""What the clerk's process does: joins the open case and answers the window's questions, one after the other.

Nothing here imports Qt, and nothing it sends makes the window import a library that reads disks or pictures.
"""

import signal
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import Mode
from sakshya.casefile.finding import find
from sakshya.domain.faults import SakshyaFault
from sakshya.domain.item import ItemId
from sakshya.domain.locator import Locator
from sakshya.domain.person import Person, Role
from sakshya.domain.unexamined import Reason
from sakshya.gui.clear import Clear
from sakshya.gui.evidence.listed import MARKED, Listed
from sakshya.triage.engine.child import as_fault
from sakshya.workbench import Workbench
from sakshya.workbench.jobs import JobTicket


def serve(pipe: Connection, given: JobTicket) -> None:
    """Answer (ticket, method, values) with (ticket, "done" or "fault", value) until the window is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bench: Workbench | None = None
    try:
        while True:
            ticket, method, values = pipe.recv()
            try:
                bench = bench or _join(given)
                pipe.send((ticket, "done", _ANSWERS[method](bench, values)))
            except SakshyaFault as fault:
                pipe.send((ticket, "fault", fault))
            except (EOFError, OSError):
                raise
            except Exception as error:  # noqa: BLE001  # door: clerk process
                pipe.send((ticket, "fault", as_fault(error)))
    except (EOFError, OSError):
        pass  # the window is gone
    finally:
        if bench is not None:
            bench.close()


def _join(given: JobTicket) -> Workbench:
    # A session that only reads holds no lock and so has no token to show.
    mode = Mode.JOIN if given.token else Mode.READ
    case = CaseFile.open(given.folder, key=given.key, mode=mode, token=given.token)
    return Workbench(case, given.desk, given.by)


def _look(bench: Workbench, values: Mapping[str, Any]) -> Clear:
    clear = bench.look(
        ItemId(values["item"]), values["long_side"], second=values["second"], reason=values.get("reason", "")
    )
    return Clear(clear.width, clear.height, clear.rgb)


def _look_ended(bench: Workbench, values: Mapping[str, Any]) -> None:
    bench.look_ended(bench.case.items.get(ItemId(values["item"])), values["seconds"])


def _tree(bench: Workbench, values: Mapping[str, Any]) -> Listed:
    number = values["number"]
    page = bench.browse.page(number, values["locator"], values["page"])
    here = {str(entry.locator): row for row, entry in enumerate(page.entries)}
    marks: dict[int, set[Reason]] = {}
    for text, reason in bench.case.unexamined.reasons_at(number, MARKED):
        if text in here:
            marks.setdefault(here[text], set()).add(reason)
    return Listed(page, {row: frozenset(reasons) for row, reasons in marks.items()})


def _layout(bench: Workbench, values: Mapping[str, Any]) -> object:
    return bench.browse.layout(Locator.parse(values["locator"]))


def _window(bench: Workbench, values: Mapping[str, Any]) -> object:
    return bench.browse.window(Locator.parse(values["locator"]), values["offset"])


def _facets(bench: Workbench, values: Mapping[str, Any]) -> object:
    return bench.case.items.facets(values["filter"])


def _find(bench: Workbench, values: Mapping[str, Any]) -> list[int]:
    return find(bench.case.items, values["words"])


def _add_person(bench: Workbench, values: Mapping[str, Any]) -> Person:
    return bench.add_person(
        values["name"], Role(values["role"]), values["designation"], passphrase=values["passphrase"]
    )


def _change_passphrase(bench: Workbench, values: Mapping[str, Any]) -> None:
    bench.change_passphrase(values["old"], values["new"])


def _ledger_problems(bench: Workbench, values: Mapping[str, Any]) -> list[str]:
    return bench.case.ledger.problems()


_ANSWERS: Mapping[str, Callable[[Workbench, Mapping[str, Any]], object]] = {
    "look": _look,
    "look_ended": _look_ended,
    "tree": _tree,
    "layout": _layout,
    "window": _window,
    "facets": _facets,
    "find": _find,
    "add_person": _add_person,
    "change_passphrase": _change_passphrase,
    "ledger_problems": _ledger_problems,
}
