"""Statements: blocks, assignments, branches, loops.

:func:`block` tells whether control can reach its end. Where a test is undecided both sides run on copies of the
variables and what each leaves is joined; writes to objects made outside such a branch keep the old value as well.
"""

from __future__ import annotations

from typing import Any

from scopedown.calls.interpreter import (
    decisions,
    declared_types,
    escape,
    exact,
    expressions,
    loops,
    members,
    names,
    operators,
    switches,
    trail,
)
from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter import dynamic_modules as modules_dynamic
from scopedown.calls.interpreter import missing_modules as modules_nowhere
from scopedown.calls.interpreter.passages import Passage, joined
from scopedown.calls.machine import Activation, Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    Frame,
    FunctionValue,
    Instance,
    ModuleValue,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.source import ir


def block(run: Machine, activation: Activation, statements: ir.Block) -> bool:
    """Run statements in order; False where the end cannot be reached."""
    before = run.position.switches
    ends = True
    for position, statement in enumerate(statements):
        handler = _STATEMENTS.get(type(statement))
        if handler is not None and handler(run, activation, statement) is False:
            run.trail.skipped.update(map(id, statements[position + 1 :]))
            ends = False
            break
    run.position.switches = before
    return ends


# assignment


def assign(run: Machine, activation: Activation, target: ir.Target, value: Value, at: ir.At) -> None:
    """Bind a value to a name, a member, an element or a pattern."""
    match target:
        case ir.Name(id=name):
            if run.position.language.implicit_members:
                holder = _member_holder(run, activation.frame, name, run.place(at))
                if holder is not None:
                    members.assign(run, holder, name, value, run.place(at))
                    return
            set_variable(run, activation.frame, name, value)
        case ir.Attr(object=owner, name=name):
            holder = expressions.evaluate(run, activation, owner)
            if run.written is not None:
                run.written.set(holder, name, run.place(at))
            members.assign(run, holder, name, value, run.place(at))
        case ir.Index(object=owner, index=index):
            holder = expressions.evaluate(run, activation, owner)
            key = expressions.evaluate(run, activation, index)
            if run.exact:
                key = exact.key(run, key, run.place(at))
            if run.written is not None and isinstance(key, Const):
                run.written.set(holder, str(key.value), run.place(at))
            members.assign_index(run, holder, key, value, run.place(at))
        case ir.ObjectPattern():
            _object_pattern(run, activation, target, value)
        case ir.ListPattern():
            _list_pattern(run, activation, target, value)


def _member_holder(run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
    """The object or class of which code writes a member by its name alone; None where it writes a variable."""
    scope: Frame | None = frame
    while scope is not None and not scope.is_class:
        if name in scope.names or name in scope.variables:
            return None
        if (holder := names.owner_of(run, scope, name, place)) is not None:
            return holder
        scope = scope.parent
    return None


def set_variable(run: Machine, frame: Frame, name: str, value: Value) -> None:
    """Write a variable where it belongs. A write to another function's variable keeps the old value beside it: when it
    happens is not known."""
    owner = frame
    while name not in owner.names and name not in owner.variables and owner.parent is not None:
        owner = owner.parent
    old = owner.variables.get(name)
    if run.exact:
        value = value if owner is frame else exact.written(run, old, value)
    elif run.position.perhaps:
        value = join(old or Const(None), value)
    elif (
        owner is not frame and old is not None and not (_is_nothing(old) and not run.position.language.unset_is_nothing)
    ):
        value = join(old, value)
    if old is not value and (old is None or old.fingerprint(2) != value.fingerprint(2)):
        owner.version += 1
    owner.variables[name] = value
    if owner.taken is not None:
        owner.taken.append((name, value))


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None


def _object_pattern(run: Machine, activation: Activation, pattern: ir.ObjectPattern, value: Value) -> None:
    taken: list[str] = []
    for key, target, default in pattern.entries:
        name = expressions.evaluate(run, activation, key)
        if isinstance(name, Const) and isinstance(name.value, str):
            taken.append(name.value)
        missing = all(
            isinstance(option, Object)
            and option.rest is None
            and isinstance(name, Const)
            and str(name.value) not in option.fields
            for option in options(value)
        )
        found: Value = Const(None) if missing else _element(run, value, name, run.place(key.at))
        assign(run, activation, target, _or_default(run, activation, found, default, missing), pattern.at)
    if pattern.rest is not None:
        rest = value
        if isinstance(value, Object):
            rest = Object({key: item for key, item in value.fields.items() if key not in taken}, value.rest)
        assign(run, activation, pattern.rest, rest, pattern.at)


def _element(run: Machine, value: Value, key: Value, place: Place) -> Value:
    return exact.index(run, value, key, place, False) if run.exact else members.index(run, value, key, place)


def _or_default(run: Machine, activation: Activation, value: Value, default: ir.Expr | None, missing: bool) -> Value:
    if default is None:
        return value
    if isinstance(value, Const) and not operators.is_undefined(value):
        return value
    other = expressions.evaluate(run, activation, default)
    return other if missing else operators.either(value, other, operators.is_undefined)


def _list_pattern(run: Machine, activation: Activation, pattern: ir.ListPattern, value: Value) -> None:
    place = run.place(pattern.at)
    if run.exact and (items := members.known_items(run, value, False)) is not None:
        value = Sequence(items)
    if isinstance(value, Object | Instance) and run.position.language.iterators:
        value = Sequence([], members.iterate(run, value, place, False))
    for position, item in enumerate(pattern.items):
        if item is None:
            continue
        target, default = item
        found = _element(run, value, Const(position), place)
        assign(run, activation, target, _or_default(run, activation, found, default, False), pattern.at)
    if pattern.rest is not None:
        rest: Value = UnknownValue("rest of a list", place)
        if isinstance(value, Sequence):
            taken = len(value.items) - len(pattern.after) if value.rest is None else len(value.items)
            rest = Sequence(value.items[len(pattern.items) : max(taken, len(pattern.items))], value.rest)
        assign(run, activation, pattern.rest, rest, pattern.at)
    for distance, target in enumerate(reversed(pattern.after), 1):
        known = isinstance(value, Sequence) and value.rest is None and len(value.items) >= distance
        key: Value = Const(-distance) if known else UnknownValue("an element counted from the end", place)
        assign(run, activation, target, members.index(run, value, key, place), pattern.at)


def _assign(run: Machine, activation: Activation, statement: ir.Assign) -> None:
    if run.exact and exact.deferred(activation, statement):
        return
    if run.exact and statement.operator is not None and isinstance(statement.target, ir.Name | ir.Attr | ir.Index):
        operation = ir.Op(statement.operator, (statement.target, statement.value), statement.at)
        assign(run, activation, statement.target, expressions.evaluate(run, activation, operation), statement.at)
        return
    value = expressions.evaluate(run, activation, statement.value)
    if statement.operator is not None and isinstance(statement.target, ir.Name | ir.Attr | ir.Index):
        old = expressions.evaluate(run, activation, statement.target)
        place = run.place(statement.at)
        own = special.augmented(run, statement.operator, old, value, place)
        value = own or operators.operate(statement.operator, (old, value), place, run.position.language)
        if isinstance(value, Sequence):
            run.carried(len(value.items))
    if statement.annotation is not None and run.position.language.defaults_where_made and not activation.is_function:
        expressions.annotated(run, activation, statement.annotation)
    if statement.annotation is not None and not activation.frame.is_class:
        value = declared_types.refine(run, activation, statement.annotation, value)
    assign(run, activation, statement.target, value, statement.at)


# the rest


def _expression(run: Machine, activation: Activation, statement: ir.ExprStmt) -> None:
    run.heap.escaped = {} if run.exact else run.heap.escaped
    value = expressions.evaluate(run, activation, statement.value)
    if run.exact and isinstance(statement.value, ir.Call):
        exact.handed(run, value)
    if run.position.loading and isinstance(value, External) and value.called and value.root.captured:
        escape.discarded(run, value, run.place(statement.at))


def _return(run: Machine, activation: Activation, statement: ir.Return) -> bool:
    if statement.value is not None:
        value = expressions.evaluate(run, activation, statement.value)
        trail.kept(run.trail, value)
        activation.returns.append(value)
    else:
        activation.returns.append(Const(None))
    return False


def _raise(run: Machine, activation: Activation, statement: ir.Raise) -> bool:
    if run.exact:
        return exact.throw(run, activation, statement)
    if statement.value is not None:
        value = expressions.evaluate(run, activation, statement.value)
        if isinstance(value, ClassValue) and run.position.language.classes_are_thrown:
            value = run.call_value(value, CallSite((), {}, run.place(statement.at)))
        trail.kept(run.trail, value)
        if any(isinstance(option, FunctionValue) for option in options(value)):
            trail.unsettle(run, "throws a function", run.place(statement.at))
        special.throw(run, value)
    return False


def _if(run: Machine, activation: Activation, statement: ir.If) -> bool:
    if run.exact:
        return exact.branch(run, activation, statement)
    decided = decisions.decide(run, activation, statement.test)
    if decided is not None:
        if not decided and run.position.language.is_for_types(statement.test):
            _imports(run, activation, statement.then)
        run.trail.skipped.update(map(id, statement.otherwise if decided else statement.then))
        return block(run, activation, statement.then if decided else statement.otherwise)
    value = expressions.evaluate(run, activation, statement.test)
    outcome = switches.outcome(run, statement.test, value)
    frame = activation.frame
    before = frame.variables
    run.carried(len(before))
    run.position.conditional += 1
    run.position.tests.append(statement.test)
    frame.variables = dict(before)
    with switches.side(run, outcome, True):
        then_ends = block(run, activation, statement.then)
    after_then = frame.variables
    frame.variables = dict(before)
    with switches.side(run, outcome, False):
        otherwise_ends = block(run, activation, statement.otherwise)
    run.position.conditional -= 1
    run.position.tests.pop()
    if then_ends is not otherwise_ends and outcome is not None and outcome[0] is not then_ends:
        run.position.switches = run.position.switches or outcome[1]  # for the rest of the block
    if then_ends:
        frame.variables = joined(after_then, frame.variables) if otherwise_ends else after_then
    return then_ends or otherwise_ends


def _imports(run: Machine, activation: Activation, statements: ir.Block) -> None:
    """Only type checkers run these statements, but what they import is what annotations name."""
    known = len(run.found.unseen)
    for statement in statements:
        if isinstance(statement, ir.Assign):
            value = statement.value.object if isinstance(statement.value, ir.Attr) else statement.value
            if isinstance(value, ir.Import):
                _assign(run, activation, statement)
    modules_nowhere.forget_types(run, known)


def _with(run: Machine, activation: Activation, statement: ir.With) -> bool:
    frame = activation.frame
    value = expressions.evaluate(run, activation, statement.value)
    place = run.place(statement.at)
    entered = members.enter(run, value, place)
    before = dict(frame.variables)
    passage = Passage(frame)
    if statement.target is not None:
        assign(run, activation, statement.target, entered, statement.at)
    ends = block(run, activation, statement.body)
    taken = passage.end()
    if not special.leave(run, value, place):
        return ends
    frame.variables = joined(joined(before, frame.variables) if ends else before, taken)
    return True


def _try(run: Machine, activation: Activation, statement: ir.Try) -> bool:
    if run.exact:
        return exact.attempt(run, activation, statement)
    frame = activation.frame
    before = dict(frame.variables)
    attempts = modules_nowhere.Attempts(run)
    whole, passage = Passage(frame), Passage(frame)
    ends = block(run, activation, statement.body)
    attempts.end()
    after = frame.variables
    left = joined(joined(before, after), passage.end())
    for target, body in statement.handlers:
        frame.variables = dict(left)
        if target is not None:
            assign(run, activation, target, special.caught(run, run.place(statement.at)), statement.at)
        run.position.conditional += 1
        if block(run, activation, body):
            after = joined(after, frame.variables) if ends else frame.variables
            ends = True
        run.position.conditional -= 1
        attempts.end()
    attempts.settle()
    taken = whole.end()
    if not statement.final:
        frame.variables = after
        return ends
    frame.variables = joined(joined(left, after), taken)  # the end is passed on every way out
    passage = Passage(frame)
    ends = block(run, activation, statement.final) and ends
    frame.variables = {**after, **{name: frame.variables[name] for name in passage.end() if name in frame.variables}}
    return ends


def _loop(run: Machine, activation: Activation, statement: ir.Loop) -> bool:
    if run.exact:
        return exact.loop(run, activation, statement)
    loops.loop(run, activation, statement)
    return True


def _jump(run: Machine, activation: Activation, statement: ir.Jump) -> bool:
    if run.exact:
        return exact.jump(run, activation, statement)
    activation.jumps += 1
    return True


def _export_all(run: Machine, activation: Activation, statement: ir.ExportAll) -> None:
    module = expressions.evaluate(run, activation, statement.module)
    frame = activation.frame
    if isinstance(module, ModuleValue):
        for name, value in [*module.frame.variables.items(), *modules_dynamic.listed_names(run, module)]:
            if not name.startswith("_"):
                frame.variables[name] = value
    elif isinstance(module, Object) and isinstance(exported := frame.variables.get("exports"), Object):
        for name, value in module.fields.items():
            if name != "default":
                exported.fields.setdefault(name, value)
    elif isinstance(module, ClassValue | External | Native):
        frame.variables.setdefault("*", module)
    frame.version += 1


_STATEMENTS: dict[type, Any] = {
    ir.Assign: _assign,
    ir.ExprStmt: _expression,
    ir.Return: _return,
    ir.Raise: _raise,
    ir.Jump: _jump,
    ir.If: _if,
    ir.Loop: _loop,
    ir.With: _with,
    ir.Try: _try,
    ir.ExportAll: _export_all,
}
