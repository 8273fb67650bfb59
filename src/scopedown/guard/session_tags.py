"""Session tags as STS takes them: a key is the same key in large and small letters.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html ("Things to know about session tags": keys are
not case-sensitive), https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (Tags: an inherited
transitive tag cannot be passed again).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scopedown.guard.responses import RefusedError
from scopedown.iam.folding import fold


def session_tags(given: Mapping[str, Any]) -> dict[str, str]:
    """The tags that a request passes. Raises RefusedError for a key that comes twice."""
    found: dict[str, str] = {}
    for one in given.get("Tags") or ():
        if fold(one["Key"]) in map(fold, found):
            said = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
            raise RefusedError("InvalidParameterValue", said)
        found[one["Key"]] = one["Value"]
    return found


def require_not_inherited(tags: Mapping[str, str], inherited: Mapping[str, str]) -> None:
    """Raise RefusedError for a tag that the session to come inherits already."""
    if set(map(fold, tags)) & set(map(fold, inherited)):
        said = "One of the session tags conflicts with a transitive tag of the calling session."
        raise RefusedError("InvalidParameterValue", said)


def joined(*several: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Tags in the place of others: of several with one key the last counts."""
    found: dict[str, tuple[str, str]] = {}
    for tags in several:
        for key, value in tags:
            found[fold(key)] = (key, value)
    return dict(found.values())
