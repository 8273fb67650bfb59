"""Attacks on who signed: signatures, scopes, dates, keys, session tokens, presigned URLs."""

from __future__ import annotations

import dataclasses
import datetime
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from botocore.credentials import Credentials

from attacks.operations import OPS, Attack, Op, family
from attacks.wire import Answer, Wire, craft
from attacks.world import World, arn, document, statement


def each(world: World, rng: random.Random, number: int, ops: list[Op] = OPS) -> Iterator[tuple[str, Wire, Wire]]:
    """Operations drawn, each as the attacker's own and the victim's request."""
    for _ in range(number):
        op = rng.choice(ops)
        yield f"{op.service}.{op.name}", op.wire(world, "own"), op.wire(world, "victim")


def as_sent(title: str, service: str, build: Callable[[World], Wire], strict: bool = True) -> Attack:
    """The attack that sends what ``build`` made, already signed."""
    return Attack(title, service, lambda w: build(w).send(w.address), strict)


@family("signature: none")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    forms: list[Callable[[Wire], Wire]] = [
        lambda w: w, lambda w: w.header("Authorization", ""), lambda w: w.header("Authorization", "AWS4-HMAC-SHA256"),
        lambda w: w.header("Authorization", "Bearer x"), lambda w: w.header("Authorization", "Basic eDp4"),
        lambda w: w.header("X-Amz-Security-Token", "x"), lambda w: w.header("x-amzn-iam-principal", "admin"),
        lambda w: w.header("Authorization", f"AWS {world.admin.access_key}:c2ln"),
        lambda w: w.header("Authorization", f"AWS4-HMAC-SHA256 Credential={world.admin.access_key}/20260101/us-east-1/"
                                            "s3/aws4_request, SignedHeaders=host, Signature="),
        lambda w: w.but(target=w.target + ("&" if "?" in w.target else "?") + f"AWSAccessKeyId={world.admin.access_key}"),
    ]  # fmt: skip
    for number, (name, _own, victim) in enumerate(each(world, rng, 80)):
        form = forms[number % len(forms)]
        yield as_sent(f"{name} {number % len(forms)}", victim.service, lambda w, v=victim, f=form: f(v))


@family("signature: wrong secret")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    admin = world.admin
    keys = [
        Credentials(admin.access_key, world.key.secret_key), Credentials(admin.access_key, ""),
        Credentials(admin.access_key.lower(), world.key.secret_key), Credentials(admin.access_key, admin.access_key),
        Credentials(admin.access_key + " ", world.key.secret_key), Credentials("AKIAIOSFODNN7EXAMPLE", "secret"),
        Credentials("test", "test"), Credentials("", ""), Credentials("root", "root"), Credentials("mock", "mock"),
        Credentials(admin.access_key, admin.secret_key[:-1]), Credentials(admin.access_key, admin.secret_key + "x"),
        Credentials(admin.access_key, admin.secret_key.lower()), Credentials("ASIAIOSFODNN7EXAMPLE", "x", "x"),
    ]  # fmt: skip
    for number, (name, _own, victim) in enumerate(each(world, rng, 70)):
        one = keys[number % len(keys)]
        yield as_sent(f"{name} {one.access_key[:8]}", victim.service, lambda w, v=victim, k=one: v.signed(k, w.address))


@family("signature: body changed after signing")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    with_body = [op for op in OPS if op.service not in ("lambda", "apigateway", "s3")]
    for number, (name, own, victim) in enumerate(each(world, rng, 60, with_body)):

        def build(w: World, own: Wire = own, victim: Wire = victim, way: int = number % 4) -> Wire:
            signer = w.key if way else w.admin
            if way == 3:
                return own.signed(w.key, w.address).but(body=own.body + b"\n")
            sent = own.signed(signer, w.address)
            if way == 2:
                sent = own.header("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD").signed(signer, w.address)
            return sent.but(body=victim.body)

        yield as_sent(name, victim.service, build)


@family("signature: target changed after signing")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, own, victim) in enumerate(each(world, rng, 70)):

        def build(w: World, own: Wire = own, victim: Wire = victim, way: int = number % 4) -> Wire:
            sent = own.signed(w.key, w.address)
            if way == 0:
                return sent.but(target=victim.target, method=victim.method, body=victim.body)
            if way == 1:
                return sent.but(target=sent.target + ("&" if "?" in sent.target else "?") + "acl", body=victim.body)
            if way == 2:
                return sent.but(body=victim.body).header("X-Amz-Target", dict(victim.headers).get("X-Amz-Target", "x"))
            return sent.but(target=victim.target + "#" + sent.target, body=victim.body)

        yield as_sent(name, victim.service, build)


UNSIGNED = [("Host", "victim-bucket.s3.amazonaws.com"), ("x-amz-acl", "public-read"), ("x-amz-tagging", "a=b"),
            ("x-amz-copy-source", "/own-bucket/mine"), ("x-amz-website-redirect-location", "/x"),
            ("X-Amz-Target", "DynamoDB_20120810.Scan"), ("x-amz-grant-full-control", "uri=x"), ("X-Amz-Date", "20200101T000000Z"),
            ("x-amz-security-token", "x"), ("x-amz-mfa", "1 2"), ("x-amz-bypass-governance-retention", "true")]  # fmt: skip


@family("signature: headers added after signing")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    bases = [Wire.of("s3", "PutObject", Bucket="own-bucket", Key="new", Body=b"x"),
             Wire.of("s3", "GetObject", Bucket="own-bucket", Key="mine"),
             Wire.of("s3", "DeleteObject", Bucket="own-bucket", Key="a/b"),
             Wire.of("dynamodb", "GetItem", TableName="own", Key={"id": {"S": "1"}})]  # fmt: skip
    for header in UNSIGNED:
        for base in bases:
            for how in ("also", "header"):
                yield as_sent(f"{header[0]} {how} {base.method}", base.service, lambda w, b=base, h=header, a=how:
                              getattr(b.signed(w.key, w.address), a)(*h))  # fmt: skip


@family("signature: few headers signed")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    choices: list[tuple[str, ...]] = [(), ("host",), ("x-amz-date",), ("host", "host"), ("Host",), ("user-agent",),
                                      ("host", "x-amz-date")]  # fmt: skip
    extra = [("x-amz-acl", "public-read"), ("x-amz-tagging", "a=b"), ("x-amz-copy-source", "own-bucket/mine"),
             ("x-amz-meta-a", "b"), ("X-Amz-Target", "DynamoDB_20120810.GetItem"), ("x-amz-grant-read", "uri=x")]  # fmt: skip
    for names in choices:
        for header in extra:
            base = Wire.of("s3", "PutObject", Bucket="own-bucket", Key="new", Body=b"x").header(*header)
            yield as_sent(f"{names} {header[0]}", "s3", lambda w, b=base, n=names: craft(b, w.key, w.address, names=n))
    for names in choices:
        for name, own, _victim in each(world, rng, 4):
            if any(one.lower().startswith("x-amz-") for one, _ in own.headers) or "host" not in names:
                yield as_sent(
                    f"{names} {name}", own.service, lambda w, b=own, n=names: craft(b, w.key, w.address, names=n)
                )


@family("signature: scope")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    today = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d")
    scopes = [f"{today}/us-east-1/{{}}", f"{today}//{{}}/aws4_request", f"{today}/us-east-1//aws4_request",
              f"{today}/us-east-1/{{}}/aws4_request/x", f"/{today}/us-east-1/{{}}/aws4_request", f"{today}/us-east-1/{{}}/aws5",
              "20200101/us-east-1/{}/aws4_request", f"{today}/us-east-1/sts/aws4_request", "", "////",
              f"{today}/us-east-1/{{}}/AWS4_REQUEST", f"{today}/*/{{}}/aws4_request",
              f"{today}/us-east-1/iam/aws4_request", f"{today}/us-east-1/S3/aws4_request"]  # fmt: skip
    for scope in scopes:
        for name, own, victim in each(world, rng, 6):
            filled = scope.format(victim.service)
            yield as_sent(
                f"{name} {filled}", victim.service, lambda w, v=victim, s=filled: craft(v, w.key, w.address, scope=s)
            )
            service = filled.split("/")[2] if filled.count("/") > 2 else ""
            if service != own.service and own.service not in ("stepfunctions", "cloudwatch"):
                yield as_sent(f"{name} own, {filled}", own.service,
                              lambda w, v=own, s=filled: craft(v, w.key, w.address, scope=s), "/sts/" not in filled
                              and "/iam/" not in filled)  # fmt: skip


@family("signature: dates")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    now = datetime.datetime.now(datetime.UTC)
    moved = [(now + datetime.timedelta(minutes=minutes)).strftime("%Y%m%dT%H%M%SZ")
             for minutes in (-16, -60, -1440, -525600, 16, 60, 1440)]  # fmt: skip
    odd = ["20260101", "0", "", "99991231T235959Z", "20260101T000000", "now", "00000101T000000Z"]
    for date in moved + odd:
        for name, own, _victim in each(world, rng, 4):
            yield as_sent(
                f"{name} {date}", own.service, lambda w, v=own, d=date: craft(v, w.key, w.address, date=d or " ")
            )


@family("signature: payload hash")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    hashes = ["UNSIGNED-PAYLOAD", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "x",
              "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-NONSENSE",
              "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"]  # fmt: skip
    chunk = b"6;chunk-signature=" + b"0" * 64 + b"\r\nattack\r\n0;chunk-signature=" + b"0" * 64 + b"\r\n\r\n"
    put = Wire.of("s3", "PutObject", Bucket="own-bucket", Key="streamed", Body=chunk)
    for one in hashes[2:]:
        if "UNSIGNED" not in one:
            made = put.header("Content-Encoding", "aws-chunked").header("x-amz-decoded-content-length", "6")
            yield as_sent(f"PutObject {one}", "s3", lambda w, p=made, h=one: craft(p, w.key, w.address, payload=h))
    for one in hashes:
        for name, _own, victim in each(world, rng, 6):
            yield as_sent(
                f"{name} {one}", victim.service, lambda w, v=victim, h=one: craft(v, w.key, w.address, payload=h)
            )
            if _own.body and _own.service != "s3":
                yield as_sent(f"{name} {one}, own changed", victim.service, lambda w, o=_own, h=one:
                              craft(o, w.key, w.address, payload=h).but(body=o.body + b" "))  # fmt: skip
            if victim.service not in ("s3", "lambda", "apigateway"):
                yield as_sent(f"{name} {one}, own signed", victim.service, lambda w, o=_own, v=victim, h=one:
                              craft(o, w.key, w.address, payload=h).but(body=v.body))  # fmt: skip


@family("signature: algorithm and shape")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    def shape(value: str, way: int, w: World) -> str:
        admin = w.admin.access_key
        return [value.replace(w.key.access_key, admin), value + f", Credential={admin}/x/y/z/aws4_request",
                f"AWS4-HMAC-SHA256 Credential={admin}/20260101/us-east-1/s3/aws4_request, " + value.partition(" ")[2],
                value.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), value.replace("AWS4-HMAC-SHA256", "aws4-hmac-sha256 "),
                value.replace("Signature=", "signature="), value.replace(", ", ","), value + "0", value[:-1],
                value.replace("SignedHeaders=", "SignedHeaders=;"), value.upper(), value + f",{value.replace(w.key.access_key, admin)}"][way]  # fmt: skip

    for number, (name, _own, victim) in enumerate(each(world, rng, 60)):

        def build(w: World, v: Wire = victim, way: int = number % 12) -> Wire:
            made = craft(v, w.key, w.address)
            return made.header("Authorization", shape(dict(made.headers)["Authorization"], way, w))

        yield as_sent(f"{name} {number % 12}", victim.service, build)
        if number % 12 == 11:
            yield as_sent(f"{name} twice", victim.service, lambda w, v=victim: craft(v, w.key, w.address).also(
                "Authorization", f"AWS4-HMAC-SHA256 Credential={w.admin.access_key}/x/us-east-1/s3/aws4_request"))  # fmt: skip


def session_of(world: World, role: str = "own-role", **more: Any) -> Credentials:
    """A session of a role, as the administrator has it assumed."""
    made = world.client("sts").assume_role(RoleArn=arn("iam", f"role/{role}", ""), RoleSessionName="session", **more)
    one = made["Credentials"]
    return Credentials(one["AccessKeyId"], one["SecretAccessKey"], one["SessionToken"])


@family("credentials: session tokens")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    weak, strong = session_of(world), session_of(world, "victim-role")
    ways = [
        Credentials(weak.access_key, weak.secret_key, strong.token), Credentials(weak.access_key, weak.secret_key, None),
        Credentials(strong.access_key, weak.secret_key, strong.token), Credentials(strong.access_key, weak.secret_key, weak.token),
        Credentials(world.key.access_key, world.key.secret_key, strong.token), Credentials(strong.access_key, strong.secret_key, None),
        Credentials(strong.access_key, strong.secret_key, weak.token), Credentials(strong.access_key, strong.secret_key, "x"),
        Credentials(strong.access_key, strong.secret_key, (strong.token or "")[:-2] + "AA"),
        Credentials(strong.access_key, strong.secret_key, (strong.token or "") + "A"), weak,
        Credentials(world.key.access_key, world.key.secret_key, world.admin.access_key),
    ]  # fmt: skip
    for number, (name, _own, victim) in enumerate(each(world, rng, 84)):
        key = ways[number % len(ways)]
        yield as_sent(f"{name} {number % len(ways)}", victim.service, lambda w, v=victim, k=key: v.signed(k, w.address))


@family("credentials: withdrawn")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    iam = world.client("iam")
    everything = json.dumps(document(statement("*", "*")))

    def user(name: str) -> Credentials:
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=everything)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return Credentials(made["AccessKeyId"], made["SecretAccessKey"])

    gone: dict[str, Credentials] = {}
    for way in ("inactive", "deleted-key", "no-policy", "boundary", "denied"):
        name = f"own-gone-{way}"
        gone[way] = key = user(name)
        if way == "inactive":
            iam.update_access_key(UserName=name, AccessKeyId=key.access_key, Status="Inactive")
        elif way == "deleted-key":
            iam.delete_access_key(UserName=name, AccessKeyId=key.access_key)
        elif way == "no-policy":
            iam.delete_user_policy(UserName=name, PolicyName="all")
        elif way == "boundary":
            boundary = iam.create_policy(PolicyName="own-boundary", PolicyDocument=json.dumps(document(
                statement("sts:GetCallerIdentity", "*"))))["Policy"]["Arn"]  # fmt: skip
            iam.put_user_permissions_boundary(UserName=name, PermissionsBoundary=boundary)
        else:
            deny = json.dumps(document({"Effect": "Deny", "NotAction": "sts:*", "Resource": "*"}))
            iam.put_user_policy(UserName=name, PolicyName="none", PolicyDocument=deny)
    narrow = json.dumps(document(statement("sts:*", "*")))
    gone["session policy"] = session_of(world, "victim-role", Policy=narrow)
    gone["no session policy document"] = session_of(world, "own-role")
    for way, key in gone.items():
        for name, _own, victim in each(world, rng, 11):
            yield as_sent(f"{name} {way}", victim.service, lambda w, v=victim, k=key: v.signed(k, w.address))


@family("credentials: of another account")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    iam = world.client("iam")
    services = (
        "dynamodb",
        "sqs",
        "sns",
        "kms",
        "ssm",
        "secretsmanager",
        "lambda",
        "logs",
        "kinesis",
        "events",
        "states",
    )
    narrow = document(statement("*", *(f"arn:aws:{one}:*:111122223333:*" for one in services)),
                      statement("sts:AssumeRole", "arn:aws:iam::111122223333:role/*"))  # fmt: skip
    iam.create_user(UserName="own-abroad")
    iam.put_user_policy(UserName="own-abroad", PolicyName="p", PolicyDocument=json.dumps(narrow))
    one = iam.create_access_key(UserName="own-abroad")["AccessKey"]
    key = Credentials(one["AccessKeyId"], one["SecretAccessKey"])
    for name, _own, victim in each(world, rng, 50):
        yield as_sent(name, victim.service, lambda w, v=victim: v.signed(key, w.address))

    def hop(w: World, victim: Wire) -> list[Answer]:
        ask = Wire.of("sts", "AssumeRole", RoleArn="arn:aws:iam::111122223333:role/any", RoleSessionName="session")
        first = ask.signed(key, w.address).send(w.address)
        text = first.body.decode("utf-8", "replace")
        if "<AccessKeyId>" not in text:
            return [first]
        part = {
            name: text.partition(f"<{name}>")[2].partition("<")[0]
            for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")
        }
        there = Credentials(part["AccessKeyId"], part["SecretAccessKey"], part["SessionToken"])
        return [first, victim.signed(there, w.address).send(w.address)]

    for name, _own, victim in each(world, rng, 20):
        yield Attack(f"through a role of 111122223333: {name}", victim.service, lambda w, v=victim: hop(w, v), True)


@family("presigned")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    own = Wire.of("s3", "GetObject", Bucket="own-bucket", Key="mine")
    secret = Wire.of("s3", "GetObject", Bucket="victim-bucket", Key="secret")
    changes: list[tuple[str, Callable[[Wire], Wire]]] = [
        ("other method PUT", lambda w: w.but(method="PUT", body=b"x")), ("DELETE", lambda w: w.but(method="DELETE")),
        ("other key", lambda w: w.but(target=w.target.replace("/mine", "/a/b"))),
        ("other bucket", lambda w: w.but(target=w.target.replace("/own-bucket/mine", "/victim-bucket/secret"))),
        ("acl", lambda w: w.but(target=w.target + "&acl")), ("tagging", lambda w: w.but(target=w.target + "&tagging")),
        ("longer", lambda w: w.but(target=w.target.replace("Expires=60", "Expires=604800"))),
        ("version", lambda w: w.but(target=w.target + "&versionId=null")),
        ("host", lambda w: w.header("Host", "victim-bucket.s3.amazonaws.com")),
        ("acl header", lambda w: w.header("x-amz-acl", "public-read")),
        ("copy source", lambda w: w.but(method="PUT").header("x-amz-copy-source", "victim-bucket/secret")),
        ("twice", lambda w: w.but(target=w.target + "&X-Amz-Expires=99999")),
        ("signature twice", lambda w: w.but(target=w.target.replace("/own-bucket/mine", "/victim-bucket/secret")
                                            + "&X-Amz-Signature=" + "0" * 64)),
        ("override", lambda w: w.header("X-HTTP-Method-Override", "DELETE").but(method="POST")),
        ("response type", lambda w: w.but(target=w.target + "&response-content-type=text/html")),
    ]  # fmt: skip
    for title, change in changes:
        yield as_sent(title, "s3", lambda w, c=change: c(own.signed(w.key, w.address, 60)))
    for seconds in (1, 60, 604800, 604801, -1):
        yield as_sent(f"victim for {seconds}", "s3", lambda w, s=seconds: secret.signed(w.key, w.address, s))
    yield as_sent("too long", "s3", lambda w: own.signed(w.key, w.address, 604801))
    yield as_sent("negative", "s3", lambda w: own.signed(w.key, w.address, -5))
    puts = [("x-amz-acl", "public-read"), ("x-amz-tagging", "a=b"), ("x-amz-copy-source", "/victim-bucket/secret")]
    put = Wire.of("s3", "PutObject", Bucket="own-bucket", Key="presigned", Body=b"x")
    for header in puts:
        yield as_sent(f"put with {header[0]}", "s3", lambda w, h=header: put.signed(w.key, w.address, 60).header(*h))
        in_query = put.but(target=f"{put.target}?{header[0]}={header[1].replace('/', '%2F')}")
        yield as_sent(f"{header[0]} in the query", "s3", lambda w, q=in_query: q.signed(w.key, w.address, 60), False)
    for name, _own, victim in each(world, rng, 30):
        if not victim.body:
            yield as_sent(f"{name} presigned", victim.service, lambda w, v=victim: v.signed(w.key, w.address, 60))
        yield as_sent(f"{name} both", victim.service, lambda w, v=victim: dataclasses.replace(
            craft(v, w.key, w.address), target=v.target + ("&" if "?" in v.target else "?")
            + f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={w.admin.access_key}%2F20260101%2Fus-east-1%2Fs3"
            "%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0"))  # fmt: skip
