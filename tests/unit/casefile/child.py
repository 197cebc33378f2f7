"""What the tests let other processes do to a case: `python -m tests.unit.casefile.child WORK FOLDER [KEY]`."""

import os
import sys
import time
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import Mode
from sakshya.casefile.lock import CaseLock
from sakshya.domain.faults import SakshyaFault
from tests.unit.casefile.building import AT, finding


def hold(folder: Path) -> None:
    """Hold the lock until killed."""
    lock = CaseLock.take(folder)
    sys.stdout.write(f"held by {lock.holder.pid}\n")
    sys.stdout.flush()
    time.sleep(60)


def scan(folder: Path, key: bytes | None) -> None:
    """Record everything pending in small batches, each with its line in the ledger."""
    with CaseFile.open(folder, key=key) as case:
        for page in case.entries.pending_pages("EX-1", page=20):
            with case.transaction():
                case.items.record([finding(one.id, one.locator.path) for one in page])
                case.ledger.append("batch", "EX-1", who="scan", at=AT, zone="UTC", public={"n": len(page)})


def read_without_privileges(folder: Path, key: bytes | None) -> None:
    """Read the case, then try to write it, as somebody who may not write there."""
    # The interpreter may lie where only its owner can read, so that what it imports late is imported now.
    folder.absolute().as_uri()
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    with CaseFile.open(folder, key=key, mode=Mode.READ) as case:
        sys.stdout.write(f"read {[one.number for one in case.exhibits.all()]}\n")
    try:
        CaseFile.open(folder, key=key).close()
    except SakshyaFault as fault:
        sys.stdout.write(f"refused: {fault}\n")


def main() -> None:
    work, folder = sys.argv[1], Path(sys.argv[2])
    key = bytes.fromhex(sys.argv[3]) if sys.argv[3:] and sys.argv[3] else None
    match work:
        case "hold":
            hold(folder)
        case "scan":
            scan(folder, key)
        case "read":
            read_without_privileges(folder, key)


if __name__ == "__main__":
    main()
