"""Items of Rust: functions, types, traits, their implementations, constants, modules.

They are hoisted in the order in which they need one another: traits, types, what is implemented, functions, constants.
``impl Trait for T`` makes ``T`` derive from the trait; where ``T`` is not a type of the file, the call of
:data:`~scopedown.languages.rust.kinds.IMPLEMENTS` says so when the file is loaded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.rust import definitions, macros, own_macros, paths, settings, types
from scopedown.languages.rust.kinds import kept
from scopedown.languages.rust.work import ITEMS, ModuleScope, Work
from scopedown.source import ir

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

_PATH: Final = re.compile(r"#\[\s*path\s*=\s*\"([^\"]+)\"")
_NAMED: Final = frozenset(
    {"function_item", "struct_item", "union_item", "enum_item", "trait_item", "const_item", "static_item", "type_item"}
)


_TYPES: Final = ("struct_item", "union_item", "enum_item")


def collect(work: Work, module: ModuleScope, nodes: Sequence[Node], depth: int = 0) -> None:
    """The names of a module's items, before any of them is lowered."""
    for node in kept(work, nodes):
        kind = work.kind(node)
        name_node = node.child_by_field_name("name")
        name = work.text(name_node) if name_node is not None else ""
        if kind in _NAMED:
            module.items.add(name)
            if kind == "enum_item":
                module.variants[name] = _variants(work, node)
            if kind == "struct_item" and node.child_by_field_name("body") is None:
                module.units.add(name)
            if kind == "struct_item" and "Builder" in settings.derives(work, node):
                module.derived.add(f"{name}Builder")
            if kind == "type_item" and work.place is None and (meant := node.child_by_field_name("type")) is not None:
                module.aliases[name] = meant
        elif kind == "mod_item":
            body = node.child_by_field_name("body")
            if body is None:
                module.modules[name] = _written_path(work, node)
            elif depth < work.max_depth:
                inner = module.inner[name] = ModuleScope(f"{module.prefix}{name}::", module)
                collect(work, inner, body.named_children, depth + 1)
        elif kind == "use_declaration":
            for local, path in paths.used(work, node):
                if local is None:
                    paths.opened(work, module, path)
                elif work.kind(node.named_children[0]) == "visibility_modifier" and path[0] not in paths.ROOTS:
                    module.exports.setdefault(local, path)
                else:
                    module.uses.setdefault(local, path)
        elif kind == "extern_crate_declaration" and (alias := node.child_by_field_name("alias")) is not None:
            module.uses.setdefault(work.text(alias), (name,))
        elif kind == "macro_invocation":
            if (expanded := own_macros.as_items(work, node)) is not None and depth < work.max_depth:
                with work.inside(expanded):
                    collect(work, module, expanded.root.named_children, depth + 10)
            if expanded is not None and own_macros.starts(work, node):
                module.items.add("main")
            for given in macros.static_names(work, node):
                module.items.add(given)


def _variants(work: Work, node: Node) -> frozenset[str]:
    body = node.child_by_field_name("body")
    listed = (one.child_by_field_name("name") for one in work.named(body)) if body is not None else ()
    return frozenset(work.text(one) for one in listed if one is not None)


def _written_path(work: Work, node: Node) -> str:
    """The path of ``#[path = "…"]`` above a module; empty where there is none."""
    before = node.prev_named_sibling
    while before is not None and work.kind(before) in ("attribute_item", "line_comment", "block_comment"):
        if (found := _PATH.search(work.text(before))) is not None:
            return found[1]
        before = before.prev_named_sibling
    return ""


def derived(module: ModuleScope) -> None:
    """The names of types that are derived, where the module has no type of the name."""
    module.derived -= module.items
    module.items |= module.derived
    for inner in module.inner.values():
        derived(inner)


def exported(work: Work, module: ModuleScope) -> None:
    """What a module hands on of other crates (``pub use aws_sdk_s3::Client``): names of its own."""
    for name, path in list(module.exports.items()):
        if path[0] in module.items or path[0] in module.inner or path[0] in module.modules or path[0] in module.uses:
            module.uses.setdefault(name, path)
            del module.exports[name]
        else:
            module.items.add(name)
    for inner in module.inner.values():
        exported(work, inner)


def hand_on(work: Work, module: ModuleScope) -> None:
    """The same names as assignments, before anything that may use them."""
    for name, path in module.exports.items():
        at = (1, 1)
        meant = "::".join(path)
        if work.imports.setdefault(meant, ".".join(path)) == ".".join(path) and meant != module.prefix + name:
            work.emit(ir.Assign(ir.Name(work.bind(module.prefix + name), at), ir.Name(meant, at), at))
    for inner in module.inner.values():
        hand_on(work, inner)


def hoisted(work: Work, nodes: Sequence[Node]) -> None:
    """The macros and items in the block of a function, known from its start."""
    own_macros.inner(work, nodes)
    found = [node for node in kept(work, nodes) if work.kind(node) in ITEMS]
    if not found:
        return
    for node in found:
        if work.kind(node) == "use_declaration":
            paths.bring(work, node)
        elif work.kind(node) in _NAMED and (name := node.child_by_field_name("name")) is not None:
            work.bind(work.text(name))
    all_of(work, found)


def all_of(work: Work, nodes: Sequence[Node], lazy: bool = False) -> None:
    """The items of a file, an inner module or a block. ``lazy``: its statics are made when they are needed."""
    if nodes and work.too_deep(nodes[0]):
        return
    work.depth += 1
    found = kept(work, nodes)
    by_kind: dict[str, list[Node]] = {}
    for node in found:
        by_kind.setdefault(work.kind(node), []).append(node)
    implementations = by_kind.get("impl_item", [])
    bases = _bases(work, implementations)
    for node in _sorted(work, by_kind.get("trait_item", []), "bounds"):
        definitions.trait(work, node, identifier(work, node))
    for kind in _TYPES:
        for node in by_kind.get(kind, []):
            name = identifier(work, node)
            definitions.type_(work, node, name, bases.get(name, ()))
    types_here = {identifier(work, node) for kind in _TYPES for node in by_kind.get(kind, [])}
    functions = [(identifier(work, node), node) for node in by_kind.get("function_item", [])]
    for name, node in functions:
        if name not in types_here:
            definitions.function(work, node, name)
    for node in implementations:
        definitions.implementation(work, node, bases)
    for name, node in functions:
        if name in types_here:  # it hides the type from what follows
            definitions.function(work, node, name)
    for node in by_kind.get("type_item", []):
        _alias(work, node)
    for node in by_kind.get("mod_item", []):
        _module(work, node)
    for node in _sorted(work, [*by_kind.get("const_item", []), *by_kind.get("static_item", [])], "value"):
        definitions.constant(work, node, identifier(work, node), lazy)
    for node in by_kind.get("macro_invocation", []):
        if len(work.scopes) == 1:
            if own_macros.starts(work, node):
                own_macros.begin(work, node)
            macros.group(work, node)
    work.depth -= 1


def identifier(work: Work, node: Node) -> str:
    """The identifier of an item in the intermediate form."""
    name = node.child_by_field_name("name")
    written = work.text(name) if name is not None else ""
    if len(work.scopes) > 1:
        return work.local(written) or work.bind(written)
    return work.bind(work.module.prefix + written)


def _bases(work: Work, nodes: list[Node]) -> dict[str, list[ir.Expr]]:
    """The traits that the types of this block implement, by the types' identifiers."""
    found: dict[str, list[ir.Expr]] = {}
    for node in nodes:
        trait, typed = node.child_by_field_name("trait"), node.child_by_field_name("type")
        path = paths.segments(work, typed) if typed is not None else None
        written = paths.segments(work, trait) if trait is not None else None
        if trait is None or path is None or written is None or len(path) != 1:
            continue
        name = work.local(path[0]) or work.module.prefix + path[0]
        if (path[0] in work.module.items or work.local(path[0])) and definitions.tells(work, written):
            found.setdefault(name, []).append(paths.expression(work, written, work.at(trait)))
    return found


def _sorted(work: Work, nodes: list[Node], field: str) -> list[Node]:
    """Items in an order in which those come first that others name in a field."""
    by_name = {work.text(name): node for node in nodes if (name := node.child_by_field_name("name")) is not None}
    if len(by_name) < 2:
        return nodes
    needs: dict[str, list[str]] = {}
    for own, node in by_name.items():
        part = node.child_by_field_name(field)
        needs[own] = [one for one in _identifiers(work, part) if one in by_name and one != own] if part else []
    done: dict[str, None] = {}
    for own in by_name:
        waiting = [(own, iter(needs[own]))]
        path = {own}
        while waiting:
            one, following = waiting[-1]
            needed = next((need for need in following if need not in done and need not in path), None)
            if needed is None:
                waiting.pop()
                done[one] = None
            else:
                path.add(needed)
                waiting.append((needed, iter(needs[needed])))
    return [by_name[own] for own in done]


def _identifiers(work: Work, node: Node) -> list[str]:
    found: list[str] = []
    waiting = [node]
    while waiting and len(found) < 1000:
        one = waiting.pop()
        if work.kind(one) in ("identifier", "type_identifier"):
            found.append(work.text(one))
        else:
            waiting.extend(one.named_children)
    return found


def _alias(work: Work, node: Node) -> None:
    """``type Table = aws_sdk_dynamodb::Client``: another name of a type."""
    name, meant = identifier(work, node), node.child_by_field_name("type")
    found = types.annotation(work, meant)
    at = work.at(node)
    if isinstance(found, ir.Index):
        found = found.object
    if isinstance(found, ir.Name | ir.Attr) and not (isinstance(found, ir.Name) and found.id == name):
        work.emit(ir.Assign(ir.Name(name, at), found, at))


def _module(work: Work, node: Node) -> None:
    """``mod config { … }``."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    inner = work.module.inner.get(work.text(name)) if name is not None else None
    if body is None or inner is None:
        return
    outer, work.module = work.module, inner
    all_of(work, body.named_children)
    work.module = outer
