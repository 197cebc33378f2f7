"""Prints papers in a process of its own and answers with paths alone.

What the report package returns would make the window load the PDF library and, with it, a picture library.
"""

from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sakshya.workbench.jobs import JobTicket, run_job


class _PathsOnly:
    """Our end of the pipe as `run_job` sees it: what is done leaves as a list of paths."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def send(self, message: tuple[str, Any]) -> None:
        """Send a message on."""
        kind, value = message
        self._pipe.send((kind, written_paths(value) if kind == "done" else value))

    def poll(self) -> bool:
        """Tell whether something came."""
        return self._pipe.poll()

    def recv(self) -> Any:  # noqa: ANN401 - as a pipe's own
        """Return what came."""
        return self._pipe.recv()


def print_papers(pipe: Connection, given: JobTicket, method: str, arguments: dict[str, Any]) -> None:
    """Do as `run_job` does for a method that writes papers; ("done", …) carries a list of paths."""
    run_job(_PathsOnly(pipe), given, method, arguments)  # type: ignore[arg-type]


def written_paths(result: object) -> list[Path]:
    """Return the paths that a paper's result names: a path, a list of them, or a bundle's folder."""
    if isinstance(result, Path):
        return [result]
    if isinstance(result, list | tuple):
        return [path for one in result for path in written_paths(one)]
    folder = getattr(result, "folder", None)
    return [folder] if isinstance(folder, Path) else []
