"""What plugins change about a service, one module for each plugin, as its source does it.

The module of ``serverless-plugin-log-retention`` is ``log_retention`` (:func:`~..plugin_effects.module_name`); its
``EFFECT`` says at which of the framework's steps it changes what, its docstring the version that was read. Each is held
against the plugin's own output by ``tests/oracle/test_plugins.py``.
"""
