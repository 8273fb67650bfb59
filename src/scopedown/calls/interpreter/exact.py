"""Code that runs once and in order, as a configuration does: each test decides, each loop takes its turns.

Where a test is not known, both ways are run, and what they write is not known either: it has the reason of the test. A
branch that ends in ``throw`` is not taken: a configuration that deploys does not throw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from scopedown.calls.interpreter import members
from scopedown.calls.interpreter.passages import iteration, joined
from scopedown.calls.machine import Activation, Machine, Native, within
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Frame,
    FunctionValue,
    Null,
    Object,
    Sequence,
    SuperValue,
    TextValue,
    Union,
    UnknownValue,
    Unset,
    Value,
)
from scopedown.core.place import Place
from scopedown.core.text import Literal
from scopedown.source import ir

MAX_TURNS: Final = 20_000
NOTHING: Final = Const(None)


def why_unknown(value: Value) -> UnknownValue | None:
    """Why a value is not known, or a part of it; None where it is known (containers always are)."""
    match value:
        case UnknownValue():
            return value
        case Union(options=choices):
            return next(filter(None, map(why_unknown, choices)), UnknownValue("one of several values"))
        case TextValue(text) if text.unknowns:
            return UnknownValue(text.unknowns[0].reason, text.unknowns[0].place)
        case Native():
            return value.why_unknown()
        case _:
            return None


def truth(run: Machine, value: Value) -> bool | None:
    """Whether a value counts as true; None where that is not known."""
    match value:
        case Unset():
            return False
        case Union(options=choices):
            found = {truth(run, one) for one in choices}
            return found.pop() if len(found) == 1 else None
        case TextValue(text):
            return True if any(isinstance(part, Literal) and part.value for part in text.parts) else None
        case Const():
            return run.position.language.is_true(value)
        case _:
            return None if why_unknown(value) is not None else True


def is_nothing(value: Value) -> bool | None:
    """Whether a value is ``null`` or ``undefined``; None where that is not known."""
    match value:
        case Unset():
            return True
        case Const(one):
            return one is None
        case TextValue():
            return False
        case _:
            return None if why_unknown(value) is not None else False


# what may happen


@contextmanager
def _perhaps(run: Machine, doubt: UnknownValue) -> Iterator[None]:
    before = run.position.doubt
    run.position.conditional += 1
    run.position.doubt = doubt
    try:
        yield
    finally:
        run.position.conditional -= 1
        run.position.doubt = before


def written(run: Machine, old: Value | None, new: Value) -> Value:
    """What a variable or a member holds after a write: under an undecided branch that is not known."""
    doubt = run.position.doubt
    return new if doubt is None or (old is not None and old.fingerprint(2) == new.fingerprint(2)) else doubt


def _either(run: Machine, activation: Activation, doubt: UnknownValue, *sides: ir.Block) -> bool:
    """Run several ways of which one is taken; False where the function may have returned in one."""
    frame, returned = activation.frame, len(activation.returns)
    before = frame.variables
    after: dict[str, Value] = {}
    with _perhaps(run, doubt):
        for side in sides:
            frame.variables = dict(before)
            run.execute(activation, side)
            after = joined(after, frame.variables)
    frame.variables = {name: _same(value, before.get(name), doubt) for name, value in after.items()}
    if len(activation.returns) == returned:
        return True
    activation.returns[:] = [doubt]
    return False


def _same(value: Value, old: Value | None, doubt: UnknownValue) -> Value:
    return value if value is old or not isinstance(value, Union) else doubt


def choice(run: Machine, test: Value, sides: tuple[Callable[[], Value], Callable[[], Value]], place: Place) -> Value:
    """``test ? a : b``."""
    chosen = truth(run, test)
    if chosen is not None:
        return sides[0 if chosen else 1]()
    doubt = why_unknown(test) or UnknownValue("scopedown cannot tell which of the two values it has", place)
    with _perhaps(run, doubt):
        one, other = (side() for side in sides)
    return one if one.fingerprint() == other.fingerprint() and why_unknown(one) is None else doubt


def alternative(run: Machine, operator: str, left: Value, other: Callable[[], Value], place: Place) -> Value:
    """``left || other``, ``left && other``, ``left ?? other``."""
    if operator == "??":
        goes_on = is_nothing(left)
    else:
        known = truth(run, left)
        goes_on = None if known is None else known is (operator == "and")
    if goes_on is not None:
        return other() if goes_on else left
    doubt = why_unknown(left) or UnknownValue("it depends on an unknown value", place)
    with _perhaps(run, doubt):
        right = other()
    return left if operator == "or" and left.fingerprint() == right.fingerprint() else doubt


# statements


def branch(run: Machine, activation: Activation, statement: ir.If) -> bool:
    """``if``."""
    test = run.evaluate(activation, statement.test)
    chosen = truth(run, test)
    if _throws(statement.then):
        chosen = False
    elif _throws(statement.otherwise):
        chosen = True
    if chosen is not None:
        return run.execute(activation, statement.then if chosen else statement.otherwise)
    doubt = why_unknown(test) or UnknownValue("it depends on an unknown value", run.place(statement.at))
    return _either(run, activation, doubt, statement.then, statement.otherwise)


def _throws(statements: ir.Block) -> bool:
    """Whether a branch ends in ``throw``, or in the end of the process."""
    match statements[-1:]:
        case (ir.Raise(),):
            return True
        case (ir.ExprStmt(value=ir.Call(function=ir.Attr(object=ir.Name(id="process"), name="exit"))),):
            return True
        case _:
            return False


def throw(run: Machine, activation: Activation, statement: ir.Raise) -> bool:
    """What a function gives that throws is not known."""
    activation.returns[:] = [UnknownValue("the code throws an error there", run.place(statement.at))]
    return False


def attempt(run: Machine, activation: Activation, statement: ir.Try) -> bool:
    """``try``: its body and its end; nothing is taken to throw."""
    ends = run.execute(activation, statement.body)
    return run.execute(activation, statement.final) and ends


def jump(run: Machine, activation: Activation, statement: ir.Jump) -> bool:
    """``break`` and ``continue``; where they are not certain, the loop goes on."""
    if run.position.conditional > activation.certain:
        return True
    activation.leaving = statement
    return False


def loop(run: Machine, activation: Activation, statement: ir.Loop) -> bool:
    """A loop; False where control leaves what is around it, too."""
    outside, certain = activation.iteration, activation.certain
    activation.certain = run.position.conditional
    try:
        if statement.once:
            return _turn(run, activation, statement, statement.body) is not None
        if statement.target is not None and statement.iterable is not None:
            return _over(run, activation, statement, statement.target, statement.iterable)
        return _while(run, activation, statement)
    finally:
        activation.iteration, activation.certain = outside, certain


def _turn(run: Machine, activation: Activation, statement: ir.Loop, body: ir.Block) -> bool | None:
    """Run a body once: whether the loop goes on; None where control leaves what is around it, too."""
    if run.execute(activation, body):
        return True
    left = activation.leaving
    if left is None or (left.label and left.label != statement.label):
        return None
    activation.leaving = None
    return not left.leaves


def _over(run: Machine, activation: Activation, statement: ir.Loop, target: ir.Target, iterable: ir.Expr) -> bool:
    value = run.evaluate(activation, iterable)
    items = members.known_items(run, value, statement.keys)
    if items is None:
        doubt = why_unknown(value) or UnknownValue("what a loop goes through is not known", run.place(statement.at))
        run.assign(activation, target, doubt, statement.at)
        return _either(run, activation, doubt, statement.body)
    if isinstance(value, Sequence) and not statement.keys:
        items = value.items  # what the body adds is walked, too
    outside, position = activation.iteration, 0
    while position < len(items):
        run.step()
        run.assign(activation, target, items[position], statement.at)
        activation.iteration = iteration(run, activation.frame, outside, target)
        goes_on = _turn(run, activation, statement, statement.body)
        if not goes_on:
            return goes_on is not None
        position += 1
    return True


def _while(run: Machine, activation: Activation, statement: ir.Loop) -> bool:
    body, steps, test = statement.body, statement.steps, statement.test
    is_last = test is not None and test > steps
    inner = body[:test] if is_last else body[steps if test is None else steps + 1 :]
    for turn in range(MAX_TURNS):
        if turn and steps:
            run.execute(activation, body[:steps])
        run.step()
        if test is not None and not is_last and (ended := _ended(run, activation, statement, inner)) is not None:
            return ended
        goes_on = _turn(run, activation, statement, inner)
        if not goes_on:
            return goes_on is not None
        if is_last and (ended := _ended(run, activation, statement, inner)) is not None:
            return ended
    doubt = UnknownValue(f"a loop runs more than {MAX_TURNS} times", run.place(statement.at))
    return _either(run, activation, doubt, inner)


def _ended(run: Machine, activation: Activation, statement: ir.Loop, inner: ir.Block) -> bool | None:
    """None where a loop's test holds; else whether control goes on behind it."""
    tested = statement.body[statement.test or 0]
    value = run.evaluate(activation, tested.value) if isinstance(tested, ir.ExprStmt) else NOTHING
    known = truth(run, value)
    if known is None:
        place = run.place(statement.at)
        doubt = why_unknown(value) or UnknownValue("scopedown cannot tell when a loop ends", place)
        return _either(run, activation, doubt, inner)
    return None if known else True


# values


@dataclass(slots=True, eq=False)
class Deferred(Value):
    """A name of an import statement: its file is read when the name is used, so files may import each other."""

    node: ir.Import
    member: str | None
    frame: Frame

    def get(self, run: Machine, place: Place) -> Value:
        """What it stands for."""
        specifier = self.node.specifier.value if isinstance(self.node.specifier, ir.Const) else ""
        with within(run, self.frame):
            owner = run.import_module(str(specifier), place, self.node.types, self.member)
            if self.member is None or (self.member == "default" and not members.has_default(owner)):
                return owner
            return attribute(run, owner, self.member, place, False)


def deferred(activation: Activation, statement: ir.Assign) -> bool:
    """Whether a statement is an import statement, whose name is bound then."""
    match statement:
        case ir.Assign(target=ir.Name(id=name), value=ir.Import(static=True) as node):
            activation.frame.variables[name] = Deferred(node, None, activation.frame)
        case ir.Assign(target=ir.Name(id=name), value=ir.Attr(object=ir.Import(static=True) as node, name=member)):
            activation.frame.variables[name] = Deferred(node, member, activation.frame)
        case _:
            return False
    return True


def attribute(run: Machine, owner: Value, name: str, place: Place, optional: bool) -> Value:
    """``owner.name``: what an object does not have is undefined."""
    nothing = is_nothing(owner)
    if nothing and optional:
        return NOTHING
    if nothing and isinstance(owner, Const):
        what = "null" if isinstance(owner, Null) else "undefined"
        return UnknownValue(f"the value before .{name} is {what}", place)
    found = members.attribute(run, owner, name, place)
    return _known(owner, found)


def key(run: Machine, value: Value, place: Place) -> Value:
    """A value as the name of a member, or why that is not known."""
    name = run.position.language.key_of(value, run, place)
    return Const(name) if name is not None else why_unknown(value) or UnknownValue("its key is unknown", place)


def index(run: Machine, owner: Value, key: Value, place: Place, optional: bool) -> Value:
    """``owner[key]``."""
    if is_nothing(owner) and optional:
        return NOTHING
    if isinstance(owner, UnknownValue | Native):
        return members.index(run, owner, key, place)
    name = run.position.language.key_of(key, run, place)
    if name is None:
        return why_unknown(key) or why_unknown(owner) or UnknownValue("its key is unknown", place)
    if isinstance(owner, Sequence) and name.isdecimal() and name.isascii():
        return owner.items[int(name)] if int(name) < len(owner.items) else owner.rest or NOTHING
    if isinstance(owner, Object):
        held = owner.fields.get(name)
        return members.bind(run, held, owner, place) if held is not None else owner.rest or NOTHING
    if isinstance(owner, Const) and isinstance(owner.value, str) and name.isdecimal():
        return Const(owner.value[int(name)]) if int(name) < len(owner.value) else NOTHING
    return attribute(run, owner, name, place, optional)


def _known(owner: Value, found: Value) -> Value:
    is_known = not isinstance(owner, UnknownValue | TextValue | Native)
    has_more = isinstance(owner, Object | Sequence) and owner.rest is not None
    missing = type(found) is Unset or (type(found) is UnknownValue and found.reason.startswith("member "))
    return NOTHING if is_known and missing and not has_more else found


def remove(run: Machine, activation: Activation, target: ir.Expr) -> None:
    """``delete owner.key``."""
    match target:
        case ir.Attr(object=owner, name=name):
            wanted: str | None = name
        case ir.Index(object=owner, index=index_):
            wanted = run.position.language.key_of(run.evaluate(activation, index_), run, run.place(target.at))
        case _:
            return
    held = run.evaluate(activation, owner)
    if isinstance(held, Native) and wanted is not None:
        held.delete(wanted)
    elif isinstance(held, Object) and wanted is not None:
        if run.position.doubt is None:
            held.fields.pop(wanted, None)
        elif wanted in held.fields:
            held.fields[wanted] = run.position.doubt


def called(run: Machine, node: ir.Call, owner: Value | None, function: Value, site: CallSite) -> Value:
    """A call: a value that is no function gives nothing that is known."""
    is_optional = node.optional or (isinstance(node.function, ir.Attr | ir.Index) and node.function.optional)
    if is_optional and is_nothing(function):
        return NOTHING
    if isinstance(function, FunctionValue | ClassValue | SuperValue | Native):
        run.step()
        return run.call_value(function, site, node.new)
    name = node.function.name if isinstance(node.function, ir.Attr) else None
    if (unknown := why_unknown(function)) is not None:
        return unknown
    said = f"{name}() is not supported" if name is not None else "the value that is called is not a function"
    return UnknownValue(said, site.place)


def handed(run: Machine, result: Value) -> None:
    """A package's function that is called for what it does may change what it is given."""
    unknown = why_unknown(result)
    for value in run.heap.escaped.values() if unknown is not None else ():
        if isinstance(value, Object):
            value.rest = unknown
