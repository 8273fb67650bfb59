"""Whole configurations that are programs: read here as the framework reads them by running them.

``golden/NAME/serverless.*`` are services of our own; ``expected.json`` beside each is what osls 4.3.1 made of it
(``lib/configuration/read.js``, with the variables of :data:`ENVIRONMENT`). tests/oracle/test_programs.py asks it again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.place import Place
from scopedown.documents.document import Document, Files
from scopedown.documents.nodes import place_of, value_place
from scopedown.languages.javascript.programs.read import read_program
from scopedown.project.load import load_project
from scopedown.project.options import Options

GOLDEN = Path(__file__).parent / "golden"
PROGRAMS = sorted(GOLDEN.glob("*/serverless.*"))
ENVIRONMENT = {"STAGE_NAME": "qa"}


def read(path: Path) -> Document:
    return read_program(path, Files(path.parent), Options(environment=ENVIRONMENT))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.parent.name)
def test_a_program_is_read_as_the_framework_reads_it(path: Path) -> None:
    document = read(path)
    assert document.tree == json.loads((path.parent / "expected.json").read_text(encoding="utf-8"))
    assert document.remarks == ()


def without_places(node: Any, path: str = "") -> list[str]:
    """Keys and items that know no place."""
    if isinstance(node, dict):
        missing = [f"{path}.{key}" for key in node if not (place_of(node, key) and value_place(node, key))]
        return missing + [one for key, item in node.items() for one in without_places(item, f"{path}.{key}")]
    if isinstance(node, list):
        missing = [f"{path}.{index}" for index in range(len(node)) if place_of(node, index) is None]
        return missing + [one for index, item in enumerate(node) for one in without_places(item, f"{path}.{index}")]
    return []


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.parent.name)
def test_every_key_and_item_knows_where_it_stands(path: Path) -> None:
    assert without_places(read(path).tree) == []


def test_places_are_those_of_the_file_that_a_value_is_written_in() -> None:
    tree = read(GOLDEN / "typescript" / "serverless.ts").tree
    assert place_of(tree, "service") == Place("serverless.ts", 15, 3)
    assert value_place(tree, "service") == Place("serverless.ts", 15, 12)
    order = tree["functions"]["takeOrder"]
    assert order.place == Place("src/functions/orders/index.ts", 4, 16)
    assert place_of(order["events"], 0) == Place("src/functions/orders/index.ts", 6, 12)
    table = tree["resources"]["Resources"]["OrdersTable"]
    assert place_of(table, "Type") == Place("config/tables.ts", 6, 5)


def test_a_program_is_a_project_like_any_other() -> None:
    project = load_project(GOLDEN / "typescript", Options(environment=ENVIRONMENT))
    assert (project.service, project.stage, project.region) == ("shop", "qa", "eu-west-1")
    assert {one.key: one.handler and one.handler.file for one in project.functions} == {
        "takeOrder": "src/functions/orders/handler.ts",
        "report": "src/functions/reports/handler.ts",
    }
    assert str(project.functions[0].environment["SELF"]) == "shop-qa"
    role = project.roles["IamRoleLambdaExecution"]
    assert {str(one.place) for one in role.statements if one.added_by == "project"} == {"serverless.ts:32:61"}
    assert project.findings == ()
