"""For how many different arguments a function is run, before calls of it share what a run gave.

In: the calls of one function, one after another. Out: how exactly their arguments are compared, with what the function
closes over. The first calls each have a run of their own. Later ones share one where their arguments are of the same
kinds and what came out holds nothing of them; else that is reported. At last a function runs again only for an argument
of a kind that was not in its place before. Functions are of one kind only where all functions that they close over are,
so that routes behind wrappers are never taken for each other. As long as a run has met no SDK, arguments of new kinds
wait until there are as many as before, and are given together. The bounds are wide for functions whose runs may
tell more of a request, and become smaller as a run becomes long, so that its cost stays linear in the code.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace

from scopedown.calls.machine import Native
from scopedown.calls.machine.records import record
from scopedown.calls.values import (
    CallSite,
    Const,
    Frame,
    FunctionValue,
    Instance,
    Object,
    Reference,
    Sequence,
    TextValue,
    Union,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.calls.values.plain import LARGE
from scopedown.source.outline import outer_names

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
_CLOSURE = -2
"""The place of what a function closes over."""
EXACT = 3
"""How deep what arguments hold is compared, as long as they are told apart exactly."""
KIND = 3
"""How deep objects are compared by kinds. Deeper ones count as equal where they are of one class."""
MOST_KINDS = 100
"""Objects and scopes that are compared by kinds. Further functions count as equal only where they close over the very
same variables."""


@dataclass(slots=True, eq=False)
class History:
    """The calls of one function so far."""

    runs: int = 0
    tells: bool = False
    """Whether another run of it may tell more of a request."""
    kinds: dict[int | str, set[Hashable]] = field(default_factory=dict)
    """The kinds of values that were given, by the place of the argument (``-1``: the object, ``-2``: the closure)."""
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
        kinds: list[tuple[int | str, set[Hashable]]] = [(place, _kinds(options(value))) for place, value in places]
        kinds.append((_CLOSURE, {closed(function)}))
        found = []
        for place, given in kinds:
            known = self.kinds.setdefault(place, set())
            if not given <= known:
                known |= given
                found.append(place)
        return found

    def postpones(self, news: list[int | str], site: CallSite) -> bool:
        """Whether the values in the places wait. Another object does not, since a method runs on one, nor does what a
        function closes over."""
        if _OBJECT in news or _CLOSURE in news:
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


def kind(value: Value) -> Hashable:
    """What code may run through a value and whom it may call: scalars and texts in it do not count."""
    return _kept(_Kinds().of(value, KIND))


def _kinds(choices: tuple[Value, ...]) -> set[Hashable]:
    """The kinds of choices: those of many are told by identity, since each may hold a hundred parts."""
    return {id(one) if _is_by_identity(one, choices) else kind(one) for one in choices}


def _is_by_identity(one: Value, choices: tuple[Value, ...]) -> bool:
    return len(choices) > LARGE and not one.is_plain


def closed(function: FunctionValue) -> Hashable:
    """The kinds of what a function closes over: the variables of the functions that enclose it."""
    return _kept(_Kinds().closed(function, KIND))


def _kept(key: Hashable) -> Hashable:
    """A key as it is kept and compared: whole ones of nested structures took gigabytes in large bundles."""
    return key if isinstance(key, str | int) else hash(key)


class _Kinds:
    """The kinds of one value and of what it holds; what comes again in it is compared by its place there."""

    def __init__(self) -> None:
        self._seen: dict[Hashable, int] = {}

    def of(self, value: Value, depth: int) -> Hashable:
        match value:
            case Const() | TextValue():
                return _SCALAR
            case Union(options=choices):
                return frozenset([id(one) if _is_by_identity(one, choices) else self.of(one, depth) for one in choices])
            case FunctionValue(function=function, this=this):
                bound = None if this is None else self.of(this, depth - 1)
                return (id(function), self.closed(function=value, depth=depth), bound)
            case Instance(cls=cls, fields=fields):
                return (id(cls), self._held(value, fields, depth))
            case Object(fields=fields, rest=rest):
                return ("object", self._held(value, fields, depth), self._rest(rest, depth))
            case Sequence(items=items, rest=rest):
                return ("sequence", self._held(value, dict(enumerate(items)), depth), self._rest(rest, depth))
            case Native():
                return record(value, depth, self._part) if depth > 0 else (type(value), value.service_of_client())
            case _:
                return value.fingerprint()

    def closed(self, function: FunctionValue, depth: int) -> Hashable:
        """The kinds of what a function closes over."""
        frame = function.frame
        if frame.enclosing is None:
            return ()
        names = outer_names(function.function)
        found: list[Hashable] = []
        while (outer := frame.enclosing) is not None:
            held = {name: frame.variables[name] for name in sorted(names & frame.variables.keys())}
            if frame.this is not None:
                held["this"] = frame.this
            if held and len(self._seen) >= MOST_KINDS:
                return id(function.frame)
            found.append(self._held(frame, held, depth) if held else None)
            frame = outer
        return tuple(found)

    def _held(self, owner: object, held: Mapping[str, Value] | Mapping[int, Value], depth: int) -> Hashable:
        """The kinds of what is held under names; what is data there does not count."""
        is_closure = isinstance(owner, Frame)
        key = (id(owner), tuple(held) if is_closure else ())
        if key in self._seen:
            return self._seen[key]
        self._seen[key] = len(self._seen)
        if not is_closure and (depth <= 0 or len(self._seen) > MOST_KINDS):
            return None
        inner = depth if is_closure else depth - 1
        if len(held) > LARGE:
            return frozenset([self.of(value, inner) for value in held.values()]) - _PLAIN
        found = [(name, self.of(value, inner)) for name, value in held.items()]
        return tuple([(name, found) for name, found in found if found not in _PLAIN])

    def _rest(self, rest: Value | None, depth: int) -> Hashable:
        return None if rest is None or depth <= 0 else self.of(rest, depth - 1)

    def _part(self, held: Value, depth: int) -> Hashable:
        """What is in an object of a model counts whole where it is a scalar: the name of a table, of an operation."""
        return held.fingerprint() if held.is_plain else self.of(held, depth - 1)


_SCALAR = "scalar"
_PLAIN = frozenset({_SCALAR, "data", "unknown"})


def carries(value: Value) -> bool:
    """Whether something of a call's arguments may be in what it gave: it is known, and more than nothing."""
    return not all(isinstance(option, UnknownValue) or option == _NOTHING for option in options(value))


_NOTHING = Const(None)


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
        if value is not None:
            found += [str(option.variable.writes) for option in options(value) if isinstance(option, Reference)]
    return found


def same(before: list[Value | str | None], after: list[Value | str | None]) -> bool:
    """Whether nothing was replaced: the very same values, names compared as text."""
    return len(before) == len(after) and all(
        one is other or (isinstance(one, str) and one == other) for one, other in zip(before, after, strict=True)
    )
