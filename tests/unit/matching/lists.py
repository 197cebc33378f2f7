"""Builds harmless lists for the tests: digests of numbers, in every form that suppliers write."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from sakshya.domain.category import CodeMeaning, Scheme
from sakshya.domain.digests import Digests
from sakshya.domain.match import KnownSet, SetKind
from sakshya.matching.importers import ImportOptions, commit, plan
from sakshya.matching.sets import SetFolder

AT = "2026-11-23T09:00:00.000000Z"
CONTEXT_20 = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"
CONTEXT_13 = "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media"
TEAPOTS = Scheme(
    "teapots",
    "1",
    "Teapots",
    "the tests",
    (
        CodeMeaning("0", "No tableware", False, "0"),
        CodeMeaning("1", "Teapot", True, "1"),
        CodeMeaning("A2", "Plain teapot", True, "2"),
    ),
)


def content(number: int) -> bytes:
    return f"teapot {number}".encode()


def digests_of(data: bytes) -> Digests:
    return Digests(hashlib.md5(data).hexdigest(), hashlib.sha1(data).hexdigest(), hashlib.sha256(data).hexdigest())


def digests(number: int) -> Digests:
    return digests_of(content(number))


def options(**changes: object) -> ImportOptions:
    answers: dict[str, object] = {"name": "Teapots", "version": "1", "kind": SetKind.KNOWN, "scheme": TEAPOTS}
    return ImportOptions(**{**answers, **changes})  # type: ignore[arg-type]


def vics(records: Iterable[object], *, key: str = "@odata.context", context: str = CONTEXT_20) -> bytes:
    return json.dumps({key: context, "value": list(records)}).encode()


def record(number: int, **changes: object) -> Mapping[str, object]:
    one = {"MediaID": number, "MD5": digests(number).md5, "SHA1": digests(number).sha1, "Category": 1}
    return {**one, "MediaSize": len(content(number)), **changes}


def imported(folder: Path, data: bytes, **changes: object) -> tuple[SetFolder, KnownSet]:
    folder.mkdir(exist_ok=True)
    file = folder / "list.txt"
    file.write_bytes(data)
    sets = SetFolder(folder / "sets")
    return sets, commit(plan(file, options(**changes)), sets, at=AT)
