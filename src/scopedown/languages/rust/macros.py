"""Macro calls of Rust: to the parser their arguments are tokens, so what stands between commas is parsed by itself.

A macro that is not known evaluates what looks like an expression in it, and gives nothing that is known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.rust import changes, literals, paths
from scopedown.languages.rust.own_macros import STEEP, as_items, name_of, own, tokens
from scopedown.languages.rust.work import NODES, Work, parsed_part
from scopedown.source import ir
from scopedown.source.languages.front_end import Sink, ignored

if TYPE_CHECKING:
    from tree_sitter import Node

_LEAVING: Final = frozenset({"panic", "unreachable", "todo", "unimplemented", "bail"})
"""Macros after which the code does not go on (``bail!`` of anyhow and eyre returns an error)."""
_JOINING: Final = frozenset({"join", "try_join"})
"""Macros of tokio and futures that await all of their arguments and give a tuple."""
_LISTS: Final = frozenset({"vec", "routes", "catchers", "smallvec", "array", "hashset", "btreeset"})
"""Macros that give a list of their arguments (https://docs.rs/rocket/latest/rocket/macro.routes.html)."""
_CHOOSING: Final = frozenset({"select", "select_biased"})
"""Macros whose arguments are ``variable = future => what is done with it``."""
_FORMAT: Final = frozenset({"format", "format_args", "concat"})
_WRITING: Final = frozenset({"write", "writeln"})
"""Macros that add to what their first argument holds."""
_SAME: Final = frozenset({"dbg", "pin", "black_box", "try", "block_on", "addr_of"})
_ITEMS: Final = frozenset({"lazy_static", "thread_local", "cfg_if", "cfg_block"})
"""Macros around items (https://docs.rs/lazy_static, https://doc.rust-lang.org/std/macro.thread_local.html)."""
_DATA: Final = frozenset({"json"})
_ASSEMBLY: Final = frozenset({"asm", "naked_asm", "global_asm"})
_SYMBOL: Final = re.compile(r"\bsym\s+([A-Za-z_]\w*(?:::\w+)*)")
"""A function that assembly may call (https://doc.rust-lang.org/reference/inline-assembly.html)."""
_NONE: Final = frozenset(
    {"include_str", "include_bytes", "env", "option_env", "stringify", "file", "line", "module_path"}
)
_HOLE: Final = re.compile(r"\{\{|\}\}|\{([^{}:]*)(?::[^{}]*)?\}")
MAX_PIECES: Final = 2000
"""Arguments of one macro that are looked at."""


@NODES.statement_with_value("macro_invocation")
def _delivered(work: Work, node: Node, sink: Sink) -> None:
    if name_of(work, node) in _LEAVING:
        _leave(work, node)
    else:
        work.emit(sink(expression(work, node)))


def _leave(work: Work, node: Node) -> None:
    """``panic!(…)``: its arguments, then the end."""
    found = tokens(work, node)
    for value in arguments(work, found) if found is not None else ():
        work.emit(ir.ExprStmt(value, value.at))
    at = work.at(node)
    if name_of(work, node) == "bail":
        work.emit(ir.Return(ir.Const(None, at), at))
    else:
        work.emit(ir.Raise(None, at))


@NODES.statement("macro_invocation")
def statement(work: Work, node: Node) -> None:
    """A macro call as a statement."""
    if name_of(work, node) in _LEAVING:
        _leave(work, node)
        return
    if own(work, node, ignored):
        return
    if name_of(work, node) in _ITEMS:
        group(work, node)
        return
    work.emit(ir.ExprStmt(expression(work, node), work.at(node)))


@NODES.expression("macro_invocation")
def expression(work: Work, node: Node) -> ir.Expr:
    """What a macro call gives."""
    if name_of(work, node) in work.macros:
        place = work.at(node)
        value = ir.Name(work.hidden("value"), place)
        if own(work, node, lambda given: ir.Assign(value, given, place)):
            return value
    at, name, found = work.at(node), name_of(work, node), tokens(work, node)
    if found is None or name in _NONE:
        return ir.Opaque((), at)
    if name in _LEAVING:
        _leave(work, node)
        return ir.Const(None, at)
    if name in _ASSEMBLY:
        for named_function in _SYMBOL.findall(work.text(found)):
            called = paths.expression(work, tuple(named_function.split("::")), at)
            work.emit(ir.ExprStmt(ir.Call(called, (), (), at), at))
    if name in _DATA:
        return _data(work, _content(found), at)
    given = arguments(work, found, binding=name in _CHOOSING)
    if name == "lambda" and given:  # of lambda_runtime before 0.3 (https://docs.rs/lambda_runtime/0.2.1)
        return ir.Call(paths.expression(work, ("lambda_runtime", "lambda"), at), tuple(given), (), at)
    if name in _FORMAT:
        return formatted(work, given, named(work, found), at) if name != "concat" else ir.Template(tuple(given), at)
    if name in _LISTS or name in _JOINING:
        if any(child.type == ";" for child in found.children) and len(given) == 2:
            return ir.Op("*", (ir.ListExpr(tuple(given[:1]), at), given[1]), at)
        return ir.ListExpr(tuple(given), at)
    if name in _SAME and len(given) == 1:
        return given[0]
    if name == "addr_of_mut" and len(given) == 1:
        return changes.taken(work, given[0])
    if name == "matches" and given:
        return ir.Opaque((given[0],), at)
    if name in _WRITING and len(given) > 1 and changes.is_place(given[0], work):
        changes.push(work, given[0], formatted(work, given[1:], named(work, found, 1), at), at)
        return ir.Const(None, at)
    return ir.Opaque(tuple(given), at)


# arguments


def _content(node: Node) -> list[Node]:
    """The tokens of a group without its brackets."""
    return list(node.children[1:-1])


def pieces(work: Work, content: list[Node]) -> list[list[Node]]:
    """The tokens between commas, semicolons and arrows; a block after an arrow ends where it ends."""
    found: list[list[Node]] = [[]]
    arrow = False
    inside = _in_angles(content)
    for position, token in enumerate(content):
        kind = token.type
        if kind in (",", ";", "=>") and position not in inside:
            found.append([])
            arrow = kind == "=>"
            continue
        if work.kind(token) in ("line_comment", "block_comment"):
            continue
        found[-1].append(token)
        if arrow and kind == "token_tree" and len(found[-1]) == 1 and token.children[0].type == "{":
            found.append([])
            arrow = False
    return [piece for piece in found if piece][:MAX_PIECES]


def _in_angles(content: list[Node]) -> set[int]:
    """The positions of the commas in ``f::<A, B>``, ``<T as A<B, C>>::f``, ``as A<B, C>``."""
    found: set[int] = set()
    position = 0
    while position < len(content):
        before = [one.type for one in content[max(position - 2, 0) : position]]
        if content[position].type == "<" and (not before or before[-1] in ("::", ",", "(") or before[0] == "as"):
            depth, commas, end = 0, [], position
            while end < len(content) and content[end].type not in (";", "=>"):
                kind = content[end].type
                depth += {"<": 1, "<<": 2, ">": -1, ">>": -2}.get(kind, 0)
                commas += [end] if kind == "," else []
                end += 1
                if depth <= 0:
                    found.update(commas)
                    position = end - 1
                    break
        position += 1
    return found


def arguments(work: Work, node: Node, binding: bool = False) -> list[ir.Expr]:
    """The arguments as expressions; of ``name = value`` the value. ``binding``: the name is a variable then."""
    if work.too_deep(node):
        return []
    work.depth += 1
    made = [value for piece in pieces(work, _content(node)) if (value := _argument(work, piece, binding)) is not None]
    work.depth -= 1
    return made


def named(work: Work, node: Node, start: int = 0) -> dict[str, int]:
    """Which of the arguments from ``start`` on have names, by their positions."""
    return {
        work.text(piece[0]): position
        for position, piece in enumerate(pieces(work, _content(node))[start:])
        if len(piece) > 2 and piece[1].type == "=" and work.kind(piece[0]) == "identifier"
    }


_SIGILS: Final = frozenset({"%", "?", "&", "*"})


def _argument(work: Work, piece: list[Node], binding: bool) -> ir.Expr | None:
    """One argument; ``name = value``, ``name: value`` and the signs of tracing (``%value``) are seen through."""
    bound: Node | None = None
    if len(piece) > 2 and piece[1].type in ("=", ":") and work.kind(piece[0]) in ("identifier", "string_literal"):
        bound, piece = piece[0], piece[2:]
    while len(piece) > 1 and piece[0].type in _SIGILS:
        piece = piece[1:]
    value = _value(work, piece)
    if binding and bound is not None and value is not None and work.kind(bound) == "identifier":
        target = ir.Name(work.bind(work.text(bound)), work.at(bound))
        work.emit(ir.Assign(target, value, work.at(bound)))
        return target
    return value


def _value(work: Work, piece: list[Node]) -> ir.Expr | None:
    if len(piece) == 1:
        kind = work.kind(piece[0])
        if kind in literals.KINDS or kind in ("identifier", "self"):
            return work.expression(piece[0])
    root = parsed_part(work.source, [(piece[0], piece[-1])])
    inside = work.named(root)
    made: ir.Expr | None = None
    for position, child in enumerate(inside):
        kind = work.kind(child)
        if kind == "expression_statement" and (held := work.named(child)):
            child, kind = held[0], work.kind(held[0])
        if kind == "ERROR" and child.named_child_count == 1:  # an expression without a semicolon behind it
            child, kind = child.named_children[0], work.kind(child.named_children[0])
        if kind == "ERROR":
            made = work.opaque(child)
        elif kind in NODES.statements and kind not in NODES.expressions and kind != "let_declaration":
            work.effect(child)
        elif work.is_expression(child):
            made = work.expression(child)
        elif kind == "let_declaration":
            work.statements(root, ignored)
            break
        if made is not None and position + 1 < len(inside):
            work.emit(ir.ExprStmt(made, made.at))
            made = None
    return made


def formatted(work: Work, given: list[ir.Expr], names: dict[str, int], at: ir.At) -> ir.Expr:
    """``format!("{} {name} {0:?}", …)`` (https://doc.rust-lang.org/std/fmt/)."""
    if not given or not isinstance(given[0], ir.Const) or not isinstance(given[0].value, str):
        return ir.Opaque(tuple(given), at)
    text = given[0].value
    parts: list[ir.Expr] = []
    last, following = 0, 1
    for hole in _HOLE.finditer(text):
        parts.append(ir.Const(text[last : hole.start()], at))
        last = hole.end()
        if hole.group() in ("{{", "}}"):
            parts.append(ir.Const(hole.group()[0], at))
            continue
        wanted = hole.group(1).strip()
        position: int | None = None
        if not wanted:
            position, following = following, following + 1
        elif wanted.isdecimal() and len(wanted) < 5:
            position = int(wanted) + 1
        else:
            position = names.get(wanted)
        if position is None and wanted.isidentifier():
            parts.append(paths.expression(work, (wanted,), at))
        elif position is not None and position < len(given):
            parts.append(given[position])
        else:
            parts.append(ir.Opaque((), at))
    parts.append(ir.Const(text[last:], at))
    return ir.Template(tuple(part for part in parts if not (isinstance(part, ir.Const) and part.value == "")), at)


def _data(work: Work, content: list[Node], at: ir.At) -> ir.Expr:
    """``json!({ "key": value, … })`` (https://docs.rs/serde_json/latest/serde_json/macro.json.html)."""
    if content and work.too_deep(content[0]):
        return ir.Opaque((), at)
    if len(content) == 1 and content[0].type == "token_tree" and content[0].children:
        opening = content[0].children[0].type
        work.depth += 1
        made: ir.Expr | None = None
        if opening == "{":
            made = _object(work, _content(content[0]), at)
        elif opening == "[":
            parts = _separated(work, _content(content[0]), ",")
            made = ir.ListExpr(tuple([_data(work, part, work.at(part[0])) for part in parts if part]), at)
        work.depth -= 1
        if made is not None:
            return made
    if len(content) == 1 and work.kind(content[0]) == "identifier" and work.text(content[0]) == "null":
        return ir.Const(None, at)
    return (_value(work, content) if content else None) or ir.Opaque((), at)


def _object(work: Work, content: list[Node], at: ir.At) -> ir.Expr:
    entries: list[tuple[ir.Expr | None, ir.Expr]] = []
    for part in _separated(work, content, ","):
        colon = next((position for position, token in enumerate(part) if token.type == ":"), None)
        if not colon or colon + 1 >= len(part):
            continue
        key = _value(work, part[:colon]) or ir.Opaque((), at)
        entries.append((key, _data(work, part[colon + 1 :], work.at(part[colon + 1]))))
    return ir.ObjectExpr(tuple(entries), at)


def _separated(work: Work, content: list[Node], separator: str) -> list[list[Node]]:
    found: list[list[Node]] = [[]]
    for token in content:
        if token.type == separator:
            found.append([])
        elif work.kind(token) not in ("line_comment", "block_comment"):
            found[-1].append(token)
    return [part for part in found if part][:MAX_PIECES]


# items


def static_names(work: Work, node: Node) -> list[str]:
    """The names of the statics in a macro around items."""
    found = tokens(work, node) if name_of(work, node) in _ITEMS else None
    content = _content(found) if found is not None else []
    names: list[str] = []
    for position, token in enumerate(content):
        if token.type == "static":
            after = next((one for one in content[position + 1 : position + 4] if work.kind(one) == "identifier"), None)
            if after is not None:
                names.append(work.text(after))
    return names


def group(work: Work, node: Node) -> None:
    """``lazy_static! { static ref X: T = value; }`` and its like: the items in it."""
    found = tokens(work, node)
    if found is None or work.too_deep(node):
        return
    if (expanded := as_items(work, node)) is not None:
        work.depth += STEEP
        with work.inside(expanded):
            work.items(expanded.root.named_children, False)
        work.depth -= STEEP
        return
    content = _content(found)
    is_lazy = name_of(work, node) == "lazy_static"
    runs: list[tuple[Node, Node]] = []
    start: Node | None = None
    before: Node | None = None
    for token in content:
        if token.type == "ref" and before is not None and before.type == "static":
            if start is not None:
                runs.append((start, before))
            start = None
        elif start is None:
            start = token
        before = token
    if start is not None and before is not None:
        runs.append((start, before))
    if not runs:
        return
    root = parsed_part(work.source, runs)
    work.depth += 1
    for child in work.named(root):
        if work.kind(child) == "token_tree" or work.kind(child) == "block":  # ``cfg_if``
            work.statements(child, ignored)
    work.items(root.named_children, is_lazy)
    work.depth -= 1
