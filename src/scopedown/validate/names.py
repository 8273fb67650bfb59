"""Whether AWS has an action, and whether a resource's text begins as an ARN does: for rules of check and for findings.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/ and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from scopedown.iam.wildcard import matching

PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f")
"""https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html"""
_PARTITION = re.compile("|".join((*PARTITIONS, r"aws[a-z?-]*[*?][a-z*?-]*", r"[*?][a-z*?-]*")))
_SERVICE_NAME = re.compile(r"[a-z0-9*?-]+")
_ACCOUNT = re.compile(r"[0-9]{12}|aws|[0-9*?]*[*?][0-9*?]*|")
_FIELDS: Mapping[int, tuple[re.Pattern[str], str, str]] = {
    1: (_PARTITION, "partition", "INVALID_PARTITION"),
    2: (_SERVICE_NAME, "service", "INVALID_ARN_SERVICE_CASE"),
    4: (_ACCOUNT, "account", "INVALID_ARN_ACCOUNT"),
}


def wrong_action(known: Collection[str], action: str) -> tuple[str, str]:
    """What is wrong with the name of an action, and IAM Access Analyzer's code for it; nothing where AWS has it.

    ``known`` are the names of the service's actions, in lower case.
    """
    prefix, colon, name = action.partition(":")
    if not colon or not name or set(prefix) & set("*?"):
        return "", ""  # other rules say it
    if not known:
        return f"AWS has no service {prefix}", "INVALID_SERVICE_IN_ACTION"
    lower = action.lower()
    if lower in known or any(map(matching(lower), known)):
        return "", ""
    return f"{prefix} has no such action", "INVALID_ACTION"


def nearest(text: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known text that resembles a wrong one most; empty where none does."""
    return next(iter(get_close_matches(text, known, n=1, cutoff=cutoff)), "")


def near_action(known: Mapping[str, str], action: str) -> str:
    """The action of the same service whose name resembles a wrong one most; empty where none does.

    ``known`` has the service's actions by their names in lower case.
    """
    return known.get(nearest(action.lower(), known, 0.75), "")


def did_you_mean(near: str) -> str:
    """How a message goes on with a name that resembles a wrong one; empty where there is none."""
    return f"; did you mean {near}?" if near else ""


def wrong_beginning(begins: str, whole: bool) -> tuple[str, str]:
    """What is wrong with the fields of a resource before its own, and the code for it.

    ``begins`` is the text as far as it is known; ``whole``: nothing follows it.
    """
    fields = begins.split(":", 5)
    if not begins or begins.startswith("*"):
        return "", ""
    if fields[0] != "arn" and (len(fields) > 1 or whole):
        return "an ARN begins with arn:", "INVALID_ARN_PREFIX"
    known = fields if whole or len(fields) == 6 else fields[:-1]  # the last one may go on in what is not known
    if whole and len(fields) < 6 and not begins.endswith("*"):
        return f"an ARN has six fields, this one has {len(fields)}", "MISSING_ARN_FIELD"
    for at, (expression, what, code) in _FIELDS.items():
        if at < len(known) and at < 5 and not expression.fullmatch(known[at]):
            return f"{known[at] or 'nothing'} is not a valid {what}", code
    return "", ""
