"""Runs batches in worker processes with limits and blame."""
