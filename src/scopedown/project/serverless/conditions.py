"""Conditions that plugins write as JavaScript in a configuration: worked out from known values, never run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.project.serverless.plugin_effects import Given

_MAX_LENGTH: Final = 5_000
_NAME: Final = "condition.js"


def holds(condition: Any, given: Given) -> bool | None:
    """Whether an expression of JavaScript is true; None where that is not known, or where it is more than that.

    The names of node's own modules and of ``process.env`` mean what they mean in a configuration that is a program.
    """
    if isinstance(condition, bool):
        return condition
    if not isinstance(condition, str) or len(condition) > _MAX_LENGTH:
        return None
    from scopedown.project.programs.read import reader
    from scopedown.project.programs.scope import Module, Scope
    from scopedown.project.programs.values import truth
    from scopedown.source.languages.javascript_syntax import is_broken, parse

    source = parse(condition, Path(_NAME), _NAME)
    statements = source.root.named_children
    if is_broken(source.root) or len(statements) != 1 or statements[0].type != "expression_statement":
        return None
    reading = reader(given.files, given.options)
    try:
        value = reading.expression(statements[0].named_children[0], Scope(Module(source), is_function=True))
    except (ScopedownError, RecursionError, IndexError):
        return None
    return truth(value)
