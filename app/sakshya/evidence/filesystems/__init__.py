"""One file for each file-system reader."""
