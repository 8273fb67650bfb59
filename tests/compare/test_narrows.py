"""A changed role is proved to be within what it was and what its functions certainly lacked, or why not is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.compare.narrows import narrows
from scopedown.compare.subject import Subject, subjects
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

CODE = """\
import boto3
def f(event, context):
    boto3.client("sqs").purge_queue(QueueUrl="https://sqs.us-east-1.amazonaws.com/111122223333/jobs")
"""
JOBS = "arn:aws:sqs:us-east-1:111122223333:jobs"


def role(folder: Path, statements: str, code: str = CODE, more: str = "") -> Subject:
    """The role of a function with these statements."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.py").write_text(code)
    (folder / "serverless.yml").write_text(
        "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n"
        f"  iam: {{role: {{statements: [{statements}]{more}}}}}\n"
        "functions: {f: {handler: app.f}}\n"
    )
    return next(iter(subjects(scan(load_project(folder, Options()), catalog()), catalog())))


def allow(actions: str, resource: str = JOBS, more: str = "") -> str:
    return f"{{Effect: Allow, Action: [{actions}], Resource: '{resource}'{more}}}"


def reasons(folder: Path, old: str, new: str, code: str = CODE, more: str = "") -> list[str]:
    before, after = role(folder / "old", old, code, more), role(folder / "new", new, code)
    return narrows(before, after, before.doubt)


def test_what_is_narrower_is_proved(tmp_path: Path) -> None:
    assert reasons(tmp_path, allow("'sqs:*'", "*"), allow("'sqs:PurgeQueue'")) == []


def test_what_the_function_certainly_lacks_may_be_new(tmp_path: Path) -> None:
    assert reasons(tmp_path, allow("'sns:ListTopics'", "*"), allow("'sqs:PurgeQueue'")) == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (allow("'sqs:PurgeQueue'"), allow("'sqs:PurgeQueue', 'sqs:DeleteQueue'"), "sqs:DeleteQueue on"),
        (allow("'sqs:PurgeQueue'"), allow("'sqs:PurgeQueue'", "*"), "sqs:PurgeQueue on * would be new"),
        (allow("'sqs:PurgeQueue'"), allow("'sqs:ListQueues'", "*"), "f would lose sqs:PurgeQueue"),
    ],
)
def test_what_is_wider_or_lost_is_told(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert any(why in one for one in reasons(tmp_path, old, new))


def test_a_deny_must_stay(tmp_path: Path) -> None:
    deny = "{Effect: Deny, Action: 'sqs:DeleteQueue', Resource: '*'}"
    both = f"{allow(chr(39) + 'sqs:*' + chr(39), '*')}, {deny}"
    narrow = allow("'sqs:PurgeQueue'")
    assert any("cannot judge" in one for one in reasons(tmp_path, both, narrow))
    assert reasons(tmp_path, both, f"{narrow}, {deny}") == []


def test_nothing_goes_that_code_which_was_not_read_may_need(tmp_path: Path) -> None:
    code = "import boto3, amazon_jobs\n" + CODE.removeprefix("import boto3\n") + "    amazon_jobs.go(event)\n"
    found = reasons(tmp_path, allow("'sqs:PurgeQueue', 'sns:Publish'", "*"), allow("'sqs:PurgeQueue'"), code)
    assert any(one.startswith("sns:Publish on * would be removed: ") and "amazon_jobs" in one for one in found)


def test_a_policy_of_which_nothing_is_known_must_stay(tmp_path: Path) -> None:
    more = ", managedPolicies: ['arn:aws:iam::111122223333:policy/jobs']"
    statement = allow("'sqs:PurgeQueue'")
    assert any("policy/jobs would be removed" in one for one in reasons(tmp_path, statement, statement, more=more))


def test_what_a_policy_allows_on_all_but_some_resources_is_more_than_those(tmp_path: Path) -> None:
    code = "import boto3, amazon_jobs\n" + CODE.removeprefix("import boto3\n") + "    amazon_jobs.go(event)\n"
    more = ", managedPolicies: ['arn:aws:iam::aws:policy/job-function/DataScientist']"
    but = ("domain", "user-profile", "app", "flow-definition")
    statements = ", ".join(allow("'sagemaker:*'", f"arn:aws:sagemaker:*:*:{kind}/*") for kind in but)
    found = reasons(tmp_path, statements, statements, code, more)
    assert any(
        one.startswith("sagemaker:* of a managed policy would be removed: ") and "amazon_jobs" in one for one in found
    )


def test_what_an_unknown_operation_of_a_model_may_ask_first_stays(tmp_path: Path) -> None:
    code = CODE + "    getattr(boto3.client('bedrock-runtime'), event['work'])(modelId='m')\n"
    subscribe = allow("'sqs:PurgeQueue', 'aws-marketplace:Subscribe'", "*")
    found = reasons(tmp_path, subscribe, allow("'sqs:PurgeQueue'"), code)
    assert any(one.startswith("aws-marketplace:Subscribe on * would be removed: ") for one in found)


VPCE = ", Condition: {StringEquals: {'aws:SourceVpce': vpce-1}}"


def test_a_condition_that_stays_or_is_added_narrows_and_one_that_goes_does_not(tmp_path: Path) -> None:
    wide = allow("'sqs:*', 'sns:ListTopics'", "*", VPCE)
    kept = f"{allow(chr(39) + 'sqs:PurgeQueue' + chr(39))}, {allow(chr(39) + 'sns:ListTopics' + chr(39), '*', VPCE)}"
    assert reasons(tmp_path / "kept", f"{allow(chr(39) + 'sqs:PurgeQueue' + chr(39))}, {wide}", kept) == []
    open_ = kept.replace(VPCE, "")
    found = reasons(tmp_path / "gone", f"{allow(chr(39) + 'sqs:PurgeQueue' + chr(39))}, {wide}", open_)
    assert found == ["sns:ListTopics on * would be new"]


def test_a_statement_on_all_but_some_actions_may_become_what_is_needed(tmp_path: Path) -> None:
    but = "{Effect: Allow, NotAction: 'iam:*', Resource: '*'}"
    assert reasons(tmp_path / "narrow", but, allow("'sqs:PurgeQueue'")) == []
    both = allow("'sqs:PurgeQueue', 'iam:ListRoles'", "*")
    assert reasons(tmp_path / "wide", but, both) == ["iam:ListRoles on * would be new"]


def test_a_need_that_only_a_statement_on_all_but_some_actions_covered_is_not_lost(tmp_path: Path) -> None:
    but = "{Effect: Allow, NotAction: 'iam:*', Resource: '*'}"
    found = reasons(tmp_path, but, allow("'sns:ListTopics'", "*"))
    assert any("f would lose sqs:PurgeQueue" in one for one in found)


def test_a_statement_on_all_but_some_actions_stays_where_code_was_not_read(tmp_path: Path) -> None:
    code = "import boto3, amazon_jobs\n" + CODE.removeprefix("import boto3\n") + "    amazon_jobs.go(event)\n"
    but = "{Effect: Allow, NotAction: 'iam:*', Resource: '*'}"
    assert any("cannot judge" in one for one in reasons(tmp_path, but, allow("'sqs:PurgeQueue'"), code))


def test_two_statements_together_may_hold_what_neither_does(tmp_path: Path) -> None:
    two = ", ".join(
        allow("'sqs:PurgeQueue'", JOBS, f", Condition: {{Bool: {{'aws:SecureTransport': {one}}}}}")
        for one in ("'true'", "'false'")
    )
    old = f"{two}, {allow(chr(39) + 'sqs:PurgeQueue' + chr(39), JOBS, VPCE)}"
    there = ", Condition: {StringEquals: {'aws:SourceVpce': vpce-1}, 'Null': {'aws:SecureTransport': 'false'}}"
    assert reasons(tmp_path, old, f"{old}, {allow(chr(39) + 'sqs:PurgeQueue' + chr(39), JOBS, there)}") == []
