"""What each language is where its code runs: the ``runtime.py`` of its folder of ``scopedown/languages/``."""

from __future__ import annotations

import importlib
from functools import cache

from scopedown.calls.machine import Language


@cache
def language(name: str) -> Language:
    """A language by its name; its built-ins are loaded at the first request.

    >>> language("python").separator
    '.'
    """
    made: Language = importlib.import_module(f"scopedown.languages.{name}.runtime").LANGUAGE
    return made
