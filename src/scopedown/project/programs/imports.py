"""``import`` and ``export`` statements: the names that a file takes from others, and those that it gives.

Neither reads another file: an imported name is looked up when it is used (``modules``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scopedown.project.programs import node
from scopedown.project.programs.scope import Imported, Scope

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.project.programs.scope import Evaluator


def import_statement(e: Evaluator, statement: Node, scope: Scope) -> None:
    """``import a, { b as c }, * as d from './x'``."""
    source = scope.module.source
    specifier = _specifier(statement, scope)
    if any(child.type == "type" for child in statement.children):
        return
    clause = next((child for child in statement.named_children if child.type.startswith("import_")), None)
    if clause is None:
        node.side_effect(e, specifier)
        return

    def give(local: Node, name: str) -> None:
        scope.names[source.of(local)] = Imported(scope.module, specifier, name)

    if clause.type == "import_require_clause":
        specifier = _specifier(clause, scope)
        give(clause.named_children[0], "*")
        return
    for child in clause.named_children:
        if child.type == "identifier":
            give(child, "default")
        elif child.type == "namespace_import" and child.named_children:
            give(child.named_children[0], "*")
        elif child.type == "named_imports":
            for one in child.named_children:
                name, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
                if one.type == "import_specifier" and name is not None:
                    give(alias if alias is not None else name, _plain(e, name, scope))


def _specifier(statement: Node, scope: Scope) -> str:
    written = statement.child_by_field_name("source")
    return scope.module.source.of(written)[1:-1] if written is not None else ""


def _plain(e: Evaluator, name: Node, scope: Scope) -> str:
    text = scope.module.source.of(name)
    return text[1:-1] if name.type == "string" else text


def export_statement(e: Evaluator, statement: Node, scope: Scope) -> None:
    """What an ``export`` makes visible (its declaration has been read)."""
    source, module = scope.module.source, scope.module
    words = {child.type for child in statement.children}
    if "type" in words:
        return
    specifier = _specifier(statement, scope)
    declared, value = statement.child_by_field_name("declaration"), statement.child_by_field_name("value")
    if "default" in words or "=" in words:
        node_value = value
        if node_value is None and declared is None:
            node_value = next((child for child in statement.named_children if child.type != "comment"), None)
        name = declared.child_by_field_name("name") if declared is not None else None
        if name is not None:
            module.exports["default"] = (scope, source.of(name))
            return
        result = e.expression(declared if declared is not None else node_value, scope)
        if "=" in words and "default" not in words:
            at = source.place(statement)
            module.own.put("exports", result, at, at)
            return
        scope.names["*default*"] = result
        module.exports["default"] = (scope, "*default*")
    elif declared is not None:
        for name in _declared_names(declared):
            module.exports[source.of(name)] = (scope, source.of(name))
    elif "*" in words:
        module.stars.append(specifier)
    else:
        _export_clause(e, statement, scope, specifier)


def _export_clause(e: Evaluator, statement: Node, scope: Scope, specifier: str) -> None:
    module = scope.module
    for child in statement.named_children:
        if child.type == "namespace_export" and child.named_children:
            name = _plain(e, child.named_children[0], scope)
            module.exports[name] = Imported(module, specifier, "*")
        for one in child.named_children if child.type == "export_clause" else ():
            name_node, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
            if name_node is None:
                continue
            name = _plain(e, name_node, scope)
            public = _plain(e, alias, scope) if alias is not None else name
            module.exports[public] = Imported(module, specifier, name) if specifier else (scope, name)


def _declared_names(declared: Node) -> Iterator[Node]:
    if declared.type in ("lexical_declaration", "variable_declaration"):
        for child in declared.named_children:
            name = child.child_by_field_name("name")
            if name is not None:
                yield from _pattern_names(name)
    elif declared.type not in ("interface_declaration", "type_alias_declaration"):
        name = declared.child_by_field_name("name")
        if name is not None:
            yield name


def _pattern_names(pattern: Node) -> Iterator[Node]:
    stack = [pattern]
    while stack:
        item = stack.pop()
        if item.type in ("identifier", "shorthand_property_identifier_pattern"):
            yield item
        elif item.type in ("assignment_pattern", "object_assignment_pattern"):
            left = item.child_by_field_name("left")
            stack += [left] if left is not None else []
        elif item.type == "pair_pattern":
            value = item.child_by_field_name("value")
            stack += [value] if value is not None else []
        else:
            stack += item.named_children
