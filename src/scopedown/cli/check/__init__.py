"""``scopedown check``, its limits, outputs and baseline."""
