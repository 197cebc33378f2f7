"""What the window asks of the reading process: folders, where bytes lie, pages of bytes."""

from collections.abc import Callable, Mapping
from typing import Any

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.entry import Entry
from sakshya.domain.locator import Locator
from sakshya.triage.engine.child import Server
from sakshya.triage.listing import PAGE_ENTRIES, Layout, Page, Window, start_answering
from sakshya.workbench.unchanged import require_unchanged

# A folder of a million names takes a minute to list.
_SECONDS = 600.0
_Note = Callable[[str, str, Mapping[str, object], Mapping[str, object]], None]


class Browser:
    """Reads the exhibits of one case in another process, for somebody who looks around in them.

    Every method raises EvidenceFault where the exhibit cannot be read, or changed since it was hashed.
    """

    def __init__(self, case: CaseFile, note: _Note) -> None:
        self._case = case
        self._note = note
        self._server: Server | None = None
        self._viewed: set[str] = set()

    def page(self, number: str, locator_text: str | None, index: int) -> Page:
        """Return one page of a folder; see `triage.listing.Answering.page`."""
        answer: Page = self._ask(number, "page", number, locator_text, index)
        return answer

    def everything(self, number: str, locator_text: str | None) -> list[Entry]:
        """Return all entries of a folder, or the volumes of an exhibit."""
        first = self.page(number, locator_text, 0)
        entries = list(first.entries)
        while len(entries) < first.total:
            entries += self.page(number, locator_text, len(entries) // PAGE_ENTRIES).entries
        return entries

    def layout(self, locator: Locator) -> Layout:
        """Return where a stream's bytes lie; see `triage.listing.Answering.layout`."""
        answer: Layout = self._ask(locator.exhibit, "layout", str(locator))
        return answer

    def window(self, locator: Locator, offset: int) -> Window:
        """Return 64 KiB of a file that is no picture and no video; the first time, the ledger line is written before.

        Raises:
            OperatorFault: it is a picture or a video, or byte runs that may hold one.
        """
        if str(locator) not in self._viewed:
            self._note("exhibit.view", locator.exhibit, {}, {"locator": str(locator)})
            self._viewed.add(str(locator))
        answer: Window = self._ask(locator.exhibit, "window", str(locator), offset)
        return answer

    def close(self) -> None:
        """End the process; the next question starts another."""
        if self._server is not None:
            self._server.close()
        self._server = None

    def _ask(self, number: str, *question: object) -> Any:  # noqa: ANN401 - one of three answers
        require_unchanged(self._case.exhibits.get(number))
        if self._server is None:
            self._server = Server(start_answering, tuple(self._case.exhibits.all()))
        return self._server.call(*question, timeout=_SECONDS)
