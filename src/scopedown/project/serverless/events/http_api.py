"""The event ``httpApi``."""
