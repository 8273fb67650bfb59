"""``scopedown deploy-policy``."""
