"""Every type of CloudFormation is made, changed in thought and deleted: for real, or as a recorded stand-in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from guard.provisioning.stacks_of import Stacks
from scopedown.catalog.load import catalog
from scopedown.deploy.names import generated_name
from scopedown.deploy.rows import name_rows, type_rows
from scopedown.guard.cloudformation.driver import Place
from scopedown.guard.cloudformation.provision import driver_of
from scopedown.guard.cloudformation.provision_calls import told
from scopedown.guard.cloudformation.provision_names import attributes_of, concrete, name_of, ref_of
from scopedown.guard.cloudformation.template import TemplateError
from scopedown.guard.gate import Gate
from scopedown.guard.model import Check
from scopedown.iam.wildcard import glob, matcher

pytestmark = pytest.mark.slow

PLACE = Place("shop-dev", "Thing", "1P6F52DNZSQ7", {})
TYPES = sorted({*type_rows(), *name_rows()} - {"Custom::*"})


@dataclass
class Recording:
    """CloudFormation's hands of someone to whom all is allowed."""

    gate: Gate
    account: str = "123456789012"
    region: str = "us-east-1"
    checked: list[Check] = field(default_factory=list)
    logical_id: str = ""
    stand_ins: list[str] = field(default_factory=list)

    def check(self, one: Check, operation: str = "") -> None:
        self.checked.append(one)

    def stand_in(self, reason: str) -> None:
        self.stand_ins.append(reason)

    def call(self, service: str, operation: str, /, **parameters: Any) -> Any:
        raise AssertionError("nothing is called in the caller's name")

    ask = call


def test_every_type_of_the_tables_is_made_and_deleted_even_with_no_property_at_all(guard: Stacks) -> None:
    for type in TYPES:
        aws = Recording(guard.gate)
        driver = driver_of(type)
        try:
            made = driver.create(aws, PLACE, {})
        except Exception as error:  # a service may refuse an empty resource, in its own words
            assert isinstance(error, ClientError | TemplateError), (type, error)
            continue
        assert made.physical, type
        known = catalog().cloudformation_type(type)
        assert set(known.attributes if known else ()) <= set(made.attributes), type
        driver.delete(aws, made)
        assert all("*" not in one.resource or one.resource == "*" for one in aws.checked), (type, aws.checked)


@pytest.mark.parametrize("type", [type for type, row in name_rows().items() if row.name])
def test_a_generated_name_is_one_that_the_deployments_policy_allows(type: str) -> None:
    row = name_rows()[type]
    for stack, id in (("a", "B"), ("notes-app-api-test-deployment-of-long-name", "ServerlessDeploymentBucketPolicy")):
        place = Place(stack, id, "1P6F52DNZSQ7", {})
        name = name_of(type, place, {})
        assert matcher(glob(generated_name(stack, id, row.limit, row.form)))(name), name
        assert not row.limit or len(name) <= row.limit
        assert name == concrete(generated_name(stack, id, row.limit, row.form), row.form, "1P6F52DNZSQ7")


def test_what_ref_and_attributes_give_has_the_form_of_awss() -> None:
    assert ref_of("AWS::EC2::VPC", PLACE, {}, "").startswith("vpc-")
    topic = ref_of("AWS::SNS::Topic", PLACE, {"TopicName": "t"}, "t")
    assert topic == "arn:aws:sns:us-east-1:123456789012:t"
    function = attributes_of("AWS::Lambda::Function", PLACE, {"FunctionName": "f"}, "f", {})
    assert function["Arn"] == "arn:aws:lambda:us-east-1:123456789012:function:f"
    distribution = attributes_of("AWS::CloudFront::Distribution", PLACE, {}, "EDFDVBD632BHDS5", {})
    assert distribution["DomainName"].endswith(".amazonaws.com")


def test_open_parts_of_arns_are_told_by_the_resource_and_its_parents() -> None:
    arn = "arn:aws:apigateway:us-east-1::/restapis/*/authorizers/*"
    assert told(arn, {"RestApiId": "r1"}, "a1") == "arn:aws:apigateway:us-east-1::/restapis/r1/authorizers/a1"
    assert told("*", {}, "a1") == "*"
