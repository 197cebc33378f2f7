"""The certificate under section 65B(4) of the Indian Evidence Act, 1872, for which no form is prescribed."""

from sakshya.report import blocks
from sakshya.report.certificate_parts import blanks, devices, left_blank, manner, matter, producing, records, statements
from sakshya.report.drafts import Body, Draft
from sakshya.report.statutory import load_statutes
from sakshya.shipped import case_templates

TEMPLATE = "shared/certificate.typ"


def section_65b(draft: Draft) -> Body:
    """Return the certificate; the four conditions stand beside empty boxes, the signature is blank."""
    words, statutes = draft.words["iea"], load_statutes(case_templates())
    conditions = statements(statutes.conditions)
    record = [blocks.text(words["record_intro"]), records(draft)]
    if draft.reference:
        record.append(blocks.text(f"{words['hash']}: {draft.reference}."))
    sections = [
        blocks.section(draft.words["common"]["matter"], [matter(draft)]),
        blocks.section(words["record"], record),
        blocks.section(words["manner"], [manner(draft)]),
        blocks.section(words["devices"], [*devices(draft), *producing(draft)]),
        blocks.section(words["conditions"], [blocks.text(words["conditions_intro"]), conditions]),
        blocks.section(
            words["signatory"],
            [blocks.text(words["belief"]), blanks(words["labels"]), blocks.sign(words["sign"]), left_blank(draft)],
        ),
    ]
    subtitle = words["subtitle"].format(act=statutes.old_act)
    return Body(words["title"], subtitle, TEMPLATE, {"sections": sections})
