"""What an exhibit's files say of themselves, and whether its bytes agree with what was stated."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from sakshya.domain.digests import Digests
from sakshya.domain.exhibit import ContainerFacts, Damage, Exhibit, StatedDigest
from sakshya.domain.faults import StoppedFault
from sakshya.evidence.containers import Container, open_container
from sakshya.evidence.damage import merged

_BLOCK = 4 << 20
_BETWEEN = 0.1


@dataclass(frozen=True, slots=True)
class VerifyProgress:
    """How far a verification is, in bytes of the exhibit."""

    bytes_done: int
    bytes_total: int


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What a verification found; `digests` is None where bytes could not be read. `bytes_read` leaves those out."""

    digests: Digests | None
    bytes_read: int
    damage: tuple[Damage, ...]


def describe(files: Sequence[str]) -> ContainerFacts:
    """Return what an exhibit's files say of themselves; of many segments the first is enough.

    Raises:
        OperatorFault: a file does not exist or is a folder.
        EvidenceFault: the files cannot be opened as an exhibit.
    """
    container = open_container(files)
    try:
        return container.facts
    finally:
        container.close()


def verify(exhibit: Exhibit, cancel: Callable[[], bool]) -> Iterator[VerifyProgress | VerifyResult]:
    """Read the exhibit once, with three digests in the same pass; yield progress and last the result.

    Damaged bytes are listed and not hashed: with damage there are no digests, because zeros in place of lost bytes
    would make digests of something that never was. Reading goes on to the end all the same, to list all of it.

    Raises:
        StoppedFault: `cancel` said so.
        EvidenceFault: the exhibit cannot be opened.
    """
    container = open_container(exhibit.files)
    hashes = (hashlib.md5(usedforsecurity=False), hashlib.sha1(usedforsecurity=False), hashlib.sha256())
    damage: list[Damage] = []
    told = 0.0
    try:
        with ThreadPoolExecutor(2) as pool:
            pending: list[Future[None]] = []
            for offset, block, met in _blocks(container):
                _settle(pending)
                if cancel():
                    raise StoppedFault("stopped while verifying", where=exhibit.number, advice="verify it again later")
                damage.extend(met)
                if not damage:
                    # hashlib lets go of the interpreter: MD5 alone takes about as long as the two others together.
                    pending = [pool.submit(_feed, hashes[:1], block), pool.submit(_feed, hashes[1:], block)]
                if time.monotonic() - told >= _BETWEEN:
                    told = time.monotonic()
                    yield VerifyProgress(offset + len(block), container.size)
            _settle(pending)
        lost = merged(damage)
        yield VerifyProgress(container.size, container.size)
        digests = None if lost else Digests(*(one.hexdigest() for one in hashes))
        yield VerifyResult(digests, container.size - sum(one.run.length for one in lost), lost)
    finally:
        container.close()


def compare(stated: Sequence[StatedDigest], digests: Digests | None) -> tuple[bool | None, tuple[str, ...]]:
    """Return whether computed digests agree with all stated ones, and which of those differ.

    The first is None where nothing was stated, or nothing could be computed.
    """
    if digests is None or not stated:
        return None, ()
    computed = dict(digests.items())
    known = [one for one in stated if one.algorithm in computed]
    differing = tuple(
        f"{one.algorithm} stated by {one.by}" for one in known if computed[one.algorithm] != one.value.strip().lower()
    )
    return (not differing if known else None), differing


def _blocks(container: Container) -> Iterator[tuple[int, bytes, list[Damage]]]:
    for offset in range(0, container.size, _BLOCK):
        block, met = container.read_around_damage(offset, _BLOCK)
        yield offset, block, met


def _feed(hashes: "tuple[hashlib._Hash, ...]", block: bytes) -> None:
    for one in hashes:
        one.update(block)


def _settle(pending: list[Future[None]]) -> None:
    for one in pending:
        one.result()
    pending.clear()
