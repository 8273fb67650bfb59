"""Rust's prelude and standard library (https://doc.rust-lang.org/std/)."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import cache
from typing import Final

from scopedown.calls.bounds import ATTRIBUTES
from scopedown.calls.builtins.system_effects import environment_variable
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.rust import numbers, texts
from scopedown.languages.rust.changes import CHANGED, LENT
from scopedown.languages.rust.derived import derived_builder
from scopedown.languages.rust.kinds import (
    ASSIGNED,
    ATTRIBUTED,
    CAST,
    DERIVED_BUILDER,
    ELEMENTS,
    EVERY,
    FORCED,
    IMPLEMENTS,
    LAZY,
    OUTSIDE,
    VARIABLE,
)
from scopedown.languages.rust.natives import (
    NOTHING,
    SAME,
    Cell,
    Item,
    Lazy,
    RustNative,
    elements,
    first,
    function,
    gives_first,
    held_inside,
    runs_first,
    settled,
)

_WRITTEN_BOXES: Final = """
    Arc Box Cow Mutex Pin Rc RefCell RwLock Weak ManuallyDrop Reverse Wrapping Saturating AssertUnwindSafe Cell
    UnsafeCell Some Ok
"""
_BOXES: Final = _WRITTEN_BOXES.split()
"""Types whose value is what is in them."""
_LISTS: Final = ["BTreeSet", "BinaryHeap", "HashSet", "LinkedList", "Vec", "VecDeque"]
_MAPS: Final = ["BTreeMap", "HashMap"]
_WRITTEN_NUMBERS: Final = """
    bool char f32 f64 i128 i16 i32 i64 i8 isize str u128 u16 u32 u64 u8 usize
"""
_NUMBERS: Final = _WRITTEN_NUMBERS.split()
_WRITTEN_TRAITS: Final = """
    AsRef Clone Copy Debug Display Drop Eq Error Extend Fn FnMut FnOnce From FromIterator FromStr Hash Into
    IntoIterator Iterator Ord PartialEq PartialOrd Send Sized Sync ToOwned ToString TryFrom TryInto Unpin
"""
_TRAITS: Final = _WRITTEN_TRAITS.split()


def builtin(name: str) -> Value | None:
    """A name of the prelude."""
    return _prelude().get(name)


@cache
def _prelude() -> Mapping[str, Value]:
    found: dict[str, Value] = {
        IMPLEMENTS: function(IMPLEMENTS, _implements),
        LAZY: function(LAZY, lambda site, run: Lazy(first(site))),
        CHANGED: function(CHANGED, texts.changed),
        LENT: function(LENT, texts.lent),
        ELEMENTS: function(ELEMENTS, _elements),
        CAST: function(CAST, numbers.cast),
        FORCED: function(FORCED, lambda site, run: settled(first(site), run, site.place)),
        VARIABLE: function(VARIABLE, variable),
        DERIVED_BUILDER: function(DERIVED_BUILDER, derived_builder),
        EVERY: Item(EVERY),
        ASSIGNED: function(ASSIGNED, _assigned),
        ATTRIBUTED: function(ATTRIBUTED, _attributed),
        OUTSIDE: function(OUTSIDE, _outside),
        "Err": function("Err", _error),
        "drop": function("drop", lambda site, run: NOTHING),
        "Default": Item("Default", {"default": function("Default::default", _unknown_default)}),
        "String": _text_type(),
    }
    for name in _BOXES:
        found[name] = _box(name)
    for name in _LISTS:
        found[name] = _list(name)
    for name in _MAPS:
        found[name] = _map(name)
    for name in (*_NUMBERS, "Option", "Result"):
        found[name] = Item(name, {"from": gives_first("from"), "from_ref": gives_first("from_ref")})
    for name in _TRAITS:
        found[name] = Item(name, {one: gives_first(one) for one in SAME})
    return found


def _implements(site: CallSite, run: Machine) -> Value:
    """``impl Trait for T`` where ``T`` was made before: it derives from the trait."""
    target, trait = (site.argument(at) or NOTHING for at in (0, 1))
    for one in options(target):
        for base in options(trait):
            if isinstance(one, ClassValue) and isinstance(base, ClassValue) and one is not base:
                one.extend((base,))
                known = run.heap.subclasses.setdefault(id(base), [])
                if not any(one is other for other in known):
                    known.append(one)
    return NOTHING


def _assigned(site: CallSite, run: Machine) -> Value:
    """``*guard = value``: what a lock holds is written; other references are variables of the code."""
    target, value = (site.argument(at) or NOTHING for at in (0, 1))
    for one in options(target):
        if isinstance(one, Cell):
            one.keep(settled(value, run, site.place))
    return NOTHING


def _attributed(site: CallSite, run: Machine) -> Value:
    """A function has an attribute of a crate that is not read."""
    held = run.heap.globals.variables
    known = held.get(_NOTED)
    held[_NOTED] = Sequence([*(known.items if isinstance(known, Sequence) else ()), first(site)])
    return NOTHING


def _outside(site: CallSite, run: Machine) -> Value:
    """A crate that is not read runs the program: the functions of it that have an attribute of such a crate."""
    unit, here = run.sources.unit(run.position.file), posixpath.dirname(run.position.file)
    near = [one for one in unit.files if posixpath.dirname(one).startswith(here)] if unit is not None else []
    for file in near[: ATTRIBUTES.most]:
        run.load(file)
    if len(near) > ATTRIBUTES.most:
        run.bound(ATTRIBUTES, site.place)
    found = run.heap.globals.variables.get(_NOTED)
    for value in found.items if isinstance(found, Sequence) else ():
        run.escape(value, site.place)
    return NOTHING


_NOTED: Final = "<functions with attributes>"


def _elements(site: CallSite, run: Machine) -> Value:
    return join(*(elements(one, site.place) for one in options(settled(first(site), run, site.place))))


def _error(site: CallSite, run: Machine) -> Value:
    """An error has no value that code goes on with."""
    return NOTHING


def _unknown_default(site: CallSite, run: Machine) -> Value:
    return UnknownValue("a default value", site.place)


def _box(name: str) -> Item:
    same = ("new", "from", "clone", "pin", "new_cyclic", "Owned", "Borrowed", "downgrade", "ptr_eq", "as_ref")
    body = held_inside if name in _LOCKS else first_of
    return Item(name, {one: function(one, body) for one in same}, lambda site, run: first(site))


_LOCKS: Final = frozenset({"Mutex", "RefCell", "RwLock"})


def first_of(site: CallSite, run: Machine) -> Value:
    """What is inside of a box stands for it."""
    return first(site)


def _list(name: str) -> Item:
    made = {one: function(one, lambda site, run: Sequence()) for one in ("new", "with_capacity", "default")}
    from_ = {one: function(one, _listed) for one in ("from", "from_iter")}
    return Item(name, {**made, **from_})


def _listed(site: CallSite, run: Machine) -> Value:
    given = first(site)
    return Sequence(list(given.items), given.rest) if isinstance(given, Sequence) else given


def _map(name: str) -> Item:
    made = {one: function(one, lambda site, run: Object(born=run.position.conditional)) for one in _EMPTY}
    return Item(name, {**made, **{one: function(one, _mapped) for one in ("from", "from_iter")}})


_EMPTY: Final = ("new", "with_capacity", "default")


def _mapped(site: CallSite, run: Machine) -> Value:
    """``HashMap::from([(key, value)])``."""
    return mapped(first(site), run, site.place)


def mapped(given: Value, run: Machine, place: Place) -> Value:
    """A list of pairs as a map."""
    if not isinstance(given, Sequence):
        return given
    made = Object(born=run.position.conditional)
    for pair in given.held():
        if isinstance(pair, Sequence) and len(pair.items) == 2:
            members.assign_index(run, made, settled(pair.items[0], run, place), pair.items[1], place)
        else:
            made.rest = UnknownValue("a value", place)
    return made


def _text_type() -> Item:
    empty = {one: function(one, lambda site, run: Const("")) for one in ("new", "with_capacity", "default")}
    same = {one: gives_first(one) for one in ("from", "from_utf8", "from_utf8_lossy", "from_utf8_unchecked")}
    return Item("String", {**empty, **same})


# modules


def standard_module(name: str) -> Value | None:
    """A path of the standard library."""
    parts = tuple(name.split("."))
    if parts[0] in _NUMBERS:  # ``str::to_string``
        return gives_first("::".join(parts)) if parts[-1] in SAME else Item("::".join(parts))
    if parts[0] not in ("std", "core", "alloc"):
        return None
    if len(parts) > 1 and parts[-1] in _prelude() and parts[-1] not in ("Error",) and parts[-1][:1].isupper():
        return _prelude()[parts[-1]]
    return _known().get(".".join(parts[1:])) or Item("::".join(parts))


@cache
def _known() -> Mapping[str, Value]:
    lazy = {"new": function("new", lambda site, run: Lazy(first(site))), "force": gives_first("force")}
    once = {one: function(one, lambda site, run: Cell()) for one in ("new", "const_new", "default")}
    found: dict[str, Value] = {
        "env.vars": function("std::env::vars", lambda site, run: Variables()),
        "env.var": function("std::env::var", variable),
        "env.var_os": function("std::env::var_os", variable),
        "env": Item("std::env", {"var": function("var", variable), "var_os": function("var_os", variable)}),
        "mem.take": gives_first("take"),
        "mem.replace": gives_first("replace"),
        "convert.identity": gives_first("identity"),
        "iter.once": function("once", lambda site, run: Sequence([first(site)])),
        "iter.empty": function("empty", lambda site, run: Sequence()),
        "iter.repeat": function("repeat", lambda site, run: Sequence([], first(site))),
        "future.ready": gives_first("ready"),
        "pin.pin": gives_first("pin"),
        "thread.spawn": runs_first("spawn"),
        "panic.catch_unwind": runs_first("catch_unwind"),
    }
    found |= {f"{module}.{name}": Item(name, lazy) for module in ("sync", "cell") for name in ("LazyLock", "LazyCell")}
    found |= {f"{module}.{name}": Item(name, once) for module in ("sync", "cell") for name in ("OnceLock", "OnceCell")}
    return found


class Variables(RustNative):
    """``std::env::vars()``, also as a map: all variables of the environment."""

    __slots__ = ()
    label = "the environment"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A variable by its name, or the same in another form."""
        if name in ("get", "remove"):
            return function(name, variable)
        if name in ("collect", "into_iter", "iter"):
            return function(name, lambda site, run: self)
        return None

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``variables["NAME"]``."""
        return variable(CallSite((key,), {}, place), run)


def variable(site: CallSite, run: Machine) -> Value:
    """``std::env::var("NAME")``."""
    return environment_variable(settled(first(site), run, site.place), None, site.place)
