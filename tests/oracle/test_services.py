"""Whole services: functions, roles and statements here equal what the framework compiles of the same folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from oracle.harness import ROOT, Answer, Framework
from oracle.resolving import Stubs
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

pytestmark = pytest.mark.oracle

SHARED = ROOT.parent / "shared" / "cases"
GOLDEN = ROOT / "tests" / "project" / "serverless" / "golden" / "roles"
FOLDERS = [
    *sorted(path.parent for path in (ROOT / "tests" / "apps").glob("*/serverless.yml")),
    ROOT / "examples" / "todos",
    *sorted(path.parent for path in GOLDEN.glob("*/serverless.yml")),
    *sorted(path.parent for path in SHARED.glob("event-services/*/serverless.yml")),
    *sorted(path.parent for path in SHARED.glob("framework-roles/*/serverless.yml")),
]
CHANGE_ROLES = ("serverless-iam-roles-per-function", "serverless-step-functions", "serverless-lift")
"""Plugins without which the roles are not those of the service; others only build its code."""


def name(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


@pytest.fixture(scope="session")
def compiled(framework: Framework) -> dict[Path, tuple[Answer, Project]]:
    return {}


@pytest.fixture(params=FOLDERS, ids=name)
def both(
    request: pytest.FixtureRequest, framework: Framework, compiled: dict[Path, tuple[Answer, Project]]
) -> tuple[Mapping[str, Any], Project]:
    """A service's template as the framework compiles it, and the project as it is read here."""
    folder: Path = request.param
    if folder not in compiled:
        answer = framework.read(folder)
        compiled[folder] = answer, load_project(folder, Options(values=Stubs(), account="123456789012"))
    answer, project = compiled[folder]
    assert (answer.failed, dict(answer.refused)) == (None, {})
    if without := [plugin for plugin in answer.dropped if plugin in CHANGE_ROLES]:
        pytest.skip(f"{', '.join(without)} is not installed beside osls")
    assert answer.template is not None
    return answer.template["Resources"], project


def of_type(resources: Mapping[str, Any], kind: str) -> dict[str, Mapping[str, Any]]:
    return {id: item.get("Properties", {}) for id, item in resources.items() if item["Type"] == kind}


def test_functions_have_the_names_handlers_and_runtimes_that_are_deployed(
    both: tuple[Mapping[str, Any], Project],
) -> None:
    resources, project = both
    ours = {
        function.logical_id: (
            function.name.literal,
            function.handler.declared if function.handler and function.runtime else None,
            function.runtime,
        )
        for function in project.functions
    }
    generated = {
        id: (item.properties.get("FunctionName"), item.properties.get("Handler"), item.properties.get("Runtime"))
        for id, item in project.generated.items()
        if item.type == "AWS::Lambda::Function"
    }
    declared = {id: None for id, item in project.resources.items() if item.type == "AWS::Lambda::Function"}
    theirs = {
        id: (item.get("FunctionName"), item.get("Handler"), item.get("Runtime"))
        for id, item in of_type(resources, "AWS::Lambda::Function").items()
        if id not in declared
    }
    assert {**ours, **generated} == theirs


def test_functions_see_the_environment_that_is_deployed(both: tuple[Mapping[str, Any], Project]) -> None:
    resources, project = both
    scope = Scope.of(project)
    functions = of_type(resources, "AWS::Lambda::Function")
    for function in project.functions:
        variables = functions[function.logical_id].get("Environment", {}).get("Variables", {})
        assert function.environment == {name: to_text(value, scope) for name, value in variables.items()}


def test_every_role_has_the_ordered_statements_that_are_deployed(both: tuple[Mapping[str, Any], Project]) -> None:
    resources, project = both
    ours = {id: role.properties for id, role in project.roles.items() if role.declared}
    assert ours == of_type(resources, "AWS::IAM::Role")
    for id, role in project.roles.items():
        if role.declared:
            written = [
                statement
                for policy in resources[id]["Properties"].get("Policies", ())
                for statement in policy["PolicyDocument"]["Statement"]
            ]
            assert [item.statement for item in role.statements][: len(written)] == written


def test_every_function_has_the_role_that_is_deployed(both: tuple[Mapping[str, Any], Project]) -> None:
    resources, project = both
    functions = of_type(resources, "AWS::Lambda::Function")
    scope = Scope.of(project)
    for function in project.functions:
        role = functions[function.logical_id]["Role"]
        if project.roles[function.role].declared:
            assert role in ({"Fn::GetAtt": [function.role, "Arn"]}, {"Fn::Sub": f"${{{function.role}.Arn}}"})
        else:
            assert function.role == role or function.role in str(to_text(role, scope))
