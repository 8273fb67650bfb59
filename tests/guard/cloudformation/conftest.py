"""One gate for a module, with CloudFormation anew for each test."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from guard.cloudformation.topics import TOPIC, Topic
from scopedown.guard.cloudformation.stacks import CloudFormation
from scopedown.guard.gate import Gate
from scopedown.guard.model import Principal
from scopedown.iam import PolicySet, parse_policy

EVERYTHING = {"Action": "*", "Resource": "*"}


@dataclass
class Local:
    """The local AWS, and who asks of it."""

    gate: Gate
    service: CloudFormation
    aws: Any
    """CloudFormation's client of a user who may do everything."""

    def user(self, *statements: Mapping[str, Any]) -> Principal:
        """A new user with these statements."""
        given = [{"Effect": "Allow", **one} for one in statements]
        who = Principal.user(
            f"user{len(self.gate.principals)}", PolicySet(identity=(parse_policy({"Statement": given}),))
        )
        self.gate.principals[who.key_id] = who
        return who

    def create(self, name: str, template: Mapping[str, Any] | str, aws: Any = None, **more: Any) -> str:
        """Create a stack; its status."""
        body = template if isinstance(template, str) else json.dumps(template)
        (aws or self.aws).create_stack(StackName=name, TemplateBody=body, **more)
        return self.status(name)

    def update(self, name: str, template: Mapping[str, Any] | str, aws: Any = None, **more: Any) -> str:
        body = template if isinstance(template, str) else json.dumps(template)
        (aws or self.aws).update_stack(StackName=name, TemplateBody=body, **more)
        return self.status(name)

    def status(self, name: str) -> str:
        return str(self.stack(name)["StackStatus"])

    def stack(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.aws.describe_stacks(StackName=name)["Stacks"][0]
        return found

    def outputs(self, name: str) -> dict[str, str]:
        return {one["OutputKey"]: one["OutputValue"] for one in self.stack(name).get("Outputs", [])}

    def events(self, name: str) -> list[tuple[str, str, str]]:
        """(logical id, status, reason), the oldest first."""
        pages = self.aws.get_paginator("describe_stack_events").paginate(StackName=name)
        found = [one for page in pages for one in page["StackEvents"]]
        times = [one["Timestamp"] for one in found]
        assert times == sorted(times, reverse=True)
        return [
            (one["LogicalResourceId"], one["ResourceStatus"], one.get("ResourceStatusReason", ""))
            for one in reversed(found)
        ]

    def topics(self) -> list[str]:
        """The names of the topics that exist."""
        return sorted(one["TopicArn"].rsplit(":", 1)[1] for one in self.gate.client("sns").list_topics()["Topics"])


def topics(**display: str | Mapping[str, Any]) -> dict[str, Any]:
    """A template of topics, each named as its logical id, with a display name or further properties."""
    resources = {}
    for id, given in display.items():
        more = {"DisplayName": given} if isinstance(given, str) else dict(given)
        resources[id] = {"Type": TOPIC, "Properties": {"TopicName": id, **more}}
    return {"Resources": resources}


def parameters(**values: str) -> Sequence[Mapping[str, str]]:
    """Parameters as requests give them."""
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as one:
        yield one


@pytest.fixture
def local(gate: Gate) -> Local:
    gate.reset()
    gate.without = set()
    service = CloudFormation(gate, {TOPIC: Topic()})
    gate.answers |= service.answers()
    made = Local(gate, service, None)
    made.aws = gate.client("cloudformation", made.user(EVERYTHING))
    return made
