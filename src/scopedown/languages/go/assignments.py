"""Go's assignments, which may have several targets.

* ``v, ok := m[k]``, ``x.(T)`` and ``<-c`` with two targets give the value to the first; the second is not known.
* A send ``c <- v`` writes an element whose position is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.go import addresses, copies
from scopedown.languages.go.scope import NODES, Lowering, Scope
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

PAIRED = ("index_expression", "type_assertion_expression", "unary_expression")
"""What gives a second value, whether there is one, where two are asked for."""


@NODES.statement("short_var_declaration")
def short(work: Lowering, node: Node) -> None:
    """``a, b := …``: names that the block does not have yet are new variables."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    given = values(work, right, len(work.named(left)))
    targets: list[ir.Target] = []
    for one in work.named(left):
        name, at = work.text(one), work.at(one)
        targets.append(work.declare(name, at) if work.is_new(name) else work.named_at(name, at))
    _note_structs(work, targets, right)
    bind(work, targets, given, work.at(node))


def _note_structs(work: Lowering, targets: list[ir.Target], right: Node) -> None:
    """Which of new variables hold a struct."""
    parts = work.named(right) if right.type == "expression_list" else [right]
    for one, part in zip(targets, parts, strict=False):
        variable = work.variable(one.id) if isinstance(one, ir.Name) else None
        if variable is not None and len(variable.nodes) == 1:
            variable.is_struct = copies.is_struct(work, part)


@NODES.statement("assignment_statement")
def plain(work: Lowering, node: Node) -> None:
    """``a, b = …``, ``a += …``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    operator = node.child_by_field_name("operator")
    text = work.text(operator) if operator is not None else "="
    given = values(work, right, len(work.named(left)))
    if (
        len(work.named(left)) == len(given) == 1
        and (pointer := addresses.pointer(work, work.named(left)[0])) is not None
    ):
        new = given[0] if text == "=" else ir.Op(text[:-1], (addresses.read(pointer), given[0]), work.at(node))
        work.emit(addresses.written(pointer, new, work.at(node)))
        return
    behind: list[ir.Stmt] = []
    targets = [target(work, one, behind) for one in work.named(left)]
    if text != "=" and len(targets) == len(given) == 1:
        work.emit(ir.Assign(targets[0], given[0], work.at(node), text[:-1]))
        return
    bind(work, targets, given, work.at(node))
    work.out.extend(behind)


def values(work: Lowering, right: Node, wanted: int) -> list[ir.Expr]:
    """What is assigned: as many values as targets, or one value for all of them."""
    parts = work.named(right) if right.type == "expression_list" else [right]
    found = [copies.assigned(work, part, work.expression(part)) for part in parts]
    if len(found) == 1 and wanted == 2 and parts[0].type in PAIRED:
        found.append(ir.Opaque((), work.at(parts[0])))
    return found


def target(work: Lowering, node: Node, behind: list[ir.Stmt] | None = None) -> ir.Target:
    """What is assigned to. What is behind a pointer gets it afterwards, by the statements of ``behind``."""
    pointer = addresses.pointer(work, node)
    if pointer is not None and behind is not None:
        name = ir.Name(work.hidden("behind"), work.at(node))
        behind.append(addresses.written(pointer, name, work.at(node)))
        return name
    value = pointer or work.expression(node)
    if isinstance(value, ir.Name | ir.Attr | ir.Index):
        return value
    held = work.hidden("target")
    return (
        ir.Index(value, ir.Name(held, work.at(node)), work.at(node))
        if isinstance(value, ir.Call)
        else ir.Name(held, work.at(node))
    )


def bind(work: Lowering, targets: list[ir.Target], given: list[ir.Expr], at: ir.At) -> None:
    """Values go to targets."""
    for one in targets if work.scopes and work.scopes[-1].lookups else ():
        if isinstance(one, ir.Name):
            work.scopes[-1].lookups.pop(one.id, None)
    if len(targets) == 1 and given:
        work.emit(ir.Assign(targets[0], given[0], at))
    elif len(given) == 1:
        _note_lookup(work, targets, given[0])
        work.emit(ir.Assign(ir.ListPattern(tuple((one, None) for one in targets), None, at), given[0], at))
    elif len(targets) == len(given) and all(isinstance(one, ir.Name) and one.id == "_" for one in targets[1:]):
        for one, value in zip(targets, given, strict=True):
            work.emit(ir.Assign(one, value, at))
    else:  # all values are computed before any of them is assigned
        pattern = ir.ListPattern(tuple((one, None) for one in targets), None, at)
        work.emit(ir.Assign(pattern, ir.ListExpr(tuple(given), at), at))


def _note_lookup(work: Lowering, targets: list[ir.Target], value: ir.Expr) -> None:
    """``v, ok := os.LookupEnv("NAME")``: what ``ok`` tells of ``v``."""
    match targets, value:
        case [ir.Name(id=held), ir.Name(id=is_set)], ir.Call(function=ir.Attr(name="LookupEnv")) if work.scopes:
            work.scopes[-1].lookups[is_set] = held
        case _:
            pass


@NODES.statement("inc_statement", "dec_statement")
def step(work: Lowering, node: Node) -> None:
    """``n++``."""
    parts = work.named(node)
    if parts:
        at, operator = work.at(node), "+" if node.type == "inc_statement" else "-"
        if (pointer := addresses.pointer(work, parts[0])) is not None:
            new = ir.Op(operator, (addresses.read(pointer), ir.Const(1, at)), at)
            work.emit(addresses.written(pointer, new, at))
            return
        work.emit(ir.Assign(target(work, parts[0]), ir.Const(1, at), at, operator))


def _wait(scope: Scope) -> None:
    """The goroutines that may receive what is sent run at the function's end, when all of it is there."""
    for one in scope.started:
        scope.later.append(ir.ExprStmt(one.value, one.at))
        one.value = ir.Const(None, one.at)
    scope.started.clear()


@NODES.statement("send_statement")
def send(work: Lowering, node: Node) -> None:
    """``c <- v``."""
    at = work.at(node)
    channel = work.expression(node.child_by_field_name("channel"))
    value = work.expression(node.child_by_field_name("value"))
    work.emit(ir.Assign(ir.Index(channel, ir.Opaque((), at), at), value, at))
    if work.scopes:
        _wait(work.scopes[-1])
