"""What IAM's own calls write is what the next request is decided by."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scopedown.guard import local_iam
from scopedown.guard.gate import Gate
from scopedown.guard.local_iam import Document, read
from scopedown.guard.model import ACCOUNT, Principal
from scopedown.iam import Kind


def document(*actions: str, effect: str = "Allow", **more: Any) -> str:
    statement = {"Effect": effect, "Action": list(actions), "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def user(gate: Gate) -> Principal:
    return gate.make_user("u")


def may_list(gate: Gate, who: Principal) -> bool:
    try:
        gate.client("sns", who).list_topics()
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AuthorizationError"
        return False
    return True


def test_an_inline_policy_counts_from_now_until_it_is_deleted(gate: Gate, user: Principal) -> None:
    iam = gate.client("iam")
    assert not may_list(gate, user)
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document("sns:*"))
    assert may_list(gate, user)
    assert gate.decided[-1].statement == "u/p, statement 1"
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document("sqs:*"))
    assert not may_list(gate, user)
    iam.delete_user_policy(UserName="u", PolicyName="p")
    assert not may_list(gate, user)


def test_a_managed_policy_counts_in_its_default_version(gate: Gate, user: Principal) -> None:
    iam = gate.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document("sns:*"))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="u", PolicyArn=arn)
    assert may_list(gate, user)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document("sqs:*"), SetAsDefault=True)
    assert not may_list(gate, user)
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    assert may_list(gate, user)
    iam.detach_user_policy(UserName="u", PolicyArn=arn)
    assert not may_list(gate, user)


def test_a_policy_of_awss_own_can_be_attached(gate: Gate, user: Principal) -> None:
    arn = "arn:aws:iam::aws:policy/AmazonSNSReadOnlyAccess"
    gate.client("iam").attach_user_policy(UserName="u", PolicyArn=arn)
    assert may_list(gate, user)


def test_every_policy_of_awss_own_can_be_read() -> None:
    policies = local_iam.backend(ACCOUNT).aws_managed_policies
    assert len(policies) > 1000
    documents = (Document(one.versions[0].document, Kind.IDENTITY, one.name) for one in policies)
    unreadable = [one.name for one in documents if "unreadable" in read(one).name]
    assert unreadable == []


def test_a_groups_policies_count_for_its_users(gate: Gate, user: Principal) -> None:
    iam = gate.client("iam")
    iam.create_group(GroupName="g")
    iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=document("sns:*"))
    assert not may_list(gate, user)
    iam.add_user_to_group(GroupName="g", UserName="u")
    assert may_list(gate, user)
    iam.remove_user_from_group(GroupName="g", UserName="u")
    assert not may_list(gate, user)


def test_a_users_boundary_limits_it(gate: Gate, user: Principal) -> None:
    iam = gate.client("iam")
    arn = iam.create_policy(PolicyName="b", PolicyDocument=document("sqs:*"))["Policy"]["Arn"]
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document("*"))
    iam.put_user_permissions_boundary(UserName="u", PermissionsBoundary=arn)
    assert iam.get_user(UserName="u")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn
    assert not may_list(gate, user)
    assert "no permissions boundary allows" in gate.denied[-1].message
    iam.delete_user_permissions_boundary(UserName="u")
    assert "PermissionsBoundary" not in iam.get_user(UserName="u")["User"] or may_list(gate, user)
    assert may_list(gate, user)
    made = iam.create_user(UserName="v", PermissionsBoundary=arn, Tags=[{"Key": "a", "Value": "b"}])["User"]
    assert made["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn
    assert iam.get_user(UserName="v")["User"]["Tags"] == [{"Key": "a", "Value": "b"}]
    with pytest.raises(ClientError, match="EntityAlreadyExists"):
        iam.create_user(UserName="v", PermissionsBoundary=arn)
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.put_user_permissions_boundary(UserName="v", PermissionsBoundary=f"{arn}-none")


def test_an_explicit_deny_is_told_as_one(gate: Gate, user: Principal) -> None:
    iam = gate.client("iam")
    iam.put_user_policy(UserName="u", PolicyName="a", PolicyDocument=document("*"))
    iam.put_user_policy(UserName="u", PolicyName="d", PolicyDocument=document("sns:List*", effect="Deny"))
    assert not may_list(gate, user)
    told = gate.denied[-1]
    assert told.message.endswith("with an explicit deny in an identity-based policy")
    assert (told.statement, told.principal) == ("u/d, statement 1", user.caller.arn)
    assert told.number > gate.decided[0].number > 0 or len(gate.decided) == 1
    assert told.time > 0


def test_tags_of_a_user_are_its_principal_tags(gate: Gate, user: Principal) -> None:
    iam = gate.client("iam")
    condition = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document("sns:*", Condition=condition))
    assert not may_list(gate, user)
    iam.tag_user(UserName="u", Tags=[{"Key": "team", "Value": "red"}])
    assert may_list(gate, user)


def test_context_that_a_request_cannot_carry_is_given_to_the_gate(gate: Gate, user: Principal) -> None:
    condition = {"StringEquals": {"aws:SourceVpce": "vpce-1"}, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    gate.client("iam").put_user_policy(
        UserName="u", PolicyName="p", PolicyDocument=document("sns:*", Condition=condition)
    )
    assert not may_list(gate, user)
    gate.context["*"] = {"aws:SourceVpce": "vpce-1"}
    assert not may_list(gate, user)
    gate.context[user.caller.arn] = {"AWS:SourceIp": "203.0.113.9"}
    assert may_list(gate, user)


def test_a_gate_that_learns_lets_through_and_records(gate: Gate, user: Principal) -> None:
    gate.learn = True
    assert may_list(gate, user)
    assert [(one.check.action, one.allowed) for one in gate.denied] == [("sns:ListTopics", False)]
    gate.learn = False
    gate.enforce_only.add("somebody else")
    assert may_list(gate, user)
    gate.enforce_only.add("u")
    assert not may_list(gate, user)


def test_what_a_user_makes_is_in_its_own_account(gate: Gate) -> None:
    everything = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    other = gate.make_user("u", [everything], "111122223333")
    assert gate.client("sns", other).create_topic(Name="t")["TopicArn"].split(":")[4] == "111122223333"
    assert gate.client("sns").list_topics()["Topics"] == []
