"""Declared types of Rust as expressions: what a value of the type can do, without what only wraps it.

``Box<dyn Store + Send>``, ``&Store``, ``Arc<Mutex<Store>>``, ``Option<Store>``, ``Result<Store, E>`` and ``impl Store``
are ``Store``; a type parameter is what bounds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.rust import paths
from scopedown.languages.rust.work import Work
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

WRAPPERS: Final = frozenset(
    {
        "Arc", "Box", "Cell", "Cow", "LazyCell", "LazyLock", "Lazy", "Mutex", "OnceCell", "OnceLock", "Option", "Pin",
        "Rc", "Ref", "RefCell", "RefMut", "Result", "RwLock", "Weak", "MutexGuard", "Wrapping", "NonNull",
        "LambdaEvent", "State", "Extension", "Data",
    }
)  # fmt: skip
"""Types whose first argument is what a program uses through them
(https://doc.rust-lang.org/std/, https://docs.rs/once_cell, https://docs.rs/axum)."""
_MARKERS: Final = frozenset(
    {
        "Send", "Sync", "Sized", "Unpin", "Clone", "Copy", "Debug", "Display", "Default", "Eq", "PartialEq", "Hash",
        "Ord", "PartialOrd", "Serialize", "Deserialize", "DeserializeOwned", "Error", "Any",
    }
)  # fmt: skip
"""Traits that say nothing of what a value calls."""
_NOTHING: Final = frozenset({"primitive_type", "unit_type", "never_type", "pointer_type", "function_type", "lifetime"})


def annotation(work: Work, node: Node | None) -> ir.Expr | None:
    """A declared type; None where it tells nothing."""
    for _ in range(work.max_depth):
        if node is None:
            return None
        kind = work.kind(node)
        if kind in _NOTHING:
            return None
        if kind in ("reference_type", "parenthesized_type", "dynamic_type", "abstract_type"):
            inner = node.child_by_field_name("type") or node.child_by_field_name("trait")
            node = inner or next((one for one in work.named(node) if work.kind(one) not in ("lifetime",)), None)
        elif kind in ("bounded_type", "trait_bounds"):
            node = _telling(work, node)
        elif kind in ("higher_ranked_trait_bound", "removed_trait_bound"):
            node = node.child_by_field_name("type")
        elif kind == "generic_type":
            name = node.child_by_field_name("type")
            written = paths.segments(work, node)
            arguments = node.child_by_field_name("type_arguments")
            given = [one for one in work.named(arguments) if work.kind(one) != "lifetime"] if arguments else []
            if written is not None and written[-1] in WRAPPERS and given and written not in _own(work):
                node = given[0]
                continue
            if written is not None and written[-1] in ("Fn", "FnMut", "FnOnce", "Future", "Stream"):
                return None
            return _generic(work, node, name, given)
        else:
            return _named(work, node)
    return None


def _own(work: Work) -> set[paths.Path]:
    """Types of the file itself, which may be called as a wrapper of the library is."""
    return {(name,) for name in work.module.items & WRAPPERS}


def _generic(work: Work, node: Node, name: Node | None, given: list[Node]) -> ir.Expr | None:
    made = _named(work, name) if name is not None else None
    if made is None or work.depth >= work.max_depth:
        return made
    work.depth += 1
    inside = [found for one in given if (found := annotation(work, one)) is not None]
    work.depth -= 1
    if not inside:
        return made
    at = work.at(node)
    return ir.Index(made, inside[0] if len(inside) == 1 else ir.ListExpr(tuple(inside), at), at)


def _named(work: Work, node: Node) -> ir.Expr | None:
    written = paths.segments(work, node)
    if written is None:
        return None
    alias = work.module.aliases.get(written[0]) if len(written) == 1 and work.place is None else None
    if alias is not None and work.depth < work.max_depth:
        work.depth += 10  # an alias of an alias; one that leads to itself ends here
        made = annotation(work, alias)
        work.depth -= 10
        return made
    if len(written) > 1 and written[0] in work.scope.generics:  # ``T::Item``
        return None
    return paths.expression(work, written, work.at(node))


def _telling(work: Work, node: Node) -> Node | None:
    """The first of several bounds that tells what a value calls."""
    kept: list[Node] = []
    for one in work.named(node):
        written = paths.segments(work, one)
        if work.kind(one) == "lifetime" or (written is not None and written[-1] in _MARKERS):
            continue
        if work.kind(one) in ("use_bounds",):
            continue
        kept.append(one)
    return kept[0] if kept else None


def generics(work: Work, node: Node) -> dict[str, ir.Expr]:
    """The type parameters of an item, each with what bounds it (its own name, where nothing does)."""
    found: dict[str, ir.Expr] = {}
    listed = node.child_by_field_name("type_parameters")
    for one in work.named(listed) if listed is not None else ():
        name = one.child_by_field_name("name")
        if work.kind(one) != "type_parameter" or name is None:
            continue
        bounds = one.child_by_field_name("bounds")
        bound = annotation(work, bounds) if bounds is not None else None
        found[work.text(name)] = bound or ir.Opaque((), work.at(name))
    for clause in work.named(node):
        for predicate in work.named(clause) if work.kind(clause) == "where_clause" else ():
            left, bounds = predicate.child_by_field_name("left"), predicate.child_by_field_name("bounds")
            if left is None or bounds is None or (name_text := work.text(left)) not in found:
                continue
            if (bound := annotation(work, bounds)) is not None and isinstance(found[name_text], ir.Opaque):
                found[name_text] = bound
    return found
