"""Java's collections: lists, sets, queues, arrays and streams are sequences, maps and properties are objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    from_text,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.java import resources
from scopedown.languages.java.holders import Optional, first_element
from scopedown.languages.java.natives import (
    NOTHING,
    JavaClass,
    add,
    any_of,
    bound,
    computed,
    each,
    element_of,
    elements,
    first_of,
    function,
    given,
    is_null,
    joined,
    mapped,
    otherwise,
)

OfSequence = Callable[[Sequence, CallSite, Machine], Value]
OfObject = Callable[[Object, CallSite, Machine], Value]


@dataclass(frozen=True, slots=True, eq=False)
class Entry(Native):
    """A key of a map with its value."""

    key: Value
    value: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``getKey``, ``getValue``; Kotlin reads them as properties."""
        if name in ("getKey", "getLeft", "getFirst"):
            return bound(self, name, lambda site, run: self.key)
        if name in ("getValue", "getRight", "getSecond"):
            return bound(self, name, lambda site, run: self.value)
        if name in ("key", "first", "left"):
            return self.key
        if name in ("value", "second", "right"):
            return self.value
        return computed(name)

    def describe(self) -> str:
        """For messages."""
        return "an entry of a map"


def _entry(site: CallSite, run: Machine) -> Value:
    return Entry(first_of(site), given(site, 1))


ENTRY = JavaClass("java.util.Map.Entry", {}, _entry)


# sequences


def sequence_method(value: Sequence, name: str, run: Machine, place: Place) -> Value | None:
    """A member of a list, a set, a queue, an array or a stream."""
    if name == "length":
        known = value.rest is None
        return Const(len(value.items)) if known else UnknownValue("the length of an array", place, inert=True)
    body = _OF_SEQUENCE.get(name)
    if body is None:
        return computed(name)
    return bound(value, name, lambda site, run: body(value, site, run))


def _data(name: str) -> OfSequence:
    return lambda value, site, run: UnknownValue(f"result of {name}()", site.place, inert=True)


def _same(value: Sequence, site: CallSite, run: Machine) -> Value:
    return value


def _copy(value: Sequence, site: CallSite, run: Machine) -> Value:
    return Sequence(list(value.items), value.rest)


def _some(value: Sequence, site: CallSite, run: Machine) -> Value:
    """Some of the elements."""
    return Sequence([], any_of(value))


def _element(value: Sequence, site: CallSite, run: Machine) -> Value:
    return element_of(value, site.place)


def _first(value: Sequence, site: CallSite, run: Machine) -> Value:
    return value.items[0] if value.items else element_of(value, site.place)


def _get(value: Sequence, site: CallSite, run: Machine) -> Value:
    return members.index(run, value, first_of(site), site.place)


def _add(value: Sequence, site: CallSite, run: Machine) -> Value:
    add(run, value, *site.positional[-1:])
    return Const(True)


def _add_all(value: Sequence, site: CallSite, run: Machine) -> Value:
    for one in site.positional[-1:]:
        more = elements(run, one, site.place)
        if more is not value:
            add(run, value, *more.items)
            value.rest = joined(value.rest, more.rest)
    return Const(True)


def _set(value: Sequence, site: CallSite, run: Machine) -> Value:
    members.assign_index(run, value, first_of(site), given(site, 1), site.place)
    return element_of(value, site.place)


def _for_each(value: Sequence, site: CallSite, run: Machine) -> Value:
    each(run, value, first_of(site), site.place)
    return NOTHING


def _peek(value: Sequence, site: CallSite, run: Machine) -> Value:
    """A stream's, with a function, or a queue's."""
    if not site.positional:
        return element_of(value, site.place)
    each(run, value, first_of(site), site.place)
    return value


def _map(value: Sequence, site: CallSite, run: Machine) -> Value:
    return mapped(run, value, first_of(site), site.place)


def _filter(value: Sequence, site: CallSite, run: Machine) -> Value:
    each(run, value, first_of(site), site.place)
    return Sequence([], any_of(value))


def _flat_map(value: Sequence, site: CallSite, run: Machine) -> Value:
    results, exact = each(run, value, first_of(site), site.place)
    lists = [elements(run, one, site.place) for one in results]
    if exact and all(one.rest is None for one in lists):
        return Sequence.joined([item for one in lists for item in one.items], None)
    return Sequence([], joined(*(any_of(one) for one in lists)))


def _test(value: Sequence, site: CallSite, run: Machine) -> Value:
    each(run, value, first_of(site), site.place)
    return UnknownValue("a test of a stream", site.place, inert=True)


def _reduce(value: Sequence, site: CallSite, run: Machine) -> Value:
    if len(site.positional) == 1:
        element = element_of(value, site.place)
        return Optional(join(element, run.call(first_of(site), (element, element), site.place)))
    result = first_of(site)
    known = value.items if value.rest is None and len(value.items) <= 8 else [element_of(value, site.place)]
    for item in known:
        result = run.call(given(site, 1), (result, item), site.place)
    return result


def _collect(value: Sequence, site: CallSite, run: Machine) -> Value:
    collector = first_of(site)
    if isinstance(collector, Collector):
        return collector.collected(value, run, site.place)
    if len(site.positional) == 3:  # a supplier, an accumulator, a combiner
        made = run.call(first_of(site), (), site.place)
        for item in value.held():
            run.call(given(site, 1), (made, item), site.place)
        return made
    return value


def _to_map(value: Sequence, site: CallSite, run: Machine) -> Value:
    return ToMap(first_of(site), given(site, 1)).collected(value, run, site.place)


def _find(value: Sequence, site: CallSite, run: Machine) -> Value:
    return first_element(run, value)


def _replace_all(value: Sequence, site: CallSite, run: Machine) -> Value:
    value.items, value.rest = [], joined(*each(run, value, first_of(site), site.place)[0])
    return NOTHING


def _sorted(value: Sequence, site: CallSite, run: Machine) -> Value:
    if site.positional and (element := any_of(value)) is not None and not is_null(first_of(site)):
        run.call(first_of(site), (element, element), site.place)
    return value


def _iterator(value: Sequence, site: CallSite, run: Machine) -> Value:
    return value


_OF_SEQUENCE: dict[str, OfSequence] = {
    **dict.fromkeys(("add", "offer", "addFirst", "addLast", "push", "offerFirst", "offerLast", "put"), _add),
    "addAll": _add_all,
    "set": _set,
    **dict.fromkeys(("get", "elementAt"), _get),
    **dict.fromkeys(("getFirst", "firstElement"), _first),
    **dict.fromkeys(
        (
            "getLast", "poll", "pop", "remove", "element", "pollFirst", "pollLast", "peekFirst", "peekLast",
            "removeFirst", "removeLast", "take", "first", "last", "lastElement", "next", "previous", "nextElement",
        ),
        _element,
    ),
    **dict.fromkeys(("iterator", "listIterator", "descendingIterator", "elements"), _iterator),
    **dict.fromkeys(
        (
            "stream", "parallelStream", "toList", "toArray", "asList", "unmodifiable", "boxed", "parallel", "onClose",
            "sequential", "unordered", "asLongStream", "asDoubleStream", "spliterator", "trimToSize",
        ),
        _same,
    ),
    **dict.fromkeys(("clone", "reversed"), _copy),
    **dict.fromkeys(
        ("subList", "distinct", "limit", "skip", "takeWhile", "dropWhile", "headSet", "tailSet", "subSet"), _some
    ),
    **dict.fromkeys(("forEach", "forEachOrdered", "forEachRemaining"), _for_each),
    "peek": _peek,
    **dict.fromkeys(("map", "mapToObj", "mapToInt", "mapToLong", "mapToDouble"), _map),
    **dict.fromkeys(("flatMap", "mapMulti", "flatMapToInt"), _flat_map),
    "filter": _filter,
    **dict.fromkeys(("anyMatch", "allMatch", "noneMatch", "removeIf"), _test),
    "reduce": _reduce,
    "collect": _collect,
    **dict.fromkeys(("findFirst", "findAny", "min", "max", "average"), _find),
    "replaceAll": _replace_all,
    **dict.fromkeys(("sorted", "sort"), _sorted),
    **dict.fromkeys(
        ("size", "isEmpty", "contains", "containsAll", "indexOf", "hasNext", "count", "sum"), _data("size")
    ),
}  # fmt: skip


# collectors


class Collector(Native):
    """What ``Collectors`` gives: how the elements of a stream are put together."""

    __slots__ = ()

    def collected(self, value: Sequence, run: Machine, place: Place) -> Value:
        """What it makes of the elements."""
        return value

    def describe(self) -> str:
        """For messages."""
        return "a collector"


@dataclass(frozen=True, slots=True, eq=False)
class Joining(Collector):
    """``Collectors.joining``."""

    separator: Value

    def collected(self, value: Sequence, run: Machine, place: Place) -> Value:
        """A text."""
        from scopedown.languages.java.texts import joined_text

        return joined_text(self.separator, value, place)


@dataclass(frozen=True, slots=True, eq=False)
class ToMap(Collector):
    """``Collectors.toMap``, ``groupingBy``."""

    key: Value
    value: Value | None
    lists: bool = False

    def collected(self, value: Sequence, run: Machine, place: Place) -> Value:
        """A map from what one function gives to what the other does."""
        made = Object(born=run.position.conditional)
        known = value.items if value.rest is None and len(value.items) <= 8 else value.held()
        for item in known:
            key = run.call(self.key, (item,), place)
            held = item if self.value is None else run.call(self.value, (item,), place)
            members.assign_index(run, made, key, Sequence([], held) if self.lists else held, place)
        return made


@dataclass(frozen=True, slots=True, eq=False)
class Mapping(Collector):
    """``Collectors.mapping``, ``collectingAndThen``."""

    called: Value
    inner: Value
    after: bool = False

    def collected(self, value: Sequence, run: Machine, place: Place) -> Value:
        """What another collector makes of what a function gives, or the other way round."""
        given = value if self.after else mapped(run, value, self.called, place)
        made = self.inner.collected(given, run, place) if isinstance(self.inner, Collector) else given
        return run.call(self.called, (made,), place) if self.after else made


def _joining(site: CallSite, run: Machine) -> Value:
    return Joining(site.positional[0] if site.positional else Const(""))


def _plain(site: CallSite, run: Machine) -> Value:
    return Collector()


def _to_a_map(site: CallSite, run: Machine) -> Value:
    return ToMap(first_of(site), given(site, 1))


def _grouping(site: CallSite, run: Machine) -> Value:
    return ToMap(first_of(site), None, lists=True)


COLLECTORS = JavaClass(
    "java.util.stream.Collectors",
    {
        "joining": function("Collectors.joining", _joining),
        **dict.fromkeys(
            (
                "toList", "toSet", "toCollection", "toUnmodifiableList", "toUnmodifiableSet", "counting", "filtering",
                "summingInt", "summingLong", "maxBy", "minBy",
            ),
            function("Collectors.toList", _plain),
        ),
        **dict.fromkeys(
            ("toMap", "toUnmodifiableMap", "toConcurrentMap"), function("Collectors.toMap", _to_a_map)
        ),
        **dict.fromkeys(("groupingBy", "partitioningBy"), function("Collectors.groupingBy", _grouping)),
        "mapping": function("Collectors.mapping", lambda site, run: Mapping(first_of(site), given(site, 1))),
        "collectingAndThen": function(
            "Collectors.collectingAndThen", lambda site, run: Mapping(given(site, 1), first_of(site), after=True)
        ),
    },
)  # fmt: skip


# maps


def object_method(value: Object, name: str, run: Machine, place: Place) -> Value | None:
    """A member of a map or of properties."""
    body = _OF_OBJECT.get(name)
    if body is not None:
        return bound(value, name, lambda site, run: body(value, site, run))
    field = value.fields.get(name[3:4].lower() + name[4:]) if name.startswith("get") else None
    return None if field is None else bound(value, name, lambda site, run: field)


def _get_key(value: Object, site: CallSite, run: Machine) -> Value:
    if not value.fields and value.rest is None:
        return NOTHING
    return members.index(run, value, first_of(site), site.place)


def _get_or(value: Object, site: CallSite, run: Machine) -> Value:
    key = first_of(site)
    if isinstance(key, Const) and value.rest is None:
        found = value.fields.get(members.key_text(key))
        return given(site, 1) if found is None else otherwise(found, given(site, 1))
    found = _get_key(value, site, run)
    return join(found, site.positional[1]) if len(site.positional) > 1 else found


def _put(value: Object, site: CallSite, run: Machine) -> Value:
    members.assign_index(run, value, first_of(site), given(site, 1), site.place)
    return UnknownValue("the value before", site.place, inert=True)


def _put_all(value: Object, site: CallSite, run: Machine) -> Value:
    for option in options(first_of(site)):
        if isinstance(option, Object):
            for name, one in list(option.fields.items()):
                members.assign_index(run, value, Const(name), one, site.place)
            value.symbolic.update(option.symbolic)
            value.rest = joined(value.rest, option.rest)
        elif not is_null(option):
            value.rest = joined(value.rest, UnknownValue("a value of another map", site.place))
    return NOTHING


def _compute_if_absent(value: Object, site: CallSite, run: Machine) -> Value:
    made = run.call(given(site, 1), (first_of(site),), site.place)
    key = first_of(site)
    known = value.fields.get(members.key_text(key)) if isinstance(key, Const) else None
    whole = made if known is None else join(known, made)
    members.assign_index(run, value, key, whole, site.place)
    return whole


def _compute(value: Object, site: CallSite, run: Machine) -> Value:
    before = _get_key(value, site, run)
    made = run.call(site.positional[-1], (first_of(site), before), site.place)
    members.assign_index(run, value, first_of(site), join(before, made), site.place)
    return made


def _merge(value: Object, site: CallSite, run: Machine) -> Value:
    before = _get_key(value, site, run)
    made = run.call(site.positional[-1], (before, given(site, 1)), site.place)
    members.assign_index(run, value, first_of(site), join(given(site, 1), made), site.place)
    return made


def entries(value: Object, place: Place) -> Sequence:
    """The keys of a map with their values."""
    known: list[Value] = [Entry(Const(name), one) for name, one in value.fields.items()]
    known += [Entry(from_text(text), one) for text, one in value.symbolic.items()]
    if value.rest is None:
        return Sequence(known)
    rest = Entry(UnknownValue("a key", place, inert=True), value.rest)
    return Sequence(known, None if value.symbolic else rest)


def _keys(value: Object, site: CallSite, run: Machine) -> Value:
    found = entries(value, site.place)
    return Sequence([one.key for one in found.items if isinstance(one, Entry)], _part(found.rest, "key"))


def _values(value: Object, site: CallSite, run: Machine) -> Value:
    found = entries(value, site.place)
    return Sequence([one.value for one in found.items if isinstance(one, Entry)], _part(found.rest, "value"))


def _part(rest: Value | None, name: str) -> Value | None:
    if not isinstance(rest, Entry):
        return None
    return rest.key if name == "key" else rest.value


def _for_each_entry(value: Object, site: CallSite, run: Machine) -> Value:
    called = first_of(site)
    found = entries(value, site.place)
    for one in found.held():
        if isinstance(one, Entry):
            run.call(called, (one.key, one.value), site.place)
    return NOTHING


def _itself(value: Object, site: CallSite, run: Machine) -> Value:
    return value


_OF_OBJECT: dict[str, OfObject] = {
    **dict.fromkeys(("get", "getString", "getObject"), _get_key),
    **dict.fromkeys(("load", "loadFromXML"), resources.load),
    **dict.fromkeys(("getOrDefault", "getProperty"), _get_or),
    **dict.fromkeys(("put", "setProperty", "putIfAbsent", "replace"), _put),
    "putAll": _put_all,
    "computeIfAbsent": _compute_if_absent,
    **dict.fromkeys(("compute", "computeIfPresent"), _compute),
    "merge": _merge,
    **dict.fromkeys(("keySet", "navigableKeySet", "stringPropertyNames"), _keys),
    "values": _values,
    "entrySet": lambda value, site, run: entries(value, site.place),
    "forEach": _for_each_entry,
    "clone": _itself,
    "remove": _get_key,
    **dict.fromkeys(
        ("size", "isEmpty", "containsKey", "containsValue", "clear", "toString", "hashCode", "equals", "store"),
        lambda value, site, run: UnknownValue("a property of a map", site.place, inert=True),
    ),
}


# what makes them


def list_of(site: CallSite, run: Machine) -> Value:
    """``List.of``: of several elements, or of an array."""
    rest = None if site.complete else UnknownValue("an element", site.place)
    if len(site.positional) == 1 and isinstance(site.positional[0], Sequence):
        return _copy(site.positional[0], site, run)
    return Sequence(list(site.positional), rest)


def copied(site: CallSite, run: Machine) -> Value:
    """A new collection, with the elements of another where one is given."""
    found = [one for one in site.positional if not isinstance(one, Const | TextValue)]
    if not found:
        return Sequence()
    if isinstance(found[0], UnknownValue) and found[0].inert:
        return Sequence([], found[0])
    more = elements(run, found[0], site.place)
    return Sequence(list(more.items), more.rest)


def map_of(site: CallSite, run: Machine) -> Value:
    """``Map.of``: keys and values in turns, or entries."""
    made = Object(born=run.position.conditional)
    given_ = list(site.positional)
    if given_ and all(isinstance(one, Entry) for one in given_):
        for one in given_:
            if isinstance(one, Entry):
                members.assign_index(run, made, one.key, one.value, site.place)
        return made
    for key, value in zip(given_[::2], given_[1::2], strict=False):
        members.assign_index(run, made, key, value, site.place)
    return made


def copied_map(site: CallSite, run: Machine) -> Value:
    """A new map, with the entries of another where one is given."""
    made = Object(born=run.position.conditional)
    for one in site.positional:
        if not isinstance(one, Const | TextValue):
            _put_all(made, CallSite((one,), {}, site.place), run)
    return made


def _sized(site: CallSite, run: Machine) -> Value:
    return Sequence()


def _concat(site: CallSite, run: Machine) -> Value:
    lists = [elements(run, one, site.place) for one in site.positional]
    return Sequence.joined([item for one in lists for item in one.items], joined(*(one.rest for one in lists)))


def _generated(site: CallSite, run: Machine) -> Value:
    supplier = site.positional[-1] if site.positional else NOTHING
    seed = site.positional[:1] if len(site.positional) > 1 else ()
    return Sequence([], join(*seed, run.call(supplier, seed, site.place)))


def _range(site: CallSite, run: Machine) -> Value:
    return Sequence([], UnknownValue("a number", site.place, inert=True))


def _first_given(site: CallSite, run: Machine) -> Value:
    return first_of(site)


_LISTS = (
    "ArrayList", "LinkedList", "Vector", "Stack", "ArrayDeque", "HashSet", "LinkedHashSet", "TreeSet", "PriorityQueue",
    "concurrent.ConcurrentLinkedQueue", "concurrent.CopyOnWriteArrayList", "concurrent.ConcurrentSkipListSet",
    "concurrent.LinkedBlockingQueue", "concurrent.ArrayBlockingQueue", "concurrent.ConcurrentLinkedDeque",
    "concurrent.CopyOnWriteArraySet", "concurrent.LinkedBlockingDeque", "concurrent.PriorityBlockingQueue",
)  # fmt: skip
_MAPS = (
    "HashMap", "LinkedHashMap", "TreeMap", "Hashtable", "Properties", "WeakHashMap", "IdentityHashMap", "EnumMap",
    "concurrent.ConcurrentHashMap", "concurrent.ConcurrentSkipListMap",
)  # fmt: skip


def classes() -> dict[str, Value]:
    """The classes of collections, by their full names."""
    of = function("List.of", list_of)
    made: dict[str, Value] = {f"java.util.{name}": JavaClass(f"java.util.{name}", {}, copied) for name in _LISTS}
    made |= {f"java.util.{name}": JavaClass(f"java.util.{name}", {}, copied_map) for name in _MAPS}
    for name in ("List", "Set", "Collection", "SequencedCollection"):
        statics = {"of": of, "copyOf": function(f"{name}.copyOf", copied)}
        made[f"java.util.{name}"] = JavaClass(f"java.util.{name}", statics)
    made["java.util.Map"] = JavaClass(
        "java.util.Map",
        {
            "of": function("Map.of", map_of),
            "ofEntries": function("Map.ofEntries", map_of),
            "copyOf": function("Map.copyOf", copied_map),
            "entry": function("Map.entry", _entry),
            "Entry": ENTRY,
        },
    )
    made["java.util.ResourceBundle"] = resources.BUNDLE
    made["java.util.Map.Entry"] = ENTRY
    made["java.util.AbstractMap"] = JavaClass(
        "java.util.AbstractMap", {"SimpleEntry": ENTRY, "SimpleImmutableEntry": ENTRY}
    )
    made["java.util.Arrays"] = JavaClass(
        "java.util.Arrays",
        {
            "asList": of,
            "stream": function("Arrays.stream", _first_given),
            **dict.fromkeys(("copyOf", "copyOfRange"), function("Arrays.copyOf", copied)),
        },
    )
    wrapped = ("unmodifiable", "synchronized", "checked")
    kinds = ("List", "Set", "Collection", "Map", "SortedSet", "SortedMap", "NavigableMap", "NavigableSet")
    made["java.util.Collections"] = JavaClass(
        "java.util.Collections",
        {
            **dict.fromkeys(("singletonList", "singleton"), of),
            **dict.fromkeys(("emptyList", "emptySet", "emptyIterator"), function("Collections.emptyList", _sized)),
            **dict.fromkeys(("singletonMap", "emptyMap"), function("Collections.singletonMap", map_of)),
            "nCopies": function("Collections.nCopies", lambda site, run: Sequence([], given(site, 1))),
            **{word + kind: function(f"Collections.{word}{kind}", _first_given) for word in wrapped for kind in kinds},
        },
    )
    streams = {
        "of": of,
        "ofNullable": of,
        "empty": function("Stream.empty", _sized),
        "concat": function("Stream.concat", _concat),
        **dict.fromkeys(("generate", "iterate"), function("Stream.generate", _generated)),
        **dict.fromkeys(("range", "rangeClosed"), function("IntStream.range", _range)),
    }
    for name in ("Stream", "IntStream", "LongStream", "DoubleStream"):
        made[f"java.util.stream.{name}"] = JavaClass(f"java.util.stream.{name}", streams)
    made["java.util.stream.StreamSupport"] = JavaClass(
        "java.util.stream.StreamSupport", {"stream": function("StreamSupport.stream", _first_given)}
    )
    made["java.util.stream.Collectors"] = COLLECTORS
    return made
