"""Attacks on how a request is read: bodies, content types, encodings, queries and headers that two readers take apart.

Where the attacker's own and the victim's resource both stand in a request, a success alone proves nothing: the victim's
content or a change of the victim's state does.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import zlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from attacks.operations import JSON_OPS, OPS, QUERY_OPS, REST_OPS, Attack, Op, ask, family
from attacks.wire import SESSION, Wire
from attacks.world import World

BODY_OPS = [*JSON_OPS, *(op for op in REST_OPS if op.name in ("UpdateFunctionConfiguration", "CreateResource"))]


def pairs(world: World, rng: random.Random, number: int, ops: list[Op]) -> Iterator[tuple[str, Op, Wire, Wire]]:
    """Operations drawn, with the attacker's own and the victim's request."""
    order = [one for _ in range(number // len(ops) + 1) for one in rng.sample(ops, len(ops))]
    for op in order[:number]:
        yield f"{op.service}.{op.name}", op, op.wire(world, "own"), op.wire(world, "victim")


def members(document: dict[str, Any]) -> list[str]:
    """An object's members as JSON."""
    return [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in document.items()]


def different(op: Op, world: World) -> list[str]:
    """The parameters that name the resource."""
    own, victim = op.of(world, "own"), op.of(world, "victim")
    return [name for name in own if own[name] != victim[name]]


@family("plain: the victim's resource")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for name, _op, _own, victim in pairs(world, rng, len(OPS), OPS):
        yield ask(name, victim, strict=True)


@family("plain: the reader's other actions")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    allowed = {("s3", "GetObject"), ("dynamodb", "GetItem"), ("ssm", "GetParameter"), ("lambda", "GetFunctionConfiguration"),
               ("ssm", "GetParameters")}  # fmt: skip
    for name, op, own, victim in pairs(world, rng, len(OPS), OPS):
        if (op.service, op.name) not in allowed:
            yield ask(f"{name} own", own, strict=True, who="reader")
        yield ask(f"{name} victim", victim, strict=True, who="reader")


@family("body: keys twice")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 90, BODY_OPS)):
        first, second = members(own.document), members(victim.document)
        forms = [first + second, second + first, first + second + first, second + first + second]
        text = "{" + ", ".join(forms[number % 4]) + "}"
        base = victim if number % 2 else own
        yield ask(f"{name} {number % 4}", base.but(body=text.encode()))


@family("body: case of keys")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    changes: list[Callable[[str], str]] = [str.lower, str.upper, str.capitalize, str.swapcase,
                                           lambda k: k[0].swapcase() + k[1:], lambda k: k.replace("k", "\u212a").replace("K", "\u212a"),
                                           lambda k: k.replace("s", "\u017f"), lambda k: k + " ", lambda k: " " + k, lambda k: k + "\0"]  # fmt: skip
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 90, BODY_OPS)):
        change = changes[number % len(changes)]
        own_body, victim_body = own.document, victim.document
        odd = {change(key): value for key, value in victim_body.items() if own_body.get(key) != value}
        forms = [members(odd) + members(own_body), members(own_body) + members(odd),
                 members({k: v for k, v in own_body.items() if victim_body.get(k) == v}) + members(odd)]  # fmt: skip
        yield ask(f"{name} {number % len(changes)}", own.but(body=("{" + ", ".join(forms[number % 3]) + "}").encode()))


def escaped(text: str) -> str:
    """Every letter as ``\\u0041``."""
    return "".join(f"\\u{ord(one):04x}" if one.isalnum() else one for one in text)


@family("body: escapes")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 80, BODY_OPS)):
        document = victim.document
        if number % 4 == 0:
            text = "{" + ", ".join(f'"{escaped(k)}": {json.dumps(v)}' for k, v in document.items()) + "}"
        elif number % 4 == 1:
            text = "{" + ", ".join(f'{json.dumps(k)}: ' + (f'"{escaped(v)}"' if isinstance(v, str) else json.dumps(v))
                                   for k, v in document.items()) + "}"  # fmt: skip
        else:
            odd = ", ".join(f'"{escaped(k)}": {json.dumps(v)}' for k, v in document.items())
            text = (
                "{"
                + (
                    odd + ", " + ", ".join(members(own.document))
                    if number % 4 == 2
                    else ", ".join(members(own.document)) + ", " + odd
                )
                + "}"
            )
        yield ask(f"{name} {number % 4}", victim.but(body=text.encode()), strict=number % 4 < 2)


@family("body: character encodings")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    encodings = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-7"]
    for number, (name, _op, own, victim) in enumerate(pairs(world, rng, 77, BODY_OPS)):
        encoding = encodings[number % 7]
        body = victim.body.decode().encode(encoding)
        made = victim.but(body=body)
        if number % 2:
            kind = dict(made.headers).get("Content-Type", "application/json")
            made = made.header("Content-Type", f"{kind}; charset={encoding}")
        yield ask(f"{name} {encoding}", made, strict=True)


@family("body: content encodings")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    packs: list[tuple[str, Callable[[bytes], bytes]]] = [
        ("gzip", gzip.compress), ("GZIP", gzip.compress), ("deflate", zlib.compress), ("x-gzip", gzip.compress), ("identity", bytes),
        ("gzip, gzip", lambda b: gzip.compress(gzip.compress(b))), ("br", bytes), ("aws-chunked", bytes),
    ]  # fmt: skip
    for number, (name, _op, own, victim) in enumerate(pairs(world, rng, 80, [*BODY_OPS, *QUERY_OPS])):
        encoding, pack = packs[number % len(packs)]
        yield ask(
            f"{name} {encoding}", victim.but(body=pack(victim.body)).header("Content-Encoding", encoding), strict=True
        )
        if number % 4 == 0:
            yield ask(f"{name} two members, {encoding}", victim.but(body=gzip.compress(own.body) + gzip.compress(victim.body))
                      .header("Content-Encoding", "gzip"))  # fmt: skip


@family("body: content types")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    kinds = ["application/x-www-form-urlencoded", "application/json", "text/plain", "application/xml", "", "x", "application/cbor",
             "multipart/form-data; boundary=x", "application/x-amz-cbor-1.1", "application/x-amz-json-1.0, application/x-www-form-urlencoded",
             "application/x-amz-json-1.1;charset=utf-16"]  # fmt: skip
    for number, (name, _op, own, victim) in enumerate(pairs(world, rng, 88, [*BODY_OPS, *QUERY_OPS])):
        kind = kinds[number % len(kinds)]
        yield ask(f"{name} {kind}", victim.header("Content-Type", kind or None), strict=True)
        if number % 3 == 0:
            yield ask(f"{name} twice {kind}", victim.also("Content-Type", kind or "x"), strict=True)


@family("body: multipart form")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    def parts(fields: list[tuple[str, str]]) -> bytes:
        return (
            b"".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields)
            + b"--x--\r\n"
        )

    for number, (name, _op, own, victim) in enumerate(pairs(world, rng, 50, QUERY_OPS)):
        fields = form(victim)
        mixed = [fields, form(own) + fields, fields + form(own)][number % 3]
        made = victim.but(body=parts(mixed)).header("Content-Type", "multipart/form-data; boundary=x")
        yield ask(f"{name} {number % 3}", made, strict=number % 3 == 0)
        query = victim.but(body=parts(fields), target="/?" + urlencode(form(own)))
        yield ask(f"{name} beside the query", query.header("Content-Type", "multipart/form-data; boundary=x"))


def form(wire: Wire) -> list[tuple[str, str]]:
    """The fields of a form."""
    from urllib.parse import parse_qsl

    return parse_qsl(wire.body.decode(), keep_blank_values=True)


@family("form: fields twice")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 90, QUERY_OPS)):
        first, second = form(own), form(victim)
        odd = [one for one in second if one not in first]
        ways = [
            first + odd, odd + first, first + second, second + first,
            first + [(k.lower(), v) for k, v in odd], [(k.lower(), v) for k, v in odd] + first,
            first + [(k + ".1", v) for k, v in odd], first + [(k + ".member.1", v) for k, v in odd],
            first + [(k + "[]", v) for k, v in odd], [(k + " ", v) for k, v in odd] + first,
        ]  # fmt: skip
        yield ask(f"{name} {number % 10}", victim.but(body=urlencode(ways[number % 10]).encode()))


@family("form: separators and queries")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, _op, own, victim) in enumerate(pairs(world, rng, 80, QUERY_OPS)):
        mine, theirs = urlencode(form(own)), urlencode(form(victim))
        way = number % 8
        if way == 0:
            made = victim.but(target="/?" + theirs, body=own.body)
        elif way == 1:
            made = victim.but(target="/?" + mine)
        elif way == 2:
            made = victim.but(body=f"{mine};{theirs}".encode())
        elif way == 3:
            made = victim.but(target="/?" + theirs, body=b"", method="GET").header("Content-Type", None)
        elif way == 4:
            made = victim.but(body=theirs.replace("Action=", "%41ction=").encode())
        elif way == 5:
            made = victim.but(body=f"\ufeff{theirs}".encode())
        elif way == 6:
            made = victim.but(body=f"{mine}&&{theirs}\r\n".encode(), target="/?" + mine)
        else:
            made = victim.but(target="/?" + theirs, body=own.body, method="PUT")
        yield ask(f"{name} {way}", made, strict=way in (3, 4))


@family("form: other actions")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 72, QUERY_OPS)):
        fields, allowed = form(victim), "GetCallerIdentity"
        way = number % 6
        if way == 0:
            made = victim.but(body=urlencode([("Action", allowed), *fields]).encode())
        elif way == 1:
            made = victim.but(body=urlencode([*fields, ("Action", allowed)]).encode())
        elif way == 2:
            made = victim.but(target=f"/?Action={allowed}&Version=2011-06-15")
        elif way == 3:
            made = victim.header("X-Amz-Target", f"AWSSecurityTokenServiceV20110615.{allowed}")
        elif way == 4:
            made = victim.but(body=victim.body.replace(b"Action=", b"action="))
        else:
            made = victim.but(
                scope="sts",
                body=urlencode([(k, v) for k, v in fields if k != "Version"] + [("Version", "2011-06-15")]).encode(),
            )
        yield ask(f"{name} {way}", made, strict=False)


@family("json: parameters in the query")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 80, JSON_OPS)):
        flat = {key: value for key, value in op.of(world, "victim").items() if isinstance(value, str)}
        way = number % 5
        query = "/?" + urlencode(flat | ({"Action": op.name} if way % 2 else {}))
        body = own.body if way < 3 else b"{}" if way == 3 else b""
        method = "GET" if way == 4 else "POST"
        yield ask(f"{name} {way}", own.but(target=query, body=body, method=method))


@family("json: as a form")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 80, JSON_OPS)):
        version = SESSION.get_service_model(op.service).api_version
        flat = {"Action": op.name, "Version": version}
        for key, value in op.of(world, "victim").items():
            flat[key] = value if isinstance(value, str) else json.dumps(value, default=str)
        for at, (key, value) in enumerate(op.of(world, "victim").get("Attributes", {}).items()):
            flat |= {f"Attribute.{at + 1}.Name": key, f"Attribute.{at + 1}.Value": value}
        made = own.but(body=urlencode(flat).encode()).header("Content-Type", "application/x-www-form-urlencoded")
        if number % 3:
            made = made.header("X-Amz-Target", None).header("x-amzn-query-mode", None)
        if number % 3 == 2 and op.service == "sqs":
            made = made.but(target="/123456789012/own")
        yield ask(f"{name} {number % 3}", made)


@family("json: values of other types")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 90, BODY_OPS)):
        document, theirs = own.document, victim.document
        wraps: list[Callable[[Any, Any], Any]] = [
            lambda o, v: [v], lambda o, v: [o, v], lambda o, v: {"S": v}, lambda o, v: {"": v, "x": o}, lambda o, v: f"{o}\0{v}",
            lambda o, v: f"{v}\0{o}", lambda o, v: f"{o},{v}", lambda o, v: [[v]], lambda o, v: {v: o}, lambda o, v: f"{v}#{o}",
        ]  # fmt: skip
        wrap = wraps[number % 10]
        for key in document:
            if theirs.get(key) != document[key] and isinstance(theirs.get(key), str):
                document[key] = wrap(document[key], theirs[key])
        yield ask(f"{name} {number % 10}", own.but(body=json.dumps(document).encode()))


@family("json: what surrounds the body")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 80, BODY_OPS)):
        mine, theirs = own.body, victim.body
        ways = [mine + theirs, mine + b"\n" + theirs, b"[" + theirs + b"]", b"[" + mine + b", " + theirs + b"]", b"/* x */" + theirs,
                json.dumps(theirs.decode()).encode(), theirs[:-1], theirs[:-1] + b",}", b"\x00" + theirs, theirs + b"\x00" + mine,
                b"   " + theirs + b"\x1a", theirs.replace(b'"', b"'"), b"NaN" + theirs, b")]}'\n" + theirs]  # fmt: skip
        yield ask(f"{name} {number % len(ways)}", own.but(body=ways[number % len(ways)]))


@family("target: headers")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    targeted = [op for op in JSON_OPS if op.service not in ("scheduler",)]
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 90, targeted)):
        target = dict(victim.headers)["X-Amz-Target"]
        prefix, _, operation = target.partition(".")
        odd = [target.lower(), f"{prefix}.{operation.lower()}", f" {target} ", f"{target}.x", f"x.{target}", f"{prefix}..{operation}",
               f"{prefix}_20111205.{operation}", f"{operation}", f".{operation}", f"{prefix}#{operation}", f"{target},{prefix}.GetItem",
               f"DynamoDB_20111205.{operation}", f"AWSSecurityTokenServiceV20110615.{operation}", f"{prefix}.GetItem,{operation}"]  # fmt: skip
        one = odd[number % len(odd)]
        yield ask(f"{name} {one}", victim.header("X-Amz-Target", one), strict=True)
        if number % 3 == 0:
            yield ask(
                f"{name} reader, twice",
                own.also("X-Amz-Target", "DynamoDB_20120810.GetItem"),
                strict=True,
                who="reader",
            )
            yield ask(f"{name} reader, twice before", own.header("X-Amz-Target", "DynamoDB_20120810.GetItem")
                      .also("X-Amz-Target", target), strict=True, who="reader")  # fmt: skip


@family("target: another service's scope or host")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    scopes = ["sts", "s3", "dynamodb", "sqs", "execute-api", "lambda", "iam", "kms", "S3", "es", "unknown"]
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 90, OPS)):
        scope = scopes[number % len(scopes)]
        if scope == op.service:
            continue
        made = victim.but(scope=scope)
        if number % 2:
            made = made.header("Host", f"{scope}.us-east-1.amazonaws.com")
        yield ask(f"{name} as {scope}", made, strict=True)
        if number % 3 == 0:
            yield ask(f"{name} host alone", victim.header("Host", f"{scope}.us-east-1.amazonaws.com"), strict=True)


@family("target: regions and accounts")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 70, OPS)):
        region = ["eu-west-1", "us-gov-west-1", "cn-north-1", "", "*", "US-EAST-1", "global", "aws-global"][number % 8]
        yield ask(f"{name} in {region!r}", victim.but(region=region), strict=True)
        if number % 2:
            headers = [("x-moto-account-id", "123456789012"), ("x-amz-account-id", "123456789012"), ("X-Amz-Region", "us-east-1"),
                       ("x-amz-source-account", "123456789012"), ("x-amz-invocation-type", "Event")]  # fmt: skip
            yield ask(f"{name} {headers[number % 5][0]}", victim.header(*headers[number % 5]), strict=True)


def cbor(value: Any) -> bytes:
    """CBOR (RFC 8949) of the types of JSON, and bytes."""

    def head(major: int, number: int) -> bytes:
        for limit, code, size in ((24, None, 0), (1 << 8, 24, 1), (1 << 16, 25, 2), (1 << 32, 26, 4)):
            if number < limit:
                return bytes([major << 5 | (number if code is None else code)]) + (
                    number.to_bytes(size, "big") if size else b""
                )
        return bytes([major << 5 | 27]) + number.to_bytes(8, "big")

    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    return head(4, len(value)) + b"".join(map(cbor, value))


@family("protocols: CBOR and Smithy RPC")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 84, JSON_OPS)):
        prefix = dict(victim.headers)["X-Amz-Target"].partition(".")[0]
        path = f"/service/{prefix}/operation/{op.name}"
        packed = cbor(op.of(world, "victim"))
        way = number % 6
        if way == 0:
            made = victim.but(body=packed).header("Content-Type", "application/x-amz-cbor-1.1")
        elif way == 1:
            made = (
                victim.but(target=path, body=packed)
                .header("smithy-protocol", "rpc-v2-cbor")
                .header("Content-Type", "application/cbor")
            )
            made = made.header("X-Amz-Target", None)
        elif way == 2:
            made = victim.but(target=path, body=packed).header("smithy-protocol", "rpc-v2-cbor")
        elif way == 3:
            made = (
                own.but(target=path, body=packed)
                .header("smithy-protocol", "rpc-v2-cbor")
                .header("Content-Type", "application/cbor")
            )
        elif way == 4:
            made = victim.but(target=path).header("smithy-protocol", "rpc-v2-json").header("X-Amz-Target", None)
        else:
            made = own.but(target=path, body=packed).header("Smithy-Protocol", "rpc-v2-cbor")
        yield ask(f"{name} {way}", made, strict=way in (0, 1, 2, 4))


@family("transfer: lengths and chunks")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    def chunked(body: bytes, extension: bytes = b"") -> bytes:
        return (
            b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in (body[:5], body[5:]) if part)
            + b"0\r\n\r\n"
        )

    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 80, [*BODY_OPS, *QUERY_OPS])):
        way = number % 8

        def send(w: World, own: Wire = own, victim: Wire = victim, way: int = way) -> Any:
            def go(wire: Wire) -> Any:
                return wire.send(w.address, 4)

            mine, theirs = own.signed(w.key, w.address), victim.signed(w.key, w.address)
            length = ("Content-Length", str(len(own.body)))
            if way == 0:
                return go(theirs.but(body=chunked(victim.body)).also("Transfer-Encoding", "chunked"))
            if way == 1:
                return go(mine.but(body=chunked(victim.body)).also("Transfer-Encoding", "chunked").also(*length))
            if way == 2:
                return go(mine.but(body=own.body + victim.body).also(*length))
            if way == 3:
                return go(
                    mine.but(body=own.body + victim.body)
                    .also(*length)
                    .also("Content-Length", str(len(own.body + victim.body)))
                )
            if way == 4:
                return go(mine.but(body=chunked(own.body, b";x=y") + victim.body).also("Transfer-Encoding", "chunked"))
            if way == 5:
                return go(mine.but(body=victim.body).also("Transfer-Encoding", "identity, chunked"))
            if way == 6:
                second = f"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: {dict(victim.headers).get('X-Amz-Target')}\r\n".encode()
                second += f"Content-Length: {len(victim.body)}\r\n\r\n".encode() + victim.body
                return go(mine.but(body=own.body + second).also(*length))
            return go(
                mine.but(body=chunked(victim.body)).also("Transfer-Encoding", " chunked").also("Expect", "100-continue")
            )

        yield Attack(f"{name} {way}", op.service, send)


@family("methods")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "get", "TRACE", "X"]
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 50, OPS)):
        method = methods[number % len(methods)]
        if method != victim.method:
            yield ask(f"{name} {method}", victim.but(method=method))
            yield ask(f"{name} reader {method}", own.but(method=method), who="reader")
        header = ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method", "_method"][number % 4]
        yield ask(f"{name} {header}", victim.header(header, method), strict=True)
        reading = Wire.of("s3", "GetObject", Bucket="own-bucket", Key="a/b").header(header, "DELETE")
        yield ask(
            f"GetObject {header} {number}", reading.but(target="/victim-bucket/secret"), strict=True, who="reader"
        )


def shape(op: Op) -> list[tuple[str, str]]:
    """Names and types of an operation's other parameters."""
    found = SESSION.get_service_model(op.service).operation_model(op.name).input_shape
    return [(name, one.type_name) for name, one in found.members.items() if name not in op.parameters]


@family("parameters: another that names the own resource")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    made = []
    for op in OPS:
        own, victim = op.of(world, "own"), op.of(world, "victim")
        values = [value for key, value in own.items() if isinstance(value, str) and victim[key] != value]
        values += [f"arn:aws:{op.service}:us-east-1:123456789012:own", "arn:aws:s3:::own-bucket"]
        for (member, kind), value in itertools.product(shape(op), values):
            if kind == "string":
                made.append((op, {**victim, member: value}, member))
            elif kind == "list":
                made.append((op, {**victim, member: [value]}, member))
    for op, parameters, member in rng.sample(made, min(len(made), 150)):
        try:
            yield ask(f"{op.name} {member}", Wire.of(op.service, op.name, **parameters))
        except (TypeError, AttributeError, KeyError, ValueError):
            continue


@family("parameters: unknown ones that name the own resource")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    extra = ["ResourceArn", "Resource", "Arn", "arn", "ResourceId", "TableArn", "QueueArn", "StreamARN", "SecretArn", "KeyArn",
             "FunctionArn", "logGroupIdentifier", "Name", "Id", "TableName", "QueueUrl", "__type", "RoleArn", "TopicArn", "TargetArn"]  # fmt: skip
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 110, [*JSON_OPS, *QUERY_OPS])):
        key = extra[number % len(extra)]
        mine = [v for v in op.of(world, "own").values() if isinstance(v, str)][:1] or ["own"]
        value = rng.choice(
            [
                *mine,
                f"arn:aws:{op.service}:us-east-1:123456789012:own",
                f"arn:aws:{op.service}:us-east-1:123456789012:table/own",
            ]
        )
        if key in op.parameters:
            continue
        if op in QUERY_OPS:
            yield ask(f"{name} {key}", victim.but(body=victim.body + f"&{key}={quote(value, safe='')}".encode()))
        else:
            yield ask(f"{name} {key}", victim.but(body=json.dumps({key: value, **victim.document}).encode()))


@family("parameters: values that begin with arn:")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    arns = ["arn:aws:s3:::own-bucket", "arn:aws:dynamodb:us-east-1:123456789012:table/own", "arn:aws:lambda:us-east-1:123456789012:function:own",
            "arn:aws:logs:us-east-1:123456789012:log-group:own:*", "arn:aws:kinesis:us-east-1:123456789012:stream/own",
            "arn:aws:events:us-east-1:123456789012:rule/own", "arn:aws:sqs:us-east-1:123456789012:own",
            "arn:aws:sns:us-east-1:123456789012:own", "arn:aws:states:us-east-1:123456789012:stateMachine:own"]  # fmt: skip
    spots = [
        ("s3", "PutObject", {"Bucket": "victim-bucket", "Key": "@", "Body": b"x"}),
        ("s3", "GetObject", {"Bucket": "victim-bucket", "Key": "secret", "VersionId": "@"}),
        ("s3", "DeleteObject", {"Bucket": "victim-bucket", "Key": "secret", "MFA": "@"}),
        ("s3", "ListObjectsV2", {"Bucket": "victim-bucket", "Prefix": "@"}),
        ("s3", "ListObjectsV2", {"Bucket": "victim-bucket", "StartAfter": "@"}),
        ("logs", "CreateLogStream", {"logGroupName": "victim", "logStreamName": "@"}),
        ("logs", "PutLogEvents", {"logGroupName": "victim", "logStreamName": "@", "logEvents": []}),
        ("logs", "PutMetricFilter", {"logGroupName": "victim", "filterName": "@", "filterPattern": "", "metricTransformations": [
            {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}]}),
        ("events", "PutRule", {"Name": "victim", "ScheduleExpression": "rate(1 hour)", "Description": "@"}),
        ("events", "PutTargets", {"Rule": "victim", "Targets": [{"Id": "1", "Arn": "@"}]}),
        ("dynamodb", "PutItem", {"TableName": "victim", "Item": {"id": {"S": "@"}}}),
        ("dynamodb", "CreateBackup", {"TableName": "victim", "BackupName": "@"}),
        ("sqs", "SendMessage", {"QueueUrl": world.ids["victim url"], "MessageBody": "@"}),
        ("sqs", "CreateQueue", {"QueueName": "@"}), ("sns", "CreateTopic", {"Name": "@"}),
        ("sns", "Publish", {"TopicArn": world.ids["victim topic"], "Message": "x", "Subject": "@"}),
        ("sns", "Publish", {"TopicArn": world.ids["victim topic"], "TargetArn": "@", "Message": "x"}),
        ("sns", "Publish", {"TopicArn": "@", "TargetArn": world.ids["victim topic"], "Message": "x"}),
        ("ssm", "PutParameter", {"Name": "/victim/p", "Value": "@", "Type": "String", "Overwrite": True}),
        ("ssm", "PutParameter", {"Name": "/victim/p", "Value": "x", "KeyId": "@", "Type": "String", "Overwrite": True}),
        ("secretsmanager", "PutSecretValue", {"SecretId": "victim", "SecretString": "x", "ClientRequestToken": "@"}),
        ("secretsmanager", "UpdateSecret", {"SecretId": "victim", "KmsKeyId": "@", "SecretString": "x"}),
        ("kinesis", "PutRecord", {"StreamName": "victim", "StreamARN": "@", "Data": b"x", "PartitionKey": "1"}),
        ("kinesis", "PutRecord", {"StreamName": "victim", "Data": b"x", "PartitionKey": "@"}),
        ("lambda", "UpdateFunctionConfiguration", {"FunctionName": "victim", "Role": "@"}),
        ("lambda", "AddPermission", {"FunctionName": "victim", "StatementId": "s2", "Action": "lambda:InvokeFunction",
                                     "Principal": "s3.amazonaws.com", "SourceArn": "@"}),
        ("stepfunctions", "StartExecution", {"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:victim", "name": "@"}),
        ("stepfunctions", "CreateStateMachine", {"name": "@", "definition": "{}", "roleArn": "arn:aws:iam::123456789012:role/victim-role"}),
        ("iam", "PutRolePolicy", {"RoleName": "victim-role", "PolicyName": "@", "PolicyDocument": "{}"}),
        ("iam", "AttachRolePolicy", {"RoleName": "victim-role", "PolicyArn": "@"}),
        ("cloudformation", "UpdateStack", {"StackName": "victim", "TemplateBody": "{}", "RoleARN": "@"}),
        ("cloudwatch", "PutMetricAlarm", {"AlarmName": "victim", "AlarmDescription": "@", "MetricName": "m", "Namespace": "n", "Period": 60,
                                          "EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}),
    ]  # fmt: skip

    def put(value: Any, one: str) -> Any:
        if value == "@":
            return one
        if isinstance(value, dict):
            return {k: put(v, one) for k, v in value.items()}
        return [put(v, one) for v in value] if isinstance(value, list) else value

    for service, operation, parameters in spots:
        mine = [one for one in arns if f":{service}:" in one.replace(":states:", ":stepfunctions:")]
        for one in (mine + rng.sample(arns, 4))[:4]:
            filled = put(parameters, one)
            target = json.dumps(filled, default=str)
            strict = "victim" in target and "TargetArn" not in target
            yield ask(f"{operation} {one[8:]}", Wire.of(service, operation, **filled), strict=strict)


@family("parameters: ARNs that go on")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    tails = ["/../victim", ":victim", "/victim", "*", "?", "%2f..%2fvictim", "#victim", "\0victim", " victim", "/../../table/victim",
             ":$LATEST:victim", "\nvictim", ",{}", "|{}", ";{}", " {}", "/{}", ":{}"]  # fmt: skip
    arned = [op for op in OPS if any(isinstance(v, str) and v.startswith("$") for v in op.parameters.values())]
    for number, (name, op, own, victim) in enumerate(pairs(world, rng, 120, arned)):
        tail = tails[number % len(tails)]
        mine, theirs = op.of(world, "own"), op.of(world, "victim")
        filled = dict(theirs)
        for key, value in mine.items():
            if isinstance(value, str) and theirs[key] != value:
                filled[key] = value + tail.format(theirs[key])
        try:
            yield ask(f"{name} {tail!r}", Wire.of(op.service, op.name, **filled))
        except (UnicodeError, ValueError):
            continue


@family("parameters: disguised names")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    changes: list[tuple[str, Callable[[str], str]]] = [
        ("upper", str.upper), ("title", str.title), ("space after", lambda n: n + " "), ("space before", lambda n: " " + n),
        ("nul", lambda n: n + "\0"), ("slash", lambda n: n + "/"), ("slash before", lambda n: "/" + n), ("percent", lambda n: n.replace("i", "%69")),
        ("fullwidth", lambda n: n.replace("v", "\uff56")), ("soft hyphen", lambda n: n[:3] + "\u00ad" + n[3:]), ("dots", lambda n: "own/../" + n),
        ("newline", lambda n: n + "\n"), ("wildcard", lambda n: n[:-1] + "?"), ("star", lambda n: n[:-2] + "*"), ("colon", lambda n: n + ":"),
        ("own before", lambda n: "own:" + n), ("plus", lambda n: n + "+"), ("account", lambda n: "123456789012:" + n),
        ("region ARN", lambda n: n.replace("us-east-1", "us-east-1 ")), ("partition", lambda n: n.replace("arn:aws:", "arn:aws-cn:")),
        ("arn upper", lambda n: n.replace("arn:", "ARN:")), ("no account", lambda n: n.replace("123456789012", "")),
        ("other account", lambda n: n.replace("123456789012", "111122223333")), ("other region", lambda n: n.replace("us-east-1", "eu-west-1")),
    ]  # fmt: skip
    for number, (name, op, _own, _victim) in enumerate(pairs(world, rng, 150, OPS)):
        title, change = changes[number % len(changes)]
        mine, theirs = op.of(world, "own"), op.of(world, "victim")
        filled = {k: change(v) if isinstance(v, str) and mine[k] != v else v for k, v in theirs.items()}
        try:
            yield ask(f"{name} {title}", Wire.of(op.service, op.name, **filled))
        except (UnicodeError, ValueError):
            continue
