"""A dimension of texts (resources, names of actions): the options of a region beside the blocks' patterns.

The *generic* text of a pattern has a fresh word for every wildcard. A pattern that matches it and does not contain the
region is rare, and only then the patterns are walked side by side (:meth:`scopedown.iam.language.Walk.least`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scopedown.iam.newaccess.budget import OF_A_TEST, Budget
from scopedown.iam.newaccess.choose import maximal
from scopedown.iam.newaccess.patterns import Pattern, apart, contains, joined, text_of_both


@dataclass(frozen=True, slots=True)
class Part:
    """What a block says of the text: it is inside where one of ``patterns`` matches (``complement``: where none does).
    ``bit`` is the block's."""

    patterns: tuple[Pattern, ...]
    complement: bool
    bit: int


@dataclass(frozen=True, slots=True)
class Region:
    """The texts inside every positive statement: all of ``inside`` match, none of ``avoid``."""

    inside: tuple[Pattern, ...]
    avoid: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Texts:
    """Options, best first. ``settled``: whether they are all; where not, :func:`all_texts` finds the rest."""

    options: tuple[tuple[int, str], ...]
    settled: bool


def narrowed(inside: Sequence[Pattern], budget: Budget) -> tuple[Pattern, ...]:
    """The patterns without those that contain another of them."""
    kept: list[Pattern] = []
    for one in dict.fromkeys(inside):
        if any(contains(one, other, budget) for other in kept):
            continue
        kept = [other for other in kept if not contains(other, one, budget)] + [one]
    return tuple(kept)


def some_texts(region: Region, parts: Sequence[Part], budget: Budget) -> Texts:
    """The options that are found without a walk: nearly always all."""
    first, *others = region.inside
    if any(apart(first, other) for other in others):
        return Texts((), True)
    text = first.literal if first.literal is not None else first.generic
    if first.literal is not None:
        if not _is_in(text, region):
            return Texts((), True)
        return Texts(((killed(text, parts, budget), text),), True)
    settled, fits = not others, all(one.matches(text) for one in others)
    for one in region.avoid:
        if one.matches(text):
            if contains(one, first, budget):
                return Texts((), True)
            settled, fits = False, False
    mask = 0
    wishes: list[Pattern] = []
    for part in parts:
        matching = [one for one in part.patterns if one.matches(text)]
        if bool(matching) is part.complement:
            mask |= part.bit
        elif part.complement:
            near = [one for one in part.patterns if not apart(one, first)]
            wishes += near
            settled = settled and not near
        elif not any(contains(one, first, budget) for one in matching):
            settled = False
    options = [(mask, text)] if fits else []
    together = joined([first, *dict.fromkeys(wishes)]) if len(wishes) > 1 else None
    if together is not None and _is_in(together, region):
        options.append((killed(together, parts, budget), together))
    for wish in dict.fromkeys(wishes):
        if budget.over:
            break
        inside = text_of_both(first, wish, budget)
        if inside is not None and _is_in(inside, region):
            options.append((killed(inside, parts, budget), inside))
    return Texts(tuple(maximal(options, budget)), settled)


def all_texts(region: Region, parts: Sequence[Part], budget: Budget) -> tuple[tuple[int, str], ...]:
    """All options that matter. Raises LimitError where the patterns have too many combinations."""
    first = region.inside[0]
    numbers: dict[Pattern, int] = {first: 0}
    more: set[int] = set()
    less: set[int] = set()

    def note(patterns: Iterable[Pattern], into: set[int]) -> None:
        for one in patterns:
            if one is not first and not apart(one, first):
                into.add(numbers.setdefault(one, len(numbers)))

    note(region.inside, more)
    note(region.avoid, less)
    for part in parts:
        if any(contains(one, first, budget) for one in part.patterns):
            continue
        note(part.patterns, more if part.complement else less)
    found = budget.least([one.steps for one in numbers], more, less)
    texts = [text for text in found if _is_in(text, region)]
    return tuple(maximal([(killed(text, parts, budget), text) for text in texts], budget))


def _is_in(text: str, region: Region) -> bool:
    return all(one.matches(text) for one in region.inside) and not any(one.matches(text) for one in region.avoid)


def killed(text: str, parts: Sequence[Part], budget: Budget) -> int:
    """The blocks that a text is outside of."""
    budget.take(OF_A_TEST * sum(len(part.patterns) for part in parts))
    mask = 0
    for part in parts:
        if any(one.matches(text) for one in part.patterns) is part.complement:
            mask |= part.bit
    return mask
