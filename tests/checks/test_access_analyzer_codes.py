"""A problem carries the codes of IAM Access Analyzer that mean it, and no other of its rule's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.checks.forms import json_report, sarif
from scopedown.checks.registry import rules
from scopedown.checks.results import Report, results
from scopedown.checks.run import problems
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

SERVICE = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [STATEMENT]}}
functions: {f: {handler: app.f}}
"""
ROLE = "arn:aws:iam::123456789012:role/task"
CASES = [
    ("SD206", f"{{Effect: Allow, Action: 'iam:PassRole', Resource: '{ROLE}'}}", []),
    ("SD206", "{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}", ["PASS_ROLE_WITH_STAR_IN_RESOURCE"]),
    ("SD206", "{Effect: Allow, Action: 'iam:*', Resource: '*'}", ["PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE"]),
    (
        "SD207", "{Effect: Allow, Action: '*', Resource: '*'}",
        ["PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE"],
    ),
    ("SD208", "{Effect: Allow, NotAction: 'iam:*', Resource: '*'}", []),
    (
        "SD208", "{Effect: Allow, NotAction: 's3:*', Resource: '*'}",
        ["PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION"],
    ),
    ("SD208", "{Effect: Allow, NotAction: 's3:*', Resource: 'arn:aws:s3:::a'}", []),
    ("SD208", f"{{Effect: Allow, Action: 'iam:PassRole', NotResource: '{ROLE}'}}", ["PASS_ROLE_WITH_NOT_RESOURCE"]),
    (
        "SD208", f"{{Effect: Allow, Action: 'iam:Create*', NotResource: '{ROLE}'}}",
        ["CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE"],
    ),
    ("SD208", "{Effect: Allow, Action: 's3:*', NotResource: 'arn:aws:s3:::a/*'}", []),
    ("SD401", "{Effect: Allow, Action: 's3:ListObjects', Resource: '*'}", ["INVALID_ACTION"]),
    ("SD401", "{Effect: Allow, Action: 'sss:ListObjects', Resource: '*'}", ["INVALID_SERVICE_IN_ACTION"]),
    ("SD402", "{Effect: Allow, Action: 'sqs:SendMessage', Resource: []}", ["EMPTY_ARRAY_RESOURCE"]),
    ("SD402", "{Effect: Allow, Action: [], Resource: '*'}", ["EMPTY_ARRAY_ACTION"]),
    ("SD402", "{Effect: allow, Action: 'sqs:SendMessage', Resource: '*'}", ["INVALID_EFFECT"]),
    ("SD402", "{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*', Who: x}", ["INVALID_POLICY_ELEMENT"]),
    ("SD402", "{Effect: Allow, Action: 's*:SendMessage', Resource: '*'}", ["WILDCARD_IN_SERVICE_NAME"]),
    ("SD402", "{Effect: Allow, Action: '*', Resource: '*', Condition: {Is: {a: b}}}", ["INVALID_CONDITION_OPERATOR"]),
    ("SD402", "{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*', Sid: 'a b'}", ["UNSUPPORTED_SID"]),
    ("SD402", "{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*', Principal: '*'}", ["UNSUPPORTED_PRINCIPAL"]),
    ("SD403", "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:jobs'}", ["MISSING_ARN_FIELD"]),
    ("SD403", "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:1:jobs'}",
     ["INVALID_ARN_ACCOUNT"]),
    ("SD404", "{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:Send*'], Resource: '*'}", ["REDUNDANT_ACTION"]),
    ("SD404", "{Effect: Allow, Action: 'sqs:SendMessage', Resource: ['*', 'arn:aws:sqs:*:*:a']}",
     ["REDUNDANT_RESOURCE"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "statement", "codes"), CASES)
def test_a_problem_has_the_codes_that_mean_it(tmp_path: Path, rule: str, statement: str, codes: list[str]) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE.replace("STATEMENT", statement))
    (tmp_path / "app.py").write_text("def f(event, context): pass\n")
    read = scan(load_project(tmp_path, Options()), catalog())
    (found,) = [one for one in problems(read, catalog()) if one.rule == rule]
    assert list(found.codes) == codes
    (known,) = [one.codes for one in rules() if one.id == rule]
    assert set(codes) <= set(known)


def test_json_and_sarif_tell_the_codes_of_each_problem(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE.replace("STATEMENT", CASES[-1][1]))
    (tmp_path / "app.py").write_text("def f(event, context): pass\n")
    read = scan(load_project(tmp_path, Options()), catalog())
    told = Report(tuple(results(problems(read, catalog()), read.project, tmp_path.resolve())))
    by_rule = {one["rule"]: one["codes"] for one in json.loads(json_report.render(told))["problems"]}
    assert by_rule["SD404"] == ["REDUNDANT_RESOURCE"] and by_rule["SD201"] == []
    shown = {one["ruleId"]: one.get("properties") for one in sarif.log(told)["runs"][0]["results"]}
    assert shown["SD404"] == {"accessAnalyzerCodes": ["REDUNDANT_RESOURCE"]} and shown["SD201"] is None
