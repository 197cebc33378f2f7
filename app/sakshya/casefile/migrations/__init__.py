"""The case database's versions, one file a step."""
