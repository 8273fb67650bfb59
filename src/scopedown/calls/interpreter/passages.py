"""Blocks that control may leave before their last statement: a ``try``, a ``with`` that suppresses, a loop.

After such a block a variable may hold any value that it took on the way, not the last alone.
"""

from __future__ import annotations

from scopedown.calls.machine import Activation, Machine
from scopedown.calls.values import Frame, Value, join
from scopedown.source import ir

Variables = dict[str, Value]


class Passage:
    """The run of one block: :meth:`end` gives, by name, all values that variables of the scope took in it."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._outer = frame.taken
        self._taken: list[tuple[str, Value]] = []
        frame.taken = self._taken

    def end(self) -> Variables:
        """The block has ended."""
        self._frame.taken = self._outer
        if self._outer is not None:
            self._outer += self._taken
        values: dict[str, list[Value]] = {}
        for name, value in self._taken:
            values.setdefault(name, []).append(value)
        return {name: join(*some) for name, some in values.items()}


class Turn:
    """One turn of a loop."""

    def __init__(self, activation: Activation) -> None:
        self._activation = activation
        self._before = dict(activation.frame.variables)
        self._jumps = activation.jumps
        self._passage = Passage(activation.frame)

    def end(self) -> bool:
        """The turn has ended; whether it passed a ``break`` or ``continue``, where it may have ended earlier."""
        taken = self._passage.end()
        if self._activation.jumps == self._jumps:
            return False
        frame = self._activation.frame
        frame.variables = joined(joined(frame.variables, self._before), taken)
        return True


def joined(one: Variables, other: Variables) -> Variables:
    """What variables hold after one of two ways."""
    both = dict(one)
    for name, value in other.items():
        old = both.get(name)
        both[name] = value if old is None or old is value else join(old, value)
    return both


def iteration(run: Machine, frame: Frame, outside: Frame | None, target: ir.Target) -> Frame | None:
    """A scope that keeps the variable of one turn of a loop, as JavaScript's ``for (const x of …)`` makes one each."""
    if not run.position.language.turns_have_scopes or not isinstance(target, ir.Name) or frame.is_class:
        return outside
    value = frame.variables.get(target.id)
    if value is None:
        return outside
    kept = {target.id: value}
    return Frame(
        frame.file, frozenset(kept), outside or frame, frame.this, kept, owner=frame.owner, language=frame.language
    )
