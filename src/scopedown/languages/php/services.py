"""Services of Symfony's container, as the application's YAML describes them
(https://symfony.com/doc/current/service_container.html): classes with their arguments, factories and calls, other names
of services, parameters.

They are bound for all containers of a run (``calls/interpreter/injection.py``) under their names and their classes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from scopedown.calls.interpreter import injection
from scopedown.calls.interpreter.project_files import parse_yaml
from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    as_text,
    from_text,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text
from scopedown.languages.php import dotenv, program, symfony_settings
from scopedown.languages.php.native import class_named
from scopedown.languages.php.symfony_configurator import Configurator

FILES: Final = ("services.yaml", "services.yml")
_IN_PHP: Final = "config/services.php"
_FOLDERS: Final = ("config", "src/config", "app/config", "src/Resources/config")
_PARAMETER: Final = re.compile(r"%env\((?:[^()%]*:)?(\w+)\)%|%([\w.\-]+)%")
"""``%env(int:NAME)%`` is a variable, ``%name%`` a parameter
(https://symfony.com/doc/current/configuration/env_var_processors.html)."""
MAX_NESTED: Final = 6
"""Parameters in parameters, and lists in lists."""
_DONE: Final = ("php", "<services>")
_PARAMETERS: Final = ("php", "<parameters>")


@dataclass(frozen=True, slots=True, eq=False)
class Definition(Native):
    """How a container makes an object: ``DI\\autowire(Store::class)``, ``DI\\create()->constructor(…)``."""

    kind: str
    given: tuple[Value, ...] = ()
    constructor: tuple[Value, ...] = ()

    def make(self, run: Machine, name: str, place: Place) -> Value:
        """The object."""
        asked = self.given[0] if self.given else Const(name)
        if self.kind == "factory":
            return injection.called(run, asked, (), place)
        for option in options(asked):
            named = class_named(run, str(option.value), place) if isinstance(option, Const) and option.value else None
            if isinstance(named, ClassValue):
                if self.kind == "get":
                    return injection.of_class(run, named, place)
                given = tuple(
                    one.make(run, "", place) if isinstance(one, Definition) else one for one in self.constructor
                )
                return run.construct(named, CallSite(given, {}, place, complete=False))
            if isinstance(named, Native):
                return named.construct(CallSite(self.constructor, {}, place, complete=False), run)
            if self.kind == "get" and (bound := injection.bound_to(run, option, place)) is not None:
                return bound
        return UnknownValue("an object of a container", place)


def bind_name(run: Machine, name: str, provider: Provider, place: Place) -> None:
    """A container gives something under a name, and under the class of that name."""
    injection.bind(run, Const(name), provider)
    if "\\" in name and (cls := class_named(run, name, place)) is not None:
        injection.bind(run, cls, provider)


def configure(run: Machine, place: Place) -> None:
    """Read the application's services, once for a run."""
    if _DONE in run.heap.names:
        return
    run.heap.names[_DONE] = Const(True)
    parameters = Object()
    run.heap.names[_PARAMETERS] = parameters
    for data in _data(run, place):
        held = data.fields.get("parameters")
        if isinstance(held, Object):
            parameters.fields.update(held.fields)
        listed = data.fields.get("services")
        if isinstance(listed, Object):
            _services(run, listed, place)


def with_tag(run: Machine, tag: str, place: Place) -> Iterator[str]:
    """The names of the services whose description has a tag."""
    for data in _data(run, place):
        listed = data.fields.get("services")
        for name, given in listed.fields.items() if isinstance(listed, Object) else ():
            tags = given.fields.get("tags") if isinstance(given, Object) else None
            for one in tags.items if isinstance(tags, Sequence) else ():
                written = one.fields.get("name") if isinstance(one, Object) else one
                if isinstance(written, Const) and written.value == tag:
                    yield name


def described(run: Machine, name: str, given: Object) -> Provider:
    """What makes a service by its description, which may get longer before somebody asks."""
    return Provider(partial(_made, run, name, given, {}))


def _data(run: Machine, place: Place) -> Iterator[Object]:
    yield symfony_settings.settings(run, place)
    ground = run.sources.ground
    unit = run.sources.unit(run.position.file)
    for root in unit.roots if unit is not None else ():
        for folder in _FOLDERS:
            for name in FILES:
                text = ground.read(posixpath.join(root, folder, name))
                found = parse_yaml(text, place) if text else None
                if isinstance(found, Object):
                    yield found
    for file in unit.files if unit is not None else ():
        if file == _IN_PHP or file.endswith("/" + _IN_PHP):
            yield _described(run, file, place)


def _described(run: Machine, file: str, place: Place) -> Object:
    """What ``config/services.php`` says, once for a run."""
    known = run.heap.names.get((_IN_PHP, file))
    if isinstance(known, Object):
        return known
    data = Object()
    run.heap.names[_IN_PHP, file] = data
    run.load(file)
    module = run.heap.modules.get(file)
    returned = module.frame.variables.get(program.RETURNED) if module is not None else None
    for option in options(returned) if returned is not None else ():
        if isinstance(option, FunctionValue):
            run.call_value(option, CallSite((Configurator(data),), {}, place, complete=False))
    return data


def _services(run: Machine, listed: Object, place: Place) -> None:
    defaults = listed.fields.get("_defaults")
    shared = defaults.fields.get("bind") if isinstance(defaults, Object) else None
    binds = dict(shared.fields) if isinstance(shared, Object) else {}
    for name, given in listed.fields.items():
        if name.startswith("_") or name.endswith("\\"):
            continue
        alias = given.value if isinstance(given, Const) else None
        if isinstance(given, Object) and isinstance(inner := given.fields.get("alias"), Const):
            alias = f"@{inner.value}"
        if isinstance(alias, str) and alias.startswith("@"):
            _bound(run, name, Provider(partial(_resolved, run, Const(alias))), place)
        elif isinstance(given, Object):
            own = given.fields.get("bind")
            made = {**binds, **own.fields} if isinstance(own, Object) else binds
            _bound(run, name, Provider(partial(_made, run, name, given, made)), place)
    for name, value in binds.items():
        _bind_argument(run, name, value, binds, listed, place)


def _bound(run: Machine, name: str, provider: Provider, place: Place) -> None:
    """Under a name; ``App\\Store $store`` is what parameters of the class get."""
    bind_name(run, name.partition(" ")[0], provider, place)


def _bind_argument(
    run: Machine, name: str, value: Value, binds: dict[str, Value], listed: Object, place: Place
) -> None:
    """``$table: '%env(TABLE)%'`` is for the parameters of that name; ``App\\Store: '@x'`` for those of the type."""
    kind, _, parameter = name.rpartition(" ") if name.startswith("$") or " " in name else (name, "", "")
    if not parameter:
        _bound(run, kind, Provider(partial(_resolved, run, value)), place)
        return
    unit = run.sources.unit(run.position.file)
    for file in unit.mentioning(parameter.lstrip("$")) if unit is not None else ():
        run.load(file)
        module = run.heap.modules.get(file)
        for whole, cls in list(module.frame.variables.items()) if module is not None else ():
            if isinstance(cls, ClassValue) and cls.frame.file == file and not cls.definition.abstract:
                known = cls.fields.get("constructor")
                named = [one.name for one in known.function.parameters] if isinstance(known, FunctionValue) else []
                if parameter in named and whole not in listed.fields:
                    _bound(run, whole, Provider(partial(_made, run, whole, Object(), binds)), place)


def _made(run: Machine, name: str, given: Object, binds: dict[str, Value], place: Place) -> Value:
    """An object of a service, with the calls that are made on it."""
    written = given.fields.get("class")
    kind = resolved(run, written, place) if written is not None else Const(name)
    cls = class_named(run, str(kind.value), place) if isinstance(kind, Const) and kind.value else None
    arguments, named = _arguments(run, given.fields.get("arguments"), place)
    factory = given.fields.get("factory")
    made: Value
    if factory is not None:
        function = _factory(run, factory, place)
        made = run.call_value(function, CallSite(arguments, named, place, complete=False))
    elif isinstance(cls, ClassValue):
        known = cls.fields.get("constructor")
        for parameter in known.function.parameters if isinstance(known, FunctionValue) else ():
            note = str(getattr(parameter.annotation, "id", ""))
            for key in (f"{note} {parameter.name}", str(parameter.name)):
                if key in binds and parameter.name is not None and not arguments:
                    named.setdefault(parameter.name, resolved(run, binds[key], place))
        made = run.construct(cls, CallSite(arguments, named, place, complete=False))
    elif isinstance(cls, Native):
        given_all = arguments or tuple(named.values())
        made = cls.construct(CallSite(given_all, {}, place, complete=True), run)
    else:
        return UnknownValue(f"the service {name}", place)
    _calls(run, made, given.fields.get("calls"), place)
    return made


def _arguments(run: Machine, given: Value | None, place: Place) -> tuple[tuple[Value, ...], dict[str, Value]]:
    match given:
        case Sequence():
            return tuple(resolved(run, one, place) for one in given.items), {}
        case Object():
            named = {name: resolved(run, one, place) for name, one in given.fields.items() if name.startswith("$")}
            return (), named
        case _:
            return (), {}


def _factory(run: Machine, given: Value, place: Place) -> Value:
    """``['@App\\Factory', 'make']``, ``'App\\Factory::make'``, ``'@App\\Factory'``."""
    owner, method = given, Const("__call__")
    if isinstance(given, Sequence) and len(given.items) == 2 and isinstance(given.items[1], Const):
        owner, method = given.items[0], given.items[1]
    elif isinstance(given, Const) and "::" in str(given.value):
        first, _, last = str(given.value).partition("::")
        owner, method = Const(first), Const(last)
    found: Value | None = None
    if isinstance(owner, Const) and isinstance(owner.value, str) and not owner.value.startswith("@"):
        found = class_named(run, owner.value, place)
    found = found if found is not None else resolved(run, owner, place)
    return run.attribute(found, str(method.value), place)


def _calls(run: Machine, made: Value, given: Value | None, place: Place) -> None:
    """``- setTable: ['%table%']``, ``- [setTable, ['%table%']]``."""
    for one in given.items if isinstance(given, Sequence) else ():
        pairs: list[tuple[str, Value]] = []
        if isinstance(one, Object):
            pairs = list(one.fields.items())
        elif isinstance(one, Sequence) and one.items and isinstance(one.items[0], Const):
            pairs = [(str(one.items[0].value), one.items[1] if len(one.items) > 1 else Sequence())]
        for method, written in pairs:
            arguments, named = _arguments(run, written, place)
            for option in options(made):
                if isinstance(option, Instance | Native):
                    found = run.attribute(option, method, place)
                    run.call_value(found, CallSite(arguments, named, place, complete=False))


def _resolved(run: Machine, given: Value, place: Place) -> Value:
    return resolved(run, given, place)


def resolved(run: Machine, given: Value, place: Place, depth: int = MAX_NESTED) -> Value:
    """A value of the configuration: services, parameters and variables stand for what they are."""
    match given:
        case Const(value=str() as text) if text.startswith("@") and not text.startswith("@@"):
            name = text.lstrip("@?!")
            if (bound := injection.bound_to(run, Const(name), place)) is not None:
                return bound
            cls = class_named(run, symfony_settings.class_of_service(name) or name, place)
            return injection.resolve(run, cls, place) if cls is not None else UnknownValue(f"the service {name}", place)
        case Const(value=str() as text) if "%" in text and depth:
            return _with_parameters(run, text, place, depth)
        case Sequence() if depth:
            return Sequence([resolved(run, one, place, depth - 1) for one in given.items], given.rest)
        case Object() if depth:
            return Object(
                {name: resolved(run, one, place, depth - 1) for name, one in given.fields.items()}, given.rest
            )
        case _:
            return given


def _with_parameters(run: Machine, text: str, place: Place, depth: int) -> Value:
    configure(run, place)
    whole = _PARAMETER.fullmatch(text)
    if whole is not None:
        return _parameter(run, whole, place, depth)
    made = Text.of("")
    at = 0
    for match in _PARAMETER.finditer(text):
        part = as_text(join(*options(_parameter(run, match, place, depth))))
        if part is None:
            return UnknownValue("a text of the configuration", place, inert=True)
        made = Text.of(*made.parts, text[at : match.start()], *part.parts)
        at = match.end()
    return from_text(Text.of(*made.parts, text[at:]))


def _parameter(run: Machine, match: re.Match[str], place: Place, depth: int) -> Value:
    if match[1]:
        written = dotenv.from_files(run, match[1])
        return Const(written) if written is not None else from_text(Text.of(EnvVar(match[1])))
    parameters = run.heap.names.get(_PARAMETERS)
    held = parameters.fields.get(match[2]) if isinstance(parameters, Object) else None
    return resolved(run, held, place, depth - 1) if held is not None else UnknownValue("a parameter", place, inert=True)
