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
