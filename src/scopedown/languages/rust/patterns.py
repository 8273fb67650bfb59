"""Patterns of Rust: the test that one makes of a value, and what it binds.

``Some(x)`` and ``Ok(x)`` are the value itself, since ``Option`` and ``Result`` are transparent; what ``Err(e)`` binds
is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.rust import changes, literals, paths, types
from scopedown.languages.rust.kinds import IS
from scopedown.languages.rust.work import Work
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

TRANSPARENT: Final = frozenset({"Some", "Ok", "Ready", "Borrowed", "Owned"})
"""Variants whose content stands for the whole."""
_EXTRACTORS: Final = frozenset({"State", "Extension", "Data", "Json", "Path", "Query", "Form", "Valid"})
"""Types of axum and actix-web that hold what a handler asks for (https://docs.rs/axum/latest/axum/extract/)."""
_WRAPPERS: Final = frozenset(
    {"ref_pattern", "mut_pattern", "reference_pattern", "match_pattern", "parenthesized_pattern"}
)


def simple(work: Work, node: Node) -> Node | None:
    """The name that a pattern is, if it is a plain variable."""
    for _ in range(work.max_depth):
        kind = work.kind(node)
        if kind == "identifier":
            return None if _is_constant(work, work.text(node)) else node
        if kind not in _WRAPPERS:
            return None
        inside = [one for one in work.named(node) if work.kind(one) != "mutable_specifier"]
        if len(inside) != 1:
            return None
        node = inside[0]
    return None


def _is_constant(work: Work, name: str) -> bool:
    """Whether a name in a pattern is a constant or a variant, not a variable that is bound."""
    return name[:1].isupper()


def pattern(work: Work, node: Node, subject: ir.Expr, captures: list[ir.Stmt]) -> ir.Expr:
    """The test that a pattern makes of ``subject``; what it binds is added to ``captures``."""
    at = work.at(node)
    if work.too_deep(node):
        return ir.Opaque((), at)
    work.depth += 1
    made = _pattern(work, node, subject, captures, at)
    work.depth -= 1
    return made


def _pattern(work: Work, node: Node, subject: ir.Expr, captures: list[ir.Stmt], at: ir.At) -> ir.Expr:
    kind = work.kind(node)
    if kind == "":  # ``_`` is no named node
        return ir.Const(True, at)
    if kind == "identifier":
        name = work.text(node)
        if _is_constant(work, name):
            value = ir.Const(None, at) if name == "None" else paths.expression(work, (name,), at)
            return ir.Op("==", (subject, value), at)
        captures.append(ir.Assign(ir.Name(work.bind(name), at), subject, at))
        return ir.Const(True, at)
    if kind in _WRAPPERS:
        inside = [one for one in work.named(node) if work.kind(one) != "mutable_specifier"]
        made = pattern(work, inside[0], subject, captures) if inside else ir.Const(True, at)
        is_changing = kind == "ref_pattern" and any(work.kind(one) == "mut_pattern" for one in inside)
        if is_changing and changes.is_place(subject, work):
            captures.append(changes.lending(work, subject, at))
        return made
    if kind == "captured_pattern":
        inside = work.named(node)
        captures.append(ir.Assign(ir.Name(work.bind(work.text(inside[0])), at), subject, at))
        return pattern(work, inside[-1], subject, captures) if len(inside) > 1 else ir.Const(True, at)
    if kind == "tuple_struct_pattern":
        return _tuple_struct(work, node, subject, captures, at)
    if kind == "struct_pattern":
        typed = node.child_by_field_name("type")
        tests = [_variant(work, paths.segments(work, typed) if typed is not None else None, subject, at)]
        fields = [child for child in work.named(node) if work.kind(child) == "field_pattern"]
        tests += [_field(work, child, subject, captures) for child in fields]
        return _all(tests, at)
    if kind in ("tuple_pattern", "slice_pattern"):
        return _items(work, list(node.children), subject, captures, at)
    if kind == "or_pattern":
        return _alternatives(work, node, subject, captures, at)
    if kind in literals.KINDS:
        return ir.Op("==", (subject, literals.literal(work, node)), at)
    if kind == "scoped_identifier":
        path = paths.segments(work, node)
        if path is not None:
            return ir.Op("==", (subject, paths.expression(work, path, at)), at)
    return ir.Opaque((), at)


def _is_extractor(work: Work, path: paths.Path) -> bool:
    """Whether a pattern takes what a web framework wraps (``State(app): State<App>``)."""
    return path[-1] in _EXTRACTORS and path[-1] not in work.module.items


def _alternatives(work: Work, node: Node, subject: ir.Expr, captures: list[ir.Stmt], at: ir.At) -> ir.Expr:
    """``A | B``, which the grammar nests to the left."""
    flat: list[Node] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if work.kind(one) == "or_pattern":
            waiting.extend(reversed(work.named(one)))
        else:
            flat.append(one)
    tests = [pattern(work, one, subject, captures) for one in flat]
    if any(isinstance(one, ir.Const) for one in tests):
        return ir.Const(True, at)
    while len(tests) > 1:  # balanced, so that a long list does not nest deeply
        tests = [
            ir.Op("or", tuple(tests[start : start + 2]), at) if start + 1 < len(tests) else tests[start]
            for start in range(0, len(tests), 2)
        ]
    return tests[0] if tests else ir.Opaque((), at)


def _tuple_struct(work: Work, node: Node, subject: ir.Expr, captures: list[ir.Stmt], at: ir.At) -> ir.Expr:
    typed = node.child_by_field_name("type")
    path = paths.segments(work, typed) if typed is not None else None
    children = node.children
    inside = children[children.index(typed) + 1 :] if typed is not None else children
    if path is not None and (path[-1] in TRANSPARENT or _is_extractor(work, path)):
        for child in inside:
            if work.kind(child):
                pattern(work, child, subject, captures)
        return ir.Opaque((), at)
    tests = [_variant(work, path, subject, at)]
    for position, child in _positions(work, inside):
        held: ir.Expr = ir.Opaque((), at) if path == ("Err",) else ir.Attr(subject, str(position), at)
        tests.append(pattern(work, child, held, captures))
    return _all(tests, at)


def _variant(work: Work, path: paths.Path | None, subject: ir.Expr, at: ir.At) -> ir.Expr:
    """The test for a variant of an enumeration of the project, which is decided where the variant is known."""
    if path is None or len(path) < 2:
        return ir.Opaque((), at)
    begins = work.module.uses.get(path[0], path)
    if path[0] not in work.module.items and path[0] != "Self" and begins[0] not in paths.ROOTS:
        return ir.Opaque((), at)
    return ir.Op(IS, (subject, paths.expression(work, path, at)), at)


def _all(tests: list[ir.Expr], at: ir.At) -> ir.Expr:
    """Several tests that have to hold."""
    made = tests[0]
    for one in tests[1:]:
        if not isinstance(one, ir.Const):
            made = ir.Op("and", (made, one), at)
    return made


def _positions(work: Work, nodes: list[Node]) -> list[tuple[int, Node]]:
    """The patterns between commas with their positions, up to ``..``."""
    found: list[tuple[int, Node]] = []
    position = 0
    for child in nodes:
        if child.type == ",":
            position += 1
        elif work.kind(child) == "remaining_field_pattern":
            break
        elif work.kind(child) and work.kind(child) not in ("line_comment", "block_comment"):
            found.append((position, child))
    return found


def _items(work: Work, nodes: list[Node], subject: ir.Expr, captures: list[ir.Stmt], at: ir.At) -> ir.Expr:
    taken = _positions(work, nodes)
    tests = [pattern(work, child, ir.Index(subject, ir.Const(position, at), at), captures) for position, child in taken]
    done = {child.id for _, child in taken}
    for child in nodes:  # behind ``..``
        if work.kind(child) and child.id not in done and work.kind(child) != "remaining_field_pattern":
            pattern(work, child, ir.Opaque((), at), captures)
    plain = all(isinstance(one, ir.Const) for one in tests)
    return ir.Const(True, at) if plain and tests and len(tests) == len(done) else ir.Opaque((), at)


def _field(work: Work, node: Node, subject: ir.Expr, captures: list[ir.Stmt]) -> ir.Expr:
    at = work.at(node)
    name, inner = node.child_by_field_name("name"), node.child_by_field_name("pattern")
    if name is None:
        return ir.Opaque((), at)
    held = ir.Attr(subject, work.text(name), at)
    if inner is not None:
        return pattern(work, inner, held, captures)
    captures.append(ir.Assign(ir.Name(work.bind(work.text(name)), at), held, at))
    return ir.Const(True, at)


def parameter(work: Work, written: Node, declared: Node | None, out: list[ir.Stmt]) -> ir.Parameter:
    """One parameter; what a pattern binds is bound at the start of the body."""
    at = work.at(written)
    note = types.annotation(work, declared)
    name = simple(work, written)
    if name is not None or work.kind(written) == "self":
        identifier = work.bind(work.text(name) if name is not None else "self")
        return ir.Parameter(ir.Name(identifier, at), annotation=note)
    held = ir.Name(work.hidden("argument"), at)
    pattern(work, written, held, out)
    return ir.Parameter(held, annotation=note)
