"""Generated configurations, each with what the framework's resolver (osls 4.3.1) made of it.

``golden/variables/configurations.jsonl`` was written by a generator with a fixed seed: every line has a configuration,
command-line options, the framework's result and the properties that it refuses. The files that the configurations
name stand beside it. ``strings.jsonl`` has strings and what the framework's parser finds in them (null: no variable;
"error": it refuses the string).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from framework_answers import forget, numbers
from scopedown.documents.document import Files, parse_json
from scopedown.project.options import Options
from scopedown.project.serverless.resolve import resolve
from scopedown.project.serverless.variables import Fragment, Source, Variable, VariableSyntaxError, parse

GOLDEN = Path(__file__).parent / "golden" / "variables"
CONFIGURATIONS = [json.loads(line) for line in (GOLDEN / "configurations.jsonl").read_text().splitlines()]
STRINGS = [json.loads(line) for line in (GOLDEN / "strings.jsonl").read_text().splitlines()]
ENVIRONMENT = {"FZ_A": "ea", "FZ_VAR": "${self:service}", "FZ_EMPTY": ""}


class Stubs(dict[str, Any]):
    """Every value that only AWS knows, as the framework's answers were taken: ``stub-SOURCE:ADDRESS``."""

    def get(self, key: str, default: Any = None) -> Any:
        if key == "sls:instanceId":
            return "ORACLE"
        source, _, address = key.partition(":")
        return f"stub-{source}:{address}" if source in ("ssm", "cf", "s3") else default


@pytest.mark.parametrize("number", range(len(CONFIGURATIONS)))
def test_a_configuration_resolves_as_the_framework_resolves_it(number: int) -> None:
    case = CONFIGURATIONS[number]
    given = case["options"]
    options = Options(
        stage=given.get("stage"),
        region=given.get("region"),
        account="123456789012",
        opts={name: value for name, value in given.items() if name == "x"},
        environment=ENVIRONMENT,
        values=Stubs(),
    )
    tree = parse_json(json.dumps(case["config"]), "serverless.json").tree
    resolution = resolve(tree, Files(GOLDEN), options, strict=True)
    expected = case["resolved"]
    # Parameters of stages that are not deployed stay as they are written; when the framework finds out which those
    # are depends on how its command schedules its passes.
    stage = options.stage or expected["provider"].get("stage")
    for sections in (tree.get("params", {}), expected.get("params", {})):
        for other in [name for name in sections if name not in ("default", stage)]:
            del sections[other]
    refused = set(map(tuple, (path.split(".") for path in case["refused"])))
    refused = {path for path in refused if path[0] != "params" or path[1] in ("default", stage)}
    assert {path for path in resolution.refused if path[0] != "params" or path[1] in ("default", stage)} == refused
    for path in refused:
        forget(expected, path)
        forget(tree, path)
    assert numbers(tree) == numbers(expected)


def test_strings_are_parsed_as_the_framework_parses_them() -> None:
    different = []
    for text, expected in STRINGS:
        try:
            variables = parse(text)
            got: Any = None if variables is None else [shown(item) for item in variables]
        except VariableSyntaxError:
            got = "error"
        if got != expected:
            different.append((text, expected, got))
    assert different == []


def shown(variable: Variable) -> Mapping[str, Any]:
    place = {} if variable.whole else {"start": variable.start, "end": variable.end}
    if variable.sources:
        return {**place, "sources": [shown_source(item) for item in variable.sources]}
    return {**place, "value": variable.literal}


def shown_source(source: Source) -> Mapping[str, Any]:
    if source.type is None:
        return {"value": source.literal}
    found: dict[str, Any] = {"type": source.type}
    if source.params is not None:
        found["params"] = [shown_fragment(item) for item in source.params]
    if source.address is not None:
        found["address"] = shown_fragment(source.address)
    return found


def shown_fragment(fragment: Fragment) -> Mapping[str, Any]:
    found: dict[str, Any] = {"value": fragment.value}
    if fragment.variables:
        found["variables"] = [shown(item) for item in fragment.variables]
    return found
