"""What the framework has packaged is read as the project that it was packaged from.

``golden/compiled`` is a service of our own; ``packaged`` beside it is what osls 4.3.1 wrote for the stage qa (without
the copies of the template in its state file).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from oracle.comparing import HASHED
from scopedown.core.finding import ScopedownError
from scopedown.project.load import load_compiled, load_project
from scopedown.project.model import Function, Project
from scopedown.project.options import Options

GOLDEN = Path(__file__).parent / "golden" / "compiled"
TEMPLATE = "cloudformation-template-update-stack.json"
STATE = "serverless-state.json"


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """The service with the framework's output where the framework puts it."""
    folder = tmp_path / "shop"
    shutil.copytree(GOLDEN, folder)
    (folder / "packaged").rename(folder / ".serverless")
    return folder


def compiled(service: Path, **options: Any) -> Project:
    return load_compiled(service / ".serverless" / TEMPLATE, Options(**options))


def essence(function: Function) -> Any:
    """What a function is, wherever it was read."""
    return (
        function.key, function.name, function.logical_id, function.runtime, function.language, function.handler,
        function.environment, function.role, [(event.kind, event.settings) for event in function.events],
    )  # fmt: skip


def unhashed(ids: Any) -> set[str]:
    return {HASHED.sub(lambda match: match[1] or match[2] or match[3], id) for id in ids}


def test_a_packaged_service_is_the_service_that_was_packaged(service: Path) -> None:
    written, packaged = load_project(service, Options(stage="qa")), compiled(service)
    for name in ("service", "stage", "region", "framework", "plugins", "root"):
        assert getattr(packaged, name) == getattr(written, name)
    assert [essence(function) for function in packaged.functions] == [
        essence(function) for function in written.functions
    ]
    assert packaged.resources.keys() == written.resources.keys()
    assert unhashed(packaged.generated) == unhashed(written.generated)
    assert packaged.findings == ()


def test_its_role_has_the_same_statements_from_the_same_hands(service: Path) -> None:
    written, packaged = load_project(service, Options(stage="qa")), compiled(service)
    assert [
        [(one.added_by, one.statement) for one in project.roles["IamRoleLambdaExecution"].statements]
        for project in (packaged, written)
    ] == [[(one.added_by, one.statement) for one in written.roles["IamRoleLambdaExecution"].statements]] * 2


def test_places_are_those_of_the_template(service: Path) -> None:
    project = compiled(service)
    place = project.functions[0].place
    assert place.file == f".serverless/{TEMPLATE}"
    line = (service / place.file).read_text().splitlines()[place.line - 1]
    assert line[place.column - 1 :].startswith('"TakeOrderLambdaFunction"')


def test_without_its_state_a_template_is_read_all_the_same(service: Path) -> None:
    (service / ".serverless" / STATE).unlink()
    project = compiled(service)
    assert [function.key for function in project.functions] == ["takeOrder", "list-orders"]
    assert [function.handler and function.handler.file for function in project.functions] == ["src/orders.js"] * 2
    assert [finding.code for finding in project.findings] == ["compiled-state"]


def test_another_stage_than_the_packaged_one_is_told(service: Path) -> None:
    project = compiled(service, stage="prod")
    assert project.stage == "qa"
    assert [(one.code, str(one.place).rpartition("/")[2].partition(":")[0]) for one in project.findings] == [
        ("compiled-stage", STATE)
    ]


def test_functions_that_the_framework_adds_for_itself_are_none_of_the_project(service: Path) -> None:
    path = service / ".serverless" / TEMPLATE
    template = json.loads(path.read_text())
    own = template["Resources"]["TakeOrderLambdaFunction"]
    template["Resources"]["CustomDashresourceDashexistingDashs3LambdaFunction"] = own
    path.write_text(json.dumps(template))
    assert [function.key for function in compiled(service).functions] == ["takeOrder", "list-orders"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"Resources": []}', "{", '{"Resources": {"A": 5}, "x": "\\u0000"}'])
def test_what_is_no_template_is_one_error_or_none(service: Path, text: str) -> None:
    (service / ".serverless" / TEMPLATE).write_text(text)
    try:
        assert compiled(service).functions == ()
    except ScopedownError as error:
        assert error.remedy


@pytest.mark.parametrize("state", ["", "[]", '{"service": []}', '{"service": {"functions": {"takeOrder": 5}}}'])
def test_a_state_of_any_shape_does_no_harm(service: Path, state: str) -> None:
    (service / ".serverless" / STATE).write_text(state)
    assert len(compiled(service).functions) == 2


def test_a_template_that_is_missing_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(ScopedownError, match="does not exist") as caught:
        load_compiled(tmp_path / TEMPLATE, Options())
    assert "package" in caught.value.remedy
