"""An organisation's CloudTrail, invented: every kind of identity, every form of a record and of a file, hostile names.

usage: python bench/observe_generate.py FOLDER [--records 1000000] [--a-file 1000] [--days 90] [--seed 1] [--plain]

Writes ``FOLDER/AWSLogs/o-invented/ACCOUNT/CloudTrail/REGION/YEAR/MONTH/DAY/*.json.gz``. Each file has its own seed,
so that one file is in memory at a time and parts can be made by several processes. ``--plain`` leaves out damaged and
odd files, and hostile names (for measurements of other readers, which would end at them). ``--a-file 50`` makes many
small files. The shapes are those that AWS documents
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from scopedown.workers import in_order

ACCOUNTS = ("111122223333", "222233334444", "333344445555")
REGIONS = ("eu-west-1", "us-east-1")
ORGANISATION = "o-invented"
FUNCTIONS = 10
WANTED = (f"arn:aws:iam::{ACCOUNTS[0]}:role/todos-dev-*", f"arn:aws:iam::{ACCOUNTS[0]}:user/deploy")
"""The principals of one project: about a tenth of the records."""
SESSIONS = ("todos-dev-*",)
_BEGIN = datetime(2026, 8, 1, tzinfo=UTC)
HOSTILE = (
    "naïve-ключ-🗝", 'a"quoted"b', "back\\slash", "line\nbreak", "x&y=1%25", "100%", "a=b=c", "O'Reilly; DROP TABLE",
    "tab\tand\rreturn", "null\x00byte", "separator\u2028\u2029\x85", "l" * 900, '["list"]', '{"name":"x"}', "*", "?",
    " ", "$1\\1", "é" * 60, "../../etc/passwd", "{{7*7}}", "<b>", "\u202ertl", "--", "a/b/c/d",
    "/leading", "arn:aws:s3:::", "\\",
)  # fmt: skip
_EVENTS: tuple[tuple[str, str, str], ...] = (
    ("dynamodb", "GetItem", "table"), ("dynamodb", "PutItem", "table"), ("dynamodb", "Query", "table"),
    ("dynamodb", "DescribeTable", "table"), ("s3", "GetObject", "object"), ("s3", "PutObject", "object"),
    ("s3", "HeadObject", "object"), ("s3", "DeleteObjects", "bucket"), ("s3", "ListObjects", "bucket"),
    ("s3", "GetBucketLocation", "bucket"), ("lambda", "Invoke", "function"),
    ("lambda", "UpdateFunctionCode20150331v2", "function"), ("lambda", "GetFunction20150331v2", "function"),
    ("sqs", "SendMessage", "queue"), ("sqs", "GetQueueAttributes", "queue"), ("sns", "Publish", "topic"),
    ("ssm", "GetParameters", "names"), ("ssm", "GetParametersByPath", "path"), ("kms", "Decrypt", "key"),
    ("secretsmanager", "GetSecretValue", "secret"), ("sts", "AssumeRole", "role"), ("iam", "CreateRole", "role-name"),
    ("ec2", "DescribeInstances", "instances"), ("ec2", "RunInstances", "nothing"), ("logs", "CreateLogGroup", "group"),
    ("monitoring", "PutMetricAlarm", "alarm"), ("cloudformation", "CreateStack", "stack"),
    ("states", "StartExecution", "machine"), ("tagging", "GetResources", "nothing"), ("ecr", "BatchGetImage", "image"),
    ("cloudfront", "CreateDistribution2020_05_31", "nothing"), ("apigateway", "CreateDeployment", "api"),
    ("invented", "MakeNothing", "nothing"), ("s3", "ListBuckets", "nothing"), ("events", "PutEvents", "entries"),
    ("s3", "CopyObject", "copy"), ("s3", "UploadPartCopy", "copy"), ("dynamodb", "BatchWriteItem", "tables"),
    ("ec2", "CreateFlowLogs", "flow"), ("ec2", "DeleteFlowLogs", "flow"), ("ec2", "RegisterImage", "disk"),
)  # fmt: skip
_WEIGHTS = [12, 8, 6, 4, 22, 9, 3, 1, 4, 2, 3, *[1] * 30]


def records(seed: str, count: int, account: str, region: str, day: datetime, plain: bool) -> Iterator[dict[str, Any]]:
    """The records of one file."""
    dice = random.Random(seed)
    for _ in range(count):
        yield _record(dice, account, region, day + timedelta(seconds=dice.randrange(86400)), plain)


def _record(dice: random.Random, account: str, region: str, time: datetime, plain: bool) -> dict[str, Any]:
    source, event, about = dice.choices(_EVENTS, _WEIGHTS)[0]
    parameters, arns = _about(dice, event, about, account, region, plain)
    data = about in ("object", "function") and event in ("GetObject", "PutObject", "HeadObject", "Invoke")
    data = data or event in ("GetItem", "PutItem", "Query") or about in ("copy", "tables")
    unique = f"{dice.getrandbits(128):032x}"
    record: dict[str, Any] = {
        "eventVersion": dice.choice(("1.08", "1.09", "1.10", "1.11")), "userIdentity": _identity(dice, account, plain),
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "eventSource": f"{source}.amazonaws.com", "eventName": event,
        "awsRegion": region, "sourceIPAddress": f"10.0.{dice.randrange(256)}.{dice.randrange(256)}",
        "userAgent": "aws-sdk-nodejs/3.9.0 os/linux/5.10.226 lang/js md/nodejs/20.18.0 exec-env/AWS_Lambda_nodejs20.x",
        "requestParameters": parameters, "responseElements": None,
        "additionalEventData": {
            "SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256", "bytesTransferredIn": 0,
            "AuthenticationMethod": "AuthHeader", "x-amz-id-2": f"{unique}{unique}=", "bytesTransferredOut": 5120,
        },
        "requestID": unique[:16].upper(), "eventID": f"{unique[:8]}-{unique[8:12]}-4abc-8abc-{unique[12:24]}",
        "readOnly": event.startswith(("Get", "Describe", "List", "Query", "Head")), "eventType": "AwsApiCall",
        "managementEvent": not data, "recipientAccountId": account, "eventCategory": "Data" if data else "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{source}.{region}.amazonaws.com",
        },
    }  # fmt: skip
    if arns:
        record["resources"] = [{"ARN": arn, "accountId": account, "type": "AWS::Some::Type"} for arn in arns]
    if dice.random() < 0.06:
        _fail(dice, record, source, event, arns)
    record = {name: record[name] for name in ORDER if name in record}
    if dice.random() < 0.02:
        _odd(dice, record, plain)
    return record


def _name(dice: random.Random, usual: str, plain: bool) -> str:
    return usual if plain or dice.random() > 0.02 else dice.choice(HOSTILE)


def _about(
    dice: random.Random, event: str, about: str, account: str, region: str, plain: bool
) -> tuple[Any, list[str]]:
    """The request's parameters and the ARNs that the record lists."""
    name = _name(dice, f"todos-{dice.randrange(40)}", plain)
    listed = dice.random() < 0.5

    def some(arn: str) -> list[str]:
        return [arn] if listed else []

    if about == "table":
        arn = f"arn:aws:dynamodb:{region}:{account}:table/{name}"
        return {"tableName": name, "key": {"id": "***"}, "returnConsumedCapacity": "NONE"}, some(arn)
    if about == "object":
        folder = dice.choice(("2026", "attachments", "in"))
        key = f"{folder}/{dice.getrandbits(64):016x}/{_name(dice, 'photo.jpg', plain)}"
        key = key if dice.random() > 0.1 else _name(dice, f"{dice.getrandbits(32):x}.txt", plain)
        bucket = f"arn:aws:s3:::photos-{dice.randrange(9)}"
        wide = {"bucketName": bucket[13:], "key": key, "Host": f"{bucket[13:]}.s3.amazonaws.com", "x-id": "GetObject"}
        return wide, [f"{bucket}/{key}", bucket] if dice.random() < 0.8 else []
    if about == "copy":
        keys = [f"{dice.choice(('2026', 'in', name))}/{dice.getrandbits(32):x}.jpg" for _ in range(2)]
        source = dice.choice(("{}/{}", "/{}/{}", "{}%2F{}", "{}/{}?versionId=a?b", "{}/", "{}", "?{}/{}", HOSTILE[9]))
        parameters = {"bucketName": "photos-1", "key": keys[0], "x-amz-copy-source": source.format("photos-2", keys[1])}
        arns = [f"arn:aws:s3:::photos-{number}/{key}" for number, key in enumerate(keys, 1)]
        return parameters if dice.random() < 0.9 else None, arns[:: dice.choice((1, -1))] if listed else []
    if about == "flow":
        one = {"tag": 1, "content": name}
        ids = dice.choice((one, [one, {"tag": 2, "content": "vpc-2"}], name, {}, None))
        inner = {
            "ResourceId": ids,
            "ResourceType": dice.choice(("VPC", "Subnet", 'a"ResourceType":b')),
            "FlowLogId": ids,
        }
        return {f"{event}Request": dice.choice((inner, name, [inner]))}, []
    if about == "disk":
        items = [{"deviceName": name, "ebs": {"snapshotId": f"snap-{dice.randrange(30):x}", "volumeSize": 1}}]
        return {"name": name, "blockDeviceMapping": {"items": items[: dice.randrange(2)]}}, []
    if about == "tables":
        names = [name, f"todos-{dice.randrange(40)}"]
        written = {"requestItems": {one: [{"putRequest": {"item": {"id": "***"}}}] for one in names}}
        return written, [f"arn:aws:dynamodb:{region}:{account}:table/{one}" for one in names] if listed else []
    if about == "bucket":
        return {"bucketName": name, "location": "", "Host": "s3.amazonaws.com"}, some(f"arn:aws:s3:::{name}")
    if about == "function":
        arn = f"arn:aws:lambda:{region}:{account}:function:{name}"
        return {"functionName": name if dice.random() < 0.5 else arn, "dryRun": False}, some(arn)
    if about == "names":
        return {"names": [f"/{name}/{n}" for n in range(dice.randrange(4))], "withDecryption": True}, []
    if about == "instances":
        items = [{"instanceId": f"i-{dice.randrange(30):017x}"} for _ in range(dice.randrange(3))]
        return {"instancesSet": {"items": items}, "filterSet": {}, "maxResults": 100}, []
    if about == "entries":
        return {"entries": [{"source": "a", "detailType": name, "eventBusName": name, "n": 1.5}]}, []
    if about == "image":
        return {"repositoryName": name, "registryId": account, "imageIds": [{"imageTag": name}]}, []
    single = {
        "queue": {"queueUrl": f"https://sqs.{region}.amazonaws.com/{account}/{name}"},
        "topic": {"topicArn": f"arn:aws:sns:{region}:{account}:{name}", "message": "***"},
        "path": {"path": f"/{name}", "recursive": True}, "secret": {"secretId": name},
        "key": {"encryptionContext": {"aws:lambda:FunctionArn": name}, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"},
        "role": {"roleArn": f"arn:aws:iam::{account}:role/{name}", "roleSessionName": name, "durationSeconds": 3600},
        "role-name": {"roleName": name, "path": "/", "tags": [{"key": "a", "value": name}]},
        "group": {"logGroupName": f"/aws/lambda/{name}"}, "alarm": {"alarmName": name, "threshold": 1e3},
        "stack": {"stackName": name, "parameters": [{"parameterKey": "a", "parameterValue": "****"}]},
        "machine": {"stateMachineArn": f"arn:aws:states:{region}:{account}:stateMachine:{name}", "input": "***"},
        "api": {"restApiId": f"{dice.randrange(9):010x}", "createDeploymentInput": {"stageName": name}},
    }.get(about)  # fmt: skip
    key = f"arn:aws:kms:{region}:{account}:key/{dice.randrange(4):032x}"
    return single, [key] if about == "key" else []


def _identity(dice: random.Random, account: str, plain: bool) -> dict[str, Any]:
    chance = dice.random()
    if chance < 0.75:
        ours = dice.random() < 0.13
        function = dice.randrange(FUNCTIONS)
        role = f"todos-dev-{function % 4}-role" if ours else f"service-{dice.randrange(200)}"
        session = f"todos-dev-{function}" if ours else f"{dice.randrange(40)}@example.com"
        home = ACCOUNTS[0] if ours else account
        identity = _assumed(dice, home, role, session, "/team/" if not ours and dice.random() < 0.2 else "/")
        if dice.random() < 0.08:
            identity["invokedBy"] = dice.choice(("cloudformation.amazonaws.com", "secretsmanager.amazonaws.com"))
        return identity
    if chance < 0.88:
        name = dice.choice(("deploy", "alice", "bob", _name(dice, "carol", plain)))
        user = {
            "type": "IAMUser", "principalId": "AIDAEXAMPLE", "arn": f"arn:aws:iam::{account}:user/{name}",
            "accountId": account, "accessKeyId": "AKIAEXAMPLE", "userName": name,
        }  # fmt: skip
        if dice.random() < 0.3:
            user["invokedBy"] = "cloudformation.amazonaws.com"
        return user
    other = dice.randrange(10)
    if other < 4:
        return {"type": "AWSService", "invokedBy": dice.choice(("lambda.amazonaws.com", "events.amazonaws.com"))}
    if other == 4:
        return {"type": "AWSAccount", "principalId": "AROAEXAMPLE:x", "accountId": "999900001111"}
    if other == 5:
        return {"type": "Root", "principalId": account, "arn": f"arn:aws:iam::{account}:root", "accountId": account}
    if other == 6:
        user_id = {"userId": "1", "identityStoreArn": f"arn:aws:identitystore::{account}:identitystore/d-1"}
        return {"type": "IdentityCenterUser", "accountId": account, "onBehalfOf": user_id, "credentialId": "x"}
    if other == 7:
        return {
            "type": "FederatedUser", "arn": f"arn:aws:sts::{account}:federated-user/dana", "accountId": account,
            "sessionContext": {"sessionIssuer": {"type": "IAMUser", "arn": f"arn:aws:iam::{account}:user/dana"}},
        }  # fmt: skip
    if other == 8:
        return {"type": "SAMLUser", "principalId": "x:erin", "userName": "erin", "identityProvider": "x"}
    return dice.choice([
        {"type": "WebIdentityUser", "principalId": "accounts.google.com:x", "userName": "1", "identityProvider": "g"},
        {"type": "Unknown", "principalId": "x"}, {"type": "Directory", "userName": "frank"},
    ])  # fmt: skip


def _assumed(dice: random.Random, account: str, role: str, session: str, path: str) -> dict[str, Any]:
    issuer = {
        "type": "Role", "principalId": "AROAEXAMPLE", "arn": f"arn:aws:iam::{account}:role{path}{role}",
        "accountId": account, "userName": role,
    }  # fmt: skip
    return {
        "type": "AssumedRole", "principalId": f"AROAEXAMPLE:{session}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}", "accountId": account,
        "accessKeyId": f"ASIA{dice.randrange(10**12):016d}",
        "sessionContext": {
            "sessionIssuer": issuer, "webIdFederationData": {},
            "attributes": {"creationDate": "2026-11-01T00:00:00Z", "mfaAuthenticated": "false"},
        },
    }  # fmt: skip


def _fail(dice: random.Random, record: dict[str, Any], source: str, event: str, arns: list[str]) -> None:
    code = dice.choice((
        "AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "UnauthorizedOperation",
        "NoSuchKey", "ThrottlingException", "ResourceNotFoundException", "AuthorizationErrorException",
    ))  # fmt: skip
    who, on = record["userIdentity"].get("arn", "someone"), arns[0] if arns else "arn:aws:sqs:eu-west-1:1:q"
    record["errorCode"] = code
    record["errorMessage"] = dice.choice((
        f"User: {who} is not authorized to perform: {source}:{event} on resource: {on} because no identity-based "
        f"policy allows the {source}:{event} action",
        f"User: {who} is not authorized to perform: {source}:{event} with an explicit deny in a service control policy",
        f"User: {who} is not authorized to perform {source}:{event} on resource: {on} with an explicit deny",
        "Access Denied", "You are not authorized to perform this operation. Encoded authorization failure message: x",
        f"because no permissions boundary allows the {source}:{event} action", "The key does not exist.", None,
    ))  # fmt: skip
    if arns and dice.random() < 0.7:
        del record["resources"]


def _odd(dice: random.Random, record: dict[str, Any], plain: bool) -> None:
    """A record of another form, or one that asks for no permission."""
    oddities: list[Callable[[], Any]] = [
        lambda: record.update(eventType="AwsServiceEvent", serviceEventDetails={"a": 1}),
        lambda: record.update(eventType="AwsConsoleSignIn", eventName="ConsoleLogin"),
        lambda: record.update(eventType="AwsConsoleAction"),
        lambda: record.update(eventCategory="Insight"),
        lambda: record.update(eventCategory="NetworkActivity"),
        lambda: record.update(sharedEventID="s-1"),
        lambda: record.update(sharedEventID="s-2", recipientAccountId="444455556666"),
        lambda: record.pop("eventCategory"),
        lambda: record.pop("eventType"),
        lambda: record.pop("requestParameters"),
        lambda: record.update(eventSource=f"{record['eventSource']}.cn"),
        lambda: record.update(eventVersion="2.0", added={"unknown": [1, 2]}),
    ]  # fmt: skip
    if not plain:
        arn = "arn:aws:s3:::photos/a/b\nc"
        oddities += [
            lambda: record.update(eventTime="2026-11-31"), lambda: record.update(eventTime=None),
            lambda: record.update(eventTime="2026-08-05t10:00:00Z"), lambda: record.update(eventName=17),
            lambda: record.update(userIdentity=None), lambda: record.update(userIdentity={}),
            lambda: record.update(requestParameters={"tableName": {"deep": [{"name": "x"}]}, "bucketName": 12}),
            lambda: record.update(requestParameters={"tableName": None, "bucketName": True, "functionName": ["a\\b"]}),
            lambda: record.update(requestParameters={name: name for name in HOSTILE}),
            lambda: record.update(resources=[]), lambda: record.update(resources=None),
            lambda: record.update(resources=[{"arn": arn}, {"ARN": arn}, {"ARN": ""}, {"type": "x"}, {"ARN": None}]),
            lambda: record.update(resources=[{"ARN": f"arn:aws:s3:::photos/{name}"} for name in HOSTILE]),
            lambda: record.update(errorCode="AccessDenied", errorMessage=dice.choice(HOSTILE) * 3),
            lambda: record.update(errorCode="", errorMessage="perform: s3:GetObject"),
            lambda: record["userIdentity"].update(arn="arn:aws:sts::1:assumed-role/x/todos-dev-1"),
            lambda: record["userIdentity"].update(sessionContext=None), lambda: record.update(awsRegion=None),
        ]  # fmt: skip
    dice.choice(oddities)()


ORDER = (
    "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress",
    "userAgent", "errorCode", "errorMessage", "requestParameters", "responseElements", "additionalEventData",
    "requestID", "eventID", "readOnly", "resources", "eventType", "managementEvent", "recipientAccountId",
    "eventCategory", "tlsDetails",
)  # fmt: skip
"""The members of a record as CloudTrail writes them."""
ODD_FILES = (
    "truncated", "empty", "empty-gzip", "pretty", "cut", "lines", "line-each", "array", "bom", "lookup", "eventbridge",
    "not-gzipped", "surrogate", "not-utf8", "escaped", "no-object", "shapes", "twice", "not-json", "no-records",
)  # fmt: skip
"""What a file that is not as CloudTrail writes it may be; each is one of fifty."""


def file_bytes(kind: str, some: list[dict[str, Any]]) -> tuple[str, bytes]:
    """(ending, content) of a file of a kind, which is empty for CloudTrail's own form."""
    compact: Callable[[Any], str] = partial(json.dumps, separators=(",", ":"), ensure_ascii=False)
    text = compact({"Records": some})
    if kind == "pretty":
        text = json.dumps({"Records": some}, indent=2)
    elif kind == "cut":
        text = text[: len(text) // 2]
    elif kind == "lines":
        text = "\n".join(map(compact, some)) + "\n"
    elif kind == "line-each":
        text = '{"Records":[' + ",\n".join(map(compact, some)) + "]}"
    elif kind == "array":
        text = compact(some)
    elif kind == "lookup":
        text = json.dumps({"Events": [{"EventId": "1", "CloudTrailEvent": compact(one)} for one in some]}, indent=4)
    elif kind == "eventbridge":
        text = "\n".join(compact({"detail-type": "AWS API Call via CloudTrail", "detail": one}) for one in some)
    elif kind == "surrogate":
        text = text.replace("photos-1", "photos-\\ud83d")
    elif kind == "escaped":
        text = json.dumps({"Records": some}, separators=(",", ":")).replace("/", "\\/")
    elif kind == "no-object":
        text = compact({"Records": [*some[:5], None, 3, "x", [], *some[5:]]})
    elif kind == "shapes":
        text = compact({"Records": [{**one, "userIdentity": "x", "requestParameters": [1]} for one in some]})
    elif kind == "twice":
        text = f"{text}\n{text}\n"
    elif kind == "not-json":
        text = "<html>not found</html>"
    elif kind == "no-records":
        text = '{"Records":[]}'
    data = text.encode()
    if kind == "bom":
        data = b"\xef\xbb\xbf" + data
    elif kind == "not-utf8":
        data = data.replace(b"photos-2", b"photos-\xff\xfe")
    if kind == "not-gzipped":
        return ".json", data
    if kind == "empty":
        return ".json.gz", b""
    packed = gzip.compress(b"" if kind == "empty-gzip" else data, 1, mtime=0)
    return ".json.gz", packed[: len(packed) // 2] if kind == "truncated" else packed


def write(folder: Path, seed: int, a_file: int, days: int, plain: bool, number: int) -> int:
    """Write one file; how many records it was made of."""
    account, region = ACCOUNTS[number % 3], REGIONS[number // 3 % 2]
    day = _BEGIN + timedelta(days=number // 6 % days)
    below = folder / "AWSLogs" / ORGANISATION / account
    place = below / "CloudTrail" / region / f"{day:%Y/%m/%d}"
    place.mkdir(parents=True, exist_ok=True)
    some = list(records(f"{seed}/{number}", a_file, account, region, day, plain))
    kind = "" if plain or number % 50 else ODD_FILES[number // 50 % len(ODD_FILES)]
    ending, data = file_bytes(kind, some)
    name = f"{account}_CloudTrail_{region}_{day:%Y%m%d}T{number % 288 // 12:02d}{number % 12 * 5:02d}Z_{number:016x}"
    (place / f"{name}{ending}").write_bytes(data)
    if number % 100 == 0:
        for other in ("CloudTrail-Digest", "CloudTrail-Insight"):
            place = below / other / region / f"{day:%Y/%m/%d}"
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{name}.json.gz").write_bytes(gzip.compress(b'{"logFiles":[]}', 1, mtime=0))
    return len(some)


def generate(folder: Path, count: int, a_file: int = 1000, days: int = 90, seed: int = 1, plain: bool = False) -> None:
    """Write all files, with as many processes as there are processors."""
    numbers = range(max(1, count // a_file))
    for _ in in_order(partial(write, folder, seed, a_file, days, plain), numbers, os.cpu_count() or 1):
        pass


def main() -> None:
    """Generate by the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--a-file", type=int, default=1000)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    generate(options.folder, options.records, options.a_file, options.days, options.seed, options.plain)


if __name__ == "__main__":
    main()
