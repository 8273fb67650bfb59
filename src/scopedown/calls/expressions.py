"""Expressions: what each node of the intermediate form evaluates to."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from scopedown.calls import escape, execute, ir, members, models, special
from scopedown.calls.values import (
    MAX_UNION,
    CallSite,
    ClassValue,
    Const,
    External,
    Frame,
    FunctionValue,
    Instance,
    Native,
    Object,
    Sequence,
    SuperValue,
    TextValue,
    Union,
    UnknownValue,
    Unset,
    Value,
    as_text,
    from_text,
    join,
    options,
)
from scopedown.core.text import EnvVar, Text

if TYPE_CHECKING:
    from scopedown.calls.interpret import Activation, Interpreter


def evaluate(run: Interpreter, activation: Activation, node: ir.Expr) -> Value:
    """The value of one expression, with its effects."""
    run.step()
    return _EXPRESSIONS[type(node)](run, activation, node)  # type: ignore[no-any-return]


def lookup(run: Interpreter, frame: Frame, name: str, at: ir.At) -> Value:
    """A variable through the enclosing scopes, then the language's own names."""
    scope: Frame | None = frame
    everything: Value | None = None
    while scope is not None:
        value = scope.variables.get(name)
        if value is not None:
            return value
        if name in scope.names:
            return UnknownValue(f"{name} is not set", run.place(at))
        everything = scope.variables.get("*") or everything
        scope = scope.parent
    builtin = models.builtin(name, run.language)
    if builtin is not None:
        return builtin
    if everything is not None:  # an unseen module's ``import *``
        return members.attribute(run, everything, name, run.place(at))
    return UnknownValue(f"{name} is not defined here", run.place(at))


# leaves


def _const(run: Interpreter, activation: Activation, node: ir.Const) -> Value:
    return Const(node.value)


def _name(run: Interpreter, activation: Activation, node: ir.Name) -> Value:
    return lookup(run, activation.frame, node.id, node.at)


def _this(run: Interpreter, activation: Activation, node: ir.This) -> Value:
    return activation.frame.this or UnknownValue("this", run.place(node.at))


def _super(run: Interpreter, activation: Activation, node: ir.Super) -> Value:
    frame = activation.frame
    this = frame.this
    if frame.owner is None or this is None:
        return UnknownValue("super", run.place(node.at))
    return SuperValue(frame.owner, this)


def _lambda(run: Interpreter, activation: Activation, node: ir.Lambda) -> Value:
    frame = activation.frame
    if not frame.is_class:
        owner = frame.owner if node.function.receiver == "lexical" else None
        return FunctionValue(node.function, frame, None, owner)
    # A class's names are not in scope inside its methods.
    return FunctionValue(node.function, frame.parent or frame, None, frame.owner)


def _class(run: Interpreter, activation: Activation, node: ir.ClassExpr) -> Value:
    definition, frame = node.definition, activation.frame
    outer = frame.parent if frame.is_class and frame.parent else frame
    bases = tuple(evaluate(run, activation, base) for base in definition.bases)
    keywords = {name: evaluate(run, activation, value) for name, value in definition.keywords if name is not None}
    cls = ClassValue(definition, outer, bases, keywords=keywords)
    scope = Frame(frame.file, definition.locals, outer, this=cls, owner=cls, language=frame.language, is_class=True)
    scope.variables = cls.fields
    execute.block(run, type(activation)(scope, False), definition.body)
    cls.fields = scope.variables
    for base in cls.ancestry():
        if isinstance(base, Native):
            base.subclassed(cls, run)
    special.subclassed(run, cls, run.place(node.at))
    return cls


# text and operators


def concatenate(values: tuple[Value, ...]) -> Value:
    """Text joined from values; alternatives multiply up to the bound."""
    choices = [[as_text(one) or Text.unknown("one of several") for one in options(value)] for value in values]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MAX_UNION:
        choices = [choice if len(choice) == 1 else [Text.unknown("one of several values")] for choice in choices]
    return join(*(from_text(Text.of(*parts)) for parts in product(*choices)))


def _template(run: Interpreter, activation: Activation, node: ir.Template) -> Value:
    return concatenate(tuple(evaluate(run, activation, part) for part in node.parts))


def either(value: Value, other: Value) -> Value:
    """``value or other``: an environment variable keeps the other as its default."""
    if isinstance(value, Const):
        return value if value.value else other
    if isinstance(value, Unset):
        return other
    if isinstance(value, Native | Object | Sequence | FunctionValue | ClassValue | Instance):
        return value
    if isinstance(value, TextValue) and len(value.text.parts) == 1 and isinstance(part := value.text.parts[0], EnvVar):
        if part.default is not None:
            return value
        if isinstance(other, Const | TextValue) and (default := as_text(other)):
            return TextValue(Text((EnvVar(part.name, default if default.parts else None),)))
    return join(*(one for one in options(value) if not (isinstance(one, Const) and not one.value)), *options(other))


def _op(run: Interpreter, activation: Activation, node: ir.Op) -> Value:
    operands = node.operands
    if node.operator in ("or", "??") and len(operands) == 2:
        return either(evaluate(run, activation, operands[0]), evaluate(run, activation, operands[1]))
    if node.operator == "and" and len(operands) == 2:
        left = evaluate(run, activation, operands[0])
        if isinstance(left, Const) and not left.value and decide(activation, operands[0]) is False:
            return left
        return evaluate(run, activation, operands[1])
    return operate(run, node.operator, tuple(evaluate(run, activation, one) for one in operands), node.at)


def operate(run: Interpreter, operator: str, operands: tuple[Value, ...], at: ir.At) -> Value:
    """An operator on values: text is joined, known numbers are computed, the rest is unknown."""
    if operator == "??" or operator == "or" or operator == "||":
        return either(*operands) if len(operands) == 2 else operands[0]
    if len(operands) == 2:
        left, right = operands
        if operator == "+":
            return _add(left, right)
        if operator == "%" and isinstance(left, Const) and isinstance(left.value, str):
            return percent(left.value, right)
        if isinstance(left, Const) and isinstance(right, Const):
            if operator == "==":
                return Const(left.value == right.value)
            if operator == "!=":
                return Const(left.value != right.value)
        if operator == "|" and isinstance(left, Object) and isinstance(right, Object):
            return Object({**left.fields, **right.fields}, left.rest or right.rest)
    if operator == "not" and isinstance(operands[0], Const):
        return Const(not operands[0].value)
    return UnknownValue("a computed value", run.place(at))


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, Const) and isinstance(right, Const):
        one, other = left.value, right.value
        if isinstance(one, int | float) and isinstance(other, int | float):
            return Const(one + other)
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        rests = [rest for rest in (left.rest, right.rest) if rest is not None]
        return Sequence.joined([*left.items, *right.items], join(*rests) if rests else None)
    texts = [one for value in (left, right) for one in options(value) if _is_text(one)]
    return concatenate((left, right)) if texts else UnknownValue("a computed value")


def _is_text(value: Value) -> bool:
    return isinstance(value, TextValue) or (isinstance(value, Const) and isinstance(value.value, str))


def percent(template: str, arguments: Value) -> Value:
    """Python's ``%`` formatting, for ``%s``, ``%d`` and ``%(name)s``."""
    parts: list[Value] = []
    given = list(arguments.items) if isinstance(arguments, Sequence) else [arguments]
    literal = ""
    position = 0
    while position < len(template):
        character = template[position]
        if character != "%":
            literal += character
            position += 1
            continue
        if template.startswith("%%", position):
            literal += "%"
            position += 2
            continue
        value: Value | None = None
        end = position + 1
        if template.startswith("(", end) and (close := template.find(")", end)) > 0:
            value = UnknownValue("a formatted value")
            if isinstance(arguments, Object):
                value = arguments.fields.get(template[end + 1 : close], value)
            end = close + 1
        elif given:
            value = given.pop(0)
        while end < len(template) and template[end] in "-+ #0123456789.":
            end += 1
        parts += [Const(literal), value or UnknownValue("a formatted value")]
        literal, position = "", end + 1
    return concatenate((*parts, Const(literal)))


def decide(activation: Activation, test: ir.Expr) -> bool | None:
    """Whether a test is known: only from constants and from the running function's own variables, since those of
    other scopes may change between invocations."""
    known = _constant(activation, test)
    return None if known is None else bool(known.value)


def _constant(activation: Activation, node: ir.Expr) -> Const | None:
    match node:
        case ir.Const():
            return Const(node.value)
        case ir.Name(id="__name__"):
            return Const("__main__" if _is_program(activation.frame) else "<imported>")
        case ir.Name(id="module"):
            return Const("<module>")
        case ir.Attr(object=ir.Name(id="require"), name="main"):
            return Const("<module>" if _is_program(activation.frame) else "<entry>")
        case ir.Name(id=name):
            frame = activation.frame
            value = frame.variables.get(name) if activation.is_function and name in frame.names else None
            return value if isinstance(value, Const) else None
        case ir.Op(operator="not", operands=(operand,)):
            one = _constant(activation, operand)
            return None if one is None else Const(not one.value)
        case ir.Op(operator="==" | "!=" as operator, operands=(left, right)):
            one, other = _constant(activation, left), _constant(activation, right)
            if one is None or other is None:
                return None
            return Const((one.value == other.value) == (operator == "=="))
        case ir.Op(operator="and" | "or" as operator, operands=(left, right)):
            one, other = _constant(activation, left), _constant(activation, right)
            stop = operator == "or"
            for side in (one, other):
                if side is not None and bool(side.value) == stop:
                    # Short-circuit is decided only where the left side is; the right may have effects.
                    return side if side is one else None
            return other if one is not None else None
        case _:
            return None


def _is_program(frame: Frame) -> bool:
    """Whether this is code of the file that is run as a program, not of a module that is imported."""
    while frame.parent is not None and frame.parent.file == frame.file:
        frame = frame.parent
    return frame.is_program


def _cond(run: Interpreter, activation: Activation, node: ir.Cond) -> Value:
    decided = decide(activation, node.test)
    if decided is not None:
        return evaluate(run, activation, node.then if decided else node.otherwise)
    evaluate(run, activation, node.test)
    run.conditional += 1
    value = join(evaluate(run, activation, node.then), evaluate(run, activation, node.otherwise))
    run.conditional -= 1
    return value


# members and structures


def _attr(run: Interpreter, activation: Activation, node: ir.Attr) -> Value:
    owner = evaluate(run, activation, node.object)
    if isinstance(node.object, ir.Import) and node.name == "default" and not members.has_default(owner):
        return owner  # the default import of a CommonJS module is the module's exports
    return members.attribute(run, owner, node.name, run.place(node.at))


def _index(run: Interpreter, activation: Activation, node: ir.Index) -> Value:
    owner = evaluate(run, activation, node.object)
    key = evaluate(run, activation, node.index)
    return members.index(run, owner, key, run.place(node.at))


def _object(run: Interpreter, activation: Activation, node: ir.ObjectExpr) -> Value:
    made = Object(born=run.conditional)
    for key, value in node.entries:
        if key is None:
            spread = evaluate(run, activation, value)
            members.merge(made, spread)
            continue
        name = evaluate(run, activation, key)
        item = evaluate(run, activation, value)
        for one in options(name):
            if isinstance(one, Const):
                made.fields[members.key_text(one)] = item
            else:
                made.put(one, item)
    return made


def _list(run: Interpreter, activation: Activation, node: ir.ListExpr) -> Value:
    items, complete = _items(run, activation, node.items)
    return Sequence.joined(items, complete)


def _items(run: Interpreter, activation: Activation, nodes: tuple[ir.Expr, ...]) -> tuple[list[Value], Value | None]:
    """Values in order, and what unknown further ones may be."""
    items: list[Value] = []
    rest: Value | None = None
    for node in nodes:
        if not isinstance(node, ir.Spread):
            items.append(evaluate(run, activation, node))
            continue
        value = evaluate(run, activation, node.value)
        known = members.known_items(run, value, False)
        if known is not None:
            items += known
        else:
            element = members.iterate(run, value, run.place(node.at), False)
            rest = element if rest is None else join(rest, element)
    return items, rest


def _comprehension(run: Interpreter, activation: Activation, node: ir.Comprehension) -> Value:
    place = run.place(node.at)
    clauses = [(target, evaluate(run, activation, iterable)) for target, iterable in node.clauses[:1]]
    known = members.known_items(run, clauses[0][1], False) if clauses else None
    if len(node.clauses) == 1 and known is not None and len(known) <= execute.PRECISE_ITEMS and not node.conditions:
        made_object, made_list = Object(born=run.conditional), Sequence()
        for item in known:
            execute.assign(run, activation, clauses[0][0], item, node.at)
            _comprehension_item(run, activation, node, made_object, made_list, False)
        return made_object if node.key is not None else made_list
    for position, (target, iterable) in enumerate(node.clauses):
        value = clauses[0][1] if position == 0 else evaluate(run, activation, iterable)
        execute.assign(run, activation, target, members.iterate(run, value, place, False), node.at)
    for condition in node.conditions:
        evaluate(run, activation, condition)
    made_object, made_list = Object(born=run.conditional), Sequence()
    _comprehension_item(run, activation, node, made_object, made_list, True)
    return made_object if node.key is not None else made_list


def _comprehension_item(
    run: Interpreter, activation: Activation, node: ir.Comprehension, into: Object, items: Sequence, any_item: bool
) -> None:
    if node.key is not None:
        key = evaluate(run, activation, node.key)
        value = evaluate(run, activation, node.element)
        for one in options(key):
            if isinstance(one, Const):
                into.fields[members.key_text(one)] = value
            else:
                into.put(one, value)
        return
    value = evaluate(run, activation, node.element)
    if any_item:
        items.rest = value
    else:
        items.items.append(value)


# calls


def _call(run: Interpreter, activation: Activation, node: ir.Call) -> Value:
    owner: Value | None = None
    if isinstance(node.function, ir.Attr):
        owner = evaluate(run, activation, node.function.object)
        function = members.attribute(run, owner, node.function.name, run.place(node.function.at))
    else:
        function = evaluate(run, activation, node.function)
    items, rest = _items(run, activation, node.positional)
    complete = rest is None
    keywords: dict[str, Value] = {}
    for name, expression in node.keywords:
        value = evaluate(run, activation, expression)
        if name is not None:
            keywords[name] = value
        else:
            complete = members.merge_keywords(keywords, value) and complete
    place = run.place(node.function.at if isinstance(node.function, ir.Attr) else node.at)
    site = CallSite(tuple(items), keywords, run.place(node.at), complete, node.decorator)
    if node.decorator:
        return escape.decorate(run, function, site)
    if isinstance(node.function, ir.Attr) and isinstance(function, UnknownValue | External) and owner is not None:
        escape.note_possible(run, owner, node.function.name, site, place)
    return run.call_value(function, site, node.new)


def _import(run: Interpreter, activation: Activation, node: ir.Import) -> Value:
    specifier = evaluate(run, activation, node.specifier)
    place = run.place(node.at)
    if isinstance(specifier, Union):
        found = [one for one in specifier.options if isinstance(one, Const)]
        return join(*(run.import_module(str(one.value), place) for one in found))
    if isinstance(specifier, Const) and isinstance(specifier.value, str):
        return run.import_module(specifier.value, place)
    return UnknownValue("a module whose name is computed", place)


def _assign_expression(run: Interpreter, activation: Activation, node: ir.AssignExpr) -> Value:
    value = evaluate(run, activation, node.value)
    execute.assign(run, activation, node.target, value, node.at)
    return value


def _yield(run: Interpreter, activation: Activation, node: ir.Yield) -> Value:
    value = evaluate(run, activation, node.value)
    if node.delegate:
        value = members.iterate(run, value, run.place(node.at), False)
    activation.yields.append(value)
    return UnknownValue("a value sent to a generator", run.place(node.at))


def _spread(run: Interpreter, activation: Activation, node: ir.Spread) -> Value:
    return evaluate(run, activation, node.value)


def _opaque(run: Interpreter, activation: Activation, node: ir.Opaque) -> Value:
    for child in node.children:
        evaluate(run, activation, child)
    return UnknownValue("an expression that is not followed", run.place(node.at))


_EXPRESSIONS: dict[type, Any] = {
    ir.Const: _const,
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
    ir.Opaque: _opaque,
}
