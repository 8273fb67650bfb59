"""The framework's own answers to 44 configurations (osls 4.3.1), each resolved here with the same result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.documents.document import Files
from scopedown.project.options import Options
from scopedown.project.serverless.resolve import resolve

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "serverless-variables"
ANSWERS = (
    {answer["case"]: answer for answer in map(json.loads, (CASES / "answers.jsonl").read_text().splitlines())}
    if CASES.exists()
    else {}
)

# What the framework's answers were taken with: AWS answered by stubs, and the environment of that machine.
OPTIONS = Options(
    account="123456789012",
    environment={"HOME": "/h"},
    values={
        "ssm:/p/q": "stub-ssm:/p/q",
        "ssm:/p": "stub-ssm:/p",
        "ssm:/p~true": "stub-ssm:/p~true",
        "ssm:/s": "stub-ssm:/s",
        "cf:stk.Out": "stub-cf:stk.Out",
        "s3:b/k.txt": "stub-s3:b/k.txt",
        "sls:instanceId": "ORACLE",
    },
)


def plain(value: Any) -> Any:
    """A tree as JSON has it; numbers as JavaScript's."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def at(tree: Any, path: str) -> Any:
    for key in path.split("."):
        tree = tree[key]
    return tree


@pytest.mark.skipif(not ANSWERS, reason="the shared cases are not beside this repository")
@pytest.mark.parametrize("case", sorted(ANSWERS))
def test_a_configuration_resolves_as_the_framework_resolves_it(case: str) -> None:
    answer = ANSWERS[case]
    folder = CASES / case
    files = Files(folder)
    if "Cannot parse" in answer.get("fatal", ""):
        with pytest.raises(ScopedownError) as raised:
            files.document(folder / "serverless.yml")
        assert raised.value.place is not None
        return
    document = files.document(folder / "serverless.yml")
    assert document is not None
    resolution = resolve(document.tree, files, OPTIONS)
    ours = {".".join(path) for path in resolution.refused} | {".".join(item.property) for item in resolution.legacy}
    if "fatal" in answer:
        assert ours == {"custom.a"} and "syntax error at" in answer["fatal"]
        return
    assert ours == {path for path, _ in answer["errors"]}
    assert all(finding.place is not None for finding in resolution.findings())

    expected = answer["resolved"]
    expected.pop("configValidationMode")  # the oracle's own addition
    got = resolution.tree
    for path in ours:
        *above, last = path.split(".")
        at(expected, ".".join(above))[last] = at(got, ".".join(above))[last] = None
    assert plain(got) == plain(expected)
