"""Calls of operations that the AWS data lacks and an installed botocore has: newer than the data, not misspelt.

In: a call report, the project's folder. Out: the report, in which such a call is also a possible one, and what was not
seen says so. The botocore is that of the project's virtual environment, else the one that this program could import.
The report cache does not depend on it, because this is worked out after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from scopedown.calls.model import CallReport, PossibleCall
from scopedown.catalog import AWS_DATA
from scopedown.catalog.model import Catalog
from scopedown.catalog.newer import Models, Newer
from scopedown.core.coverage import Cause, Unseen
from scopedown.source.resolve.environments import ENVIRONMENTS, site_packages


def models_of(root: Path) -> Models:
    """The models that a project of this folder may use; nothing is read before the first question."""
    return Models(_installed(root))


def with_newer_names(report: CallReport, models: Models, catalog: Catalog) -> CallReport:
    """The report, with what the models know of the names that the AWS data lacks."""
    unseen, possible = [], list(report.possible)
    for one in report.unseen:
        newer = models.find(*one.called) if one.cause is Cause.OPERATION and one.called[1] else None
        if newer is None:
            unseen.append(one)
            continue
        unseen.append(_told(one, newer, catalog))
        if newer.operation and one.place is not None:
            reason = f"it is newer than the AWS data of {AWS_DATA}"
            possible.append(PossibleCall(newer.service, newer.operation, one.place, reason))
    return replace(report, unseen=tuple(unseen), possible=tuple(possible))


def _told(unseen: Unseen, newer: Newer, catalog: Catalog) -> Unseen:
    """What was not seen, in the words for a name that exists."""
    kind = f"the operation {newer.service}.{newer.operation}" if newer.operation else f"the service {newer.service}"
    source = f"botocore {newer.version}".strip()
    what = f"{kind} is newer than the AWS data of {AWS_DATA} ({source} has it)"
    known = catalog.service(newer.service)
    action = f"{known.prefix if known else newer.service}:{newer.operation or 'ACTION'}"
    remedy = (
        f"upgrade scopedown, or add the comment # scopedown: needs {action} on TARGET. AWS's documentation says "
        "which action it needs"
    )
    return replace(unseen, what=what, remedy=remedy)


def _installed(root: Path) -> Iterator[Path]:
    """Folders of installed packages: the project's virtual environments, then this program's own."""
    for name in ENVIRONMENTS:
        yield from site_packages(root / name)
    spec = find_spec("botocore")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent.parent
