"""A scan as flat rows, ``scopedown.fleet/1``; docs/fleet.md describes them.

``COMMON`` are the columns with which the rows of every product begin. A scan has one row for each project and each
function, whatever they need, so that what was not read or not seen is never missing from the table; and one for each
permission on each resource.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from scopedown.calls.model import Hint, SdkCall
from scopedown.core.finding import Unread
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.emit.cloudformation import plain
from scopedown.emit.rows import SCHEMA, Cell, Column
from scopedown.permissions.merge import merge
from scopedown.permissions.model import Reason, RequiredPermission
from scopedown.project.model import Project
from scopedown.scan import FunctionScan, ProjectScan
from scopedown.scan.forms import Scans
from scopedown.scan.forms.coverage import sentence
from scopedown.source.revision import Revision, revision_of

COMMON = (
    Column("schema", str, "scopedown.fleet/1"),
    Column("product", str, "the command: scan, check, observe"),
    Column("record", str, "what the row is about"),
    Column(
        "repository",
        str,
        "host and path of the remote origin, without credentials; else the folder's name; null outside of Git",
    ),
    Column("commit", str, "the commit that is checked out"),
    Column("project", str, "the project's file, relative to the repository"),
    Column("framework", str, "what the project is for: serverless, sam, cloudformation, cdk, terraform"),
    Column("service", str, "the service's name"),
    Column("stage", str, "the stage"),
    Column("region", str, "the region"),
    Column("error", str, "why the project was not read"),
)
_SEEN = (
    Column("function", str, "the function"),
    Column("language", str, "the language of its code"),
    Column("role", str, "the role's id in the project, or the ARN of a role that the code assumes"),
    Column("coverage", str, "how much of the function's code was seen: whole, partly, not at all"),
    Column("unseen", str, "what was not seen, and what it may call"),
)
COLUMNS = (
    *COMMON,
    *_SEEN,
    Column("assumed", bool, "whether the permission is one of a role that the code assumes"),
    Column("action", str, "the IAM action"),
    Column("resource", str, "the resource, as the project names it"),
    Column("arn", str, "the ARN that it has in the account, with * for what is not known"),
    Column("certainty", str, "how much of the resource's name is known: resolved, pattern, unknown"),
    Column("origin", str, "code, config or hint"),
    Column("conditions", str, "the conditions, as JSON"),
    Column("because", str, "every reason: the place, and the call, setting or hint"),
    Column("file", str, "the file of the first reason, relative to the repository"),
    Column("line", int, "its line"),
)
FUNCTION_COLUMNS = (*COMMON, *_SEEN)
"""What a row about a project or a function has, in every product."""

Cells = dict[str, Cell]
ArnOf = Callable[[Text], str]
"""A symbolic ARN as a pattern of what it is in the account."""


def rows(shown: Scans) -> Iterator[Cells]:
    """All rows of scans; projects outside of a repository are named from ``base``."""
    yield from unread_rows("scan", shown.unread, shown.base)
    for scan in shown.scans:
        named = Named.of("scan", scan.project, shown.base)
        yield named.row("project")
        arn = shown.names(scan.project)
        for function in scan.functions:
            yield named.row("function", **_seen(function))
            yield from _permissions(named, function, arn)


def seen_rows(product: str, scans: Iterable[ProjectScan], base: Path | None) -> Iterator[Cells]:
    """The rows of projects and functions alone, for another product's table."""
    for scan in scans:
        named = Named.of(product, scan.project, base)
        yield named.row("project")
        for function in scan.functions:
            yield named.row("function", **_seen(function))


def unread_rows(product: str, unread: Iterable[Unread], base: Path | None) -> Iterator[Cells]:
    """One row for each project that was not read."""
    for one in unread:
        revision = revision_of(one.config if one.config.is_dir() else one.config.parent)
        error, place = one.error, one.error.place
        yield _row(product, "project", revision) | {
            "project": _below(one.config, revision, base),
            "error": f"{error.message} ({error.remedy})" if error.remedy else error.message,
            "file": _below((base or Path()) / place.file, revision, base) if place else None,
            "line": place.line if place else None,
        }


class Named(NamedTuple):
    """A project as its rows name it."""

    common: Cells
    root: Path
    revision: Revision
    base: Path | None

    @classmethod
    def of(cls, product: str, project: Project, base: Path | None) -> Named:
        """A project of a product; outside of a repository, it is named from ``base``, or from its own folder."""
        root = Path(os.path.realpath(project.root))
        revision = revision_of(root)
        common = _row(product, "project", revision) | {
            "project": _below(root / project.config, revision, base or root),
            "framework": project.framework,
            "service": project.service or None,
            "stage": project.stage or None,
            "region": project.region or None,
        }
        return cls(common, root, revision, base or root)

    def row(self, record: str, **cells: Cell) -> Cells:
        """One row about the project."""
        return {**self.common, "record": record, **cells}

    def file(self, place: Place) -> str:
        """The file of a place of this project, relative to the repository."""
        return self.absolute(self.root / place.file)

    def absolute(self, path: Path) -> str:
        """A file of this project by its whole path, relative to the repository."""
        return _below(path, self.revision, self.base)


def _row(product: str, record: str, revision: Revision) -> Cells:
    return {
        "schema": SCHEMA, "product": product, "record": record, "repository": revision.repository or None,
        "commit": revision.commit or None,
    }  # fmt: skip


def _below(path: Path, revision: Revision, base: Path | None) -> str:
    full = Path(os.path.realpath(path.parent)) / path.name
    for top in (revision.top, base):
        if top is not None and full.is_relative_to(above := os.path.realpath(top)):
            return full.relative_to(above).as_posix()
    return path.name  # never the path of a machine: rows of two machines shall be the same


def _seen(scan: FunctionScan) -> Cells:
    return {
        "function": scan.function.key,
        "language": scan.function.language,
        "role": scan.function.role,
        "coverage": scan.coverage.verdict.value,
        "unseen": "; ".join(sentence(one) for one in scan.coverage.unseen) or None,
    }


def _permissions(named: Named, scan: FunctionScan, arn: ArnOf) -> Iterator[Cells]:
    own = {**_seen(scan), "assumed": False}
    for permission in merge(scan.permissions):
        yield from _permission(named, permission, own, arn)
    for assumed in scan.assumed:
        of_role = {**own, "role": str(assumed.role), "assumed": True}
        for permission in merge(assumed.permissions):
            yield from _permission(named, permission, of_role, arn)


def _permission(named: Named, permission: RequiredPermission, cells: Cells, arn: ArnOf) -> Iterator[Cells]:
    first = permission.because[0].place if permission.because else None
    because = _because(named, permission.because)
    for resource in permission.resources:
        yield named.row(
            "permission",
            **cells,
            action=permission.action,
            resource=str(resource.arn),
            arn=arn(resource.arn),
            certainty=resource.certainty.value,
            origin=permission.origin.value,
            conditions=json.dumps(plain(permission.conditions), sort_keys=True) if permission.conditions else None,
            because=because or None,
            file=named.file(first) if first else None,
            line=first.line if first else None,
        )


def _because(named: Named, reasons: Sequence[Reason]) -> str:
    found = []
    for reason in reasons:
        what = (
            reason.name if isinstance(reason, SdkCall) else reason.said if isinstance(reason, Hint) else reason.setting
        )
        found.append(f"{named.file(reason.place)}:{reason.place.line} {what}")
    return "; ".join(found)
