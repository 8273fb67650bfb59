"""The methods of Ruby's arrays (https://docs.ruby-lang.org/en/3.3/Array.html, …/Enumerable.html), also those of hashes
that go through their pairs."""

from __future__ import annotations

from typing import Final

from scopedown.calls.interpreter.members import index
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, as_text, join, options
from scopedown.languages.ruby import array_changes
from scopedown.languages.ruby.native import NOTHING, Method, block_of, element, first_of, items, over, run_block

MAX_KNOWN: Final = 64
"""Elements of a list that a program puts together which are kept apart."""


def _each(value: Value, site: CallSite, run: Machine) -> Value:
    over(run, site, value)
    return value


def _each_with_index(value: Value, site: CallSite, run: Machine) -> Value:
    over(run, site, value, UnknownValue("an index", inert=True))
    return value


def _each_with_object(value: Value, site: CallSite, run: Machine) -> Value:
    memo = first_of(site)
    over(run, site, value, memo)
    return memo


def _map(value: Value, site: CallSite, run: Machine) -> Value:
    return over(run, site, value)[1] if block_of(site) is not None else value


def _filter_map(value: Value, site: CallSite, run: Machine) -> Value:
    made = over(run, site, value)[1]
    return Sequence([], made.element()) if isinstance(made, Sequence) else made


def _map_with_index(value: Value, site: CallSite, run: Machine) -> Value:
    return over(run, site, value, UnknownValue("an index", inert=True))[1]


def _flat_map(value: Value, site: CallSite, run: Machine) -> Value:
    return _flatten(over(run, site, value)[1], site, run)


def _some(value: Value, site: CallSite, run: Machine) -> Value:
    """Any of the elements may be left: ``select``, ``reject``."""
    over(run, site, value)
    if isinstance(value, Object):
        return value
    return Sequence([], element(value))


def _one(value: Value, site: CallSite, run: Machine) -> Value:
    """One of the elements, or nothing: ``find``, ``max``; some of them, where a number is given."""
    over(run, site, value)
    found = NOTHING if items(value) == [] else element(value)
    if site.positional and not isinstance(site.positional[0], Const | UnknownValue):
        found = join(found, run.call(site.positional[0], (), site.place))  # what find gives where there is none
    return join(found, NOTHING, *((Sequence([], found),) if site.positional else ()))


def _same(value: Value, site: CallSite, run: Machine) -> Value:
    """The elements as a list."""
    known = items(value)
    if isinstance(value, Sequence):
        return value
    return Sequence(known) if known is not None else Sequence([], element(value))


def _test(value: Value, site: CallSite, run: Machine) -> Value:
    over(run, site, value)
    return UnknownValue("a test", inert=True)


def _number(value: Value, site: CallSite, run: Machine) -> Value:
    over(run, site, value)
    known = items(value)
    if known is not None and block_of(site) is None and not site.positional:
        return Const(len(known))
    return UnknownValue("a number", inert=True)


def _is_empty(value: Value, site: CallSite, run: Machine) -> Value:
    known = items(value)
    return UnknownValue("a test", inert=True) if known is None else Const(not known)


def _reduce(value: Value, site: CallSite, run: Machine) -> Value:
    known = items(value)
    start = site.positional[0] if site.positional and block_of(site) is not None else None
    if known is not None and len(known) <= 8:
        memo = start
        for item in known:
            memo = item if memo is None else run_block(run, site, memo, item)
        return memo if memo is not None else NOTHING
    item = element(value)
    once = run_block(run, site, start if start is not None else item, item)
    return join(once, run_block(run, site, once, item))


def _first(value: Value, site: CallSite, run: Machine) -> Value:
    known = items(value)
    if site.positional:
        return Sequence([], element(value))
    if isinstance(value, Sequence) and value.items:
        return value.items[0]
    if known is not None:
        return known[0] if known else NOTHING
    return join(element(value), NOTHING)


def _last(value: Value, site: CallSite, run: Machine) -> Value:
    known = items(value)
    if site.positional or known is None:
        return Sequence([], element(value)) if site.positional else join(element(value), NOTHING)
    return known[-1] if known else NOTHING


def _together(value: Value, site: CallSite, run: Machine) -> Value:
    """``a + b``, ``a | b``."""
    known, other = items(value), items(first_of(site))
    if known is not None and other is not None:
        return Sequence.joined([*known, *other], None)
    return Sequence([], join(element(value), element(first_of(site))))


def _flatten(value: Value, site: CallSite, run: Machine) -> Value:
    if not isinstance(value, Sequence):
        return value
    found: list[Value] = []
    rest: list[Value] = []
    for item in value.items:
        inner = items(item) if isinstance(item, Sequence) else [item]
        if inner is None:
            rest.append(element(item))
        else:
            found += inner
    if value.rest is not None:
        rest += [element(option) if isinstance(option, Sequence) else option for option in options(value.rest)]
    return Sequence.joined(found, join(*rest) if rest else None)


def _compact(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Sequence):
        kept = [item for item in value.items if not (isinstance(item, Const) and item.value is None)]
        return Sequence(kept, value.rest)
    if isinstance(value, Object):
        fields = {
            name: held for name, held in value.fields.items() if not (isinstance(held, Const) and held.value is None)
        }
        return Object(fields, value.rest)
    return value


def _join(value: Value, site: CallSite, run: Machine) -> Value:
    known = items(value)
    if known is None:
        return UnknownValue("a joined text")
    separator = first_of(site)
    parts: list[Value] = []
    for position, item in enumerate(known):
        if position and separator is not NOTHING:
            parts.append(separator)
        parts.append(item)
    return concatenate(tuple(parts)) if parts else Const("")


def _to_h(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Object) and block_of(site) is None:
        return value
    pairs = over(run, site, value)[1] if block_of(site) is not None else value
    made = Object(born=run.position.conditional)
    if isinstance(pairs, Sequence):
        for pair in [*pairs.items, *(options(pairs.rest) if pairs.rest is not None else ())]:
            if isinstance(pair, Sequence) and len(pair.items) == 2:
                key, held = pair.items
                text = as_text(key).literal if isinstance(key, Const) and as_text(key) is not None else None  # type: ignore[union-attr]
                if text is not None and pairs.rest is None:
                    made.fields[text] = held
                else:
                    made.put(key, held)
            else:
                made.put(UnknownValue("a key"), UnknownValue("a value"))
    return made


def _groups(value: Value, site: CallSite, run: Machine) -> Value:
    """``group_by``, ``index_by``: elements by what the block gives."""
    over(run, site, value)
    return Object({}, Sequence([], element(value)))


def _slices(value: Value, site: CallSite, run: Machine) -> Value:
    """``each_slice``: several elements at once."""
    inner = Sequence([], element(value))
    if block_of(site) is not None:
        run_block(run, site, inner)
        return value
    return Sequence([], inner)


def _slice(value: Value, site: CallSite, run: Machine) -> Value:
    """``a[1, 2]``, ``a.take(2)``."""
    return Sequence([], element(value))


def _partition(value: Value, site: CallSite, run: Machine) -> Value:
    over(run, site, value)
    half = Sequence([], element(value))
    return Sequence([half, half])


def _zip(value: Value, site: CallSite, run: Machine) -> Value:
    others = [element(other) for other in site.positional]
    return Sequence([], Sequence([element(value), *others]))


def _reversed(value: Value, site: CallSite, run: Machine) -> Value:
    known = items(value)
    return Sequence([], element(value)) if known is None else Sequence(known[::-1])


def _rotated(value: Value, site: CallSite, run: Machine) -> Value:
    known = items(value)
    by = first_of(site).value if site.positional and isinstance(first_of(site), Const) else 1  # type: ignore[attr-defined]
    if not known or not isinstance(by, int) or (site.positional and not isinstance(first_of(site), Const)):
        return Sequence([], element(value))
    by %= len(known)
    return Sequence([*known[by:], *known[:by]])


def _mixed(value: Value, site: CallSite, run: Machine) -> Value:
    """The elements in another order, or without some: ``sort_by``, ``uniq``; one or some of them: ``max``."""
    over(run, site, value)
    found = element(value)
    if len(items(value) or ()) == 1 and not site.positional:
        return value
    return Sequence([], found)


def _fetch(value: Value, site: CallSite, run: Machine) -> Value:
    """``array.fetch(0, default)``."""
    found = index(run, value, first_of(site), site.place)
    default = site.positional[1] if len(site.positional) > 1 else run_block(run, site, first_of(site))
    return found if default is NOTHING else join(found, default)


def _itself(value: Value, site: CallSite, run: Machine) -> Value:
    return value


def _dig(value: Value, site: CallSite, run: Machine) -> Value:
    for key in site.positional:
        value = index(run, value, key, site.place)
    return value


_GROUPS: Final[tuple[tuple[Method, str], ...]] = (
    (_each, "each each_entry reverse_each each_pair cycle"),
    (_each_with_index, "each_with_index each_index"),
    (_each_with_object, "each_with_object with_object"),
    (_map, "map collect to_set lazy each_value"),
    (_filter_map, "filter_map"),
    (_map_with_index, "with_index map_with_index"),
    (_flat_map, "flat_map collect_concat"),
    (_some, "select filter reject take_while drop_while grep grep_v"),
    (_one, "find detect max_by min_by max min sample"),
    (_same, "to_a entries force"),
    (_reversed, "reverse"),
    (_rotated, "rotate"),
    (_mixed, "sort sort_by shuffle uniq minmax minmax_by"),
    (_test, "any? all? none? one? include? member? frozen?"),
    (_number, "size length count sum tally index find_index rindex hash"),
    (_is_empty, "empty? blank?"),
    (_reduce, "reduce inject"),
    (_first, "first"),
    (_last, "last"),
    (_fetch, "fetch at"),
    (_together, "union | +"),
    (_flatten, "flatten"),
    (_compact, "compact"),
    (_join, "join"),
    (_to_h, "to_h"),
    (_groups, "group_by index_by chunk_while slice_when"),
    (_slices, "each_slice each_cons in_groups_of"),
    (_slice, "[] slice take drop values_at - & difference intersection"),
    (_partition, "partition"),
    (_zip, "zip product transpose"),
    (_dig, "dig"),
    (_itself, "presence to_ary each_entry compact_blank"),
)
METHODS: Final[dict[str, Method]] = {
    **{name: body for body, names in _GROUPS for name in names.split()},
    **array_changes.METHODS,
}
