"""Values and errors."""
