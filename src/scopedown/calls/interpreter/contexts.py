"""For how many different arguments a function is run, before calls of it share what a run gave.

In: the calls of one function, one after another. Out: how exactly their arguments are told apart. The first ones each
have a run of their own, later ones share one where their arguments are of the same kinds, and at last a function runs
again only for an argument of a kind that was not in its place before. As long as a run has met no SDK, such arguments
wait then until there are as many as before, and are given together. The bounds are wide for functions whose runs may
tell more of a request, and become smaller as a run becomes long, so that its cost stays linear in the code.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from scopedown.calls.machine import Native
from scopedown.calls.values import (
    CallSite,
    Const,
    FunctionValue,
    Instance,
    Object,
    Reference,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)

MAX_CONTEXTS = 40
"""Different arguments for which one function is run; after that, calls whose arguments are of the same kinds share a
result, which is told."""
MANY_CONTEXTS = 120
"""After so many, scalars among the arguments are taken as unknown, so that one more run stands for all the rest."""
QUIET = 4
"""A function that has recorded no call in any of its runs, gave no text and no object of a model, and changed nothing,
counts each run so many times."""
LARGE_RUN = 100_000
"""A handler that takes more steps reaches a library, or a large application. With each so many steps a run counts once
more, up to :data:`MOST`."""
LARGE_QUIET_RUN = 10_000
"""The same, as long as no file that was loaded names an SDK: what is told apart can then be part of no request."""
MOST = 10
MOST_QUIET = 60
_OBJECT = -1
"""The place of the object in a method's call."""
EXACT = 3
KINDS = -1
"""Depths of fingerprints: what arguments hold is compared, or their kinds alone."""


@dataclass(slots=True, eq=False)
class History:
    """The calls of one function so far."""

    runs: int = 0
    tells: bool = False
    """Whether another run of it may tell more of a request."""
    kinds: dict[int | str, set[Hashable]] = field(default_factory=dict)
    """The kinds of values that were given, by the place of the argument (``-1``: the object)."""
    latest: Value | None = None
    """What its latest run gave."""
    waiting: dict[int | str, Value] = field(default_factory=dict)
    """Arguments of new kinds for which it was not run yet, by their place."""
    ran_with: int = 0
    """How many kinds there were when it was run last."""

    def weight(self, steps: int, sdk: bool) -> int:
        """How often each of its runs counts in a run of so many steps, which met an SDK or did not."""
        share = min(1 + steps // LARGE_RUN, MOST) if sdk else min(1 + steps // LARGE_QUIET_RUN, MOST_QUIET)
        return share if self.tells else share * QUIET

    def news(self, function: FunctionValue, site: CallSite) -> list[int | str]:
        """The places in which a call gives a value of a kind that was not given there before; the kinds are kept."""
        places: list[tuple[int | str, Value]] = [*enumerate(site.positional), *site.keywords.items()]
        if function.this is not None:
            places.append((_OBJECT, function.this))
        found = []
        for place, value in places:
            known = self.kinds.setdefault(place, set())
            before = len(known)
            known.update(map(_kind, options(value)))
            if len(known) > before:
                found.append(place)
        return found

    def postpones(self, news: list[int | str], site: CallSite) -> bool:
        """Whether the values in the places wait. Another object does not, since a method runs on one."""
        if _OBJECT in news:
            return False
        for place in news:
            value = site.positional[place] if isinstance(place, int) else site.keywords[place]
            self.waiting[place] = join(self.waiting[place], value) if place in self.waiting else value
        return self._number() < 2 * self.ran_with

    def with_postponed(self, site: CallSite) -> CallSite:
        """A call that gives what waits as well."""
        waiting, self.waiting = self.waiting, {}
        return replace(
            site,
            positional=tuple(join(value, waiting.get(at, value)) for at, value in enumerate(site.positional)),
            keywords={name: join(value, waiting.get(name, value)) for name, value in site.keywords.items()},
        )

    def _number(self) -> int:
        return sum(map(len, self.kinds.values()))

    def ran(self, result: Value, emitted: bool, changed: bool) -> None:
        """It was run once more: ``emitted`` says that a call of an SDK was recorded, ``changed`` that its object or an
        argument is another one now."""
        self.latest = result
        self.ran_with = self._number()
        self.tells = self.tells or emitted or changed or _tells(result)


def _kind(value: Value) -> Hashable:
    """What code may run through a value: nothing through any scalar or text."""
    return "scalar" if isinstance(value, Const | TextValue) else value.fingerprint(KINDS)


def _tells(value: Value) -> bool:
    """Whether a request may get its resource, or be sent, through what a function gave."""
    return is_text(value) or any(isinstance(option, Native) for option in options(value))


def is_text(value: Value) -> bool:
    """Whether a value may be a text that is known in part."""
    return any(
        isinstance(option, TextValue) or (isinstance(option, Const) and type(option.value) is str)
        for option in options(value)
    )


def without_scalars(site: CallSite) -> CallSite:
    """A call of which the scalars and texts among the arguments are not known."""
    many = UnknownValue("one of many values")
    return CallSite(
        tuple(many if isinstance(value, Const | TextValue) else value for value in site.positional),
        {name: many if isinstance(value, Const | TextValue) else value for name, value in site.keywords.items()},
        site.place,
        site.complete,
        site.decorator,
    )


def contents(function: FunctionValue, site: CallSite) -> list[Value | str | None]:
    """What the object and the arguments of a call hold directly, one after another."""
    found: list[Value | str | None] = []
    for value in (function.this, *site.positional, *site.keywords.values()):
        if isinstance(value, Object | Instance):
            found += value.fields
            found += value.fields.values()
            found += [str(held.variable.writes) for held in value.fields.values() if isinstance(held, Reference)]
        elif isinstance(value, Sequence):
            found += value.items
        if isinstance(value, Object | Sequence):
            found.append(value.rest)
        found += [str(option.variable.writes) for option in options(value) if isinstance(option, Reference)]
    return found


def same(before: list[Value | str | None], after: list[Value | str | None]) -> bool:
    """Whether nothing was replaced: the very same values, names compared as text."""
    return len(before) == len(after) and all(
        one is other or (isinstance(one, str) and one == other) for one, other in zip(before, after, strict=True)
    )
