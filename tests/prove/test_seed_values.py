"""What the framework and the template ask AWS for is in the local AWS before anything is deployed."""

from __future__ import annotations

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.guard.cloudformation.provision import driver_of
from scopedown.prove.local_aws import LocalAws
from scopedown.prove.seed_values import put_values

TEMPLATE = {
    "Resources": {"Shared": {"Type": "AWS::SQS::Queue"}},
    "Outputs": {"Url": {"Value": {"Ref": "Shared"}, "Export": {"Name": "shared-url"}}},
}


def test_a_stack_that_the_project_imports_from_is_deployed_first() -> None:
    with LocalAws(driver_of) as aws:
        put_values(aws, {"stack:base": TEMPLATE, "cf(eu-west-1):other.Name": "n"}, "us-east-1")
        (export,) = aws.admin("cloudformation", "us-east-1").list_exports()["Exports"]
        assert export["Name"] == "shared-url"
        assert "/base-Shared-" in export["Value"]
        (other,) = aws.admin("cloudformation", "eu-west-1").describe_stacks(StackName="other")["Stacks"]
        assert other["Outputs"][0]["OutputValue"] == "n"


def test_a_stack_that_cannot_be_deployed_is_said_with_its_name() -> None:
    with LocalAws(driver_of) as aws, pytest.raises(ScopedownError, match="the stack base cannot be made"):
        put_values(
            aws, {"stack:base": {"Resources": {"A": {"Type": "AWS::SQS::Queue", "DependsOn": "B"}}}}, "us-east-1"
        )
