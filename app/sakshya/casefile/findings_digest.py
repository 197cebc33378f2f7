"""One number for all findings: same evidence, same sets, same version, same digest.

Every finding is spelt as one canonical JSON line of values that do not depend on when, where or in which order it
was found. The digest is SHA-256 over the sorted SHA-256 of the lines, section by section, so that neither the order
of rows nor the driver matters and a million lines need 80 MB and no sorting in the database.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.coding import to_json
from sakshya.casefile.driver import CaseDatabase, Row

_FINDINGS = {
    "entry": """
        SELECT exhibit.number, entry.locator, entry.filesystem, entry.kind, entry.size, entry.exact_size,
            entry.allocated, entry.recovery, entry.times, entry.link_target, item.sha256
        FROM entry JOIN exhibit ON exhibit.id = entry.exhibit LEFT JOIN item ON item.id = entry.item""",
    "item": """
        SELECT sha256, sha1, md5, size, kind, mime, failed, partial, problem, facts, exif FROM item""",
    "match": """
        SELECT item.sha256, set_name, set_version, match.kind, scheme, scheme_version, code, algorithm
        FROM match JOIN item ON item.id = match.item WHERE basis = 'exact'""",
    "unexamined": "SELECT exhibit, of, stage, reason, detail, locator, bytes FROM unexamined",
    "decision": """
        SELECT item.sha256, scheme, scheme_version, code, by, at, reason, undoes IS NOT NULL
        FROM decision JOIN item ON item.id = decision.item""",
}

_DECISIONS = "decision"

_PERCEPTUAL = {
    "fingerprint": "SELECT sha256, fingerprints, frames FROM item WHERE fingerprints NOTNULL OR frames NOTNULL",
    "mosaic": """
        SELECT sha256, columns, rows, hex(cells) FROM mosaic JOIN item ON item.id = mosaic.item""",
}


@dataclass(frozen=True, slots=True)
class FindingsDigests:
    """`findings` covers entries, digests, exact matches, metadata, reasons and decisions; `read` all but decisions.

    Row numbers, times of scanning and the paths of the exhibits' own files are left out. Both are 64 hex digits.
    """

    findings: str
    read: str


def findings_digests(case: CaseFile) -> FindingsDigests:
    """Return both digests, made in one pass over the case."""
    sections = {name: _section(case.database(), name, sql) for name, sql in _FINDINGS.items()}
    read = {name: digest for name, digest in sections.items() if name != _DECISIONS}
    return FindingsDigests(_over("findings 1", sections), _over("read 1", read))


def fingerprints_digest(case: CaseFile, versions: str) -> str:
    """Return the digest over fingerprints, frames and mosaics, 64 hex digits.

    Args:
        case: the case.
        versions: the versions of the libraries that computed them, in one line; they are part of the digest.
    """
    sections = {name: _section(case.database(), name, sql) for name, sql in _PERCEPTUAL.items()}
    return _over(f"fingerprints 1 {versions}", sections)


def finding_lines(case: CaseFile) -> Iterator[str]:
    """Yield the lines that the findings digest covers, unsorted, for finding out where two cases differ."""
    for section, sql in _FINDINGS.items():
        for row in case.database().stream(sql):
            yield _line(section, row)


def _section(db: CaseDatabase, section: str, sql: str) -> str:
    lines = sorted(hashlib.sha256(_line(section, row).encode()).digest() for row in db.stream(sql))
    whole = hashlib.sha256(to_json([section, len(lines)]).encode())
    for line in lines:
        whole.update(line)
    return whole.hexdigest()


def _over(title: str, sections: dict[str, str]) -> str:
    return hashlib.sha256(to_json([title, sections]).encode()).hexdigest()


def _line(section: str, row: Row) -> str:
    return to_json([section, *row])
