"""Roles as the framework compiles them: every kind of event and setting, without and with the per-function plugin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scopedown.project.load import load_project
from scopedown.project.options import Options

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "framework-roles"


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not beside this repository")
@pytest.mark.parametrize("case", ["kitchen", "plugin"])
def test_roles_and_functions_equal_those_that_the_framework_compiles(case: str) -> None:
    expected = json.loads((CASES / case / "expected.json").read_text())
    project = load_project(CASES / case, Options())
    assert {id: role.properties for id, role in project.roles.items()} == {
        id: role["Properties"] for id, role in expected["roles"].items()
    }
    for id, role in project.roles.items():
        written = expected["roles"][id]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
        assert [item.statement for item in role.statements] == written
        assert all(item.place for item in role.statements)

    ours = {
        function.logical_id: {
            "FunctionName": function.name.literal,
            "Handler": function.handler.declared if function.handler else None,
            "Runtime": function.runtime,
            "Role": {"Fn::GetAtt": [function.role, "Arn"]},
        }
        for function in project.functions
    }
    frameworks_own = {
        id: dict(resource.properties)
        for id, resource in project.generated.items()
        if resource.type == "AWS::Lambda::Function"
    }
    assert {**ours, **frameworks_own} == expected["functions"]
