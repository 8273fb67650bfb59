"""What sessions may do whatever policies say: tags, MFA, IAM and STS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, Principal
from scopedown.iam import Caller, PolicySet

ROLE, SECOND = f"arn:aws:iam::{ACCOUNT}:role/r", f"arn:aws:iam::{ACCOUNT}:role/second"
ACTIONS = ["sts:AssumeRole", "sts:TagSession"]


def document(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


EVERYTHING = document(Action="*", Resource="*")


def make_role(gate: Gate, name: str = "r", tags: dict[str, str] | None = None, **trusted: Any) -> None:
    trust = {"Principal": {"AWS": ACCOUNT}, "Action": ACTIONS, **trusted}
    iam = gate.client("iam")
    given = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document(**trust)), Tags=given)
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(EVERYTHING))


def of(key: dict[str, Any]) -> Principal:
    """Who signs with these temporary credentials."""
    caller = Caller.user(ACCOUNT, "anyone")
    return Principal(caller, PolicySet(), key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"])


def assume(gate: Gate, who: Principal, arn: str = ROLE, **given: Any) -> Principal:
    return of(gate.client("sts", who).assume_role(RoleArn=arn, RoleSessionName="session", **given)["Credentials"])


def tags(*pairs: str) -> list[dict[str, str]]:
    return [dict(zip(("Key", "Value"), pair.split("="), strict=True)) for pair in pairs]


def refused(call: Any, *given: Any, **named: Any) -> tuple[str, int]:
    """The code and the status of the error that a request is answered with."""
    with pytest.raises(ClientError) as found:
        call(*given, **named)
    answer = found.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def enable_device(gate: Gate, user: str, serial: str) -> None:
    gate.client("iam").enable_mfa_device(
        UserName=user, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="123457"
    )


@pytest.mark.parametrize("key", ["team", "Team", "TEAM", "tEam"])
def test_a_transitive_tag_is_not_passed_again_in_any_case(gate: Gate, key: str) -> None:
    make_role(gate)
    make_role(gate, "second")
    first = assume(gate, gate.make_user("u", [EVERYTHING]), Tags=tags("team=red"), TransitiveTagKeys=["TEAM"])
    assert refused(assume, gate, first, SECOND, Tags=tags(f"{key}=blue")) == ("InvalidParameterValue", 400)
    assume(gate, first, SECOND, Tags=tags("stage=blue"))


def test_a_tag_that_is_not_transitive_may_be_passed_again(gate: Gate) -> None:
    make_role(gate)
    make_role(gate, "second")
    first = assume(gate, gate.make_user("u", [EVERYTHING]), Tags=tags("team=red"))
    assume(gate, first, SECOND, Tags=tags("Team=blue"))


def test_a_tag_key_comes_once_in_any_case(gate: Gate) -> None:
    make_role(gate)
    user = gate.make_user("u", [EVERYTHING])
    assert refused(assume, gate, user, Tags=tags("team=red", "Team=blue")) == ("InvalidParameterValue", 400)
    token = gate.client("sts", user).get_federation_token
    assert refused(token, Name="bob", Tags=tags("team=red", "TEAM=red"))[1] == 400


def test_a_session_tag_takes_the_place_of_the_roles_in_any_case(gate: Gate) -> None:
    make_role(gate, tags={"team": "red"})
    condition = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    make_role(gate, "second", Condition=condition)
    user = gate.make_user("u", [EVERYTHING])
    assume(gate, assume(gate, user), SECOND)
    assert refused(assume, gate, assume(gate, user, Tags=tags("Team=blue")), SECOND) == ("AccessDenied", 403)


MFA = {"SerialNumber": "mfa-serial", "TokenCode": "123456"}


def test_only_a_user_has_a_device(gate: Gate) -> None:
    make_role(gate)
    make_role(gate, "second", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    user, other = gate.make_user("u", [EVERYTHING]), gate.make_user("other", [EVERYTHING])
    enable_device(gate, "u", "mfa-serial")
    assume(gate, user, SECOND, **MFA)
    own = of(gate.client("sts", user).get_session_token(**MFA)["Credentials"])
    assume(gate, own, SECOND)
    for who in (other, assume(gate, user), assume(gate, other)):
        assert refused(assume, gate, who, SECOND, **MFA) == ("AccessDenied", 403)
    federated = of(
        gate.client("sts", user).get_federation_token(Name="own", Policy=json.dumps(EVERYTHING))["Credentials"]
    )
    assert refused(assume, gate, federated, SECOND, **MFA) == ("AccessDenied", 403)


def test_a_users_session_calls_iam_only_with_mfa(gate: Gate) -> None:
    user = gate.make_user("u", [EVERYTHING])
    enable_device(gate, "u", "mfa-serial")
    sts = gate.client("sts", user)
    bare, strong = of(sts.get_session_token()["Credentials"]), of(sts.get_session_token(**MFA)["Credentials"])
    assert refused(gate.client("iam", bare).list_users) == ("InvalidClientTokenId", 403)
    gate.client("iam", strong).list_users()
    gate.client("sns", bare).list_topics()


def test_a_users_session_only_assumes_roles_and_asks_who_it_is(gate: Gate) -> None:
    make_role(gate)
    user = gate.make_user("u", [EVERYTHING])
    session = of(gate.client("sts", user).get_session_token()["Credentials"])
    assume(gate, session)
    sts = gate.client("sts", session)
    sts.get_caller_identity()
    for call, given in ((sts.get_session_token, {}), (sts.get_federation_token, {"Name": "bob"})):
        assert refused(call, **given) == ("AccessDenied", 403)


def test_a_federated_user_calls_neither_iam_nor_sts(gate: Gate) -> None:
    make_role(gate)
    user = gate.make_user("u", [EVERYTHING])
    made = gate.client("sts", user).get_federation_token(Name="bob", Policy=json.dumps(EVERYTHING))
    session = of(made["Credentials"])
    gate.client("sts", session).get_caller_identity()
    gate.client("sns", session).list_topics()
    assert refused(gate.client("iam", session).list_users) == ("InvalidClientTokenId", 403)
    assert refused(assume, gate, session) == ("AccessDenied", 403)


def test_a_session_of_a_role_calls_iam(gate: Gate) -> None:
    make_role(gate)
    gate.client("iam", assume(gate, gate.make_user("u", [EVERYTHING]))).list_users()


def test_tags_of_a_federated_user_need_their_own_action(gate: Gate) -> None:
    user = gate.make_user("u", [document(Action="sts:GetFederationToken", Resource="*")])
    token = gate.client("sts", user).get_federation_token
    token(Name="bob")
    assert refused(token, Name="bob", Tags=tags("team=red")) == ("AccessDenied", 403)
    policy = json.dumps(document(Action="sts:TagSession", Resource="*"))
    gate.client("iam").put_user_policy(UserName="u", PolicyName="more", PolicyDocument=policy)
    token(Name="bob", Tags=tags("team=red"))
