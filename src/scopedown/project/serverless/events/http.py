"""The event ``http``."""
