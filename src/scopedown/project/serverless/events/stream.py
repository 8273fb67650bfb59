"""The event ``stream``."""
