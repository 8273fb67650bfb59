"""The event ``msk``."""
