"""How far a scan goes."""

from enum import StrEnum


class Depth(StrEnum):
    """How far a scan goes; a later, deeper scan goes on from an earlier one and repeats nothing.

    `quick` reads the files whose size a known set states, then what likely is a picture or a video; `standard` sniffs,
    hashes and examines every file that a file system lists, and what lies inside those files; `full` also reads shadow
    copies and searches free space for lost pictures and videos.
    """

    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"
