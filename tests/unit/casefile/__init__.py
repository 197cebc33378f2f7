"""The case folder: what it keeps, refuses and survives."""
