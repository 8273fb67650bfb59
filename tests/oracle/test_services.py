"""Whole services: every resource that is read here equals what the framework compiles of the same folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from oracle.comparing import differences
from oracle.harness import ROOT, Answer, Framework
from oracle.resolving import Stubs
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

pytestmark = pytest.mark.oracle

SHARED = ROOT.parent / "shared" / "cases"
GOLDEN = ROOT / "tests" / "project" / "serverless" / "golden"
FOLDERS = [
    *sorted(path.parent for path in (ROOT / "tests" / "apps").glob("*/serverless.yml")),
    ROOT / "examples" / "todos",
    *sorted(path.parent for kind in ("roles", "resources") for path in GOLDEN.glob(f"{kind}/*/serverless.yml")),
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
        compiled[folder] = (
            answer,
            load_project(folder, Options(values=Stubs(), account="123456789012", framework="osls")),
        )
    answer, project = compiled[folder]
    assert (answer.failed, dict(answer.refused)) == (None, {})
    if without := [plugin for plugin in answer.dropped if plugin in CHANGE_ROLES]:
        pytest.skip(f"{', '.join(without)} is not installed beside osls")
    assert answer.template is not None
    return answer.template, project


def test_a_service_deploys_what_the_framework_compiles(both: tuple[Mapping[str, Any], Project]) -> None:
    template, project = both
    assert [str(one) for one in differences(template, project)] == []


def test_every_role_has_the_ordered_statements_that_are_deployed(both: tuple[Mapping[str, Any], Project]) -> None:
    template, project = both
    deployed = {
        id: item["Properties"] for id, item in template["Resources"].items() if item["Type"] == "AWS::IAM::Role"
    }
    declared = {id: role for id, role in project.roles.items() if role.declared}
    assert {id: role.properties for id, role in declared.items()} == deployed
    for id, role in declared.items():
        written = [
            item for policy in deployed[id].get("Policies", ()) for item in policy["PolicyDocument"]["Statement"]
        ]
        assert [item.statement for item in role.statements[: len(written)]] == written
