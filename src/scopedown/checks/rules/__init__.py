"""One module, one rule: each has a ``RULE``. A new rule is one file here."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from scopedown.checks.model import Rule


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by id."""
    found = [import_module(f"{__name__}.{one.name}").RULE for one in pkgutil.iter_modules(__path__)]
    return tuple(sorted(found, key=lambda rule: rule.id))
