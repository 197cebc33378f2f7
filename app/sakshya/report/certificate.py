"""Writes certificates: filled with facts, blank where a person declares, numbered, never over another file."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sakshya.casefile.casefile import CaseFile
from sakshya.domain.faults import OperatorFault
from sakshya.report.annexures import PRESCRIBED, facts_annexure, hash_annexure
from sakshya.report.drafts import Body, Draft, load_words
from sakshya.report.fact_types import Facts
from sakshya.report.gathering import gather, template_of
from sakshya.report.hash_report import HashReport, expert_report, full_report
from sakshya.report.heads import Paper, page_head
from sakshya.report.issuing import CERTIFICATE_ISSUED, Prepared, issue, next_issue, prepare
from sakshya.report.peca import peca
from sakshya.report.schedule import expert_computations, schedule
from sakshya.report.section_65b import section_65b
from sakshya.report.templates import Form
from sakshya.report.texts import load_texts

NOBODY = "person not named"


def write_certificate(  # noqa: PLR0913 - one act: what, where to, when, by whom
    case: CaseFile,
    form: Form | str,
    to: Path,
    *,
    at: datetime,
    zone: str,
    by: str = NOBODY,
    answers: Mapping[str, str] | None = None,
) -> Path:
    """Write the next issue of a certificate to the new file `to`, its hash report beside it, and both into the ledger.

    Args:
        case: the case, open for writing.
        form: which certificate.
        to: the PDF to be made; the hash report becomes `<stem>.hash-report.csv` in the same folder.
        at: the paper's time.
        zone: IANA name of the zone shown beside UTC.
        by: who prints it.
        answers: `expert` names whose computation Part B states; `manner` replaces the drafted manner of production;
            `workstation` gives make, model and serial number of the computer that printed it.

    Raises:
        OperatorFault: the case's template does not offer the form, there is no exhibit, or a file exists.
        VerificationFault: two computations over one exhibit differ.
        DiskFullFault: the disk is full; nothing is left.
    """
    wanted = Form(form)
    _require_possible(case, wanted)
    with case.transaction():
        facts = gather(case, at=at, zone=zone)
        prepared = prepare_certificate(case, facts, wanted, name=to.name, answers=answers or {})
    return issue(case, prepared, to.parent, by=by, at=at, zone=zone)[0]


def prepare_certificate(case: CaseFile, facts: Facts, form: Form, *, name: str, answers: Mapping[str, str]) -> Prepared:
    """Typeset the next issue of a certificate without issuing it; `name` is the file's."""
    enclosed = f"{Path(name).stem}.hash-report.csv"
    draft = Draft(form, facts, _hash_report(case, form, answers), enclosed, answers, load_words())
    number = next_issue(case, form.value)
    body = _body(draft)
    paper = Paper(form.value, number, body.title, body.subtitle, body.template, "en", name)
    data = {
        "head": page_head(draft.facts, paper, load_texts("en")),
        "annexures": [hash_annexure(draft), *([facts_annexure(draft)] if form in PRESCRIBED else [])],
        **body.data,
    }
    prepared = prepare(CERTIFICATE_ISSUED, draft.facts, paper, data)
    if not draft.report.count:
        return prepared
    return replace(prepared, files={**prepared.files, draft.enclosed: draft.report.csv()})


def _body(draft: Draft) -> Body:
    match draft.form:
        case Form.BSA_63_4_A | Form.BSA_63_4_B:
            return schedule(draft)
        case Form.IEA_65B:
            return section_65b(draft)
        case Form.PK_EXPERT:
            return peca(draft)


def _require_possible(case: CaseFile, form: Form) -> None:
    template = template_of(case)
    if form not in template.certificates:
        offered = ", ".join(template.certificates)
        raise OperatorFault(f"{template.id} has no form {form.value}", advice=f"its forms: {offered}")
    if not case.exhibits.all():
        raise OperatorFault("there is no exhibit to certify anything about", advice="attach an exhibit first")


def _hash_report(case: CaseFile, form: Form, answers: Mapping[str, str]) -> HashReport:
    if form is not Form.BSA_63_4_B:
        return full_report(case)
    exhibits = case.exhibits.all()
    own = expert_computations(exhibits, answers.get("expert"))
    return expert_report([(one, own[one.number]) for one in exhibits if one.number in own])
