"""Who becomes whom: the local STS decides with the caller's policies and the role's trust policy."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION, Principal
from scopedown.guard.responses import RefusedError
from scopedown.iam import Caller, PolicySet

OTHER = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in statements]}


def may_assume(resource: str = ROLE, *more: str) -> dict[str, Any]:
    return document({"Action": ["sts:AssumeRole", *more], "Resource": resource})


def role(gate: Gate, *policies: dict[str, Any], name: str = "r", **trusted: Any) -> None:
    """A role that trusts its account, unless told otherwise."""
    trust = {"Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole", **trusted}
    iam = gate.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document(trust)))
    for number, one in enumerate(policies):
        iam.put_role_policy(RoleName=name, PolicyName=f"p{number}", PolicyDocument=json.dumps(one))


def assumed(gate: Gate, who: Principal, arn: str = ROLE, **given: Any) -> Principal:
    made = gate.client("sts", who).assume_role(RoleArn=arn, RoleSessionName="session", **given)["Credentials"]
    caller = Caller.role_session(ACCOUNT, arn.rsplit("/", 1)[1], "session")
    return Principal(caller, PolicySet(), made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as told:
        call(**given)
    return str(told.value)


def test_both_the_caller_and_the_role_must_agree(gate: Gate) -> None:
    role(gate)
    poor, rich = gate.make_user("poor"), gate.make_user("rich", [may_assume()])
    told = refused(gate.client("sts", poor).assume_role, RoleArn=ROLE, RoleSessionName="session")
    assert "AccessDenied" in told
    assert f"user/poor is not authorized to perform: sts:AssumeRole on resource: {ROLE}" in told
    assert gate.client("sts", assumed(gate, rich)).get_caller_identity()["Arn"].endswith("assumed-role/r/session")
    role(gate, name="closed", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/somebody"})
    closed = f"arn:aws:iam::{ACCOUNT}:role/closed"
    gate.client("iam").put_user_policy(UserName="rich", PolicyName="more", PolicyDocument=json.dumps(EVERYTHING))
    assert "role trust policy" in refused(
        gate.client("sts", rich).assume_role, RoleArn=closed, RoleSessionName="session"
    )
    missing = f"arn:aws:iam::{ACCOUNT}:role/missing"
    assert "AccessDenied" in refused(gate.client("sts", rich).assume_role, RoleArn=missing, RoleSessionName="session")


def test_a_role_that_names_the_user_needs_no_more(gate: Gate) -> None:
    user = gate.make_user("u")
    role(gate, Principal={"AWS": user.caller.arn})
    assumed(gate, user)


def test_across_accounts_both_sides_are_asked(gate: Gate) -> None:
    stranger, allowed = gate.make_user("x", account=OTHER), gate.make_user("y", [may_assume()], OTHER)
    role(gate, Principal={"AWS": OTHER})
    assert "AccessDenied" in refused(gate.client("sts", stranger).assume_role, RoleArn=ROLE, RoleSessionName="session")
    session = assumed(gate, allowed)
    assert gate.client("sts", session).get_caller_identity()["Account"] == ACCOUNT


@pytest.mark.parametrize(
    ("condition", "good", "bad"),
    [
        ({"StringEquals": {"sts:ExternalId": "secret"}}, {"ExternalId": "secret"}, {"ExternalId": "other"}),
        ({"StringEquals": {"sts:ExternalId": "secret"}}, {"ExternalId": "secret"}, {}),
        ({"StringLike": {"sts:RoleSessionName": "session"}}, {}, {"RoleSessionName": "other"}),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {"SerialNumber": "mfa-serial", "TokenCode": "123456"}, {}),
    ],
)
def test_conditions_of_the_trust_policy(
    gate: Gate, condition: dict[str, Any], good: dict[str, Any], bad: dict[str, Any]
) -> None:
    role(gate, Condition=condition)
    user = gate.make_user("u", [may_assume()])
    gate.client("iam").enable_mfa_device(
        UserName="u", SerialNumber="mfa-serial", AuthenticationCode1="123456", AuthenticationCode2="123457"
    )
    sts = gate.client("sts", user)
    sts.assume_role(**{"RoleArn": ROLE, "RoleSessionName": "session", **good})
    assert "AccessDenied" in refused(sts.assume_role, **{"RoleArn": ROLE, "RoleSessionName": "session", **bad})


def test_a_session_has_what_the_role_has_and_its_session_policies_leave(gate: Gate) -> None:
    role(gate, document({"Action": ["sns:*", "sqs:*"], "Resource": "*"}))
    user = gate.make_user("u", [may_assume()])
    whole = assumed(gate, user)
    gate.client("sns", whole).list_topics()
    gate.client("sqs", whole).list_queues()
    less = assumed(gate, user, Policy=json.dumps(document({"Action": "sns:*", "Resource": "*"})))
    gate.client("sns", less).list_topics()
    assert "no session policy allows" in refused(gate.client("sqs", less).list_queues)
    managed = [{"arn": "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"}]
    other = assumed(gate, user, PolicyArns=managed)
    gate.client("sqs", other).list_queues()
    assert "no session policy allows" in refused(gate.client("sns", other).list_topics)


def test_a_changed_policy_counts_at_once_for_a_session_that_is_there(gate: Gate) -> None:
    role(gate)
    session = assumed(gate, gate.make_user("u", [may_assume()]))
    sns = gate.client("sns", session)
    refused(sns.list_topics)
    iam = gate.client("iam")
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps(EVERYTHING))
    sns.list_topics()
    iam.delete_role_policy(RoleName="r", PolicyName="p")
    refused(sns.list_topics)
    iam.delete_role(RoleName="r")
    assert "InvalidClientTokenId" in refused(sns.list_topics)


def test_tags_and_a_source_identity_need_their_own_actions_and_stay_with_the_session(gate: Gate) -> None:
    tagged = {"Tags": [{"Key": "team", "Value": "red"}], "TransitiveTagKeys": ["team"], "SourceIdentity": "ann"}
    actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    condition = {"StringEquals": {"aws:PrincipalTag/team": "red", "aws:SourceIdentity": "ann"}}
    role(
        gate,
        document({"Action": "sns:*", "Resource": "*", "Condition": condition}),
        may_assume("*", *actions[1:]),
        Action=actions,
    )
    user = gate.make_user("u", [may_assume()])
    told = refused(gate.client("sts", user).assume_role, RoleArn=ROLE, RoleSessionName="session", **tagged)
    assert "sts:TagSession" in told
    gate.client("iam").put_user_policy(
        UserName="u", PolicyName="more", PolicyDocument=json.dumps(may_assume(ROLE, *actions))
    )
    gate.client("sns", assumed(gate, user, **tagged)).list_topics()
    refused(gate.client("sns", assumed(gate, user)).list_topics)
    # role chaining: the transitive tag goes on, an hour is the longest
    needs = {"Action": actions, "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}
    role(gate, document({"Action": "sns:*", "Resource": "*", "Condition": condition}), name="second", **needs)
    second = f"arn:aws:iam::{ACCOUNT}:role/second"
    first = assumed(gate, user, **tagged)
    gate.client("sns", assumed(gate, first, second)).list_topics()
    told = refused(
        gate.client("sts", first).assume_role, RoleArn=second, RoleSessionName="session", DurationSeconds=7200
    )
    assert "role chaining" in told
    told = refused(gate.client("sts", user).assume_role, RoleArn=ROLE, RoleSessionName="session", DurationSeconds=7200)
    assert "MaxSessionDuration" in told


@pytest.mark.parametrize(("inherits", "action"), [
    ({"Tags": [{"Key": "team", "Value": "red"}], "TransitiveTagKeys": ["team"]}, "sts:TagSession"),
    ({"SourceIdentity": "ann"}, "sts:SetSourceIdentity"),
])  # fmt: skip
def test_the_next_role_of_a_chain_must_trust_what_it_inherits(
    gate: Gate, inherits: dict[str, Any], action: str
) -> None:
    everything = {"Action": "*", "Resource": "*"}
    role(gate, document(everything), Action=["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"])
    role(gate, document(everything), name="next", Action="sts:AssumeRole")
    first = assumed(gate, gate.make_user("u", [document({"Effect": "Allow", **everything})]), **inherits)
    following = f"arn:aws:iam::{ACCOUNT}:role/next"
    said = refused(gate.client("sts", first).assume_role, RoleArn=following, RoleSessionName="session")
    assert action in said


def test_a_federated_user_is_what_its_token_is_asked_for(gate: Gate) -> None:
    only = {"Effect": "Allow", "Action": "sts:GetFederationToken",
            "Resource": f"arn:aws:sts::{ACCOUNT}:federated-user/right"}  # fmt: skip
    sts = gate.client("sts", gate.make_user("u", [document(only)]))
    sts.get_federation_token(Name="right")
    assert "federated-user/wrong" in refused(sts.get_federation_token, Name="wrong")


def jwt(**claims: Any) -> str:
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{part}.c2lnbmVk"


def test_a_web_identity_assumes_a_role_without_a_key(gate: Gate) -> None:
    host, provider = "ci.example.com", f"arn:aws:iam::{ACCOUNT}:oidc-provider/ci.example.com"
    condition = {"StringEquals": {f"{host}:aud": "sts.amazonaws.com"}, "StringLike": {f"{host}:sub": "repo:mine/*"}}
    trusted = {"Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": provider}, "Condition": condition}
    role(gate, document({"Action": "sns:*", "Resource": "*"}), **trusted)
    sts = boto3.client("sts", endpoint_url=gate.address, region_name=REGION,
                       config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}))  # fmt: skip
    claims = {"iss": f"https://{host}", "aud": "sts.amazonaws.com", "sub": "repo:mine/app", "exp": time.time() + 60}

    def ask(**changed: Any) -> Any:
        token = jwt(**{**claims, **changed})
        return sts.assume_role_with_web_identity(RoleArn=ROLE, RoleSessionName="ci", WebIdentityToken=token)

    assert "InvalidIdentityToken" in refused(ask)
    gate.client("iam").create_open_id_connect_provider(
        Url=f"https://{host}", ThumbprintList=["a" * 40], ClientIDList=["sts.amazonaws.com"]
    )
    made = ask()
    assert (made["Provider"], made["SubjectFromWebIdentityToken"]) == (provider, "repo:mine/app")
    key = made["Credentials"]
    session = Principal(
        Caller.anonymous(), PolicySet(), key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"]
    )
    gate.client("sns", session).list_topics()
    assert "AccessDenied" in refused(ask, sub="repo:theirs/app")
    assert "ExpiredToken" in refused(ask, exp=time.time() - 1)
    assert "InvalidIdentityToken" in refused(ask, aud="someone else")


def test_a_users_own_session_and_a_federated_one(gate: Gate) -> None:
    user = gate.make_user("u", [document({"Action": ["sns:*", "sqs:*", "sts:*"], "Resource": "*"})])
    sts = gate.client("sts", user)
    key = sts.get_session_token()["Credentials"]
    own = Principal(user.caller, PolicySet(), key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"])
    gate.client("sns", own).list_topics()
    assert gate.client("sts", own).get_caller_identity()["Arn"] == user.caller.arn
    bare = sts.get_federation_token(Name="bob")
    assert bare["FederatedUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
    limited = sts.get_federation_token(Name="bob", Policy=json.dumps(document({"Action": "sns:*", "Resource": "*"})))
    for made, topics in ((bare, False), (limited, True)):
        key = made["Credentials"]
        who = Principal(user.caller, PolicySet(), key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"])
        assert gate.client("sts", who).get_caller_identity()["Arn"].endswith("federated-user/bob")
        if topics:
            gate.client("sns", who).list_topics()
        else:
            refused(gate.client("sns", who).list_topics)
        refused(gate.client("sqs", who).list_queues)


def test_who_one_is_may_always_be_asked(gate: Gate) -> None:
    nothing = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
    user = gate.make_user("u", [nothing])
    told = gate.client("sts", user).get_caller_identity()
    assert (told["Arn"], told["Account"]) == (user.caller.arn, ACCOUNT)


def test_a_service_assumes_the_roles_that_trust_it(gate: Gate) -> None:
    trusted = {"Principal": {"Service": "lambda.amazonaws.com"}}
    role(gate, document({"Action": "sns:*", "Resource": "*"}), **trusted)
    session = gate.assume(ROLE, "function", "lambda.amazonaws.com")
    assert session.caller.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/r/function"
    gate.client("sns", session).list_topics()
    refused(gate.client("sqs", session).list_queues)
    with pytest.raises(RefusedError, match=r"ecs-tasks\.amazonaws\.com is not authorized to perform: sts:AssumeRole"):
        gate.assume(ROLE, "task", "ecs-tasks.amazonaws.com")
    with pytest.raises(RefusedError):
        gate.assume(f"{ROLE}-that-is-not-there", "task")


def test_a_malformed_session_policy_is_told(gate: Gate) -> None:
    role(gate)
    sts = gate.client("sts", gate.make_user("u", [may_assume()]))
    given = {"RoleArn": ROLE, "RoleSessionName": "session"}
    assert "MalformedPolicyDocument" in refused(sts.assume_role, **given, Policy="{}")
    assert "InvalidInput" in refused(sts.assume_role, **given, PolicyArns=[{"arn": f"{ROLE}/none"}])
