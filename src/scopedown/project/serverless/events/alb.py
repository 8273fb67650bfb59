"""The event ``alb``."""
