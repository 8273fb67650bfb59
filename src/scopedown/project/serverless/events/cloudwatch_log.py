"""The event ``cloudwatchLog``."""
