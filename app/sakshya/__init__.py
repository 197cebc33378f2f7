"""Sakshya: forensic triage of disk images, read and never written."""

__version__ = "0.1.0"
