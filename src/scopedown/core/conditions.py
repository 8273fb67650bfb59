"""The conditions of the product's tables: one notation, asked of whatever a table is about.

==============  ==============================================================================================
``Path``        something is there: not false, not empty
``Path=text``   it is this text
``Path~=text``  this text is in it
``Path^=text``  it begins with this text, however many spaces are between its words
``!TERM``       the opposite, or nothing is there
``+TERM``       surely: what is not known does not do
``A & B``       both hold
``A | B``       one of them holds; ``&`` joins before ``|``
==============  ==============================================================================================

What is not known may be anything: a term without ``+`` holds where it may hold. Where several values stand at a path,
one is enough. Texts are compared whatever the case. An empty condition always holds. (docs/tables.md)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeVar, cast

Value = TypeVar("Value")
Operator = Literal["", "=", "~=", "^="]

_TERM: Final = re.compile(
    r"(?P<surely>\+?)(?P<negative>!?)(?P<path>[^\s!+=][^=]*?)(?:(?P<operator>[~^]?=)(?P<text>.+))?"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One term. ``path`` is the table's own way to name what is asked; ``text`` is in lower case."""

    path: str
    operator: Operator = ""
    text: str = ""
    negative: bool = False
    surely: bool = False

    @property
    def sure(self) -> bool:
        """Whether what the term says of a value must be sure: what may not be is what surely is, denied."""
        return self.surely is not self.negative

    def holds(self, values: Sequence[Value], compares: Callable[[Value, Term], bool]) -> bool:
        """Whether the term holds of the values at its path; ``compares`` heeds :attr:`sure`, not :attr:`negative`."""
        return any(compares(value, self) is not self.negative for value in values) if values else self.negative

    def compares(self, text: str) -> bool:
        """Whether a text that is known compares."""
        shown = text.lower()
        match self.operator:
            case "~=":
                return self.text in shown
            case "^=":
                return " ".join(shown.split()).startswith(self.text)
        return shown == self.text


@lru_cache(maxsize=4096)
def parse_condition(condition: str) -> tuple[tuple[Term, ...], ...]:
    """Alternatives of terms that must all hold; none where the condition is empty. Raises ValueError.

    >>> [[term.path for term in terms] for terms in parse_condition("A & +B=x | !C")]
    [['A', 'B'], ['C']]
    """
    if not condition.strip():
        return ()
    return tuple(tuple(_term(term.strip()) for term in terms.split("&")) for terms in condition.split("|"))


def held_terms(condition: str, test: Callable[[Term], bool]) -> tuple[Term, ...] | None:
    """The terms of the first alternative that holds, each by ``test``; None where none does."""
    alternatives = parse_condition(condition)
    if not alternatives:
        return ()
    return next((terms for terms in alternatives if all(map(test, terms))), None)


def paths_in(condition: str) -> list[str]:
    """The paths that a condition asks for."""
    return [term.path for terms in parse_condition(condition) for term in terms]


def _term(written: str) -> Term:
    match = _TERM.fullmatch(written)
    if match is None:
        raise ValueError(f"{written!r} is not a term of a condition")
    operator = cast(Operator, match["operator"] or "")
    return Term(match["path"], operator, (match["text"] or "").lower(), bool(match["negative"]), bool(match["surely"]))
