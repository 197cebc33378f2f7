"""The certificate of the Schedule of the BSA, 2023 (section 63(4)(c)): Part A for the party, Part B for the expert.

What the exhibit's particulars state and what was computed is filled in. Everything a person declares stays blank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sakshya.domain.digests import Digests
from sakshya.domain.exhibit import Exhibit, Verification
from sakshya.domain.faults import OperatorFault, VerificationFault
from sakshya.report.drafts import Body, Draft
from sakshya.report.masking import masked_file
from sakshya.report.statutory import Filling, fill, load_statutes
from sakshya.report.templates import Form
from sakshya.shipped import case_templates

TEMPLATE = "shared/schedule.typ"
_COMPUTED = ("sha1", "sha256", "md5")
_SOURCES = ("Computer/Storage Media", "DVR", "Mobile", "Flash Drive", "CD/DVD", "Server", "Cloud", "Other")


@dataclass(frozen=True, slots=True)
class Stated:
    """What one form says of hashes: the words in the blank, and the digests behind the algorithms computed."""

    reference: str
    digests: Digests | None
    algorithms: tuple[str, ...]


def schedule(draft: Draft) -> Body:
    """Return Part A or Part B, one form for each exhibit."""
    statutes = load_statutes(case_templates())
    is_party = draft.form is Form.BSA_63_4_A
    lines = statutes.lines_a if is_party else statutes.lines_b
    state = _party_states if is_party else _expert_states
    forms = [
        {"lines": fill(lines, _device(one.exhibit) | _hashes(state(draft, one.exhibit)))}
        for one in draft.facts.exhibits
    ]
    words = dict(statutes.headings)
    words["part"] = words["part_a" if is_party else "part_b"]
    subtitle = f"{words['act']}, {words['heading']} {words['reference']}, {words['part']}"
    title = f"{words['title']}, {words['part'].partition(' (')[0]}"
    return Body(title, subtitle, TEMPLATE, {"forms": forms, "form": words})


def _party_states(draft: Draft, exhibit: Exhibit) -> Stated:
    """Part A states the first whole computation, and the enclosed report."""
    first = exhibit.first_computation
    if first is None and not draft.report.contents:
        return Stated("", None, ())
    return Stated(draft.reference, first.digests if first else None, _COMPUTED)


def _expert_states(draft: Draft, exhibit: Exhibit) -> Stated:
    """Part B states the expert's own computation, or nothing."""
    own = expert_computations([exhibit], draft.answers.get("expert")).get(exhibit.number)
    return Stated(draft.reference, own.digests, _COMPUTED) if own else Stated("", None, ())


def expert_computations(exhibits: Sequence[Exhibit], expert: str | None) -> dict[str, Verification]:
    """Return, by exhibit, the last whole computation by `expert`, or by anyone but the person of the first one.

    Raises:
        OperatorFault: the expert named made the first computation, which Part A states.
        VerificationFault: an expert's digests differ from those first computed.
    """
    found: dict[str, Verification] = {}
    for exhibit in exhibits:
        first = exhibit.first_computation
        if first is None:
            continue
        if expert is not None and expert == first.by:
            raise OperatorFault(
                f"{expert} made the computation that Part A states",
                where=exhibit.number,
                advice="Part B is for another person, from that person's own computation",
            )
        own = [one for one in exhibit.verifications if one.digests and one.by != first.by and expert in (None, one.by)]
        if own:
            found[exhibit.number] = own[-1]
            _require_equal(exhibit, first, own[-1])
    return found


def _require_equal(exhibit: Exhibit, first: Verification, own: Verification) -> None:
    if own.digests != first.digests:
        raise VerificationFault(
            f"two computations over {exhibit.number} differ: by {first.by} and by {own.by}",
            where=f"{first.at} and {own.at}",
            advice="find out why before a certificate is printed; both results stand in the report",
        )


def _device(exhibit: Exhibit) -> dict[str, Filling]:
    stated = {key: value.strip() for key, value in exhibit.particulars}
    source = stated.get("source_type", "")
    ticks = tuple(n for n, name in enumerate(_SOURCES) if _plain(name) == _plain(source))
    other = stated.get("source_type_other", "") or ("" if ticks else source)
    return {
        "device": Filling(ticks=ticks),
        "other": Filling((other,)),
        "make_model": Filling((stated.get("make_model", ""), stated.get("color", ""))),
        "serial": Filling((stated.get("serial_number", ""),)),
        "imei": Filling((stated.get("imei_uin_uid_mac_cloud_id", ""),)),
        "information": Filling((_information(exhibit, stated),)),
    }


def _information(exhibit: Exhibit, stated: Mapping[str, str]) -> str:
    memo, other = stated.get("seizure_memo_no", ""), stated.get("other_information", "")
    file = masked_file(exhibit.files[0]) if exhibit.files else ""
    parts = (
        f"exhibit {exhibit.number}",
        f"seizure memo {memo}" if memo else "",
        f"read as {exhibit.container.format}, {exhibit.container.size:,} bytes, file {file}",
        other,
    )
    return "; ".join(filter(None, parts))


def _hashes(stated: Stated) -> dict[str, Filling]:
    values = dict(stated.digests.items()) if stated.digests else {}
    lines = {name: Filling(ticks=(0,), after=values.get(name, "as annexed")) for name in stated.algorithms}
    return {"hash": Filling((stated.reference,)), **lines}


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
