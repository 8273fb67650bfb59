"""Whether IAM refuses a statement as the project writes it: that is told once, and nothing else of it is judged."""

from __future__ import annotations

from collections.abc import Mapping

from scopedown.compare.arn_normalization import texts
from scopedown.iam.errors import PolicyError
from scopedown.iam.parse import parse_policy


def refusal(written: Mapping[str, object]) -> PolicyError | None:
    """Why IAM refuses a statement of an identity-based policy; None where it does not, or where a deployment tells."""
    settled = _settled(written)
    if settled is None:
        return None
    try:
        parse_policy({"Version": "2012-10-17", "Statement": settled})
    except PolicyError as error:
        return error
    return None


def _settled(written: Mapping[str, object]) -> dict[str, object] | None:
    """A statement as plain text, with a text that IAM takes in place of each value that only a deployment has; None
    where whole elements are open."""
    found: dict[str, object] = {}
    for element, value in written.items():
        if element in ("Action", "NotAction", "Resource", "NotResource"):
            stands_for = "*" if element.endswith("Resource") else "s3:GetObject"
            items = [item if isinstance(item, str) else stands_for for item in texts(value)]  # type: ignore[arg-type]
            found[element] = items if isinstance(value, list | tuple) else (items[0] if items else [])
        elif element == "Condition":
            if (condition := _condition(value)) is None:
                return None
            found[element] = condition
        elif element in ("Effect", "Sid"):
            if not isinstance(value, str):
                return None
            found[element] = value
        else:
            found[element] = "*"
    return found


def _condition(value: object) -> dict[str, object] | None:
    found: dict[str, object] = {}
    for operator, keys in value.items() if isinstance(value, Mapping) else ():
        if operator.startswith("Fn::") or not isinstance(keys, Mapping):
            return None
        if any(key.startswith("Fn::") or not _is_plain(item) for key, item in keys.items()):
            return None
        found[operator] = dict(keys)
    return found


def _is_plain(value: object) -> bool:
    return isinstance(value, str | bool | int) or (
        isinstance(value, list | tuple) and all(isinstance(item, str | bool | int) for item in value)
    )
