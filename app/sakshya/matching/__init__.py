"""Compares digests with known sets and gives their codes a meaning."""
