"""Events that the framework refuses are told where they stand, and everything else is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

HEAD = """service: s
provider: {name: aws, runtime: python3.12}
functions:
  f:
    handler: h.main
    events:
"""
TIME = "startingPosition: AT_TIMESTAMP"
KAFKA = "topic: t, bootstrapServers: [a.example:9092], accessConfigurations"
SECRET = "saslPlainAuth: arn:aws:secretsmanager:us-east-1:123456789012:secret:s"
CLUSTER = "arn:aws:kafka:us-east-1:123456789012:cluster/c/1"
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/s"

REFUSED = {
    "schedule: {enabled: true}": "it has no rate",
    "schedule: {rate: [rate(1 day), rate(2 days)], name: n}": "several rules would have the same name",
    "schedule: {rate: rate(1 day), method: scheduler, inputPath: $.a}":
        "inputPath is not a setting of schedules with method: scheduler",
    "schedule: {rate: rate(1 day), timezone: Europe/Berlin}":
        "timezone is a setting only of schedules with method: scheduler",
    "s3: {bucket: {Ref: Bucket}}": "a bucket that the service creates needs a name as plain text",
    "s3: My_Bucket": "'My_Bucket' is not a valid bucket name",
    "sns: {arn: {Ref: Topic}}": "its topic has no name",
    f"kafka: {{{KAFKA}: {{{SECRET}, vpcSubnet: [subnet-1]}}}}": "a VPC needs both subnets and security groups",
    f"kafka: {{{KAFKA}: {{{SECRET}}}, {TIME}}}": "startingPosition: AT_TIMESTAMP needs a time",
    f"msk: {{arn: '{CLUSTER}', topic: t, {TIME}}}": "startingPosition: AT_TIMESTAMP needs a time",
    f"stream: {{arn: '{STREAM}', consumer: true, {TIME}}}": "startingPosition: AT_TIMESTAMP needs a time",
    "eventBridge: {pattern: {source: [x]}, inputPath: $.a, input: {a: 1}}":
        "it has more than one of input, inputPath and inputTransformer",
    "cloudFront: {eventType: viewer-request}": "it has no origin",
    "cloudFront: {eventType: viewer-request, origin: 'https://a.example', cachePolicy: {name: p}}":
        "the cache policy p is not declared",
}  # fmt: skip


def read(folder: Path, *events: str, head: str = HEAD) -> Project:
    (folder / "serverless.yml").write_text(head + "".join(f"      - {event}\n" for event in events))
    (folder / "h.py").write_text("")
    return load_project(folder, Options())


def refusals(project: Project) -> list[str]:
    return [
        finding.message.removeprefix("the framework rejects this event of f: ")
        for finding in project.findings
        if finding.code == "event-refused"
    ]


@pytest.mark.parametrize("event", REFUSED)
def test_what_the_framework_refuses_is_told_and_the_next_event_is_compiled(tmp_path: Path, event: str) -> None:
    project = read(tmp_path, event, "sqs: arn:aws:sqs:us-east-1:123456789012:jobs")
    assert refusals(project) == [REFUSED[event]]
    told = next(finding for finding in project.findings if finding.code == "event-refused")
    assert told.place is not None
    assert (told.place.file, told.place.line) == ("serverless.yml", 7)
    assert told.remedy
    assert "FEventSourceMappingSQSJobs" in project.generated


def test_a_function_is_called_by_one_existing_bucket_only(tmp_path: Path) -> None:
    project = read(tmp_path, "s3: {bucket: photos, existing: true}", "s3: {bucket: films, existing: true}")
    assert refusals(project) == ["a function can have events of one existing bucket only"]
    assert "FCustomS31" in project.generated


def edge(origin: str, more: str = "", type: str = "viewer-request") -> str:
    return f"cloudFront: {{eventType: {type}, origin: 'https://{origin}.example'{more}}}"


def test_several_origins_need_one_default(tmp_path: Path) -> None:
    paths = edge("a", ", pathPattern: /a"), edge("b", ", pathPattern: /b")
    assert refusals(read(tmp_path, *paths)) == ["it has several origins and no default origin"]
    default = edge("a", ", pathPattern: /a, isDefaultOrigin: true")
    assert refusals(read(tmp_path, default, paths[1])) == []
    other = edge("b", ", pathPattern: /b, isDefaultOrigin: true")
    assert refusals(read(tmp_path, default, other)) == ["the distribution has two default origins"]


def test_a_path_belongs_to_one_origin_and_calls_one_function_of_each_type(tmp_path: Path) -> None:
    assert refusals(read(tmp_path, edge("a"), edge("b"))) == ["another event has the same path with another origin"]
    assert refusals(read(tmp_path, edge("a"), edge("a", type="origin-request"))) == []
    assert refusals(read(tmp_path, edge("a"), edge("a", ", includeBody: true"))) == [
        "another event has the same type and path"
    ]


def test_functions_of_a_distribution_are_deployed_to_one_region(tmp_path: Path) -> None:
    head = HEAD.replace("python3.12", "python3.12, region: eu-west-1")
    assert refusals(read(tmp_path, edge("a"), head=head)) == ["CloudFront functions can only be deployed to us-east-1"]
