"""A decision case made true in the local AWS, and asked there: its principal and policies written with IAM's own calls,
its resource made, its request signed and sent.

What the request cannot carry (an address, a time, an endpoint's id) is given to the gate as its context.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from moto.kms.models import Key, kms_backends
from moto.s3.models import FakeBucket, s3_backends

from scopedown.guard import local_iam
from scopedown.guard.gate import Gate
from scopedown.guard.model import REGION, Principal
from scopedown.guard.responses import RefusedError
from scopedown.iam import Caller, PolicySet, parse_policy

Case = Mapping[str, Any]
EVERYTHING = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
DENIALS = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403")
FROM_THE_REQUEST = ("aws:username", "aws:principalarn", "dynamodb:attributes")
"""Condition keys of cases that the principal and the request bring themselves; ``aws:TagKeys`` where tags are set."""


class CannotBePosedError(Exception):
    """A case that no request to this machine can be."""


def decides(gate: Gate, case: Case) -> str:
    """What the gate decides: ``Allowed``, ``ImplicitlyDenied`` or ``ExplicitlyDenied``."""
    asked = case["request"]
    gate.reset()
    gate.context.clear()
    _make_resource(gate, case)
    try:
        who = _principal(gate, case)
        gate.context[who.caller.role_arn or who.caller.arn] = _context(asked, who)
        gate.decided.clear()
        _ask(gate, who, asked)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in DENIALS:
            return "ExplicitlyDenied" if _explicitly(gate, str(error)) else "ImplicitlyDenied"
        if code in ("SignatureDoesNotMatch", "InvalidClientTokenId", "InvalidAccessKeyId", "ValidationError"):
            raise
    except RefusedError as error:
        return "ExplicitlyDenied" if "explicit deny" in error.message else "ImplicitlyDenied"
    assert gate.decided, "a request that nothing was checked for is no answer"
    assert gate.decided[0].check.action == asked["action"], gate.decided
    assert gate.decided[0].check.resource == asked["resource"], gate.decided
    return "Allowed"


def _explicitly(gate: Gate, told: str) -> bool:
    """A HEAD has no body; a denial's sentence is in the record as well."""
    return "explicit deny" in (told + gate.denied[0].message)


def _context(asked: Case, who: Principal) -> dict[str, object]:
    brought = {*FROM_THE_REQUEST} | ({"aws:tagkeys"} if asked["action"] == "iam:TagUser" else set())
    return {
        key: value for key, value in asked["context"].items()
        if key.lower() not in brought and not key.startswith("aws:PrincipalTag/")
    }  # fmt: skip


def _administrator(gate: Gate, account: str) -> Principal:
    """A user of that account who may do everything; the gate's own administrator is of the first account."""
    for one in gate.principals.values():
        if one.account == account:
            return one
    who = Principal.user("setting-up", PolicySet(identity=(parse_policy(EVERYTHING),)), account)
    gate.principals[who.key_id] = who
    return who


def _make_resource(gate: Gate, case: Case) -> None:
    asked, policy = case["request"], case["policies"]["resource"]
    _, _, service, _, account, rest = asked["resource"].split(":", 5)
    account = asked.get("resource_account") or account
    text = json.dumps(policy) if policy else ""
    if service == "s3":
        name, _, key = rest.partition("/")
        buckets = s3_backends[account]["aws"]
        buckets.buckets[name] = FakeBucket(
            name, account, REGION
        )  # a name as short as the cases' is none for CreateBucket
        buckets.put_object(name, key, b"x")
        if text:
            gate.client("s3", _administrator(gate, account)).put_bucket_policy(Bucket=name, Policy=text)
    elif service == "kms":
        key = Key(text, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", account, REGION)
        key.id, key.arn = "k", asked["resource"]
        kms_backends[account][REGION].keys["k"] = key
    elif service == "iam" and asked["action"] == "sts:AssumeRole":
        iam = gate.client("iam", _administrator(gate, account))
        iam.create_role(RoleName=rest.removeprefix("role/"), AssumeRolePolicyDocument=text)
    elif service == "iam":
        gate.client("iam", _administrator(gate, account)).create_user(UserName=rest.removeprefix("user/"))
    elif text:
        raise CannotBePosedError("its caller is an AWS service, which signs with no key of an account")


def _principal(gate: Gate, case: Case) -> Principal:
    arn, policies = case["request"]["principal"], case["policies"]
    if not arn.startswith("arn:"):
        return Principal.user("nobody", PolicySet())
    _, _, _, _, account, rest = arn.split(":", 5)
    admin = _administrator(gate, account)
    iam = gate.client("iam", admin)
    boundary = {}
    for document in policies["boundary"] or ():
        made = iam.create_policy(PolicyName="boundary", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
        boundary = {"PermissionsBoundary": made}
    kind, _, name = rest.partition("/")
    tags = [{"Key": key.partition("/")[2], "Value": value} for key, value in case["request"]["context"].items()
            if key.startswith("aws:PrincipalTag/")]  # fmt: skip
    if kind == "assumed-role":
        return _role_session(gate, admin, account, *name.split("/"), policies, boundary)
    iam.create_user(UserName=name, Tags=tags, **boundary)
    for number, document in enumerate(policies["identity"]):
        if document.get("Version") == "2012-10-17":
            iam.put_user_policy(UserName=name, PolicyName=f"p{number}", PolicyDocument=json.dumps(document))
        else:  # stands from before: IAM takes no new policy of the version before
            local_iam.backend(account).users[name].policies[f"p{number}"] = json.dumps(document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    user = Principal(Principal.user(name, PolicySet(), account).caller, PolicySet(), key["AccessKeyId"],
                     key["SecretAccessKey"])  # fmt: skip
    if kind != "federated-user":
        return user
    may = {"Effect": "Allow", "Action": "sts:GetFederationToken", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": may})
    iam.put_user_policy(UserName=name, PolicyName="federates", PolicyDocument=document)
    made = gate.client("sts", user).get_federation_token(Name=name)["Credentials"]
    iam.delete_user_policy(UserName=name, PolicyName="federates")
    return _with(arn, made)


def _role_session(
    gate: Gate, admin: Principal, account: str, role: str, session: str, policies: Case, boundary: dict[str, str]
) -> Principal:
    iam, trust = (
        gate.client("iam", admin),
        {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"},
    )
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Statement": trust}), **boundary)
    for number, document in enumerate(policies["identity"]):
        iam.put_role_policy(RoleName=role, PolicyName=f"p{number}", PolicyDocument=json.dumps(document))
    given = {"Policy": json.dumps(policies["session"])} if policies["session"] else {}
    arn = f"arn:aws:iam::{account}:role/{role}"
    made = gate.client("sts", admin).assume_role(RoleArn=arn, RoleSessionName=session, **given)["Credentials"]
    return _with(f"arn:aws:sts::{account}:assumed-role/{role}/{session}", made)


def _with(arn: str, made: Mapping[str, Any]) -> Principal:
    return Principal(Caller.of(arn), PolicySet(), made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


def _ask(gate: Gate, who: Principal, asked: Case) -> None:
    poser = POSERS.get(asked["action"])
    if poser is None:
        raise CannotBePosedError(f"no request of the tests asks for {asked['action']}")
    poser(gate, who, asked)


def _of_object(operation: str) -> Callable[[Gate, Principal, Case], None]:
    def ask(gate: Gate, who: Principal, asked: Case) -> None:
        bucket, _, key = asked["resource"].split(":::", 1)[1].partition("/")
        getattr(gate.client("s3", who), operation)(Bucket=bucket, Key=key)

    return ask


def _send_message(gate: Gate, who: Principal, asked: Case) -> None:
    account, name = asked["resource"].split(":")[4:]
    url = f"{gate.address}/{account}/{name}"
    gate.client("sqs", who).send_message(QueueUrl=url, MessageBody="x")


def _invoke(gate: Gate, who: Principal, asked: Case) -> None:
    name, qualifier = asked["resource"].split(":")[6:]
    gate.client("lambda", who).invoke(FunctionName=name, Qualifier=qualifier)


def _assume_role(gate: Gate, who: Principal, asked: Case) -> None:
    if not asked["principal"].startswith("arn:"):
        gate.assume(asked["resource"], "s1", asked["principal"])
        return
    gate.client("sts", who).assume_role(RoleArn=asked["resource"], RoleSessionName="s1")


def _decrypt(gate: Gate, who: Principal, asked: Case) -> None:
    gate.client("kms", who).decrypt(KeyId=asked["resource"], CiphertextBlob=b"x")


def _create_tags(gate: Gate, who: Principal, asked: Case) -> None:
    id = asked["resource"].rsplit("/", 1)[1]
    gate.client("ec2", who).create_tags(Resources=[id], Tags=[{"Key": "owner", "Value": "x"}])


def _tag_user(gate: Gate, who: Principal, asked: Case) -> None:
    tags = [{"Key": key, "Value": "x"} for key in asked["context"].get("aws:TagKeys", ())]
    gate.client("iam", who).tag_user(UserName=asked["resource"].rsplit("/", 1)[1], Tags=tags)


def _get_item(gate: Gate, who: Principal, asked: Case) -> None:
    wanted = ", ".join(asked["context"]["dynamodb:Attributes"])
    name = asked["resource"].rsplit("/", 1)[1]
    gate.client("dynamodb", who).get_item(TableName=name, Key={"ID": {"S": "1"}}, ProjectionExpression=wanted)


def _put_item(gate: Gate, who: Principal, asked: Case) -> None:
    item = {name: {"S": "x"} for name in asked["context"]["dynamodb:Attributes"]}
    gate.client("dynamodb", who).put_item(TableName=asked["resource"].rsplit("/", 1)[1], Item=item)


def _call_api(gate: Gate, who: Principal, asked: Case) -> None:
    api, stage, method, path = asked["resource"].rsplit(":", 1)[1].split("/", 3)
    host = f"{api}.execute-api.{REGION}.amazonaws.com"
    request = AWSRequest(method, f"https://{host}/{stage}/{path}", headers={"Host": host})
    SigV4Auth(Credentials(who.key_id, who.secret, who.token or None), "execute-api", REGION).add_auth(request)
    got = requests.request(method, f"{gate.address}/{stage}/{path}", headers=dict(request.headers), timeout=10)
    if got.status_code == 403:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": got.text}}, "Invoke")


POSERS: dict[str, Callable[[Gate, Principal, Case], None]] = {
    "dynamodb:GetItem": _get_item,
    "dynamodb:PutItem": _put_item,
    "ec2:CreateTags": _create_tags,
    "execute-api:Invoke": _call_api,
    "iam:TagUser": _tag_user,
    "kms:Decrypt": _decrypt,
    "lambda:InvokeFunction": _invoke,
    "s3:GetObject": _of_object("get_object"),
    "s3:PutObject": _of_object("put_object"),
    "sqs:SendMessage": _send_message,
    "sts:AssumeRole": _assume_role,
}
"""How an action is asked for, by its name."""
