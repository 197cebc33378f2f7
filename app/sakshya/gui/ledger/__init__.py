"""Every act of the case, as recorded."""
