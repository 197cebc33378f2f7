"""Proof that what leaves the case holds no picture and no video, or a refusal.

Only a few kinds of file may leave, told by their content. A PDF is taken apart object by object; a text is searched
for pictures written as characters. What cannot be taken apart is refused like what holds a picture.
"""

from pathlib import Path

from sakshya.domain.faults import VerificationFault
from sakshya.report.disguises import refused_in_text
from sakshya.report.pdf_parts import refused_in_pdf

LARGEST = 1 << 30
"""No file of a bundle is larger than this, in bytes: it is read whole to be searched."""

_TEXTS = frozenset({".csv", ".json", ".jsonl", ".txt", ".py", ".sig"})


def refuse_pictures(folder: Path) -> None:
    """Check every file under `folder` and return only if none of them can hold a picture or a video.

    Raises:
        VerificationFault: names the first file that may not leave, and why.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or path.is_file():
            reason = refused(path)
            if reason:
                raise VerificationFault(
                    f"nothing was exported: {reason}",
                    where=path.relative_to(folder).as_posix(),
                    advice="a bundle must be image-free; report this file's origin",
                )


def refused(path: Path) -> str:
    """Return why a file may not leave the case, in words; empty where it may."""
    if path.is_symlink():
        return "a link is not a file"
    if path.stat().st_size > LARGEST:
        return "the file is too large to be searched"
    content = path.read_bytes()
    if path.suffix == ".pdf":
        return refused_in_pdf(content)
    if path.suffix not in _TEXTS:
        return f"files of the kind {path.suffix or 'without extension'} do not leave the case"
    return refused_in_text(content)
