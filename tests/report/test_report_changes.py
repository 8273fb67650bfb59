"""What the page says of a role before and after: the same judgement as check's, for one function at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.project.load import Options, load_project
from scopedown.report.collect import project_part
from scopedown.report.model import NAMES, Comparison, Kind
from scopedown.scan import scan

HEAD = "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n"
GET = """\
import boto3
def f(event, context):
    boto3.client("dynamodb").get_item(TableName="a", Key=event)
"""
TABLE = "arn:aws:dynamodb:us-east-1:*:table/a"


def compared(folder: Path, statements: str, code: str = GET, functions: str = "{f: {handler: app.f}}") -> Comparison:
    (folder / "app.py").write_text(code)
    role = f"  iam: {{role: {{statements: [{statements}]}}}}\n" if statements else ""
    (folder / "serverless.yml").write_text(f"{HEAD}{role}functions: {functions}\n")
    project = load_project(folder, Options())
    return project_part(scan(project, catalog()), catalog()).functions[0].comparison


def of_project(found: Comparison) -> list[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """(what becomes of it, actions, resources, instead), without what the framework adds."""
    return [(one.kind.value, one.actions, one.resources, one.instead) for one in found.changes if one.by != "framework"]


def allow(actions: str, resources: str) -> str:
    return f"{{Effect: Allow, Action: [{actions}], Resource: [{resources}]}}"


def test_what_is_needed_as_it_stands_stays_and_the_rest_goes(tmp_path: Path) -> None:
    found = compared(tmp_path, allow("dynamodb:GetItem, dynamodb:PutItem, 'sqs:*'", f"'{TABLE}'"))
    assert of_project(found) == [
        ("removed", ("dynamodb:PutItem", "sqs:*"), (TABLE,), ()),
        ("unchanged", ("dynamodb:GetItem",), (TABLE,), ()),
    ]
    assert (found.wide_before, found.wide_after) == (1, 0)


def test_a_wildcard_is_narrowed_to_what_is_needed_of_it(tmp_path: Path) -> None:
    found = compared(tmp_path, allow("'dynamodb:*'", "'*'"))
    arn = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/a"
    assert of_project(found) == [("narrowed", ("dynamodb:*",), ("*",), (f"dynamodb:GetItem on {arn}",))]
    found = compared(tmp_path, allow("dynamodb:GetItem", "'*'"))
    assert of_project(found) == [("narrowed", ("dynamodb:GetItem",), ("*",), (arn,))]
    assert (found.wide_before, found.wide_after) == (1, 0)


def test_what_is_missing_is_added_with_the_place_that_needs_it(tmp_path: Path) -> None:
    found = compared(tmp_path, "")
    added = [one for one in found.changes if one.kind is Kind.ADDED]
    assert [(one.actions, one.where) for one in added] == [(("dynamodb:GetItem",), "app.py:3")]


def test_a_denial_a_condition_and_a_call_that_is_only_possible_are_not_judged(tmp_path: Path) -> None:
    condition = "Condition: {StringEquals: {'aws:RequestedRegion': us-east-1}}"
    found = compared(
        tmp_path,
        "{Effect: Deny, Action: 'dynamodb:*', Resource: '*'}, "
        f"{{Effect: Allow, Action: 'dynamodb:Get*', Resource: '*', {condition}}}",
    )
    assert {one.note for one in found.changes if one.kind is Kind.KEPT and one.by == "project"} == {
        "a Deny statement",
        "has a Condition, or a part known only after deployment",
    }
    unneeded = f"{{Effect: Allow, Action: 's3:GetObject', Resource: '*', {condition}}}"
    assert [one.kind for one in compared(tmp_path, unneeded).changes if one.by == "project"] == [Kind.GONE]
    code = 'import boto3\ndef f(event, context):\n    event["queue"].purge_queue(QueueUrl="https://sqs/1/jobs")\n'
    found = compared(tmp_path, allow("sqs:PurgeQueue", "'*'"), code)
    (kept,) = [one for one in found.changes if one.by == "project"]
    assert kept.kind is Kind.KEPT and (found.wide_before, found.wide_after) == (1, 1)


def test_of_code_that_is_not_searched_nothing_goes_away(tmp_path: Path) -> None:
    found = compared(tmp_path, allow("'s3:*'", "'*'"), functions="{f: {handler: bin/f, runtime: provided.al2}}")
    assert [one.kind for one in found.changes if one.by == "project"] == [Kind.KEPT]
    assert (found.wide_before, found.wide_after) == (1, 1)


def test_where_a_package_for_aws_was_not_read_nothing_is_narrowed_but_what_the_framework_adds(tmp_path: Path) -> None:
    found = compared(
        tmp_path, allow("'dynamodb:*'", "'*'"), "import amazon_driver\n" + GET + "    amazon_driver.go()\n"
    )
    (kept,) = [one for one in found.changes if one.by == "project"]
    assert kept.kind is Kind.KEPT and kept.note.startswith("scopedown did not find amazon_driver")
    assert {one.kind for one in found.changes if one.by == "framework"} <= {Kind.NARROWED, Kind.UNCHANGED, Kind.GONE}
    assert (found.wide_before, found.wide_after) == (1, 1)


def test_a_role_outside_of_the_project_is_not_known(tmp_path: Path) -> None:
    found = compared(tmp_path, "", functions="{f: {handler: app.f, role: 'arn:aws:iam::123456789012:role/r'}}")
    assert found.changes == () and "does not declare this role" in found.note


@pytest.mark.parametrize("count", [3, 40])
def test_resources_of_one_kind_are_one_row(tmp_path: Path, count: int) -> None:
    queues = ", ".join(f"'arn:aws:sqs:us-east-1:*:q{number}'" for number in range(count))
    found = compared(tmp_path, allow("sqs:SendMessage, sqs:PurgeQueue", queues))
    (gone,) = [one for one in found.changes if one.kind is Kind.GONE and one.by == "project"]
    assert (gone.actions, len(gone.resources) + gone.more) == (("sqs:SendMessage", "sqs:PurgeQueue"), count)
    assert gone.resources[2].endswith(":q2") and len(gone.resources) <= NAMES + 1


POSSIBLE = GET + '    event["queue"].purge_queue(QueueUrl="https://sqs/1/jobs")\n'
WHY = "sqs.PurgeQueue at app.py:4:20 may need it"


def kept(found: Comparison) -> list[tuple[Kind, tuple[str, ...], str]]:
    return [(one.kind, one.actions, one.note[: len(WHY)]) for one in found.changes if one.by != "framework"]


@pytest.mark.parametrize("count", [30, 60])
def test_statements_of_which_the_same_is_said_are_one_row_where_there_are_very_many(tmp_path: Path, count: int) -> None:
    statements = ",\n      ".join(
        allow("sqs:SendMessage", f"'arn:aws:sqs:us-east-1:1:q{number}'") for number in range(count)
    )
    found = compared(tmp_path, statements)
    gone = [one for one in found.changes if one.actions == ("sqs:SendMessage",)]
    assert len(gone) == (count if count == 30 else 1)
    assert sum(len(one.resources) + one.more for one in gone) == count
    assert {one.kind for one in gone} == {Kind.GONE}


def test_a_statement_that_write_keeps_for_a_call_that_is_not_resolved_does_not_go_away(tmp_path: Path) -> None:
    found = compared(tmp_path, allow("sqs:SendMessage", "'arn:aws:sqs:us-east-1:*:jobs'"), POSSIBLE)
    (sent,) = [one for one in kept(found) if one[1] == ("sqs:SendMessage",)]
    assert sent == (Kind.KEPT, ("sqs:SendMessage",), WHY)


def test_write_keeps_such_a_statement_whole_and_with_it_what_is_not_of_the_service(tmp_path: Path) -> None:
    found = compared(tmp_path, allow("sqs:SendMessage, s3:PutObject, dynamodb:GetItem", f"'{TABLE}'"), POSSIBLE)
    assert {action: kind for kind, actions, _ in kept(found) for action in actions} == {
        "sqs:SendMessage": Kind.KEPT,
        "s3:PutObject": Kind.KEPT,
        "dynamodb:GetItem": Kind.UNCHANGED,
    }
    other = compared(tmp_path, allow("s3:PutObject", "'*'"), POSSIBLE)
    assert Kind.GONE in [kind for kind, actions, _ in kept(other) if actions == ("s3:PutObject",)]


def test_a_managed_policy_that_write_keeps_for_such_a_call_does_not_go_away(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(POSSIBLE)
    policy = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
    (tmp_path / "serverless.yml").write_text(
        f"{HEAD}  iam: {{role: {{managedPolicies: ['{policy}']}}}}\nfunctions: {{f: {{handler: app.f}}}}\n"
    )
    part = project_part(scan(load_project(tmp_path, Options()), catalog()), catalog())
    of_policy = [one for one in part.functions[0].comparison.changes if one.by == "AWSLambdaSQSQueueExecutionRole"]
    assert Kind.GONE not in [one.kind for one in of_policy]
    assert "sqs:ReceiveMessage" in next(one.actions for one in of_policy if one.kind is Kind.KEPT)
