"""Reads pictures and videos from streams: what they are, their digests, facts and fingerprints."""
