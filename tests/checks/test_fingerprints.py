"""A fingerprint tells two problems of one rule apart, and stays the same where text moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.checks.results import results
from scopedown.checks.run import problems
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

PROVIDER = "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: [STATEMENTS]}}\n"
SERVICE = f"{PROVIDER}functions: {{f: {{handler: app.f}}}}\n"
READ = 'import boto3\ndef f(event, context):\n    boto3.client("s3").get_object(Bucket="BUCKET", Key="k")\n'
STATEMENT = "{Effect: Allow, Action: 'ACTION', Resource: 'arn:aws:sqs:us-east-1:*:QUEUE'}"
QUEUED = """\
service: s
plugins: [serverless-iam-roles-per-function]
provider: {name: aws, runtime: python3.12}
functions:
  f:
    handler: app.f
    iamRoleStatements: []
    events: [EVENTS]
"""


def prints(folder: Path, rule: str, service: str, code: str = "def f(event, context): pass\n") -> set[str]:
    """The fingerprints of a rule's problems."""
    (folder / "serverless.yml").write_text(service)
    (folder / "app.py").write_text(code)
    read = scan(load_project(folder, Options()), catalog())
    found = results(problems(read, catalog()), read.project, folder.resolve())
    return {one.fingerprint for one in found if one.rule.id == rule}


def test_a_denied_bucket_is_not_another_denied_bucket(tmp_path: Path) -> None:
    service = SERVICE.replace("STATEMENTS", "")
    one, other = (prints(tmp_path, "SD101", service, READ.replace("BUCKET", name)) for name in ("one", "other"))
    assert one and other and not one & other


def test_a_second_denied_bucket_leaves_the_first_as_it_was(tmp_path: Path) -> None:
    service = SERVICE.replace("STATEMENTS", "")
    first = prints(tmp_path, "SD101", service, READ)
    both = prints(tmp_path, "SD101", service, f'{READ}    boto3.client("s3").get_object(Bucket="other", Key="k")\n')
    assert len(both) == 2 and first < both


def test_a_lost_event_source_is_not_another(tmp_path: Path) -> None:
    def lost(events: str) -> set[str]:
        return prints(tmp_path, "SD102", QUEUED.replace("EVENTS", events))

    broker = "{activemq: {queue: q, arn: 'arn:aws:mq:us-east-1:1:broker:NAME:b-1', basicAuthArn: 'arn:aws:s:::x'}}"
    one, other = (lost(broker.replace("NAME", name)) for name in ("one", "other"))
    assert one and other and not one & other
    assert lost(f"{{schedule: rate(1 hour)}}, {broker.replace('NAME', 'one')}") == one


@pytest.mark.parametrize("rule", ["SD201", "SD203"])
def test_a_statement_on_one_queue_is_not_one_on_another(tmp_path: Path, rule: str) -> None:
    action, code = ("sqs:PurgeQueue", "def f(event, context): pass\n")
    if rule == "SD203":
        call = 'boto3.client("sqs").purge_queue(QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/QUEUE")'
        action, code = "sqs:*", f"import boto3\ndef f(event, context):\n    {call}\n"
    found = [
        prints(
            tmp_path, rule,
            SERVICE.replace("STATEMENTS", STATEMENT.replace("ACTION", action).replace("QUEUE", queue)),
            code.replace("QUEUE", queue),
        )
        for queue in ("one", "other")
    ]  # fmt: skip
    assert all(found) and not found[0] & found[1]


def test_a_wildcard_stays_the_same_problem_where_one_of_its_actions_goes(tmp_path: Path) -> None:
    wide = "{Effect: Allow, Action: [ACTIONS], Resource: '*'}"
    more, fewer = (
        prints(tmp_path, "SD204", SERVICE.replace("STATEMENTS", wide.replace("ACTIONS", actions)), READ)
        for actions in ("'s3:GetObject', 's3:PutObject'", "'s3:GetObject'")
    )
    assert more and more == fewer


def test_lines_do_not_matter(tmp_path: Path) -> None:
    service = SERVICE.replace("STATEMENTS", STATEMENT.replace("ACTION", "sqs:SendMessage"))
    for rule in ("SD101", "SD201"):
        still = prints(tmp_path, rule, service, READ)
        assert still and prints(tmp_path, rule, f"# moved\n\n{service}", f"# moved\n\n{READ}") == still
