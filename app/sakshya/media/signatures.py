"""First bytes that name a format by themselves: fixed bytes at a fixed offset."""

from sakshya.domain.media import Kind, Sniffed

Signature = tuple[int, bytes, Sniffed]


def _picture(mime: str, name: str) -> Sniffed:
    return Sniffed(Kind.PICTURE, mime, name)


def _video(mime: str, name: str) -> Sniffed:
    return Sniffed(Kind.VIDEO, mime, name)


def _audio(mime: str, name: str) -> Sniffed:
    return Sniffed(Kind.AUDIO, mime, name)


def _document(mime: str, name: str) -> Sniffed:
    return Sniffed(Kind.DOCUMENT, mime, name)


def _archive(mime: str, name: str) -> Sniffed:
    return Sniffed(Kind.ARCHIVE, mime, name)


def _other(mime: str, name: str) -> Sniffed:
    return Sniffed(Kind.OTHER, mime, name)


TIFF = _picture("image/tiff", "tiff")
BIGTIFF = _picture("image/tiff", "bigtiff")
JP2 = _picture("image/jp2", "jp2")
PNM = _picture("image/x-portable-anymap", "pnm")

PICTURES: tuple[Signature, ...] = (
    (0, b"\xff\xd8\xff", _picture("image/jpeg", "jpeg")),
    (0, b"\x89PNG\r\n\x1a\n", _picture("image/png", "png")),
    (0, b"\x8aMNG\r\n\x1a\n", _picture("video/x-mng", "mng")),
    (0, b"GIF87a", _picture("image/gif", "gif")),
    (0, b"GIF89a", _picture("image/gif", "gif")),
    (6, b"HEAPCCDR", _picture("image/x-canon-crw", "crw")),
    (0, b"FUJIFILMCCD-RAW", _picture("image/x-fuji-raf", "raf")),
    (0, b"\x00MRM", _picture("image/x-minolta-mrw", "mrw")),
    (0, b"FOVb", _picture("image/x-sigma-x3f", "x3f")),
    (0, b"\x89LFP\r\n\x1a\n", _picture("image/x-lytro-lfp", "lfp")),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", JP2),
    (0, b"\xff\x4f\xff\x51", _picture("image/x-jp2-codestream", "j2k")),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", _picture("image/jxl", "jxl")),
    (0, b"\xff\x0a", _picture("image/jxl", "jxl")),
    (0, b"8BPS", _picture("image/vnd.adobe.photoshop", "psd")),
    (0, b"qoif", _picture("image/qoi", "qoi")),
    (0, b"DDS |", _picture("image/vnd.ms-dds", "dds")),
    (0, b"DDS ", _picture("image/vnd.ms-dds", "dds")),
    (0, b"\x76\x2f\x31\x01", _picture("image/x-exr", "exr")),
    (0, b"#?RADIANCE", _picture("image/vnd.radiance", "hdr")),
    (0, b"#?RGBE", _picture("image/vnd.radiance", "hdr")),
    (0, b"farbfeld", _picture("image/x-farbfeld", "farbfeld")),
    (0, b"icns", _picture("image/x-icns", "icns")),
    (0, b"\x59\xa6\x6a\x95", _picture("image/x-sun-raster", "sun")),
    (0, b"\xc5\xd0\xd3\xc6", _picture("image/x-eps", "eps")),
    (0, b"\x01\x00\x00\x00\x6c\x00\x00\x00", _picture("image/emf", "emf")),
    (0, b"\xd7\xcd\xc6\x9a", _picture("image/wmf", "wmf")),
    (0, b"gimp xcf ", _picture("image/x-xcf", "xcf")),
    (0, b"AT&TFORM", _document("image/vnd.djvu", "djvu")),
    (0, b"PGF6", _picture("image/x-pgf", "pgf")),
    (0, b"PGF7", _picture("image/x-pgf", "pgf")),
    (0, b"BPG\xfb", _picture("image/bpg", "bpg")),
)

MOVING: tuple[Signature, ...] = (
    (0, b"\x00\x00\x01\xba", _video("video/mpeg", "mpegps")),
    (0, b"\x00\x00\x01\xb3", _video("video/mpeg", "mpegvideo")),
    (0, b"FLV\x01", _video("video/x-flv", "flv")),
    (0, b"DHAV", _video("video/x-dav", "dav")),
    (0, b"DAHUA", _video("video/x-dav", "dav")),
    (0, b".RMF", _video("application/vnd.rn-realmedia", "rm")),
    (0, b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02", _video("application/mxf", "mxf")),
    (0, b"ID3", _audio("audio/mpeg", "mp3")),
    (0, b"fLaC", _audio("audio/flac", "flac")),
    (0, b"#!AMR", _audio("audio/amr", "amr")),
    (0, b"MThd", _audio("audio/midi", "mid")),
    (0, b"caff", _audio("audio/x-caf", "caf")),
    (0, b"wvpk", _audio("audio/x-wavpack", "wavpack")),
    (0, b"MAC ", _audio("audio/x-ape", "ape")),
    (0, b".snd", _audio("audio/basic", "au")),
    (0, b"#!SILK_V3", _audio("audio/x-silk", "silk")),
    (0, b"\x02#!SILK_V3", _audio("audio/x-silk", "silk")),
)

DOCUMENTS: tuple[Signature, ...] = (
    (0, b"%PDF-", _document("application/pdf", "pdf")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _document("application/x-ole-storage", "ole2")),
    (0, b"{\\rtf", _document("application/rtf", "rtf")),
    (0, b"ITSF\x03\x00\x00\x00", _document("application/vnd.ms-htmlhelp", "chm")),
)

ARCHIVES: tuple[Signature, ...] = (
    (0, b"7z\xbc\xaf\x27\x1c", _archive("application/x-7z-compressed", "7z")),
    (0, b"Rar!\x1a\x07", _archive("application/vnd.rar", "rar")),
    (0, b"\x1f\x8b\x08", _archive("application/gzip", "gzip")),
    (0, b"BZh", _archive("application/x-bzip2", "bzip2")),
    (0, b"\xfd7zXZ\x00", _archive("application/x-xz", "xz")),
    (0, b"\x28\xb5\x2f\xfd", _archive("application/zstd", "zstd")),
    (0, b"\x04\x22\x4d\x18", _archive("application/x-lz4", "lz4")),
    (0, b"MSCF", _archive("application/vnd.ms-cab-compressed", "cab")),
    (0, b"\x60\xea", _archive("application/x-arj", "arj")),
    (0, b"070701", _archive("application/x-cpio", "cpio")),
    (0, b"070702", _archive("application/x-cpio", "cpio")),
    (0, b"070707", _archive("application/x-cpio", "cpio")),
    (0, b"\xc7\x71", _archive("application/x-cpio", "cpio")),
    (0, b"\x1f\x9d", _archive("application/x-compress", "compress")),
    (257, b"ustar", _archive("application/x-tar", "tar")),
    (0, b"!<arch>\n", _archive("application/x-archive", "ar")),
    (0, b"ANDROID BACKUP\n", _archive("application/x-android-backup", "ab")),
    (32769, b"CD001", _archive("application/x-iso9660-image", "iso9660")),
    (0, b"EVF\x09\x0d\x0a\xff\x00", _archive("application/x-ewf", "ewf")),
    (0, b"EVF2\x0d\x0a\x81\x00", _archive("application/x-ewf", "ewf2")),
    (0, b"KDMV", _archive("application/x-vmdk", "vmdk")),
    (0, b"QFI\xfb", _archive("application/x-qcow", "qcow")),
    (0, b"vhdxfile", _archive("application/x-vhdx", "vhdx")),
    (0, b"conectix", _archive("application/x-vhd", "vhd")),
    (0, b"MSWIM\x00\x00\x00", _archive("application/x-ms-wim", "wim")),
    (0, b"hsqs", _archive("application/x-squashfs", "squashfs")),
    (0, b"!BDN", _archive("application/vnd.ms-outlook-pst", "pst")),
    (0, b"CMMM", _archive("application/x-thumbcache", "thumbcache")),
)

OTHERS: tuple[Signature, ...] = (
    (0, b"SQLite format 3\x00", _other("application/vnd.sqlite3", "sqlite")),
    (0, b"regf", _other("application/x-windows-registry", "regf")),
    (0, b"ElfFile\x00", _other("application/x-windows-evtx", "evtx")),
    (4, b"\xef\xcd\xab\x89", _other("application/x-ese-database", "ese")),
    (0, b"bplist00", _other("application/x-bplist", "bplist")),
    (0, b"\x4c\x00\x00\x00\x01\x14\x02\x00", _other("application/x-ms-shortcut", "lnk")),
    (0, b"\x7fELF", _other("application/x-elf", "elf")),
    (0, b"dex\n03", _other("application/vnd.android.dex", "dex")),
    (0, b"\xfe\xed\xfa\xce", _other("application/x-mach-binary", "macho")),
    (0, b"\xfe\xed\xfa\xcf", _other("application/x-mach-binary", "macho")),
    (0, b"\xce\xfa\xed\xfe", _other("application/x-mach-binary", "macho")),
    (0, b"\xcf\xfa\xed\xfe", _other("application/x-mach-binary", "macho")),
    (0, b"\xca\xfe\xba\xbe", _other("application/java-vm", "class")),
    (0, b"MZ", _other("application/vnd.microsoft.portable-executable", "exe")),
    (0, b"\x00\x01\x00\x00\x00", _other("font/ttf", "ttf")),
    (0, b"OTTO", _other("font/otf", "otf")),
    (0, b"wOFF", _other("font/woff", "woff")),
    (0, b"wOF2", _other("font/woff2", "woff2")),
)

FIXED: tuple[Signature, ...] = PICTURES + MOVING + DOCUMENTS + ARCHIVES + OTHERS
