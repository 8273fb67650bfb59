"""The methods of Ruby's hashes (https://docs.ruby-lang.org/en/3.3/Hash.html). Symbols and strings are the same keys."""

from __future__ import annotations

from typing import Final

from scopedown.calls.interpreter import members
from scopedown.calls.interpreter.operators import either
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.languages.ruby import arrays
from scopedown.languages.ruby.array_changes import loosen
from scopedown.languages.ruby.native import NOTHING, Method, block_of, element, first_of, over, run_block


def _fetch(value: Value, site: CallSite, run: Machine) -> Value:
    """``hash.fetch(key, default)``."""
    key = first_of(site)
    if not isinstance(value, Object):
        return members.index(run, value, key, site.place)
    if isinstance(key, Const) and members.key_text(key) in value.fields:
        return members.index(run, value, key, site.place)
    default = site.positional[1] if len(site.positional) > 1 else None
    if default is None and block_of(site) is not None:
        default = run_block(run, site, key)
    if isinstance(key, Const) and value.rest is None:
        return default if default is not None else UnknownValue("a missing key", site.place, inert=True)
    found = members.index(run, value, key, site.place)
    return found if default is None else either(found, default)


def _has(value: Value, site: CallSite, run: Machine) -> Value:
    key = first_of(site)
    if isinstance(value, Object) and isinstance(key, Const):
        if members.key_text(key) in value.fields:
            return Const(True)
        if value.rest is None and not run.position.conditional:
            return Const(False)
    return UnknownValue("a test", inert=True)


def _keys(value: Value, site: CallSite, run: Machine) -> Value:
    if not isinstance(value, Object):
        return Sequence([], UnknownValue("a key"))
    keys: list[Value] = [Const(key) for key in value.fields]
    return Sequence(keys, None if value.rest is None else join(UnknownValue("a key"), *value.keys))


def _key(value: Value, site: CallSite, run: Machine) -> Value:
    """``hash.key(value)``."""
    return join(_keys(value, site, run).element(), NOTHING)  # type: ignore[attr-defined]


def _pair(value: Value, site: CallSite, run: Machine) -> Value:
    """``hash.assoc(key)``: a pair, or nothing."""
    return join(element(value), NOTHING)


def _inverted(value: Value, site: CallSite, run: Machine) -> Value:
    """``hash.invert``."""
    made = Object(born=run.position.conditional)
    held = value.held() if isinstance(value, Object) else [element(value)]
    made.rest = join(_keys(value, site, run).element(), *held) if held else None  # type: ignore[attr-defined]
    made.keys = [one for one in held if not isinstance(one, Const)]
    return made


def _values(value: Value, site: CallSite, run: Machine) -> Value:
    if not isinstance(value, Object):
        return Sequence([], UnknownValue("a value"))
    return Sequence(list(value.fields.values()), value.rest)


def _merge(value: Value, site: CallSite, run: Machine) -> Value:
    made = Object(born=run.position.conditional)
    for one in (value, *site.positional, Object({k: v for k, v in site.keywords.items() if k != "&"})):
        members.merge(run, made, one, site.place)
    return made


def _update(value: Value, site: CallSite, run: Machine) -> Value:
    """``merge!``: the hash itself changes."""
    if isinstance(value, Object):
        for one in (*site.positional, Object({k: v for k, v in site.keywords.items() if k != "&"})):
            if isinstance(one, Object):
                for key, held in one.fields.items():
                    members.assign_index(run, value, Const(key), held, site.place)
            members.merge(run, value, one, site.place) if not isinstance(one, Object) else None
    return value


def _store(value: Value, site: CallSite, run: Machine) -> Value:
    if len(site.positional) == 2:
        members.assign_index(run, value, site.positional[0], site.positional[1], site.place)
        return site.positional[1]
    return NOTHING


def _delete(value: Value, site: CallSite, run: Machine) -> Value:
    key = first_of(site)
    found = members.index(run, value, key, site.place)
    if isinstance(value, Object) and isinstance(key, Const) and value.rest is None and not run.position.conditional:
        value.fields.pop(members.key_text(key), None)
        return found
    loosen(value)
    return found


def _slice(value: Value, site: CallSite, run: Machine) -> Value:
    """``hash.slice(:a, :b)``."""
    if not isinstance(value, Object) or not all(isinstance(key, Const) for key in site.positional):
        return value
    names = [members.key_text(key) for key in site.positional if isinstance(key, Const)]
    found = {name: value.fields[name] for name in names if name in value.fields}
    return Object(found, value.rest)


def _except(value: Value, site: CallSite, run: Machine) -> Value:
    """``hash.except(:a)``."""
    if not isinstance(value, Object):
        return value
    names = {members.key_text(key) for key in site.positional if isinstance(key, Const)}
    return Object({name: held for name, held in value.fields.items() if name not in names}, value.rest)


def _transform_values(value: Value, site: CallSite, run: Machine) -> Value:
    if not isinstance(value, Object):
        return value
    if len(value.fields) <= 8:
        fields = {name: run_block(run, site, held) for name, held in value.fields.items()}
    else:
        changed = run_block(run, site, join(*value.held()))
        fields = dict.fromkeys(value.fields, changed)
    return Object(fields, None if value.rest is None else run_block(run, site, value.rest))


def _transform_keys(value: Value, site: CallSite, run: Machine) -> Value:
    """Keys that a block computes."""
    if not isinstance(value, Object):
        return value
    made = Object(born=run.position.conditional)
    for name, held in list(value.fields.items())[:64]:
        key = run_block(run, site, Const(name)) if block_of(site) is not None else Const(name)
        for option in options(key):
            if isinstance(option, Const):
                made.fields[members.key_text(option)] = held
            else:
                made.put(option, held)
    made.rest = value.rest if made.rest is None else made.rest
    return made


def _same_keys(value: Value, site: CallSite, run: Machine) -> Value:
    """``symbolize_keys``, ``with_indifferent_access``: symbols and strings are the same here."""
    return value


def _each_value(value: Value, site: CallSite, run: Machine) -> Value:
    for held in _values(value, site, run).held() if isinstance(value, Object) else [element(value)]:  # type: ignore[attr-defined]
        run_block(run, site, held)
    return value


def _each_key(value: Value, site: CallSite, run: Machine) -> Value:
    keys = _keys(value, site, run)
    over(run, site, keys)
    return value


_GROUPS: Final[tuple[tuple[Method, str], ...]] = (
    (_fetch, "fetch []"),
    (_has, "key? has_key? include? member?"),
    (_keys, "keys"),
    (_key, "key"),
    (_pair, "assoc rassoc"),
    (_inverted, "invert"),
    (_values, "values values_at fetch_values"),
    (_merge, "merge deep_merge reverse_merge"),
    (_update, "merge! update deep_merge! replace"),
    (_store, "store []="),
    (_delete, "delete"),
    (_slice, "slice"),
    (_except, "except"),
    (_transform_values, "transform_values transform_values!"),
    (_transform_keys, "transform_keys transform_keys! deep_transform_keys"),
    (_same_keys, "symbolize_keys stringify_keys deep_symbolize_keys deep_stringify_keys with_indifferent_access "
                 "compare_by_identity to_hash symbolize_keys! deep_symbolize_keys! stringify_keys!"),
    (_each_value, "each_value"),
    (_each_key, "each_key"),
)  # fmt: skip
METHODS: Final[dict[str, Method]] = {
    **arrays.METHODS,
    **{name: body for body, names in _GROUPS for name in names.split()},
}
