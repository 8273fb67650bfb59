"""One run of a piece of code."""

from __future__ import annotations

from dataclasses import dataclass, field

from scopedown.calls.values import Frame, Value


@dataclass(slots=True, eq=False)
class Activation:
    """One run of a function, a class body or a module's top level."""

    frame: Frame
    is_function: bool
    returns: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    iteration: Frame | None = None
    """In a loop's body: a scope with the loop's variable as it is this time, for the functions that are made there."""
