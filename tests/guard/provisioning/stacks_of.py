"""Stacks of a template in a guard, as a user to whom everything is allowed or some actions are denied."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from scopedown.guard.cloudformation.provision import driver_of
from scopedown.guard.cloudformation.stacks import CloudFormation
from scopedown.guard.gate import Gate

ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
NAME = "shop"


@dataclass
class Stacks:
    """A guard, and a client of CloudFormation."""

    gate: Gate
    client: Any

    def create(self, resources: Mapping[str, Any], outputs: Mapping[str, Any] | None = None) -> str:
        """Make the stack; its status."""
        template = {"Resources": resources, "Outputs": {key: {"Value": one} for key, one in (outputs or {}).items()}}
        self.client.create_stack(
            StackName=NAME, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"]
        )
        return self.status()

    def update(self, resources: Mapping[str, Any]) -> str:
        self.client.update_stack(
            StackName=NAME, TemplateBody=json.dumps({"Resources": resources}), Capabilities=["CAPABILITY_NAMED_IAM"]
        )
        return self.status()

    def delete(self) -> str:
        id = self.client.describe_stacks(StackName=NAME)["Stacks"][0]["StackId"]
        self.client.delete_stack(StackName=NAME)
        return self.status(id)

    def status(self, name: str = NAME) -> str:
        return str(self.client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])

    def outputs(self) -> dict[str, str]:
        found = self.client.describe_stacks(StackName=NAME)["Stacks"][0].get("Outputs", [])
        return {one["OutputKey"]: one["OutputValue"] for one in found}

    def reasons(self) -> list[str]:
        """Why resources failed."""
        events = self.client.describe_stack_events(StackName=NAME)["StackEvents"]
        return [
            one.get("ResourceStatusReason", "")
            for one in events
            if one["ResourceStatus"].endswith("_FAILED") and one["ResourceType"] != "AWS::CloudFormation::Stack"
        ]

    def physical(self, id: str) -> str:
        found = self.client.describe_stack_resource(StackName=NAME, LogicalResourceId=id)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def fresh(self) -> None:
        """An empty account, and nothing denied."""
        self.gate.reset()
        self.gate.without.clear()
        self.gate.answers |= CloudFormation(self.gate, driver_of).answers()
        self.client = self.gate.client("cloudformation", self.gate.make_user("deployer", [ALL]))


@contextmanager
def stacks() -> Iterator[Stacks]:
    """A guard that ends by itself."""
    with Gate() as gate:
        made = Stacks(gate, None)
        made.fresh()
        yield made
