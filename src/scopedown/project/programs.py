"""Configuration files that are programs: the folder of their language reads them, without running them."""

from __future__ import annotations

import importlib
from typing import Any

from scopedown.source.language import language_of


def programs(file: str) -> Any:
    """What reads the programs in the language of a file: ``languages/NAME/programs/read.py``.

    >>> programs("serverless.ts").__name__
    'scopedown.languages.javascript.programs.read'
    """
    return importlib.import_module(f"scopedown.languages.{language_of(file).name}.programs.read")
