"""Whose policies count: inline, attached, of groups, and the boundary."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scopedown.account.identity import Identity, identity_of, own_identity
from scopedown.account.session import open_session
from scopedown.core.finding import ScopedownError
from scopedown.iam import Caller, Request, evaluate

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip


def allow(action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


def allows(found: Identity, action: str) -> bool:
    return evaluate(Request(Caller.of(found.arn), action, "*"), found.policy_set()).allowed


def test_a_users_policies_are_its_own_and_its_groups(session: Any) -> None:
    iam = session.client("iam")
    iam.create_user(UserName="ci")
    iam.put_user_policy(UserName="ci", PolicyName="own", PolicyDocument=allow("sqs:ListQueues"))
    arn = iam.create_policy(PolicyName="attached", PolicyDocument=allow("sns:ListTopics"))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ci", PolicyArn=arn)
    iam.create_group(GroupName="team")
    iam.add_user_to_group(GroupName="team", UserName="ci")
    iam.put_group_policy(GroupName="team", PolicyName="inside", PolicyDocument=allow("s3:ListAllMyBuckets"))
    other = iam.create_policy(PolicyName="of-team", PolicyDocument=allow("lambda:ListFunctions"))["Policy"]["Arn"]
    iam.attach_group_policy(GroupName="team", PolicyArn=other)
    found = identity_of(session, "arn:aws:iam::123456789012:user/ci")
    granted = [action for action in ("sqs:ListQueues", "sns:ListTopics", "s3:ListAllMyBuckets", "lambda:ListFunctions")
               if allows(found, action)]  # fmt: skip
    assert len(granted) == 4
    assert not allows(found, "dynamodb:ListTables")
    assert (found.kind, found.account, found.administrator) == ("user", "123456789012", "")


def test_the_boundary_limits_it(session: Any) -> None:
    iam = session.client("iam")
    arn = iam.create_policy(PolicyName="limit", PolicyDocument=allow("sqs:*"))["Policy"]["Arn"]
    iam.create_role(RoleName="ci", AssumeRolePolicyDocument=json.dumps(TRUST), PermissionsBoundary=arn)
    iam.put_role_policy(RoleName="ci", PolicyName="own", PolicyDocument=allow("*"))
    found = identity_of(session, "arn:aws:iam::123456789012:role/ci")
    assert allows(found, "sqs:ListQueues")
    assert not allows(found, "sns:ListTopics")


def test_only_the_default_version_of_a_policy_counts(session: Any) -> None:
    iam = session.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=allow("sqs:ListQueues"))["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=allow("sns:ListTopics"), SetAsDefault=True)
    found = identity_of(session, arn)
    assert (found.kind, allows_policy(found, "sns:ListTopics"), allows_policy(found, "sqs:ListQueues")) == (
        "policy",
        True,
        False,
    )


def allows_policy(found: Identity, action: str) -> bool:
    caller = Caller.user("123456789012", "x")
    return evaluate(Request(caller, action, "*"), found.policy_set()).allowed


def test_a_session_is_its_role(session_with_managed: Any) -> None:
    iam = session_with_managed.client("iam")
    iam.create_role(RoleName="ci", Path="/team/", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.attach_role_policy(RoleName="ci", PolicyArn=ADMINISTRATOR)
    found = identity_of(session_with_managed, "arn:aws:sts::123456789012:assumed-role/ci/someone")
    assert (found.arn, found.kind) == ("arn:aws:iam::123456789012:role/team/ci", "role")
    assert found.administrator == ADMINISTRATOR
    assert allows(found, "ec2:RunInstances")


def test_the_credentials_own_identity_is_asked_for(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    session.client("iam").create_user(UserName="ci")
    key = session.client("iam").create_access_key(UserName="ci")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    assert own_identity(open_session()).arn == "arn:aws:iam::123456789012:user/ci"


@pytest.mark.parametrize("arn", ["arn:aws:s3:::bucket", "arn:aws:iam::123456789012:group/x", "arn:x"])
def test_what_holds_no_policies_is_refused(arn: str, session: Any) -> None:
    with pytest.raises(ScopedownError) as refused:
        identity_of(session, arn)
    assert refused.value.remedy


def test_what_aws_says_no_to_is_one_sentence(session: Any) -> None:
    with pytest.raises(ScopedownError, match=r"could not read the policies of the user nobody: .*NoSuchEntity"):
        identity_of(session, "arn:aws:iam::123456789012:user/nobody")


def test_a_profile_that_is_not_there_is_one_sentence(session: Any) -> None:
    with pytest.raises(ScopedownError, match=r"could not open the profile: .*nowhere"):
        open_session("nowhere")
