"""Patterns of text, and what two of them have to do with each other; each is made once and kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

from scopedown.iam.errors import LimitError
from scopedown.iam.language import Steps, Walk
from scopedown.iam.newaccess.budget import Budget
from scopedown.iam.wildcard import ANYTHING, Glob, Predicate, Wild, expand, matcher

WORD = "qzxjw"
"""What stands for "any other word": long enough that no run of ``?`` in real policies takes it, and in none of them."""
PAIR = 2_000
"""States that a walk over two patterns may visit."""
WORK_OF_PAIR = 200_000
"""The work of such a walk."""
_FIELD, _ANY = "\U000f0000", "\U000f0001"
"""Unknown text without a colon, and with any: tokens of :mod:`scopedown.iam.language`."""


class Pattern:
    """A pattern; two of the same text are the same object (see :func:`pattern`)."""

    def __init__(self, parts: Glob) -> None:
        self.parts = parts
        first, last = (parts[0], parts[-1]) if parts else ("", "")
        self.head = first if isinstance(first, str) else ""
        self.tail = last if isinstance(last, str) else ""
        self.literal: str | None = self.head if all(isinstance(part, str) for part in parts) else None
        self.single = any(part is Wild.ONE or part is Wild.ONE_IN_FIELD for part in parts)
        """Whether a ``?`` stands in it."""

    @cached_property
    def matches(self) -> Predicate:
        """Whether it matches a text."""
        return matcher(self.parts)

    @cached_property
    def steps(self) -> Steps:
        """One character or mark at a time, as a walk takes it."""
        return expand(self.parts)

    @cached_property
    def generic(self) -> str:
        """A text of it that as few other patterns as possible match: every wildcard is a word of its own."""
        return "".join(
            part if isinstance(part, str) else WORD if part in (Wild.ANY, Wild.ANY_IN_FIELD) else "q"
            for part in self.parts
        )

    @cached_property
    def opened(self) -> str:
        """Its text with tokens for its wildcards."""
        return "".join(
            part if isinstance(part, str) else _FIELD if part in (Wild.ANY_IN_FIELD, Wild.ONE_IN_FIELD) else _ANY
            for part in self.parts
        )


@lru_cache(maxsize=65536)
def pattern(parts: Glob) -> Pattern:
    """The pattern of a glob."""
    return Pattern(parts)


EVERYTHING = pattern(ANYTHING)


def joined(patterns: Sequence[Pattern]) -> str | None:
    """A text that several patterns with stars at their ends match, made of their generic texts; None where none is.

    A walk over many patterns ``*a*b*`` visits every order of their parts; one order after the other is enough to find
    a text of all of them.
    """
    if not patterns:
        return None
    head = max((one.head for one in patterns), key=len)
    tail = max((one.tail for one in patterns), key=len)
    middle = WORD.join(one.generic[len(one.head) : len(one.generic) - len(one.tail)] for one in patterns)
    text = head + middle + tail
    return text if all(one.matches(text) for one in patterns) else None


def contains(outer: Pattern, inner: Pattern, budget: Budget) -> bool:
    """Whether a pattern surely matches every text of another one; False where that is too large to decide."""
    found = _contains_plainly(outer, inner)
    if found is None and not budget.over:
        found, work = _contains(outer, inner)
        budget.take(work)
    return bool(found)


@lru_cache(maxsize=262144)
def _contains_plainly(outer: Pattern, inner: Pattern) -> bool | None:
    """The same without a walk; None where only that decides."""
    if outer.parts == ANYTHING or outer is inner:
        return True
    if inner.literal is not None:
        return outer.matches(inner.literal)
    if outer.literal is not None or apart(outer, inner) or not outer.matches(inner.generic):
        return False
    return True if _takes(outer, inner.opened) else None


@lru_cache(maxsize=65536)
def _contains(outer: Pattern, inner: Pattern) -> tuple[bool, int]:
    """The same by a walk, and its work."""
    walk = Walk([inner.steps, outer.steps], states=PAIR, most=WORK_OF_PAIR)
    try:
        return all(found & 2 for found in walk.least((), (1,))), walk.work
    except LimitError:
        return False, walk.work


@lru_cache(maxsize=65536)
def _text_of_both(one: Pattern, other: Pattern) -> tuple[str | None, int]:
    """A text that both match, None where there is none or that is too large to decide; and the work of finding it."""
    walk = Walk([one.steps, other.steps], states=PAIR, most=WORK_OF_PAIR)
    try:
        found = walk.least((1,), ())
    except LimitError:
        return None, walk.work
    return next((text for bits, text in found.items() if bits & 2), None), walk.work


def text_of_both(one: Pattern, other: Pattern, budget: Budget) -> str | None:
    """A text that two patterns match; None where none is found."""
    if contains(one, other, budget):
        return other.literal if other.literal is not None else other.generic
    if budget.over:
        return None
    text, work = _text_of_both(one, other)
    budget.take(work)
    return text


def _takes(outer: Pattern, opened: str) -> bool:
    """Whether the stars of a pattern take all unknown parts of a text: then it matches whatever they are."""
    walk = _walk(outer)
    state = walk.begin
    for char in opened:
        state = walk.after(state, char)
        if not state:
            return False
    return walk.ends_in(state)


class _Tokens(Walk):
    """A walk that is led by a text with tokens."""

    def __init__(self, steps: Steps) -> None:
        super().__init__([steps], frozenset(_FIELD))
        self.begin = self._skip(self.start)

    def after(self, state: int, char: str) -> int:
        """The positions behind one more character."""
        return self._next(state, char)

    def ends_in(self, state: int) -> bool:
        """Whether the pattern's end is reached."""
        return bool(self._accepted(state))


@lru_cache(maxsize=4096)
def _walk(outer: Pattern) -> _Tokens:
    return _Tokens(outer.steps)


@lru_cache(maxsize=262144)
def apart(one: Pattern, other: Pattern) -> bool:
    """Whether it is plain that no text is matched by both: their beginnings or ends differ. False proves nothing."""
    if one.literal is not None:
        return not other.matches(one.literal)
    if other.literal is not None:
        return not one.matches(other.literal)
    if not (one.head.startswith(other.head) or other.head.startswith(one.head)):
        return True
    return not (one.tail.endswith(other.tail) or other.tail.endswith(one.tail))


def meets(one: Pattern, other: Pattern) -> bool:
    """Whether some text is matched by both; also where that is too large to decide."""
    if apart(one, other):
        return False
    if one.literal is not None or other.literal is not None:
        return True
    try:
        return _meets(one, other)
    except LimitError:
        return True


@lru_cache(maxsize=65536)
def _meets(one: Pattern, other: Pattern) -> bool:
    walk = Walk([one.steps, other.steps], states=PAIR, most=WORK_OF_PAIR)
    return any(found & 2 for found in walk.least((1,), ()))
