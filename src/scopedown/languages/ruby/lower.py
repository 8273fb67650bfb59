"""Ruby source → :class:`~scopedown.source.ir.Module`, by way of tree-sitter-ruby.

Any bytes go in; a syntax error costs only the statement it stands in and is told in ``Module.problems``. The source is
never run. Expressions are in ``expressions.py``, calls in ``calls.py``, methods and classes in ``definitions.py``.

Beyond the conventions of :mod:`scopedown.source.ir`:

* Constants, methods of the program and ``$variables`` are no names of the module: they belong to the whole program, so
  they are written to the scope outside of it. What a file binds itself are the variables of its top level.
* A method that is called is a :class:`~scopedown.source.ir.Call`, with or without arguments. ``A::B`` is an Attr, and
  so is ``@name``, a member of ``this`` with its ``@``.
* Symbols are strings. A call's block is its keyword ``&``.
* ``Class.new(…)`` is a construction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scopedown.languages.ruby import assignments, definitions, expressions, matching  # noqa: F401 (they lower nodes)
from scopedown.languages.ruby.arguments import arguments
from scopedown.languages.ruby.scope import GRAMMAR, NODES, Lowering
from scopedown.languages.ruby.targets import FITS, target
from scopedown.source import ir
from scopedown.source.languages.chains import Branch
from scopedown.source.languages.front_end import Sink
from scopedown.source.languages.size import within_bound
from scopedown.source.languages.syntax import not_read

if TYPE_CHECKING:
    from tree_sitter import Node, Tree


def lower(source: bytes, file: str) -> ir.Module:
    """The intermediate form of one file; ``file`` is only carried along.

    >>> lower(b"x = 1", "app.rb").locals
    frozenset({'x'})
    """
    root = parsed(source).root_node
    work = Lowering(source)
    if b"<<" in source:
        work.heredocs = _heredocs(work, root)
    kept, beyond = within_bound([child for child in root.named_children if work.kind(child) not in Lowering.trivia])
    statements = work.in_order(list(kept))
    return ir.Module(file, "ruby", statements, frozenset(work.scopes[0].names), not_read(work, root, beyond))


def parsed(source: bytes, file: str = "") -> Tree:
    """The syntax tree of one file."""
    return GRAMMAR.parsed(source)


def _heredocs(work: Lowering, root: Node) -> dict[int, Node]:
    """The texts of heredocs by the places that announce them: both stand in the same order."""
    announced: list[int] = []
    texts: list[Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        kind = work.kind(node)
        if kind == "heredoc_beginning":
            announced.append(node.start_byte)
        elif kind == "heredoc_body":
            texts.append(node)
        stack.extend(reversed(node.children))
    return dict(zip(announced, texts, strict=False))


# branches


@NODES.statement_with_value("if", "unless")
def _if(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``if … elsif … else``, ``unless … else``."""
    branches: list[Branch] = []
    otherwise: ir.Block | None = None
    turned = work.kind(node) == "unless"
    link: Node | None = node
    while link is not None:
        test, before = work.apart(link.child_by_field_name("condition"))
        then = work.body(link.child_by_field_name("consequence"), sink)
        branches.append((before, test, then, work.at(link)))
        following = link.child_by_field_name("alternative")
        link = following if following is not None and work.kind(following) == "elsif" else None
        if following is not None and link is None:
            otherwise = work.body(following, sink)
    work.chain(branches, otherwise, sink, turned)


@NODES.statement_with_value("if_modifier", "unless_modifier")
def _modified(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``… if …``, ``… unless …``."""
    inside = node.child_by_field_name("body")
    test = work.part(node, "condition")
    then = work.in_order([inside], sink) if inside is not None else ()
    work.chain([((), test, then, work.at(node))], None, sink, work.kind(node) == "unless_modifier")


@NODES.statement_with_value("case")
def _case(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``case value when … else … end``."""
    value_node = node.child_by_field_name("value")
    value = work.held(work.expression(value_node), "case") if value_node is not None else None
    branches: list[Branch] = []
    otherwise: ir.Block | None = None
    for clause in work.named(node):
        at = work.at(clause)
        if work.kind(clause) == "when":
            tests: list[ir.Expr] = []
            with work.collected() as before:
                for fits in clause.children_by_field_name("pattern"):
                    made, _ = arguments(work, work.named(fits))
                    tests += [_fits(value, one) for one in made]
            test = tests[0] if len(tests) == 1 else ir.Op("or", tuple(tests), at) if tests else ir.Opaque((), at)
            if len(tests) > 2:
                test = ir.Opaque(tuple(tests), at)
            branches.append((tuple(before), test, work.body(clause.child_by_field_name("body"), sink), at))
        elif work.kind(clause) == "else":
            otherwise = work.body(clause, sink)
    work.chain(branches, otherwise, sink)


def _fits(value: ir.Expr | None, pattern: ir.Expr) -> ir.Expr:
    """Whether a pattern of ``when`` fits: equality is certain where both are plain values alone."""
    if value is None:
        return pattern
    if isinstance(pattern, ir.Const):
        return ir.Op("==", (value, pattern), pattern.at)
    if isinstance(pattern, ir.Opaque):  # a range, a regular expression
        return pattern
    return ir.Call(ir.Name(FITS, pattern.at), (value, pattern), (), pattern.at)


# loops


@NODES.statement_with_value("while", "until", "while_modifier", "until_modifier")
def _while(work: Lowering, node: Node, sink: Sink | None) -> None:
    condition, inside = node.child_by_field_name("condition"), node.child_by_field_name("body")

    with _breaking(work, sink, work.at(node)):
        with work.collected() as out:
            if condition is not None:
                work.statement(condition)
            if inside is not None:
                work.out.extend(work.body(inside))
        work.emit(ir.Loop(None, None, tuple(out), work.at(node)))


@contextmanager
def _breaking(work: Lowering, sink: Sink | None, at: ir.At) -> Iterator[None]:
    """A loop, whose value is that of its ``break``, or nil."""
    kept = "" if sink is None else work.hidden("broken")
    if kept:
        work.emit(ir.Assign(ir.Name(kept, at), ir.Const(None, at), at))
    work.scope.loops.append(kept)
    yield
    work.scope.loops.pop()
    if sink is not None:
        work.emit(sink(ir.Name(kept, at)))


@NODES.statement_with_value("for")
def _for(work: Lowering, node: Node, sink: Sink | None) -> None:
    variable, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
    inner = work.named(value) if value is not None else []
    iterable = work.expression(inner[0]) if inner else None
    aimed = target(work, variable) if variable is not None else None
    with _breaking(work, sink, work.at(node)):
        work.emit(ir.Loop(aimed, iterable, work.body(node.child_by_field_name("body")), work.at(node)))


# the rest


@NODES.statement_with_value("begin", "begin_block", "end_block")
def _begin(work: Lowering, node: Node, sink: Sink | None) -> None:
    work.out.extend(work.body(node, sink))


@NODES.statement_with_value("parenthesized_statements")
def _parenthesized(work: Lowering, node: Node, sink: Sink | None) -> None:
    work.out.extend(work.in_order(work.named(node), sink, work.at(node)))


@NODES.statement_with_value("rescue_modifier")
def _rescue_modifier(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``a rescue b``."""
    inside, handler = node.child_by_field_name("body"), node.child_by_field_name("handler")
    tried = work.in_order([inside], sink) if inside is not None else ()
    rescued = work.in_order([handler], sink) if handler is not None else ()
    work.emit(ir.Try(tried, ((None, rescued),), (), work.at(node)))


@NODES.statement_with_value("return", "next", "break")
def _return(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``return``, ``next`` and ``break``: each ends a block; ``return`` gives the method's value."""
    at = work.at(node)
    inside = [one for child in work.named(node) for one in (
        work.named(child) if work.kind(child) == "argument_list" else [child]
    )]  # fmt: skip
    positional, keywords = arguments(work, inside)
    if keywords:
        entries = tuple([(None if name is None else ir.Const(name, at), value) for name, value in keywords])
        positional = (*positional, ir.ObjectExpr(entries, at))
    value: ir.Expr | None = None
    if positional:
        is_one = len(positional) == 1 and not isinstance(positional[0], ir.Spread)
        value = positional[0] if is_one else ir.ListExpr(positional, at)
    scope = work.scope
    if scope.loops and work.kind(node) != "return":
        if value is not None:
            kept = scope.loops[-1] if work.kind(node) == "break" else ""
            work.emit(ir.Assign(ir.Name(kept, at), value, at) if kept else ir.ExprStmt(value, at))
        work.emit(ir.Jump(at))
        return
    if scope.kind not in ("method", "block", "lambda"):
        if value is not None:
            work.emit(ir.ExprStmt(value, at))
        work.emit(ir.Jump(at) if work.kind(node) != "return" else ir.Return(None, at))
        return
    if work.kind(node) == "break" and scope.kind == "block":
        outer = work.scopes[-2]
        scope.broken = scope.broken or work.hidden_in(outer, "broken")
        work.emit(ir.Assign(ir.Name(scope.broken, at), value or ir.Const(None, at), at))
        value = ir.Name(scope.broken, at)
    if work.kind(node) == "return" and scope.kind == "block" and value is not None:
        method = work.enclosing("method", "lambda")
        if method is not None and method.escapes:
            method.names.add(method.escapes)
            work.emit(ir.Assign(ir.Name(method.escapes, at), value, at))
            value = None
    if work.kind(node) == "return" or scope.kind != "method":
        work.emit(ir.Return(value, at))
    else:
        work.emit(ir.Jump(at))


@NODES.statement_with_value("redo", "retry")
def _jump(work: Lowering, node: Node, sink: Sink | None) -> None:
    if work.kind(node) == "retry":
        work.scope.retried = True
    work.emit(ir.Jump(work.at(node)))


@NODES.statement_with_value("call")
def _call(work: Lowering, node: Node, sink: Sink | None) -> None:
    """Calls that are statements of the language: definitions, ``raise``, ``loop``."""
    name_node, receiver = node.child_by_field_name("method"), node.child_by_field_name("receiver")
    name = work.text(name_node) if name_node is not None and receiver is None else ""
    in_class = work.scope.kind in ("class", "singleton")
    if name and in_class and definitions.in_class(work, name, node):
        return
    if name == "raise" or name == "fail":
        given = node.child_by_field_name("arguments")
        values, _ = arguments(work, work.named(given)) if given is not None else ((), ())
        for value in values[1:]:
            work.ended(value, None)
        work.emit(ir.Raise(_raised(values, work.at(node)), work.at(node)))
        return
    looped = node.child_by_field_name("block")
    if name == "loop" and looped is not None and looped.child_by_field_name("parameters") is None:
        with _breaking(work, sink, work.at(node)):
            work.emit(ir.Loop(None, None, work.body(looped.child_by_field_name("body")), work.at(node)))
        return
    work.ended(work.expression(node), sink)


def _raised(values: tuple[ir.Expr, ...], at: ir.At) -> ir.Expr | None:
    """``raise Class, message`` makes an object of the class (https://docs.ruby-lang.org/en/3.3/Kernel.html#method-i-raise)."""
    if not values:
        return None
    name = values[0].id if isinstance(values[0], ir.Name) else values[0].name if isinstance(values[0], ir.Attr) else ""
    if len(values) == 1 or not name[:1].isupper():
        return values[0]
    return ir.Call(ir.Attr(values[0], "new", at), values[1:2], (), at)


@NODES.statement_with_value("identifier")
def _identifier(work: Lowering, node: Node, sink: Sink | None) -> None:
    """A name alone: in a class, who may call the methods that follow."""
    name = work.text(node)
    if work.scope.kind in ("class", "singleton") and definitions.in_class(work, name, node):
        return
    if name == "raise" and not work.is_local(name):
        work.emit(ir.Raise(None, work.at(node)))
        return
    work.ended(work.expression(node), sink)
