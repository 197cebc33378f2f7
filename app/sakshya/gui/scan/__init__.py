"""Starting, watching and stopping a scan, and the list of what was not examined."""
