"""How the functions that find are registered: each for its code, with the parts of a document that it looks at.

``@finding(conditions())`` registers a function for the code that is its name in capitals and calls it with every
condition of a document. ``@findings(conditions(), ROWS)`` registers a function for every code of a table, and calls it
with the code's row too. The texts and examples of the codes are in ``findings/findings.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TypeVar

from scopedown.iam.document import Kind
from scopedown.validate.document import Condition, PolicyDocument, Statement
from scopedown.validate.values import Found

Part = TypeVar("Part")
Row = TypeVar("Row")
Parts = Callable[[PolicyDocument], Iterable[Part]]
Find = Callable[[Part], Iterator[Found]]

FINDERS: dict[str, Find[PolicyDocument]] = {}
"""Code → the function that finds it."""


def finding(parts: Parts[Part]) -> Callable[[Find[Part]], Find[Part]]:
    """Register a function for the code that is its name in capitals."""

    def register(find: Find[Part]) -> Find[Part]:
        FINDERS[find.__name__.upper()] = lambda document: chain.from_iterable(map(find, parts(document)))
        return find

    return register


def findings(
    parts: Parts[Part], rows: Mapping[str, Row]
) -> Callable[[Callable[[Part, Row], Iterator[Found]]], Callable[[Part, Row], Iterator[Found]]]:
    """Register a function for every code of a table."""

    def register(find: Callable[[Part, Row], Iterator[Found]]) -> Callable[[Part, Row], Iterator[Found]]:
        def finder(row: Row) -> Find[PolicyDocument]:
            return lambda document: chain.from_iterable(find(part, row) for part in parts(document))

        FINDERS.update((code, finder(row)) for code, row in rows.items())
        return find

    return register


def documents(*kinds: Kind) -> Parts[PolicyDocument]:
    """The document itself, where it is of one of some kinds; of any kind by default."""
    return lambda document: (document,) if not kinds or document.kind in kinds else ()


def statements(*kinds: Kind) -> Parts[Statement]:
    """The statements of documents of some kinds; of any kind by default."""
    return lambda document: document.statements if not kinds or document.kind in kinds else ()


def conditions(*families: str) -> Parts[Condition]:
    """The conditions whose operator is of one of some families (``Date``); every condition by default."""
    return lambda document: (one for one in document.conditions if not families or one.family in families)


def conditions_on(*keys: str) -> Parts[Condition]:
    """The conditions on one of some keys; a key that ends in ``/`` means every key that begins so."""
    return lambda document: chain.from_iterable(one.condition_on(*keys) for one in document.statements)
