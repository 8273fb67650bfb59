"""Types as C# code writes them, as expressions: ``Name``, ``Attr``, ``Index(generic, arguments)``.

``T?`` is ``T``, ``T[]`` is ``Index(Name("Array"), T)``; ``var`` and ``dynamic`` say nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.languages.csharp.lowering import Lowering

TASKS = frozenset({"Task", "ValueTask"})
"""Types whose value ``await`` gives."""
_MAPS = frozenset(
    {
        "Dictionary",
        "IDictionary",
        "IReadOnlyDictionary",
        "SortedDictionary",
        "ConcurrentDictionary",
        "ImmutableDictionary",
        "KeyValuePair",
    }
)  # fmt: skip
COLLECTIONS = _MAPS | {
    "List", "IList", "IEnumerable", "ICollection", "IReadOnlyList", "IReadOnlyCollection", "HashSet", "ISet", "Queue",
    "Stack", "Array", "Collection", "ConcurrentBag", "ConcurrentQueue", "LinkedList", "SortedSet", "Lazy", "Tuple",
}  # fmt: skip
"""Generic types of the language whose arguments tell nothing that an object of them would have to know."""
_INSIDE = frozenset({"nullable_type", "pointer_type", "ref_type", "scoped_type"})


def written(work: Lowering, node: Node | None) -> ir.Expr | None:
    """The type that a node writes; None where it says none."""
    while node is not None and node.type in _INSIDE:
        node = node.child_by_field_name("type") or next(iter(node.named_children), None)
    if node is None or work.depth >= work.max_depth:
        return None
    kind, at = node.type, work.at(node)
    work.depth += 1
    made: ir.Expr | None = None
    if kind in ("identifier", "predefined_type"):
        name = work.text(node)
        made = None if name in ("dynamic", "var", "void") else ir.Name(name, at)
    elif kind == "generic_name":
        arguments = [one for one in type_arguments(work, node) if one is not None]
        name = work.text(node.named_children[0]) if node.named_child_count else ""
        made = ir.Name(name, at)
        if arguments:
            made = ir.Index(made, arguments[0] if len(arguments) == 1 else ir.ListExpr(tuple(arguments), at), at)
    elif kind == "qualified_name":
        made = _qualified(work, node)
    elif kind == "alias_qualified_name":
        name_node = node.child_by_field_name("name")
        made = written(work, name_node)
    elif kind == "array_type":
        inner = written(work, node.child_by_field_name("type"))
        made = ir.Index(ir.Name("Array", at), inner, at) if inner is not None else ir.Name("Array", at)
    work.depth -= 1
    return made


def type_arguments(work: Lowering, node: Node) -> list[ir.Expr | None]:
    """The arguments of a generic name, in order."""
    for child in node.named_children:
        if child.type == "type_argument_list":
            return [written(work, one) for one in work.named(child)]
    return []


def _qualified(work: Lowering, node: Node) -> ir.Expr | None:
    """``A.B.C<D>``: its parts from the right, so that a long one does not nest."""
    parts: list[Node] = []
    left: Node | None = node
    while left is not None and left.type == "qualified_name":
        name = left.child_by_field_name("name")
        if name is not None:
            parts.append(name)
        left = left.child_by_field_name("qualifier")
    made = written(work, left)
    for part in reversed(parts):
        arguments = (
            [one for one in type_arguments(work, part) if one is not None] if part.type == "generic_name" else []
        )
        name = part.named_children[0] if part.type == "generic_name" and part.named_child_count else part
        at = work.at(part)
        made = ir.Attr(made, work.text(name), at) if made is not None else ir.Name(work.text(name), at)
        if arguments:
            made = ir.Index(made, arguments[0] if len(arguments) == 1 else ir.ListExpr(tuple(arguments), at), at)
    return made


def dotted(work: Lowering, node: Node) -> str:
    """A namespace's or a type's name as text, without ``global::`` and generic arguments."""
    parts: list[str] = []
    left: Node | None = node
    while left is not None and left.type in ("qualified_name", "alias_qualified_name"):
        name = left.child_by_field_name("name")
        if name is not None:
            parts.append(_plain(work, name))
        left = left.child_by_field_name("qualifier")
    if left is not None:
        parts.append(_plain(work, left))
    return ".".join(reversed([one for one in parts if one]))


def _plain(work: Lowering, node: Node) -> str:
    if node.type == "generic_name":
        return work.text(node.named_children[0]) if node.named_child_count else ""
    return work.text(node) if node.type in ("identifier", "predefined_type") else ""


def without_arguments(of: ir.Expr) -> ir.Expr:
    """A type without its arguments, and without those of the types that it is inside of."""
    names: list[ir.Attr] = []
    while isinstance(of, ir.Attr | ir.Index):
        if isinstance(of, ir.Attr):
            names.append(of)
        of = of.object
    for one in reversed(names):
        of = ir.Attr(of, one.name, one.at)
    return of


def arguments_of(of: ir.Expr | None) -> tuple[ir.Expr, ...]:
    """The arguments of a generic type."""
    if not isinstance(of, ir.Index):
        return ()
    return of.index.items if isinstance(of.index, ir.ListExpr) else (of.index,)


def last_name(of: ir.Expr | None) -> str:
    """The name of a type without what stands before it."""
    of = without_arguments(of) if of is not None else None
    return of.id if isinstance(of, ir.Name) else of.name if isinstance(of, ir.Attr) else ""


def element_of(of: ir.Expr | None) -> ir.Expr | None:
    """What the elements of a collection are, or the values of a dictionary."""
    arguments = arguments_of(of)
    if not arguments:
        return None
    return arguments[-1] if last_name(of) in COLLECTIONS else None


def result_of(of: ir.Expr | None) -> ir.Expr | None:
    """What a function of a declared type gives: of ``Task<T>`` that is ``T``."""
    while of is not None and last_name(of) in TASKS:
        arguments = arguments_of(of)
        of = arguments[0] if arguments else None
    return of
