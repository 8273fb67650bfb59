"""Front ends of languages in which a statement has a value: Kotlin, Rust.

``if``, ``when`` and blocks are expressions in the source and statements in the intermediate form. :meth:`deliver`
lowers one and hands each value that it may have to a sink; :meth:`effect` lowers it for its effect alone. Where its
value is needed in an expression, its statements come before that expression and leave the value in a variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from scopedown.source import ir
from scopedown.source.languages.chains import Branch, if_chain
from scopedown.source.languages.front_end import FrontEnd, Sink, ignored
from scopedown.source.languages.node_forms import inner

if TYPE_CHECKING:
    from tree_sitter import Node

Parts = tuple["Node | None", "Node | None", "Node | None"]
"""The condition of an ``if`` and its two branches."""
_LEAVING = ir.Return | ir.Raise | ir.Jump


class ValuedStatements(FrontEnd):
    """One file of such a language."""

    __slots__ = ()

    binding: ClassVar[frozenset[str]] = frozenset()
    """Kinds of conditions that bind variables."""

    def is_expression(self, node: Node) -> bool:
        """Whether a node is of a kind that is known."""
        kind, nodes = self.kind(node), self.nodes
        return kind in nodes.expressions or kind in nodes.valued or kind in nodes.statements

    def other(self, node: Node, kind: str) -> ir.Expr:
        """A statement as an expression."""
        if kind in self.nodes.statements:
            self.effect(node)
            return ir.Const(None, self.at(node))
        if kind not in self.nodes.valued:
            return self.opaque(node)
        if (plain := self._choice(node, kind)) is not None:
            return plain
        at = self.at(node)
        name = self.hidden("value")
        self.deliver(node, lambda value: ir.Assign(ir.Name(name, at), value, value.at))
        return ir.Name(name, at)

    def hidden(self, purpose: str) -> str:
        """A fresh name that no source can have."""
        raise NotImplementedError

    def deliver(self, node: Node, sink: Sink) -> None:
        """The statements of an expression; every value that it may have goes into the sink."""
        if self.too_deep(node):
            self.emit(sink(ir.Opaque((), self.at(node))))
            return
        self.depth += 1
        kind = self.kind(node)
        if (lower := self.nodes.valued.get(kind)) is not None:
            lower(self, node, sink)
        elif kind in self.nodes.statements:
            self.effect(node)
        elif self.nodes.expressions.get(kind) is inner and len(inside := self.named(node)) == 1:
            self.deliver(inside[0], sink)
        else:
            before = len(self.out)
            value = self.expression(node)
            if not (self.out[before:] and isinstance(self.out[-1], ir.Jump)):
                self.emit(sink(value))
        self.depth -= 1

    def effect(self, node: Node) -> None:
        """An expression or a declaration as a statement."""
        lower = self.nodes.statements.get(self.kind(node))
        if lower is not None:
            lower(self, node)
        else:
            self.deliver(node, ignored)

    def delivered(self, node: Node | None, sink: Sink = ignored) -> ir.Block:
        """What :meth:`deliver` makes, as a block with names of its own."""
        with self.block() as out:
            if node is not None:
                self.deliver(node, sink)
        return tuple(out)

    def held(self, value: ir.Expr, at: ir.At, declared: ir.Expr | None = None) -> ir.Expr:
        """A value that is looked at several times, in a variable."""
        if isinstance(value, ir.Name | ir.Const) and declared is None:
            return value
        name = ir.Name(self.hidden("subject"), at)
        self.emit(ir.Assign(name, value, at, annotation=declared))
        return name

    # if

    def parts_of_if(self, node: Node) -> Parts:
        """The condition and the two branches of an ``if``."""
        raise NotImplementedError

    def plain_branch(self, node: Node) -> Node | None:
        """The one expression that a branch is; None where it may be made of statements."""
        raise NotImplementedError

    def branch(self, node: Node, sink: Sink) -> None:
        """What a branch of an ``if`` does."""
        self.deliver(node, sink)

    def test(self, node: Node, captures: list[ir.Stmt]) -> ir.Expr:
        """The condition of an ``if``; ``captures`` takes what it binds for the branch where it holds."""
        return self.expression(node)

    def _choice(self, node: Node, kind: str) -> ir.Expr | None:
        """``if`` as an expression with one expression in each branch; None for any other form."""
        if kind != "if_expression":
            return None
        condition, then, otherwise = self.parts_of_if(node)
        if condition is None or then is None or otherwise is None or self.kind(condition) in self.binding:
            return None
        one, other = self.plain_branch(then), self.plain_branch(otherwise)
        if one is None or other is None:
            return None
        at = self.at(node)
        test = self.expression(condition)
        with self.block() as before:
            first = self.expression(one)
        with self.block() as after:
            second = self.expression(other)
        if not before and not after:
            return ir.Cond(test, first, second, at)
        name = ir.Name(self.hidden("value"), at)
        for out, value in ((before, first), (after, second)):
            if not out or not isinstance(out[-1], _LEAVING):
                out.append(ir.Assign(name, value, value.at))
        self.emit(ir.If(test, tuple(before), tuple(after), at))
        return name

    def lower_if(self, node: Node, sink: Sink) -> None:
        """A chain of ``else if`` is walked, not descended."""
        branches: list[Branch] = []
        while True:
            condition, then, otherwise = self.parts_of_if(node)
            with self.block() as before:
                captures: list[ir.Stmt] = []
                test = ir.Opaque((), self.at(node)) if condition is None else self.test(condition, captures)
                with self.block() as body:
                    body.extend(captures)
                    if then is not None:
                        self.branch(then, sink)
            branches.append((tuple(before), test, tuple(body), self.at(node)))
            if otherwise is None or self.kind(otherwise) != "if_expression":
                break
            node = otherwise
        self.out.extend(if_chain(branches, self.delivered(otherwise, sink)))
