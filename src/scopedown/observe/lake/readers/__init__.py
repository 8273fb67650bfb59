"""Readers that deliver logs to the expression as plain columns (:data:`scopedown.observe.lake.expression.RECORDS`)."""
