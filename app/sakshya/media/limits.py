"""Every limit of the media package, in one place, so that a reviewer can read them together.

They bound memory and time by what a file *declares* or by what was counted, never by a clock: the same bytes give the
same answer on a slow machine and on a fast one.
"""

MEGAPIXEL = 1_000_000

# A baseline JPEG is decoded reduced, a few rows at a time; memory hardly grows with its size.
JPEG_PIXELS = 512 * MEGAPIXEL
# A progressive JPEG keeps every coefficient (2 bytes, up to 3 a pixel) until its last scan.
PROGRESSIVE_PIXELS = 210 * MEGAPIXEL
# Everything else is decoded whole: 3 bytes a pixel, and up to 8 for a moment where the file has 16 bits and alpha.
FULL_PIXELS = 120 * MEGAPIXEL
VIDEO_PIXELS = 68 * MEGAPIXEL

# Encoded bytes that are held in memory at once; a larger file is decoded from its stream.
ENCODED_BYTES = 256 * 1024 * 1024

# A picture is fingerprinted from a decode whose shorter side has at least this many pixels (where it has them).
HASH_SIDE = 512

STORYBOARD_FRAMES = 12
# Packets of one look at a video: 12 frames need few, a hostile index may lead round in circles.
VIDEO_PACKETS = 60_000
SEEK_PACKETS = 600
REVEAL_FRAMES = 900

EXIF_READS = 20_000
EXIF_BYTES = 16 * 1024 * 1024
EXIF_TEXT = 2_000
EXIF_LIST = 64
EXIF_TAGS = 400

BOXES = 20_000
BOX_BYTES = 8 * 1024 * 1024
CHUNKS = 100_000
SEGMENTS = 20_000
IFD_ENTRIES = 4_096
IFDS = 64
