"""When an action is needed, or a parameter read, only with certain arguments: the catalog's ``when``, over a call.

The notation is that of :mod:`scopedown.core.conditions`; the paths are those of :mod:`~scopedown.permissions.paths`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scopedown.calls.model import Argument
from scopedown.core.conditions import Term, held_terms
from scopedown.core.text import Literal, Text
from scopedown.permissions.paths import is_passed, is_surely_given, values_at


def applies(when: str, arguments: Mapping[str, Argument]) -> bool:
    """Whether ``arguments`` are such that ``when`` holds."""
    return not when or held_terms(when, lambda term: _holds(term, arguments)) is not None


def surely_applies(when: str, arguments: Mapping[str, Argument]) -> bool:
    """Whether ``when`` holds whatever that of ``arguments`` turns out to be that is not known."""
    return (
        not when
        or held_terms(when, lambda term: _holds(replace(term, surely=not term.negative), arguments)) is not None
    )


def _holds(term: Term, arguments: Mapping[str, Argument]) -> bool:
    if not term.operator:
        given = is_surely_given if term.sure else is_passed
        return given(arguments, term.path) is not term.negative
    return term.holds(list(values_at(arguments, term.path)), _compares)


def _compares(value: Argument, term: Term) -> bool:
    """Whether a value surely compares, or may."""
    if not isinstance(value, Text):
        return term.operator == "=" and term.compares(str(value))
    if (known := value.literal) is not None or term.operator == "=":
        return not term.sure if known is None else term.compares(known)
    literals = [part.value if isinstance(part, Literal) else None for part in value.parts]
    if term.operator == "~=":
        return not term.sure or any(literal is not None and term.compares(literal) for literal in literals)
    if literals[0] is None:
        return not term.sure
    return term.compares(literals[0]) or (not term.sure and term.text.startswith(" ".join(literals[0].lower().split())))
