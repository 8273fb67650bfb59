"""The event ``cloudFront``."""
