"""Imports and exports of ES modules and TypeScript."""

from __future__ import annotations

from tree_sitter import Node

from scopedown.languages.javascript.blocks import DECLARATIONS, declared_names
from scopedown.languages.javascript.context import NODES, Context
from scopedown.languages.javascript.functions import class_, decorate, function
from scopedown.languages.javascript.strings import string
from scopedown.source import ir


def _source(c: Context, node: Node) -> ir.Import | None:
    source = node.child_by_field_name("source")
    if source is None or source.type != "string":
        return None
    at = c.at(source)
    return ir.Import(ir.Const(string(c, source), at), at, static=True)


def _name(c: Context, node: Node) -> str:
    """An imported or exported name; it may be written as a string."""
    return string(c, node) if node.type == "string" else c.identifier(node)


def _bind(c: Context, name: str, value: ir.Expr, at: ir.At) -> None:
    c.declare(name)
    statement = ir.Assign(ir.Name(name, at), value, at)
    c.elidable[id(statement)] = name
    c.emit(statement)


def _is_type_only(node: Node) -> bool:
    return any(not child.is_named and child.type in ("type", "typeof") for child in node.children)


@NODES.statement("import_statement")
def import_statement(c: Context, node: Node) -> None:
    """``import …``: each name is assigned from the module.

    A type is imported only where no file of the project is run for it: it can still tell what a parameter is.
    """
    source = _source(c, node)
    types = _is_type_only(node)
    clause = next(
        (child for child in node.named_children if child.type in ("import_clause", "import_require_clause")), None
    )
    if clause is not None and clause.type == "import_require_clause":
        source = _source(c, clause)
        name = next((child for child in clause.named_children if child.type == "identifier"), None)
        if source is not None and name is not None:
            _bind(c, c.identifier(name), source, c.at(name))
        return
    if source is None:
        return
    specifier = source.specifier.value if isinstance(source.specifier, ir.Const) else ""
    if types and str(specifier).startswith("."):
        return
    source.types = types
    if clause is None:
        c.emit(ir.ExprStmt(source, source.at))
        return
    for child in clause.named_children:
        at = c.at(child)
        if child.type == "identifier":
            _bind(c, c.identifier(child), ir.Attr(source, "default", at), at)
        elif child.type == "namespace_import":
            name = next((inner for inner in child.named_children if inner.type == "identifier"), None)
            if name is not None:
                _bind(c, c.identifier(name), source, at)
        elif child.type == "named_imports":
            for inner in child.named_children:
                if inner.type != "import_specifier" or (_is_type_only(inner) and str(specifier).startswith(".")):
                    continue
                name, alias = inner.child_by_field_name("name"), inner.child_by_field_name("alias")
                if name is not None:
                    local = c.identifier(alias if alias is not None else name)
                    of = ir.Import(source.specifier, source.at, True, static=True) if _is_type_only(inner) else source
                    _bind(c, local, ir.Attr(of, _name(c, name), c.at(inner)), c.at(inner))


@NODES.statement("import_alias")
def import_alias(c: Context, node: Node) -> None:
    """TypeScript's ``import a = b.c``."""
    parts = [child for child in node.named_children if child.type != "comment"]
    if len(parts) == 2:
        _bind(c, c.identifier(parts[0]), c.expr(parts[1]), c.at(node))


def _export(name: str, value: ir.Expr, at: ir.At) -> ir.Stmt:
    return ir.Assign(ir.Attr(ir.Name("exports", at), name, at), value, at)


@NODES.statement("export_statement")
def export_statement(c: Context, node: Node) -> None:
    """``export …``: writes to ``exports``; a list of local names is exported at the module's end."""
    at = c.at(node)
    if _is_type_only(node):
        return
    words = {child.type for child in node.children if not child.is_named}
    declaration = node.child_by_field_name("declaration")
    value = node.child_by_field_name("value")
    source = _source(c, node)
    if "default" in words:
        _export_default(c, declaration if declaration is not None else value, node)
    elif "=" in words:
        inner = next((one for one in node.named_children if one.type != "comment"), None)
        to = ir.Attr(ir.Name("module", at), "exports", at)
        c.emit(ir.Assign(to, c.expr(inner), at))
    elif declaration is not None:
        kind = declaration.type
        c.statement(declaration)
        if kind in DECLARATIONS:
            names = list(declared_names(c, declaration, kind))
            if kind not in ("class_declaration", "abstract_class_declaration", "enum_declaration"):
                for name in names:
                    c.declare(name)
            changes = "let" in {child.type for child in declaration.children} or kind == "variable_declaration"
            for name in names:
                c.declare(name)
                c.emit(_export(name, ir.Name(name, at), at))
                if changes:
                    c.trailing.append(_export(name, ir.Name(name, at), at))
        elif kind in ("internal_module", "module", "import_alias"):
            inner = declaration.child_by_field_name("name") or next(iter(declaration.named_children), None)
            if inner is not None and (name := c.text(inner).split(".")[0]) in c.declared:
                c.emit(_export(name, ir.Name(name, at), at))
    else:
        _export_clause(c, node, source)


def _export_default(c: Context, value: Node | None, node: Node) -> None:
    at = c.at(node)
    if value is None:
        return
    kind = value.type
    name = value.child_by_field_name("name") if kind in DECLARATIONS else None
    if name is not None:
        text = c.identifier(name)
        c.declare(text)
        c.statement(value)
        exported: ir.Expr = ir.Name(text, at)
    elif kind in ("function_declaration", "generator_function_declaration", "function_expression"):
        exported = function(c, value, "default", "this")
    elif kind in ("class", "class_declaration", "abstract_class_declaration"):
        decorators = [child for child in node.named_children if child.type == "decorator"]
        exported = decorate(c, decorators, class_(c, value))
    else:
        exported = c.expr(value)
        if isinstance(exported, ir.Lambda) and exported.function.name.startswith("<"):
            exported.function.name = "default"
    c.emit(_export("default", exported, at))


def _export_clause(c: Context, node: Node, source: ir.Import | None) -> None:
    at = c.at(node)
    for child in node.named_children:
        if child.type == "namespace_export" and source is not None:
            name = next(iter(child.named_children), None)
            if name is not None:
                c.emit(_export(_name(c, name), source, at))
            return
        if child.type == "export_clause":
            for one in child.named_children:
                name, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
                if one.type != "export_specifier" or name is None or _is_type_only(one):
                    continue
                public = _name(c, alias if alias is not None else name)
                if source is not None:
                    c.emit(_export(public, ir.Attr(source, _name(c, name), c.at(one)), c.at(one)))
                else:
                    local = ir.Name(c.variable(c.identifier(name)), c.at(one))
                    c.trailing.append(_export(public, local, c.at(one)))
            return
    if source is not None:
        c.emit(ir.ExportAll(source, at))
