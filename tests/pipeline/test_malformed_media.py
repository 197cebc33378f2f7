"""Every malformed file ends in a result or in a reason, in bounded time, and never in an exception."""

import io
import json
import time
from pathlib import Path

import pytest

from sakshya.domain.media import Kind
from sakshya.domain.unexamined import Reason
from sakshya.media.digest import Digester
from sakshya.media.examine import Look, MediaExamined, examine
from sakshya.media.sniff import HEAD_BYTES, sniff
from tests.support.third_party import third_party

pytestmark = pytest.mark.data

# Processor seconds for one file; the slowest measured took 0.6, its libraries' first import included.
_SECONDS = 10.0
# A sample cut inside its picture data, one cut before it, a light field, and a song.
_PHOTOS_NOT_DECODED = {"QuickTime.heic", "QuickTime.mov", "Lytro.lfp", "QuickTime.m4a"}


def _files(kind: str) -> list[tuple[Path, dict[str, str]]]:
    folder = third_party()
    listed = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))["manifest"]
    return [(folder / one["path"], one) for one in listed if one["kind"] == kind]


def _examine(path: Path, look: Look = Look.DECODE) -> tuple[Kind, MediaExamined]:
    data = path.read_bytes()
    sniffed = sniff(data[:HEAD_BYTES], len(data))
    return sniffed.kind, examine(io.BytesIO(data), sniffed, look=look)


def test_every_malformed_file_is_decoded_or_given_a_reason() -> None:
    files = _files("malformed")
    assert len(files) == 298

    for path, _ in files:
        began = time.process_time()
        kind, found = _examine(path)
        assert time.process_time() - began < _SECONDS, path.name
        if kind in (Kind.PICTURE, Kind.VIDEO):
            assert (found.failure is None) == (found.report.mosaic is not None), path.name
        if found.failure is not None:
            assert isinstance(found.failure.reason, Reason)
            assert found.failure.detail, path.name
            assert "0x" not in found.failure.detail, path.name
        if found.report.partial:
            assert found.report.problem, path.name


def test_every_malformed_file_has_facts_without_a_decoder() -> None:
    for path, _ in _files("malformed"):
        _, found = _examine(path, Look.FACTS)

        assert found.report.mosaic is None
        assert found.report.fingerprints == ()
        json.dumps(dict(found.report.exif), allow_nan=False)


def test_every_malformed_file_is_hashed_as_its_origin_says() -> None:
    for path, stated in _files("malformed"):
        digester = Digester()
        digester.update(path.read_bytes())
        found = digester.finish()

        assert (found.md5, found.sha1, found.sha256) == (stated["md5"], stated["sha1"], stated["sha256"]), path.name


def test_every_photograph_is_decoded_but_those_that_hold_none() -> None:
    undecoded = set()
    for path, _ in _files("photo"):
        _, found = _examine(path)
        if found.report.mosaic is None:
            undecoded.add(path.name)
            assert found.failure is not None or path.suffix == ".m4a"

    assert undecoded == _PHOTOS_NOT_DECODED
