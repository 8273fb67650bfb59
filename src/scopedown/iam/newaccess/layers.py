"""The other layers of a comparison: which of their statements can allow a request together with a statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.iam.errors import LimitError
from scopedown.iam.newaccess.box import Box, covers
from scopedown.iam.newaccess.patterns import apart, pattern
from scopedown.iam.variables import Template, Variable
from scopedown.iam.wildcard import Glob, glob

COMBINATIONS = 5_000
"""Combinations of the layers' statements, unfinished ones included, that one comparison looks at: a few seconds."""


class OtherLayers:
    """The layers that must allow a request as well, such as a boundary and the levels of SCPs."""

    def __init__(self, layers: Sequence[Sequence[Box]]) -> None:
        self._layers = sorted((_widest([box for box in layer if box.allow]) for layer in layers), key=len)
        self._left = COMBINATIONS
        self._covered: dict[tuple[Box, Box], bool] = {}
        self._met: dict[tuple[Box, Box], bool] = {}

    def together(self, positive: tuple[Box, ...]) -> Iterator[tuple[Box, ...]]:
        """The statements with one of each layer that they can meet; a layer that allows all of one of them adds none.

        Raises LimitError where there are too many combinations.
        """
        waiting = [(positive, 0)]
        while waiting:
            chosen, at = waiting.pop()
            while at < len(self._layers) and any(self._covers(box, one) for box in self._layers[at] for one in chosen):
                at += 1
            if at == len(self._layers):
                yield chosen
                continue
            self._left -= 1
            if self._left < 0:
                raise LimitError("the layers have too many combinations of statements")
            waiting.extend(
                ((*chosen, box), at + 1)
                for box in reversed(self._layers[at])
                if all(self._meet(box, one) for one in chosen)
            )

    def _covers(self, outer: Box, inner: Box) -> bool:
        key = (outer, inner)
        if key not in self._covered:
            self._covered[key] = covers(outer, inner)
        return self._covered[key]

    def _meet(self, one: Box, other: Box) -> bool:
        key = (one, other)
        if key not in self._met:
            self._met[key] = _may_meet(one, other)
        return self._met[key]


def _widest(allows: list[Box]) -> list[Box]:
    """A layer's allows; one that allows everything is as good as all of them."""
    return next(([box] for box in allows if box.whole and "*" in box.actions and not box.but_actions), allows)


def _may_meet(one: Box, other: Box) -> bool:
    """Whether two statements may be about the same action and resource, by the ends of their patterns alone."""
    if not (
        one.mask & other.mask
        or one.but_actions
        or other.but_actions
        or not _all_apart([glob(text) for text in one.actions], [glob(text) for text in other.actions])
    ):
        return False
    if one.but_resources or other.but_resources or one.any_resource or other.any_resource:
        return True
    regions = [_globs(box.resources) for box in (one, other)]
    return not regions[0] or not regions[1] or not _all_apart(*regions)


def _globs(templates: Sequence[Template]) -> list[Glob]:
    """Resources as globs; none where one of them has a variable."""
    globs = [tuple(part for part in template if not isinstance(part, Variable)) for template in templates]
    return globs if globs == [*templates] else []


def _all_apart(ones: Sequence[Glob], others: Sequence[Glob]) -> bool:
    return all(apart(pattern(one), pattern(other)) for one in ones for other in others)
