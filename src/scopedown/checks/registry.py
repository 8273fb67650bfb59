"""The rules: those of the modules of :mod:`.rules`, found by their files."""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from scopedown.checks.model import Rule
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

_FOLDER: Final = Path(__file__).with_name("rules")


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by id."""
    found = [
        import_module(f"scopedown.checks.rules.{module.name}").RULE for module in pkgutil.iter_modules([str(_FOLDER)])
    ]
    return tuple(sorted(found, key=lambda rule: rule.id))


def named(name: str) -> tuple[str, ...]:
    """The ids of the rules that a name means: an id, a rule's name, or the beginning of ids (``SD2``)."""
    group = re.fullmatch(r"(?i)SD\d*", name) is not None
    return tuple(
        rule.id
        for rule in rules()
        if name.lower() in (rule.id.lower(), rule.name) or (group and rule.id.startswith(name.upper()))
    )


def chosen(names: list[str] | tuple[str, ...], place: Place | None) -> tuple[str, ...]:
    """The ids of rules that are named by id, name or the beginning of an id (``SD2``). Raises ScopedownError."""
    found: list[str] = []
    for name in names:
        fits = named(name)
        if not fits:
            raise ScopedownError(f"no rule is named {name!r}", place, f"there are {', '.join(r.id for r in rules())}")
        found += fits
    return tuple(dict.fromkeys(found))
