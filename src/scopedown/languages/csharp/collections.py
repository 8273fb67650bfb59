"""C#'s lists and dictionaries: their own methods, and those of LINQ.

A list is a :class:`~scopedown.calls.values.Sequence`, a dictionary an :class:`~scopedown.calls.values.Object`, of which
a loop takes pairs.
"""

from __future__ import annotations

from collections.abc import Callable

from scopedown.calls.builtins.python_native import add, bound, each, first_of, listed, merge
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, FunctionValue, Object, Sequence, UnknownValue, Value, join, options
from scopedown.core.digits import is_count
from scopedown.core.place import Place
from scopedown.languages.csharp.natives import NOTHING, arguments, run_functions, unknown

Handler = Callable[[Sequence, CallSite, Machine], Value]

_SAME = frozenset(
    {
        "ToList", "ToArray", "ToHashSet", "AsEnumerable", "AsQueryable", "AsParallel", "Distinct", "DistinctBy",
        "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending", "Order", "Reverse", "Take", "TakeLast",
        "TakeWhile", "Skip", "SkipLast", "SkipWhile", "Cast", "OfType", "Where", "ToListAsync", "ToArrayAsync",
        "AsReadOnly", "GetEnumerator", "GetAsyncEnumerator", "DefaultIfEmpty", "Except", "Intersect", "GetRange",
        "Sort", "ToImmutableList", "ToImmutableArray", "ToFrozenSet", "AsSpan", "AsMemory", "FindAll", "Shuffle",
        "WithDegreeOfParallelism", "WithCancellation",
    }
)  # fmt: skip
"""Methods that give elements of the same kind; what they are given is asked for each."""
_ONE = frozenset(
    {
        "First", "FirstOrDefault", "Single", "SingleOrDefault", "Last", "LastOrDefault", "ElementAt",
        "ElementAtOrDefault", "Find", "FindLast", "Dequeue", "Pop", "Peek", "MaxBy", "MinBy", "FirstAsync",
        "FirstOrDefaultAsync", "SingleOrDefaultAsync", "Max", "Min",
    }
)  # fmt: skip
"""Methods that give one element."""
_TOLD = frozenset(
    {
        "Any", "All", "Contains", "Sum", "Average", "LongCount", "IndexOf", "FindIndex", "LastIndexOf", "Exists",
        "TrueForAll", "SequenceEqual", "BinarySearch", "AnyAsync", "CountAsync", "ConvertAll", "RemoveAll",
    }
)  # fmt: skip
"""Methods that ask something of each element."""
_ADDS = frozenset({"Add", "Enqueue", "Push", "Append", "TryAdd", "AddLast", "AddFirst"})
_DROPS = frozenset({"Remove", "RemoveAt", "Clear", "RemoveRange", "CopyTo", "TrimExcess", "EnsureCapacity", "Dispose"})


def pairs(run: Machine, value: Object) -> Sequence:
    """The elements of a dictionary in a loop: pairs with ``Key`` and ``Value``."""
    items: list[Value] = [_pair(Const(name), item) for name, item in value.fields.items()]
    rest = None if value.rest is None else _pair(UnknownValue("a key"), value.rest)
    return Sequence(items, rest)


def _pair(key: Value, value: Value) -> Object:
    return Object({"Key": key, "Value": value, "0": key, "1": value})


def elements(run: Machine, value: Value) -> Value:
    """What a loop goes through: the pairs of a dictionary, else the value itself."""
    if any(isinstance(option, Object) for option in options(value)):
        return join(*(pairs(run, option) if isinstance(option, Object) else option for option in options(value)))
    return value


def of_list(value: Sequence, name: str, place: Place) -> Value | None:
    """A member of a list; None where it has none of this name that is followed."""
    if name in ("Count", "Length", "LongLength"):
        known = value.rest is None
        number: Value = Const(len(value.items)) if known else UnknownValue("a number of elements", place, inert=True)
        return bound(value, name, lambda site, run: _counted(value, site, run)) if name == "Count" else number
    if name.startswith("Item") and is_count(name[4:]) and len(name) < 7:
        position = int(name[4:]) - 1
        return value.items[position] if 0 <= position < len(value.items) else value.rest
    if name == "Current":
        return value.element()
    if name == "Key":
        return UnknownValue("the key of a group", place)
    handler = _LIST.get(name)
    if handler is None:
        handler = _same if name in _SAME else _one if name in _ONE else _told if name in _TOLD else None
    if handler is None and name in _ADDS:
        handler = _add
    if handler is None and name in _DROPS:
        handler = _drop
    made = handler
    if made is not None and (name.removesuffix("Async").endswith("OrDefault") or name in ("Find", "FindLast")):
        found = made
        return bound(value, name, lambda site, run: join(found(value, site, run), Const(None)))
    return None if made is None else bound(value, name, lambda site, run: made(value, site, run))


def _asked(value: Sequence, site: CallSite, run: Machine) -> None:
    """The functions that are given are asked for each element."""
    for argument in arguments(site):
        if _is_function(argument):
            _each(run, argument, value, site.place)


def _is_function(value: Value) -> bool:
    return any(isinstance(option, FunctionValue) for option in options(value))


def _same(value: Sequence, site: CallSite, run: Machine) -> Value:
    _asked(value, site, run)
    return value


def _one(value: Sequence, site: CallSite, run: Machine) -> Value:
    _asked(value, site, run)
    return value.element()


def _first(value: Sequence, site: CallSite, run: Machine) -> Value:
    if not site.positional and value.items:
        return value.items[0]
    return _one(value, site, run)


def _last(value: Sequence, site: CallSite, run: Machine) -> Value:
    if not site.positional and value.items and value.rest is None:
        return value.items[-1]
    return _one(value, site, run)


def _told(value: Sequence, site: CallSite, run: Machine) -> Value:
    _asked(value, site, run)
    return unknown("a question to a list", site)


def _counted(value: Sequence, site: CallSite, run: Machine) -> Value:
    _asked(value, site, run)
    return Const(len(value.items)) if value.rest is None and not site.positional else unknown("Count", site)


def _select(value: Sequence, site: CallSite, run: Machine) -> Value:
    return _each(run, first_of(site), value, site.place)


def _each(run: Machine, function: Value, value: Sequence, place: Place) -> Sequence:
    """The results of a function for each element; beside the element it may take its position."""
    if not value.items and value.rest is None:
        return Sequence()
    position = UnknownValue("a position", place, inert=True)
    if value.rest is None and len(value.items) <= members.PRECISE_ITEMS:
        return Sequence([_call(run, function, item, Const(at), place) for at, item in enumerate(value.items)])
    return Sequence([], _call(run, function, value.element(), position, place))


def _call(run: Machine, function: Value, item: Value, position: Value, place: Place) -> Value:
    takes = [len(option.function.parameters) for option in options(function) if isinstance(option, FunctionValue)]
    return run.call(function, (item, position) if takes and max(takes) > 1 else (item,), place)


def _select_many(value: Sequence, site: CallSite, run: Machine) -> Value:
    made = [listed(run, one, site.place) for one in _each(run, first_of(site), value, site.place).held()]
    items = [item for one in made for item in one.items]
    rests = [one.rest for one in made if one.rest is not None]
    return Sequence.joined(items, join(*rests) if rests else None)


def _for_each(value: Sequence, site: CallSite, run: Machine) -> Value:
    _each(run, first_of(site), value, site.place)
    return NOTHING


def _concat(value: Sequence, site: CallSite, run: Machine) -> Value:
    other = listed(run, first_of(site), site.place)
    rests = [rest for rest in (value.rest, other.rest) if rest is not None]
    return Sequence.joined([*value.items, *other.items], join(*rests) if rests else None)


def _prepend(value: Sequence, site: CallSite, run: Machine) -> Value:
    return Sequence.joined([first_of(site), *value.items], value.rest)


def _appended(value: Sequence, site: CallSite, run: Machine) -> Value:
    return Sequence.joined([*value.items, first_of(site)], value.rest)


def _add(value: Sequence, site: CallSite, run: Machine) -> Value:
    add(run, value, *site.positional[:1])
    return Const(True)


def _insert(value: Sequence, site: CallSite, run: Machine) -> Value:
    add(run, value, *site.positional[1:2])
    return NOTHING


def _add_range(value: Sequence, site: CallSite, run: Machine) -> Value:
    other = listed(run, first_of(site), site.place)
    add(run, value, *other.items)
    if other.rest is not None:
        value.rest = other.rest if value.rest is None else join(value.rest, other.rest)
    return NOTHING


def _drop(value: Sequence, site: CallSite, run: Machine) -> Value:
    run_functions(site, run)
    return unknown("a removal", site)


def _chunk(value: Sequence, site: CallSite, run: Machine) -> Value:
    return Sequence([], value)


def _group(value: Sequence, site: CallSite, run: Machine) -> Value:
    _asked(value, site, run)
    return Sequence([], value)


def _to_dictionary(value: Sequence, site: CallSite, run: Machine) -> Value:
    made = Object(born=run.position.conditional)
    functions = [one for one in site.positional if _is_function(one)]
    for item in value.held():
        key = run.call(functions[0], (item,), site.place) if functions else run.attribute(item, "Key", site.place)
        kept = run.call(functions[1], (item,), site.place) if len(functions) > 1 else item
        if not functions:
            kept = run.attribute(item, "Value", site.place)
        members.assign_index(run, made, key, kept, site.place)
    if value.rest is not None and made.rest is None:
        made.rest = join(*made.fields.values()) if made.fields else UnknownValue("an element", site.place)
    return made


def _aggregate(value: Sequence, site: CallSite, run: Machine) -> Value:
    functions = [one for one in site.positional if _is_function(one)]
    start = site.positional[0] if site.positional and not _is_function(site.positional[0]) else value.element()
    made = run.call(functions[0], (start, value.element()), site.place) if functions else start
    return join(start, made)


def _zip(value: Sequence, site: CallSite, run: Machine) -> Value:
    other = listed(run, first_of(site), site.place)
    if len(site.positional) > 1:
        return each(run, site.positional[1], (value, other), site.place)
    return Sequence([], Sequence([value.element(), other.element()]))


_LIST: dict[str, Handler] = {
    "Select": _select, "SelectAwait": _select, "SelectMany": _select_many, "ForEach": _for_each,
    "ForEachAsync": _for_each, "ForAll": _for_each, "Concat": _concat, "Union": _concat, "UnionBy": _concat,
    "UnionWith": _add_range, "Prepend": _prepend, "Append": _appended, "Insert": _insert, "AddRange": _add_range,
    "Chunk": _chunk, "GroupBy": _group, "ToLookup": _group, "ToDictionary": _to_dictionary, "Aggregate": _aggregate,
    "Zip": _zip, "First": _first, "FirstOrDefault": _first, "Last": _last, "LastOrDefault": _last,
}  # fmt: skip


# dictionaries


def of_dictionary(value: Object, name: str, place: Place) -> Value | None:
    """A member of a dictionary; None where it has none of this name, or an object has a member of its own."""
    if name in value.fields:
        return None
    match name:
        case "Keys":
            rest = None if value.rest is None else UnknownValue("a key", place)
            return Sequence([Const(key) for key in value.fields], rest)
        case "Values":
            return Sequence(list(value.fields.values()), value.rest)
        case "Count":
            known = value.rest is None
            return Const(len(value.fields)) if known else UnknownValue("a number of elements", place, inert=True)
        case "TryGetValue" | "ContainsKey" | "ContainsValue" | "Remove" | "Clear" | "TryRemove" | "TryUpdate":
            return bound(value, name, lambda site, run: unknown(name, site))
        case "Add" | "TryAdd" | "Set" | "AddOrUpdate":
            return bound(value, name, lambda site, run: _put(value, site, run))
        case "GetOrAdd":
            return bound(value, name, lambda site, run: _get_or_add(value, site, run))
        case "GetValueOrDefault":
            return bound(value, name, lambda site, run: _get(value, site, run))
        case "AddRange":
            return bound(value, name, lambda site, run: _merged(value, site, run))
        case _:
            in_list = name in _LIST or name in _SAME or name in _ONE or name in _TOLD
            return bound(value, name, lambda site, run: _by_pairs(value, name, site, run)) if in_list else None


def _put(value: Object, site: CallSite, run: Machine) -> Value:
    if len(site.positional) > 1:
        given = site.positional[1]
        if _is_function(given):
            given = run.call(given, (site.positional[0],), site.place)
        members.assign_index(run, value, site.positional[0], given, site.place)
    elif site.positional:  # a pair
        key, item = (run.attribute(site.positional[0], one, site.place) for one in ("Key", "Value"))
        members.assign_index(run, value, key, item, site.place)
    return Const(True)


def _get(value: Object, site: CallSite, run: Machine) -> Value:
    found = members.index(run, value, first_of(site), site.place)
    return join(found, *site.positional[1:2])


def _get_or_add(value: Object, site: CallSite, run: Machine) -> Value:
    key = first_of(site)
    known = value.fields.get(members.key_text(key)) if isinstance(key, Const) else value.rest
    if known is None:
        _put(value, site, run)
    return members.index(run, value, key, site.place)


def _merged(value: Object, site: CallSite, run: Machine) -> Value:
    merge(run, value, first_of(site), site.place)
    return NOTHING


def _by_pairs(value: Object, name: str, site: CallSite, run: Machine) -> Value:
    found = of_list(pairs(run, value), name, site.place)
    return run.call_value(found, site) if found is not None else unknown(name, site)
