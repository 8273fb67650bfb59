"""dependency-injector: providers as members of a container's class.

Source: https://python-dependency-injector.ets-labs.org/providers/, …/containers/, …/wiring.html. A provider is called
for its value; its arguments may be providers, whose values are passed. ``Provide[Container.store]`` as a parameter's
default, or in its annotation, gets the provider's value.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scopedown.calls.interpreter.injection import Wanted, of_value
from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    EnvVar,
    Instance,
    Object,
    Sequence,
    Text,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.python.natives import (
    NOTHING,
    Function,
    Library,
    call,
    decorator,
    identity,
    silent,
)

_CALLING = ("Factory", "Singleton", "ThreadSafeSingleton", "ThreadLocalSingleton", "ContextLocalSingleton")
_CALLABLES = ("Callable", "Coroutine", "Resource", "AbstractFactory", "AbstractSingleton", "DelegatedFactory")
_VALUES = ("Object", "Dependency", "Delegate")


def module(name: str) -> Value | None:
    """The package or a module of it."""
    providers = Library("dependency_injector.providers", _providers())
    containers = Library(
        "dependency_injector.containers",
        {
            "DeclarativeContainer": ContainerClass(),
            "DynamicContainer": Function("DynamicContainer", lambda site, run: Object()),
            "WiringConfiguration": silent("WiringConfiguration"),
            "override": Function("override", lambda site, run: identity("override")),
            "copy": Function("copy", lambda site, run: identity("copy")),
        },
    )
    wiring = Library(
        "dependency_injector.wiring",
        {
            "inject": decorator("inject"),
            "Provide": Marker(True),
            "Provider": Marker(False),
            "Closing": Closing(),
            **{one: identity(one) for one in ("as_int", "as_float", "as_", "required", "invariant", "provided")},
        },
    )
    parts = {"providers": providers, "containers": containers, "wiring": wiring}
    return parts.get(name.rpartition(".")[2]) or Library(name, dict(parts))


def _providers() -> dict[str, Value]:
    found: dict[str, Value] = {one: Function(one, _calling) for one in (*_CALLING, *_CALLABLES)}
    found |= {one: Function(one, lambda site, run: Constant(site.argument(0) or NOTHING)) for one in _VALUES}
    found["Configuration"] = Function("Configuration", lambda site, run: Setting())
    found["List"] = Function("List", lambda site, run: Made(Library("list"), site, "list"))
    found["Dict"] = Function("Dict", lambda site, run: Made(Library("dict"), site, "dict"))
    found["Selector"] = Function("Selector", _selector)
    found["FactoryAggregate"] = Function("FactoryAggregate", _aggregate)
    found["Aggregate"] = Function("Aggregate", _aggregate)
    found["Container"] = Function("Container", _sub_container)
    found["DependenciesContainer"] = Function("DependenciesContainer", lambda site, run: Object(dict(site.keywords)))
    return found


def _value(value: Value, run: Machine, place: Place) -> Value:
    """What a provider's argument is passed as: a provider's value, else itself."""
    found = [option.get(run, place) if isinstance(option, Provided) else option for option in options(value)]
    return join(*found)


class Provided(Native):
    """What has a value of its own to give."""

    __slots__ = ()

    def get(self, run: Machine, place: Place) -> Value:
        """The value."""
        raise NotImplementedError

    def call(self, site: CallSite, run: Machine) -> Value:
        """``provider()``."""
        return self.get(run, site.place)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``provided.member``, ``provider``, ``override``."""
        if name == "provided":
            return Part(self, ())
        if name in ("provider", "delegate"):
            return self
        if name == "override":
            return silent(name)
        return Library(f"provider.{name}")


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Provided):
    """``providers.Object(value)``."""

    value: Value

    def get(self, run: Machine, place: Place) -> Value:
        """The value as it is."""
        return _value(self.value, run, place)


@dataclass(slots=True, eq=False)
class Made(Provided):
    """``providers.Singleton(Class, *arguments)`` and its like: made once."""

    label = "a provider"
    target: Value
    site: CallSite
    kind: str = ""
    made: Provider | None = None

    def get(self, run: Machine, place: Place) -> Value:
        """The object."""
        if self.made is None:
            self.made = Provider(lambda at: self._make((), {}, run, at))
        return self.made.get(place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """``provider(*more)``: further arguments are the call's own."""
        if not site.positional and not site.keywords:
            return self.get(run, site.place)
        return self._make(site.positional, dict(site.keywords), run, site.place)

    def _make(self, more: tuple[Value, ...], named: dict[str, Value], run: Machine, place: Place) -> Value:
        positional = [_value(value, run, place) for value in self.site.positional[0 if self.kind else 1 :]]
        keywords = {name: _value(one, run, place) for name, one in self.site.keywords.items()}
        if self.kind == "list":
            return Sequence(positional)
        if self.kind == "dict":
            return Object(keywords)
        made = call(run, self.target, CallSite((*positional, *more), {**keywords, **named}, place, self.site.complete))
        return made.element() if isinstance(made, Sequence) and _yields(self.target) else made

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``add_kwargs`` and its like give the provider again."""
        if name.startswith(("add_", "set_")):
            return Function(name, lambda site, run: self)
        return Provided.attribute(self, name, run, place)


def _yields(target: Value) -> bool:
    """Whether a resource is a generator, which yields it."""
    declared = getattr(target, "function", None)
    return bool(getattr(declared, "generator", False))


def _calling(site: CallSite, run: Machine) -> Value:
    target = site.argument(0, "provides") or NOTHING
    return Made(target, site)


@dataclass(frozen=True, slots=True, eq=False)
class Part(Provided):
    """``provider.provided.member["key"].method.call()``."""

    of: Provided
    steps: tuple[tuple[str, Value], ...]

    def get(self, run: Machine, place: Place) -> Value:
        """The member."""
        from scopedown.calls.interpreter import members

        value = self.of.get(run, place)
        for kind, step in self.steps:
            if kind == "index":
                value = members.index(run, value, step, place)
            elif kind == "call":
                value = run.call(value, (), place)
            else:
                value = run.attribute(value, kind, place)
        return value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """One step further."""
        if name == "call":
            return Function(name, lambda site, run: Part(self.of, (*self.steps, ("call", NOTHING))))
        return Part(self.of, (*self.steps, (name, NOTHING)))

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """One element further."""
        return Part(self.of, (*self.steps, ("index", key)))


@dataclass(slots=True, eq=False)
class Setting(Provided):
    """``providers.Configuration()``, or a member of it."""

    members: dict[str, Setting] = field(default_factory=dict)
    value: Value | None = None

    def get(self, run: Machine, place: Place) -> Value:
        """What was read into it."""
        if self.value is not None:
            return self.value
        if self.members:
            fields = {name: one.get(run, place) for name, one in self.members.items()}
            return Object(fields, UnknownValue("a setting", place))
        return UnknownValue("a setting", place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """``config.name()``."""
        return self.get(run, site.place)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member, or what reads into it."""
        if name == "from_env":
            return Function(name, self._from_env)
        if name in ("from_value", "override", "update", "from_dict"):
            return Function(name, self._from_value)
        if name.startswith("from_") or name in ("reset_override", "set"):
            return silent(name)
        if name in ("required", "as_int", "as_float", "as_", "invariant"):
            return Function(name, lambda site, run: self)
        if isinstance(self.value, Object) and name in self.value.fields:
            return Setting({}, self.value.fields[name])
        return self.members.setdefault(name, Setting())

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``config["name"]``."""
        return self.attribute(str(key.value), run, place) if isinstance(key, Const) else Setting()

    def _from_env(self, site: CallSite, run: Machine) -> Value:
        name = site.argument(0, "name")
        if isinstance(name, Const):
            self._set(TextValue(Text((EnvVar(str(name.value)),))))
        return NOTHING

    def _from_value(self, site: CallSite, run: Machine) -> Value:
        self._set(site.argument(0, "value") or NOTHING)
        return NOTHING

    def _set(self, value: Value) -> None:
        if isinstance(value, Object):
            for name, one in value.fields.items():
                self.members.setdefault(name, Setting())._set(one)
        else:
            self.value = value if self.value is None else join(self.value, value)


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Provided):
    """One of several providers, by a setting or a name."""

    choices: dict[str, Value]

    def get(self, run: Machine, place: Place) -> Value:
        """Any of their values."""
        return join(*(_value(choice, run, place) for choice in self.choices.values())) if self.choices else NOTHING

    def call(self, site: CallSite, run: Machine) -> Value:
        """``aggregate("name", …)``."""
        name = site.argument(0)
        if isinstance(name, Const) and str(name.value) in self.choices:
            return _value(self.choices[str(name.value)], run, site.place)
        return self.get(run, site.place)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``aggregate.name``."""
        return self.choices.get(name) or Provided.attribute(self, name, run, place)


def _selector(site: CallSite, run: Machine) -> Value:
    setting = _value(site.argument(0) or NOTHING, run, site.place)
    if isinstance(setting, Const) and str(setting.value) in site.keywords:
        return site.keywords[str(setting.value)]
    return Choice(dict(site.keywords))


def _aggregate(site: CallSite, run: Machine) -> Value:
    first = site.argument(0)
    return Choice({**(first.fields if isinstance(first, Object) else {}), **site.keywords})


# containers


class ContainerClass(Native):
    """``DeclarativeContainer``: its classes' members are their objects' members."""

    __slots__ = ()
    label = "DeclarativeContainer"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What a class of it has."""
        return silent(name)

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``wire``, ``override_providers``, ``init_resources``."""
        if name == "override_providers":
            return Function(name, lambda site, run: _override(owner, site))
        return None if name.startswith("__") else silent(name)

    def subclassed(self, cls: ClassValue, run: Machine) -> None:
        """Its providers are known by their names: ``Provide["store"]``."""
        for name, value in cls.fields.items():
            if isinstance(value, Native):
                run.heap.bindings.providers.setdefault(("provider", name), []).append(of_value(value))


def _override(owner: Value, site: CallSite) -> Value:
    for option in options(owner):
        fields = (
            option.fields if isinstance(option, Instance) else option.fields if isinstance(option, ClassValue) else {}
        )
        fields.update(site.keywords)
    return NOTHING


def _sub_container(site: CallSite, run: Machine) -> Value:
    """``providers.Container(Other, setting=…)``: the other's members, with some of them given."""
    other = site.argument(0)
    made = call(run, other, CallSite((), {}, site.place)) if other is not None else NOTHING
    for option in options(made):
        if isinstance(option, Instance):
            option.fields.update(site.keywords)
    return made


# wiring


class Asked(Wanted):
    """``Provide[Container.store]``."""

    __slots__ = ("calls", "of")

    def __init__(self, of: Value, calls: bool) -> None:
        super().__init__(of)
        self.of = of
        self.calls = calls

    def supplied(self, run: Machine, declared: tuple[Value, ...], place: Place) -> Value | None:
        """The provider's value, or the provider."""
        found: list[Value] = []
        for option in options(self.of):
            named = [option]
            if isinstance(option, Const):
                name = str(option.value).rpartition(".")[2]
                named = [each.get(place) for each in run.heap.bindings.providers.get(("provider", name), ())]
            found += [_value(each, run, place) if self.calls else each for each in named]
        return join(*found) if found else UnknownValue("what a container supplies", place)


@dataclass(frozen=True, slots=True, eq=False)
class Marker(Native):
    """``Provide`` and ``Provider``."""

    label = "Provide"
    calls: bool

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``Provide[Container.store]``."""
        return Asked(key, self.calls)

    def call(self, site: CallSite, run: Machine) -> Value:
        """``Provide("store")``."""
        return Asked(site.argument(0) or NOTHING, self.calls)


class Closing(Native):
    """``Closing[Provide[Container.store]]``."""

    __slots__ = ()

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """What is inside."""
        return key
