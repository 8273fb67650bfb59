"""Where ``deploy-policy`` deploys to, by its options."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from scopedown.core.finding import ScopedownError

if TYPE_CHECKING:
    from scopedown.project.model import Project


def in_partition(project: Project, partition: str | None) -> Project:
    """The project in the partition that ``--partition`` names. Raises ScopedownError for what is none."""
    if partition is None:
        return project
    if not re.fullmatch(r"aws(-[a-z]+)*", partition):
        raise ScopedownError(f"{partition!r} is not a partition", remedy="write aws, aws-cn or aws-us-gov")
    return replace(project, partition=partition)


def with_bucket(project: Project, name: str) -> Project:
    """The project, whose code goes into the bucket of ``--s3-bucket``. Raises ScopedownError where that cannot be."""
    if project.framework not in ("sam", "cloudformation"):
        raise ScopedownError(
            "--s3-bucket is an option of SAM and of aws cloudformation package",
            remedy="name the bucket in the project's own configuration",
        )
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        raise ScopedownError(
            f"{name!r} is not the name of a bucket", remedy="use lower-case letters, digits and hyphens"
        )
    return replace(project, provider={**project.provider, "deploymentBucket": {"name": name}})
