"""HEIC and HEIF through libheif, which also turns the picture as its boxes ask."""

from typing import BinaryIO, cast

import numpy as np

from sakshya.domain.unexamined import Reason
from sakshya.media.failure import UndecodableError, out_of_memory, too_many_pixels
from sakshya.media.limits import FULL_PIXELS
from sakshya.media.pixels import Pixels

_BROKEN = (EOFError, IndexError, OSError, OverflowError, RuntimeError, SyntaxError, TypeError, ValueError)


def heif_decode(stream: BinaryIO) -> Pixels:
    """Return the primary picture as BGR, upright.

    Raises:
        UndecodableError: it did not decode; carries the reason.
        EvidenceFault: the bytes could not be read.
    """
    # libheif is mapped only where such a file is met.
    import pillow_heif

    stream.seek(0)
    try:
        found = pillow_heif.open_heif(stream)
        width, height = found.size
        if width * height > FULL_PIXELS:
            raise too_many_pixels(width, height, FULL_PIXELS)
        picture = found.to_pillow().convert("RGB")
    except _BROKEN as error:
        cut = "end of file" in str(error).lower() or isinstance(error, EOFError)
        reason = Reason.CUT_SHORT if cut else Reason.NOT_DECODABLE
        raise UndecodableError(reason, str(error) or type(error).__name__) from None
    except MemoryError:
        raise out_of_memory() from None
    return cast(Pixels, np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]))
