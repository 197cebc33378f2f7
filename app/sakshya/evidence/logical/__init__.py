"""Exhibits that are files and not a disk."""
