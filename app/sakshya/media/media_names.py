"""Names that promise a picture or a video; what a content is, is never told by its name."""

_PICTURES = ".arw .avif .bmp .cr2 .cr3 .dng .gif .heic .heif .jfif .jp2 .jpe .jpeg .jpg .jxl .nef .orf .pef .pgf .png"
_MORE_PICTURES = ".psd .raf .rw2 .tga .tif .tiff .webp"
_VIDEOS = ".3gp .avi .flv .m4v .mkv .mov .mp4 .mpeg .mpg .webm .wmv"
_ENDINGS = tuple(f"{_PICTURES} {_MORE_PICTURES} {_VIDEOS}".split())


def promises_media(name: str) -> bool:
    """Tell whether a file of that name, or at that path, says of itself that it is a picture or a video."""
    return name.lower().endswith(_ENDINGS)
