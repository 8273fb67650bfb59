"""Members, elements and calls: chains of them are walked, not descended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.csharp import addresses, numbers
from scopedown.languages.csharp.lowering import NODES, Lowering
from scopedown.languages.csharp.written_types import type_arguments, written
from scopedown.source import ir
from scopedown.source.languages.front_end import MAX_OPERANDS

if TYPE_CHECKING:
    from tree_sitter import Node

Keywords = tuple[tuple[str | None, ir.Expr], ...]

_INNER = {
    "member_access_expression": "expression",
    "invocation_expression": "function",
    "element_access_expression": "expression",
    "conditional_access_expression": "condition",
}


@NODES.expression(
    "member_access_expression",
    "invocation_expression",
    "element_access_expression",
    "conditional_access_expression",
    "postfix_unary_expression",
    "member_binding_expression",
    "element_binding_expression",
)
def chain(work: Lowering, node: Node) -> ir.Expr:
    """``a.b(c)[d]?.e!``. A call stands where its expression begins, or at the method's name where that is on a later
    line."""
    links: list[Node] = []
    first: Node | None = node
    while first is not None:
        kind = first.type
        if kind in _INNER:
            links.append(first)
            first = first.child_by_field_name(_INNER[kind])
        elif kind == "postfix_unary_expression":
            operand = first.children[0] if first.children else None
            if not any(child.type == "!" for child in first.children) and operand is not None:
                break  # ``x++``
            links.append(first)
            first = operand
        else:
            break
    generics: Keywords = ()
    if len(links) > MAX_OPERANDS:
        del links[MAX_OPERANDS:]
        work.dropped = work.dropped or node
        made: ir.Expr = ir.Opaque((), work.at(node))
    elif first is None:
        made = ir.Opaque((), work.at(node))
    elif first.type == "generic_name":
        made, generics = _generic(work, first)
        if not (links and links[-1].type == "invocation_expression"):
            made, generics = written(work, first) or made, ()
    elif first.type == "postfix_unary_expression":
        made = _increment(work, first)
    else:
        made = _start(work, first)
    for link in reversed(links):
        made, generics = _linked(work, made, link, generics)
    return made


def _start(work: Lowering, node: Node) -> ir.Expr:
    """Where a chain begins: after ``?.`` with what stands before that."""
    kind = node.type
    if kind in ("member_binding_expression", "element_binding_expression"):
        owner = work.receivers[-1] if work.receivers else ir.Opaque((), work.at(node))
        if kind == "element_binding_expression":
            return _index(work, owner, node, work.at(node))
        return _member(work, owner, node.child_by_field_name("name"), node)[0]
    return work.expression(node)


def _linked(work: Lowering, made: ir.Expr, link: Node, generics: Keywords) -> tuple[ir.Expr, Keywords]:
    kind, at = link.type, work.at(link)
    if kind == "member_access_expression":
        return _member(work, made, link.child_by_field_name("name"), link)
    if kind == "element_access_expression":
        return _index(work, made, link.child_by_field_name("subscript"), at), ()
    if kind == "conditional_access_expression":
        rest = link.named_children[-1] if link.named_child_count > 1 else None
        if rest is None:
            return made, ()
        if rest.type == "member_binding_expression":
            return _member(work, made, rest.child_by_field_name("name"), rest)
        work.receivers.append(made)
        made = work.expression(rest)
        work.receivers.pop()
        return made, ()
    if kind == "invocation_expression":
        arguments = link.child_by_field_name("arguments")
        if isinstance(made, ir.Name) and made.id == "nameof" and not generics and _is_operator(work, arguments):
            return _nameof(work, arguments, at), ()
        if isinstance(made, ir.Name) and made.id == "GetType":  # of System.Object; no class can replace it
            made = ir.Attr(ir.This(made.at), made.id, made.at)
        positional, keywords = arguments_of_call(work, arguments, made)
        later = isinstance(made, ir.Attr) and made.at[0] > at[0]
        place = made.at if later else at
        return ir.Call(made, positional, (*keywords, *generics), place), ()
    return made, ()  # ``x!``


def _member(work: Lowering, owner: ir.Expr, name: Node | None, node: Node) -> tuple[ir.Expr, Keywords]:
    if name is None:
        return ir.Opaque((owner,), work.at(node)), ()
    if name.type == "generic_name":
        plain, generics = _generic(work, name)
        return ir.Attr(owner, plain.id, work.at(name)), generics
    return ir.Attr(owner, work.text(name), work.at(name)), ()


def _generic(work: Lowering, node: Node) -> tuple[ir.Name, Keywords]:
    """A generic name, and its type arguments as keywords of a call."""
    name = work.text(node.named_children[0]) if node.named_child_count else ""
    keywords = [(f"<{position}>", one) for position, one in enumerate(type_arguments(work, node)) if one is not None]
    return ir.Name(name, work.at(node)), tuple(keywords)


def _index(work: Lowering, owner: ir.Expr, node: Node | None, at: ir.At) -> ir.Expr:
    items, keywords = arguments_of_call(work, node, owner)
    if not items or keywords:
        return ir.Opaque((owner, *items, *(value for _, value in keywords)), at)
    return ir.Index(owner, items[0] if len(items) == 1 else ir.ListExpr(items, at), at)


def _is_operator(work: Lowering, node: Node | None) -> bool:
    """Whether ``nameof`` may be the operator here, and is no method or variable that is seen from here."""
    if any("nameof" in one.names for one in work.scopes) or any("nameof" in one for one in work.members):
        return False
    waiting = [] if node is None else list(node.named_children)
    while waiting:
        part = waiting.pop()
        if part.type == "invocation_expression" or part.type.endswith("_literal"):
            return False
        waiting += part.named_children
    return True


def _nameof(work: Lowering, node: Node | None, at: ir.At) -> ir.Expr:
    """``nameof(A.B)`` is the text ``B``, but where a method of the program is called so."""
    text = "" if node is None else work.raw(node).strip("() \t\r\n")
    name = ir.Const(text.rpartition(".")[2].partition("<")[0].strip(), at)
    return ir.Call(ir.Name("nameof", at), (ir.Opaque((), at),), (("<name>", name),), at)


def _increment(work: Lowering, node: Node) -> ir.Expr:
    """``x++``, ``x--``: a number that is not known changes."""
    operand = node.children[0]
    value = work.expression(operand)
    at = work.at(node)
    if not isinstance(value, ir.Name | ir.Attr | ir.Index):
        return ir.Opaque((value,), at)
    operator = "-" if any(child.type == "--" for child in node.children) else "+"
    read, to = addresses.twice(work, value)
    made = ir.AssignExpr(to, addresses.stored(work, to, numbers.step(work, read, operator, at), at), at)
    return ir.Opaque((made,), at)  # it gives what was there before


def arguments_of_call(
    work: Lowering, node: Node | None, function: ir.Expr | None = None
) -> tuple[tuple[ir.Expr, ...], Keywords]:
    """The positional and the named arguments of a call, an index or an attribute."""
    positional: list[ir.Expr] = []
    keywords: list[tuple[str | None, ir.Expr]] = []
    for child in work.named(node) if node is not None else ():
        if child.type not in ("argument", "attribute_argument"):
            if work.is_expression(child):
                positional.append(work.expression(child))
            continue
        parts = work.named(child)
        if not parts:
            positional.extend(ir.This(work.at(child)) for one in child.children if one.type == "this")
            continue
        name = child.child_by_field_name("name")
        if name is not None and len(parts) > 1:
            keywords.append((work.text(name), work.expression(parts[-1])))
        elif child.children[0].type == "out":
            positional.append(_out(work, parts[-1], function, positional))
        elif child.children[0].type == "ref":
            positional.append(addresses.of(work, work.expression(parts[-1])))
        else:
            positional.append(work.expression(parts[-1]))
    return tuple(positional), tuple(keywords)


def _out(work: Lowering, node: Node, function: ir.Expr | None, before: list[ir.Expr]) -> ir.Expr:
    """``out x`` is written by the function: by ``TryGetValue`` with what it found."""
    at = work.at(node)
    declared = node.type == "declaration_expression"
    name = node.child_by_field_name("name") if declared else node
    if name is None or name.type == "discard" or (name.type == "identifier" and work.text(name) == "_"):
        return ir.Opaque((), at)
    if declared:
        work.bind(work.text(name), written(work, node.child_by_field_name("type")))
        target: ir.Expr = ir.Name(work.text(name), at)
    else:
        target = work.expression(name)
    if not isinstance(target, ir.Name | ir.Attr | ir.Index):
        return ir.Opaque((), at)
    if isinstance(function, ir.Attr) and function.name == "TryGetValue" and len(before) == 1 and _is_plain(before[0]):
        found = ir.Index(function.object, before[0], at)
        return ir.AssignExpr(target, addresses.stored(work, target, found, at), at)
    unknown = addresses.stored(work, target, ir.Opaque((), at), at)
    return addresses.of(work, target, ir.AssignExpr(target, unknown, at))


def _is_plain(node: ir.Expr) -> bool:
    """Whether evaluating it twice does nothing twice."""
    return isinstance(node, ir.Const | ir.Name) or (isinstance(node, ir.Attr) and _is_plain(node.object))
