"""Where the case stands and what comes next."""
