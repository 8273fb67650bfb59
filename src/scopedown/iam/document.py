"""Policy documents as values: frozen, and lossless in the sense that :func:`emit` gives back an equal document.

A single value and a list of one are the same to the evaluator and different in a document; ``single`` remembers which
elements were written as a single value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Effect = Literal["Allow", "Deny"]
Scalar = str | int | float | bool


class Kind(StrEnum):
    """What a policy is attached to, and so what it may say and how it counts."""

    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SESSION = "session"
    RESOURCE = "resource"
    TRUST = "trust"
    SCP = "scp"
    RCP = "rcp"
    VPCE = "vpce"

    @property
    def words(self) -> str:
        """AWS's words for it, as its access-denied sentence has them."""
        return _WORDS[self]

    @property
    def has_principal(self) -> bool:
        """Whether its statements name principals."""
        return self in (Kind.RESOURCE, Kind.TRUST, Kind.RCP, Kind.VPCE)


_WORDS = {
    Kind.IDENTITY: "identity-based",
    Kind.BOUNDARY: "permissions boundary",
    Kind.SESSION: "session",
    Kind.RESOURCE: "resource-based",
    Kind.TRUST: "role trust",
    Kind.SCP: "service control",
    Kind.RCP: "resource control",
    Kind.VPCE: "VPC endpoint",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Where a statement stands in its text; lines and columns count from 1, the end is just past the last character."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Principal:
    """A Principal or NotPrincipal element: ``*``, or types (``AWS``, ``Service``, …) with their values."""

    entries: tuple[tuple[str, tuple[str, ...]], ...] = ()
    everyone: bool = False
    single: frozenset[str] = frozenset()

    @staticmethod
    def star() -> Principal:
        """``"Principal": "*"``."""
        return Principal(everyone=True)

    @staticmethod
    def of(**types: str | tuple[str, ...]) -> Principal:
        """``Principal.of(AWS="111122223333", Service=("a.amazonaws.com", "b.amazonaws.com"))``."""
        entries = tuple((name, (value,) if isinstance(value, str) else value) for name, value in types.items())
        return Principal(entries, single=frozenset(name for name, value in types.items() if isinstance(value, str)))

    def emit(self) -> object:
        """The element as JSON has it."""
        if self.everyone:
            return "*"
        return {name: values[0] if name in self.single else list(values) for name, values in self.entries}


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator applied to one condition key: ``operator`` and ``key`` as written, ``values`` as JSON has them."""

    operator: str
    key: str
    values: tuple[Scalar, ...]
    single: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as text: ``true`` and ``10`` for JSON's true and 10."""
        return tuple(value_text(value) for value in self.values)


def value_text(value: object) -> str:
    """A JSON scalar as IAM compares it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; of every X and NotX pair at most one is not None."""

    effect: Effect
    action: tuple[str, ...] | None = None
    not_action: tuple[str, ...] | None = None
    resource: tuple[str, ...] | None = None
    not_resource: tuple[str, ...] | None = None
    principal: Principal | None = None
    not_principal: Principal | None = None
    condition: tuple[Condition, ...] = ()
    sid: str | None = None
    single: frozenset[str] = frozenset()
    empty_conditions: tuple[str, ...] = ()
    """Operators written with no key (and ``""`` where Condition itself is written empty): they say nothing."""
    span: Span | None = field(default=None, compare=False)

    def emit(self) -> dict[str, object]:
        """The statement as JSON has it."""
        out: dict[str, object] = {}
        if self.sid is not None:
            out["Sid"] = self.sid
        out["Effect"] = self.effect
        if self.principal is not None:
            out["Principal"] = self.principal.emit()
        if self.not_principal is not None:
            out["NotPrincipal"] = self.not_principal.emit()
        for name, values in self._lists():
            if values is not None:
                out[name] = values[0] if name in self.single else list(values)
        if self.condition or self.empty_conditions:
            block: dict[str, dict[str, object]] = {name: {} for name in self.empty_conditions if name}
            for condition in self.condition:
                values_out: object = condition.values[0] if condition.single else list(condition.values)
                block.setdefault(condition.operator, {})[condition.key] = values_out
            out["Condition"] = block
        return out

    def _lists(self) -> tuple[tuple[str, tuple[str, ...] | None], ...]:
        return (
            ("Action", self.action),
            ("NotAction", self.not_action),
            ("Resource", self.resource),
            ("NotResource", self.not_resource),
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document of one kind.

    ``name`` is what explanations call it (a file, a policy's name); it is no part of the document.
    """

    kind: Kind
    statements: tuple[Statement, ...]
    version: str | None = "2012-10-17"
    id: str | None = None
    single_statement: bool = False
    name: str = field(default="", compare=False)

    def emit(self) -> dict[str, object]:
        """The document as JSON has it, equal to the one that was parsed."""
        out: dict[str, object] = {}
        if self.version is not None:
            out["Version"] = self.version
        if self.id is not None:
            out["Id"] = self.id
        statements = [statement.emit() for statement in self.statements]
        out["Statement"] = statements[0] if self.single_statement else statements
        return out

    def canonical(self) -> dict[str, object]:
        """One form for all documents that say the same with the same words: lists everywhere, sorted and unique."""
        out: dict[str, object] = {"Version": self.version or "2008-10-17"}
        if self.id is not None:
            out["Id"] = self.id
        out["Statement"] = [_canonical(statement) for statement in self.statements]
        return out


def _canonical(statement: Statement) -> dict[str, object]:
    out = statement.emit()
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        if name in out:
            out[name] = _listed(out[name])
    for name in ("Principal", "NotPrincipal"):
        entry = out.get(name)
        if isinstance(entry, Mapping):
            out[name] = {key: _listed(entry[key]) for key in sorted(entry)}
    if isinstance(block := out.pop("Condition", None), Mapping):
        merged = {
            operator: {
                key: sorted({value_text(v) for v in (value if isinstance(value, list) else [value])})
                for key, value in sorted(block[operator].items(), key=lambda item: item[0].lower())
            }
            for operator in sorted(block)
            if block[operator]
        }
        if merged:
            out["Condition"] = merged
    return out


def _listed(value: object) -> list[str]:
    return sorted(set(value)) if isinstance(value, list) else [str(value)]
