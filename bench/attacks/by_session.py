"""Attacks by sessions: who becomes whom, and what a session may do once its tags, its policies or its maker change.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (and of the other operations),
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html (source identity),
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html and
…_getfederationtoken.html, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
"""

from __future__ import annotations

import base64
import itertools
import json
import random
import re
from collections.abc import Iterator
from typing import Any

from botocore.credentials import Credentials

from attacks.lacking import asked_by, but, quiet, user
from attacks.operations import Attack, family
from attacks.wire import Answer, Wire
from attacks.world import World, arn, document, key_of, statement

EVERYTHING = statement("*", "*")
OF_ACCOUNT = {"AWS": arn("iam", "root", "")}
SECRET = Wire.of("s3", "GetObject", Bucket="victim-bucket", Key="secret")
_numbers = itertools.count()


def role(world: World, trust: dict[str, Any] | list[dict[str, Any]], *statements: dict[str, Any], **more: Any) -> str:
    """A new role; its ARN."""
    name = f"own-r{next(_numbers)}"
    given = trust if isinstance(trust, list) else [trust]
    trusts = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": OF_ACCOUNT, **one} for one in given]
    iam = world.client("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document(*trusts)), **more)
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(document(*statements)))
    return str(made["Role"]["Arn"])


def fresh(world: World, *statements: dict[str, Any]) -> Any:
    """A new user of the guard."""
    return world.guard.user(f"own-u{next(_numbers)}", document(*statements))


def credential(answer: Answer) -> Credentials:
    """The credential of an answer of STS. Raises ValueError where it has none."""
    text = answer.body.decode()
    found = [
        re.search(f"<{name}>([^<]+)</{name}>", text) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")
    ]
    if not all(found):
        raise ValueError(text[:300])
    return Credentials(*(one[1].replace("&#43;", "+").replace("&#x2F;", "/") for one in found if one))


def sts(world: World, key: Credentials, operation: str = "AssumeRole", **parameters: Any) -> Credentials:
    """A credential that must be given."""
    return credential(Wire.of("sts", operation, **parameters).signed(key, world.address).send(world.address))


def assuming(key: Credentials, title: str, role_arn: str, control: bool = False, **more: Any) -> Attack:
    """To assume a role."""
    parameters = {"RoleArn": role_arn, "RoleSessionName": "s", **more}
    return asked_by(key, title, Wire.of("sts", "AssumeRole", **parameters), control=control)


@family("session: external ids")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    key = user(world, EVERYTHING)
    exact = role(world, {"Condition": {"StringEquals": {"sts:ExternalId": "Right-Id"}}}, EVERYTHING)
    several = role(world, {"Condition": {"StringEquals": {"sts:ExternalId": ["Right-Id", "Other-Id"]}}}, EVERYTHING)
    like = role(world, {"Condition": {"StringLike": {"sts:ExternalId": "Right-*"}}}, EVERYTHING)
    present = role(world, {"Condition": {"Null": {"sts:ExternalId": "false"}}}, EVERYTHING)
    denied = role(
        world, [{}, {"Effect": "Deny", "Condition": {"StringNotEquals": {"sts:ExternalId": "Right-Id"}}}], EVERYTHING
    )
    wrong = [
        "right-id",
        "RIGHT-ID",
        " Right-Id",
        "Right-Id ",
        "Right-Id\n",
        "Right",
        "*",
        "Right-*",
        "R?ght-Id",
        "Right-Id,Other-Id",
        "Right-Id\0",
        "${sts:ExternalId}",
        "Rïght-Id",
        "Right%2DId",
    ]
    for name, one in (("exact", exact), ("several", several), ("denied", denied)):
        yield assuming(key, f"{name} without", one)
        for value in wrong:
            yield assuming(key, f"{name} {value!r}", one, ExternalId=value)
        yield assuming(key, f"{name} control", one, control=True, ExternalId="Right-Id")
    for value in ("right-x", "xRight-1", "Right", " Right-1"):
        yield assuming(key, f"like {value!r}", like, ExternalId=value)
    yield assuming(key, "like control", like, control=True, ExternalId="Right-1")
    yield assuming(key, "present", present)
    yield assuming(key, "present control", present, control=True, ExternalId="any")
    # the parameter's name in another case, or in a header, is none
    for name in ("externalId", "EXTERNALID", "External-Id"):
        wire = Wire.of("sts", "AssumeRole", RoleArn=exact, RoleSessionName="s")
        yield asked_by(key, f"field {name}", wire.but(body=wire.body + f"&{name}=Right-Id".encode()))
    wire = Wire.of("sts", "AssumeRole", RoleArn=exact, RoleSessionName="s", ExternalId="wrong")
    yield quiet(asked_by(key, "field twice", wire.but(body=wire.body + b"&ExternalId=Right-Id")))
    yield quiet(asked_by(key, "query", wire.but(target="/?ExternalId=Right-Id")))


@family("session: source identities")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    key = user(world, EVERYTHING)
    trust = {"Action": ["sts:AssumeRole", "sts:SetSourceIdentity"]}
    may = role(world, {**trust, "Condition": {"StringEquals": {"sts:SourceIdentity": "alice"}}}, EVERYTHING)
    plain = role(world, {}, EVERYTHING)
    both = role(world, trust, EVERYTHING)
    for value in ("bob", "Alice", "ALICE", "alice2", "alic", "al*", "alicé"):
        yield assuming(key, f"may {value}", may, SourceIdentity=value)
    yield assuming(key, "may without", may)
    yield assuming(key, "may control", may, control=True, SourceIdentity="alice")
    # a trust policy that does not allow sts:SetSourceIdentity
    for value in ("alice", "bob", "x-y_z", "A" * 64):
        yield assuming(key, f"not trusted {value[:9]}", plain, SourceIdentity=value)
    yield assuming(key, "not trusted control", plain, control=True)
    # an identity policy of who assumes that does not allow it, in another account's sense as well
    lacking = user(
        world, *but("sts:SetSourceIdentity"), {"Effect": "Deny", "Action": "sts:SetSourceIdentity", "Resource": "*"}
    )
    for value in ("alice", "bob", "carol"):
        yield assuming(lacking, f"denied by identity {value}", both, SourceIdentity=value)
    yield assuming(lacking, "denied by identity control", both, control=True)
    # it stays through a chain, whatever the next request says, and is needed there
    session = sts(world, key, RoleArn=both, RoleSessionName="s", SourceIdentity="mallory")
    for more in ({}, {"SourceIdentity": "alice"}, {"SourceIdentity": "mallory"}, {"SourceIdentity": "Mallory"}):
        yield assuming(session, f"chain {more}", may, **more)
    yield assuming(session, "chain to a role without SetSourceIdentity", plain)
    yield assuming(session, "chain control", both, control=True)
    # what a policy asks of aws:SourceIdentity
    allowed = statement("s3:GetObject", "*", Condition={"StringEquals": {"aws:SourceIdentity": "alice"}})
    wants = role(world, trust, allowed)
    for value in ("bob", "Alice", "alice.", "mallory"):
        yield asked_by(
            sts(world, key, RoleArn=wants, RoleSessionName="s", SourceIdentity=value), f"policy {value}", SECRET
        )
    yield asked_by(sts(world, key, RoleArn=wants, RoleSessionName="alice"), "policy without, named so", SECRET)
    for value in ("al", "bob"):
        tagged = role(world, {"Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]}, allowed)
        made = sts(
            world,
            key,
            RoleArn=tagged,
            RoleSessionName="alice",
            SourceIdentity=value,
            Tags=[{"Key": "SourceIdentity", "Value": "alice"}],
        )
        yield asked_by(made, f"policy {value} with a tag", SECRET)
    yield asked_by(
        sts(world, key, RoleArn=wants, RoleSessionName="s", SourceIdentity="alice"),
        "policy control",
        SECRET,
        control=True,
    )
    header = SECRET.header("x-amz-source-identity", "alice").header("aws:SourceIdentity", "alice")
    yield asked_by(sts(world, key, RoleArn=wants, RoleSessionName="s"), "header", header)


@family("session: tags")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    key = user(world, EVERYTHING)
    trust = {"Action": ["sts:AssumeRole", "sts:TagSession"]}
    open_role, closed = role(world, trust, EVERYTHING), role(world, {}, EVERYTHING)
    for tags in (
        [{"Key": "team", "Value": "red"}],
        [{"Key": "a", "Value": ""}],
        [{"Key": f"k{n}", "Value": "v"} for n in range(20)],
    ):
        yield assuming(key, f"not trusted {len(tags)}", closed, Tags=tags)
        lacking = user(world, *but("sts:TagSession"), {"Effect": "Deny", "Action": "sts:TagSession", "Resource": "*"})
        yield assuming(lacking, f"denied by identity {len(tags)}", open_role, Tags=tags)
    yield assuming(key, "not trusted control", closed, control=True)
    only_red = role(world, {**trust, "Condition": {"StringEquals": {"aws:RequestTag/team": "red"}}}, EVERYTHING)
    for tags in ([{"Key": "team", "Value": "blue"}], [{"Key": "team", "Value": "Red"}], [{"Key": "teams", "Value": "red"}], [{"Key": "team", "Value": "red "}], [{"Key": "Value", "Value": "red"}],
                 [{"Key": "aws:RequestTag/team", "Value": "red"}], [{"Key": "team ", "Value": "red"}], [{"Key": "team", "Value": "r*d"}]):  # fmt: skip
        yield assuming(key, f"only red {tags}", only_red, Tags=tags)
    yield assuming(key, "only red without", only_red)
    yield assuming(key, "only red control", only_red, control=True, Tags=[{"Key": "team", "Value": "red"}])
    keys = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    few = role(world, {**trust, "Condition": keys}, EVERYTHING)
    for extra in ("other", "Admin", "team2", "aws:TagKeys"):
        yield assuming(key, f"keys {extra}", few, Tags=[{"Key": "team", "Value": "x"}, {"Key": extra, "Value": "x"}])
    yield assuming(key, "keys control", few, control=True, Tags=[{"Key": "team", "Value": "x"}])
    no_transitive = role(
        world, {**trust, "Condition": {"ForAllValues:StringEquals": {"sts:TransitiveTagKeys": ["team"]}}}, EVERYTHING
    )
    for name in ("other", "project"):
        yield assuming(
            key,
            f"transitive {name}",
            no_transitive,
            Tags=[{"Key": "team", "Value": "x"}, {"Key": name, "Value": "x"}],
            TransitiveTagKeys=["team", name],
        )
    yield assuming(
        key,
        "transitive control",
        no_transitive,
        control=True,
        Tags=[{"Key": "team", "Value": "x"}],
        TransitiveTagKeys=["team"],
    )
    # the session's tags in policies: those of the role stay where the session passes none of their key
    wants = statement("s3:GetObject", "*", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}})
    blue = role(world, trust, wants, Tags=[{"Key": "team", "Value": "blue"}])
    for tags in (
        [],
        [{"Key": "Team2", "Value": "red"}],
        [{"Key": "TEAM", "Value": "blue"}],
        [{"Key": "PrincipalTag/team", "Value": "red"}],
    ):
        more = {"Tags": tags} if tags else {}
        yield asked_by(sts(world, key, RoleArn=blue, RoleSessionName="red", **more), f"principal tag {tags}", SECRET)
    made = sts(world, key, RoleArn=blue, RoleSessionName="s", Tags=[{"Key": "team", "Value": "red"}])
    yield asked_by(made, "principal tag control", SECRET, control=True)
    # transitive tags by case, in chains of two and three
    red = statement("s3:GetObject", "*", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}})
    end = role(world, trust, red)
    for spelled in ("team", "Team", "TEAM", "teaM"):
        first = sts(
            world,
            key,
            RoleArn=open_role,
            RoleSessionName="s",
            Tags=[{"Key": spelled, "Value": "blue"}],
            TransitiveTagKeys=[spelled],
        )
        for other in ("team", "Team", "TEAM", "tEAM"):
            yield quiet(assuming(first, f"{spelled} overridden by {other}", end, Tags=[{"Key": other, "Value": "red"}]))
        second = sts(world, first, RoleArn=open_role, RoleSessionName="s")
        yield quiet(assuming(second, f"{spelled} overridden in the third", end, Tags=[{"Key": "team", "Value": "red"}]))
        yield asked_by(sts(world, second, RoleArn=end, RoleSessionName="s"), f"{spelled} through the chain", SECRET)
    not_kept = sts(world, key, RoleArn=open_role, RoleSessionName="s", Tags=[{"Key": "team", "Value": "red"}])
    yield asked_by(sts(world, not_kept, RoleArn=end, RoleSessionName="s"), "a tag that is not transitive", SECRET)
    kept = sts(
        world,
        key,
        RoleArn=open_role,
        RoleSessionName="s",
        Tags=[{"Key": "team", "Value": "red"}],
        TransitiveTagKeys=["team"],
    )
    yield asked_by(sts(world, kept, RoleArn=end, RoleSessionName="s"), "chain control", SECRET, control=True)
    for pair in (("team", "Team"), ("a", "A"), ("team", "team")):
        yield quiet(assuming(key, f"twice {pair}", open_role, Tags=[{"Key": one, "Value": "x"} for one in pair]))


@family("session: policies of sessions")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    key = user(world, EVERYTHING)
    wide = role(world, {}, EVERYTHING)
    reads = document(statement("s3:GetObject", "arn:aws:s3:::own-bucket/*"))
    world.client("iam").create_policy(PolicyName=(name := f"own-p{next(_numbers)}"), PolicyDocument=json.dumps(reads))
    managed = arn("iam", f"policy/{name}", "")
    narrow = role(world, {}, statement("s3:GetObject", "arn:aws:s3:::own-bucket/*"))
    forms: dict[str, dict[str, Any]] = {
        "inline": {"Policy": json.dumps(reads)}, "managed": {"PolicyArns": [{"arn": managed}]}, "both": {"Policy": json.dumps(reads), "PolicyArns": [{"arn": managed}]},
        "deny": {"Policy": json.dumps(document(EVERYTHING, {"Effect": "Deny", "NotAction": "s3:GetObject", "Resource": "*"}, {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::own-bucket/*"}))},
        "nothing": {"Policy": json.dumps(document({"Effect": "Deny", "Action": "none:None", "Resource": "*"}))},
    }  # fmt: skip
    others = [
        SECRET, Wire.of("s3", "PutObject", Bucket="own-bucket", Key="x", Body=b"x"), Wire.of("sqs", "ReceiveMessage", QueueUrl=world.ids["victim url"]),
        Wire.of("iam", "ListRoles"), Wire.of("dynamodb", "Scan", TableName="victim"), Wire.of("sts", "AssumeRole", RoleArn=wide, RoleSessionName="s"),
        Wire.of("secretsmanager", "GetSecretValue", SecretId="victim"), Wire.of("kms", "CreateKey"),
    ]  # fmt: skip
    mine = Wire.of("s3", "GetObject", Bucket="own-bucket", Key="mine")
    for name, more in forms.items():
        session = sts(world, key, RoleArn=wide, RoleSessionName="s", **more)
        federated = sts(world, key, "GetFederationToken", Name="f", **more)
        for wire in others:
            yield asked_by(session, f"{name} role {wire.service} {wire.method} {wire.target[:20]}", wire)
            yield asked_by(federated, f"{name} federated {wire.service} {wire.method} {wire.target[:20]}", wire)
        if name != "nothing":
            yield asked_by(session, f"{name} control", mine, control=True)
            yield asked_by(federated, f"{name} federated control", mine, control=True)
    # a session policy gives nothing that the role has not
    for more in (
        {"Policy": json.dumps(document(EVERYTHING))},
        {"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}]},
    ):
        session = sts(world, key, RoleArn=narrow, RoleSessionName="s", **more)
        for wire in others:
            yield asked_by(session, f"wider {wire.service} {wire.method} {wire.target[:20]}", wire)
        yield asked_by(session, "wider control", mine, control=True)
    for text in ("{", "[]", "null", '""', '{"Version": "2012-10-17"}', '{"Statement": {"Effect": "Allow"}}', "x" * 10):
        yield quiet(assuming(key, f"broken {text!r}", wide, Policy=text))
    yield quiet(assuming(key, "a policy that is not there", wide, PolicyArns=[{"arn": arn("iam", "policy/none", "")}]))


@family("session: federated users and session tokens")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    maker = fresh(world, EVERYTHING)
    key = key_of(maker)
    wide = role(world, {}, EVERYTHING)
    all_of_it = json.dumps(document(EVERYTHING))
    federated = sts(world, key, "GetFederationToken", Name="f", Policy=all_of_it)
    bare = sts(world, key, "GetFederationToken", Name="f")
    token = sts(world, key, "GetSessionToken")
    iam = [
        Wire.of("iam", "ListUsers"), Wire.of("iam", "CreateUser", UserName="own-x"), Wire.of("iam", "CreateAccessKey", UserName=maker.name), Wire.of("iam", "GetUser"),
        Wire.of("iam", "PutUserPolicy", UserName=maker.name, PolicyName="x", PolicyDocument=all_of_it), Wire.of("iam", "CreateRole", RoleName="own-z", AssumeRolePolicyDocument=all_of_it),
    ]  # fmt: skip
    tokens = [
        Wire.of("sts", "AssumeRole", RoleArn=wide, RoleSessionName="s"), Wire.of("sts", "GetFederationToken", Name="g", Policy=all_of_it), Wire.of("sts", "GetSessionToken"),
        Wire.of("sts", "GetAccessKeyInfo", AccessKeyId=key.access_key),
    ]  # fmt: skip
    for number, wire in enumerate(iam):
        yield asked_by(federated, f"federated iam {number}", wire)
        yield asked_by(token, f"session token iam {number}", wire)
        yield asked_by(bare, f"bare iam {number}", wire)
    for number, wire in enumerate(tokens):
        yield asked_by(federated, f"federated sts {number}", wire)
        yield asked_by(bare, f"bare sts {number}", wire)
    for number, wire in enumerate(tokens[1:]):
        yield asked_by(token, f"session token sts {number}", wire)
    for wire in (
        SECRET,
        Wire.of("sqs", "SendMessage", QueueUrl=world.ids["own url"], MessageBody="x"),
        Wire.of("s3", "ListBuckets"),
        Wire.of("dynamodb", "ListTables"),
    ):
        yield asked_by(bare, f"bare {wire.service} {wire.target[:20]}", wire)
    yield asked_by(
        token, "session token control", Wire.of("sts", "AssumeRole", RoleArn=wide, RoleSessionName="s"), control=True
    )
    yield asked_by(token, "session token control", SECRET, control=True)
    yield asked_by(federated, "federated control", SECRET, control=True)
    yield asked_by(federated, "federated control", Wire.of("sts", "GetCallerIdentity"), control=True)
    # sessions of roles make no tokens of users (GetSessionToken: "called using the long-term credentials of an IAM user")
    session = sts(world, key, RoleArn=wide, RoleSessionName="s")
    for number, wire in enumerate(tokens[1:3]):
        yield asked_by(session, f"role sts {number}", wire)
    # sts:GetFederationToken and its tags
    lacking = user(world, *but("sts:GetFederationToken"))
    untagged = user(world, *but("sts:TagSession"))
    for number, more in enumerate(({}, {"Policy": all_of_it}, {"DurationSeconds": 900}, {"Name": "root"})):
        yield asked_by(lacking, f"not allowed {number}", Wire.of("sts", "GetFederationToken", **{"Name": "f", **more}))
    for name in ("team", "Team", "a"):
        wire = Wire.of("sts", "GetFederationToken", Name="f", Policy=all_of_it, Tags=[{"Key": name, "Value": "x"}])
        yield asked_by(untagged, f"tags {name}", wire)
    yield asked_by(
        untagged, "tags control", Wire.of("sts", "GetFederationToken", Name="f", Policy=all_of_it), control=True
    )
    only = user(world, statement("sts:GetFederationToken", arn("sts", "federated-user/right", "")))
    for name in ("wrong", "Right", "right2", "root"):
        yield asked_by(only, f"another name {name}", Wire.of("sts", "GetFederationToken", Name=name))
    yield asked_by(only, "name control", Wire.of("sts", "GetFederationToken", Name="right"), control=True)


@family("session: multi-factor authentication")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    maker, other = fresh(world, EVERYTHING), fresh(world, EVERYTHING)
    iam = world.client("iam")
    for one in (maker, other):
        serial = iam.create_virtual_mfa_device(VirtualMFADeviceName=one.name)["VirtualMFADevice"]["SerialNumber"]
        iam.enable_mfa_device(
            UserName=one.name, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="234567"
        )
        world.ids[f"device of {one.name}"] = serial
    serial, theirs = world.ids[f"device of {maker.name}"], world.ids[f"device of {other.name}"]
    key = key_of(maker)
    trusts: dict[str, Any] = {
        "Bool": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, "age": {"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}}, "Null": {"Null": {"aws:MultiFactorAuthAge": "false"}},
        "BoolIfExists": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}, "Null": {"aws:MultiFactorAuthPresent": "false"}},
    }  # fmt: skip
    token, session = (
        sts(world, key, "GetSessionToken"),
        sts(world, key, RoleArn=role(world, {}, EVERYTHING), RoleSessionName="s"),
    )
    federated = sts(world, key, "GetFederationToken", Name="f", Policy=json.dumps(document(EVERYTHING)))
    nobody = user(world, EVERYTHING)
    for name, condition in trusts.items():
        one = role(world, {"Condition": condition}, EVERYTHING)
        for number, more in enumerate((
            {}, {"SerialNumber": serial}, {"TokenCode": "123456"}, {"SerialNumber": theirs, "TokenCode": "123456"}, {"SerialNumber": serial + " ", "TokenCode": "123456"},
            {"SerialNumber": serial.upper(), "TokenCode": "123456"}, {"SerialNumber": arn("iam", "mfa/none", ""), "TokenCode": "123456"}, {"SerialNumber": "GAHT12345678", "TokenCode": "123456"},
            {"SerialNumber": "*", "TokenCode": "123456"}, {"SerialNumber": serial, "TokenCode": ""},
        )):  # fmt: skip
            yield assuming(key, f"{name} {number}", one, **more)
        for who, credentials in (
            ("session", session),
            ("token", token),
            ("federated", federated),
            ("another user", nobody),
        ):
            for device in (theirs,) if who == "token" else (serial, theirs):
                yield assuming(credentials, f"{name} {who} {device[-6:]}", one, SerialNumber=device, TokenCode="123456")
        yield assuming(key, f"{name} control", one, control=True, SerialNumber=serial, TokenCode="123456")
    wants = fresh(
        world,
        EVERYTHING,
        {
            "Effect": "Deny",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
        },
    )
    strict = fresh(
        world,
        statement("sts:*", "*"),
        statement("s3:*", "*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    )
    for who in (wants, strict):
        made = sts(world, key_of(who), "GetSessionToken")
        yield asked_by(made, f"policy of {who.name}", SECRET)
        for device in (serial, theirs, arn("iam", f"mfa/{who.name}", "")):
            yield asked_by(
                key_of(who),
                f"another's device {who.name}",
                Wire.of("sts", "GetSessionToken", SerialNumber=device, TokenCode="123456"),
            )
    header = SECRET.header("x-amz-mfa", f"{serial} 123456")
    yield asked_by(key_of(strict), "header", header)
    yield asked_by(key_of(strict), "long-term key", SECRET)


@family("session: who is gone, and who came after")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids"""
    iam, admin = world.client("iam"), user(world, EVERYTHING)
    wide = json.dumps(document(EVERYTHING))
    wires = [
        SECRET,
        Wire.of("dynamodb", "Scan", TableName="victim"),
        Wire.of("secretsmanager", "GetSecretValue", SecretId="victim"),
        Wire.of("sts", "AssumeRole", RoleArn=arn("iam", "role/victim-role", ""), RoleSessionName="s"),
    ]

    def again(name: str, kind: str) -> None:
        if kind == "role":
            for one in iam.list_role_policies(RoleName=name)["PolicyNames"]:
                iam.delete_role_policy(RoleName=name, PolicyName=one)
            trust = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
            iam.delete_role(RoleName=name)
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=wide)
            return
        for access in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
            iam.delete_access_key(UserName=name, AccessKeyId=access["AccessKeyId"])
        for one in iam.list_user_policies(UserName=name)["PolicyNames"]:
            iam.delete_user_policy(UserName=name, PolicyName=one)
        iam.delete_user(UserName=name)
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=wide)

    old = role(world, {}, statement("s3:ListBucket", "*"))
    session = sts(world, admin, RoleArn=old, RoleSessionName="s")
    chained_to = role(world, {"Principal": {"AWS": old}}, EVERYTHING)
    again(old.rpartition("/")[2], "role")
    for wire in wires:
        yield asked_by(session, f"role made anew {wire.service}", wire)
    new = sts(world, admin, RoleArn=old, RoleSessionName="s")
    yield assuming(new, "role made anew, trusted by its old ARN", chained_to)
    yield asked_by(new, "role control", SECRET, control=True)
    person = fresh(world, EVERYTHING)
    key = key_of(person)
    token, federated = sts(world, key, "GetSessionToken"), sts(world, key, "GetFederationToken", Name="f", Policy=wide)
    trusting = role(world, {"Principal": {"AWS": person.arn}}, EVERYTHING)
    iam.create_role(
        RoleName=(named := f"own-n{next(_numbers)}"),
        AssumeRolePolicyDocument=json.dumps(
            document(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": [person.arn, arn("iam", "user/own-attacker", "")]},
                    "Action": "sts:AssumeRole",
                }
            )
        ),
    )
    again(person.name, "user")
    for name, one in (("key", key), ("token", token), ("federated", federated)):
        for wire in wires:
            yield asked_by(one, f"user made anew, old {name} {wire.service}", wire)
    made = iam.create_access_key(UserName=person.name)["AccessKey"]
    fresh_key = Credentials(made["AccessKeyId"], made["SecretAccessKey"])
    for one in (trusting, arn("iam", f"role/{named}", "")):
        yield assuming(fresh_key, "user made anew, trusted by its old ARN", one)
    yield asked_by(fresh_key, "user control", SECRET, control=True)
    # keys that are taken away
    for how in ("delete", "inactive"):
        person = fresh(world, EVERYTHING)
        key = key_of(person)
        token = sts(world, key, "GetSessionToken")
        if how == "delete":
            iam.delete_access_key(UserName=person.name, AccessKeyId=key.access_key)
        else:
            iam.update_access_key(UserName=person.name, AccessKeyId=key.access_key, Status="Inactive")
        for wire in wires:
            yield asked_by(key, f"{how} {wire.service}", wire)
    # groups and renamed users
    iam.create_group(GroupName=(group := f"own-g{next(_numbers)}"))
    iam.put_group_policy(GroupName=group, PolicyName="p", PolicyDocument=wide)
    person = fresh(world, statement("sts:*", "*"))
    iam.add_user_to_group(GroupName=group, UserName=person.name)
    token = sts(world, key_of(person), "GetSessionToken")
    iam.remove_user_from_group(GroupName=group, UserName=person.name)
    for one in (token, key_of(person)):
        for wire in wires[:3]:
            yield asked_by(one, f"left the group {wire.service}", wire)
    renamed, successor = fresh(world, EVERYTHING), f"own-u{next(_numbers)}"
    trusting = role(world, {"Principal": {"AWS": renamed.arn}}, EVERYTHING)
    iam.update_user(UserName=renamed.name, NewUserName=successor)
    taker = world.guard.user(renamed.name, document(EVERYTHING))
    yield assuming(key_of(taker), "who takes the name of a renamed user", trusting)
    yield assuming(key_of(renamed), "renamed control", trusting, control=True)


@family("session: limits that change meanwhile")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    """A changed policy counts for sessions that are there
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html)."""
    iam, admin = world.client("iam"), user(world, EVERYTHING)
    limit = iam.create_policy(
        PolicyName=f"own-b{next(_numbers)}",
        PolicyDocument=json.dumps(document(statement("s3:ListBucket", "*"), statement("sts:*", "*"))),
    )["Policy"]["Arn"]
    wires = [
        SECRET,
        Wire.of("dynamodb", "Scan", TableName="victim"),
        Wire.of("secretsmanager", "GetSecretValue", SecretId="victim"),
        Wire.of("sqs", "ReceiveMessage", QueueUrl=world.ids["victim url"]),
    ]
    deny = json.dumps(document({"Effect": "Deny", "Action": "*", "Resource": "*"}))
    before = json.dumps(
        document(
            {
                "Effect": "Deny",
                "Action": "*",
                "Resource": "*",
                "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2099-01-01T00:00:00Z"}},
            }
        )
    )
    changes: dict[str, Any] = {
        "boundary of the role": lambda name: iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=limit),
        "policy taken away": lambda name: iam.delete_role_policy(RoleName=name, PolicyName="p"),
        "denied": lambda name: iam.put_role_policy(RoleName=name, PolicyName="d", PolicyDocument=deny),
        "revoked": lambda name: iam.put_role_policy(RoleName=name, PolicyName="AWSRevokeOlderSessions", PolicyDocument=before),
        "attached": lambda name: iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AWSDenyAll"),
        "deleted": lambda name: (iam.delete_role_policy(RoleName=name, PolicyName="p"), iam.delete_role(RoleName=name)),
    }  # fmt: skip
    for name, change in changes.items():
        one = role(world, {}, EVERYTHING)
        session = sts(world, admin, RoleArn=one, RoleSessionName="s")
        chained = sts(world, session, RoleArn=one, RoleSessionName="t")
        yield asked_by(
            sts(world, admin, RoleArn=role(world, {}, EVERYTHING), RoleSessionName="s"),
            f"{name} control",
            SECRET,
            control=True,
        )
        change(one.rpartition("/")[2])
        for wire in wires:
            yield asked_by(session, f"{name} {wire.service}", wire)
            yield asked_by(chained, f"{name} chained {wire.service}", wire)
    of_user: dict[str, Any] = {
        "boundary of the user": lambda name: iam.put_user_permissions_boundary(
            UserName=name, PermissionsBoundary=limit
        ),
        "user's policy taken away": lambda name: iam.delete_user_policy(UserName=name, PolicyName="policy-1"),
        "user denied": lambda name: iam.put_user_policy(UserName=name, PolicyName="d", PolicyDocument=deny),
    }
    for name, change in of_user.items():
        person = fresh(world, EVERYTHING)
        key = key_of(person)
        token, federated = (
            sts(world, key, "GetSessionToken"),
            sts(world, key, "GetFederationToken", Name="f", Policy=json.dumps(document(EVERYTHING))),
        )
        change(person.name)
        for kind, one in (("key", key), ("token", token), ("federated", federated)):
            for wire in wires:
                yield asked_by(one, f"{name} {kind} {wire.service}", wire)
    # a boundary does not give, and holds for what a resource's policy gives to a session of the role
    narrow = role(
        world, {}, statement("s3:ListBucket", "*"), PermissionsBoundary="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    for wire in wires:
        yield asked_by(
            sts(world, admin, RoleArn=narrow, RoleSessionName="s"),
            f"a wide boundary gives nothing {wire.service}",
            wire,
        )


def jwt(**claims: Any) -> str:
    """A token without a signature."""
    parts = ({"alg": "none"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts) + ".x"


@family("session: web identities")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html"""
    iam, host = world.client("iam"), "token.example.com"
    provider = iam.create_open_id_connect_provider(
        Url=f"https://{host}", ClientIDList=["aud-1", "aud-2"], ThumbprintList=["0" * 40]
    )["OpenIDConnectProviderArn"]
    iam.create_open_id_connect_provider(
        Url="https://other.example.com", ClientIDList=["aud-1"], ThumbprintList=["0" * 40]
    )
    trust = {"Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity"}
    exact = role(
        world,
        {**trust, "Condition": {"StringEquals": {f"{host}:aud": "aud-1", f"{host}:sub": "repo:me/it:ref:main"}}},
        EVERYTHING,
    )
    like = role(world, {**trust, "Condition": {"StringLike": {f"{host}:sub": "repo:me/*"}}}, EVERYTHING)
    plain = role(world, {}, EVERYTHING)
    google = role(
        world,
        {
            "Principal": {"Federated": "accounts.google.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {"accounts.google.com:aud": "mine"}},
        },
        EVERYTHING,
    )
    right = {"iss": f"https://{host}", "aud": "aud-1", "sub": "repo:me/it:ref:main"}

    def asks(title: str, role_arn: str, token: str, control: bool = False, **more: Any) -> Attack:
        wire = Wire.of(
            "sts", "AssumeRoleWithWebIdentity", RoleArn=role_arn, RoleSessionName="s", WebIdentityToken=token, **more
        )
        made = Attack(title, "sts", lambda w: wire.send(w.address), denied=not control, control=control)
        return made if control else quiet(made)

    for number, change in enumerate((
        {"aud": "aud-2"}, {"aud": "AUD-1"}, {"aud": "none"}, {"aud": ["aud-2"]}, {"aud": []}, {"sub": "repo:me/it:ref:dev"}, {"sub": "REPO:me/it:ref:main"}, {"sub": "repo:me/it:ref:main "}, {"sub": ""},
        {"sub": "*"}, {"sub": ["repo:me/it:ref:main", "x"]}, {"iss": "https://other.example.com"}, {"iss": "https://evil.example.com"}, {"iss": f"https://{host}.evil.com"},
        {"iss": f"https://{host}/path"}, {"iss": host.upper()}, {"exp": 1}, {"exp": "x"}, {"iss": ""}, {"iss": "https://accounts.google.com"}, {"aud": None}, {"sub": None}, {"iss": f"https://{host}@evil.com"},
        {"sub": "repo:you/it", f"{host}:sub": "repo:me/it:ref:main"}, {"sub": "x", "amr": "repo:me/it:ref:main"},
    )):  # fmt: skip
        yield asks(f"exact {number} {change}", exact, jwt(**{**right, **change}))
    for sub in ("repo:you/it", "xrepo:me/it", "repo:Me/it", "repo:me", "", "repo:*/it"):
        yield asks(f"like {sub}", like, jwt(**{**right, "sub": sub}))
    for one in (plain, arn("iam", "role/victim-role", ""), google):
        yield asks("a role that trusts others", one, jwt(**right))
    yield asks("google's other audience", google, jwt(iss="https://accounts.google.com", aud="other", sub="x"))
    for text in (
        "",
        "x",
        "a.b.c",
        "..",
        jwt(**right).partition(".")[2],
        "null.null.null",
        jwt(**right).replace(".", ""),
    ):
        yield asks(f"token {text[:8]!r}", exact, text)
    yield asks("exact control", exact, jwt(**right), control=True)
    yield asks("like control", like, jwt(**right), control=True)
    gone = role(
        world,
        {
            "Principal": {"Federated": arn("iam", "oidc-provider/gone.example.com", "")},
            "Action": "sts:AssumeRoleWithWebIdentity",
        },
        EVERYTHING,
    )
    yield asks("a provider that is not there", gone, jwt(iss="https://gone.example.com", aud="aud-1", sub="x"))
    key = user(world, EVERYTHING)
    for one in (exact, like, google):
        yield assuming(key, "AssumeRole of a role for web identities", one)
    yield assuming(key, "AssumeRole control", plain, control=True)


@family("session: trust that names others")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    me = fresh(world, EVERYTHING)
    key = key_of(me)
    wide = role(world, {}, EVERYTHING)
    session = sts(world, key, RoleArn=wide, RoleSessionName="mine")
    token = sts(world, key, "GetSessionToken")
    federated = sts(world, key, "GetFederationToken", Name=me.name, Policy=json.dumps(document(EVERYTHING)))
    trusts: dict[str, dict[str, Any]] = {
        "a service": {"Principal": {"Service": "lambda.amazonaws.com"}}, "services": {"Principal": {"Service": ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]}},
        "another account": {"Principal": {"AWS": "111122223333"}}, "another account's root": {"Principal": {"AWS": arn("iam", "root", "", "111122223333")}},
        "another user": {"Principal": {"AWS": arn("iam", "user/victim-user", "")}}, "a role of the user's name": {"Principal": {"AWS": arn("iam", "role/victim-role", "")}},
        "another session": {"Principal": {"AWS": arn("sts", f"assumed-role/{wide.rpartition('/')[2]}/other", "")}}, "a federated user": {"Principal": {"AWS": arn("sts", "federated-user/other", "")}},
        "saml": {"Principal": {"Federated": arn("iam", "saml-provider/x", "")}, "Action": "sts:AssumeRoleWithSAML"}, "a canonical user": {"Principal": {"CanonicalUser": "a" * 64}},
        "by tag": {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}, "by organization": {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}},
        "by name": {"Principal": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": arn("iam", "user/victim-*", "")}}}, "by type": {"Condition": {"StringEquals": {"aws:PrincipalType": "Root"}}},
        "by user id": {"Condition": {"StringLike": {"aws:userid": "AROAVICTIM*:*"}}}, "by account": {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}},
        "by address": {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}, "by source": {"Condition": {"ArnEquals": {"aws:SourceArn": arn("lambda", "function:own")}}},
        "by session name": {"Condition": {"StringEquals": {"sts:RoleSessionName": "${aws:username}-only"}}}, "by service": {"Principal": "*", "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}}},
        "by username": {"Condition": {"StringEquals": {"aws:username": "victim-user"}}}, "nobody": {"Effect": "Deny"}, "all but it": {"Principal": {"AWS": "*"}, "Action": "sts:TagSession"},
    }  # fmt: skip
    for name, trust in trusts.items():
        one = role(world, trust, EVERYTHING)
        for kind, credentials in (("user", key), ("session", session), ("token", token)):
            yield assuming(credentials, f"{name} {kind}", one)
    for kind, trust in (
        ("exact user", {"Principal": {"AWS": me.arn}}),
        ("exact session", {"Principal": {"AWS": arn("sts", f"assumed-role/{wide.rpartition('/')[2]}/mine", "")}}),
    ):
        one = role(world, trust, EVERYTHING)
        yield assuming(key if kind == "exact user" else session, f"{kind} control", one, control=True)
        yield assuming(session if kind == "exact user" else key, f"{kind} by the other", one)
        yield assuming(federated, f"{kind} by a federated user of the same name", one)
    # identity policies are needed where the trust names the account; chains are short
    lacking = user(world, *but("sts:AssumeRole", arn("iam", "role/own-none", "")))
    for more in ({}, {"DurationSeconds": 900}, {"Policy": json.dumps(document(EVERYTHING))}):
        yield assuming(lacking, f"account trusted, not allowed {len(more)}", wide, **more)
    for seconds in (3601, 7200, 43200):
        yield quiet(assuming(session, f"a chain of {seconds} s", wide, DurationSeconds=seconds))
        yield quiet(assuming(key, f"{seconds} s", wide, DurationSeconds=seconds))
    yield assuming(session, "chain control", wide, control=True, DurationSeconds=3600)
