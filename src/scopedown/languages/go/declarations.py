"""Go's declarations of variables, constants and types, in a package and in a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.go import copies, definitions, types
from scopedown.languages.go.assignments import PAIRED
from scopedown.languages.go.scope import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


@NODES.statement("var_declaration", "const_declaration", "type_declaration")
def lower(work: Lowering, node: Node) -> None:
    """A declaration, which may hold several specifications between parentheses."""
    match node.type:
        case "var_declaration":
            for one in work.named(node):
                for spec in work.named(one) if one.type == "var_spec_list" else (one,):
                    _variable(work, spec)
        case "const_declaration":
            _constants(work, node)
        case "type_declaration":
            specs = [one for one in work.named(node) if one.type in ("type_spec", "type_alias")]
            for spec in specs:
                _type(work, spec)
        case _:
            pass


def _variable(work: Lowering, spec: Node) -> None:
    if spec.type != "var_spec":
        return
    at = work.at(spec)
    names, type_ = spec.children_by_field_name("name"), spec.child_by_field_name("type")
    given = spec.child_by_field_name("value")
    annotation = types.expression(work, type_) if type_ is not None else None
    parts = work.named(given) if given is not None else []
    values = [copies.assigned(work, part, work.expression(part)) for part in parts]
    if not values:
        values = [types.zero(work, type_, work.text(name)) for name in names]
    targets = [work.declare(work.text(name), work.at(name), annotation) for name in names]
    for name in names:
        if work.scopes and (variable := work.variable(work.text(name))) is not None:
            variable.is_struct = copies.declared_struct(type_)
    if len(values) < len(targets) and values:
        pattern = ir.ListPattern(tuple((target, None) for target in targets), None, at)
        if len(targets) == 2 and parts[0].type in PAIRED:
            work.emit(ir.Assign(targets[0], values[0], at))
            work.emit(ir.Assign(targets[1], ir.Opaque((), at), at))
            return
        work.emit(ir.Assign(pattern, values[0], at))
        return
    for target, value in zip(targets, values, strict=False):
        if annotation is not None and given is not None and isinstance(annotation, ir.Name):
            value = ir.Cast(value, annotation, at)
        work.emit(ir.Assign(target, value, target.at, annotation=annotation))


def _constants(work: Lowering, node: Node) -> None:
    """Constants; one without a value has the expression of the one before it, with the next ``iota``."""
    before: tuple[Node | None, Node | None] = (None, None)
    position = 0
    for spec in work.named(node):
        if spec.type != "const_spec":
            continue
        given, type_ = spec.child_by_field_name("value"), spec.child_by_field_name("type")
        if given is None:
            given, type_ = before
        else:
            before = given, type_
        work.iota = position
        values = [work.expression(one) for one in work.named(given)] if given is not None else []
        work.iota = None
        position += 1
        typed = types.expression(work, type_) if type_ is not None else None
        for name, value in zip(spec.children_by_field_name("name"), values, strict=False):
            if isinstance(typed, ir.Name) and typed.id not in types.BASIC:
                value = ir.Call(typed, (value,), (), value.at)
            target = work.declare(work.text(name), work.at(name))
            work.emit(ir.Assign(target, value, target.at, annotation=typed))


def _type(work: Lowering, spec: Node) -> None:
    name, type_ = spec.child_by_field_name("name"), spec.child_by_field_name("type")
    if name is None or type_ is None:
        return
    at = work.at(spec)
    target = work.declare(work.text(name), at)
    if work.scopes:
        work.types.setdefault(work.text(name), type_)
    is_alias = spec.type == "type_alias" and type_.type not in ("struct_type", "interface_type")
    value = types.expression(work, type_) if is_alias else definitions.definition(work, work.text(name), type_, at)
    work.emit(ir.Assign(target, value, at))
