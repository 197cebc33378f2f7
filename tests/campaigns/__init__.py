"""Long runs that look for what the suite cannot: fuzzing, killing, millions of items."""
