"""Calls: functions of the program are entered, those of the language and of node are known, others are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.project.programs import arrays, modules, texts
from scopedown.project.programs.bindings import bind
from scopedown.project.programs.members import is_callable, member
from scopedown.project.programs.scope import Builtin, Class, Closure, Scope
from scopedown.project.programs.statements import hoist, run
from scopedown.project.programs.values import External, Record, Value, array, is_nullish, record, string, unknown_of
from scopedown.source.javascript.values import UNDEFINED

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.core.place import Place
    from scopedown.project.programs.scope import Evaluator

MAX_ARGUMENTS: Final = 10_000


def call(e: Evaluator, node: Node, scope: Scope) -> Value:
    """``f(x)``, ``a.b(x)``, ``require('./x')``."""
    target = node.child_by_field_name("function")
    source = scope.module.source
    at = source.place(node)
    if target is None:
        return UNDEFINED
    while target.type in ("parenthesized_expression", "non_null_expression") and target.named_child_count == 1:
        target = target.named_children[0]
    if target.type == "identifier" and source.of(target) == "require" and scope.holder("require") is None:
        return modules.required(e, arguments_of(e, node, scope), scope.module, at)
    if target.type == "import":
        return modules.required(e, arguments_of(e, node, scope), scope.module, at, dynamic=True)
    if target.type in ("member_expression", "subscript_expression"):
        holder = e.expression(target.child_by_field_name("object"), scope)
        if is_nullish(holder) and target.child_by_field_name("optional_chain") is not None:
            return UNDEFINED
        name_node = target.child_by_field_name("property")
        if name_node is not None:
            key: Value = source.of(name_node)
        else:
            key = string(e.expression(target.child_by_field_name("index"), scope))
        if isinstance(key, Text):
            return unknown_of(key)
        return method(e, holder, key, arguments_of(e, node, scope), at)
    function = e.expression(target, scope)
    if is_nullish(function) and node.child_by_field_name("optional_chain") is not None:
        return UNDEFINED
    return invoke(e, function, arguments_of(e, node, scope), at)


def arguments_of(e: Evaluator, node: Node, scope: Scope) -> list[Value]:
    """The values of a call's arguments."""
    found: list[Value] = []
    written = node.child_by_field_name("arguments")
    if written is None or written.type != "arguments":  # a tagged template
        return found
    for child in written.named_children:
        if child.type == "comment":
            continue
        if child.type == "spread_element":
            value = e.expression(child.named_children[0] if child.named_children else None, scope)
            found += value[:MAX_ARGUMENTS] if isinstance(value, list) else [unknown_of(value) or UNDEFINED]
        else:
            found.append(e.expression(child, scope))
    return found


def method(e: Evaluator, holder: Value, name: str, arguments: list[Value], at: Place) -> Value:
    """``holder.name(arguments)``."""
    if isinstance(holder, MapNode):
        function = member(e, holder, name, at)
        if function is not UNDEFINED:
            return invoke(e, function, arguments, at, holder)
        return _of_object(e, holder, name, arguments, at)
    if isinstance(holder, ListNode):
        found = arrays.method(e, holder, name, arguments, at)
        return _no_such(name, at) if found is None else found[0]
    if name in ("then", "catch", "finally") and not isinstance(holder, Text | External):
        return _promise(e, holder, name, arguments, at)
    unknown = unknown_of(holder)
    if unknown is not None:
        if name == "concat" and isinstance(holder, Text):
            return e.text(Text.of(holder, *(string(item) for item in arguments)), at)
        if isinstance(holder, External):
            e.handed = arguments
            return Text.unknown(f"{holder.name}.{name}() is of a package, and scopedown does not run packages", at)
        return unknown
    if is_callable(holder) and name in ("call", "apply", "bind"):
        this, rest = (arguments[0] if arguments else UNDEFINED), arguments[1:]
        if name == "bind":
            return Builtin("bind", lambda ev, more, place: invoke(ev, holder, rest + more, place, this))
        if name == "apply":
            rest = list(rest[0]) if rest and isinstance(rest[0], list) else []
        return invoke(e, holder, rest, at, this)
    if isinstance(holder, Class):
        return invoke(e, member(e, holder.static, name, at), arguments, at, holder.static)
    found = texts.method(e, holder, name, arguments, at)
    return _no_such(name, at) if found is None else found[0]


def _no_such(name: str, at: Place) -> Text:
    return Text.unknown(f"{name}() is not supported", at)


def _of_object(e: Evaluator, holder: MapNode, name: str, arguments: list[Value], at: Place) -> Value:
    if name in ("hasOwnProperty", "propertyIsEnumerable"):
        key = string(arguments[0]) if arguments else ""
        return key in holder if isinstance(key, str) else unknown_of(key)
    if name in ("then", "catch", "finally"):
        return _promise(e, holder, name, arguments, at)
    return holder if name == "valueOf" else _no_such(name, at)


def _promise(e: Evaluator, value: Value, name: str, arguments: list[Value], at: Place) -> Value:
    """A promise is the value that it will give: nothing here waits."""
    if name == "then" and arguments and is_callable(arguments[0]):
        return invoke(e, arguments[0], [value], at)
    if name == "finally" and arguments:
        invoke(e, arguments[0], [], at)
    return value


def invoke(e: Evaluator, function: Value, arguments: list[Value], at: Place, this: Value = UNDEFINED) -> Value:
    """The value that a function returns."""
    if isinstance(function, Builtin):
        e.charge(at, 1)
        return function.call(e, arguments, at)
    if isinstance(function, Closure):
        return _enter(e, function, arguments, at, this)
    if isinstance(function, External):
        e.handed = arguments
        return Text.unknown(f"{function.name}() is of a package, and scopedown does not run packages", at)
    return unknown_of(function) or Text.unknown("the value that is called is not a function", at)


def _enter(e: Evaluator, function: Closure, arguments: list[Value], at: Place, this: Value) -> Value:
    node, source = function.node, function.scope.module.source
    if e.depth >= e.max_depth:
        return Text.unknown("function calls are nested too deeply", at)
    if any(child.type == "*" for child in node.children[:4]):
        return Text.unknown("generators are not supported", at)
    inner = Scope(function.scope.module, function.scope, is_function=True)
    inner.this = function.this if node.type == "arrow_function" or this is UNDEFINED else this
    parameters = node.child_by_field_name("parameters")
    single = node.child_by_field_name("parameter")
    e.depth += 2
    try:
        if single is not None:
            inner.names[source.of(single)] = arguments[0] if arguments else UNDEFINED
        else:
            _bind_parameters(e, parameters, arguments, inner, at)
        body = node.child_by_field_name("body")
        if body is None:
            return UNDEFINED
        if body.type != "statement_block":
            return e.expression(body, inner)
        hoist(e, body.named_children, inner)
        signal = run(e, body.named_children, inner)
        return signal.value if signal is not None and signal.kind == "return" else UNDEFINED
    finally:
        e.depth -= 2


def _bind_parameters(e: Evaluator, parameters: Node | None, arguments: list[Value], inner: Scope, at: Place) -> None:
    position = 0
    for child in parameters.named_children if parameters is not None else ():
        pattern: Node | None = child
        if child.type in ("required_parameter", "optional_parameter"):
            pattern = child.child_by_field_name("pattern")
        if child.type == "comment" or pattern is None or pattern.type == "this":
            continue
        if pattern.type == "rest_pattern":
            bind(e, pattern.named_children[0], array(arguments[position:], at), inner, inner.names.__setitem__)
            break
        value = arguments[position] if position < len(arguments) else UNDEFINED
        default = child.child_by_field_name("value")
        if value is UNDEFINED and default is not None:
            value = e.expression(default, inner)
        bind(e, pattern, value, inner, inner.names.__setitem__)
        position += 1


def construct(e: Evaluator, node: Node, scope: Scope) -> Value:
    """``new X(…)``: a class of the program, or a set."""
    source = scope.module.source
    at = source.place(node)
    target = node.child_by_field_name("constructor")
    arguments = arguments_of(e, node, scope)
    name = source.of(target) if target is not None and target.type == "identifier" else ""
    if name and scope.holder(name) is None:
        if name == "Set":
            return arrays.unique(e, arguments[0] if arguments else UNDEFINED, at)
        if name in ("Error", "TypeError", "RangeError"):
            return record({"message": string(arguments[0]) if arguments else ""}, at)
        if name in ("Promise", "Date", "Map", "RegExp", "Array", "URL", "Proxy"):
            return Text.unknown(f"new {name}() is not supported", at)
    made = e.expression(target, scope)
    if not isinstance(made, Class):
        return unknown_of(made) or Text.unknown("the class after new is unknown", at)
    return instance(e, made, arguments, at)


def instance(e: Evaluator, made: Class, arguments: list[Value], at: Place) -> Value:
    """An object of a class of the program; what it inherits of a package is not known."""
    source = made.scope.module.source
    new = Record(None, at)
    scope = made.scope.inner()
    scope.this = new
    constructor: Closure | None = None
    heritage = next((child for child in made.node.named_children if child.type == "class_heritage"), None)
    if heritage is not None:
        return Text.unknown("a class that extends another class is not supported", at)
    body = made.node.child_by_field_name("body")
    fields: list[Node] = []
    for child in body.named_children if body is not None else ():
        name = child.child_by_field_name("name") or child.child_by_field_name("property")
        if name is None or any(item.type == "static" for item in child.children):
            continue
        key = entry_name(e, name, scope)
        if child.type != "method_definition":
            fields.append(child)
        elif key == "constructor":
            constructor = Closure(child, scope, new)
        elif key is not None:
            new.hidden[key] = Closure(child, scope, new)
    for field in fields:
        name = field.child_by_field_name("name") or field.child_by_field_name("property")
        key = entry_name(e, name, scope)
        value = field.child_by_field_name("value")
        if key is not None and value is not None:
            new.put(key, e.expression(value, scope), source.place(field), source.place(value))
    if constructor is not None:
        _parameter_properties(constructor.node, arguments, new, source.of, at)
        invoke(e, constructor, arguments, at, new)
    return new


def _parameter_properties(node: Node, arguments: list[Value], new: Record, of: Value, at: Place) -> None:
    """TypeScript's ``constructor(private readonly name: string)``."""
    parameters = node.child_by_field_name("parameters")
    position = 0
    for child in parameters.named_children if parameters is not None else ():
        if child.type not in ("required_parameter", "optional_parameter"):
            continue
        pattern = child.child_by_field_name("pattern")
        if pattern is not None and any(it.type in ("accessibility_modifier", "readonly") for it in child.children):
            new.put(of(pattern), arguments[position] if position < len(arguments) else UNDEFINED, at, at)
        position += 1


def entry_name(e: Evaluator, node: Node | None, scope: Scope) -> str | None:
    """A member's name, where it is known."""
    key = e.key(node, scope) if node is not None else None
    return key if isinstance(key, str) else None
