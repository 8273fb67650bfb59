"""Python's ``itertools``."""

from __future__ import annotations

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Sequence, Value
from scopedown.languages.python.collections import BUILTINS, library
from scopedown.languages.python.natives import (
    Library,
    each,
    first_of,
    function,
    iterate,
    listed,
)


def _chain_from(site: CallSite, run: Machine) -> Value:
    outer = listed(run, first_of(site), site.place)
    more = () if outer.rest is None else (listed(run, outer.rest, site.place),)
    return BUILTINS.functions("itertools")["chain"](CallSite((*outer.items, *more), {}, site.place), run)


def _groups(site: CallSite, run: Machine) -> Value:
    items = listed(run, first_of(site), site.place)
    key = site.argument(1, "key")
    found: Value = items.element()
    if key is not None:
        found = each(run, key, (items,), site.place).element()
    return Sequence([], Sequence([found, Sequence([], items.element())]))


def module() -> Library:
    """``itertools``."""
    chain = BUILTINS.functions("itertools")["chain"]
    return library(
        "itertools",
        chain=function("chain", chain, from_iterable=function("chain.from_iterable", _chain_from)),
        tee=lambda site, run: Sequence([], Sequence([], iterate(run, first_of(site), site.place))),
        groupby=_groups,
    )
