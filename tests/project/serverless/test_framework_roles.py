"""Roles as the framework compiles them: every kind of event and setting, without and with the per-function plugin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scopedown.project.load import load_project
from scopedown.project.options import Options

GOLDEN = Path(__file__).parent / "golden" / "roles"
"""Our own services, each with the roles and functions that osls 4.3.1 compiled of it."""
SHARED = Path(__file__).resolve().parents[4] / "shared" / "cases" / "framework-roles"


@pytest.mark.parametrize("case", sorted(path.name for path in GOLDEN.iterdir()))
def test_roles_equal_those_that_the_framework_compiles(case: str) -> None:
    compare(GOLDEN / case)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not beside this repository")
@pytest.mark.parametrize("case", ["kitchen", "plugin"])
def test_roles_of_every_kind_of_event_equal_those_that_the_framework_compiles(case: str) -> None:
    compare(SHARED / case)


def compare(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text())
    project = load_project(folder, Options())
    roles = {id: role.get("Properties", role) for id, role in expected["roles"].items()}
    declared = {id: role for id, role in project.roles.items() if role.declared}
    assert {id: role.properties for id, role in declared.items()} == roles
    for id, role in declared.items():
        written = [item for policy in roles[id].get("Policies", ()) for item in policy["PolicyDocument"]["Statement"]]
        assert [item.statement for item in role.statements[: len(written)]] == written
        assert all(item.place for item in role.statements)

    ours = {
        function.logical_id: {
            "FunctionName": function.name.literal,
            "Handler": function.handler.declared if function.handler else None,
            "Runtime": function.runtime,
            "Role": {"Fn::GetAtt": [function.role, "Arn"]} if project.roles[function.role].declared else None,
        }
        for function in project.functions
    }
    generated = {
        id: {name: resource.properties.get(name) for name in ("FunctionName", "Handler", "Runtime", "Role")}
        for id, resource in project.generated.items()
        if resource.type == "AWS::Lambda::Function"
    }
    for properties in (*expected["functions"].values(), *generated.values()):
        if list(properties["Role"]) != ["Fn::GetAtt"]:
            properties["Role"] = None  # a role outside of the project
    assert generated == expected["functions"]
    assert ours == {function.logical_id: generated[function.logical_id] for function in project.functions}
