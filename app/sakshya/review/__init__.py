"""Lets a person look and decide, and records both."""
