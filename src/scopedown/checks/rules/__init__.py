"""One module, one rule: each has a ``RULE``. A new rule is one file here."""
