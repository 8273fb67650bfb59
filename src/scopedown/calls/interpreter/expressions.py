"""Expressions: what each node of the intermediate form evaluates to."""

from __future__ import annotations

from typing import Any

from scopedown.calls.interpreter import (
    decisions,
    declared_types,
    escape,
    exact,
    members,
    metaclasses,
    names,
    operators,
    references,
    switches,
    trail,
)
from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter import dynamic_modules as modules_dynamic
from scopedown.calls.interpreter import implicit_calls as implicit
from scopedown.calls.interpreter import missing_modules as modules_nowhere
from scopedown.calls.interpreter import stored_objects as stored
from scopedown.calls.interpreter.changed_texts import current
from scopedown.calls.machine import Activation, Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    Frame,
    FunctionValue,
    Generated,
    Instance,
    ModuleValue,
    Null,
    Object,
    Sequence,
    SuperValue,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.source import ir
from scopedown.source.outline import has


def evaluate(run: Machine, activation: Activation, node: ir.Expr) -> Value:
    """The value of one expression, with its effects."""
    run.step()
    value: Value = _EXPRESSIONS[type(node)](run, activation, node)
    return current(run, value) if run.heap.changed_texts and type(node) in _READS else value


_READS = frozenset({ir.Name, ir.Attr, ir.Index, ir.Call})


def lookup(run: Machine, frame: Frame, name: str, at: ir.At) -> Value:
    """A variable through the enclosing scopes, then the language's own names."""
    scope: Frame | None = frame
    everything: Value | None = None
    is_declared = False
    language = run.position.language
    while scope is not None:
        value = scope.variables.get(name)
        if value is not None:
            return value
        if language.implicit_members and (value := names.implicit(run, scope, name, run.place(at))) is not None:
            return value
        if name in scope.names:
            is_declared = True
            if not language.outer_names_count and not (language.binds_by_packages and scope.parent is None):
                return UnknownValue(f"{name} is not set", run.place(at))
        if name == "arguments" and scope.arguments is not None:
            return scope.arguments
        everything = scope.variables.get("*") or everything
        scope = scope.parent
    if (added := run.heap.globals.variables.get(name)) is not None:
        return added
    if language.binds_by_packages:
        found = language.unbound(run, frame, name, run.place(at)) or names.of_packages(run, frame, name, run.place(at))
        if found is not None:
            return found
    builtin = language.builtin(name)
    if builtin is not None:
        if isinstance(builtin, Native) and builtin.is_unseen:
            language.unseen_type(run, frame, name, run.place(at))
        return builtin
    if language.implicit_members and (found := names.inherited_unseen(run, frame, name, run.place(at))) is not None:
        return found
    if (found := language.unresolved(run, frame, name, run.place(at))) is not None:
        return found
    if everything is not None:  # an unseen module's ``import *``
        return members.attribute(run, everything, name, run.place(at))
    if not is_declared and language.undeclared_names is not None and name not in language.undeclared_names:
        modules_nowhere.name_missed(run, name, run.place(at))
    return UnknownValue(f"{name} is not defined here", run.place(at))


# leaves


def _const(run: Machine, activation: Activation, node: ir.Const) -> Value:
    return Const(node.value)


def _null(run: Machine, activation: Activation, node: ir.Null) -> Value:
    return Null()


def _regex(run: Machine, activation: Activation, node: ir.Regex) -> Value:
    place = run.place(node.at)
    made = run.position.language.builtin("RegExp")
    site = CallSite((Const(node.pattern), Const(node.flags)), {}, place)
    return made.construct(site, run) if isinstance(made, Native) else UnknownValue("a regular expression", place)


def _name(run: Machine, activation: Activation, node: ir.Name) -> Value:
    value = lookup(run, activation.frame, node.id, node.at)
    return value.get(run, run.place(node.at)) if isinstance(value, exact.Deferred) else value


def _this(run: Machine, activation: Activation, node: ir.This) -> Value:
    return activation.frame.this or UnknownValue("this", run.place(node.at))


def _super(run: Machine, activation: Activation, node: ir.Super) -> Value:
    frame = activation.frame
    this = frame.this
    if frame.owner is None or this is None:
        if frame.owner is None:
            trail.unsettle(run, "uses super outside of a class", run.place(node.at))
        return UnknownValue("super", run.place(node.at))
    return SuperValue(frame.owner, this)


def _lambda(run: Machine, activation: Activation, node: ir.Lambda) -> Value:
    frame = activation.frame
    if activation.is_function or activation.in_function:
        run.trail.made[id(node.function)] = node.function
    if run.position.language.defaults_where_made:
        for note in (*(parameter.annotation for parameter in node.function.parameters), node.function.returns):
            annotated(run, activation, note)
    if not frame.is_class:
        owner = frame.owner if node.function.receiver == "lexical" else None
        return FunctionValue(node.function, activation.iteration or frame, None, owner)
    # A class's names are not in scope inside its methods.
    return FunctionValue(node.function, frame.parent or frame, None, frame.owner)


def annotated(run: Machine, activation: Activation, note: ir.Expr | None) -> None:
    """A type annotation is met where it runs: only calls in it matter."""
    if note is not None and type(note) not in _PURE and has(note, ir.Call):
        evaluate(run, activation, note)


def _class(run: Machine, activation: Activation, node: ir.ClassExpr) -> Value:
    definition, frame = node.definition, activation.frame
    outer = frame.parent if frame.is_class and frame.parent else frame
    bases = tuple(evaluate(run, activation, base) for base in definition.bases)
    keywords = {name: evaluate(run, activation, value) for name, value in definition.keywords if name is not None}
    body = definition.body
    if run.position.language.classes_know_themselves:
        # Methods are there before static members are computed, which know the class by its name.
        body = tuple(
            sorted(
                body,
                key=lambda one: not (isinstance(one, ir.Assign) and isinstance(one.value, ir.Lambda | ir.Overloads)),
            )
        )
        owner = frame.owner if frame.is_class else None
        outer = Frame(frame.file, frozenset({definition.name}), outer, frame.this, language=frame.language, owner=owner)
    holder = frame if frame.is_class or not run.position.language.classes_reopen else run.heap.globals
    cls = ClassValue(definition, outer, bases, keywords=keywords)
    if run.position.language.classes_reopen:
        known = holder.variables.get(definition.name)
        if isinstance(known, ClassValue):
            cls = known
        elif (library := run.position.language.reopened(run, frame, definition.name)) is not None:
            bases = (*bases, library)
        cls.extend(bases)
    if run.position.language.classes_know_themselves:
        outer.variables[definition.name] = cls
    if run.position.language.binds_by_packages and definition.name in frame.names:  # others know it while it is made
        holder.variables.setdefault(definition.name, cls)
    scope = Frame(frame.file, definition.locals, outer, this=cls, owner=cls, language=frame.language, is_class=True)
    scope.variables = cls.fields
    run.execute(Activation(scope, False, in_function=activation.is_function or activation.in_function), body)
    cls.fields = scope.variables
    metaclasses.made(run, cls, bases, run.place(node.at))
    run.position.language.class_made(cls, run)
    return cls


# text and operators


def _template(run: Machine, activation: Activation, node: ir.Template) -> Value:
    if run.exact:
        values = tuple(evaluate(run, activation, part) for part in node.parts)
        return run.position.language.calculated("text", values, run, run.place(node.at))
    parts = tuple(_shown(run, evaluate(run, activation, part), run.place(node.at)) for part in node.parts)
    if run.position.language.text_operators:
        parts = tuple(operators.formatted(part, Const(""), "") for part in parts)
    return operators.concatenate(parts)


def _shown(run: Machine, part: Value, place: Place) -> Value:
    """A part of a text: of an object, the text that its class shows it as, where that is known."""
    if not isinstance(part, Instance):
        return part
    shown = special.call(run, part, run.position.language.text_method, (), place)
    return shown if isinstance(shown, TextValue) or (isinstance(shown, Const) and shown.value is not None) else part


def _perhaps(run: Machine, activation: Activation, test: ir.Expr, node: ir.Expr) -> Value:
    """The value of an expression that may not be evaluated: what it writes may be written or not."""
    if type(node) in _PURE:
        return evaluate(run, activation, node)
    run.position.conditional += 1
    run.position.perhaps += 1
    run.position.tests.append(test)
    value = evaluate(run, activation, node)
    run.position.tests.pop()
    run.position.perhaps -= 1
    run.position.conditional -= 1
    return value


def _op(run: Machine, activation: Activation, node: ir.Op) -> Value:
    operands = node.operands
    if run.exact:
        return _calculated(run, activation, node)
    if node.operator in ("or", "??") and len(operands) == 2:
        left = evaluate(run, activation, operands[0])
        first = switches.outcome(run, operands[0], left)
        with switches.side(run, first, False):
            right = _perhaps(run, activation, *operands)
        switches.note(run, node, (first, switches.outcome(run, operands[1], right)))
        return operators.alternative(node.operator, left, right, run.position.language)
    if node.operator == "and" and len(operands) == 2:
        left = evaluate(run, activation, operands[0])
        decided = decisions.decide(run, activation, operands[0])
        if isinstance(left, Const) and decided is False:
            run.trail.skipped.add(id(operands[1]))
            return left
        first = switches.outcome(run, operands[0], left)
        with switches.side(run, first, True):
            right = evaluate(run, activation, operands[1]) if decided else _perhaps(run, activation, *operands)
        switches.note(run, node, (first, switches.outcome(run, operands[1], right)))
        # A constant is not all that comes of it, where the left side may be false.
        is_part = run.position.language.ends_give_nothing and isinstance(right, Const) and not decided
        return join(right, Const(None)) if is_part else right
    values = tuple(evaluate(run, activation, operand) for operand in operands)
    own = None
    if run.position.language.operators and any(isinstance(value, Instance) for value in values):
        own = special.operate(run, node.operator, values, run.place(node.at))
    elif node.operator == "instanceof" and isinstance(cls := values[-1], ClassValue):
        own = special.has_instance(run, cls, values[0], run.place(node.at))
    made = (
        own if own is not None else operators.operate(node.operator, values, run.place(node.at), run.position.language)
    )
    if isinstance(made, Sequence):
        run.carried(len(made.items))
    if node.operator == "not":
        switches.note(run, node, (switches.outcome(run, operands[0], values[0]),))
    elif type(made) is UnknownValue:
        inner = switches.unfolded(operands[0])
        if inner is not None and not isinstance(values[0], Const):
            values = (evaluate(run, activation, inner), *values[1:])
        return switches.compared(node.operator, values, inner is not None) or made
    return made


def _calculated(run: Machine, activation: Activation, node: ir.Op) -> Value:
    operands, place = node.operands, run.place(node.at)
    if node.operator in ("or", "and", "??") and len(operands) == 2:
        left = evaluate(run, activation, operands[0])
        return exact.alternative(run, node.operator, left, lambda: evaluate(run, activation, operands[1]), place)
    if node.operator == "delete":
        exact.remove(run, activation, operands[0])
        return Const(True)
    values = tuple(evaluate(run, activation, operand) for operand in operands)
    return run.position.language.calculated(node.operator, values, run, place)


def _cond(run: Machine, activation: Activation, node: ir.Cond) -> Value:
    if run.exact:
        test, place = evaluate(run, activation, node.test), run.place(node.at)
        sides = (lambda: evaluate(run, activation, node.then), lambda: evaluate(run, activation, node.otherwise))
        return exact.choice(run, test, sides, place)
    decided = decisions.decide(run, activation, node.test)
    if decided is not None:
        run.trail.skipped.add(id(node.otherwise if decided else node.then))
        return evaluate(run, activation, node.then if decided else node.otherwise)
    outcome = switches.outcome(run, node.test, evaluate(run, activation, node.test))
    with switches.side(run, outcome, True):
        then = _perhaps(run, activation, node.test, node.then)
    with switches.side(run, outcome, False):
        otherwise = _perhaps(run, activation, node.test, node.otherwise)
    return join(then, otherwise)


# members and structures


def _attr(run: Machine, activation: Activation, node: ir.Attr) -> Value:
    if isinstance(node.object, ir.Import):
        return _imported_member(run, activation, node, node.object)
    owner = evaluate(run, activation, node.object)
    if run.exact:
        return exact.attribute(run, owner, node.name, run.place(node.name_at or node.at), node.optional)
    return members.attribute(run, owner, node.name, run.place(node.at))


def _imported_member(run: Machine, activation: Activation, node: ir.Attr, imported: ir.Import) -> Value:
    """``from module import name``, ``import name from "module"``."""
    run.step()
    owner = _import(run, activation, imported, node.name)
    if node.name == "default" and not members.has_default(owner):
        return owner  # the default import of a CommonJS module is the module's exports
    if imported.types and isinstance(owner, Native):
        return owner.declared_type(node.name, run, run.place(node.at))
    if isinstance(owner, ModuleValue):
        modules_nowhere.member_missed(run, owner, node.name, run.place(node.at))
    return members.attribute(run, owner, node.name, run.place(node.at))


def _index(run: Machine, activation: Activation, node: ir.Index) -> Value:
    owner = evaluate(run, activation, node.object)
    key = evaluate(run, activation, node.index)
    if run.exact:
        return exact.index(run, owner, key, run.place(node.at), node.optional)
    return members.index(run, owner, key, run.place(node.at))


def _object(run: Machine, activation: Activation, node: ir.ObjectExpr) -> Value:
    made = Object(born=run.position.conditional)
    if run.written is not None:
        run.written.made(made, run.place(node.at))
    for key, value in node.entries:
        if key is None:
            spread = evaluate(run, activation, value)
            if isinstance(spread, Object) and _undecided_and(run, activation, value):
                spread = join(Object(), spread)
            members.merge(run, made, spread, run.place(node.at))
            continue
        name = evaluate(run, activation, key)
        item = evaluate(run, activation, value)
        trail.kept(run.trail, item)
        if run.written is not None:
            run.written.entry(made, members.key_name(name), run.place(key.at), run.place(value.at))
        for option in options(name):
            if (known := members.key_name(option)) is not None:
                made.fields[known] = item
            else:
                made.put(option, item)
    if (key_of_prototype := run.position.language.prototype_key) is not None:
        if (prototype := made.fields.pop(key_of_prototype, None)) is not None:
            members.inherit(made, prototype)
        implicit.keep_literal(run, made)
    return made


def _undecided_and(run: Machine, activation: Activation, node: ir.Expr) -> bool:
    """``test && {…}``, of which perhaps nothing comes."""
    if not isinstance(node, ir.Op) or node.operator != "and":
        return False
    return decisions.decide(run, activation, node.operands[0]) is None


def _list(run: Machine, activation: Activation, node: ir.ListExpr) -> Value:
    items, complete = _items(run, activation, node.items)
    run.carried(len(items))
    made = Sequence.joined(items, complete)
    if run.written is not None:
        run.written.made(made, run.place(node.at))
    return made


def _items(run: Machine, activation: Activation, nodes: tuple[ir.Expr, ...]) -> tuple[list[Value], Value | None]:
    """Values in order, and what unknown further ones may be."""
    items: list[Value] = []
    rest: Value | None = None
    for node in nodes:
        if not isinstance(node, ir.Spread):
            item = evaluate(run, activation, node)
            items.append(item if run.written is None else run.written.item(item, run.place(node.at)))
            trail.kept(run.trail, items[-1])
            continue
        value = evaluate(run, activation, node.value)
        known = members.known_items(run, value, False)
        if known is not None:
            items += known
        elif run.exact:
            items.append(exact.why_unknown(value) or UnknownValue("the value after ... is unknown", run.place(node.at)))
        else:
            element = members.iterate(run, value, run.place(node.at), False)
            rest = element if rest is None else join(rest, element)
    return items, rest


def _comprehension(run: Machine, activation: Activation, node: ir.Comprehension) -> Value:
    if not node.lazy or not has(node.element, ir.AssignExpr):
        return _comprehended(run, activation, node)
    run.position.conditional += 1  # which turns assign is not known
    run.position.perhaps += 1
    try:
        return _comprehended(run, activation, node)
    finally:
        run.position.conditional -= 1
        run.position.perhaps -= 1


def _comprehended(run: Machine, activation: Activation, node: ir.Comprehension) -> Value:
    place = run.place(node.at)
    clauses = [(target, evaluate(run, activation, iterable)) for target, iterable in node.clauses[:1]]
    known = members.known_items(run, clauses[0][1], False) if clauses else None
    if len(node.clauses) == 1 and known and len(known) <= members.PRECISE_ITEMS and not node.conditions:
        made_object, made_list = Object(born=run.position.conditional), Sequence()
        for item in known:
            run.assign(activation, clauses[0][0], item, node.at)
            _comprehension_item(run, activation, node, made_object, made_list, False)
        return made_object if node.key is not None else made_list
    for position, (target, iterable) in enumerate(node.clauses):
        value = clauses[0][1] if position == 0 else evaluate(run, activation, iterable)
        run.assign(activation, target, members.iterate(run, value, place, False), node.at)
    for condition in node.conditions:
        evaluate(run, activation, condition)
    made_object, made_list = Object(born=run.position.conditional), Sequence()
    _comprehension_item(run, activation, node, made_object, made_list, True)
    return made_object if node.key is not None else made_list


def _comprehension_item(
    run: Machine, activation: Activation, node: ir.Comprehension, into: Object, items: Sequence, any_item: bool
) -> None:
    if node.key is not None:
        key = evaluate(run, activation, node.key)
        value = evaluate(run, activation, node.element)
        for option in options(key):
            if isinstance(option, Const):
                into.fields[members.key_text(option)] = value
            else:
                into.put(option, value)
        return
    value = evaluate(run, activation, node.element)
    if any_item:
        items.rest = value
    else:
        items.items.append(value)


# calls


def _call(run: Machine, activation: Activation, node: ir.Call) -> Value:
    owner: Value | None = None
    if isinstance(node.function, ir.Attr):
        owner = evaluate(run, activation, node.function.object)
        at = run.place((run.exact and node.function.name_at) or node.function.at)
        if run.exact:
            function = exact.attribute(run, owner, node.function.name, at, node.function.optional)
        else:
            function = members.called(run, owner, node.function.name, at)
        modules_nowhere.method_missed(run, owner, node.function.name, function, run.place(node.function.at))
    else:
        function = evaluate(run, activation, node.function)
    items, rest = _items(run, activation, node.positional)
    if len(items) == 1:
        items = run.position.language.passed_on(items)
    complete = rest is None
    keywords: dict[str, Value] = {}
    run.trail.evaluated.add(id(node))
    for name, expression in node.keywords:
        value = evaluate(run, activation, expression)
        if name is not None:
            trail.kept(run.trail, value)
            keywords[name] = value
        else:
            complete = members.merge_keywords(run, keywords, value, run.place(node.at)) and complete
    place = run.place(node.function.at if isinstance(node.function, ir.Attr) else node.at)
    site = CallSite(tuple(items), keywords, run.place(node.at), complete, node.decorator)
    if run.exact:
        return exact.called(run, node, owner, function, site)
    if node.decorator:
        return escape.decorate(run, function, site)
    if owner is not None and run.position.language.calling_members:
        trail.called_by_member(run, node, owner, site)
    if isinstance(node.function, ir.Attr) and isinstance(function, UnknownValue | External) and owner is not None:
        escape.note_possible(run, owner, node.function.name, site, place)
        if (kept := stored.by_method(run, owner, node.function.name, site.positional)) is not None:
            return kept
        if (made := stored.of_container(run, owner, node.function.name, site)) is not None:
            return made
    trail.called(run, node, function, site)
    rewritten = function.rewritten(site, run) if isinstance(function, Native) else None
    if rewritten is not None:
        if isinstance(node.function, ir.Attr) and isinstance(node.function.object, ir.Name | ir.Attr):
            run.assign(activation, node.function.object, rewritten[1], node.at)
        return rewritten[0]
    result = run.call_value(function, site, node.new)
    if run.heap.by_reference:
        references.give_back(run, activation, node, function)
    return result


def _import(run: Machine, activation: Activation, node: ir.Import, member: str | None = None) -> Value:
    specifier = evaluate(run, activation, node.specifier)
    place = run.place(node.at)
    if isinstance(specifier, Const) and isinstance(specifier.value, str):
        value = run.import_module(specifier.value, place, node.types, member)
        return modules_dynamic.namespace(value) if node.dynamic else value
    return modules_dynamic.import_any(run, specifier, place, node.dynamic)


def _assign_expression(run: Machine, activation: Activation, node: ir.AssignExpr) -> Value:
    old = None
    if run.exact and node.before and isinstance(node.value, ir.Op):
        old = evaluate(run, activation, node.value.operands[0])
    value = evaluate(run, activation, node.value)
    run.assign(activation, node.target, value, node.at)
    return value if old is None else old


def _yield(run: Machine, activation: Activation, node: ir.Yield) -> Value:
    value = evaluate(run, activation, node.value)
    place = run.place(node.at)
    sent = UnknownValue("a value sent to a generator", place)
    if not node.delegate:
        trail.kept(run.trail, value)
        activation.yields.append(value)
        return sent
    element = members.iterate(run, value, place, False)
    trail.kept(run.trail, element)
    activation.yields.append(element)
    returned = [option.returned for option in options(value) if isinstance(option, Generated)]
    return join(*returned) if len(returned) == len(options(value)) else join(sent, *returned)


def _spread(run: Machine, activation: Activation, node: ir.Spread) -> Value:
    return evaluate(run, activation, node.value)


def _cast(run: Machine, activation: Activation, node: ir.Cast) -> Value:
    value = evaluate(run, activation, node.value)
    return declared_types.refine(run, activation, node.type, value)


def _shape(run: Machine, activation: Activation, node: ir.Shape) -> Value:
    return declared_types.Record(node, activation.frame)


def _initialised(run: Machine, activation: Activation, node: ir.Initialised) -> Value:
    value = evaluate(run, activation, node.value)
    place = run.place(node.at)
    for key, expression in node.entries:
        if isinstance(expression, ir.Spread):
            _take_over(value, evaluate(run, activation, expression.value))
            continue
        name = None if key is None else evaluate(run, activation, key)
        item = evaluate(run, activation, expression)
        if name is None:
            members.add(run, value, item, place)
        elif isinstance(name, Const) and isinstance(name.value, str):
            members.assign(run, value, name.value, item, place)
        else:
            members.assign_index(run, value, name, item, place)
    return value


def _take_over(into: Value, value: Value) -> None:
    """The members of another object, which what is written afterwards replaces."""
    held = join(*(option for option in options(value)))
    for option in options(into):
        if isinstance(option, Instance | Object) and isinstance(held, Instance | Object):
            option.fields.update(held.fields)


def _overloads(run: Machine, activation: Activation, node: ir.Overloads) -> Value:
    return join(*(evaluate(run, activation, function) for function in node.functions))


def _opaque(run: Machine, activation: Activation, node: ir.Opaque) -> Value:
    for child in node.children:
        evaluate(run, activation, child)
    return UnknownValue("an expression that scopedown does not evaluate", run.place(node.at))


_PURE = frozenset({ir.Const, ir.Null, ir.Name, ir.This, ir.Lambda})
"""What writes nothing where it is evaluated."""

_EXPRESSIONS: dict[type, Any] = {
    ir.Const: _const,
    ir.Null: _null,
    ir.Regex: _regex,
    ir.Name: _name,
    ir.This: _this,
    ir.Super: _super,
    ir.Attr: _attr,
    ir.Index: _index,
    ir.Spread: _spread,
    ir.Call: _call,
    ir.Lambda: _lambda,
    ir.ClassExpr: _class,
    ir.Template: _template,
    ir.Op: _op,
    ir.Cond: _cond,
    ir.ObjectExpr: _object,
    ir.ListExpr: _list,
    ir.Comprehension: _comprehension,
    ir.Import: _import,
    ir.AssignExpr: _assign_expression,
    ir.Yield: _yield,
    ir.Cast: _cast,
    ir.Shape: _shape,
    ir.Initialised: _initialised,
    ir.Overloads: _overloads,
    ir.Opaque: _opaque,
}
