"""The event ``cloudwatchEvent``."""
