"""Remembers a case: entries, items, decisions, people and the ledger, in one folder."""

from sakshya.casefile.casefile import CaseFile
from sakshya.casefile.driver import Mode
from sakshya.casefile.entries import EntryCounts, PendingEntry, WalkState
from sakshya.casefile.faults import (
    CaseBusyFault,
    CaseDamagedFault,
    CaseFault,
    CaseNewerFault,
    DiskFullFault,
    WrongKeyFault,
)
from sakshya.casefile.findings_digest import finding_lines, findings_digest, fingerprints_digest
from sakshya.casefile.head import CaseHead
from sakshya.casefile.item_filter import ItemFilter, Order, parse_filter
from sakshya.casefile.items import Facets, ItemCounts, Items
from sakshya.casefile.ledger import Ledger, SealedHead
from sakshya.casefile.people import People, Signer
from sakshya.casefile.reconcile import reconcile

__all__ = [
    "CaseBusyFault",
    "CaseDamagedFault",
    "CaseFault",
    "CaseFile",
    "CaseHead",
    "CaseNewerFault",
    "DiskFullFault",
    "EntryCounts",
    "Facets",
    "ItemCounts",
    "ItemFilter",
    "Items",
    "Ledger",
    "Mode",
    "Order",
    "PendingEntry",
    "People",
    "SealedHead",
    "Signer",
    "WalkState",
    "WrongKeyFault",
    "finding_lines",
    "findings_digest",
    "fingerprints_digest",
    "parse_filter",
    "reconcile",
]
