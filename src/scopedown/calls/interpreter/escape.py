"""The escape rule: what happens when a value reaches code that is not seen.

A function that is handed to an unknown library may be called by it, with anything; an object takes its methods
along, an app the handlers registered on it. While a handler runs, that happens at once. While a module's top
level runs it waits: an :class:`~scopedown.calls.values.External` keeps what was handed to it, and whoever uses it
later, as the handler or from it, runs that. So ``exports.a = wrap(fa); exports.b = wrap(fb)`` in one file gives
each handler its own calls, and frameworks and routers need no model to be reachable.
"""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.calls.bounds import NESTED
from scopedown.calls.interpreter import dispatch, members, references, trail
from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.machine import Machine, Native
from scopedown.calls.model import PossibleCall
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    Object,
    Reference,
    Sequence,
    Union,
    UnknownValue,
    Value,
    options,
)
from scopedown.core.place import Place

_OF_DESCRIPTORS = 3
"""Parameters of a decorator that gets a descriptor: the class, the member's name, and the descriptor."""


def call_unseen(run: Machine, function: Value, site: CallSite) -> Value:
    """A call of something that is not analysed: its arguments escape, now or later."""
    name = describe(function)
    run.overseen(name, site)
    meant = (run.position.language.passed(value, run, site.place) for value in site.all())
    handed = [value for value in meant if _may_run(value)]
    if not isinstance(function, External):
        for value in handed:
            escape(run, value, site.place)
        if isinstance(function, UnknownValue):
            return UnknownValue(function.reason, site.place, function.inert)
        return UnknownValue(f"result of {name}()", site.place)
    root = function.root
    if not run.position.loading:
        for value in handed:
            escape(run, value, site.place)
        trigger(run, function, site.place)
        trigger(run, root, site.place)
        return External(f"result of {name}()", receiver=None if root.module else root, called=True)
    result = External(f"result of {name}()", list(handed), called=True)
    if root.module:
        if function.captured:
            result.captured.append(function)
    else:
        result.receiver = root
        root.captured += handed
    return result


def from_installed(run: Machine, function: FunctionValue, site: CallSite, result: Value) -> Value:
    """A call into an installed package gave ``result``. Such code does much that is not understood: a function that was
    handed to it and did not run there is taken as called all the same, and what it gave back as unseen."""
    handed = [value for value in site.all() if _may_run(value)]
    if isinstance(result, UnknownValue):
        return call_unseen(run, External(function.function.name, module=True), site)
    if not run.position.loading:
        for value in handed:
            if isinstance(value, FunctionValue) and id(value.function) not in run.found.functions_entered:
                escape(run, value, site.place)
    return result


def discarded(run: Machine, value: External, place: Place) -> None:
    """A call for its effect at a module's top level: nobody can use the result later, so what was handed over runs,
    unless it was registered on an object that somebody may use."""
    if value.receiver is None:
        trigger(run, value, place, now=True)


def hand_over(run: Machine, value: Value, place: Place) -> None:
    """A value reaches unseen code through an object of ours; during loading that waits until the object is used."""
    if not run.position.loading:
        escape(run, value, place)


def trigger(run: Machine, external: External, place: Place, now: bool = False) -> None:
    """Everything that an external holds may run now."""
    held = external.captured
    position = 0
    while position < len(held):
        value = held[position]
        position += 1
        if now or not run.position.loading:
            escape(run, value, place)


def escape(run: Machine, value: Value, place: Place, depth: int | None = None) -> None:
    """The value is in unseen hands: run what can be run of it with unknown arguments, once."""
    if isinstance(value, Reference):
        references.unseen_write(run, value, place)
    depth = NESTED.most if depth is None else depth
    if isinstance(value, Const | UnknownValue):
        return
    if depth <= 0:
        if not _is_harmless(run, value):
            run.bound(NESTED, place)
        return
    run.step()
    if isinstance(value, Union):
        for option in value.options:
            escape(run, option, place, depth)
        return
    size = len(value.fields) if isinstance(value, Object | Instance) else 0
    size = len(value.captured) if isinstance(value, External) else size
    key = (id(value), size, run.position.loading > 0, value.frame.version if isinstance(value, FunctionValue) else 0)
    if key in run.heap.escaped:
        return
    run.heap.escaped[key] = value
    match value:
        case FunctionValue() | ClassValue() | Native() | External():
            _call_escaped(run, value, place, depth)
        case Instance():
            for member in _escaped_members(run, value, place):
                escape(run, member, place, depth - 1)
        case Object():
            for field in value.held():
                escape(run, members.bind(run, field, value, place), place, depth - 1)
        case Sequence():
            for item in value.held():
                escape(run, item, place, depth - 1)
        case _:
            pass


def _call_escaped(
    run: Machine, value: FunctionValue | ClassValue | Native | External, place: Place, depth: int
) -> None:  # fmt: skip
    """Unseen code calls the value, with arguments that are not known."""
    anything = CallSite((), {}, place, complete=False, outside=True)
    match value:
        case FunctionValue():
            repeats = run.position.language.blocks_repeat
            run.position.conditional += repeats
            result = run.enter(value, anything)
            run.position.conditional -= repeats
            if id(value.function) not in run.heap.wrapped:  # what a decorator wraps gives its result to who calls it
                _given(run, result, place)
        case Native():
            dispatch.on_client(run, value, "is passed to code that scopedown did not read", place)
            if value.callable_when_escaped:
                value.call(anything, run)
            value.escaped(run, place)
        case External():
            trigger(run, value, place, now=True)
            if not value.root.module:
                trigger(run, value.root, place, now=True)
        case ClassValue():
            for held in run.heap.associates.get(id(value), ()):
                escape(run, held, place, depth - 1)
            escape(run, run.construct(value, anything), place, depth)


def _escaped_members(run: Machine, value: Instance, place: Place) -> Iterator[Value]:
    """The methods and fields of an object that unseen code can reach."""
    for cls in value.cls.ancestry():
        if not isinstance(cls, ClassValue):
            continue
        for name, member in list(cls.fields.items()):
            if isinstance(member, FunctionValue) and name not in ("__init__", "constructor"):
                yield members.bind(run, member, value, place)
    if not run.position.language.fields_are_private:
        yield from list(value.fields.values())


_LOOKED_INTO = 300
"""Values that are looked into for functions where a structure is too deep."""


def _is_harmless(run: Machine, value: Value) -> bool:
    """Whether nothing in a value may run that has not run already."""
    waiting, seen = [value], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if len(seen) > _LOOKED_INTO:
            return False
        match one:
            case FunctionValue(function=function) if id(function) not in run.found.functions_entered:
                return False
            case Native() if one.callable_when_escaped or one.service_of_client() is not None:
                return False
            case Union(options=choices):
                waiting += choices
            case Instance(cls=cls, fields=fields):
                waiting += fields.values()
                waiting += [member for base in cls.ancestry() for member in _functions(base)]
            case Object() | Sequence():
                waiting += one.held()
    return True


def _functions(cls: Value) -> list[Value]:
    """The methods of a class of the analysed code."""
    return [one for one in cls.fields.values() if isinstance(one, FunctionValue)] if isinstance(cls, ClassValue) else []


def _given(run: Machine, result: Value, place: Place, depth: int = 2) -> None:
    """Unseen code got a function's result, and may hand it on to code of ours (``memo(() => new S3())``): any call of a
    client in it may be made, and any method of an object."""
    calls_results = run.position.language.results_run
    for option in options(result):
        match option:
            case FunctionValue() if calls_results:
                escape(run, option, place)
            case FunctionValue():
                trail.given(run.trail, [option])
            case Sequence() if calls_results and depth > 0:
                for item in option.held():
                    _given(run, item, place, depth - 1)
            case Native():
                dispatch.on_client(run, option, "is passed to code that scopedown did not read", place)
                if calls_results:
                    option.escaped(run, place)
            case Instance():
                for cls in option.cls.ancestry():
                    if isinstance(cls, ClassValue):
                        trail.given(run.trail, cls.fields.values())
            case Object() if depth > 0:
                trail.given(run.trail, option.fields.values())
                for field in option.held():
                    if not isinstance(field, FunctionValue):
                        _given(run, field, place, depth - 1)
            case _:
                pass


def decorate(run: Machine, decorator: Value, site: CallSite) -> Value:
    """A decorator on a function or class. One that is not seen is taken to wrap it: the decorated thing stays what it
    is, and where the decorator is an object's (``@app.route("/")``, ``@app.task``) that object may run it."""
    decorated = site.positional[0] if site.positional else Const(None)
    if isinstance(decorator, External):
        if not decorator.root.module and decorator.root is not decorator:
            decorator.root.captured.append(decorated)
            if not run.position.loading:
                escape(run, decorated, site.place)
        if isinstance(decorated, ClassValue):
            run.heap.associates.setdefault(id(decorated), []).extend(decorator.captured)
        _wrapped(run, decorated)
        return decorated
    result = _by_descriptor(run, decorator, decorated, site.place) or run.call_value(decorator, site)
    useless = isinstance(result, UnknownValue) or (isinstance(result, Const) and result.value is None)
    if useless:
        _wrapped(run, decorated)
    return decorated if useless else special.keep_binding(result, decorated)


def _by_descriptor(run: Machine, decorator: Value, decorated: Value, place: Place) -> Value | None:
    """What TypeScript's older decorators make of a method, which they get in a property descriptor, and change there
    or return (https://www.typescriptlang.org/docs/handbook/decorators.html#method-decorators); None for any other."""
    if not (isinstance(decorator, FunctionValue) and isinstance(decorated, FunctionValue)):
        return None
    if not run.position.language.decorates_descriptors or len(decorator.function.parameters) < _OF_DESCRIPTORS:
        return None
    descriptor = Object({"value": decorated})
    target = UnknownValue("a decorator's target", place)
    given = CallSite((target, Const(decorated.function.name), descriptor), {}, place)
    returned = run.call_value(decorator, given)
    fields = [one.fields.get("value") for one in (*options(returned), descriptor) if isinstance(one, Object)]
    return next((value for value in fields if value is not None and value is not decorated), decorated)


def _wrapped(run: Machine, decorated: Value) -> None:
    if isinstance(decorated, FunctionValue):
        run.heap.wrapped.add(id(decorated.function))


def note_possible(run: Machine, owner: Value, method: str, site: CallSite, place: Place) -> None:
    """A call on a receiver of unknown type: where it fits exactly one SDK operation it is told, never granted."""
    if run.position.file not in run.found.sdk_files or any(isinstance(option, Native) for option in options(owner)):
        return
    for value in site.positional:
        unsent = value.unsent() if isinstance(value, Native) else None
        if unsent is not None:  # a command, whoever sends it
            service, name = unsent
            reason = f"scopedown cannot tell the type of {describe(owner)}"
            run.found.possible.setdefault((service, name, place), PossibleCall(service, name, place, reason))
            return
    given: set[str] = set(site.keywords)
    if not given and site.positional and isinstance(first := site.positional[0], Object):
        given = set(first.fields)
    if not given:
        return
    fitting = [
        operation
        for operation in run.catalog.operations_named(method)
        if given <= set(operation.members) and set(operation.required) <= given
    ]
    if len(fitting) == 1:
        operation = fitting[0]
        reason = f"scopedown cannot tell the type of {describe(owner)}"
        found = PossibleCall(operation.service, operation.name, place, reason)
        run.found.possible.setdefault((found.service, found.operation, place), found)


def _may_run(value: Value) -> bool:
    return isinstance(value, Reference) or not isinstance(value, Const | UnknownValue)


def describe(value: Value) -> str:
    """A value as a message names it."""
    match value:
        case External(origin=origin):
            return origin
        case UnknownValue(reason=reason):
            return reason
        case FunctionValue(function=function):
            return function.name
        case Native():
            return value.describe()
        case _:
            return "a value"
