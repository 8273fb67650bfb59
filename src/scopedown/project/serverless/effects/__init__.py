"""What plugins change about a service, as their source does it: plugins of one theme in one module.

A module's ``EFFECTS`` say of each of its plugins (``serverless-plugin-log-retention`` is ``log_retention``) at which of
the framework's steps it changes what; the docstring of the first function names the version that was read. A file
``.yml`` of a module holds the resources that it adds (:mod:`~..fragments`). Each plugin is held against its own output
by ``tests/oracle/test_plugins.py``.
"""
