"""The event ``sns``."""
