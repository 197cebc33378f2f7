"""What the window remembers between runs: theme, language, tile size, recent cases. Nothing of a case's content."""

import json
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

_RECENT_LIMIT = 20


@dataclass(frozen=True, slots=True)
class RecentCase:
    """One line of the case list: where the case lies and what it was called when last open."""

    folder: str
    title: str
    opened_at: str


class Settings:
    """The user's choices, kept in one small file of the user's own settings folder, or in `path`."""

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Sakshya", "sakshya")
        else:
            self._store = QSettings(str(path), QSettings.Format.IniFormat)

    def text(self, name: str, default: str) -> str:
        """Return a choice, or `default` where none was made."""
        return str(self._store.value(name, default))

    def number(self, name: str, default: int) -> int:
        """Return a choice that is a whole number, or `default` where none was made or it is not a number."""
        try:
            return int(self.text(name, str(default)))
        except ValueError:
            return default

    def keep(self, name: str, value: str | int) -> None:
        """Remember a choice."""
        self._store.setValue(name, str(value))
        self._store.sync()

    def recent(self) -> list[RecentCase]:
        """Return the cases opened last, newest first; a damaged list counts as empty."""
        try:
            rows = json.loads(self.text("recent", "[]"))
            return [RecentCase(str(row[0]), str(row[1]), str(row[2])) for row in rows]
        except (ValueError, IndexError, TypeError):
            return []

    def remember_case(self, case: RecentCase) -> None:
        """Put a case at the top of the list."""
        rest = [one for one in self.recent() if one.folder != case.folder]
        rows = [[one.folder, one.title, one.opened_at] for one in [case, *rest][:_RECENT_LIMIT]]
        self.keep("recent", json.dumps(rows))
