"""Equal permissions become one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scopedown.core.place import Place
from scopedown.permissions.merge import merge
from scopedown.permissions.model import RequiredPermission

Permissions = Callable[..., tuple[RequiredPermission, ...]]


def test_the_same_need_of_two_calls_is_one_permission_with_two_reasons(permissions: Permissions) -> None:
    (first,) = permissions("dynamodb.GetItem", TableName="t")
    (call,) = first.because
    second = replace(first, because=(replace(call, place=Place("app.py", 2, 1)),))  # type: ignore[type-var]
    merged = merge([first, second, first])
    assert [one.action for one in merged] == ["dynamodb:GetItem"]
    assert [reason.place.line for reason in merged[0].because] == [2, 7]


def test_other_resources_stay_apart(permissions: Permissions) -> None:
    merged = merge([*permissions("dynamodb.GetItem", TableName="b"), *permissions("dynamodb.GetItem", TableName="a")])
    assert [str(one.resources[0].arn).rpartition("/")[2] for one in merged] == ["a", "b"]
