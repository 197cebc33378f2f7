"""The values and errors everything else speaks in; imports nothing of ours."""
