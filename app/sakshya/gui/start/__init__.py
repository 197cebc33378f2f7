"""The first screen: the list of cases, and making a new one."""
