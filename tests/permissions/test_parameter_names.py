"""The ARN of an SSM parameter whose name is known at deployment only: one slash, whoever brings it."""

from __future__ import annotations

from typing import Any

import pytest
from permission_words import a_function, a_project, sdk_call, short

from scopedown.catalog.load import SqliteCatalog
from scopedown.core.text import EnvVar, ImportValue, Param, Text
from scopedown.permissions.bind import bind
from scopedown.permissions.require import require

PARAMETERS = {
    "Path": {"Type": "String", "Default": "/app/config"},
    "Plain": {"Type": "String", "Default": "config"},
    "Open": {"Type": "String"},
    "Value": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/where/the/name/is"},
}


def needed(facts: SqliteCatalog, operation: str, argument: str, name: Any) -> list[str]:
    project, function = a_project(parameters=PARAMETERS), a_function({"NAME": Text.of(name)})
    [one] = require(sdk_call(f"ssm.{operation}", {argument: EnvVar("NAME")}), facts)
    return [short(resource.arn) for resource in bind(one, function, project, facts).resources]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (Param("Path"), "parameter${Path}"),
        (Param("Plain"), "parameter/${Plain}"),
        (Param("Open"), "parameter/${Open}"),
        (Param("Value"), "parameter/${Value}"),
    ],
)
def test_a_name_brings_its_slash_where_its_default_does(facts: SqliteCatalog, name: Any, expected: str) -> None:
    assert needed(facts, "GetParameter", "Name", name) == [f"arn:P:ssm:R:A:{expected}"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (Param("Path"), "parameter${Path}"),
        (Param("Open"), "parameter${Open}"),
        (ImportValue(Text.of("path")), "parameter${ImportValue path}"),
    ],
)
def test_a_path_always_brings_one(facts: SqliteCatalog, path: Any, expected: str) -> None:
    found = needed(facts, "GetParametersByPath", "Path", path)
    assert found == [f"arn:P:ssm:R:A:{expected}", f"arn:P:ssm:R:A:{expected}/*"]
