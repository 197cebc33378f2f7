import io
import subprocess
import sys
from pathlib import Path

import pytest

from sakshya.domain.faults import EvidenceFault
from sakshya.domain.media import Kind, Sniffed
from sakshya.domain.unexamined import Reason
from sakshya.media.examine import Look, examine
from tests.unit.media.generated import encoded, oriented, png_declaring, rings, stream_of, video


def test_a_look_at_a_picture_gives_facts_fingerprints_and_a_mosaic() -> None:
    found = examine(*stream_of(oriented(encoded(rings(1600, 1200), ".jpg"), 6)), look=Look.DECODE)

    assert found.failure is None
    assert (found.report.facts.width, found.report.facts.height) == (1600, 1200)
    assert [print_.algorithm for print_ in found.report.fingerprints] == ["pdq", "phash"]
    assert found.report.fingerprints[0].decode == "cv2 reduced 1/2; area 512"
    assert found.report.mosaic is not None
    assert (found.report.mosaic.columns, found.report.mosaic.rows) == (9, 12)
    assert dict(found.report.exif) == {"Orientation": 6}


def test_a_look_at_a_video_gives_facts_frames_and_a_mosaic() -> None:
    found = examine(*stream_of(video("avi", "mjpeg", sound=True)), look=Look.DECODE)

    assert (found.report.facts.codec, found.report.facts.has_audio) == ("mjpeg", True)
    assert 1 <= len(found.report.frames) <= 12
    assert found.report.mosaic is not None
    assert found.report.fingerprints == ()


def test_a_look_at_facts_imports_no_decoder() -> None:
    script = """
import io, sys
from sakshya.media.examine import Look, examine
from sakshya.media.sniff import sniff
data = open(sys.argv[1], "rb").read()
found = examine(io.BytesIO(data), sniff(data, len(data)), look=Look.FACTS)
assert found.failure is None and found.report.facts.width == 320, found
assert found.report.fingerprints == () and found.report.frames == () and found.report.mosaic is None
assert not {"cv2", "PIL", "pillow_heif", "imagehash", "scipy"} & sys.modules.keys()
assert not {name for name in sys.modules if name.startswith("sakshya.media.decode") or name == "sakshya.media.frames"}
"""
    for data in (encoded(rings(320, 200), ".jpg"), encoded(rings(320, 200), ".webp"), video("matroska", "mpeg4")):
        run = subprocess.run(
            [sys.executable, "-c", script.replace('sys.argv[1], "rb"', '0, "rb"')],
            input=data,
            capture_output=True,
            check=False,
            env={"PYTHONPATH": str(Path(sys.modules["sakshya"].__path__[0]).parent)},
        )
        assert run.returncode == 0, run.stderr.decode()


def test_what_fails_keeps_its_facts_and_states_its_reason() -> None:
    found = examine(*stream_of(png_declaring(40_000, 40_000)), look=Look.DECODE)

    assert found.failure is not None
    assert found.failure.reason is Reason.TOO_LARGE
    assert found.report.facts.width == 40_000
    assert found.report.problem == found.failure.detail
    assert examine(*stream_of(png_declaring(40_000, 40_000)), look=Look.FACTS).failure is None


def test_a_video_without_its_index_is_cut_short() -> None:
    data = video("mp4", "mpeg4")

    found = examine(*stream_of(data[: data.index(b"moov") - 4]), look=Look.DECODE)

    assert found.failure is not None
    assert found.failure.reason is Reason.CUT_SHORT
    assert "moov" in found.failure.detail


def test_documents_and_archives_are_not_looked_into() -> None:
    found = examine(*stream_of(b"%PDF-1.7\n"), look=Look.DECODE)

    assert found.failure is None
    assert found.report.mosaic is None


def test_bytes_that_cannot_be_read_are_the_disk_s_fault_and_not_the_picture_s() -> None:
    class Damaged(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise EvidenceFault("chunk 7 is damaged", where="EX-1")

    for sniffed in (Sniffed(Kind.PICTURE, "image/jpeg", "jpeg"), Sniffed(Kind.PICTURE, "image/gif", "gif")):
        with pytest.raises(EvidenceFault, match="chunk 7"):
            examine(Damaged(b"x" * 99), sniffed, look=Look.DECODE)


@pytest.mark.parametrize("error", [RuntimeError("odd"), MemoryError()])
def test_whatever_a_hostile_file_raises_is_a_reason(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("sakshya.media.examine.picture_size", fail)

    found = examine(*stream_of(encoded(rings(64, 64), ".png")), look=Look.DECODE)

    assert found.failure is not None
    expected = Reason.MEMORY_LIMIT if isinstance(error, MemoryError) else Reason.NOT_DECODABLE
    assert found.failure.reason is expected


def test_the_same_bytes_give_the_same_report() -> None:
    for data in (encoded(rings(900, 800), ".jpg"), video("mp4", "mpeg4"), encoded(rings(90, 80), ".jpg")[:900]):
        first, second = (examine(*stream_of(data), look=Look.DECODE) for _ in range(2))

        assert first == second
