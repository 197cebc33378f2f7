"""The examiner's signature over a bundle: who, when, over which files and which ledger head."""

import json
from collections.abc import Mapping
from pathlib import Path

from sakshya.casefile.people import Signer
from sakshya.domain.digests import file_sha256
from sakshya.domain.ledger import canonical
from sakshya.report.verifier import SIGNATURE, SIGNED_FILES


def write_signature(
    bag: Path, signer: Signer, person: Mapping[str, str], head: tuple[int, str], signed_at: str
) -> None:
    """Write `signature.json`: a statement and the signature over its canonical JSON.

    The statement names the SHA-256 of the manifest, and with it that of every file, so that changing any of them, the
    person, the time or the ledger head breaks the signature.
    """
    statement = {
        "what": "Sakshya bundle",
        "files": {name: file_sha256(bag / name) for name in SIGNED_FILES},
        "ledger_head": {"seq": head[0], "hash": head[1]},
        "name": signer.name,
        "role": person.get("role", ""),
        "designation": person.get("designation", ""),
        "public_key": signer.public_key,
        "signed_at": signed_at,
    }
    seal = {
        "algorithm": "Ed25519",
        "statement": statement,
        "signature": signer.sign(canonical(statement)).hex(),
    }
    text = json.dumps(seal, indent=1, ensure_ascii=True, sort_keys=True)
    (bag / SIGNATURE).write_bytes(text.encode("ascii") + b"\n")
