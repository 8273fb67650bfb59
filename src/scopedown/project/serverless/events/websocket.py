"""The event ``websocket``."""
