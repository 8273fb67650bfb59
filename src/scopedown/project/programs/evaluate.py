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
from scopedown.project.programs import arrays, modules, operators
from scopedown.project.programs.assignments import assign, assignment, augmented, update
from scopedown.project.programs.functions import call, construct, invoke, method
from scopedown.project.programs.globals import GLOBALS
from scopedown.project.programs.literals import array_literal, class_literal, object_literal
from scopedown.project.programs.members import entry_of, member
from scopedown.project.programs.scope import Builtin, Closure, Imported, Scope
from scopedown.project.programs.values import MAX_PARTS, Value, is_nullish, join, string, truth, unknown_of
from scopedown.source.javascript import strings
from scopedown.source.javascript.numbers import number_literal
from scopedown.source.javascript.values import UNDEFINED, Regex
from scopedown.source.known import MAX_TEXT
from scopedown.source.languages.javascript_syntax import first, is_broken, unescape

if TYPE_CHECKING:
    from pathlib import Path

    from tree_sitter import Node

    from scopedown.documents.document import Files
    from scopedown.project.programs.scope import Evaluator, Module
    from scopedown.source.resolve.node import NodeModules
    from scopedown.source.resolve.search_path import Ground

MAX_STEPS: Final = 200_000
MAX_DEPTH: Final = 110

Handler = Callable[["Evaluator", "Node", Scope], Value]


@dataclass(slots=True, eq=False)
class Evaluation:
    """The state of one reading; the contract of its parts is :class:`~scopedown.project.programs.scope.Evaluator`."""

    files: Files
    environment: dict[str, Value]
    ground: Ground
    finder: NodeModules
    modules: dict[Path, Module] = field(default_factory=dict)
    steps: int = 0
    depth: int = 0
    max_depth: int = MAX_DEPTH
    handed: list[Value] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether the reading has taken more steps than it may."""
        return self.steps > MAX_STEPS

    def spend(self, place: Callable[[], Place], steps: int = 1) -> None:
        """Count work; ends the reading where there is too much of it."""
        self.steps += steps
        if self.is_over:
            at = place()
            raise ScopedownError(
                f"scopedown stopped reading {at.file} after {MAX_STEPS} steps", at,
                "simplify the file, or pass the framework's own template with --compiled",
            )  # fmt: skip

    def charge(self, at: Place, steps: int) -> None:
        """Count work whose place is known already."""
        self.spend(lambda: at, steps)

    def text(self, value: Value, at: Place) -> Value:
        """A text that was made, where it is not too long."""
        if isinstance(value, Text):
            size = sum(len(getattr(part, "value", "")) for part in value.parts)
            self.charge(at, len(value.parts) + size // 1000)
            return value if len(value.parts) <= MAX_PARTS and size <= MAX_TEXT else unknown_of(value)
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
            return self.unknown(node, scope, f"scopedown does not evaluate {_shown(node, scope)}")
        if self.depth >= self.max_depth:
            return self.unknown(node, scope, "it is nested too deeply")
        if node.has_error and node.type not in ("object", "array") and is_broken(node):
            return self.unknown(node, scope, "it has a syntax error")
        self.depth += 1
        try:
            return handler(self, node, scope)
        finally:
            self.depth -= 1

    def key(self, node: Node, scope: Scope) -> str | Text:
        """A property's name as it stands in a literal or a pattern."""
        if node.type == "computed_property_name":
            value = string(self.expression(first(node), scope))
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


def _inner(e: Evaluator, node: Node, scope: Scope) -> Value:
    return e.expression(first(node), scope)


def _last(e: Evaluator, node: Node, scope: Scope) -> Value:
    value: Value = UNDEFINED
    for child in node.named_children:
        if child.type != "comment":
            value = e.expression(child, scope)
    return value


def _assertion(e: Evaluator, node: Node, scope: Scope) -> Value:
    return e.expression(node.named_children[-1] if node.named_children else None, scope)


def _string(e: Evaluator, node: Node, scope: Scope) -> Value:
    return unescape(scope.module.source.of(node)[1:-1])


def _template(e: Evaluator, node: Node, scope: Scope) -> Value:
    source = scope.module.source
    parts: list[str | Text] = []
    written = ""
    for child in node.children[1:]:
        if child.type in ("string_fragment", "escape_sequence"):
            written += source.of(child)
            continue
        parts.append(unescape(written))
        written = ""
        if child.type == "template_substitution":
            parts.append(string(e.expression(first(child), scope)))
    return e.text(join(parts, ""), source.place(node))


def _number(e: Evaluator, node: Node, scope: Scope) -> Value:
    value = number_literal(scope.module.source.of(node))
    return e.unknown(node, scope, "bigint values are not supported") if value is None else value


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
    return e.unknown(node, scope, f"{name} is not defined")


def _this(e: Evaluator, node: Node, scope: Scope) -> Value:
    return scope.this


def _member(e: Evaluator, node: Node, scope: Scope) -> Value:
    target = node.child_by_field_name("object")
    name = node.child_by_field_name("property")
    source = scope.module.source
    if source.text[node.start_byte : node.end_byte] == b"import.meta.url":
        return "file://" + source.path.as_posix()
    value = e.expression(target, scope)
    if name is None or (is_nullish(value) and node.child_by_field_name("optional_chain") is not None):
        return UNDEFINED
    key, at = source.of(name), source.place(name)
    found = member(e, value, key, at)
    if found is UNDEFINED and isinstance(value, list | str):
        methods = arrays.METHODS if isinstance(value, list) else strings.METHODS
        if key in methods:
            return Builtin(key, lambda ev, arguments, place: method(ev, value, key, arguments, place))
        if key in (arrays.OTHERS if isinstance(value, list) else strings.OTHERS):
            return Text.unknown(f"{key}() is not supported", at)
    return found


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
    return unknown_of(test) or e.unknown(node, scope, "scopedown cannot tell which of the two values it has")


def _regex(e: Evaluator, node: Node, scope: Scope) -> Value:
    pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
    of = scope.module.source.of
    return Regex(of(pattern) if pattern is not None else "", of(flags) if flags is not None else "")


def _function(e: Evaluator, node: Node, scope: Scope) -> Value:
    return Closure(node, scope, scope.this if node.type == "arrow_function" else UNDEFINED)


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
    "shorthand_property_identifier": _identifier,
    "this": _this,
    "object": object_literal,
    "array": array_literal,
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
    "class": class_literal,
    "class_declaration": class_literal,
    "abstract_class_declaration": class_literal,
    "assignment_expression": assignment,
    "augmented_assignment_expression": augmented,
    "update_expression": update,
    "parenthesized_expression": _inner,
    "sequence_expression": _last,
    "as_expression": _inner,
    "satisfies_expression": _inner,
    "non_null_expression": _inner,
    "instantiation_expression": _inner,
    "type_assertion": _assertion,
    "await_expression": _inner,
}
