"""Known-hash sets: what is there, and importing one after seeing what it holds."""
