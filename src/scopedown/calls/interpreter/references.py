"""Addresses of variables: taking one, reading and writing through it.

The lowering of ``&x`` calls ``<address>`` with what ``x`` holds, and two functions that read and write it; ``*p`` calls
``<load>``, a write to it ``<store>``. Scalars, texts and unknown values become references
(:mod:`scopedown.calls.values.references`); for an object, which is its own address, the run keeps the variables whose
address was taken while they held it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from scopedown.calls.bounds import VARIABLES
from scopedown.calls.interpreter import dunder_methods
from scopedown.calls.machine import Activation, Function, Machine, within
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Frame,
    FunctionValue,
    Instance,
    Object,
    Reference,
    Sequence,
    UnknownValue,
    Value,
    Variable,
    in_variable,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.source import ir

Make = Callable[[str, Callable[[CallSite, Machine], Value]], Function]


def natives(make: Make = Function, inside: Callable[[Value], Value] = lambda value: value) -> Mapping[str, Value]:
    """The functions that the lowering calls. ``inside`` gives the value of one that a language wraps."""
    return {
        "<address>": make("<address>", _address),
        "<load>": make("<load>", lambda site, run: load(run, _at(site, 0))),
        "<store>": make("<store>", lambda site, run: store(run, _at(site, 0), _at(site, 1), inside)),
    }


def is_own(function: Value) -> bool:
    """Whether it is one of them."""
    return isinstance(function, Function) and function.name in ("<address>", "<load>", "<store>")


def _at(site: CallSite, index: int) -> Value:
    return site.argument(index) or UnknownValue("an argument", site.place)


def _address(site: CallSite, run: Machine) -> Value:
    value, reading, writing = site.positional
    if not isinstance(reading, FunctionValue) or not isinstance(writing, FunctionValue):
        return value
    variable = Variable(reading, writing)
    found = [in_variable(option, variable) for option in options(value)]
    for option in found:
        if not isinstance(option, Reference):
            _, known = run.heap.addresses.setdefault(id(option), (option, []))
            if all(variable.key() != one.key() for one in known):
                if len(known) < VARIABLES.most:
                    known.append(variable)
                else:
                    run.bound(VARIABLES, site.place)
    return join(*found)


def written(run: Machine, frame: Frame, declared: ir.Function) -> None:
    """A function has run: what its parameters hold by now that are references (PHP's ``function f(&$x)``)."""
    for number, parameter in enumerate(declared.parameters):
        if parameter.by_reference and parameter.name is not None:
            held = frame.variables.get(parameter.name)
            key = id(declared), number
            if held is not None:
                known = run.heap.by_reference.get(key)
                run.heap.by_reference[key] = held if known is None else join(known, held)


def give_back(run: Machine, activation: Activation, call: ir.Call, function: Value) -> None:
    """A call has ended: the variables that were given for such parameters hold what is in them."""
    for option in options(function):
        if isinstance(option, ClassValue):
            option = dunder_methods.defined(option, "constructor") or option
        if not isinstance(option, FunctionValue):
            continue
        declared = option.function
        last = len(declared.parameters) - 1
        numbers = (
            {parameter.name: number for number, parameter in enumerate(declared.parameters)} if call.keywords else {}
        )
        named = ((numbers[name], argument) for name, argument in call.keywords if name in numbers)
        for number, argument in (*enumerate(call.positional), *named):
            value = run.heap.by_reference.get((id(declared), min(number, last)))
            if value is not None and isinstance(argument, ir.Name | ir.Attr | ir.Index):
                if number >= last and declared.parameters[last].kind == "rest":
                    value = UnknownValue("a variable that is written through a reference", run.place(call.at))
                known = run.evaluate(activation, argument)
                run.assign(activation, argument, join(known, value), call.at)


def load(run: Machine, value: Value) -> Value:
    """What is behind an address now; of any other value, itself."""
    found = [
        _run(run, option.variable.read, None) if isinstance(option, Reference) else option for option in options(value)
    ]
    return join(*found)


def store(run: Machine, address: Value, new: Value, inside: Callable[[Value], Value]) -> Value:
    """Write behind an address; gives the address as it is afterwards."""
    found: list[Value] = []
    for written in options(address):
        option = inside(written)
        if isinstance(option, Reference):
            write(run, option.variable, new)
            found += [in_variable(one, option.variable) for one in options(new)]
        elif isinstance(option, Instance | Object | Sequence) and _replaced(run, option, new):
            found.append(written)
        else:
            for variable in variables_of(run, option):
                write(run, variable, new)
            found.append(new)
    return join(*found)


def _replaced(run: Machine, old: Instance | Object | Sequence, new: Value) -> bool:
    """Write what another object of the same kind holds into an object, beside what it holds; False where the new one is
    of another kind."""
    others = [option for option in options(new) if option is not old]
    if any(type(option) is not type(old) for option in others):
        return False
    for other in others:
        if isinstance(old, Instance) and isinstance(other, Instance):
            if other.cls is not old.cls:
                return False
            certain = len(others) == 1 and run.position.conditional <= old.born
            for name, value in other.fields.items():
                old.fields[name] = value if certain or name not in old.fields else join(old.fields[name], value)
        elif isinstance(old, Object) and isinstance(other, Object):
            for name, value in other.fields.items():
                old.fields[name] = join(old.fields[name], value) if name in old.fields else value
            if other.rest is not None:
                old.rest = other.rest if old.rest is None else join(old.rest, other.rest)
        elif isinstance(old, Sequence) and isinstance(other, Sequence):
            _extend(old, other)
    return True


def _extend(old: Sequence, other: Sequence) -> None:
    for at, item in enumerate(other.items):
        if at < len(old.items):
            old.items[at] = join(old.items[at], item)
        else:
            old.items.append(item)
    if other.rest is not None:
        old.rest = other.rest if old.rest is None else join(old.rest, other.rest)


def write(run: Machine, variable: Variable, value: Value) -> None:
    """Write to a variable of which code has the address."""
    variable.writes += 1
    _run(run, variable.write, value)


def unseen_write(run: Machine, value: Value, place: Place, inert: bool = False) -> None:
    """Code that is not read has an address, and may write anything there; ``inert``: only data."""
    for option in options(value):
        if isinstance(option, Reference):
            what = UnknownValue("a value that other code may have written through a pointer", place, inert)
            write(run, option.variable, what)


def variables_of(run: Machine, value: Value) -> Iterator[Variable]:
    """The variables that held an object when their address was taken."""
    held, known = run.heap.addresses.get(id(value), (None, []))
    yield from list(known) if held is value else ()


def _run(run: Machine, function: FunctionValue, given: Value | None) -> Value:
    """Run what reads or writes a variable, in its scope."""
    outer, declared = function.frame, function.function
    held = {} if given is None else {declared.parameters[0].name or "": given}
    frame = Frame(outer.file, declared.locals, outer, outer.this, held, owner=outer.owner, language=outer.language)
    activation = Activation(frame, True)
    with within(run, frame):
        run.execute(activation, declared.body)
    return join(*activation.returns) if activation.returns else Const(None)
