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
from scopedown.calls.builtins.standard_library import library
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
    return library(
        "itertools",
        chain=function("chain", _chain, from_iterable=function("chain.from_iterable", _chain_from)),
        repeat=lambda site, run: Sequence([], first_of(site)),
        tee=lambda site, run: Sequence([], Sequence([], iterate(run, first_of(site), site.place))),
        groupby=_groups,
        product=_rows,
        zip_longest=_rows,
        **dict.fromkeys(("combinations", "permutations", "batched"), _batches),
        **dict.fromkeys(("takewhile", "dropwhile", "filterfalse"), _by_function),
        starmap=spread_map,
    )
