"""Volumes made from the bytes of another volume."""
