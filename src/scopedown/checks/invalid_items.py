"""Actions that AWS does not have and resources that are no ARNs: such an item of a statement is told once, by the rule
that is about it, and no other rule says of it that it is unused or has no effect."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scopedown.catalog.model import Catalog
from scopedown.core.text import Literal, Text
from scopedown.iam.wildcard import matching

_PARTITION = re.compile(r"aws(-[a-z]+)*|\*")
_SERVICE_NAME = re.compile(r"[a-z0-9*?-]+")
_ACCOUNT = re.compile(r"[0-9]{12}|aws|[0-9*?]*\*[0-9*?]*|")
_FIELDS: Mapping[int, tuple[re.Pattern[str], str, str]] = {
    1: (_PARTITION, "partition", "INVALID_PARTITION"),
    2: (_SERVICE_NAME, "service", "INVALID_ARN_SERVICE_CASE"),
    4: (_ACCOUNT, "account", "INVALID_ARN_ACCOUNT"),
}


def wrong_action(catalog: Catalog, action: str) -> tuple[str, str]:
    """What is wrong with the name of an action, and IAM Access Analyzer's code for it; nothing where AWS has it."""
    prefix, colon, name = action.partition(":")
    if not colon or not name or set(prefix) & set("*?"):
        return "", ""  # malformed-statement says it
    known = [one.name.lower() for one in catalog.actions_of(prefix.lower())]
    if not known:
        return f"AWS has no service {prefix}", "INVALID_SERVICE_IN_ACTION"
    fits = matching(action.lower())
    return ("", "") if any(map(fits, known)) else (f"{prefix} has no such action", "INVALID_ACTION")


def wrong_resource(text: Text) -> tuple[str, str]:
    """What is wrong with the fields before the resource's own, as far as they are known, and the code for it."""
    if not text.parts or not isinstance(first := text.parts[0], Literal):
        return "", ""  # a reference says it all
    fields = first.value.split(":", 5)
    whole = len(text.parts) == 1
    if first.value.startswith("*"):
        return "", ""
    if fields[0] != "arn" and (len(fields) > 1 or whole):
        return "an ARN begins with arn:", "INVALID_ARN_PREFIX"
    known = fields if whole or len(fields) == 6 else fields[:-1]  # the last one may go on in what is not known
    if whole and len(fields) < 6 and "*" not in first.value:
        return f"an ARN has six fields, this one has {len(fields)}", "MISSING_ARN_FIELD"
    for at, (expression, what, code) in _FIELDS.items():
        if at < len(known) and at < 5 and not expression.fullmatch(known[at]):
            return f"{known[at] or 'nothing'} is no {what}", code
    return "", ""
