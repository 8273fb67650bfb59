"""The framework's kinds of event, one module each: its ``KIND`` is all that is known of it.

A new event is one module here (:class:`~scopedown.project.serverless.event_kinds.EventKind` says what it may hold).
Each handles its event for all functions at once, as the framework does, in the order of the kinds. What several kinds
share, and the parts of the larger ones, is in :mod:`.parts`.
"""
