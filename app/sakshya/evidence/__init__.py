"""Reads disk images, volumes and file systems, and never writes to them."""
