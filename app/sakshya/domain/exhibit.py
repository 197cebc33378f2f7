"""One seized item, the image files that hold it, and what was stated and computed about it."""

from dataclasses import dataclass, field

from sakshya.domain.digests import Digests
from sakshya.domain.locator import Run


@dataclass(frozen=True, slots=True)
class StatedDigest:
    """A digest somebody stated: `by` is "examiner" or "container"; `algorithm` is md5, sha1 or sha256."""

    algorithm: str
    value: str
    by: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The device's clock beside a reference clock when it was seized, ISO 8601; offset is device minus reference."""

    device: str
    reference: str
    offset_seconds: int


@dataclass(frozen=True, slots=True)
class ContainerFacts:
    """What the image files say of themselves. `size` is the exhibit's length in bytes, not the files'."""

    format: str
    size: int
    sector_size: int
    segments: tuple[str, ...]
    stored: tuple[StatedDigest, ...] = ()
    acquisition: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes of the exhibit that could not be read as stored, and why."""

    run: Run
    reason: str


@dataclass(frozen=True, slots=True)
class FileStamp:
    """An image file as the system described it: its length in bytes and when it was last written, in nanoseconds."""

    path: str
    bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Verification:
    """Digests computed over the whole exhibit, and how they compare with the stated ones.

    `digests` is None where the exhibit could not be read to its end. `agrees` is None where nothing was stated.
    `files` are the image files as they were before the computation began.
    """

    at: str
    by: str
    digests: Digests | None
    bytes_read: int
    damage: tuple[Damage, ...]
    agrees: bool | None
    differing: tuple[str, ...] = ()
    files: tuple[FileStamp, ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One seized item. `files` are absolute paths of its image files, first segment first.

    `particulars` are the Schedule's fields (BSA 2023 s.63(4)): source_type, make_model, color, serial_number,
    imei_uin_uid_mac_cloud_id, other_information, and seizure_memo_no. `zone` is the zone assumed for local times.
    `keys` are the passwords and recovery keys that the examiner supplied; each is tried on whatever is encrypted.
    """

    number: str
    files: tuple[str, ...]
    container: ContainerFacts
    stated: tuple[StatedDigest, ...] = ()
    particulars: tuple[tuple[str, str], ...] = ()
    zone: str | None = None
    clock: Clock | None = None
    write_blocker: str | None = None
    mismatch_reason: str | None = None
    verifications: tuple[Verification, ...] = field(default=())
    keys: tuple[str, ...] = field(default=(), repr=False)

    @property
    def first_computation(self) -> Verification | None:
        """The first verification that reached the exhibit's end."""
        return next((one for one in self.verifications if one.digests), None)

    @property
    def last_verification(self) -> Verification | None:
        """The last verification, whether it reached the exhibit's end or not."""
        return self.verifications[-1] if self.verifications else None
