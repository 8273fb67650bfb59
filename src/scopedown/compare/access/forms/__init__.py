"""The forms in which changes are told; each is one module with ``render(changes)``."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Final

from scopedown.compare.access.model import Changes

FORMS: Final = ("text", "markdown", "json")


def form(name: str) -> Callable[[Changes], str]:
    """The form of a name; "json" is the module ``json_report``."""
    module = importlib.import_module(f"{__name__}.{'json_report' if name == 'json' else name}")
    render: Callable[[Changes], str] = module.render
    return render
