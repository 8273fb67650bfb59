"""C# types and their members, lowered to classes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scopedown.languages.csharp import members
from scopedown.languages.csharp.functions import attributes, type_parameters
from scopedown.languages.csharp.lowering import Lowering
from scopedown.languages.csharp.members import STATIC, Members
from scopedown.languages.csharp.written_types import arguments_of, last_name, without_arguments, written
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

TYPES = frozenset(
    {
        "class_declaration",
        "struct_declaration",
        "record_declaration",
        "interface_declaration",
        "enum_declaration",
        "delegate_declaration",
    }
)  # fmt: skip
PARTIAL = "<partial>"
"""What stands above a class of which other files may have parts."""
_WORD = re.compile(rb"[A-Za-z_]\w*")
_SEEN = frozenset({"public", "protected", "internal"})
"""Modifiers by which code outside of a type sees a member."""


def types(work: Lowering, nodes: Sequence[Node], out: list[ir.Stmt], owner: ir.Expr | None = None) -> set[str]:
    """Lower types that stand beside each other: first all types, bases before what derives from them, then what sets
    their static members. ``owner`` is the class that they are members of. Gives their names."""
    groups: dict[str, list[Node]] = {}
    for node in nodes:
        label = node.child_by_field_name("name")
        if label is not None and node.type in TYPES:
            groups.setdefault(work.text(label), []).append(node)
    if work.depth >= work.max_depth:
        if groups:
            work.too_deep(next(iter(groups.values()))[0])
        return set()
    work.depth += 1
    statics: dict[str, set[str]] = {}
    for name in _ordered(groups, {name: _bases_named(work, parts) for name, parts in groups.items()}):
        parts = groups[name]
        at = work.at(parts[0])
        made, mentions = _type(work, name, parts)
        out.append(ir.Assign(ir.Name(name, at), made, at))
        if mentions is not None:
            statics[name] = mentions
    work.depth -= 1
    for name in _ordered(statics, statics):
        at = work.at(groups[name][0])
        cls: ir.Expr = ir.Name(name, at) if owner is None else ir.Attr(owner, name, at)
        out.append(ir.ExprStmt(ir.Call(ir.Attr(cls, STATIC, at), (), (), at), at))
    return set(groups)


def _ordered(names: dict[str, list[Node]] | dict[str, set[str]], after: dict[str, set[str]]) -> list[str]:
    """The names in their order, but each behind those that it is ``after``."""
    ordered: dict[str, None] = {}
    begun: set[str] = set()
    for first in names:
        stack = [first]
        while stack:
            name = stack[-1]
            waiting = [one for one in sorted(after[name]) if one in names and one not in begun and one != name]
            if name not in begun and waiting:
                begun.add(name)
                stack.extend(waiting)
            else:
                begun.add(name)
                stack.pop()
                ordered.setdefault(name)
    return list(ordered)


def _bases_named(work: Lowering, nodes: list[Node]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        for child in node.named_children:
            if child.type == "base_list":
                text = work.source[child.start_byte : child.end_byte]
                found.update(word.decode() for word in _WORD.findall(text))
    return found


def _type(work: Lowering, name: str, nodes: list[Node]) -> tuple[ir.ClassExpr, set[str] | None]:
    """One type, and the names that its static members mention (None: nothing has to be set)."""
    node = nodes[0]
    at = work.at(node)
    if node.type == "enum_declaration":
        return ir.ClassExpr(_enumeration(work, name, node), at), None
    if node.type == "delegate_declaration":
        return ir.ClassExpr(ir.Class(name, (), (), frozenset(), at, abstract=True), at), None
    found = Members(work, name)
    work.members.append(found.declared)
    with work.function() as scope:
        bases: list[ir.Expr] = []
        above: list[ir.Expr] = []
        generics = [one for part in nodes for one in type_parameters(work, part)]
        found.generics = list(dict.fromkeys(generics))
        for part in nodes:
            members.declare(found, part)
        for part in nodes:
            above.extend(attributes(work, part))
            if "partial" in work.words(part):
                above.append(ir.Name(PARTIAL, work.at(part)))
            _bases(work, part, bases, found)
        found.has_bases = bool(bases)
        for part in nodes:
            members.read(found, part)
        inner: list[ir.Stmt] = []
        found.names |= types(work, found.types, inner, ir.This(at))
        body = (*(one for one in inner if isinstance(one, ir.Assign)), *found.finished(at))
        after = [one for one in inner if not isinstance(one, ir.Assign)]
        mentions = found.static_mentions()
        if found.statics or after:
            body = (*body, found.static_function(tuple(after), at))
        names = found.names | scope.names
    work.members.pop()
    is_abstract = any(part.type == "interface_declaration" or "abstract" in work.words(part) for part in nodes)
    cls = ir.Class(
        name, tuple(bases), body, frozenset(names), at, tuple(found.fields), types=tuple(found.types_of_members()),
        supplied=tuple(found.supplied), annotations=tuple(above), abstract=is_abstract,
        private=frozenset(_private(work, nodes)),
    )  # fmt: skip
    return ir.ClassExpr(cls, at), mentions if found.statics or after else None


def _private(work: Lowering, nodes: Sequence[Node]) -> set[str]:
    """The members of a type that only code within it sees: those without a modifier that says more."""
    hidden: set[str] = set()
    seen: set[str] = set()
    for node in nodes:
        if node.type == "interface_declaration":
            continue
        for child in members.children(work, node):
            names = [child.child_by_field_name("name")]
            if child.type in ("field_declaration", "event_field_declaration"):
                variables = (inner for inner in child.named_children if inner.type == "variable_declaration")
                names = [one.child_by_field_name("name") for inner in variables for one in work.named(inner)]
            of_interface = any(one.type == "explicit_interface_specifier" for one in child.named_children)
            to = seen if of_interface or not _SEEN.isdisjoint(work.words(child)) else hidden
            to.update(work.text(name) for name in names if name is not None)
    return hidden - seen


def _bases(work: Lowering, node: Node, bases: list[ir.Expr], found: Members) -> None:
    """What a type derives from; what it gives a generic base, the base's objects read from it."""
    for child in node.named_children:
        if child.type != "base_list":
            continue
        for one in work.named(child):
            arguments: Node | None = None
            if one.type == "argument_list":
                found.base_arguments = one
                continue
            if one.type == "primary_constructor_base_type":
                arguments = next((part for part in one.named_children if part.type == "argument_list"), None)
                found.base_arguments = arguments
                one = one.child_by_field_name("type") or one
            of = written(work, one)
            if of is None:
                continue
            bases.append(without_arguments(of))
            for position, argument in enumerate(arguments_of(of)):
                found.getter(f"<{last_name(of)} {position}>", argument)


def _enumeration(work: Lowering, name: str, node: Node) -> ir.Class:
    """An enumeration: each member is the text of its name, as it is written where it becomes text."""
    body = node.child_by_field_name("body")
    found: list[ir.Stmt] = []
    names: set[str] = set()
    for child in work.named(body) if body is not None else ():
        label = child.child_by_field_name("name")
        if child.type == "enum_member_declaration" and label is not None:
            at = work.at(child)
            text = work.text(label)
            names.add(text)
            found.append(ir.Assign(ir.Name(text, at), ir.Const(text, at), at))
    return ir.Class(name, (), tuple(found), frozenset(names), work.at(node))
