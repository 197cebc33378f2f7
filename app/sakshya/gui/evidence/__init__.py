"""The exhibits of a case, how they were attached, and what file systems they hold."""
