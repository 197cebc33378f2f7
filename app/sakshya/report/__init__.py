"""Gathers every number once, prints the papers, seals the bundle."""
