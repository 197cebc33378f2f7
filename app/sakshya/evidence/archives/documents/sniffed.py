"""The extension a member without a name gets, told by its first bytes."""

_MARKS = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tif"),
    (b"MM\0*", "tif"),
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"RIFF", "riff"),
)


def extension(head: bytes) -> str:
    """Return an extension without its dot, "bin" where the bytes tell none."""
    if head[4:8] == b"ftyp":
        return "mp4"
    return next((name for mark, name in _MARKS if head.startswith(mark)), "bin")
