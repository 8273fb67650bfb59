"""Ruby's arrays, hashes and texts: what the rows of ``builtins.tsv`` cannot say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from scopedown.calls.builtins.builtin_call import NOTHING, Call, Habits, is_nothing
from scopedown.calls.builtins.builtin_table import Builtins
from scopedown.calls.builtins.list_effects import VERBS as LISTS
from scopedown.calls.builtins.list_effects import loosen, reordered
from scopedown.calls.builtins.map_effects import VERBS as MAPS
from scopedown.calls.builtins.system_effects import environment_variable
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.ruby import text
from scopedown.languages.ruby.native import Library, block_of
from scopedown.languages.ruby.rewriting import rewriting
from scopedown.languages.ruby.scope import BLOCK


class RubyHabits(Habits):
    """The callback is the block."""

    def callback(self, call: Call, at: int) -> Value | None:
        """The block of the call."""
        return block_of(call.site)

    def unlisted(self, value: Native, name: str, place: Place) -> Value:
        """More of the library."""
        return Library(f"{value.describe()}.{name}")

    def keywords(self, site: CallSite) -> dict[str, Value]:
        """The keywords, which are a hash."""
        return {name: value for name, value in site.keywords.items() if name != BLOCK}


def _one_or_some(call: Call) -> Value:
    """``find``, ``max``: an element, or nothing; some of them, where a number is given."""
    found, missing = LISTS["find"](call), call.argument(0)
    if missing is not None and not isinstance(missing, Const | UnknownValue):
        found = join(found, call.run.call(missing, (), call.place))  # what find gives where there is none
    return join(found, NOTHING, *((Sequence([], found),) if missing is not None else ()))


def _end(call: Call, at: str) -> Value:
    """``first``, ``last``; ``first(2)`` is a list."""
    held = call.list
    if call.site.positional:
        return Sequence([], call.any())
    if held.items and (at == "0" or held.rest is None):
        return held.items[int(at)]
    return join(*held.held(), NOTHING)


def _rotated(call: Call) -> Value:
    by = call.argument(0) or Const(1)
    known = call.list.rest is None and isinstance(by, Const) and isinstance(by.value, int)
    count = len(call.list.items)
    order = [(at + int(by.value)) % count for at in range(count)] if known and isinstance(by, Const) else None  # type: ignore[arg-type]
    return reordered(call, order, in_place=False)


def _slices(call: Call) -> Value:
    """``each_slice``: several elements at once."""
    made = LISTS["chunk"](call)
    return made if block_of(call.site) is None else call.value


def _dig(call: Call) -> Value:
    value = call.value
    for key in call.site.positional:
        value = members.index(call.run, value, key, call.place)
    return value


def _change(call: Call) -> Value:
    """The elements in another order, or others: any may be anywhere, and those of lists among them."""
    LISTS["loosen"](call)
    into = call.value
    if isinstance(into, Sequence) and into.rest is not None:
        flat = [one.element() for one in options(into.rest) if isinstance(one, Sequence) and one.held()]
        into.rest = join(into.rest, *flat)
    return into


def _replace(call: Call) -> Value:
    into, new = call.value, call.argument(0)
    if isinstance(into, Sequence) and isinstance(new, Sequence):
        if call.conditional:
            loosen(into, *new.held())
        else:
            into.items, into.rest = list(new.items), new.rest
    return into


def _compact(call: Call) -> Value:
    held = call.value
    if not isinstance(held, Object):
        return held
    return Object({name: item for name, item in held.fields.items() if not is_nothing(item)}, held.rest)


def _to_hash(call: Call) -> Value:
    return call.value if block_of(call.site) is None else LISTS["dict"](call)


def _key(call: Call) -> Value:
    """``hash.key(value)``."""
    keys = MAPS["keys"](call)
    return join(*(keys.held() if isinstance(keys, Sequence) else ()), NOTHING)


def _invert(call: Call) -> Value:
    made = Object(born=call.run.position.conditional)
    held = call.value.held() if isinstance(call.value, Object) else []
    made.rest = join(_key(call), *held) if held else None
    made.keys = [one for one in held if not isinstance(one, Const)]
    return made


def _each_of(call: Call, what: str) -> Value:
    """``each_value``, ``each_key``."""
    LISTS["tap"](replace(call, value=MAPS[what](call)))
    return call.value


def _fetch_variable(call: Call) -> Value:
    """``ENV.fetch(name, default)``, or with a block that gives the default."""
    name, default = call.argument(0) or NOTHING, call.argument(1)
    if default is None and (block := call.callback()) is not None:
        default = call.run.call(block, (name,), call.place)
    return environment_variable(name, default, call.place)


def text_method(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """A method of a text, perhaps one that changes it in place."""
    pure = lambda other: text_method(value, other, run, place)  # noqa: E731
    return rewriting(value, name, pure) or BUILTINS.member(value, name, run, place)


BUILTINS: Final = Builtins(
    Path(__file__).with_name("builtins.tsv"),
    RubyHabits(),
    {
        "change": _change,
        "compact": _compact,
        "dig": _dig,
        "each-of": _each_of,
        "end": _end,
        "fetch-variable": _fetch_variable,
        "invert": _invert,
        "key": _key,
        "one-or-some": _one_or_some,
        "replace": _replace,
        "rotate": _rotated,
        "slices": _slices,
        "to-hash": _to_hash,
        "variables": lambda call: Sequence(
            [environment_variable(name, None, call.place) for name in call.site.positional]
        ),
        **text.OWN_VERBS,
    },
)
