"""Scans an exhibit: which entry is read when, by which process, with what outcome."""
