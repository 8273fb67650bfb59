"""The forms in which a :class:`~scopedown.checks.results.Report` is shown: one module, one form."""
