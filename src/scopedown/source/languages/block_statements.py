"""Front ends of languages with the statements of C: Java, C#, JavaScript.

What leaves a switch is a :class:`~scopedown.source.languages.switch_chain.SwitchBreak` until the switch is lowered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from scopedown.source import ir
from scopedown.source.languages.chains import MAX_BRANCHES, Branch, if_chain
from scopedown.source.languages.front_end import FrontEnd
from scopedown.source.languages.switch_chain import SwitchBreak
from scopedown.source.languages.syntax import labelled

if TYPE_CHECKING:
    from tree_sitter import Node


class BlockStatements(FrontEnd):
    """One file of such a language."""

    __slots__ = ("switch",)

    max_branches: ClassVar[int] = MAX_BRANCHES
    """Branches of one chain of ``else if`` that nest; further ones stand after one another."""

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self.switch = False
        """Whether ``break`` leaves a switch."""

    def if_statement(self, node: Node, condition: str, consequence: str, alternative: str) -> None:
        """``if`` by the names of its fields; a chain of ``else if`` is walked."""
        kind, branches = self.kind(node), list[Branch]()
        rest: Node | None = node
        while rest is not None and self.kind(rest) == kind:
            test = self.part(rest, condition)
            branches.append(((), test, self.body(rest.child_by_field_name(consequence)), self.at(rest)))
            rest = self.alternative(rest, alternative)
        self.out.extend(if_chain(branches, self.body(rest), self.max_branches))

    def alternative(self, node: Node, field: str) -> Node | None:
        """What stands behind ``else``."""
        return node.child_by_field_name(field)

    def loop_test(self, node: Node) -> None:
        """The condition of a loop, which runs with the body."""
        self.effect(node)

    def loop_body(self, node: Node, body: str = "body") -> ir.Block:
        """The body of a loop, in which ``break`` leaves the loop."""
        switch, self.switch = self.switch, False
        made = self.body(node.child_by_field_name(body))
        self.switch = switch
        return made

    def while_statement(self, node: Node, condition: str, body: str, after: str = "") -> None:
        """``while``, and with ``after`` ``do … while``; the condition is evaluated with the body."""
        with self.collected() as test:
            if (asked := node.child_by_field_name(condition)) is not None:
                self.loop_test(asked)
        made = self.loop_body(node, body)
        tested = None if not test else len(made) if after else 0
        whole = (*made, *test) if after else (*test, *made)
        self.emit(ir.Loop(None, None, whole, self.at(node), test=tested))

    def for_statement(self, node: Node, first: str, condition: str, update: str, body: str) -> None:
        """``for (a; b; c)``: what the last part changes is a computed value throughout the body."""
        with self.own_names():
            for one in node.children_by_field_name(first):
                self.effect(one)
            with self.collected() as steps:
                for one in node.children_by_field_name(update):
                    if one.is_named:
                        self.effect(one)
            with self.collected() as test:
                for one in node.children_by_field_name(condition):
                    if one.is_named:
                        self.loop_test(one)
            whole = (*steps, *test, *self.loop_body(node, body))
            tested = len(steps) if test else None
            self.emit(ir.Loop(None, None, whole, self.at(node), steps=len(steps), test=tested))

    def jump(self, node: Node) -> None:
        """``break`` and ``continue``."""
        leaves, named = self.kind(node) == "break_statement", self.named(node)
        if leaves and self.switch and not named:
            self.emit(SwitchBreak(self.at(node)))
        else:
            self.emit(ir.Jump(self.at(node), leaves, self.text(named[0]) if named else ""))

    def labelled(self, node: Node) -> None:
        """``label: …``."""
        inside = self.named(node)
        if inside:
            with self.collected() as out:
                self.statement(inside[-1])
            self.out.extend(labelled(inside[-1], tuple(out), self.at(node)))
            if self.out and isinstance(loop := self.out[-1], ir.Loop):
                loop.label = self.text(inside[0])
