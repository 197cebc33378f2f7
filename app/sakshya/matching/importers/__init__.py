"""One file for each format of a hash list."""
