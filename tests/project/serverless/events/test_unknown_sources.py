"""Events whose source only AWS knows: nothing is guessed silently, and no two of them become one resource."""

from __future__ import annotations

from pathlib import Path

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


def read(folder: Path, *events: str) -> Project:
    (folder / "serverless.yml").write_text(HEAD + "".join(f"      - {event}\n" for event in events))
    (folder / "h.py").write_text("")
    return load_project(folder, Options())


def of_type(project: Project, type: str) -> list[str]:
    return [id for id, resource in project.generated.items() if resource.type == type]


def codes(project: Project) -> list[str]:
    return [finding.code for finding in project.findings]


def test_two_unknown_queues_are_two_event_source_mappings(tmp_path: Path) -> None:
    project = read(tmp_path, "sqs: ${ssm:/one}", "sqs: ${ssm:/two}", "sqs: ${ssm:/two}")
    assert len(of_type(project, "AWS::Lambda::EventSourceMapping")) == 2


def test_two_unknown_buckets_are_two_buckets(tmp_path: Path) -> None:
    project = read(tmp_path, "s3: ${ssm:/one}", "s3: ${ssm:/two}")
    ids = [id for id in of_type(project, "AWS::S3::Bucket") if id.startswith("S3Bucket")]
    assert len(ids) == 2


def test_an_unknown_topic_is_taken_for_one_that_exists_and_that_is_said(tmp_path: Path) -> None:
    project = read(tmp_path, "sns: ${ssm:/topic}")
    assert of_type(project, "AWS::SNS::Topic") == []
    assert len(of_type(project, "AWS::SNS::Subscription")) == 1
    assert codes(project) == ["topic-unknown"]


def test_a_topic_that_is_known_in_part_is_created(tmp_path: Path) -> None:
    project = read(tmp_path, "sns: orders-${ssm:/suffix}")
    assert len(of_type(project, "AWS::SNS::Topic")) == 1
    assert codes(project) == []


def test_an_unknown_event_bus_is_not_created_and_that_is_said(tmp_path: Path) -> None:
    project = read(tmp_path, "eventBridge: {eventBus: '${ssm:/bus}', pattern: {source: [x]}}")
    assert of_type(project, "AWS::Events::EventBus") == []
    assert codes(project) == ["event-bus-unknown"]


def test_an_arn_that_lacks_only_the_account_still_names_its_queue(tmp_path: Path) -> None:
    project = read(tmp_path, "sqs: arn:aws:sqs:us-east-1:${aws:accountId}:jobs")
    assert of_type(project, "AWS::Lambda::EventSourceMapping") == ["FEventSourceMappingSQSJobs"]


def test_a_bus_by_an_arn_that_lacks_only_the_account_exists(tmp_path: Path) -> None:
    bus = "arn:aws:events:us-east-1:${aws:accountId}:event-bus/orders"
    project = read(tmp_path, f"eventBridge: {{eventBus: '{bus}', pattern: {{source: [x]}}}}")
    assert of_type(project, "AWS::Events::EventBus") == []
    assert project.generated["Sdevfrule1EventBridgeRule"].properties["EventBusName"] == "orders"
