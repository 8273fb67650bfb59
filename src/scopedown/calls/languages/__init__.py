"""What each language is where its code runs: one module for each row of ``source/language.py``, under its name.

Languages that bind names by packages have it in their folder of ``scopedown/languages/``.
"""

from __future__ import annotations

import importlib
from functools import cache

from scopedown.calls.machine import Language
from scopedown.source.language import languages


@cache
def language(name: str) -> Language:
    """A language by its name; its built-ins are loaded at the first request.

    >>> language("python").separator
    '.'
    """
    is_folder = languages()[name].units is not None
    module = f"scopedown.languages.{name}.runtime" if is_folder else f"scopedown.calls.languages.{name}"
    made: Language = importlib.import_module(module).LANGUAGE
    return made
