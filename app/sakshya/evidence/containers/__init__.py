"""One file for each container format of a disk image."""
