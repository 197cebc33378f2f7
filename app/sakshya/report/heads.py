"""What stands at the head and the foot of every page of every paper."""

import hashlib
from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

from sakshya.report.fact_types import PRACTICE_MARK, Facts
from sakshya.report.texts import Texts
from sakshya.shipped import case_templates

RESTRICTED = (
    "RESTRICTED – contains no images – identity protected: POCSO s.23/33(7), BNS s.72 (India) / PECA s.30C (Pakistan)"
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper to be issued: `kind` is such as "report" or "bsa-63-4-a", `issue` counts from 1 for each kind.

    `template` is the path of its template, `file` the name of the PDF.
    """

    kind: str
    issue: int
    title: str
    subtitle: str
    template: str
    language: str
    file: str


def paper_id(facts: Facts, paper: Paper) -> str:
    """Return the paper's UUID, the same whenever the same issue of the same case is made."""
    return str(uuid5(NAMESPACE_OID, f"sakshya:{facts.head.case_id}:{paper.kind}:{paper.issue}"))


def template_digest(template: str) -> str:
    """Return the SHA-256 over everything in the folder of templates that decides how a paper looks and reads."""
    root = case_templates()
    digest = hashlib.sha256(template.encode("ascii"))
    for path in sorted((root / "shared").iterdir(), key=lambda one: one.name):
        # Line ends differ between a checkout on Windows and one elsewhere; the words do not.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def page_head(facts: Facts, paper: Paper, texts: Texts) -> dict[str, object]:
    """Return the typesetter's `head`: title, running lines, the restricted line, the ledger head."""
    head, fields = facts.head, facts.fields
    matter = fields.get("fir_no") or fields.get("enquiry_no") or texts("paper.not_recorded")
    seq, digest = head.ledger
    identity = paper_id(facts, paper)
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "author": fields.get("unit_name", ""),
        "keywords": [f"ledger-head:{seq}:{digest}", f"document:{identity}", f"issue:{paper.issue}"],
        "practice": head.practice,
        "practice_line": PRACTICE_MARK,
        "running_title": f"{paper.title} · {texts('label.issue')} {paper.issue}",
        "running_case": f"{fields.get('unit_name') or texts('paper.not_recorded')} · {matter}",
        "restricted": RESTRICTED,
        "page_of": texts("paper.page_of"),
        "footing": f"Document {identity} · {head.generated_utc} · ledger line {seq}, {digest[:16]}…",
        "replaced_note": texts("paper.replaced"),
    }
