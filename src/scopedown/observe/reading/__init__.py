"""Readers of logs: each delivers the same table ``used`` (:class:`scopedown.observe.model.Used`)."""
