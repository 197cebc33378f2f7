"""The finished-scan page: every count of the case set against each other, and whether they agree."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from sakshya.gui.parts import label, set_state
from sakshya.gui.texts import isolated, tr
from sakshya.gui.texts.numbers import count, exact_size


class FinishedPage(QFrame):
    """Shows the balance that a scan's summary holds; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Card")
        self.lines: QLabel = label("", "muted")
        self.verdict: QLabel = label("")
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        box.addWidget(label(tr("What was found, counted"), "heading"))
        box.addWidget(self.lines)
        box.addWidget(self.verdict)
        self.hide()

    def show_summary(self, summary: Mapping[str, Any] | None) -> None:
        """Show the balance of a finished scan; hide where there is no scan, or one of an older version."""
        balance = summary.get("balance") if summary else None
        self.setVisible(balance is not None)
        if balance is None:
            return
        lines = [*map(_entries, balance["exhibits"]), _contents(balance["contents"])]
        lines += [_bytes(one) for one in balance["exhibits"] if one["bytes"] is not None]
        self.lines.setText("\n".join(lines))
        self._judge(balance["problems"], sum(one["not_reached"] for one in balance["exhibits"]))

    def _judge(self, problems: Sequence[str], not_reached: int) -> None:
        if not problems:
            self.verdict.setText(tr("Every count agrees with the others."))
            set_state(self.verdict, "good")
        elif not_reached:
            words = tr("{count} files were not reached at this depth; a standard scan goes on with them.")
            self.verdict.setText(words.format(count=count(not_reached)))
            set_state(self.verdict, "warn")
        else:
            self.verdict.setText("\n".join(problems))
            set_state(self.verdict, "bad")


def _entries(one: Mapping[str, Any]) -> str:
    return tr(
        "{exhibit}: {entries} entries = {read} read + {unexamined} not examined + {left} not reached",
        exhibit=isolated(one["exhibit"]),
        entries=count(one["entries"]),
        read=count(one["read"]),
        unexamined=count(one["unexamined"]),
        left=count(one["not_reached"]),
    )


def _contents(counts: Mapping[str, int]) -> str:
    return tr(
        "{total} distinct contents = {known} known + {ignorable} ignorable + {decided} decided"
        " + {undecided} undecided + {other} not media + {unexamined} not examined",
        total=count(counts["total"]),
        known=count(counts["known"]),
        ignorable=count(counts["ignorable"]),
        decided=count(counts["decided"]),
        undecided=count(counts["undecided"]),
        other=count(counts["not-media"]),
        unexamined=count(counts["unexamined"]),
    )


def _bytes(one: Mapping[str, Any]) -> str:
    return tr(
        "{exhibit}: {total} = {files} in files + {free} unallocated + {slack} slack + {other} not addressable",
        exhibit=isolated(one["exhibit"]),
        total=exact_size(one["bytes"]),
        files=exact_size(one["in_files"]),
        free=exact_size(one["unallocated"]),
        slack=exact_size(one["slack"]),
        other=exact_size(one["not_addressable"]),
    )
