"""Sessions and principals of policies are bound to unique ids: another user or role of the same name is not meant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, Principal
from scopedown.iam import Caller, PolicySet

OTHER = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"


def document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


EVERYTHING = document(Action="*", Resource="*")


def make_role(gate: Gate, name: str, principal: Any) -> None:
    trust = document(Principal={"AWS": principal}, Action="sts:AssumeRole")
    gate.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)


def delete_user(gate: Gate, name: str) -> None:
    iam = gate.client("iam")
    for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    iam.delete_user(UserName=name)


def of(key: dict[str, Any]) -> Principal:
    """Who signs with these temporary credentials."""
    caller = Caller.user(ACCOUNT, "anyone")
    return Principal(caller, PolicySet(), key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"])


def assume(gate: Gate, who: Principal, arn: str = ROLE) -> Principal:
    return of(gate.client("sts", who).assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"])


def is_refused(call: Any, **given: Any) -> bool:
    with pytest.raises(ClientError) as found:
        call(**given)
    return found.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException", "InvalidClientTokenId")


def test_a_session_ends_with_its_role_although_another_gets_the_name(gate: Gate) -> None:
    make_role(gate, "r", ACCOUNT)
    session = assume(gate, gate.make_user("u", [json.loads(EVERYTHING)]))
    iam = gate.client("iam")
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=EVERYTHING)
    gate.client("sns", session).list_topics()
    iam.delete_role_policy(RoleName="r", PolicyName="p")
    iam.delete_role(RoleName="r")
    make_role(gate, "r", ACCOUNT)
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=EVERYTHING)
    assert is_refused(gate.client("sns", session).list_topics)


@pytest.mark.parametrize(("operation", "given"), [("get_session_token", {}), ("get_federation_token", {"Name": "bob"})])
def test_a_users_session_ends_with_the_user_although_another_gets_the_name(
    gate: Gate, operation: str, given: dict[str, str]
) -> None:
    policy = {"Policy": EVERYTHING} if given else {}
    user = gate.make_user("u", [json.loads(EVERYTHING)])
    session = of(getattr(gate.client("sts", user), operation)(**given, **policy)["Credentials"])
    gate.client("sns", session).list_topics()
    delete_user(gate, "u")
    gate.make_user("u", [json.loads(EVERYTHING)])
    assert is_refused(gate.client("sns", session).list_topics)


def test_a_trust_policy_means_the_user_that_it_named(gate: Gate) -> None:
    user = gate.make_user("u")
    make_role(gate, "r", user.caller.arn)
    assume(gate, user)
    delete_user(gate, "u")
    assert is_refused(assume, gate=gate, who=gate.make_user("u"))
    found = gate.client("iam").get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]
    assert found["Statement"][0]["Principal"]["AWS"].startswith("AIDA")


def test_a_trust_policy_of_another_account_means_the_role_that_it_named(gate: Gate) -> None:
    make_role(gate, "r", ACCOUNT)
    admin = gate.make_user("x", [json.loads(EVERYTHING)], OTHER)
    trust = document(Principal={"AWS": [ROLE]}, Action="sts:AssumeRole")
    gate.client("iam", admin).create_role(RoleName="far", AssumeRolePolicyDocument=trust)
    gate.client("iam").put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=EVERYTHING)
    user, far = gate.make_user("u", [json.loads(EVERYTHING)]), f"arn:aws:iam::{OTHER}:role/far"
    assume(gate, assume(gate, user), far)
    gate.client("iam").delete_role_policy(RoleName="r", PolicyName="p")
    gate.client("iam").delete_role(RoleName="r")
    make_role(gate, "r", ACCOUNT)
    gate.client("iam").put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=EVERYTHING)
    assert is_refused(assume, gate=gate, who=assume(gate, user), arn=far)


def test_a_policy_of_a_queue_means_the_user_that_it_named(gate: Gate) -> None:
    queue = gate.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    arn = gate.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    user = gate.make_user("u")
    policy = document(Principal={"AWS": user.caller.arn}, Action="sqs:SendMessage", Resource=arn)
    gate.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    gate.client("sqs", user).send_message(QueueUrl=queue, MessageBody="a")
    delete_user(gate, "u")
    assert is_refused(gate.client("sqs", gate.make_user("u")).send_message, QueueUrl=queue, MessageBody="a")


def test_others_that_the_policy_names_are_let_in_as_before(gate: Gate) -> None:
    users = [gate.make_user("u"), gate.make_user("v")]
    make_role(gate, "r", [one.caller.arn for one in users])
    delete_user(gate, "u")
    assume(gate, users[1])


def test_policies_follow_a_user_that_is_renamed(gate: Gate) -> None:
    make_role(gate, "r", gate.make_user("u").caller.arn)
    gate.client("iam").update_user(UserName="u", NewUserName="v")
    assume(gate, gate.make_user("v"))
    assert is_refused(assume, gate=gate, who=gate.make_user("u"))


def test_a_renamed_user_keeps_its_keys_and_who_takes_the_name_gets_none(gate: Gate) -> None:
    one = gate.make_user("one", [EVERYTHING])
    gate.client("iam").update_user(UserName="one", NewUserName="two")
    gate.make_user("one", [])
    assert gate.client("sts", one).get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/two"


def test_a_policy_that_names_an_account_or_another_role_stays_as_it_is(gate: Gate) -> None:
    make_role(gate, "near", ACCOUNT)
    make_role(gate, "r", [f"arn:aws:iam::{ACCOUNT}:role/near", ACCOUNT])
    gate.make_user("u")
    delete_user(gate, "u")
    found = gate.client("iam").get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]
    assert found["Statement"][0]["Principal"]["AWS"] == [f"arn:aws:iam::{ACCOUNT}:role/near", ACCOUNT]
