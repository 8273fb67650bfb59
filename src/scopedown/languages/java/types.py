"""Java's types as expressions: names, generic types, arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.java.lowering import Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_NESTED = 8
"""Types nested deeper tell nothing."""

ROOTS = frozenset({"com", "org", "net", "io", "software", "java", "javax", "jakarta", "kotlin", "edu", "gov"})
"""What the names of packages begin with
(https://docs.oracle.com/javase/specs/jls/se21/html/jls-6.html#jls-6.1, "Package Names")."""
_PRIMITIVE = ("integral_type", "floating_point_type", "boolean_type")
_NAMES = ("type_identifier", "scoped_type_identifier", "identifier", "scoped_identifier")


def type_(work: Lowering, node: Node | None, depth: int = MAX_NESTED) -> ir.Expr | None:
    """A type, or None where it tells nothing (``var``, ``void``, a type parameter without a bound)."""
    if node is None or depth <= 0:
        return None
    kind = node.type
    if kind in _NAMES or kind in _PRIMITIVE:
        return name(work, node)
    if kind == "generic_type":
        return _generic(work, node, depth)
    if kind == "array_type":
        element = type_(work, node.child_by_field_name("element"), depth - 1)
        return None if element is None else array(work, node, element)
    if kind == "annotated_type":
        return type_(work, work.named(node)[-1], depth - 1) if work.named(node) else None
    if kind == "wildcard":
        inner = [child for child in work.named(node) if child.type != "super"]
        return type_(work, inner[-1], depth - 1) if inner else None
    return None


def array(work: Lowering, node: Node, element: ir.Expr) -> ir.Expr:
    """The type of arrays of a type."""
    at = work.at(node)
    return ir.Index(ir.Name("[]", at), element, at)


def _generic(work: Lowering, node: Node, depth: int) -> ir.Expr | None:
    parts = work.named(node)
    generic = type_(work, parts[0], depth - 1) if parts else None
    given = next((child for child in parts if child.type == "type_arguments"), None)
    if generic is None or given is None:
        return generic
    at = work.at(node)
    inside = [type_(work, child, depth - 1) or ir.Const(None, at) for child in work.named(given)]
    if not inside:  # the diamond
        return generic
    return ir.Index(generic, inside[0] if len(inside) == 1 else ir.ListExpr(tuple(inside), at), at)


def name(work: Lowering, node: Node) -> ir.Expr | None:
    """A type's name; one with its package is a name of its own."""
    if node.type in ("type_identifier", "identifier", *_PRIMITIVE):
        written = work.text(node)
        if written in work.generics:
            return work.generics[written]
        return None if written == "var" else ir.Name(written, work.at(node))
    parts = _segments(work, node)
    if parts is None:
        return None
    return dotted(work, node, parts)


def _segments(work: Lowering, node: Node) -> list[str] | None:
    """The names in ``a.b.C<T>.D``, without the types between angle brackets."""
    parts: list[str] = []
    stack = [node]
    while stack:
        one = stack.pop()
        if one.type in ("type_identifier", "identifier"):
            parts.append(work.text(one))
        elif one.type in ("scoped_type_identifier", "scoped_identifier", "generic_type"):
            stack.extend(reversed(work.named(one)))
        elif one.type not in ("type_arguments", "marker_annotation", "annotation"):
            return None
    return parts or None


def dotted(work: Lowering, node: Node, parts: list[str]) -> ir.Expr:
    """``a.b.C.D``: the member D of the type a.b.C."""
    at = work.at(node)
    length = package_length(parts)
    if length:
        found: ir.Expr = work.type_name(node, name=".".join(parts[: length + 1]))
        rest = parts[length + 1 :]
    else:
        found, rest = ir.Name(parts[0], at), parts[1:]
    for part in rest:
        found = ir.Attr(found, part, at)
    return found


def package_length(parts: list[str]) -> int:
    """How many of the names are a package's, where a type follows them; 0 where they are members of something.

    >>> package_length(["com", "acme", "Table", "NAME"]), package_length(["request", "TABLE"])
    (2, 0)
    """
    length = next((position for position, part in enumerate(parts) if part[:1].isupper()), 0)
    if length == 0:
        return 0
    if parts[0] in ROOTS:
        return length
    return length if length > 1 and not parts[length].isupper() else 0


def annotation(work: Lowering, node: Node) -> ir.Expr:
    """``@Name`` is a name, ``@Name(…)`` a call of it; a single value is positional."""
    at = work.at(node)
    named = node.child_by_field_name("name")
    of = (name(work, named) if named is not None else None) or ir.Opaque((), at)
    given = node.child_by_field_name("arguments")
    if given is None:
        return of
    positional: list[ir.Expr] = []
    keywords: list[tuple[str | None, ir.Expr]] = []
    for child in work.named(given):
        if child.type == "element_value_pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is not None and work.text(key) != "value":
                keywords.append((work.text(key), _element(work, value)))
            else:
                positional.append(_element(work, value))
        else:
            positional.append(_element(work, child))
    return ir.Call(of, tuple(positional), tuple(keywords), at)


def mark_name(annotation: ir.Expr) -> str:
    """An annotation's plain name."""
    of = annotation.function if isinstance(annotation, ir.Call) else annotation
    if isinstance(of, ir.Name):
        return of.id.rpartition(".")[2]
    return of.name if isinstance(of, ir.Attr) else ""


def _element(work: Lowering, node: Node | None) -> ir.Expr:
    if node is None or work.too_deep(node):
        return ir.Const(None, (1, 1))
    work.depth += 1
    made: ir.Expr
    if node.type in ("annotation", "marker_annotation"):
        made = annotation(work, node)
    elif node.type == "element_value_array_initializer":
        made = ir.ListExpr(tuple(_element(work, child) for child in work.named(node)), work.at(node))
    else:
        made = work.expr(node)
    work.depth -= 1
    return made


def marks(work: Lowering, modifiers: Node | None) -> tuple[ir.Expr, ...]:
    """The annotations among modifiers."""
    if modifiers is None:
        return ()
    return tuple(annotation(work, child) for child in modifiers.named_children if child.type in ANNOTATIONS)


ANNOTATIONS = ("annotation", "marker_annotation")


def modifiers(node: Node) -> Node | None:
    """The modifiers of a declaration."""
    return next((child for child in node.children if child.type == "modifiers"), None)


def words(modifiers: Node | None) -> frozenset[str]:
    """``static``, ``abstract`` and the like."""
    return frozenset() if modifiers is None else frozenset(child.type for child in modifiers.children)
