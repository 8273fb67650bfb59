"""How a resource differs from its template, property by property.

In: what a template says of a property, and what the resource has. Out: differences as DescribeStackResourceDrifts tells
them. Only what the template says is compared
(https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_PropertyDifference.html).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Difference = dict[str, str]


def differences(path: str, expected: Any, actual: Any) -> Iterator[Difference]:
    """Differences of what is at ``path`` (``/Environment/Variables/TABLE``). ``actual``: None where it is not there.

    Numbers and truths may be text, a document may be text, and one item may be a list of one: services answer so.

    >>> list(differences("/DelaySeconds", 5, "9"))[0]["DifferenceType"]
    'NOT_EQUAL'
    """
    expected, actual = _plain(expected), _plain(actual)
    if actual is None:
        yield _told(path, expected, None, "REMOVE")
    elif isinstance(expected, Mapping) and isinstance(actual, Mapping):
        told = {str(key).lower(): one for key, one in actual.items()}
        for key, value in expected.items():
            yield from differences(f"{path}/{key}", value, told.get(str(key).lower()))
    elif isinstance(expected, list) or isinstance(actual, list):
        yield from _of_lists(path, _listed(expected), _listed(actual))
    elif expected != actual:
        yield _told(path, expected, actual, "NOT_EQUAL")


def tag_differences(path: str, expected: Any, actual: Any, others: Mapping[str, str]) -> Iterator[Difference]:
    """Differences of tags. ``others`` are the stack's, which CloudFormation puts on beside the resource's own."""
    wanted = _tags(expected)
    live = {
        key: value for key, value in _tags(actual).items()
        if key in wanted or not (key.startswith("aws:") or others.get(key) == value)
    }  # fmt: skip
    for number, (key, value) in enumerate(wanted.items()):
        pair = {"Key": key, "Value": value}
        if key not in live:
            yield _told(f"{path}/{number}", pair, None, "REMOVE")
        elif live[key] != value:
            yield _told(f"{path}/{number}/Value", value, live[key], "NOT_EQUAL")
    for number, key in enumerate((key for key in live if key not in wanted), len(wanted)):
        yield _told(f"{path}/{number}", None, {"Key": key, "Value": live[key]}, "ADD")


def _of_lists(path: str, expected: list[Any], actual: list[Any]) -> Iterator[Difference]:
    rest = list(enumerate(actual))
    missing = []
    for number, one in enumerate(expected):
        same = next((pair for pair in rest if not any(differences("", one, pair[1]))), None)
        if same is None:
            missing.append((number, one))
        else:
            rest.remove(same)
    for number, one in missing:
        yield _told(f"{path}/{number}", one, None, "REMOVE")
    for number, one in rest:
        yield _told(f"{path}/{number}", None, one, "ADD")


def _told(path: str, expected: Any, actual: Any, kind: str) -> Difference:
    return {
        "PropertyPath": path, "ExpectedValue": _text(expected), "ActualValue": _text(actual), "DifferenceType": kind,
    }  # fmt: skip


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _plain(value: Any) -> Any:
    """Scalars as text, documents as trees."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return _plain(json.loads(value))
        except (ValueError, RecursionError):
            return value
    if isinstance(value, list) and len(value) == 1:
        return _plain(value[0])
    return value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _tags(value: Any) -> dict[str, str]:
    """Tags as pairs or as a mapping, by key."""
    if isinstance(value, Mapping):
        return {str(key): str(one) for key, one in value.items()}
    found = {}
    for one in value if isinstance(value, list) else []:
        pair = {str(key).lower(): item for key, item in one.items()} if isinstance(one, Mapping) else {}
        if "key" in pair:
            found[str(pair["key"])] = str(pair.get("value", ""))
    return found
