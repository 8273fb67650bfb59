"""The forms of an observation: text for people, JSON (``scopedown.observe/1``)."""
