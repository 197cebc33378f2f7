"""The gallery: grey mosaics, looking while a key is held, deciding."""
