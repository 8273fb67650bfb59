"""The forms in which changes are shown: one module, one form."""
