"""What an import would do, in words, before anything is committed."""

from sakshya.gui import html, theme
from sakshya.gui.texts import tr
from sakshya.gui.texts.numbers import count, size
from sakshya.matching.importers import ImportPlan


def describe(plan: ImportPlan) -> str:
    """Return the page for one plan: first what to beware of, then what each code means, then the account."""
    return html.page(
        html.heading(f"{plan.options.name}, {tr('version')} {plan.options.version}"),
        *_cautions(plan),
        html.heading(tr("What each code means here")),
        _codes(plan),
        html.heading(tr("What was read")),
        html.rows(_account(plan)),
        *_problems(plan),
    )


def _cautions(plan: ImportPlan) -> list[str]:
    colour = theme.current().warn
    lines = [f'<p style="color:{colour}"><b>!</b> {html.text(one)}</p>' for one in plan.cautions]
    if plan.needs:
        words = tr("These codes have no meaning yet and must be given one: {codes}", codes=", ".join(plan.needs))
        lines.append(f'<p style="color:{theme.current().bad}"><b>{html.text(words)}</b></p>')
    return lines


def _codes(plan: ImportPlan) -> str:
    rows = [
        (
            one.code,
            f"{html.text(count(one.rows))} · <b>{html.text(one.label or tr('nobody states a meaning'))}</b>"
            f"{' · ' + html.text(tr('notable')) if one.notable else ''}"
            f" · {html.text(tr('stated by'))} {html.name(one.stated_by)}",
        )
        for one in plan.codes
    ]
    if plan.uncoded:
        rows.append((tr("no code"), html.text(count(plan.uncoded))))
    return html.rows(rows)


def _account(plan: ImportPlan) -> list[tuple[str, str]]:
    rows = [
        (tr("File"), html.name(str(plan.file))),
        (tr("Format"), html.text(plan.format)),
        (tr("Size"), html.text(size(plan.source_size))),
        ("SHA-256", html.code(plan.source_sha256)),
        (tr("Rows"), html.text(count(plan.rows))),
        (tr("Used"), html.text(count(plan.used))),
        (tr("Used in part"), html.text(count(plan.partly))),
        (tr("Not usable"), html.text(count(plan.rejected))),
        (tr("Empty file, left out"), html.text(count(plan.empty))),
        (tr("With a size"), html.text(count(plan.sized))),
    ]
    rows += [(name.upper(), html.text(count(number))) for name, number in plan.usable]
    if plan.photodna or plan.other_hashes:
        rows.append((tr("Other hashes, not kept"), html.text(count(plan.photodna + plan.other_hashes))))
    return rows


def _problems(plan: ImportPlan) -> list[str]:
    if not plan.problems:
        return []
    rows = ((tr("row {number}").format(number=one.number), html.text(one.reason)) for one in plan.problems)
    return [html.heading(tr("The first rows that were not used, or only in part")), html.rows(rows)]
