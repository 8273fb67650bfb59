"""A denied stack tells it in its events, as AWS does, or at once where that is asked for."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from scopedown.guard.gate import Gate
from scopedown.guard.services import cloudformation

TEMPLATE = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
POLICY = {"Statement": [{"Effect": "Allow", "Action": "cloudformation:*", "Resource": "*"}]}


def test_the_events_of_a_stack_tell_what_was_denied() -> None:
    with Gate(services=(cloudformation,)) as gate:
        client = gate.client("cloudformation", gate.make_user("deployer", [POLICY]))
        client.create_stack(StackName="denied", TemplateBody=TEMPLATE)
        reasons = [
            one.get("ResourceStatusReason", "")
            for one in client.describe_stack_events(StackName="denied")["StackEvents"]
        ]
    assert any("is not authorized to perform: sns:CreateTopic" in one for one in reasons)


def test_the_answer_tells_it_where_that_is_asked_for() -> None:
    with Gate(services=(cloudformation,)) as gate:
        gate.stack_denials_at_once = True
        client = gate.client("cloudformation", gate.make_user("deployer", [POLICY]))
        with pytest.raises(ClientError, match=r"AccessDenied.*sns:CreateTopic"):
            client.create_stack(StackName="denied", TemplateBody=TEMPLATE)
        gate.client("cloudformation").create_stack(StackName="made", TemplateBody=TEMPLATE)


def test_no_role_is_given_for_a_saml_assertion() -> None:
    with Gate(services=(cloudformation,)) as gate, pytest.raises(ClientError, match="AccessDenied"):
        gate.client("sts", gate.make_user("someone")).assume_role_with_saml(
            RoleArn="arn:aws:iam::123456789012:role/r", PrincipalArn="arn:aws:iam::123456789012:saml-provider/p",
            SAMLAssertion="AAAA",
        )  # fmt: skip
