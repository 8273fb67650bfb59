"""The event ``schedule``."""
