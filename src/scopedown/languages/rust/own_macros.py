"""Calls of the macros that a program defines, and of those of which a crate that is not read makes its ``main``.

The first are expanded (``expansion.py``) and lowered as the source is. Of the second it is known what the program
gives them: functions with an attribute of the crate, which it calls, and clients that it makes
(``appsync_lambda_main!("schema.graphql", dynamodb() -> Client)``, https://docs.rs/lambda-appsync).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.rust import paths
from scopedown.languages.rust.expansion import expand, rule
from scopedown.languages.rust.kinds import ATTRIBUTED, OUTSIDE
from scopedown.languages.rust.work import Expanded, Work, parsed
from scopedown.source import ir
from scopedown.source.languages.front_end import Sink, ignored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

MAX_EXPANDED: Final = 400_000
"""Characters of one file that calls of the program's own macros become; each call counts a hundred."""
STEEP: Final = 8
"""Levels of nesting that an expansion counts as, so that a macro that calls itself ends."""


def name_of(work: Work, node: Node) -> str:
    """The last part of a macro's name (``tracing::info!`` is ``info``)."""
    macro = node.child_by_field_name("macro")
    path = paths.segments(work, macro) if macro is not None else None
    return path[-1] if path else ""


def tokens(work: Work, node: Node) -> Node | None:
    """The group of tokens that are the arguments."""
    return next((child for child in node.named_children if work.kind(child) == "token_tree"), None)


def inner(work: Work, nodes: Sequence[Node]) -> None:
    """Note the macros that are defined among the statements of a block, over those that are known."""
    if any(work.kind(node) == "macro_definition" for node in nodes):
        outer, work.macros = work.macros, {}
        define(work, nodes)
        work.macros = {**outer, **work.macros}


def define(work: Work, nodes: Sequence[Node], depth: int = 0) -> None:
    """Note the macros that are defined among these nodes and in the modules among them."""
    for node in nodes:
        kind = work.kind(node)
        if kind == "macro_definition" and (name := node.child_by_field_name("name")) is not None:
            rules = [
                rule(work.text(left), work.text(right))
                for one in work.named(node)
                if (left := one.child_by_field_name("left")) is not None
                and (right := one.child_by_field_name("right")) is not None
            ]
            work.macros.setdefault(work.text(name), rules)
        elif kind == "mod_item" and depth < work.max_depth and (body := node.child_by_field_name("body")) is not None:
            define(work, body.named_children, depth + 1)


def as_items(work: Work, node: Node) -> Expanded | None:
    """What a call of a macro becomes, where it stands among items; None where that is not known."""
    return _functions(work, node) if starts(work, node) else _expanded(work, node, "", "")


def starts(work: Work, node: Node) -> bool:
    """Whether a macro of a crate that is not read makes ``main``: it is called so, and the file has no other."""
    name = name_of(work, node)
    is_outside = work.module is work.root and name not in work.macros
    return is_outside and name.endswith("main") and not _has_main(node)


def _has_main(node: Node) -> bool:
    siblings = node.parent.named_children if node.parent is not None else []
    names = (one.child_by_field_name("name") for one in siblings if one.type == "function_item")
    return any(name is not None and name.text == b"main" for name in names)


_GIVEN: Final = re.compile(r"(?:^|,)\s*(\w+)\s*\(\s*\)\s*->\s*([\w:]+)\s*(?=,|$)")


def _functions(work: Work, node: Node) -> Expanded | None:
    """The functions that such a macro makes of ``name() -> Type``: each gives an object of the type."""
    found = tokens(work, node)
    if found is None:
        return None
    if node.start_byte not in work.expanded:
        text = work.source[found.start_byte + 1 : found.end_byte - 1].decode("utf-8", "replace")
        made = "".join(
            f"pub fn {name}() -> {typed} {{ let made: {typed} = unread!(); made }}\n"
            for name, typed in _GIVEN.findall(text)[:MAX_GIVEN]
        ).encode()
        work.expanded[node.start_byte] = Expanded(made, parsed(made).root_node, work.at(node))
    return work.expanded[node.start_byte]


def begin(work: Work, node: Node) -> None:
    """The ``main`` that such a macro makes: it calls the functions that have an attribute of the crate."""
    at = work.at(node)
    call = ir.Call(ir.Name(OUTSIDE, at), (), (), at)
    made = ir.Function("main", (), (ir.ExprStmt(call, at),), frozenset(), at)
    work.emit(ir.Assign(ir.Name(work.bind("main"), at), ir.Lambda(made, at), at))


def note_attributes(work: Work, target: ir.Expr, written: str, at: ir.At) -> None:
    """Say that a function has an attribute of a crate that is not read, which may have it called."""
    names = {name.rpartition("::")[2] for name in _ATTRIBUTE.findall(written)}
    if names - _PLAIN:
        work.emit(ir.ExprStmt(ir.Call(ir.Name(ATTRIBUTED, at), (target,), (), at), at))


_ATTRIBUTE: Final = re.compile(r"#\[\s*([\w:]+)")
_PLAIN: Final = frozenset(
    {
        "allow", "async_recursion", "async_trait", "automatically_derived", "cfg", "cfg_attr", "cold", "deny",
        "deprecated", "derive", "doc", "export_name", "expect", "forbid", "inline", "instrument", "link_section",
        "main", "must_use", "no_mangle", "rustfmt", "target_feature", "test", "track_caller", "warn",
        "builder", "automock",
    }
)  # fmt: skip
"""Attributes of functions that nobody calls for them (https://doc.rust-lang.org/reference/attributes.html)."""
MAX_GIVEN: Final = 50
"""Functions of one macro that are made."""


def _expanded(work: Work, node: Node, before: str, after: str) -> Expanded | None:
    rules, found = work.macros.get(name_of(work, node)), tokens(work, node)
    if rules is None or found is None or work.too_deep(node):
        return None
    if node.start_byte not in work.expanded:
        made: Expanded | None = None
        if work.expansions < MAX_EXPANDED:
            text = expand(rules, work.source[found.start_byte + 1 : found.end_byte - 1].decode("utf-8", "replace"))
            work.expansions += 100 + len(text or "")
            if text is not None:
                source = f"{before}{text}{after}".encode()
                made = Expanded(source, parsed(source).root_node, work.at(node))
        work.expanded[node.start_byte] = made
    return work.expanded[node.start_byte]


def own(work: Work, node: Node, sink: Sink) -> bool:
    """A call of a macro of the program among statements; what it gives goes into the sink. Whether it is one."""
    expanded = _expanded(work, node, "fn f() {", "\n}")
    if expanded is None:
        return False
    body = expanded.root.named_children[0].child_by_field_name("body") if expanded.root.named_children else None
    if body is None:
        return False
    work.depth += STEEP
    with work.inside(expanded):
        if sink is ignored:  # the variables whose names it was given stay
            work.statements(body, sink)
        else:
            work.deliver(body, sink)
    work.depth -= STEEP
    return True
