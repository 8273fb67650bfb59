"""The event ``iot``."""
