"""What ``write`` would do, before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding
from scopedown.core.place import Place

Statement = Mapping[str, Any]
"""A policy statement as CloudFormation writes it, intrinsic functions in their long form."""


class Dialect(StrEnum):
    """Where a Serverless project says what a function's role holds."""

    INLINE = "inline"
    """A role under ``resources`` for each function, which names it with ``role``; with one shared role,
    ``provider.iam.role.statements``."""
    PLUGIN = "plugin"
    """``iamRoleStatements`` of serverless-iam-roles-per-function."""
    V4 = "v4"
    """``iam.role.statements`` of a function, in serverless 4."""


@dataclass(frozen=True, slots=True)
class Form:
    """How roles are written: with their statements in managed policies, and with a permissions boundary (an ARN)."""

    managed: bool = False
    boundary: str = ""


INLINE: Final = Form()


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file, whole, before and after. ``name`` is relative to the project's folder."""

    name: str
    path: Path
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement that a person wrote and that scopedown does not judge."""

    statement: Statement
    place: Place | None
    reason: str


@dataclass(frozen=True, slots=True)
class WrittenRole:
    """A role as it will be: ``statements`` are those written for its functions, ``kept`` those left as they were,
    ``added`` those that the project's tool adds to it by itself."""

    id: str
    functions: tuple[str, ...]
    statements: tuple[Statement, ...]
    kept: tuple[Kept, ...] = ()
    added: tuple[Statement, ...] = ()


REFUSED: Final = frozenset({"write-by-hand", "write-held-back", "write-unverified"})
"""Findings of what should change and could not be written."""


@dataclass(frozen=True, slots=True)
class WritePlan:
    """The files that change (none, where all is as it should be), the roles, and what could not be written."""

    changes: tuple[FileChange, ...]
    roles: tuple[WrittenRole, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether something that should change could not be written."""
        return any(finding.code in REFUSED for finding in self.findings)

    def below(self, folder: str, config: str) -> WritePlan:
        """The plan of one of several projects: its files are named from the folder that holds the project's ``folder``,
        and what has no place is told of its ``config``."""

        def at(place: Place | None) -> Place:
            return Place(f"{folder}/{config}") if place is None else replace(place, file=f"{folder}/{place.file}")

        return WritePlan(
            tuple(replace(change, name=f"{folder}/{change.name}") for change in self.changes),
            tuple(
                replace(role, kept=tuple(replace(kept, place=at(kept.place)) for kept in role.kept))
                for role in self.roles
            ),
            tuple(replace(finding, place=at(finding.place)) for finding in self.findings),
        )
