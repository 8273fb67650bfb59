"""How a resource differs from its template, property by property.

In: what a template says of a property, and what the resource has. Out: differences as DescribeStackResourceDrifts tells
them. Only what the template says is compared
(https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_PropertyDifference.html).
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final

Difference = dict[str, str]
Numbered = tuple[int, Any]
"""An item of a list with its place."""
MOST_PAIRS: Final = 10_000
"""Pairs of items that are compared; of longer lists only equal items are the same."""


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
    unpaired, rest = _without_equals(expected, actual)
    is_short = len(unpaired) * len(rest) <= MOST_PAIRS
    missing = []
    for number, one in unpaired:
        same = next((pair for pair in rest if not any(differences("", one, pair[1]))), None) if is_short else None
        if same is None:
            missing.append((number, one))
        else:
            rest.remove(same)
    for number, one in missing:
        yield _told(f"{path}/{number}", one, None, "REMOVE")
    for number, one in rest:
        yield _told(f"{path}/{number}", None, one, "ADD")


def _without_equals(expected: list[Any], actual: list[Any]) -> tuple[list[Numbered], list[Numbered]]:
    """The items of both lists that are not in the other as they are, with their places."""
    there: dict[str, deque[int]] = {}
    for number, one in enumerate(actual):
        there.setdefault(_text(_plain(one)), deque()).append(number)
    unpaired = []
    for number, one in enumerate(expected):
        if same := there.get(_text(_plain(one))):
            same.popleft()
        else:
            unpaired.append((number, one))
    left = sorted(number for numbers in there.values() for number in numbers)
    return unpaired, [(number, actual[number]) for number in left]


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
