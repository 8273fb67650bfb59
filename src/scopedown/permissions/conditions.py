"""When an action is needed, or a parameter read, only with certain arguments: the catalog's ``when``, over a call.

The notation is that of :mod:`scopedown.core.conditions`; the paths are those of :mod:`~scopedown.permissions.paths`.
"""

from __future__ import annotations

from collections.abc import Mapping

from scopedown.calls.model import Argument
from scopedown.core.conditions import Term, held_terms
from scopedown.core.text import Literal, Text
from scopedown.permissions.paths import is_passed, is_surely_given, values_at


def applies(when: str, arguments: Mapping[str, Argument]) -> bool:
    """Whether ``arguments`` are such that ``when`` holds."""
    return not when or held_terms(when, lambda term: _holds(term, arguments)) is not None


def _holds(term: Term, arguments: Mapping[str, Argument]) -> bool:
    sure = term.surely is not term.negative  # what may not be is not surely so, what surely is not may not be so
    if not term.operator:
        holds = is_surely_given(arguments, term.path) if sure else is_passed(arguments, term.path)
        return holds is not term.negative
    values = list(values_at(arguments, term.path))
    if not values:
        return term.negative
    return any(_compares(value, term, sure) is not term.negative for value in values)


def _compares(value: Argument, term: Term, sure: bool) -> bool:
    """Whether a value surely compares, or may."""
    if not isinstance(value, Text):
        return term.operator == "=" and term.compares(str(value))
    if (known := value.literal) is not None or term.operator == "=":
        return not sure if known is None else term.compares(known)
    literals = [part.value if isinstance(part, Literal) else None for part in value.parts]
    if term.operator == "~=":
        return not sure or any(one is not None and term.compares(one) for one in literals)
    if literals[0] is None:
        return not sure
    return term.compares(literals[0]) or (not sure and term.text.startswith(" ".join(literals[0].lower().split())))
