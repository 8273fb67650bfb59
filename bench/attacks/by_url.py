"""Attacks on URLs, headers and sub-resources of services that have paths: S3, Lambda, API Gateway and others."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import quote

from attacks.operations import Attack, ask, family
from attacks.wire import Wire
from attacks.world import World, arn

S3 = Wire("s3", "GET", "/own-bucket/mine")


def s3(
    title: str,
    target: str,
    method: str = "GET",
    strict: bool = False,
    who: str = "key",
    body: bytes = b"",
    **headers: str,
) -> Attack:
    """A request of S3; ``_`` in names of headers is ``-``."""
    made = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return ask(f"{method} {title}", S3.but(target=target, method=method, body=body, headers=made), strict, who)


PATHS = [
    "/own-bucket/../victim-bucket/secret", "/own-bucket/%2e%2e/victim-bucket/secret", "/own-bucket/..%2fvictim-bucket/secret",
    "/own-bucket/%2E%2E%2Fvictim-bucket%2Fsecret", "//victim-bucket/secret", "/./victim-bucket/secret", "/victim-bucket//secret",
    "/victim-bucket%2fsecret", "/%76ictim-bucket/secret", "/victim-bucket/%73ecret", "/VICTIM-BUCKET/secret", "/victim-bucket./secret",
    "/victim-bucket%00/secret", "/own-bucket%2f../victim-bucket/secret", "/own-bucket/;/../victim-bucket/secret", "/victim-bucket;x/secret",
    "/own-bucket\\..\\victim-bucket/secret", "/own-bucket/%252e%252e/victim-bucket/secret", "/%2fvictim-bucket/secret",
    "/own-bucket?/../victim-bucket/secret", "/own-bucket#/victim-bucket/secret", "/victim-bucket/secret#/own-bucket/mine",
    "/own-bucket/mine/../../victim-bucket/secret", "/victim-bucket/secret/", "/victim-bucket/secret?", "/victim-bucket/dir%2Fsecret",
    "/victim-bucket/./secret", "/victim-bucket/x/../secret", "/shared-bucket/own/../private/secret", "/shared-bucket/own/%2e%2e/private/secret",
    "/shared-bucket/own/..%2fprivate%2fsecret", "/shared-bucket/own//../private/secret", "/shared-bucket//private/secret",
    "/shared-bucket/own/x/../../private/secret", "/shared-bucket/%6fwn/../private/secret", "/shared-bucket/own%2f..%2fprivate/secret",
    "/arn:aws:s3:::victim-bucket/secret", "/arn%3Aaws%3As3%3A%3A%3Aown-bucket/victim-bucket/secret", "/own-bucket,victim-bucket/secret",
    "/victim-bucket/secret%20", "/victim-bucket/secret%00own", "/victim-bucket/secret;versionId=null", "/victim-bucket/+secret", "/victim-bucket%20/secret",
    "/v1/../victim-bucket/secret", "/victim-bucket/%u0073ecret", "/victim-bucket/secre%C5%A3",
]  # fmt: skip


@family("s3: paths")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for path in PATHS:
        for method in ("GET", "PUT", "DELETE"):
            yield s3(path, path, method, body=b"x" if method == "PUT" else b"")


@family("s3: hosts")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    hosts = ["victim-bucket.s3.amazonaws.com", "victim-bucket.s3.us-east-1.amazonaws.com", "VICTIM-BUCKET.s3.amazonaws.com",
             "victim-bucket.s3-us-east-1.amazonaws.com", "victim-bucket.s3-website-us-east-1.amazonaws.com", "victim-bucket",
             "victim-bucket.localhost", "victim-bucket.127.0.0.1", "victim-bucket.s3.localhost.localstack.cloud", "victim-bucket.s3.dualstack.us-east-1.amazonaws.com",
             "victim-bucket.s3-accelerate.amazonaws.com", "victim-bucket.s3.amazonaws.com:80", "victim-bucket.s3.amazonaws.com.",
             "own-bucket.victim-bucket.s3.amazonaws.com", "victim-bucket.own-bucket.s3.amazonaws.com", "victim-bucket.s3-fips.us-east-1.amazonaws.com"]  # fmt: skip
    for host in hosts:
        for path in ("/secret", "/own-bucket/mine", "/victim-bucket/secret", "/mine"):
            yield s3(f"{host}{path}", path, Host=host)
        yield s3(f"{host} DELETE", "/secret", "DELETE", Host=host)
        yield s3(f"own in the path, {host}", "/own-bucket/secret", "PUT", body=b"x", Host=host)
        yield s3(f"list {host}", "/?list-type=2", Host=host)


@family("s3: forwarded hosts and absolute targets")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for name in (
        "X-Forwarded-Host",
        "X-Host",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Forwarded-Prefix",
        "Forwarded",
        "X-Original-Host",
        "X-Amz-Bucket",
    ):
        for value in (
            "victim-bucket.s3.amazonaws.com",
            "/victim-bucket/secret",
            "host=victim-bucket.s3.amazonaws.com",
            "victim-bucket",
        ):
            yield ask(f"{name}: {value}", S3.header(name, value))
            yield ask(
                f"PUT {name}: {value}", S3.but(method="PUT", target="/own-bucket/secret", body=b"x").header(name, value)
            )
    for target in ("http://victim-bucket.s3.amazonaws.com/secret", "http://127.0.0.1/victim-bucket/secret", "http://own-bucket/victim-bucket/secret",
                   "https://s3.amazonaws.com/victim-bucket/secret", "//s3.amazonaws.com/victim-bucket/secret", "*", "victim-bucket/secret"):  # fmt: skip
        for signed in ("/own-bucket/mine", "/victim-bucket/secret", target):
            yield Attack(f"{target} signed as {signed}", "s3", lambda w, t=target, s=signed: S3.but(target=s)
                         .signed(w.key, w.address).but(target=t).send(w.address))  # fmt: skip


SUBS = ["acl", "tagging", "policy", "versions", "uploads", "cors", "lifecycle", "notification", "logging", "website", "encryption", "delete",
        "versioning", "replication", "inventory", "analytics", "metrics", "publicAccessBlock", "ownershipControls", "object-lock", "retention",
        "legal-hold", "torrent", "restore", "select", "attributes", "accelerate", "requestPayment", "location", "policyStatus", "intelligent-tiering"]  # fmt: skip


@family("s3: sub-resources by who may only read")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for sub in SUBS:
        forms = [f"/own-bucket/mine?{sub}", f"/own-bucket?{sub}", f"/own-bucket/mine?x=y&{sub}=", f"/own-bucket/mine?{quote(sub[0]).replace(sub[0], f'%{ord(sub[0]):02x}')}{sub[1:]}"]  # fmt: skip
        harmless = sub in ("attributes", "torrent", "inventory", "analytics", "metrics")
        for form in forms:
            for method in ("GET", "PUT", "POST", "DELETE"):
                body = (
                    b"<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"
                    if method in ("PUT", "POST")
                    else b""
                )
                strict = not harmless and not (method == "GET" and "/mine" in form and sub in (
                    "policy", "versions", "uploads", "cors", "lifecycle", "notification", "logging", "website", "encryption", "delete", "versioning",
                    "replication", "publicAccessBlock", "ownershipControls", "object-lock", "restore", "select", "accelerate", "requestPayment",
                    "location", "policyStatus", "intelligent-tiering"))  # fmt: skip
                yield s3(form, form, method, strict=strict, who="reader", body=body)


@family("s3: sub-resources of the victim")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for sub in SUBS:
        yield s3(f"?{sub}", f"/victim-bucket?{sub}", strict=True)
        yield s3(f"secret?{sub}", f"/victim-bucket/secret?{sub}", strict=True)
        yield s3(f"?{sub}", f"/victim-bucket?{sub}", "PUT", strict=True, body=b"<X/>")
        yield s3(f"?{sub}", f"/victim-bucket?{sub}", "DELETE", strict=True)
        yield s3(
            f"?{sub} and own", f"/own-bucket/mine?{sub}&bucket=victim-bucket&Bucket=victim-bucket&key=secret", "GET"
        )


@family("s3: copies")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    sources = ["/victim-bucket/secret", "victim-bucket/secret", "victim-bucket%2Fsecret", "%2Fvictim-bucket%2Fsecret", "victim-bucket/%73ecret",
               "//victim-bucket/secret", "own-bucket/../victim-bucket/secret", "victim-bucket/secret?versionId=null", " victim-bucket/secret ",
               "arn:aws:s3:::victim-bucket/secret", "/VICTIM-BUCKET/secret", "victim-bucket//secret", "shared-bucket/private/secret",
               "shared-bucket/own/../private/secret", "shared-bucket/own%2f..%2fprivate%2fsecret", "victim-bucket%252Fsecret",
               "own-bucket/mine,victim-bucket/secret", "victim-bucket/dir/secret", "arn:aws:s3:us-east-1:123456789012:accesspoint/victim/object/secret",
               "http://s3/victim-bucket/secret", "victim-bucket/secret#x", "victim-bucket/./secret", "victim-bucket/secret?versionId=x&y"]  # fmt: skip
    read = S3.but(target="/own-bucket/stolen")

    def copy(w: World, wire: Wire, signer: bool = True) -> list:
        return [wire.signed(w.key, w.address).send(w.address), read.signed(w.key, w.address).send(w.address),
                S3.but(target="/own-bucket/stolen", method="DELETE").signed(w.key, w.address).send(w.address)]  # fmt: skip

    for source in sources:
        base = S3.but(target="/own-bucket/stolen", method="PUT")
        yield Attack(source, "s3", lambda w, b=base, s=source: copy(w, b.header("x-amz-copy-source", s)))
        yield Attack(f"twice {source}", "s3", lambda w, b=base, s=source: copy(w, b.header("x-amz-copy-source", "own-bucket/mine")
                                                                          .also("x-amz-copy-source", s)))  # fmt: skip
        yield Attack(f"twice before {source}", "s3", lambda w, b=base, s=source: copy(w, b.header("X-Amz-Copy-Source", s)
                                                                          .also("x-amz-copy-source", "own-bucket/mine")))  # fmt: skip
        in_query = base.but(target="/own-bucket/stolen?x-amz-copy-source=" + quote(source, safe=""))
        yield Attack(f"query {source}", "s3", lambda w, b=in_query: copy(w, b))
        yield Attack(
            f"underscore {source}", "s3", lambda w, b=base, s=source: copy(w, b.header("x_amz_copy_source", s))
        )

        def parts(w: World, s: str = source) -> list:
            upload = w.client("s3").create_multipart_upload(Bucket="own-bucket", Key="stolen")["UploadId"]
            part = S3.but(target=f"/own-bucket/stolen?partNumber=1&uploadId={upload}", method="PUT").header(
                "x-amz-copy-source", s
            )
            answers = [part.signed(w.key, w.address).send(w.address)]
            etag = answers[0].body.decode("utf-8", "replace").partition("<ETag>")[2].partition("<")[0]
            done = f"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>"
            end = S3.but(target=f"/own-bucket/stolen?uploadId={upload}", method="POST", body=done.encode())
            return [*answers, end.signed(w.key, w.address).send(w.address), read.signed(w.key, w.address).send(w.address),
                    S3.but(target="/own-bucket/stolen", method="DELETE").signed(w.key, w.address).send(w.address)]  # fmt: skip

        yield Attack(f"part {source}", "s3", parts)


@family("s3: headers that need another action")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    headers = [("x-amz-acl", "public-read"), ("x-amz-grant-read", "uri=http://acs.amazonaws.com/groups/global/AllUsers"),
               ("x-amz-grant-full-control", "id=x"), ("x-amz-tagging", "a=b"), ("x-amz-object-lock-mode", "GOVERNANCE"),
               ("x-amz-object-lock-legal-hold", "ON"), ("X-AMZ-ACL", "private"), ("x-amz-grant-write-acp", "id=x")]  # fmt: skip
    put = S3.but(method="PUT", body=b"x", target="/own-bucket/acl")
    for header in headers:
        retain = [("x-amz-object-lock-retain-until-date", "2030-01-01T00:00:00Z")] if "mode" in header[0] else []
        made = put.header(*header)
        for one in retain:
            made = made.header(*one)
        yield ask(f"put {header[0]}", made, strict=True, who="putter")
        yield ask(f"put twice {header[0]}", made.also(*header), strict=True, who="putter")
        yield ask(
            f"upload {header[0]}",
            made.but(method="POST", target="/own-bucket/acl?uploads", body=b""),
            strict=True,
            who="putter",
        )
        yield ask(
            f"copy {header[0]}",
            made.but(body=b"").header("x-amz-copy-source", "own-bucket/mine"),
            strict=True,
            who="putter",
        )
        yield ask(f"create {header[0]}", made.but(target="/victim-new-bucket", body=b""), strict=True, who="putter")
        yield ask(f"bucket {header[0]}", made.but(target="/own-bucket?acl", body=b""), strict=True, who="putter")
        yield ask(f"object {header[0]}", made.but(target="/own-bucket/mine?acl", body=b""), strict=True, who="putter")
        yield ask(f"victim {header[0]}", made.but(target="/victim-bucket/secret?acl", body=b""), strict=True)
    for action in ("?tagging", "?acl", "?retention", "?legal-hold", "?restore", "?uploads&x=", "?delete"):
        body = b"<Tagging><TagSet/></Tagging>"
        yield ask(
            f"sub {action}",
            put.but(target="/own-bucket/mine" + action, body=body),
            strict=action in ("?tagging", "?acl", "?retention", "?legal-hold"),
            who="putter",
        )


@family("s3: batches and uploads")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    import base64
    import hashlib

    def delete(title: str, bucket: str, body: str, target: str = "") -> Attack:
        digest = base64.b64encode(hashlib.md5(body.encode()).digest()).decode()
        return s3(title, target or f"/{bucket}?delete", "POST", body=body.encode(), Content_MD5=digest)

    keys = ["private/secret", "own/../private/secret", "own/%2e%2e/private/secret", "/private/secret", " private/secret", "private&#x2f;secret",
            "<![CDATA[private/secret]]>", "private/secret\u0000", "&k;", "private/<!-- x -->secret", "priva&#116;e/secret", "\nprivate/secret\n"]  # fmt: skip
    for key in keys:
        own = "<Object><Key>own/nothing</Key></Object>"
        theirs = f"<Object><Key>{key}</Key></Object>"
        for body in (own + theirs, theirs + own, f"<Object><Key>own/nothing</Key><Key>{key}</Key></Object>", theirs,
                     f"<Object><Key>{key}</Key><Key>own/nothing</Key></Object>", f"<Quiet>true</Quiet>{own}{theirs}"):  # fmt: skip
            doctype = '<!DOCTYPE d [<!ENTITY k "private/secret">]>' if key == "&k;" else ""
            yield delete(key, "shared-bucket", f"{doctype}<Delete>{body}</Delete>")
    for body in (
        "<Object><Key>secret</Key></Object>",
        "<Object><Key>own/x</Key></Object><Object><Key>secret</Key></Object>",
    ):
        yield delete("victim", "victim-bucket", f"<Delete>{body}</Delete>")
        yield delete(
            "victim in namespace",
            "victim-bucket",
            f'<x:Delete xmlns:x="y">{body.replace("<", "<x:").replace("<x:/", "</x:")}</x:Delete>',
        )
        yield delete("through own", "own-bucket", f"<Delete>{body}</Delete>", "/victim-bucket?delete&bucket=own-bucket")
        yield delete(
            "two in one",
            "shared-bucket",
            f"<Delete>{body}</Delete><Delete><Object><Key>private/secret</Key></Object></Delete>",
        )
    uploads = [
        ("victim-bucket", "upload", world.ids["victim upload"]),
        ("shared-bucket", "private/up", world.ids["shared upload"]),
    ]
    for bucket, key, upload in uploads:
        for path in (
            "/own-bucket/mine",
            f"/{bucket}/{key}",
            "/shared-bucket/own/x",
            f"/own-bucket/{key}",
            f"/{bucket}/own/x",
        ):
            yield s3(f"part {path}", f"{path}?partNumber=1&uploadId={upload}", "PUT", body=b"x")
            yield s3(f"abort {path}", f"{path}?uploadId={upload}", "DELETE")
            yield s3(f"parts {path}", f"{path}?uploadId={upload}")
            done = b'<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"x"</ETag></Part></CompleteMultipartUpload>'
            yield s3(f"complete {path}", f"{path}?uploadId={upload}", "POST", body=done)
            yield s3(f"twice {path}", f"{path}?uploadId=x&uploadId={upload}", "DELETE")


@family("s3: lists")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    queries = ["prefix=private/", "prefix=", "prefix=own/&prefix=private/", "prefix=private/&prefix=own/", "list-type=2&prefix=own/../private/",
               "prefix=own%2f..%2fprivate%2f", "Prefix=own/", "PREFIX=own/&prefix=private/", "list-type=2&prefix=own/&delimiter=&start-after=",
               "prefix=own/&marker=private/", "versions&prefix=private/", "versions", "uploads", "uploads&prefix=private/", "list-type=2",
               "list-type=2&prefix=%00own/", "prefix=own/%00", "prefix[]=own/", "prefix=own/&list-type=1", "versions&prefix=own/", "uploads&prefix=own/"]  # fmt: skip
    for query in queries:
        for bucket in ("shared-bucket", "victim-bucket"):
            lists_versions = query.startswith(("versions", "uploads"))
            both = "own/" in query
            yield s3(query, f"/{bucket}?{query}", strict=bucket == "victim-bucket" or lists_versions or not both)
    for query in ("prefix=own/&prefix=private/", "prefix=private/&prefix=own/"):
        yield Attack(
            f"shown {query}",
            "s3",
            lambda w, q=query: S3.but(target=f"/shared-bucket?{q}").signed(w.key, w.address).send(w.address),
        )
    for path in ("/", "//", "/?list-type=2", "/?x-id=ListBuckets", "/."):
        yield s3(f"buckets {path}", path, strict=path == "/")
    for bucket in ("victim-new", "VICTIM-NEW", "victim-bucket"):
        yield s3("create", f"/{bucket}", "PUT", strict=True)
        yield s3("remove", f"/{bucket}", "DELETE", strict=True)
        yield s3("create slash", f"/{bucket}/", "PUT", strict=True)
        yield s3("head", f"/{bucket}", "HEAD", strict=True)


@family("s3: form uploads")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    def upload(fields: list[tuple[str, str]], file: bool = True) -> bytes:
        parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields)
        return (
            parts + '--x\r\nContent-Disposition: form-data; name="file"; filename="secret"\r\n\r\nattack\r\n--x--\r\n'
        ).encode()

    kind = {"Content_Type": "multipart/form-data; boundary=x"}
    for bucket in ("victim-bucket", "own-bucket", "shared-bucket"):
        for key in (
            "secret",
            "private/secret",
            "own/../private/secret",
            "${filename}",
            "../victim-bucket/secret",
            "own/x",
        ):
            for fields in ([("key", key)], [("key", "own/x"), ("key", key)], [("key", key), ("acl", "public-read"), ("bucket", "victim-bucket")],
                           [("key", key), ("AWSAccessKeyId", world.key.access_key), ("policy", "e30="), ("signature", "x")]):  # fmt: skip
                yield s3(f"{bucket} {key}", f"/{bucket}", "POST", body=upload(fields), **kind)
                made = S3.but(method="POST", target=f"/{bucket}", body=upload(fields)).header(
                    "Content-Type", kind["Content_Type"]
                )
                yield Attack(f"unsigned {bucket} {key}", "s3", lambda w, m=made: m.send(w.address), True)


NAMES = ["victim", "victim:1", "victim:live", "victim:$LATEST", "own:victim", "own/../victim", "function:victim", "123456789012:function:victim",
         "arn:aws:lambda:us-east-1:123456789012:function:own:function:victim", "arn:aws:lambda:us-east-1:123456789012:function:victim:live",
         "arn:aws:lambda:us-east-1:123456789012:function:own:victim", "123456789012:victim", "arn:aws:lambda:eu-west-1:123456789012:function:victim",
         "VICTIM", " victim", "victim ", "arn:aws:lambda:us-east-1:111122223333:function:victim", "function:own:function:victim", "victim%00", "victim/",
         "arn:aws:lambda:us-east-1:123456789012:function:own/arn:aws:lambda:us-east-1:123456789012:function:victim",
         "arn:aws:lambda:us-east-1:123456789012:victim", "own:function:victim", "arn:aws:lambda:us-east-1:123456789012:function:victim:own",
         "arn:aws:lambda:us-east-1:123456789012:layer:own:function:victim"]  # fmt: skip
CALLS = [("GET", "2015-03-31", "/configuration"), ("GET", "2015-03-31", ""), ("PUT", "2015-03-31", "/configuration"), ("DELETE", "2015-03-31", ""),
         ("GET", "2015-03-31", "/policy"), ("GET", "2015-03-31", "/versions"), ("POST", "2015-03-31", "/policy"), ("GET", "2015-03-31", "/aliases"),
         ("PUT", "2017-10-31", "/concurrency"), ("POST", "2021-10-31", "/url"), ("POST", "2015-03-31", "/aliases"), ("PUT", "2015-03-31", "/code"),
         ("PUT", "2019-09-25", "/event-invoke-config"), ("POST", "2015-03-31", "/versions")]  # fmt: skip
BODIES = {"/configuration": b'{"Description": "attack"}', "/policy": b'{"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "*"}',
          "/aliases": b'{"Name": "attack", "FunctionVersion": "1"}', "/concurrency": b'{"ReservedConcurrentExecutions": 1}', "/url": b'{"AuthType": "NONE"}',
          "/code": b'{"S3Bucket": "victim-bucket", "S3Key": "code.zip"}', "/event-invoke-config": b'{"MaximumRetryAttempts": 1}'}  # fmt: skip


@family("lambda: names")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    made = []
    for name in NAMES:
        for method, version, rest in CALLS:
            body = BODIES.get(rest, b"") if method in ("PUT", "POST") else b""
            for encoded in (quote(name, safe=""), name.replace(" ", "%20")):
                wire = Wire(
                    "lambda",
                    method,
                    f"/{version}/functions/{encoded}{rest}",
                    (("Content-Type", "application/json"),),
                    body,
                )
                made.append((f"{method} {name}{rest}", wire, method == "DELETE"))
    chosen = rng.sample(made, 130)
    for title, wire, _last in sorted(chosen, key=lambda one: one[2]):
        yield ask(title, wire)


@family("lambda: paths and qualifiers")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    paths = ["/2015-03-31/functions/own/../victim/configuration", "/2015-03-31/functions/own%2f..%2fvictim/configuration",
             "/2015-03-31//functions/victim/configuration", "/2015-03-31/functions//victim/configuration", "/2015-03-31/functions/victim/configuration/",
             "/2015-03-31/functions/victim/configuration?Qualifier=own", "/2015-03-31/functions/own/configuration?Qualifier=victim",
             "/2015-03-31/functions/own/configuration?FunctionName=victim", "/2015-03-31/functions/%76ictim/configuration",
             "/2015-03-31/functions/victim%2fconfiguration", "/2015-03-31/functions/own?/../victim/configuration", "/2015-03-31/functions/victim;own/configuration",
             "/2015-03-31/functions/victim/configuration?Qualifier=1", "/2015-03-31/functions/victim/./configuration", "/2015-03-31/functions/",
             "/2014-11-13/functions/victim/configuration", "/2015-03-31/FUNCTIONS/victim/configuration", "/2016-08-19/account-settings",
             "/2018-10-31/layers/victim/versions/1", "/2018-10-31/layers/own/versions/1?find=LayerVersion&Arn=" + quote(world.ids["victim layer"], safe=""),
             "/2018-10-31/layers?find=LayerVersion&Arn=" + quote(world.ids["victim layer"], safe=""), "/2018-10-31/layers/victim/versions",
             f"/2015-03-31/event-source-mappings/{world.ids['victim mapping']}", f"/2015-03-31/event-source-mappings/{world.ids['victim mapping']}?FunctionName=own",
             "/2015-03-31/event-source-mappings/?FunctionName=victim", "/2017-03-31/tags/" + quote(arn("lambda", "function:victim"), safe=""),
             "/2017-03-31/tags/" + quote(arn("lambda", "function:own") + "/" + arn("lambda", "function:victim"), safe="")]  # fmt: skip
    for path in paths:
        for method in ("GET", "PUT", "DELETE", "POST"):
            if path.endswith("functions/") and method == "POST":
                continue
            body = (
                b'{"Description": "attack", "FunctionName": "own", "Tags": {"a": "b"}, "BatchSize": 3}'
                if method in ("PUT", "POST")
                else b""
            )
            both = "own" in path or body
            yield ask(
                f"{method} {path}",
                Wire("lambda", method, path, (("Content-Type", "application/json"),), body),
                strict=not both and "layers" in path,
            )


@family("lambda: code, roles and layers of others")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    from attacks.world import code

    victim_role, own_role, layer = (
        arn("iam", "role/victim-role", ""),
        arn("iam", "role/own-role", ""),
        world.ids["victim layer"],
    )
    base = {"FunctionName": "own", "Runtime": "python3.12", "Handler": "index.handler", "Role": own_role}
    taken = {"S3Bucket": "victim-bucket", "S3Key": "code.zip"}
    of = Wire.of
    yield ask(
        "UpdateFunctionCode from victim", of("lambda", "UpdateFunctionCode", FunctionName="own", **taken), strict=True
    )
    for bucket in (
        "victim-bucket",
        "VICTIM-BUCKET",
        "arn:aws:s3:::victim-bucket",
        "own-bucket/../victim-bucket",
        "victim-bucket ",
    ):
        for key in ("code.zip", "/code.zip", "./code.zip", "code.zip "):
            yield ask(
                f"code of {bucket} {key}",
                of("lambda", "UpdateFunctionCode", FunctionName="own", S3Bucket=bucket, S3Key=key),
                strict=True,
            )
    for more in ({"S3ObjectVersion": "null"}, {"ZipFile": b"x"}, {"DryRun": True}, {"Publish": True}):
        yield ask(
            f"code with {more}",
            of("lambda", "UpdateFunctionCode", FunctionName="own", **taken, **more),
            strict="DryRun" not in more,
        )
    for role in (victim_role, victim_role.upper(), victim_role + " ", victim_role.replace("role/", "role//"), "victim-role"):  # fmt: skip
        yield ask(
            f"role {role}", of("lambda", "UpdateFunctionConfiguration", FunctionName="own", Role=role), strict=True
        )
        yield ask(
            f"create with {role}",
            of(
                "lambda", "CreateFunction", **{**base, "FunctionName": "own", "Role": role, "Code": {"ZipFile": code()}}
            ),
            strict=True,
        )
    for name in (
        "victim2",
        "own2",
        arn("lambda", "function:victim2"),
        "own:victim2",
        "function:victim2",
        arn("lambda", "function:own:function:victim3"),
    ):
        yield ask(
            f"create {name}",
            of("lambda", "CreateFunction", **{**base, "FunctionName": name, "Code": {"ZipFile": code()}}),
            strict=True,
        )
        yield ask(
            f"create {name} from S3",
            of("lambda", "CreateFunction", **{**base, "FunctionName": name, "Code": taken}),
            strict=True,
        )
    for one in (layer, layer.replace(":1", ""), layer.upper()):
        yield ask(
            f"layer {one[-12:]}",
            of("lambda", "UpdateFunctionConfiguration", FunctionName="own", Layers=[one]),
            strict=True,
        )
    yield ask("layer from S3", of("lambda", "PublishLayerVersion", LayerName="own-layer", Content=taken), strict=True)
    yield ask(
        "layer victim",
        of("lambda", "PublishLayerVersion", LayerName="victim", Content={"ZipFile": code()}),
        strict=True,
    )
    for name in ("victim", arn("lambda", "layer:victim"), arn("lambda", "layer:own:victim"), "own:victim"):
        yield ask(
            f"GetLayerVersion {name}", of("lambda", "GetLayerVersion", LayerName=name, VersionNumber=1), strict=True
        )
    for source in (
        arn("sqs", "victim"),
        arn("kinesis", "stream/victim"),
        world.ids["victim stream"],
        arn("sqs", "own"),
    ):
        for name in ("victim", "own", arn("lambda", "function:victim"), "own:function:victim"):
            if "victim" in name:
                yield ask(
                    f"mapping {name} {source}",
                    of("lambda", "CreateEventSourceMapping", FunctionName=name, EventSourceArn=source),
                    strict=True,
                )
    for value in ({"KMSKeyArn": arn("kms", "key/" + world.ids["victim key"])}, {"FileSystemConfigs": [{"Arn": "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/x", "LocalMountPath": "/mnt/x"}]}):  # fmt: skip
        yield ask(f"config {list(value)}", of("lambda", "UpdateFunctionConfiguration", FunctionName="own", **value))
    for payload in (b"{}", b""):
        for name in (
            "victim",
            "victim:live",
            arn("lambda", "function:victim"),
            "own:function:victim",
            "123456789012:victim",
        ):
            for kind in ("Event", "RequestResponse", "DryRun"):
                yield ask(
                    f"Invoke {name} {kind}",
                    of("lambda", "Invoke", FunctionName=name, InvocationType=kind, Payload=payload),
                    strict=True,
                )


@family("apigateway: paths")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    own, victim = world.ids["own api"], world.ids["victim api"]
    root, mine = world.ids["victim root"], world.ids["own root"]
    paths = [f"/restapis/{victim}", f"/restapis/{victim}/", f"//restapis/{victim}", f"/restapis/{own}/../{victim}", f"/restapis/{own}%2f..%2f{victim}",
             f"/restapis/{own}/../../restapis/{victim}", f"/restapis//{victim}", f"/restapis/{victim}/resources", f"/restapis/{victim}/resources/{root}",
             f"/restapis/{own}/resources/{root}", f"/restapis/{victim}/resources/{mine}", f"/restapis/{victim.upper()}", f"/restapis/{victim}?restapi_id={own}",
             f"/restapis/{own}?restapi_id={victim}", f"/restapis/{own};{victim}", f"/restapis/{victim}%20", f"/restapis/%{ord(victim[0]):02x}{victim[1:]}",
             f"/restapis/{victim}/stages", f"/restapis/{victim}/deployments", f"/restapis/{victim}/authorizers", f"/restapis/{victim}/models",
             f"/restapis/{victim}/resources/{root}/methods/GET", f"/restapis/{victim}/gatewayresponses", "/restapis", "/apikeys", "/usageplans", "/domainnames",
             "/vpclinks", "/account", f"/tags/{quote(f'arn:aws:apigateway:us-east-1::/restapis/{victim}', safe='')}", f"/RESTAPIS/{victim}"]  # fmt: skip
    bodies = {"PATCH": b'{"patchOperations": [{"op": "replace", "path": "/description", "value": "attack"}]}', "PUT": b'{"authorizationType": "NONE", "tags": {"a": "b"}}',
              "POST": b'{"pathPart": "attack", "name": "attack", "stageName": "attack", "type": "TOKEN"}'}  # fmt: skip
    for path in paths:
        for method in ("GET", "PATCH", "POST", "PUT", "DELETE"):
            body = bodies.get(method, b"")
            strict = own not in path and mine not in path and method != "OPTIONS"
            if path == "/restapis" and method == "GET":
                continue
            yield ask(
                f"{method} {path}",
                Wire("apigateway", method, path, (("Content-Type", "application/json"),), body),
                strict,
            )


@family("rest: tags and paths of other services")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    of = Wire.of
    schedule = {"ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {"Arn": arn("lambda", "function:own"), "RoleArn": arn("iam", "role/own-role", "")}}  # fmt: skip
    for name in ("victim", "own/../victim", "own%2f..%2fvictim", "victim ", "VICTIM", "own/victim"):
        yield ask(f"GetSchedule {name}", of("scheduler", "GetSchedule", Name=name))
        yield ask(f"GetSchedule raw {name}", Wire("scheduler", "GET", f"/schedules/{name.replace(' ', '%20')}"))
        yield ask(
            f"DeleteSchedule {name}",
            Wire("scheduler", "DELETE", f"/schedules/{name.replace(' ', '%20')}?groupName=default"),
        )
        yield ask(f"UpdateSchedule {name}", of("scheduler", "UpdateSchedule", Name=name, State="DISABLED", **schedule))
    for group in ("default", "other", "default/own", "own", "../default"):
        yield ask(f"group {group}", of("scheduler", "GetSchedule", Name="victim", GroupName=group))
        yield ask(
            f"group own {group}", of("scheduler", "CreateSchedule", Name="victim-new", GroupName=group, **schedule)
        )
    passed = {
        **schedule,
        "Target": {"Arn": arn("lambda", "function:victim"), "RoleArn": arn("iam", "role/victim-role", "")},
    }
    yield ask("CreateSchedule passes", of("scheduler", "CreateSchedule", Name="own", **passed), strict=True)
    yield ask("UpdateSchedule passes", of("scheduler", "UpdateSchedule", Name="own", **passed), strict=True)
    for name in ("victim", "own", "VICTIM"):
        alarm = {
            "MetricName": "m",
            "Namespace": "n",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 2.0,
            "ComparisonOperator": "GreaterThanThreshold",
        }
        if name != "own":
            yield ask(f"PutMetricAlarm {name}", of("cloudwatch", "PutMetricAlarm", AlarmName=name, **alarm))
        yield ask(f"DeleteAlarms {name}", of("cloudwatch", "DeleteAlarms", AlarmNames=["own-x", "victim"]))
        yield ask(
            f"SetAlarmState {name}",
            of("cloudwatch", "SetAlarmState", AlarmName="victim", StateValue="ALARM", StateReason="x"),
        )
        yield ask(f"DisableAlarmActions {name}", of("cloudwatch", "DisableAlarmActions", AlarmNames=["own", "victim"]))
        yield ask(
            f"PutDashboard {name}",
            of("cloudwatch", "PutDashboard", DashboardName=name, DashboardBody="{}"),
            strict=True,
        )
    for service, operation, parameters in (
        ("firehose", "PutRecord", {"DeliveryStreamName": "victim", "Record": {"Data": b"x"}}),
        ("firehose", "DeleteDeliveryStream", {"DeliveryStreamName": "victim"}),
        ("firehose", "PutRecordBatch", {"DeliveryStreamName": "victim", "Records": [{"Data": b"x"}]}),
        ("firehose", "CreateDeliveryStream", {"DeliveryStreamName": "own", "S3DestinationConfiguration": {
            "RoleARN": arn("iam", "role/victim-role", ""), "BucketARN": "arn:aws:s3:::victim-bucket"}}),
        ("ecr", "DeleteRepository", {"repositoryName": "victim", "force": True}),
        ("ecr", "DescribeImages", {"repositoryName": "victim"}), ("ecr", "ListImages", {"repositoryName": "victim"}),
        ("ecr", "SetRepositoryPolicy", {"repositoryName": "victim", "policyText": "{}"}),
        ("ecr", "DeleteRepository", {"repositoryName": "victim", "registryId": "123456789012"}),
        ("ecr", "PutLifecyclePolicy", {"repositoryName": "victim", "lifecyclePolicyText": '{"rules": []}'}),
        ("ecr", "TagResource", {"resourceArn": arn("ecr", "repository/victim"), "tags": [{"Key": "a", "Value": "b"}]}),
        ("ecr", "CreateRepository", {"repositoryName": "own/../victim2"}),
        ("ec2", "TerminateInstances", {"InstanceIds": [world.ids["own instance"] + " ", world.ids["victim instance"]]}),
        ("ec2", "StopInstances", {"InstanceIds": [world.ids["own instance"], world.ids["victim instance"]]}),
        ("ec2", "CreateTags", {"Resources": [world.ids["own instance"], world.ids["victim instance"]], "Tags": [{"Key": "a", "Value": "b"}]}),
        ("ec2", "ModifyInstanceAttribute", {"InstanceId": world.ids["victim instance"], "InstanceType": {"Value": "m5.large"}}),
        ("ec2", "RunInstances", {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}),
        ("ec2", "AssociateIamInstanceProfile", {"InstanceId": world.ids["own instance"], "IamInstanceProfile": {"Name": "victim-profile"}}),
        ("cognito-idp", "AdminDeleteUser", {"UserPoolId": world.ids["victim pool"], "Username": "u"}),
        ("cognito-idp", "AdminSetUserPassword", {"UserPoolId": world.ids["victim pool"], "Username": "u", "Password": "Aa1!aaaa", "Permanent": True}),
        ("cognito-idp", "ListUsers", {"UserPoolId": world.ids["victim pool"]}),
        ("cognito-idp", "CreateGroup", {"UserPoolId": world.ids["victim pool"], "GroupName": "g"}),
        ("cognito-idp", "CreateGroup", {"UserPoolId": world.ids["own pool"], "GroupName": "g", "RoleArn": arn("iam", "role/victim-role", "")}),
        ("cognito-idp", "CreateUserPoolClient", {"UserPoolId": world.ids["victim pool"], "ClientName": "c"}),
        ("cognito-idp", "AdminGetUser", {"UserPoolId": world.ids["own pool"] + "/../" + world.ids["victim pool"], "Username": "u"}),
    ):  # fmt: skip
        yield ask(operation, of(service, operation, **parameters), strict=True)
