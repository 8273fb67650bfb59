"""Every key that the framework knows meets values of wrong types: one finding at its place, and the rest is read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Files, parse_yaml
from scopedown.documents.nodes import place_of
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.serverless.frameworks import V4, choose
from scopedown.project.serverless.read import read_serverless
from scopedown.project.serverless.shapes import Shape, shapes, wrong_types

NAME = "n1"
BASE: dict[str, Any] = {
    "service": "shop",
    "provider": {"name": "aws", "runtime": "python3.12"},
    "functions": {"other": {"handler": "app.handler"}},
}
WRONG: tuple[Any, ...] = (
    5, -1.5, True, "", "a word", "a\nb\x1b[31m", [], [5], [None], ["a", "b"], [[]], {}, {"a": 1}, {"": None},
    {"Ref": 5}, {"Ref": "Nope"}, {"Fn::GetAtt": ["Nope"]}, {"Fn::Join": 5}, {"Fn::Sub": []}, 10**30,
)  # fmt: skip
SECONDS = 10.0


def paths(shape: Shape, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every path of the table."""
    for name, below in shape.below.items():
        yield (*path, name)
        yield from paths(below, (*path, name))


PATHS = list(paths(shapes()))


def configuration(path: tuple[str, ...], value: Any) -> tuple[dict[str, Any], list[str | int]]:
    """A configuration with a value at a path, and the keys that lead there."""
    root: dict[str, Any] = {key: dict(item) if isinstance(item, dict) else item for key, item in BASE.items()}
    node: Any = root
    keys: list[str | int] = []
    for position, name in enumerate(path):
        last = position == len(path) - 1
        below: Any = value if last else [] if path[position + 1] == "[]" else {}
        if name == "[]":
            node.append(below)
            keys.append(0)
        else:
            name = NAME if name == "*" else name
            if last or name not in node:
                node[name] = below
            keys.append(name)
        node = node[keys[-1]]
    if path[0] == "functions" and len(path) > 1 and path[1] == "*" and len(path) > 2:
        root["functions"][NAME].setdefault("handler", "app.handler")
    return root, keys


def read(folder: Path, text: str) -> Project | ScopedownError:
    """The project, or why there is none."""
    document = parse_yaml(text, "serverless.yml", folder / "serverless.yml")
    try:
        return read_serverless(document, Files(folder), Options())
    except ScopedownError as error:
        return error


def is_one_finding(folder: Path, path: tuple[str, ...], value: object) -> None:
    """The value is told once, at its key, and the rest is read."""
    tree, keys = configuration(path, value)
    text = yaml.safe_dump(tree, sort_keys=False)
    parsed = parse_yaml(text, "serverless.yml").tree
    is_v4 = choose(folder, parsed).framework == V4
    wrong = [finding.place for finding in wrong_types(parsed, Place("serverless.yml"), is_v4)]
    started = time.process_time()
    project = read(folder, text)
    assert time.process_time() - started < SECONDS, value
    if isinstance(project, ScopedownError):
        holder = parsed["provider"] if path[:2] == ("provider", "name") else parsed
        assert project.place == place_of(holder, keys[-1]) and project.remedy
        assert ".".join(path) in ("service", "provider", "provider.name", "functions")
        return
    for finding in project.findings:
        assert finding.place and "\n" not in str(finding), value
    for place in wrong:
        told = [one for one in project.findings if one.place == place and one.code != "legacy-setting"]
        assert len(told) == 1 and told[0].remedy, value
    assert len([one for one in project.findings if one.code == "wrong-type"]) <= len(wrong), value
    if keys != ["functions"]:
        assert "other" in {function.key for function in project.functions}, value


@pytest.mark.parametrize(
    ("turn", "path"), [*enumerate(PATHS)], ids=lambda one: one if isinstance(one, int) else ".".join(one)
)
def test_a_value_of_a_wrong_type_is_one_finding_at_its_key_and_the_rest_is_read(
    tmp_path: Path, turn: int, path: tuple[str, ...]
) -> None:
    """Every key meets one wrong value in four, by turns."""
    for value in WRONG[turn % 4 :: 4]:
        is_one_finding(tmp_path, path, value)


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_every_value_of_a_wrong_type_is_one_finding_at_its_key(tmp_path: Path, path: tuple[str, ...]) -> None:
    for value in WRONG:
        is_one_finding(tmp_path, path, value)


def test_types_that_the_framework_converts_are_not_wrong() -> None:
    tree = parse_yaml(
        "service: 5\n"
        "provider: {name: aws, versionFunctions: 'true', memorySize: '512', tags: {a: 1, b: true}}\n"
        "functions: {f: {handler: [a.b], timeout: '3', layers: 'arn:a:b', events: [alexaSkill]}}\n",
        "serverless.yml",
    ).tree
    assert wrong_types(tree, Place("serverless.yml")) == []


def test_a_list_of_one_value_that_is_not_known_may_be_anything() -> None:
    tree = parse_yaml("provider: {memorySize: [x]}\nfunctions: {f: {timeout: [x]}}\n", "serverless.yml").tree
    tree["provider"]["memorySize"][0] = tree["functions"]["f"]["timeout"][0] = Text.unknown("only AWS knows")
    assert wrong_types(tree, Place("serverless.yml")) == []


def test_a_finding_names_the_key_what_stands_there_and_what_should() -> None:
    tree = parse_yaml("functions:\n  f:\n    timeout: soon\n", "serverless.yml").tree
    (finding,) = wrong_types(tree, Place("serverless.yml"))
    assert str(finding) == (
        "serverless.yml:3:5: functions.f.timeout is the text 'soon', not a whole number (write a whole number)"
    )


def test_functions_and_resources_may_be_lists_of_mappings_which_are_looked_into() -> None:
    tree = parse_yaml("functions: [{f: {handler: {}}}]\nresources: [{Resources: 5}]\n", "serverless.yml").tree
    assert [one.place for one in wrong_types(tree, Place("x"))] == [
        Place("serverless.yml", 1, 18), Place("serverless.yml", 2, 14),
    ]  # fmt: skip
