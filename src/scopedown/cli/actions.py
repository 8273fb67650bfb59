"""Names of actions that the user gives: each is looked up, so that a misspelt one is no answer about permissions."""

from __future__ import annotations

from typing import cast

from scopedown.core.finding import ScopedownError


def require_actions(wanted: str) -> None:
    """Raise where the data has no action that is meant by an action, a pattern of actions, or a service's prefix.

    Raises ScopedownError that suggests known names; an operation (``s3.HeadObject``) is answered with its actions.
    """
    from scopedown.catalog import AWS_DATA
    from scopedown.catalog.load import SqliteCatalog, catalog
    from scopedown.catalog.lookup import did_you_mean, look_up
    from scopedown.iam.wildcard import matching

    known = cast(SqliteCatalog, catalog())
    pattern = (wanted if ":" in wanted else f"{wanted}:*").lower()
    if any(map(matching(pattern), map(str.lower, known.action_names()))):
        return
    data = look_up(known, wanted) or {}
    if data.get("kind") == "operation":
        actions = ", ".join(one["action"] for one in data["actions"])
        remedy = f"name its action, {actions}" if actions else "it needs no permission"
        raise ScopedownError(f"{wanted} is an operation, not an action", remedy=remedy)
    if data.get("kind") == "service" and data["prefix"]:
        raise ScopedownError(f"no action begins with {wanted}:", remedy=f"write {data['prefix']} for this service")
    kind = "operation" if "." in wanted and ":" not in wanted else "action"
    shown = wanted if wanted and " " not in wanted else repr(wanted)
    what = f"matches {shown}" if "*" in wanted or "?" in wanted else f"is named {shown}"
    raise ScopedownError(
        f"no {kind} {what} in AWS's data of {AWS_DATA}",
        remedy=did_you_mean(known, wanted) or "look names up with scopedown catalog",
    )
