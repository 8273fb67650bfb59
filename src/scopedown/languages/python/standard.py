"""The parts of Python's standard library through which values pass: json, collections, dataclasses, enum, …"""

from __future__ import annotations

import ast
import collections.abc
from dataclasses import dataclass
from functools import cache

from scopedown.calls.interpreter import declared_types, dispatch, implicit_calls, injection, members
from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter.project_files import parse_json
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.calls.values.from_json import from_data
from scopedown.core.place import Place
from scopedown.languages.python import environment, import_functions, objects, paths
from scopedown.languages.python.collections import library
from scopedown.languages.python.natives import (
    COLLECTIONS,
    NOTHING,
    Function,
    Library,
    call,
    first_of,
    function,
    identity,
)

# json, copy


def _literal(text: str, place: Place) -> Value:
    try:
        return from_data(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return UnknownValue("text that is not a literal", place)


def _dumped(site: CallSite, run: Machine) -> Value:
    hook = site.argument(-1, "default")
    if hook is not None and not isinstance(hook, Const):
        run.call(hook, (UnknownValue("a value", site.place),), site.place)
    _made_by(site, run)
    return UnknownValue("JSON text", site.place)


_HOOKS = ("object_hook", "object_pairs_hook", "parse_float", "parse_int", "parse_constant")


def _made_by(site: CallSite, run: Machine) -> None:
    """``cls``: an object of it does the work."""
    cls = site.keywords.get("cls")
    if cls is not None and not isinstance(cls, Const):
        run.call(cls, (), site.place)


def _reader(name: str) -> Function:
    """``json.load`` and ``loads``: hooks get what was read, and what they give takes its place."""
    plain = function(name, paths.reader("JSON", parse_json))

    def body(site: CallSite, run: Machine) -> Value:
        hooks = [site.keywords[one] for one in _HOOKS if one in site.keywords]
        read = plain.call(CallSite(site.positional, {}, site.place), run)
        _made_by(site, run)
        given = [
            run.call(hook, (join(read, UnknownValue("JSON data", site.place)),), site.place)
            for hook in hooks
            if not isinstance(hook, Const)
        ]
        return join(read, *given) if given else read

    return function(name, body)


def copied(value: Value, deep: bool, depth: int = 6) -> Value:
    """A copy of a dict, list or object; of anything else, itself."""

    def inner(one: Value) -> Value:
        return copied(one, True, depth - 1) if deep and depth > 0 else one

    match value:
        case Object():
            rest = None if value.rest is None else inner(value.rest)
            return Object({name: inner(one) for name, one in value.fields.items()}, rest, value.born)
        case Sequence():
            return Sequence([inner(item) for item in value.items], None if value.rest is None else inner(value.rest))
        case Instance():
            return Instance(value.cls, {name: inner(one) for name, one in value.fields.items()}, value.born)
        case _:
            return value


# dataclasses, collections, enum


def _field(site: CallSite, run: Machine) -> Value:
    factory = site.keywords.get("default_factory")
    if factory is not None:
        return run.call(factory, (), site.place)
    return site.keywords.get("default") or UnknownValue("a field", site.place)


def _asdict(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    if isinstance(value, Instance):
        return Object(dict(value.fields), born=value.born)
    return value if isinstance(value, UnknownValue) else UnknownValue("result of asdict()", site.place)


def _replace(site: CallSite, run: Machine) -> Value:
    made = copied(first_of(site), False)
    if isinstance(made, Instance):
        made.fields.update(site.keywords)
    return made


@dataclass(frozen=True, slots=True, eq=False)
class NamedTuple(Native):
    """``collections.namedtuple("Name", fields)``: a class whose instances keep what they are given."""

    names: tuple[str, ...]

    def call(self, site: CallSite, run: Machine) -> Value:
        """An instance: a record with these fields."""
        return Record({**dict(zip(self.names, site.positional, strict=False)), **site.keywords})


class Record(Native):
    """An object with plain fields (a named tuple, a namespace)."""

    __slots__ = ("fields",)

    def __init__(self, fields: dict[str, Value]) -> None:
        self.fields = fields

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A field; ``_asdict`` and ``_replace``."""
        if name == "_asdict":
            return Function(name, lambda site, run: Object(dict(self.fields)))
        if name == "_replace":
            return Function(name, lambda site, run: Record({**self.fields, **site.keywords}))
        if name == "__dict__":
            return Object(self.fields)
        return self.fields.get(name) or UnknownValue(f"field {name}", place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """A field by its position."""
        values = list(self.fields.values())
        if isinstance(key, Const) and isinstance(key.value, int) and -len(values) <= key.value < len(values):
            return values[key.value]
        return join(*values) if values else UnknownValue("an element", place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``record.name = value``."""
        old = self.fields.get(name)
        undecided = old is not None and run.position.conditional
        self.fields[name] = join(old, value) if old is not None and undecided else value

    def iterate(self, run: Machine, place: Place) -> Value:
        """Any field."""
        return join(*self.fields.values()) if self.fields else UnknownValue("an element", place)


def _namedtuple(site: CallSite, run: Machine) -> Value:
    given = site.argument(1, "field_names")
    if isinstance(given, Const):
        return NamedTuple(tuple(str(given.value).replace(",", " ").split()))
    names = given.items if isinstance(given, Sequence) else []
    return NamedTuple(tuple(str(name.value) for name in names if isinstance(name, Const)))


def _members(cls: ClassValue) -> dict[str, Value]:
    """The members of an enumeration by name: what its body assigns, but functions and private names."""
    return {
        key: one
        for key, one in cls.fields.items()
        if not key.startswith("_")
        and (isinstance(one, Const | TextValue | Member) or (isinstance(one, Instance) and one.cls is cls))
    }


class Member(Native):
    """A member of an enumeration whose value is code: a client, a partial function."""

    __slots__ = ("held",)
    label = "a member of an enum"

    def __init__(self, held: Value) -> None:
        self.held = held

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``value``; of the name nothing is known."""
        return self.held if name in ("value", "_value_") else UnknownValue(f"{name} of a member", place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """A class that defines ``__call__`` mostly calls its value."""
        return call(run, self.held, site)

    def escaped(self, run: Machine, place: Place) -> None:
        """Its value does too."""
        run.escape(self.held, place)


class Enumeration(Native):
    """``enum.Enum`` as a base: a member is represented by its value (``Table.USERS`` is the text "users")."""

    __slots__ = ()
    label = "enum.Enum"

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``value`` and ``name`` of a member that was looked up by value."""
        if isinstance(owner, Instance) and name in ("value", "_value_"):
            constants = _members(owner.cls).values()
            return join(*constants) if constants else UnknownValue("a member of an enum", place)
        if isinstance(owner, ClassValue) and name == "__members__":
            return Object(_members(owner))
        return None

    def elements(self, cls: ClassValue) -> list[Value]:
        """The members, in order."""
        return list(_members(cls).values())

    def subclassed(self, cls: ClassValue, run: Machine) -> None:
        """Values that are code become members, and so do all where the class has a constructor. Members may call what
        the class defines, which their values do not show."""
        if any(isinstance(one, FunctionValue) for one in cls.fields.values()):
            implicit_calls.keep(run, Instance(cls))
        if any(special.defined(cls, name) is not None for name in ("__init__", "__new__")):
            self._construct(cls, run)
        for name, value in list(cls.fields.items()):
            if name.startswith("_") or not isinstance(value, Native):
                continue
            if value.callable_when_escaped or value.service_of_client() is not None:
                cls.fields[name] = Member(value)

    def methods_called(self, cls: ClassValue) -> frozenset[str] | None:
        """What makes members, and properties of members."""
        properties = [
            name
            for base in cls.ancestry()
            if isinstance(base, ClassValue)
            for name, one in base.fields.items()
            if isinstance(one, FunctionValue) and one.function.accessor
        ]
        return frozenset(("_missing_", "_generate_next_value_", *properties))

    def _construct(self, cls: ClassValue, run: Machine) -> None:
        is_plain = all(isinstance(base, ClassValue | Enumeration) for base in cls.ancestry())
        place = run.place(cls.definition.at)
        for name, value in list(cls.fields.items()):
            if name.startswith("_") or isinstance(value, FunctionValue | ClassValue | Function):
                continue
            known = isinstance(value, Sequence) and value.rest is None
            given = tuple(value.items) if isinstance(value, Sequence) and known else (value,)
            made = run.construct(cls, CallSite(given, {}, place))
            if is_plain and isinstance(made, Instance):  # a text stays the text that it is
                held = made.fields.setdefault("_value_", value)
                made.fields.update(value=held, name=Const(name), _name_=Const(name))
                cls.fields[name] = made


def _of_code(site: CallSite, run: Machine) -> Value:
    """``FunctionType(code, globals)``."""
    dispatch.on_made_code(run, "types.FunctionType()", site.place)
    return UnknownValue("a function of computed code", site.place)


def _item_getter(site: CallSite, run: Machine) -> Value:
    keys = site.positional

    def body(inner: CallSite, run: Machine) -> Value:
        found = [members.index(run, first_of(inner), key, inner.place) for key in keys]
        return found[0] if len(found) == 1 else Sequence(found)

    return Function("itemgetter", body)


def _attribute_getter(site: CallSite, run: Machine) -> Value:
    names = [one.value for one in site.positional if isinstance(one, Const)]

    def body(inner: CallSite, run: Machine) -> Value:
        found = []
        for name in names:
            value = first_of(inner)
            for step in str(name).split("."):
                value = run.attribute(value, step, inner.place)
            found.append(value)
        return found[0] if len(found) == 1 else Sequence(found)

    return Function("attrgetter", body)


def _method_caller(site: CallSite, run: Machine) -> Value:
    name, *first = site.positional or (NOTHING,)

    def body(inner: CallSite, run: Machine) -> Value:
        owner = first_of(inner)
        targets = [
            run.attribute(owner, str(option.value), inner.place)
            for option in options(name)
            if isinstance(option, Const)
        ]
        return call(run, join(*targets), CallSite(tuple(first), site.keywords, inner.place, site.complete))

    return Function("methodcaller", body)


def _handed(site: CallSite, run: Machine) -> Value:
    """An object that the library will call back."""
    for value in site.positional:
        run.escape(value, site.place)
    return NOTHING


class Typing(Native):
    """A name of ``typing``: subscripts and base classes without effect."""

    __slots__ = ()
    label = "typing"

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``Optional[X]``."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """More of the same."""
        return self

    def call(self, site: CallSite, run: Machine) -> Value:
        """A decorator, or ``NewType`` and ``TypeVar``, which pass values on."""
        if site.decorator and site.positional:
            return site.positional[0]
        return identity("typing")


class Abstract(Typing):
    """``collections.abc``: abstract classes whose methods call those of the subclass."""

    __slots__ = ()

    def methods_called(self, cls: ClassValue) -> frozenset[str] | None:
        """Those of collections."""
        return COLLECTIONS


class Annotated(Typing):
    """``typing.Annotated``: what is noted beside a type may ask a container for the value."""

    __slots__ = ()

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``Annotated[Store, Depends(store)]``."""
        parts = key.items if isinstance(key, Sequence) else []
        wants = [part for part in parts[1:] if isinstance(part, injection.Wanted)]
        if wants:
            return declared_types.AnnotatedType((parts[0], *wants))
        return parts[0] if parts and isinstance(parts[0], ClassValue) else self


class TypingModule(Native):
    """``typing``."""

    __slots__ = ()
    label = "typing"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``cast`` passes its value on; ``TYPE_CHECKING`` is false at run time."""
        if name == "TYPE_CHECKING":
            return Const(False)
        if name == "cast":
            return Function("typing.cast", lambda site, run: site.argument(1, "val") or NOTHING)
        if name == "NamedTuple":
            return Library("typing.NamedTuple")
        if name in collections.abc.__all__:
            return Abstract()
        return Annotated() if name == "Annotated" else Typing()


@cache
def table() -> dict[str, Value]:
    """The modules by dotted name."""
    typing = TypingModule()
    logger = library("logging.Logger", addHandler=_handed, addFilter=_handed)
    modules = (
        library("json", loads=_reader("json.loads"), load=_reader("json.load"), dumps=_dumped, dump=_dumped),
        library("ast", literal_eval=paths.reader("data", _literal)),
        library(
            "copy",
            copy=lambda site, run: copied(first_of(site), False),
            deepcopy=lambda site, run: copied(first_of(site), True),
        ),
        library("dataclasses", field=_field, asdict=_asdict, replace=_replace),
        library(
            "collections",
            Counter=lambda site, run: Object(rest=UnknownValue("a count", site.place)),
            namedtuple=_namedtuple,
        ),
        library(
            "types",
            FunctionType=_of_code,
            SimpleNamespace=lambda site, run: Record(dict(site.keywords)),
            ModuleType=lambda site, run: Record({}),
        ),
        library("enum", **dict.fromkeys(("Enum", "StrEnum", "IntEnum", "Flag", "IntFlag"), Enumeration())),
        library("operator", itemgetter=_item_getter, methodcaller=_method_caller, attrgetter=_attribute_getter),
        library("logging", getLogger=lambda site, run: logger),
    )
    return {
        **environment.table(),
        **paths.table(),
        **import_functions.table(),
        **objects.table(),
        **{module.name: module for module in modules},
        "typing": typing,
        "typing_extensions": typing,
        "collections.abc": Abstract(),
        "__future__": library("__future__"),
    }
