"""The event ``kafka``."""
