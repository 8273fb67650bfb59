"""Python's ``itertools``."""

from __future__ import annotations

from scopedown.calls.builtins.python_native import (
    Library,
    each,
    first_of,
    function,
    iterate,
    listed,
    spread_map,
)
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Sequence, Value


def _chain(site: CallSite, run: Machine) -> Value:
    made = Sequence()
    for value in site.positional:
        items = listed(run, value, site.place)
        made.items += items.items
        if items.rest is not None:
            made.rest = items.rest if made.rest is None else Sequence([made.rest, items.rest]).element()
    return made


def _chain_from(site: CallSite, run: Machine) -> Value:
    outer = listed(run, first_of(site), site.place)
    more = () if outer.rest is None else (listed(run, outer.rest, site.place),)
    return _chain(CallSite((*outer.items, *more), {}, site.place), run)


def _any_of(site: CallSite, run: Machine) -> Value:
    return Sequence([], iterate(run, first_of(site), site.place))


def _groups(site: CallSite, run: Machine) -> Value:
    items = listed(run, first_of(site), site.place)
    key = site.argument(1, "key")
    found: Value = items.element()
    if key is not None:
        found = each(run, key, (items,), site.place).element()
    return Sequence([], Sequence([found, Sequence([], items.element())]))


def _rows(site: CallSite, run: Machine) -> Value:
    return Sequence([], Sequence([iterate(run, value, site.place) for value in site.positional]))


def _by_function(site: CallSite, run: Machine) -> Value:
    """``takewhile(function, items)`` and its like."""
    if len(site.positional) < 2:
        return Sequence()
    items = listed(run, site.positional[1], site.place)
    each(run, site.positional[0], (items,), site.place)
    return Sequence([], items.element())


def _batches(site: CallSite, run: Machine) -> Value:
    element = iterate(run, first_of(site), site.place)
    return Sequence([], Sequence([], element))


def module() -> Library:
    """``itertools``."""
    return Library(
        "itertools",
        {
            "chain": function("chain", _chain, from_iterable=function("chain.from_iterable", _chain_from)),
            "islice": function("islice", _any_of),
            "cycle": function("cycle", _any_of),
            "repeat": function("repeat", lambda site, run: Sequence([], first_of(site))),
            "tee": function("tee", lambda site, run: Sequence([], _any_of(site, run))),
            "groupby": function("groupby", _groups),
            "product": function("product", _rows),
            "zip_longest": function("zip_longest", _rows),
            "combinations": function("combinations", _batches),
            "permutations": function("permutations", _batches),
            "batched": function("batched", _batches),
            "takewhile": function("takewhile", _by_function),
            "dropwhile": function("dropwhile", _by_function),
            "filterfalse": function("filterfalse", _by_function),
            "starmap": function("starmap", spread_map),
        },
    )
