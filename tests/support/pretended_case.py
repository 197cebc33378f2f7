"""A case that is only pretended: as many items as wanted, made when asked for, with mosaics of a hard test card."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from sakshya.domain.category import CodeMeaning, Scheme
from sakshya.domain.decision import Decision
from sakshya.domain.digests import Digests
from sakshya.domain.faults import OperatorFault, SakshyaFault
from sakshya.domain.item import Item, ItemId, Status, Tile
from sakshya.domain.media import Kind, MediaReport
from sakshya.gui.clear import Clear

COLUMNS, ROWS = 16, 12
CARD_SIDE = 480
SCHEME = Scheme(
    "pretended",
    "1",
    "Pretended scheme",
    "this test",
    (
        CodeMeaning("1", "Teapot", True, "1"),
        CodeMeaning("2", "Kettle", False, "2"),
        CodeMeaning("0", "Neither", False, "0"),
    ),
)


def detailed_card(side: int = CARD_SIDE) -> np.ndarray:
    """Return a grey test card with fine detail everywhere: checks of two pixels, changing in strength across it."""
    rows, columns = np.indices((side, side))
    checks = ((rows // 2 + columns // 2) % 2) * 255
    swing = 0.4 + 0.15 * (np.sin(rows / side * 9) + np.cos(columns / side * 7) + 2)
    return (checks * swing).astype(np.uint8)


def card_cells() -> bytes:
    """Return the test card's mosaic: the mean of each cell, as a worker makes it."""
    card = detailed_card()
    high, wide = CARD_SIDE // ROWS, CARD_SIDE // COLUMNS
    return card.reshape(ROWS, high, COLUMNS, wide).mean(axis=(1, 3)).astype(np.uint8).tobytes()


class PretendedItems:
    """Items 1 to `count`; every tenth is known, every twenty-fifth could not be decoded, the rest is undecided."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.decided: dict[int, str] = {}
        self.queries = 0
        self._cells = card_cells()

    def status(self, item: int) -> Status:
        if item in self.decided:
            return Status.DECIDED
        if item % 10 == 0:
            return Status.KNOWN
        return Status.UNEXAMINED if item % 25 == 0 else Status.UNDECIDED

    def tile(self, item: int) -> Tile:
        status = self.status(item)
        drawn = status in (Status.UNDECIDED, Status.DECIDED)
        label = {Status.KNOWN: "TEAPOTS 1", Status.UNEXAMINED: "not decodable: cut short"}.get(
            status, self.decided.get(item, "")
        )
        return Tile(
            ItemId(item), status, Kind.PICTURE, f"IMG_{item}.JPG", 2_100_000, label, COLUMNS if drawn else 0,
            ROWS if drawn else 0, self._cells if drawn else None, 1 + item % 3, False,
        )  # fmt: skip

    def tiles(self, ids: Sequence[int]) -> list[Tile]:
        self.queries += 1
        return [self.tile(int(item)) for item in ids]

    def ids(self, wanted: object = None) -> np.ndarray:
        everything = np.arange(1, self.count + 1, dtype=np.int64)
        chosen = getattr(wanted, "status", frozenset())
        if not chosen:
            return everything
        return np.array([item for item in everything if self.status(int(item)) in chosen], dtype=np.int64)

    def named(self, part: str) -> list[int]:
        return [item for item in range(1, self.count + 1) if part in self.tile(item).name]

    def get(self, item: int | str) -> Item:
        digests = Digests("0" * 32, "1" * 40, f"{int(item):064x}")
        tile = self.tile(int(item))
        return Item(tile.id, digests, tile.size, tile.kind, "image/jpeg", tile.status, MediaReport(), (), None, ())


class PretendedClerk(QObject):
    """Answers a look with the test card in clear, after the event loop came round; keeps what it was asked."""

    answered = Signal(int, object)
    failed = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.fault: SakshyaFault | None = None
        self.held_back = False
        self.items: PretendedItems | None = None
        self._waiting: list[int] = []

    def ask(self, method: str, **values: object) -> int:
        self.asked.append((method, values))
        ticket = len(self.asked)
        if method == "look":
            self._waiting.append(ticket)
            if not self.held_back:
                QTimer.singleShot(0, self, self.answer)
        if method == "find" and self.items is not None:
            found, words = self.items.named(str(values["words"])), str(values["words"])
            QTimer.singleShot(0, self, lambda: self.answered.emit(ticket, [int(words)] if words.isdigit() else found))
        return ticket

    def answer(self) -> None:
        for ticket in self._waiting:
            if self.fault is not None:
                self.failed.emit(ticket, self.fault)
            else:
                card = detailed_card()
                rgb = np.repeat(card[:, :, None], 3, axis=2).tobytes()
                self.answered.emit(ticket, Clear(CARD_SIDE, CARD_SIDE, rgb))
        self._waiting.clear()

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.asked]

    def close(self) -> None:
        self._waiting.clear()


class PretendedCase:
    def __init__(self, count: int) -> None:
        self.items = PretendedItems(count)


class PretendedSession(QObject):
    """What the review screen needs of a session."""

    changed = Signal(str)
    said = Signal(str)
    faulted = Signal(object)

    def __init__(self, count: int) -> None:
        super().__init__()
        self.case = PretendedCase(count)
        self.scheme = SCHEME
        self.looking, self.reading = PretendedClerk(), PretendedClerk()
        self.reading.items = self.case.items
        self.undo_words = ""
        self.zone = ZoneInfo("UTC")
        self.meanings: dict[str, str] = {}
        self.steps: list[list[int]] = []
        self.fail_next = False
        self.shut = ""

    @contextmanager
    def guarded(self) -> Iterator[None]:
        try:
            yield
        except SakshyaFault as fault:
            self.faulted.emit(fault)

    def decide(self, items: Sequence[int], code: CodeMeaning, reason: str = "") -> list[Decision]:
        if self.fail_next:
            self.fail_next = False
            self.faulted.emit(OperatorFault("the disk that holds the case is full"))
            return []
        self.steps.append(list(items))
        category = SCHEME.category(code.code)
        self.case.items.decided.update(dict.fromkeys(items, str(category)))
        return [Decision(n, item, category, "me", "2026-01-01T00:00:00Z", reason, None) for n, item in enumerate(items)]

    def undo(self) -> list[int]:
        taken = self.steps.pop() if self.steps else []
        for item in taken:
            self.case.items.decided.pop(item, None)
        return taken
