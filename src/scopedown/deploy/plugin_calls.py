"""Plugins of the Serverless Framework whose own calls of AWS no row says, or only a part of them."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.deploy.model import Unresolved
from scopedown.deploy.names import Namer
from scopedown.deploy.rows import plugin_rows
from scopedown.deploy.settings import Settings
from scopedown.deploy.when import holds
from scopedown.project.model import Project
from scopedown.project.serverless.plugins import table

_REMEDY = "add the permissions that its documentation names"


def unread_calls(project: Project, settings: Settings, namer: Namer) -> Iterator[Unresolved]:
    """What the policy lacks for the plugins of a project: nothing was read of it, or it does what no row says."""
    if project.framework != "serverless":
        return
    for name in project.plugins:
        row = plugin_rows().get(name)
        if row is None:
            _, about = table().get(name, ("", ""))
            known = f" ({about})" if about else ""
            reason = f"scopedown does not know whether it calls AWS by itself{known}"
        elif row.remains and holds(row.when, settings, namer.text) is not None:
            reason = row.remains
        else:
            continue
        lacking = (
            "the policy allows none of its calls" if row is None or row.calls == "open" else "the policy lacks that"
        )
        yield Unresolved(f"plugin {name}", reason, lacking, remedy=_REMEDY)
