"""The methods by which Ruby changes an array in place (https://docs.ruby-lang.org/en/3.3/Array.html)."""

from __future__ import annotations

from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.languages.ruby.native import NOTHING, Method, block_of, element, first_of, items, over


def _push(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Sequence):
        if run.position.conditional or not site.complete:
            added = join(*site.positional) if site.positional else UnknownValue("an element")
            value.rest = added if value.rest is None else join(value.rest, added)
        else:
            value.items += site.positional
    return value


def _concat(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Sequence):
        for given in site.positional:
            known = items(given)
            if known is not None and not run.position.conditional:
                value.items += known
            else:
                value.rest = element(given) if value.rest is None else join(value.rest, element(given))
    return value


def _mixed_in_place(value: Value, site: CallSite, run: Machine) -> Value:
    made = over(run, site, value)[1] if block_of(site) is not None else Sequence()
    given = [one for one in site.positional if not isinstance(one, Const) or isinstance(one.value, str)]
    loosen(value, *made.held() if isinstance(made, Sequence) else (made,), *given)
    if isinstance(value, Sequence) and value.rest is not None:
        flat = [element(one) if isinstance(one, Sequence) else one for one in options(value.rest)]
        value.rest = join(value.rest, *flat)
    return value


def _popped(position: int) -> Method:
    """``pop``, ``shift``: an element goes, where that is certain."""

    def body(value: Value, site: CallSite, run: Machine) -> Value:
        known = isinstance(value, Sequence) and value.rest is None and not site.positional
        if known and isinstance(value, Sequence) and not run.position.conditional:
            return value.items.pop(position) if value.items else NOTHING
        found = element(value)
        loosen(value)
        return Sequence([], found) if site.positional else join(found, NOTHING)

    return body


def _taken_out(value: Value, site: CallSite, run: Machine) -> Value:
    """``delete``, ``delete_at``."""
    over(run, site, value)
    found = element(value)
    loosen(value)
    return join(found, NOTHING, *site.positional[:1])


def loosen(value: Value, *further: Value) -> None:
    """A list has changed in a way that is not followed: any element may be anywhere, and further ones among them."""
    if isinstance(value, Sequence):
        held = [*value.held(), *further]
        value.items, value.rest = [], join(*held) if held else None
    elif isinstance(value, Object):
        value.fields.update({name: join(held, NOTHING) for name, held in value.fields.items()})
        unknown = UnknownValue("an item", inert=True)
        value.rest = join(*(() if value.rest is None else (value.rest,)), unknown, *further)


def _unshift(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Sequence):
        if run.position.conditional or not site.complete:
            loosen(value, *site.positional)
        else:
            value.items[:0] = site.positional
    return value


def _written(value: Value, site: CallSite, run: Machine) -> Value:
    """``array[1, 2] = list``."""
    if site.positional:
        new = site.positional[-1]
        loosen(value, new, *((element(new),) if isinstance(new, Sequence) else ()))
        return new
    return NOTHING


def _replaced(value: Value, site: CallSite, run: Machine) -> Value:
    new = first_of(site)
    if isinstance(value, Sequence) and isinstance(new, Sequence):
        if run.position.conditional:
            loosen(value, *new.held())
        else:
            value.items, value.rest = list(new.items), new.rest
    return value


def _emptied(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Sequence):
        if run.position.conditional:
            loosen(value)
        else:
            value.items, value.rest = [], None
    elif isinstance(value, Object):
        if run.position.conditional > value.born:
            loosen(value)
        else:
            value.fields.clear()
            value.rest = None
    return value


_GROUPS: Final[tuple[tuple[Method, str], ...]] = (
    (_push, "push << append add enq add?"),
    (_concat, "concat"),
    (_mixed_in_place, "sort! sort_by! uniq! reverse! rotate! shuffle! fill insert slice! collect! map!"),
    (_mixed_in_place, "flatten! compact! select! reject! filter! keep_if delete_if"),
    (_popped(-1), "pop"),
    (_popped(0), "shift"),
    (_taken_out, "delete delete_at"),
    (_unshift, "unshift prepend"),
    (_written, "[]="),
    (_replaced, "replace"),
    (_emptied, "clear"),
)
METHODS: Final[dict[str, Method]] = {name: body for body, names in _GROUPS for name in names.split()}
