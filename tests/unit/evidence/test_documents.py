import contextlib
import io
import struct
import tracemalloc
import zlib
from collections.abc import Sequence
from email.message import EmailMessage

import cv2
import numpy as np
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf.generic import DecodedStreamObject, NameObject, NumberObject, StreamObject

from sakshya.domain.faults import EvidenceFault
from sakshya.evidence.archives import documents
from tests.support.compound_writer import compound_file

_FILETIME_2020 = (1_577_836_800 + 11_644_473_600) * 10_000_000


def _picture(width: int = 64, height: int = 48, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


def _coded(ending: str = ".jpg", seed: int = 1) -> bytes:
    return cv2.imencode(ending, _picture(seed=seed))[1].tobytes()


def _opened(data: bytes, name: str = "", keys: Sequence[str] = ()) -> dict[str, bytes]:
    token = documents.detect(data[:65536], name, len(data))
    assert token is not None
    archive = documents.FORMATS[token](io.BytesIO(data), len(data), keys)
    return {one.name: archive.open(one.index).read() for one in archive.members()}


def _blip(kind: int, instance: int, body: bytes) -> bytes:
    return struct.pack("<HHI", instance << 4, kind, len(body)) + body


def _jpeg_blip(jpeg: bytes) -> bytes:
    return _blip(0xF01D, 0x46A, b"\1" * 16 + b"\xff" + jpeg)


def test_pictures_of_a_word_document_come_out_as_they_were_put_in() -> None:
    dib = cv2.imencode(".bmp", _picture())[1].tobytes()
    emf = b"\1\0\0\0" + b"a drawing" * 99
    packed = zlib.compress(emf)
    metafile = _blip(0xF01A, 0x3D4, b"\2" * 16 + b"\0" * 32 + b"\0\xfe" + packed)
    drawn = b"odd" + _jpeg_blip(_coded()) + _blip(0xF01E, 0x6E1, b"\3" * 33 + _coded(".png")) + metafile
    drawn += _blip(0xF01F, 0x7A8, b"\3" * 17 + dib[14:])

    found = _opened(compound_file({"WordDocument": b"\xec\xa5" + b"\0" * 98, "Data": drawn}))

    assert found["picture-1.jpg"] == _coded()
    assert found["picture-2.png"] == _coded(".png")
    assert found["picture-3.emf"] == emf
    assert np.array_equal(cv2.imdecode(np.frombuffer(found["picture-4.bmp"], np.uint8), 1), _picture())
    assert found["Data"] == drawn


def test_a_picture_that_a_workbook_cut_into_records_is_joined() -> None:
    drawn = _jpeg_blip(_coded())
    cut = [drawn[:500], drawn[500:1000], drawn[1000:]]
    kinds = [0xEB, 0x3C, 0x3C]
    book = b"".join(struct.pack("<HH", kind, len(one)) + one for kind, one in zip(kinds, cut, strict=True))

    assert _opened(compound_file({"Workbook": book}))["picture-1.jpg"] == _coded()


def test_an_office_document_behind_a_password_says_so_after_its_streams() -> None:
    data = compound_file({"EncryptionInfo": b"x" * 50, "EncryptedPackage": b"y" * 50})
    archive = documents.FORMATS["ole"](io.BytesIO(data), len(data), ())
    members = archive.members()

    assert {next(members).name, next(members).name} == {"EncryptionInfo", "EncryptedPackage"}
    with pytest.raises(EvidenceFault, match="encrypted"):
        next(members)


def test_thumbs_db_gives_thumbnails_under_the_names_and_times_of_its_catalogue() -> None:
    name = "teapot.jpg".encode("utf-16-le") + b"\0\0\0\0"
    entry = struct.pack("<IIQ", 16 + len(name), 12, _FILETIME_2020) + name
    catalogue = struct.pack("<HHIII", 16, 7, 1, 96, 96) + entry
    data = compound_file({"Catalog": catalogue, "21": struct.pack("<III", 12, 1, len(_coded())) + _coded()})
    archive = documents.FORMATS["thumbsdb"](io.BytesIO(data), len(data), ())

    (member,) = archive.members()

    assert documents.detect(data, "Thumbs.db", len(data)) == "thumbsdb"
    assert member.name == "teapot.jpg.thumbnail.jpg"
    assert str(member.times.modified.value) == "2020-01-01T00:00:00Z"
    assert archive.open(0).read() == _coded()


def test_attachments_of_an_outlook_message_have_their_names() -> None:
    storage = "__attach_version1.0_#00000000"
    data = compound_file(
        {
            "__properties_version1.0": b"\0" * 32,
            f"{storage}/__substg1.0_37010102": _coded(),
            f"{storage}/__substg1.0_3707001F": "teapot.jpg".encode("utf-16-le"),
        }
    )

    assert documents.detect(data, "", len(data)) == "msg"
    assert _opened(data) == {"teapot.jpg": _coded()}


@pytest.mark.parametrize(("version", "header"), [(0x14, 56), (0x15, 48), (0x20, 56)])
def test_a_thumbnail_cache_of_each_layout_gives_pictures_under_their_keys(version: int, header: int) -> None:
    fields = struct.pack("<III", 4, 2, len(_coded()))
    head = (
        b"CMMM" + struct.pack("<IQ", header + 6 + len(_coded()), 0xABCDEF) + (b"jpg\0" * 2 if version == 0x14 else b"")
    )
    entry = (head + fields).ljust(header, b"\0") + b"a\0b\0" + b"\0\0" + _coded()

    found = _opened(
        b"CMMM" + struct.pack("<IIIII", version, 1, 24, 0, 1) + entry + entry.replace(b"\xef\xcd", b"\xee\xcd")
    )

    assert list(found) == ["0000000000abcdef.jpg", "0000000000abcdee.jpg"]
    assert set(found.values()) == {_coded()}


def _pdf(password: str = "") -> bytes:
    pages, out = io.BytesIO(), io.BytesIO()
    Image.open(io.BytesIO(_coded())).save(pages, "PDF")
    writer = pypdf.PdfWriter()
    writer.append(pages)
    writer.add_attachment("list.txt", b"attached")
    plain = StreamObject()
    plain.set_data(_picture().tobytes())
    names = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB"}
    numbers = {"/Width": 64, "/Height": 48, "/BitsPerComponent": 8}
    plain.update({NameObject(key): NameObject(value) for key, value in names.items()})
    plain.update({NameObject(key): NumberObject(value) for key, value in numbers.items()})
    writer._add_object(plain.flate_encode())
    drawn = DecodedStreamObject()
    drawn.set_data(b"BI /W 2 /H 2 /BPC 8 /CS /G ID \x01\x02\x03\x04 EI Q")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(drawn)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def test_a_pdf_gives_jpegs_as_kept_rebuilt_pixels_attachments_and_inline_pictures() -> None:
    found = _opened(_pdf())
    jpeg, plain = (one for name, one in found.items() if name.startswith("picture"))

    assert jpeg.startswith(b"\xff\xd8\xff")
    assert np.array_equal(cv2.imdecode(np.frombuffer(plain, np.uint8), 1)[:, :, ::-1], _picture())
    assert found["list.txt"] == b"attached"
    assert cv2.imdecode(np.frombuffer(found["inline-1.png"], np.uint8), 0).tolist() == [[1, 2], [3, 4]]


def test_an_encrypted_pdf_opens_with_one_of_the_keys_and_else_says_why_not() -> None:
    data = _pdf("teapot")

    assert _opened(data, keys=("wrong", "teapot"))["list.txt"] == b"attached"
    with pytest.raises(EvidenceFault, match="encrypted: none of the 1 supplied keys opens it"):
        _opened(data, keys=("wrong",))


def test_a_pdf_is_read_without_the_program_that_wants_files() -> None:
    pypdf.overwrite_configuration(jbig2dec_binary="/bin/false")
    _opened(_pdf())

    assert pypdf.get_configuration().jbig2dec_binary is None


def _message(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    message["Date"] = "Wed, 01 Jan 2020 05:00:00 +0500"
    message.set_content("From here on:\nbegin 644 old.bin\n#86)C\n`\nend\n")
    return message


def test_a_mail_box_gives_attachments_of_messages_within_messages() -> None:
    inner, outer = _message("inner"), _message("outer")
    inner.add_attachment(_coded(), maintype="image", subtype="jpeg", filename="चाय.jpg")
    outer.add_attachment(inner)
    line = b"From a@example.org Wed Jan  1 05:00:00 2020\n"

    found = _opened(line + bytes(inner) + b"\n" + line + bytes(outer) + b"\n")

    assert found["1/चाय.jpg"] == found["2/message-1/चाय.jpg"] == _coded()
    assert found["1/part-1.txt/old.bin"] == b"abc"


def test_plain_text_with_a_colon_is_no_message() -> None:
    assert documents.detect(b"Note: buy tea\nDate: tomorrow\n\nbye and more text", "a.txt", 60) is None


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["ole", "pdf", "pst", "thumbcache", "mbox"]), st.data())
def test_broken_documents_give_what_is_readable_and_then_a_fault(token: str, data: st.DataObject) -> None:
    whole = {
        "ole": compound_file({"Data": _jpeg_blip(_coded()), "Workbook": b"\xeb\0\x10\0" * 40}),
        "pdf": _pdf(),
        "pst": b"!BDN" + bytes(2000),
        "thumbcache": b"CMMM" + struct.pack("<IIIII", 0x20, 1, 24, 0, 1) + b"CMMM" + bytes(200),
        "mbox": b"From a@b Wed Jan  1 05:00:00 2020\n" + bytes(_message("s")),
    }[token]
    broken = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for _ in range(data.draw(st.integers(0, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        archive = documents.FORMATS[token](io.BytesIO(bytes(broken)), len(broken), ())
        for member in archive.members():
            archive.open(member.index).read()
    except EvidenceFault as fault:
        assert fault.reason  # noqa: PT017 - most broken files are still listed


def test_a_compound_file_that_states_more_than_it_holds_takes_no_more_memory_than_it_has() -> None:
    content = bytearray(compound_file({"Catalog": bytes(64), "1": bytes(40)}))
    # [MS-CFB] 2.2: the number of mini FAT sectors; and the chain of the first of them led back to itself.
    first = int.from_bytes(content[60:64], "little")
    content[64:68] = (1 << 23).to_bytes(4, "little")
    fat = 512 * (1 + int.from_bytes(content[76:80], "little"))
    content[fat + 4 * first : fat + 4 * first + 4] = first.to_bytes(4, "little")
    tracemalloc.start()
    try:
        with contextlib.suppress(EvidenceFault):
            _opened(bytes(content))
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert peak < 64 << 20
