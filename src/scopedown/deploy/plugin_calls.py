"""Plugins of the Serverless Framework that call AWS themselves: named where no row says what they call."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.deploy.model import Unresolved
from scopedown.deploy.rows import command_rows
from scopedown.project.model import Project
from scopedown.project.serverless.plugins import table


def unread_calls(project: Project, framework: str) -> Iterator[Unresolved]:
    """What the policy lacks for a plugin: the table knows that it calls AWS, or does not know it, and has no rows."""
    if project.framework != "serverless" or not project.plugins:
        return
    known = {
        name for row in command_rows(framework) for name in project.plugins if f"plugins.{name}" in row.when.split()
    }
    for name in project.plugins:
        effect, about = table().get(name, ("", ""))
        if name in known or effect not in ("calls", ""):
            continue
        reason = f"it calls AWS by itself ({about})" if effect else "scopedown does not know whether it calls AWS"
        yield Unresolved(
            f"plugin {name}", reason, "the policy allows none of its calls",
            remedy="add the permissions that its documentation names",
        )  # fmt: skip
