"""Is new access more than words? A resource, or a condition key, that AWS's list does not have for the actions, or
what AWS refuses with any policy.

The policy language takes actions, resources and keys as independent, and so does AWS's own check. Such rows are marked
and never left out.
"""

from __future__ import annotations

import re
from functools import cache

from scopedown.catalog.load import catalog
from scopedown.catalog.model import Action
from scopedown.core.arn import parse_arn
from scopedown.iam.arn import resource_template
from scopedown.iam.newaccess import Row
from scopedown.iam.newaccess.patterns import meets, pattern
from scopedown.iam.services import refused
from scopedown.iam.variables import is_static

_VARIABLE = re.compile(r"\$\{[^}]*\}|<[^>]*>")
_GLOBAL = ("aws:", "saml:", "cognito-identity", "www.amazon.com", "accounts.google.com", "graph.facebook.com")


def only_in_language(row: Row) -> str:
    """Why a row may be no access in practice; empty where it is."""
    known = [found for name in row.actions if "*" not in name and "?" not in name and (found := catalog().action(name))]
    if not known or len(known) < len(row.actions):
        return ""
    never = [refused(action.name, one) for action in known for one in row.resources]
    reasons = [one.reason for one in never if one is not None]
    if never and len(reasons) == len(never):
        return f"AWS refuses it, because {reasons[0]}"
    if not any(_has_resource(action, one) for action in known for one in row.resources):
        return "AWS has no such resource for it"
    missing = [key for key in row.witness.context if not any(_sets(action, key) for action in known)]
    return f"AWS does not set {missing[0]} for it" if missing else ""


@cache
def _has_resource(action: Action, written: str) -> bool:
    """Whether a resource of an action's types may match a pattern; an action without types is asked for ``*``."""
    if parse_arn(written) is None or written.startswith("everything but "):
        return True
    if not action.resource_types:
        return False
    template = resource_template(written, variables=True, pad=True)
    if not is_static(template):
        return True
    service = action.name.partition(":")[0]
    for name in action.resource_types:
        kind = catalog().resource_type(service, name)
        if kind is None or not kind.arn:
            return True
        shape = resource_template(_VARIABLE.sub("*", kind.arn), variables=False, pad=True)
        if meets(pattern(template), pattern(shape)):
            return True
    return False


def _sets(action: Action, key: str) -> bool:
    """Whether AWS lists a key for an action, its own or of its resources."""
    if key.startswith(_GLOBAL) or ":" not in key:
        return True
    service = action.name.partition(":")[0]
    listed = list(action.condition_keys)
    for name in action.resource_types:
        kind = catalog().resource_type(service, name)
        listed += kind.condition_keys if kind is not None else ()
    return any(_is_key(one, key) for one in listed)


def _is_key(listed: str, key: str) -> bool:
    head = _VARIABLE.split(listed.lower())[0]
    return key == head or (head != listed.lower() and key.startswith(head))
