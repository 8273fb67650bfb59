"""``scopedown check``, and what ``--fix`` does."""
