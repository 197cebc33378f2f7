import numpy as np
import pytest

from sakshya.domain.faults import EvidenceFault
from sakshya.media.reveal import Clear, reveal
from tests.unit.media.generated import encoded, oriented, png_declaring, quarters, rings, stream_of, video


def _pixels(clear: Clear) -> np.ndarray:
    return np.frombuffer(clear.rgb, np.uint8).reshape(clear.height, clear.width, 3)


def test_a_reveal_is_upright_in_full_colour_and_as_large_as_asked() -> None:
    clear = reveal(*stream_of(oriented(encoded(quarters(1200, 900), ".jpg"), 3)), 600)

    assert (clear.width, clear.height) == (600, 450)
    assert abs(int(_pixels(clear)[10, 10, 0]) - 255) < 5


def test_red_is_first() -> None:
    red = np.zeros((20, 20, 3), np.uint8)
    red[:, :, 2] = 255

    assert _pixels(reveal(*stream_of(encoded(red, ".png")), 100))[5, 5].tolist() == [255, 0, 0]


def test_a_small_picture_is_not_enlarged() -> None:
    clear = reveal(*stream_of(encoded(rings(30, 20), ".png")), 1600)

    assert (clear.width, clear.height) == (30, 20)


def test_what_is_left_of_a_picture_is_shown() -> None:
    data = encoded(rings(800, 600), ".jpg")

    assert reveal(*stream_of(data[: len(data) // 2]), 400).width == 400


def test_a_video_is_shown_at_a_second() -> None:
    data = video("mp4", "mpeg4")

    early, late = (reveal(*stream_of(data), 320, second=second) for second in (0.0, 3.5))

    assert (early.width, early.height) == (320, 240)
    assert early != late
    assert reveal(*stream_of(data), 160).width == 160


@pytest.mark.parametrize("data", [png_declaring(40_000, 40_000), b"\xff\xd8\xff\xe0nothing", b"RIFF\x24\0\0\0AVI LIST"])
def test_what_cannot_be_shown_is_one_clear_line(data: bytes) -> None:
    with pytest.raises(EvidenceFault) as caught:
        reveal(*stream_of(data), 800)

    assert "cannot be shown" in str(caught.value)
    assert "\n" not in str(caught.value)
