"""Files found by their content alone."""
