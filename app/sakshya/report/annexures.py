"""What every certificate encloses: the hash report in print, and the facts outside the form."""

from sakshya.report import blocks
from sakshya.report.blocks import Block
from sakshya.report.certificate_parts import manner, matter, producing
from sakshya.report.drafts import Draft
from sakshya.report.hash_report import annexure
from sakshya.report.templates import Form

PRESCRIBED = (Form.BSA_63_4_A, Form.BSA_63_4_B)


def hash_annexure(draft: Draft) -> dict[str, object]:
    """Return the annexure that prints the hash report; for Part B it says whose computation it is."""
    common = draft.words["common"]
    made: list[Block] = []
    if draft.form is Form.BSA_63_4_B:
        experts = ", ".join(sorted({row.by for row in draft.report.exhibits}))
        if experts:
            made.append(blocks.note(common["expert_is"].format(by=experts)))
        else:
            made.append(blocks.warning(common["expert_none"]))
    return blocks.section(common["annex_hash"], [*made, *annexure(draft.report, draft.enclosed, common)])


def facts_annexure(draft: Draft) -> dict[str, object]:
    """Return the annexure of a prescribed form, which itself holds nothing but what is prescribed."""
    common = draft.words["common"]
    made = [blocks.note(common["left_blank"]), blocks.note(common["two_people"])]
    made += [blocks.heading(common["matter"]), matter(draft)]
    made += [blocks.heading(common["manner"]), manner(draft), *producing(draft)]
    return blocks.section(common["annex_facts"], made)
