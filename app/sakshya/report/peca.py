"""The expert certificate used in Pakistan, where the law asks for certain contents but prescribes no form."""

from sakshya.report import blocks
from sakshya.report.blocks import Block
from sakshya.report.certificate_parts import blanks, devices, left_blank, manner, matter, producing, records, statements
from sakshya.report.drafts import Body, Draft
from sakshya.report.result_sections import counts, settled_counts
from sakshya.report.texts import load_texts

TEMPLATE = "shared/certificate.typ"


def peca(draft: Draft) -> Body:
    """Return the certificate: facts filled in, the expert's statements and opinion beside empty boxes."""
    words = draft.words["pk"]
    working = statements([words["working_statement"]])
    opinions = statements(words["opinions"])
    sections = [
        blocks.section(words["referral"], [matter(draft)]),
        blocks.section(words["expert"], [blanks(words["expert_labels"])]),
        blocks.section(words["exhibits"], [*devices(draft), records(draft)]),
        blocks.section(words["system"], producing(draft)),
        blocks.section(words["working"], [blocks.text(words["working_intro"]), working]),
        blocks.section(words["security"], [blocks.bullets(words["security_items"]), manner(draft)]),
        blocks.section(words["custody"], _custody(draft)),
        blocks.section(words["findings"], _findings(draft)),
        blocks.section(
            words["opinion"], [blocks.text(words["opinion_intro"]), opinions, blanks(words["opinion_labels"])]
        ),
        blocks.section(words["limits"], [blocks.bullets(load_texts("en").tables["limits"].values())]),
        blocks.section(words["notice"], [blocks.bullets(words["notices"])]),
        blocks.section(words["sign_section"], [blocks.sign(words["sign"]), blanks(words["labels"]), left_blank(draft)]),
    ]
    return Body(words["title"], words["subtitle"], TEMPLATE, {"sections": sections})


def _custody(draft: Draft) -> list[Block]:
    words = draft.words["pk"]
    rows = [(words["received"], draft.field("received_on"))]
    for one in draft.facts.exhibits:
        memo = dict(one.exhibit.particulars).get("seizure_memo_no", "").strip()
        rows.append((f"{words['memo']}, {one.exhibit.number}", memo or "not recorded"))
    rows.append((words["made"], draft.facts.head.generated_local))
    return [blocks.text(words["custody_intro"]), blocks.pairs(rows), blanks(words["custody_labels"])]


def _findings(draft: Draft) -> list[Block]:
    texts = load_texts("en")
    return [
        blocks.text(draft.words["pk"]["findings_intro"]),
        counts((draft.facts.results.total, *draft.facts.results.statuses), texts),
        *settled_counts(draft.facts, texts),
    ]
