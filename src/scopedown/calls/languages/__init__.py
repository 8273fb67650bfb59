"""What each language is where its code runs: one module for each row of ``source/language.py``, under its name."""

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
    made: Language = importlib.import_module(f"scopedown.calls.languages.{name}").LANGUAGE
    return made
