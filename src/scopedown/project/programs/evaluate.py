"""The value of an expression, without running anything: a bounded walk over the syntax tree.

What cannot be known becomes a text with the reason and the place; everything around it is still read. The bounds:
steps over the whole reading, levels of nesting, and the size of a text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.nodes import ListNode, MapNode
from scopedown.project.programs import modules, operators
from scopedown.project.programs.bindings import bind
from scopedown.project.programs.functions import call, construct, invoke
from scopedown.project.programs.globals import GLOBALS
from scopedown.project.programs.members import entry_of, member, put
from scopedown.project.programs.scope import Imported, Scope
from scopedown.project.programs.syntax import escape
from scopedown.project.programs.values import (
    UNDEFINED,
    Class,
    Closure,
    Record,
    Regex,
    Value,
    is_nullish,
    join,
    string,
    truth,
    unknown_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tree_sitter import Node

    from scopedown.project.document import Files
    from scopedown.project.programs.scope import Module
    from scopedown.project.programs.tsconfig import Names

MAX_STEPS: Final = 400_000
MAX_DEPTH: Final = 110
MAX_TEXT: Final = 1_000_000

Handler = Callable[["Evaluator", "Node", Scope], Value]


@dataclass(slots=True, eq=False)
class Evaluator:
    """The state of one reading. ``environment`` is what ``process.env`` holds."""

    files: Files
    environment: dict[str, Value]
    modules: dict[Path, Module] = field(default_factory=dict)
    names: Names | None = None
    """What the tsconfig file calls files of the project."""
    steps: int = 0
    depth: int = 0
    max_depth: int = MAX_DEPTH

    def spend(self, place: Callable[[], Place], steps: int = 1) -> None:
        """Count work; ends the reading where there is too much of it."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            at = place()
            raise ScopedownError(
                f"{at.file} takes more than {MAX_STEPS} steps to read", at,
                "simplify it, or give the framework's own template with --compiled",
            )  # fmt: skip

    def charge(self, at: Place, steps: int) -> None:
        """Count work whose place is known already."""
        self.spend(lambda: at, steps)

    def text(self, value: Value, at: Place) -> Value:
        """A text that was made, where it is not too long."""
        size = len(value) if isinstance(value, str) else 0
        self.charge(at, size // 1000)
        return value if size <= MAX_TEXT else Text.unknown("a text is longer than anything that is deployed", at)

    def unknown(self, node: Node, scope: Scope, reason: str) -> Text:
        """What cannot be known, with the place."""
        return Text.unknown(reason, scope.module.source.place(node))

    def place(self, node: Node, scope: Scope) -> Place:
        return scope.module.source.place(node)

    def expression(self, node: Node | None, scope: Scope) -> Value:
        """The value of an expression; a missing one is undefined."""
        if node is None:
            return UNDEFINED
        self.spend(lambda: scope.module.source.place(node))
        handler = EXPRESSIONS.get(node.type)
        if handler is None:
            return self.unknown(node, scope, f"{_shown(node, scope)} is not read")
        if self.depth >= self.max_depth:
            return self.unknown(node, scope, "it is nested too deeply")
        self.depth += 1
        try:
            return handler(self, node, scope)
        finally:
            self.depth -= 1

    def key(self, node: Node, scope: Scope) -> str | Text:
        """A property's name as it stands in a literal or a pattern."""
        if node.type == "computed_property_name":
            value = string(self.expression(_first(node), scope))
            return value
        if node.type in ("string", "number"):
            return string(self.expression(node, scope))
        return scope.module.source.of(node)

    def assign(self, target: Node, value: Value, scope: Scope) -> None:
        """``target = value``: a name, a property or a pattern."""
        assign(self, target, value, scope)

    def call(self, function: Value, arguments: list[Value], at: Place, this: Value = UNDEFINED) -> Value:
        """A function called with values."""
        return invoke(self, function, arguments, at, this)


def _shown(node: Node, scope: Scope) -> str:
    text = " ".join(scope.module.source.of(node).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def _first(node: Node) -> Node | None:
    return next((child for child in node.named_children if child.type != "comment"), None)


def _inner(e: Evaluator, node: Node, scope: Scope) -> Value:
    return e.expression(_first(node), scope)


def _last(e: Evaluator, node: Node, scope: Scope) -> Value:
    value: Value = UNDEFINED
    for child in node.named_children:
        if child.type != "comment":
            value = e.expression(child, scope)
    return value


def _assertion(e: Evaluator, node: Node, scope: Scope) -> Value:
    return e.expression(node.named_children[-1] if node.named_children else None, scope)


def _string(e: Evaluator, node: Node, scope: Scope) -> Value:
    source = scope.module.source
    return "".join(
        escape(source.of(child)) if child.type == "escape_sequence" else source.of(child)
        for child in node.children[1:-1]
    )


def _template(e: Evaluator, node: Node, scope: Scope) -> Value:
    source = scope.module.source
    parts: list[str | Text] = []
    for child in node.children[1:-1]:
        if child.type == "template_substitution":
            value = e.expression(_first(child), scope)
            parts.append(string(value))
        elif child.type == "escape_sequence":
            parts.append(escape(source.of(child)))
        else:
            parts.append(source.of(child))
    return e.text(join(parts, ""), source.place(node))


def _number(e: Evaluator, node: Node, scope: Scope) -> Value:
    value = operators.number_literal(scope.module.source.of(node))
    return e.unknown(node, scope, "a bigint is not read") if value is None else value


def _identifier(e: Evaluator, node: Node, scope: Scope) -> Value:
    name = scope.module.source.of(node)
    holder = scope.holder(name)
    if holder is not None:
        value = holder.names[name]
        if isinstance(value, Imported):
            return modules.imported(e, value, e.place(node, scope))
        return value
    if name in GLOBALS:
        return GLOBALS[name](e, scope, node)
    return e.unknown(node, scope, f"{name} is not known")


def _this(e: Evaluator, node: Node, scope: Scope) -> Value:
    return scope.this


def _object(e: Evaluator, node: Node, scope: Scope) -> Value:
    source = scope.module.source
    made = Record(None, source.place(node))
    for child in node.named_children:
        at = source.place(child)
        kind = child.type
        if kind == "shorthand_property_identifier":
            made.put(source.of(child), _identifier(e, child, scope), at, at)
        elif kind == "spread_element":
            value = e.expression(_first(child), scope)
            if isinstance(value, MapNode):
                e.charge(at, len(value))
                for key, item in value.items():
                    made.put(key, item, value.keys_at.get(key, at), value.values_at.get(key, at))
                if isinstance(value, Record) and value.rest:
                    made.rest = value.rest
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    made.put(str(index), item, at, at)
            elif is_nullish(value) is None:
                found = unknown_of(value) or e.unknown(child, scope, "what is spread there is not known")
                made.rest = found.unknowns[0]
        elif kind == "pair":
            key_node, value_node = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key_node is None or value_node is None:
                continue
            name = e.key(key_node, scope)
            value = e.expression(value_node, scope)
            if isinstance(name, Text):
                made.rest = name.unknowns[0] if name.unknowns else e.unknown(child, scope, "its key").unknowns[0]
            else:
                made.put(name, value, source.place(key_node), source.place(value_node))
        elif kind == "method_definition":
            key_node = child.child_by_field_name("name")
            name = e.key(key_node, scope) if key_node is not None else ""
            words = {item.type for item in child.children[:-1]}
            if not isinstance(name, str) or "set" in words:
                continue
            method = Closure(child, scope, made)
            made.put(name, e.call(method, [], at) if "get" in words else method, at, at)
    return made


def _array(e: Evaluator, node: Node, scope: Scope) -> Value:
    source = scope.module.source
    made = ListNode(None, source.place(node))
    for child in node.named_children:
        if child.type == "comment":
            continue
        at = source.place(child)
        if child.type == "spread_element":
            value = e.expression(_first(child), scope)
            if isinstance(value, list):
                e.charge(at, len(value))
                made.extend(value)
                made.items_at += value.items_at if isinstance(value, ListNode) else [at] * len(value)
            elif isinstance(value, str):
                made.extend(value)
                made.items_at += [at] * len(value)
            else:
                made.append(unknown_of(value) or e.unknown(child, scope, "what is spread there is not known"))
                made.items_at.append(at)
        else:
            made.append(e.expression(child, scope))
            made.items_at.append(at)
    return made


def _member(e: Evaluator, node: Node, scope: Scope) -> Value:
    target = node.child_by_field_name("object")
    name = node.child_by_field_name("property")
    source = scope.module.source
    if source.text[node.start_byte : node.end_byte] == b"import.meta.url":
        return "file://" + source.path.as_posix()
    value = e.expression(target, scope)
    if name is None or (is_nullish(value) and node.child_by_field_name("optional_chain") is not None):
        return UNDEFINED
    return member(e, value, source.of(name), source.place(name))


def _subscript(e: Evaluator, node: Node, scope: Scope) -> Value:
    value = e.expression(node.child_by_field_name("object"), scope)
    if is_nullish(value) and node.child_by_field_name("optional_chain") is not None:
        return UNDEFINED
    key = e.expression(node.child_by_field_name("index"), scope)
    return entry_of(e, value, key, e.place(node, scope))


def _ternary(e: Evaluator, node: Node, scope: Scope) -> Value:
    test = e.expression(node.child_by_field_name("condition"), scope)
    chosen = truth(test)
    if chosen is not None:
        return e.expression(node.child_by_field_name("consequence" if chosen else "alternative"), scope)
    one = e.expression(node.child_by_field_name("consequence"), scope)
    other = e.expression(node.child_by_field_name("alternative"), scope)
    if type(one) is type(other) and one == other:
        return one
    return unknown_of(test) or e.unknown(node, scope, "which of the two it is, is not known")


def _regex(e: Evaluator, node: Node, scope: Scope) -> Value:
    pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
    of = scope.module.source.of
    return Regex(of(pattern) if pattern is not None else "", of(flags) if flags is not None else "")


def _function(e: Evaluator, node: Node, scope: Scope) -> Value:
    return Closure(node, scope, scope.this if node.type == "arrow_function" else UNDEFINED)


def _class(e: Evaluator, node: Node, scope: Scope) -> Value:
    return make_class(e, node, scope)


def make_class(e: Evaluator, node: Node, scope: Scope) -> Class:
    """A class: its static fields and methods are worked out, the others wait for ``new``."""
    source = scope.module.source
    static = Record(None, source.place(node))
    made = Class(node, scope, static)
    inner = scope.inner()
    inner.this = static
    name = node.child_by_field_name("name")
    if name is not None:
        inner.names[source.of(name)] = made
    body = node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        field_name = child.child_by_field_name("name") or child.child_by_field_name("property")
        if field_name is None or not any(item.type == "static" for item in child.children):
            continue
        key, at = e.key(field_name, inner), source.place(child)
        if isinstance(key, str):
            if child.type == "method_definition":
                static.put(key, Closure(child, inner, static), at, at)
            else:
                static.put(key, e.expression(child.child_by_field_name("value"), inner), at, at)
    return made


def _assign(e: Evaluator, node: Node, scope: Scope) -> Value:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    value = e.expression(right, scope)
    if left is not None:
        assign(e, left, value, scope)
    return value


def _augmented(e: Evaluator, node: Node, scope: Scope) -> Value:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    sign = node.child_by_field_name("operator")
    if left is None or sign is None:
        return UNDEFINED
    value = operators.binary(e, scope.module.source.of(sign)[:-1], left, right, scope, e.place(node, scope))
    assign(e, left, value, scope)
    return value


def _update(e: Evaluator, node: Node, scope: Scope) -> Value:
    target = node.child_by_field_name("argument")
    if target is None:
        return UNDEFINED
    before = e.expression(target, scope)
    known = isinstance(before, int | float) and not isinstance(before, bool)
    step = 1 if scope.module.source.of(node).strip().find("++") >= 0 else -1
    after = before + step if known else unknown_of(before) or e.unknown(node, scope, "a count is not known")
    assign(e, target, after, scope)
    return before if node.children[0] == target else after


def assign(e: Evaluator, target: Node, value: Value, scope: Scope) -> None:
    """``target = value``: a name, a property or a pattern."""
    kind = target.type
    source = scope.module.source
    if kind in ("identifier", "shorthand_property_identifier_pattern"):
        name = source.of(target)
        (scope.holder(name) or scope.function()).names[name] = value
    elif kind in ("member_expression", "subscript_expression"):
        holder = e.expression(target.child_by_field_name("object"), scope)
        name_node = target.child_by_field_name("property")
        key = (
            source.of(name_node) if name_node is not None else e.expression(target.child_by_field_name("index"), scope)
        )
        put(e, holder, key, value, source.place(target))
    elif kind in ("non_null_expression", "parenthesized_expression", "as_expression", "satisfies_expression"):
        inner = _first(target)
        if inner is not None:
            assign(e, inner, value, scope)
    else:
        bind(e, target, value, scope, lambda name, item: assign_name(scope, name, item))


def assign_name(scope: Scope, name: str, value: Value) -> None:
    """Set a variable that exists, else one of the function."""
    (scope.holder(name) or scope.function()).names[name] = value


def _binary(e: Evaluator, node: Node, scope: Scope) -> Value:
    return operators.chain(e, node, scope)


def _unary(e: Evaluator, node: Node, scope: Scope) -> Value:
    return operators.unary(e, node, scope)


def _constant(value: Value) -> Handler:
    return lambda e, node, scope: value


EXPRESSIONS: Final[Mapping[str, Handler]] = {
    "string": _string,
    "template_string": _template,
    "number": _number,
    "true": _constant(True),
    "false": _constant(False),
    "null": _constant(None),
    "undefined": _constant(UNDEFINED),
    "identifier": _identifier,
    "this": _this,
    "object": _object,
    "array": _array,
    "member_expression": _member,
    "subscript_expression": _subscript,
    "call_expression": call,
    "new_expression": construct,
    "ternary_expression": _ternary,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "regex": _regex,
    "arrow_function": _function,
    "function_expression": _function,
    "function": _function,
    "class": _class,
    "class_declaration": _class,
    "abstract_class_declaration": _class,
    "assignment_expression": _assign,
    "augmented_assignment_expression": _augmented,
    "update_expression": _update,
    "parenthesized_expression": _inner,
    "sequence_expression": _last,
    "as_expression": _inner,
    "satisfies_expression": _inner,
    "non_null_expression": _inner,
    "instantiation_expression": _inner,
    "type_assertion": _assertion,
    "await_expression": _inner,
}
