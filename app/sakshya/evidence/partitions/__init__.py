"""One file for each kind of partition table."""
