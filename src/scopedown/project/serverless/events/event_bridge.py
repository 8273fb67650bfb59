"""The event ``eventBridge``."""
