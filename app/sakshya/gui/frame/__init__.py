"""What surrounds every screen: rail, case bar, status line, menus, key card, blank page."""
