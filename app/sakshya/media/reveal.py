"""The deliberate look: one picture or frame in full colour, in memory, for as long as it is held open."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from sakshya.domain.faults import EvidenceFault, SakshyaFault
from sakshya.domain.media import Kind, Sniffed
from sakshya.media.container import container_facts, open_container
from sakshya.media.exif import read_exif
from sakshya.media.failure import UndecodableError, one_line

if TYPE_CHECKING:
    from sakshya.media.pixels import Pixels

_ADVICE = "the item's digests and metadata stand; it can be decided on by them"


@dataclass(frozen=True, slots=True)
class Clear:
    """A clear picture: `rgb` holds rows from the top, 3 bytes a pixel. It is shown and dropped, never stored."""

    width: int
    height: int
    rgb: bytes


def reveal(stream: BinaryIO, sniffed: Sniffed, long_side: int, *, second: float | None = None) -> Clear:
    """Return the picture upright with its longer side at most `long_side` pixels, as much of it as decodes.

    Of a video, the frame at `second` (by default a frame from its middle).

    Raises:
        EvidenceFault: nothing could be decoded, or the bytes could not be read.
    """
    # The decoders are imported in the functions: whoever names `Clear` must not load them.
    from sakshya.media.pixels import fit

    try:
        moving = sniffed.kind is Kind.VIDEO
        pixels = _frame(stream, sniffed, second) if moving else _still(stream, sniffed, long_side)
        shown = fit(pixels, long_side)
        return Clear(shown.shape[1], shown.shape[0], shown[:, :, ::-1].tobytes())
    except SakshyaFault:
        raise
    except UndecodableError as error:
        what = f"the {sniffed.kind} cannot be shown ({error.failure.reason})"
        raise EvidenceFault(what, where=error.failure.detail, advice=_ADVICE) from None
    except MemoryError:
        raise EvidenceFault(f"the {sniffed.kind} needs too much memory to be shown", advice=_ADVICE) from None
    except Exception as error:  # door: hostile file  # noqa: BLE001
        said = one_line(f"{type(error).__name__}: {error}")
        raise EvidenceFault(f"the {sniffed.kind} cannot be shown", where=said, advice=_ADVICE) from None


def _still(stream: BinaryIO, sniffed: Sniffed, long_side: int) -> "Pixels":
    from sakshya.media.decode import Side, Want, decode_picture

    orientation = read_exif(stream, sniffed).orientation
    return decode_picture(stream, sniffed, Want(long_side, Side.LONG), orientation).pixels


def _frame(stream: BinaryIO, sniffed: Sniffed, second: float | None) -> "Pixels":
    from sakshya.media.frames import frame_at

    if second is None:
        with open_container(stream, sniffed) as container:
            second = (container_facts(container).duration or 0.0) / 2
    return frame_at(stream, sniffed, second)
