"""What a comparison says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from scopedown.iam.request import Caller
from scopedown.iam.rule import Place
from scopedown.iam.variables import ContextValue

Answer = Literal["no new access", "new access", "not decided"]


@dataclass(frozen=True, slots=True)
class Witness:
    """A request that the new policies allow and the old did not; ``caller`` where principals matter."""

    action: str
    resource: str
    context: Mapping[str, ContextValue]
    caller: Caller | None = None

    def data(self) -> dict[str, object]:
        """As JSON has it: ``{"action", "resource", "context"}``, and ``principal`` where principals matter."""
        context = {key: list(value) if isinstance(value, tuple) else value for key, value in self.context.items()}
        out: dict[str, object] = {"action": self.action, "resource": self.resource, "context": context}
        if self.caller is not None:
            out["principal"] = self.caller.arn
        return out


@dataclass(frozen=True, slots=True)
class Row:
    """New access that one statement gives, on some resources.

    ``actions`` are names, and patterns of the statement's that are new as a whole; ``resources`` as it writes them.
    ``why``: a reason of :mod:`scopedown.iam.newaccess.rows`, for instance "not allowed before". ``before``: the
    statement of the old policies that had limited it. ``future``: the actions are names that AWS's list does not have.
    """

    place: Place
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    why: str
    witness: Witness
    before: Place | None = None
    future: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """A statement for which neither a request nor a proof was found, and what stopped it."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answer. With rows it is new access; with reasons alone it is not decided, which counts as new access."""

    answer: Answer
    rows: tuple[Row, ...] = ()
    undecided: tuple[Undecided, ...] = ()

    @property
    def witness(self) -> Witness | None:
        """One request that is new."""
        return self.rows[0].witness if self.rows else None

    @staticmethod
    def of(rows: tuple[Row, ...], undecided: tuple[Undecided, ...]) -> Comparison:
        """The comparison that has found these."""
        answer: Answer = "new access" if rows else "not decided" if undecided else "no new access"
        return Comparison(answer, rows, undecided)
