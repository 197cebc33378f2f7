"""What importing a hash list would do, as lines for a person and as a row for a script."""

from sakshya.matching.importers import ImportPlan


def plan_lines(plan: ImportPlan) -> list[str]:
    """Return the plan in words: format, rows, hashes, each code with its meaning and count, cautions, rejected rows."""
    hashes = ", ".join(f"{count:,} {name}" for name, count in plan.usable)
    lines = [
        f"{plan.file}: {plan.format}",
        f"set {plan.set_id}, {plan.options.kind.value}, source SHA-256 {plan.source_sha256}",
        f"{plan.rows:,} records: {plan.used:,} usable ({hashes}), {plan.rejected:,} rejected, "
        f"{plan.empty:,} of the empty file",
    ]
    if plan.partly:
        lines.append(f"{plan.partly:,} records are used in part")
    if plan.photodna:
        lines.append(f"{plan.photodna:,} PhotoDNA values are not comparable here and are not kept")
    if plan.other_hashes:
        lines.append(f"{plan.other_hashes:,} values of other algorithms are not kept")
    for code in plan.codes:
        meaning = f"{code.label} (stated by {code.stated_by})" if code.label else "NO MEANING STATED"
        lines.append(f"  code {code.code}: {code.rows:,} x {meaning}")
    if plan.uncoded:
        lines.append(f"  {plan.uncoded:,} records give no code")
    lines += [f"caution: {caution}" for caution in plan.cautions]
    lines += [f"  record {row.number}: {row.reason}" for row in plan.problems]
    if plan.needs:
        lines.append("state what these codes mean with --code CODE='…': " + ", ".join(plan.needs))
    return lines


def plan_row(plan: ImportPlan) -> dict[str, object]:
    """Return the fields of `set dry-run --jsonl`."""
    return {
        "set": plan.set_id,
        "format": plan.format,
        "kind": plan.options.kind.value,
        "source_sha256": plan.source_sha256,
        "rows": plan.rows,
        "used": plan.used,
        "partly": plan.partly,
        "rejected": plan.rejected,
        "empty": plan.empty,
        "usable": dict(plan.usable),
        "codes": [
            {"code": one.code, "meaning": one.label, "stated_by": one.stated_by, "count": one.rows}
            for one in plan.codes
        ],
        "uncoded": plan.uncoded,
        "photodna": plan.photodna,
        "cautions": list(plan.cautions),
        "problems": [{"record": row.number, "reason": row.reason} for row in plan.problems],
        "needs": list(plan.needs),
    }
