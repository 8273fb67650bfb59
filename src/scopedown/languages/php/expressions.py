"""PHP's expressions, for the lowering in ``lower.py``; calls and members are in ``calls.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.php import calls, classes, literals
from scopedown.languages.php.functions import function
from scopedown.languages.php.scope import NODES, Lowering, Scope
from scopedown.languages.php.targets import aliased, refer, target
from scopedown.source import ir
from scopedown.source.languages.chains import Branch, associate, balanced, if_chain

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_ABOVE: Final = 8
"""Nodes above ``&&`` and ``||`` that are asked whether only its truth counts."""
APPEND: Final = "<append>"
"""A function of the language: a list with a further element."""


@NODES.expression("variable_name")
def _variable(work: Lowering, node: Node) -> ir.Expr:
    name, at = work.text(node), work.at(node)
    return ir.This(at) if name == "$this" else ir.Name(work.variable(name), at)


@NODES.expression("name", "qualified_name", "relative_name")
def _name(work: Lowering, node: Node) -> ir.Expr:
    """A constant by its name."""
    written, at = work.text(node), work.at(node)
    match written.upper():
        case "__CLASS__":
            return ir.Opaque((), at) if work.scope.trait else ir.Const(work.scope.class_name, at)
        case "__NAMESPACE__":
            return ir.Const(work.namespace, at)
        case "__FUNCTION__" | "__METHOD__" | "__LINE__":
            return ir.Opaque((), at)
        case "__DIR__" | "__FILE__":
            return ir.Name(written.upper(), at)
    return ir.Name(work.qualified_function(written), at)


# structures


@NODES.expression("array_creation_expression")
def _array(work: Lowering, node: Node) -> ir.Expr:
    """``[…]``: a list where no element has a key, else a map; an empty one may become either."""
    at = work.at(node)
    entries: list[tuple[ir.Expr | None, ir.Expr]] = []
    items: list[ir.Expr] = []
    keyed = False
    for child in work.named(node):
        parts = work.named(child)
        if work.kind(child) != "array_element_initializer":
            parts = [child]
        if len(parts) == 2:
            keyed = True
            entries.append((work.expression(parts[0]), work.expression(parts[1])))
        elif parts:
            made = work.expression(parts[0])
            items.append(made)
            if isinstance(made, ir.Spread):
                entries.append((None, made.value))
            else:
                entries.append((ir.Const(len(entries), at), made))
    if items and not keyed and not all(isinstance(item, ir.Spread) for item in items):
        return ir.ListExpr(tuple(items), at)
    return ir.ObjectExpr(tuple(entries), at)


@NODES.expression("variadic_unpacking")
def _spread(work: Lowering, node: Node) -> ir.Expr:
    inner = work.named(node)
    return ir.Spread(work.expression(inner[0]), work.at(node)) if inner else ir.Opaque((), work.at(node))


@NODES.expression("object_creation_expression")
def _new(work: Lowering, node: Node) -> ir.Expr:
    """``new A(…)``, ``new class(…) { … }``."""
    children = [child for child in work.named(node) if work.kind(child) != "attribute_list"]
    at = work.at(node)
    if not children:
        return ir.Opaque((), at)
    first = children[0]
    if work.kind(first) == "anonymous_class":
        named = work.hidden("class")
        given = next((child for child in work.named(first) if work.kind(child) == "arguments"), None)
        positional, keywords = calls.arguments(work, given)
        body = next((child for child in work.named(first) if work.kind(child) == "declaration_list"), None)
        made = classes.class_expression(work, first, "", named) if body is not None else None
        if made is None:
            return ir.Opaque(positional, at)
        work.emit(ir.Assign(ir.Name(named, at), made, at))
        return ir.Call(ir.Name(named, at), positional, keywords, at, new=True)
    given = next((child for child in children[1:] if work.kind(child) == "arguments"), None)
    positional, keywords = calls.arguments(work, given)
    return ir.Call(calls.class_reference(work, first), positional, keywords, at, new=True)


# operators


@NODES.expression("binary_expression")
def _binary(work: Lowering, node: Node) -> ir.Expr:
    """Binary operators, walked along their left side; a long run of one that is associative becomes a balanced tree."""
    whole = node
    spine: list[tuple[str, Node, ir.At]] = []
    while work.kind(node) == "binary_expression":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        symbol = node.child_by_field_name("operator")
        if left is None or right is None or symbol is None:
            break
        written = work.text(symbol).lower()
        spine.append((NODES.operators.get(written, written), right, work.at(node)))
        node = left
    if not spine:
        return work.opaque(node)
    is_value = spine[0][0] in ("and", "or") and not _is_test(work, whole)
    operands, operator, place = [work.expression(node)], "", work.at(node)
    for symbol_, right, at in reversed(spine):
        if symbol_ != operator or symbol_ not in (".", "+", "or", "and", "??"):
            operands = [_put_together(operator, operands, place)]
            operator = symbol_
        if symbol_ == "??" and work.kind(right) == "throw_expression":
            continue  # what follows has the left side, or does not run
        made = calls.class_reference(work, right) if symbol_ == "instanceof" else work.expression(right)
        operands.append(made)
        place = at
    put = _put_together(operator, operands, place)
    return ir.Op("not", (ir.Op("not", (put,), place),), place) if is_value else put


def _is_test(work: Lowering, node: Node) -> bool:
    """Whether only the truth of what ``&&`` or ``||`` gives is asked, which is true or false and not an operand."""
    above = node.parent
    for _ in range(MAX_ABOVE):  # to ask a node for its parent costs more the deeper it is
        if above is None or not (work.kind(above) == "parenthesized_expression" or _is_logical(work, above)):
            break
        node, above = above, above.parent
    if above is None or work.kind(above) in ("expression_statement", "unary_op_expression"):
        return True
    return above.child_by_field_name("condition") == node


def _is_logical(work: Lowering, node: Node) -> bool:
    symbol = node.child_by_field_name("operator") if work.kind(node) == "binary_expression" else None
    return symbol is not None and NODES.operators.get(work.text(symbol).lower()) in ("and", "or")


def _put_together(operator: str, operands: list[ir.Expr], at: ir.At) -> ir.Expr:
    if operator == "." and len(operands) > 1:
        parts: list[str | ir.Expr] = []
        for one in operands:
            if isinstance(one, ir.Template):
                parts += one.parts
            else:
                parts.append(one.value if isinstance(one, ir.Const) and isinstance(one.value, str) else one)
        return literals.joined(parts, at)
    if operator == "??":
        operands = balanced(operator, operands, at)
        made = operands[-1]
        for operand in reversed(operands[:-1]):
            made = ir.Op(operator, (operand, made), at)
        return made
    return associate(operator, operands, at)


@NODES.expression("unary_op_expression")
def _unary(work: Lowering, node: Node) -> ir.Expr:
    at = work.at(node)
    symbol = node.child_by_field_name("operator")
    written = work.text(symbol) if symbol is not None else work.text(node)[:1]
    inner = node.child_by_field_name("argument") or next(iter(work.named(node)), None)
    value = work.expression(inner) if inner is not None else ir.Opaque((), at)
    if written == "!":
        return ir.Op("not", (value,), at)
    if written == "-" and isinstance(value, ir.Const) and isinstance(value.value, int | float):
        return ir.Const(-value.value, at)
    return ir.Op(written, (value,), at)


@NODES.expression("conditional_expression")
def _conditional(work: Lowering, node: Node) -> ir.Expr:
    """``a ? b : c``, ``a ?: c``."""
    at = work.at(node)
    test, otherwise = work.part(node, "condition"), work.part(node, "alternative")
    then = node.child_by_field_name("body")
    return ir.Op("or", (test, otherwise), at) if then is None else ir.Cond(test, work.expression(then), otherwise, at)


@NODES.expression("update_expression")
def _update(work: Lowering, node: Node) -> ir.Expr:
    """``$i++``: a number that is not known any more."""
    at = work.at(node)
    inner = node.child_by_field_name("argument")
    if inner is None:
        return ir.Opaque((), at)
    aimed, read = _changed(work, inner)
    return ir.AssignExpr(aimed, aliased(work, aimed, ir.Opaque((read,), at), at), at)


def _changed(work: Lowering, node: Node) -> tuple[ir.Target, ir.Expr]:
    """What is changed, and what it was; an element in an element's key is lowered once, whatever their depth."""
    if work.kind(node) == "variable_name":
        return target(work, node), work.expression(node)
    read = work.expression(node)
    if work.kind(node) == "dynamic_variable_name":
        return target(work, node), read
    return (read if isinstance(read, ir.Attr | ir.Index) else ir.Name(work.hidden("target"), work.at(node))), read


@NODES.expression("match_expression")
def _match(work: Lowering, node: Node) -> ir.Expr:
    """``match (a) { b, c => d, default => e }``."""
    at = work.at(node)
    subject = work.held(work.part(node, "condition"), "match")
    is_true = isinstance(subject, ir.Const) and subject.value is True
    kept = ir.Name(work.hidden("value"), at)
    work.emit(ir.Assign(kept, ir.Const(None, at), at))
    inside = node.child_by_field_name("body")
    branches: list[Branch] = []
    otherwise: ir.Block = ()
    for arm in work.named(inside) if inside is not None else []:
        given = arm.child_by_field_name("return_expression")
        if work.kind(arm) == "match_default_expression":
            otherwise = _given(work, given, kept)
            continue
        listed = arm.child_by_field_name("conditional_expressions")
        tests: list[ir.Expr] = []
        for one in work.named(listed) if listed is not None else []:
            made = work.expression(one)
            is_truth = is_true and isinstance(made, ir.Op | ir.Opaque)  # others may be no true or false
            tests.append(made if is_truth else ir.Op("==", (subject, made), made.at))
        test = tests[0] if len(tests) == 1 else ir.Opaque(tuple(tests), at)
        if len(tests) == 2:
            test = ir.Op("or", (tests[0], tests[1]), at)
        branches.append(((), test, _given(work, given, kept), work.at(arm)))
    work.out.extend(if_chain(branches, otherwise))
    return kept


def _given(work: Lowering, node: Node | None, kept: ir.Name) -> ir.Block:
    """What an arm of ``match`` gives, in the variable that keeps it."""
    with work.collected() as out:
        value = work.expression(node) if node is not None else ir.Const(None, kept.at)
        work.emit(ir.Assign(kept, value, value.at))
    return tuple(out)


# assignments


def appended(work: Lowering, left: Node) -> Node | None:
    """The list of ``$list[] = …``; None where an element is assigned by its key."""
    if work.kind(left) == "subscript_expression" and len(work.named(left)) == 1:
        return work.named(left)[0]
    return None


def assignment(work: Lowering, node: Node) -> tuple[ir.Target, ir.Expr] | None:
    """What is assigned, and what to."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return None
    at = work.at(node)
    value = work.expression(right)
    symbol = node.child_by_field_name("operator")
    operator = (
        work.text(symbol)[:-1] if symbol is not None and work.kind(node) == "augmented_assignment_expression" else ""
    )
    if (growing := appended(work, left)) is not None:
        aimed, read = _changed(work, growing)
        return aimed, ir.Call(ir.Name(APPEND, at), (read, value), (), at)
    if operator:
        aimed, read = _changed(work, left)
        if operator == ".":
            value = literals.joined([read, value.value if isinstance(value, ir.Const) and isinstance(value.value, str)
                                     else value], at)  # fmt: skip
        else:
            value = ir.Op(operator, (read, value), at)
        return aimed, value
    return target(work, left), value


@NODES.expression("assignment_expression", "augmented_assignment_expression", "reference_assignment_expression")
def _assignment(work: Lowering, node: Node) -> ir.Expr:
    found = assignment(work, node)
    if found is None:
        return work.opaque(node)
    at = work.at(node)
    made = ir.AssignExpr(found[0], aliased(work, found[0], found[1], at), at)
    if work.kind(node) == "reference_assignment_expression":
        refer(work, *found)
    return made


# functions


@NODES.expression("anonymous_function", "arrow_function")
def _closure(work: Lowering, node: Node) -> ir.Expr:
    return function(work, node, "<closure>", Scope("closure"), "lexical")


@NODES.expression("yield_expression")
def _yield(work: Lowering, node: Node) -> ir.Expr:
    work.scope.generator = True
    at = work.at(node)
    inner = work.named(node)
    parts = work.named(inner[0]) if inner and work.kind(inner[0]) == "array_element_initializer" else inner
    if len(parts) == 2:
        key = work.expression(parts[0])
        work.emit(ir.ExprStmt(key, key.at))
    value = work.expression(parts[-1]) if parts else ir.Const(None, at)
    delegate = any(work.text(child).endswith("from") for child in node.children if not child.is_named)
    return ir.Yield(value, at, delegate)


@NODES.expression("shell_command_expression")
def _shell(work: Lowering, node: Node) -> ir.Expr:
    """A command between backquotes."""
    at = work.at(node)
    return ir.Call(ir.Name("shell_exec", at), (literals.double(work, node),), (), at)
