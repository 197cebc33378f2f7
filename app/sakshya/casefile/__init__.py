"""Remembers a case: entries, items, decisions, people and the ledger, in one folder."""
