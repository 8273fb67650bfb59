"""Statements, in their order: declarations, assignments, branches and loops whose tests are known.

Where a test is not known, what its branches would change is not known either, and says so. A branch that ends in
``throw`` is never taken: a configuration that deploys does not throw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.project.programs import imports
from scopedown.project.programs.bindings import bind
from scopedown.project.programs.operators import equal
from scopedown.project.programs.scope import Closure, Scope
from scopedown.project.programs.values import Record, Value, array, truth, unknown_of
from scopedown.source.javascript.values import UNDEFINED

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.project.programs.scope import Evaluator

MAX_LOOP: Final = 20_000


@dataclass(frozen=True, slots=True)
class Signal:
    """What ends a row of statements: ``return`` (with its value), ``break``, ``continue``, ``throw``."""

    kind: str
    value: Value = UNDEFINED


def hoist(e: Evaluator, nodes: Iterable[Node], scope: Scope) -> None:
    """Functions are there before the statements around them run."""
    for node in nodes:
        declared = node.child_by_field_name("declaration") if node.type == "export_statement" else node
        if declared is not None and declared.type in ("function_declaration", "generator_function_declaration"):
            name = declared.child_by_field_name("name")
            if name is not None:
                scope.names[scope.module.source.of(name)] = Closure(declared, scope)


def run(e: Evaluator, nodes: Iterable[Node], scope: Scope) -> Signal | None:
    """Statements in a row; how they ended, None where they ran through."""
    for node in nodes:
        signal = statement(e, node, scope)
        if signal is not None:
            return signal
    return None


def statement(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    """One statement."""
    e.spend(lambda: scope.module.source.place(node))
    handler = STATEMENTS.get(node.type)
    if handler is None or e.depth >= e.max_depth:
        return None
    e.depth += 1
    try:
        return handler(e, node, scope)
    finally:
        e.depth -= 1


def _expression(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    for child in node.named_children:
        if child.type != "comment":
            e.handed = []
            value = e.expression(child, scope)
            unknown = unknown_of(value)
            # A package's function that is called for what it does may change what it is given.
            for item in e.handed if child.type == "call_expression" and unknown is not None else ():
                if isinstance(item, Record) and unknown is not None:
                    item.rest = unknown.unknowns[0]
    return None


def _declaration(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    target = scope.function() if node.type == "variable_declaration" else scope
    for child in node.named_children:
        name = child.child_by_field_name("name") if child.type == "variable_declarator" else None
        if name is not None:
            value = e.expression(child.child_by_field_name("value"), scope)
            bind(e, name, value, scope, target.names.__setitem__)
    return None


def _class(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    name = node.child_by_field_name("name")
    if name is not None:
        scope.names[scope.module.source.of(name)] = e.expression(node, scope)
    return None


def _enum(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    source = scope.module.source
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return None
    made = Record(None, source.place(node))
    inner = scope.inner()
    following: Value = 0
    for child in body.named_children:
        if child.type == "comment":
            continue
        at = source.place(child)
        key_node = child.child_by_field_name("name") if child.type == "enum_assignment" else child
        key = e.key(key_node, inner) if key_node is not None else ""
        value = following
        if child.type == "enum_assignment":
            value = e.expression(child.child_by_field_name("value"), inner)
        if isinstance(key, str):
            made.put(key, value, at, at)
            inner.names[key] = value
        known = isinstance(value, int) and not isinstance(value, bool)
        following = value + 1 if known else Text.unknown("a member of an enum has no known value", at)
    scope.names[source.of(name)] = made
    return None


def _block(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    inner = scope.inner()
    hoist(e, node.named_children, inner)
    return run(e, node.named_children, inner)


def _if(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    test = e.expression(node.child_by_field_name("condition"), scope)
    then, other = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    if other is not None and other.type == "else_clause":
        other = next((child for child in other.named_children if child.type != "comment"), None)
    chosen = truth(test)
    if then is not None and _throws(then):
        chosen = False
    elif other is not None and _throws(other):
        chosen = True
    if chosen is not None:
        branch = then if chosen else other
        return statement(e, branch, scope) if branch is not None else None
    reason = unknown_of(test) or e.unknown(node, scope, "it depends on an unknown value")
    for branch in (then, other):
        if branch is not None:
            _uncertain(e, branch, scope, reason)
    returns = any(branch is not None and _contains(branch, "return_statement") for branch in (then, other))
    return Signal("return", reason) if returns else None


def _throws(node: Node) -> bool:
    """Whether a branch ends in ``throw`` (or in the end of the process)."""
    last = node
    if node.type == "statement_block":
        inside = [child for child in node.named_children if child.type != "comment"]
        if not inside:
            return False
        last = inside[-1]
    text = last.text or b""
    return last.type == "throw_statement" or text.startswith(b"process.exit(")


def _contains(node: Node, kind: str) -> bool:
    """Whether a statement of that kind is inside, leaving out functions."""
    stack = [node]
    while stack:
        item = stack.pop()
        if item.type == kind:
            return True
        if item.type not in ("arrow_function", "function_expression", "function_declaration", "class_declaration"):
            stack.extend(item.named_children)
    return False


def _uncertain(e: Evaluator, node: Node, scope: Scope, reason: Text) -> None:
    """What a branch would change, where it is not known whether it runs."""
    source = scope.module.source
    stack = [node]
    while stack:
        item = stack.pop()
        e.spend(lambda item=item: source.place(item))  # type: ignore[misc]
        if item.type in ("assignment_expression", "augmented_assignment_expression", "update_expression"):
            left = item.child_by_field_name("left") or item.child_by_field_name("argument")
            if left is not None and (left.type != "identifier" or scope.holder(source.of(left)) is not None):
                e.assign(left, reason, scope)
        elif item.type == "call_expression":
            _uncertain_call(e, item, scope, reason)
        stack.extend(item.named_children)


def _uncertain_call(e: Evaluator, node: Node, scope: Scope, reason: Text) -> None:
    target = node.child_by_field_name("function")
    name = target.child_by_field_name("property") if target is not None else None
    if target is None or name is None or target.type != "member_expression":
        return
    word = scope.module.source.of(name)
    holder: Value = UNDEFINED
    if word in ("push", "unshift", "splice"):
        holder = e.expression(target.child_by_field_name("object"), scope)
    elif word == "assign":
        arguments = node.child_by_field_name("arguments")
        if arguments is not None and arguments.named_children:
            holder = e.expression(arguments.named_children[0], scope)
    if isinstance(holder, ListNode):
        holder.append(reason)
        holder.items_at.append(scope.module.source.place(node))
    elif isinstance(holder, Record):
        holder.rest = reason.unknowns[0]


def _return(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    value = next((child for child in node.named_children if child.type != "comment"), None)
    return Signal("return", e.expression(value, scope))


def _throw(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    return Signal("return", e.unknown(node, scope, "the code throws an error there"))


def _for_in(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    """``for (const x of list)``, ``for (const key in object)``."""
    source = scope.module.source
    left, body = node.child_by_field_name("left"), node.child_by_field_name("body")
    over = e.expression(node.child_by_field_name("right"), scope)
    sign = node.child_by_field_name("operator")
    if left is None or body is None:
        return None
    if sign is not None and source.of(sign) == "in":
        if isinstance(over, MapNode):
            over = array(list(over), source.place(node))
        elif isinstance(over, list):
            over = array([str(index) for index in range(len(over))], source.place(node))
    if not isinstance(over, list | str):
        unknown = unknown_of(over)
        if unknown is not None:
            _uncertain(e, body, scope, unknown)
        return None
    declares = node.child_by_field_name("kind") is not None
    for value in list(over):
        e.spend(lambda: source.place(node))
        inner = scope.inner()
        if declares:
            bind(e, left, value, inner, inner.names.__setitem__)
        else:
            e.assign(left, value, inner)
        signal = statement(e, body, inner)
        if signal is not None and signal.kind != "continue":
            return None if signal.kind == "break" else signal
    return None


def _for(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    inner = scope.inner()
    start = node.child_by_field_name("initializer")
    if start is not None:
        statement(e, start, inner)
    return _loop(e, node, inner, node.child_by_field_name("condition"), node.child_by_field_name("increment"))


def _do(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    body = node.child_by_field_name("body")
    signal = statement(e, body, scope) if body is not None else None
    if signal is not None and signal.kind != "continue":
        return None if signal.kind == "break" else signal
    return _while(e, node, scope)


def _while(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    return _loop(e, node, scope, node.child_by_field_name("condition"), None)


def _loop(e: Evaluator, node: Node, scope: Scope, test: Node | None, step: Node | None) -> Signal | None:
    body = node.child_by_field_name("body")
    if test is not None and test.type == "expression_statement":
        test = next(iter(test.named_children), None)
    for _ in range(MAX_LOOP):
        value = e.expression(test, scope) if test is not None and test.type != "empty_statement" else True
        known = truth(value)
        if known is None and body is not None:
            _uncertain(
                e, body, scope, unknown_of(value) or e.unknown(node, scope, "scopedown cannot tell when a loop ends")
            )
        if not known:
            return None
        if body is not None:
            signal = statement(e, body, scope)
            if signal is not None and signal.kind != "continue":
                return None if signal.kind == "break" else signal
        if step is not None:
            e.expression(step, scope)
    if body is not None:
        _uncertain(e, body, scope, e.unknown(node, scope, f"a loop runs more than {MAX_LOOP} times"))
    return None


def _switch(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    value = e.expression(node.child_by_field_name("value"), scope)
    body = node.child_by_field_name("body")
    cases = [child for child in body.named_children if child.type.startswith("switch_")] if body is not None else []
    chosen: int | None = None
    for index, case in enumerate(cases):
        if case.type == "switch_default":
            continue
        same = equal(value, e.expression(case.child_by_field_name("value"), scope))
        if same is None:
            reason = unknown_of(value) or e.unknown(node, scope, "scopedown cannot tell which case of a switch applies")
            if body is not None:
                _uncertain(e, body, scope, reason)
                if _contains(body, "return_statement"):
                    return Signal("return", reason)
            return None
        if same:
            chosen = index
            break
    if chosen is None:
        chosen = next((index for index, case in enumerate(cases) if case.type == "switch_default"), None)
    if chosen is None:
        return None
    inner = scope.inner()
    for case in cases[chosen:]:
        skipped = case.child_by_field_name("value")
        signal = run(e, [child for child in case.named_children if child != skipped], inner)
        if signal is not None:
            return None if signal.kind == "break" else signal
    return None


def _try(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    body, last = node.child_by_field_name("body"), node.child_by_field_name("finalizer")
    signal = statement(e, body, scope) if body is not None else None
    if last is not None:
        for child in last.named_children:
            signal = statement(e, child, scope) or signal
    return signal


def _labeled(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    body = node.child_by_field_name("body")
    if body is None or body.type == "statement_block":
        return statement(e, body, scope) if body is not None else None
    _uncertain(e, body, scope, e.unknown(node, scope, "loops with labels are not supported"))
    return None


def _break(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    return Signal("break" if node.type == "break_statement" else "continue")


def _import(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    imports.import_statement(e, node, scope)
    return None


def _export(e: Evaluator, node: Node, scope: Scope) -> Signal | None:
    declared = node.child_by_field_name("declaration")
    if declared is not None:
        statement(e, declared, scope)
    imports.export_statement(e, node, scope)
    return None


STATEMENTS: Final[dict[str, Callable[[Evaluator, Node, Scope], Signal | None]]] = {
    "expression_statement": _expression,
    "lexical_declaration": _declaration,
    "variable_declaration": _declaration,
    "class_declaration": _class,
    "abstract_class_declaration": _class,
    "enum_declaration": _enum,
    "statement_block": _block,
    "if_statement": _if,
    "return_statement": _return,
    "throw_statement": _throw,
    "for_in_statement": _for_in,
    "for_statement": _for,
    "while_statement": _while,
    "do_statement": _do,
    "switch_statement": _switch,
    "try_statement": _try,
    "labeled_statement": _labeled,
    "break_statement": _break,
    "continue_statement": _break,
    "import_statement": _import,
    "export_statement": _export,
}
