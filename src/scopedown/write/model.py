"""What ``write`` would do, before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, slots=True)
class WritePlan:
    """The files that change (none, where all is as it should be), the roles, and what could not be written."""

    changes: tuple[FileChange, ...]
    roles: tuple[WrittenRole, ...]
    findings: tuple[Finding, ...] = ()
