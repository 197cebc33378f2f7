"""A deliberate look at one item: decoded from the exhibit again, in a process of its own, into memory only."""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from sakshya.domain.exhibit import Exhibit
from sakshya.domain.locator import Locator
from sakshya.domain.source_stream import SourceStream
from sakshya.media.sniff import HEAD_BYTES, sniff

if TYPE_CHECKING:
    from sakshya.media.reveal import Clear

# A picture is read whole; more than this is read as the decoder asks for it.
_WHOLE = 256 << 20


def start_looking(exhibits: tuple[Exhibit, ...]) -> Callable[[str, int, float | None], "Clear"]:
    """Return, in the looking process, the function that decodes what lies at a locator.

    The returned function takes the locator's text, the longest side wanted in pixels and, for a video, the second.
    """
    # Here and not above: only the looking process loads the disk library and the picture libraries.
    from sakshya.evidence.tree import ExhibitReader
    from sakshya.media.reveal import reveal

    known = {exhibit.number: exhibit for exhibit in exhibits}
    readers: dict[str, ExhibitReader] = {}

    def look(locator_text: str, long_side: int, second: float | None) -> "Clear":
        locator = Locator.parse(locator_text)
        if locator.exhibit not in readers:
            readers[locator.exhibit] = ExhibitReader(known[locator.exhibit])
        source = readers[locator.exhibit].source(locator)
        sniffed = sniff(source.read_at(0, HEAD_BYTES), source.size)
        if source.size <= _WHOLE:
            return reveal(io.BytesIO(b"".join(source.chunks())), sniffed, long_side, second=second)
        return reveal(io.BufferedReader(SourceStream(source)), sniffed, long_side, second=second)

    return look
