"""Attacks that a service's own operations offer: batches, statements, aliases, iterators, roles that are passed, stacks."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from botocore.credentials import Credentials

from attacks.operations import TAGS, Attack, ask, call, family
from attacks.wire import Answer, Wire
from attacks.world import CANARY, World, arn, document, statement

ID = {"id": {"S": "1"}}
NEW = {"id": {"S": "attack"}}
VICTIM_TABLES = ["victim", arn("dynamodb", "table/victim"), "VICTIM", " victim", "victim/", "own/../victim", arn("dynamodb", "table/own/victim"),
                 arn("dynamodb", "table/own/../victim"), arn("dynamodb", "table/victim/index/own"), arn("dynamodb", "table/victim", "eu-west-1"),
                 arn("dynamodb", "table/victim", account="111122223333"), arn("dynamodb", "table/own/index/victim")]  # fmt: skip
EVERYTHING = json.dumps(document(statement("*", "*")))
VICTIM_ROLE = arn("iam", "role/victim-role", "")


@family("dynamodb: batches")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for table in VICTIM_TABLES:
        for mine in ({}, {"own": {"Keys": [ID]}}):
            yield call(f"{table} {len(mine)}", "dynamodb", "BatchGetItem", RequestItems={**mine, table: {"Keys": [ID]}})
            yield call(
                f"{table} first {len(mine)}", "dynamodb", "BatchGetItem", RequestItems={table: {"Keys": [ID]}, **mine}
            )
        put, delete = [{"PutRequest": {"Item": NEW}}], [{"DeleteRequest": {"Key": ID}}]
        for writes in (put, delete):
            yield call(table, "dynamodb", "BatchWriteItem", RequestItems={"own": put, table: writes})
            yield call(f"{table} alone", "dynamodb", "BatchWriteItem", RequestItems={table: writes})
        body = f'{{"RequestItems": {{"own": {{"Keys": []}}}}, "RequestItems": {{{json.dumps(table)}: {{"Keys": [{json.dumps(ID)}]}}}}}}'
        yield ask(
            f"BatchGetItem twice {table}", Wire.of("dynamodb", "BatchGetItem", RequestItems={}).but(body=body.encode())
        )


@family("dynamodb: transactions")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for table in VICTIM_TABLES:
        get = {"Get": {"TableName": table, "Key": ID}}
        mine = {"Get": {"TableName": "own", "Key": ID}}
        yield call(table, "dynamodb", "TransactGetItems", TransactItems=[mine, get])
        yield call(f"both {table}", "dynamodb", "TransactGetItems", TransactItems=[{**mine, "get": get["Get"]}])
        own_put = {"Put": {"TableName": "own", "Item": NEW}}
        for write in ({"Put": {"TableName": table, "Item": NEW}}, {"Delete": {"TableName": table, "Key": ID}},
                      {"Update": {"TableName": table, "Key": ID, "UpdateExpression": "SET z = :z", "ExpressionAttributeValues": {":z": {"S": "x"}}}},
                      {"ConditionCheck": {"TableName": table, "Key": ID, "ConditionExpression": "attribute_exists(id)"}}):  # fmt: skip
            kind = next(iter(write))
            yield call(
                f"{kind} {table}",
                "dynamodb",
                "TransactWriteItems",
                strict=table == "victim",
                TransactItems=[own_put, write],
            )
            if kind != "Put":
                yield call(
                    f"{kind} in one {table}", "dynamodb", "TransactWriteItems", TransactItems=[{**own_put, **write}]
                )


@family("dynamodb: PartiQL")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    forms = ['SELECT * FROM "{0}"', "SELECT * FROM {0}", 'select * from "{0}" where id = \'1\'', 'SELECT/**/*/**/FROM/**/"{0}"', '\nSELECT v\tFROM\n"{0}"',
             'SELECT * FROM "{0}"."index"', 'SELECT * FROM "own" , "{0}"', 'SELECT * FROM "own" AS a, {0} AS b', 'SELECT * FROM "{0}" -- FROM "own"',
             '-- FROM "own"\nSELECT * FROM "{0}"', '/* FROM "own" */ SELECT * FROM "{0}"', "SELECT ' FROM \"own\" ' FROM \"{0}\"", 'SELECT "x FROM own" FROM "{0}"',
             'INSERT INTO "{0}" VALUE {{\'id\': \'attack\'}}', "UPDATE \"{0}\" SET z = 'FROM own' WHERE id = '1'", "DELETE FROM \"{0}\" WHERE id = '1'",
             "delete from {0} where id='1'", 'EXISTS(SELECT * FROM "{0}" WHERE id = \'1\')', 'SELECT * FROM (SELECT * FROM "{0}")', 'SELECT * FROM `{0}`',
             'SELECT * FROM [{0}]', 'SELECT * FROM "{0}" WHERE id IN (\'1\') ORDER BY id', 'SELECT * FROM\u00a0"{0}"', 'SELECT * FROM "own"; SELECT * FROM "{0}"',
             'DELETE FROM "{0}" WHERE id = \'1\' RETURNING ALL OLD *', 'SELECT * FROM "own" WHERE v = (SELECT v FROM "{0}")', 'SELECT * FROM "\\u0076ictim"',
             'SELECT * FROM "own" UNION SELECT * FROM "{0}"', 'SELECT * FROM "own" JOIN "{0}" ON 1=1']  # fmt: skip
    for form in forms:
        for table in ("victim", *rng.sample(VICTIM_TABLES[1:], 1)):
            text = form.format(table)
            yield call(text, "dynamodb", "ExecuteStatement", Statement=text)
            yield call(
                text,
                "dynamodb",
                "BatchExecuteStatement",
                Statements=[{"Statement": "SELECT * FROM \"own\" WHERE id = '1'"}, {"Statement": text}],
            )
            yield call(text, "dynamodb", "ExecuteTransaction", TransactStatements=[{"Statement": text}])
    yield call("parameter", "dynamodb", "ExecuteStatement", Statement="SELECT * FROM ?", Parameters=[{"S": "victim"}])


@family("dynamodb: leading keys and attributes")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    get: dict[str, Any] = {"TableName": "shared"}
    values = {":i": {"S": "1"}, ":o": {"S": "own"}, ":e": {"S": ""}}

    def used(text: str) -> dict[str, Any]:
        return {name: value for name, value in values.items() if name in text}

    for key in ("1", "own ", "OWN", "own\0", "own\u200b", "", "*", "own*", "ow\u2060n"):
        yield call(repr(key), "dynamodb", "GetItem", **get, Key={"id": {"S": key}})
    for text in ("id = :i", ":i = id", "(id = :i)", "#k = :i", "id = :i AND id = :o", "id=:i", "id BETWEEN :e AND :i", "begins_with(id, :e)", "id >= :e",
                 "id = :o OR id = :i", "id IN (:i, :o)", "id = :i and  1 = 1", "NOT id = :o"):  # fmt: skip
        names = {"ExpressionAttributeNames": {"#k": "id"}} if "#k" in text else {}
        yield call(
            text, "dynamodb", "Query", **get, KeyConditionExpression=text, ExpressionAttributeValues=used(text), **names
        )
        yield call(f"filter {text}", "dynamodb", "Query", **get, KeyConditionExpression="id = :i", FilterExpression=text.replace("id", "v"),
                   ExpressionAttributeValues={**used(text), ":i": {"S": "1"}}, **names)  # fmt: skip
    for conditions in ({"id": {"AttributeValueList": [{"S": "1"}], "ComparisonOperator": "EQ"}}, {"id": {"AttributeValueList": [{"S": "own"}, {"S": "1"}],
                       "ComparisonOperator": "EQ"}}, {"id": {"AttributeValueList": [{"S": ""}], "ComparisonOperator": "GE"}}):  # fmt: skip
        yield call("KeyConditions", "dynamodb", "Query", **get, KeyConditions=conditions)
        yield call("KeyConditions and expression", "dynamodb", "Query", **get, KeyConditions=conditions, KeyConditionExpression="id = :i",
                   ExpressionAttributeValues={":i": {"S": "1"}})  # fmt: skip
    yield call("shared", "dynamodb", "Scan", **get)
    yield call("shared", "dynamodb", "BatchGetItem", RequestItems={"shared": {"Keys": [{"id": {"S": "own"}}, ID]}})
    yield call("two types", "dynamodb", "GetItem", **get, Key={"id": {"S": "1", "N": "1"}})
    yield ask("keys twice", Wire.of("dynamodb", "GetItem", **get, Key=ID).but(
        body=b'{"TableName": "shared", "Key": {"id": {"S": "own"}}, "Key": {"id": {"S": "1"}}}'))  # fmt: skip
    yield ask("inner keys twice", Wire.of("dynamodb", "GetItem", **get, Key=ID).but(
        body=b'{"TableName": "shared", "Key": {"id": {"S": "own"}, "id": {"S": "1"}}}'))  # fmt: skip
    yield ask("values twice", Wire.of("dynamodb", "GetItem", **get, Key=ID).but(
        body=b'{"TableName": "shared", "Key": {"id": {"S": "own", "S": "1"}}}'))  # fmt: skip
    for text in (
        "SELECT * FROM shared",
        "SELECT * FROM \"shared\" WHERE id = '1'",
        "SELECT * FROM shared WHERE id = 'own' OR id = '1'",
    ):
        yield call(text, "dynamodb", "ExecuteStatement", Statement=text)
        yield call(text, "dynamodb", "BatchExecuteStatement", Statements=[{"Statement": text}])
    yield call("shared", "dynamodb", "TransactGetItems", TransactItems=[{"Get": {"TableName": "shared", "Key": ID}}])
    for start in ({"id": {"S": "own"}}, ID):
        yield call(
            "start",
            "dynamodb",
            "Query",
            **get,
            KeyConditionExpression="id = :i",
            ExpressionAttributeValues={":i": {"S": "1"}},
            ExclusiveStartKey=start,
        )
        yield call("start", "dynamodb", "Scan", **get, ExclusiveStartKey=start)


@family("dynamodb: tables, backups, exports, imports")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    backup = world.ids["victim backup"]
    schema = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
              "BillingMode": "PAY_PER_REQUEST"}  # fmt: skip
    for name in (*VICTIM_TABLES, "victim2", "own2", "own-x"):
        yield call(name, "dynamodb", "CreateTable", TableName=name, **schema)
        yield call(name, "dynamodb", "DescribeTable", strict=name in ("victim",), TableName=name)
        yield call(name, "dynamodb", "UpdateTable", TableName=name, StreamSpecification={"StreamEnabled": False})
        yield call(name, "dynamodb", "CreateBackup", strict=name == "victim", TableName=name, BackupName="own-backup")
        yield call(name, "dynamodb", "RestoreTableFromBackup", strict=True, TargetTableName="own", BackupArn=backup)
        yield call(
            name,
            "dynamodb",
            "RestoreTableToPointInTime",
            strict=name == "victim",
            SourceTableName=name,
            TargetTableName="own-copy",
            UseLatestRestorableTime=True,
        )
    for one in (
        backup,
        backup.replace("table/victim", "table/own"),
        backup + " ",
        backup.replace("victim", "own/../victim"),
    ):
        for operation in ("DescribeBackup", "DeleteBackup"):
            yield call(one[-40:], "dynamodb", operation, BackupArn=one)
        yield call(one[-40:], "dynamodb", "RestoreTableFromBackup", TargetTableName="victim3", BackupArn=one)
    for bucket in ("victim-bucket", "own-bucket"):
        yield call(
            bucket,
            "dynamodb",
            "ExportTableToPointInTime",
            strict=True,
            TableArn=arn("dynamodb", "table/victim"),
            S3Bucket=bucket,
        )
        yield call("import", "dynamodb", "ImportTable", S3BucketSource={"S3Bucket": bucket}, InputFormat="DYNAMODB_JSON",
                   TableCreationParameters={"TableName": "victim4", **schema})  # fmt: skip
    yield call(
        "own from victim",
        "dynamodb",
        "ExportTableToPointInTime",
        strict=True,
        TableArn=arn("dynamodb", "table/own"),
        S3Bucket="victim-bucket",
    )
    for one in (arn("dynamodb", "table/victim"), arn("dynamodb", "table/own/../victim"), world.ids["victim stream"]):
        yield call(one, "dynamodb", "TagResource", strict=True, ResourceArn=one, Tags=TAGS)
        yield call(one, "dynamodb", "PutResourcePolicy", ResourceArn=one, Policy=EVERYTHING)
        yield call(one, "dynamodb", "UntagResource", ResourceArn=one, TagKeys=["t"])
        yield call(one, "dynamodb", "DeleteResourcePolicy", ResourceArn=one)


@family("dynamodb: streams")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    stream, own, shard = world.ids["victim stream"], world.ids["own stream"], world.ids["victim shard"]
    for one in (stream, own.rpartition("/")[0] + "/" + stream.rpartition("/")[2], stream.replace("table/victim", "table/own/../victim"), stream + " ",
                own + "/" + stream, stream.upper(), stream.replace("victim", "VICTIM"), stream.replace("us-east-1", "eu-west-1"), stream + "/own"):  # fmt: skip
        yield call(one[-60:], "dynamodbstreams", "DescribeStream", StreamArn=one)
        for kind in ("TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER"):
            yield call(f"{kind} {one[-50:]}", "dynamodbstreams", "GetShardIterator", strict=one == stream, StreamArn=one, ShardId=shard, ShardIteratorType=kind,
                       SequenceNumber="1")  # fmt: skip
    iterator = world.ids["victim stream iterator"]
    decoys = [iterator, f"{own}|1|{iterator}", iterator.replace("victim", "own"), iterator + " ", iterator.replace("table/victim", "table/own/../victim"),
              own + iterator, iterator.upper(), quote(iterator), iterator + "|" + own, "own|" + iterator, " " + iterator]  # fmt: skip
    for one in decoys:
        yield call(one[-40:], "dynamodbstreams", "GetRecords", strict=one == iterator, ShardIterator=one)
        yield ask(f"twice {one[-40:]}", Wire.of("dynamodbstreams", "GetRecords", ShardIterator=one, StreamArn=own))
    for name in ("victim", "own"):
        yield (
            call(name, "dynamodbstreams", "ListStreams", strict=True, TableName=name)
            if name == "victim"
            else call(name, "dynamodbstreams", "ListStreams")
        )


def kms_names(world: World) -> list[str]:
    """What the victim's key may be called."""
    key, own = world.ids["victim key"], world.ids["own key"]
    return [key, arn("kms", "key/" + key), "alias/victim", arn("kms", "alias/victim"), key.upper(), key + " ", arn("kms", f"key/{own}/../{key}"), "alias/VICTIM",
            "alias/own/../victim", f"key/{key}", arn("kms", "key/" + key, "eu-west-1"), arn("kms", "key/" + key, account="111122223333"), f"alias/{key}",
            arn("kms", f"alias/own/{key}"), f"{own},{key}"]  # fmt: skip


@family("kms: keys and aliases")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for name in kms_names(world):
        plain = name in (world.ids["victim key"], "alias/victim") or name == arn(
            "kms", "key/" + world.ids["victim key"]
        )
        yield call(name, "kms", "DescribeKey", strict=plain, KeyId=name)
        yield call(name, "kms", "Encrypt", strict=plain, KeyId=name, Plaintext=b"x")
        yield call(name, "kms", "GenerateDataKey", strict=plain, KeyId=name, KeySpec="AES_256")
        yield call(name, "kms", "ScheduleKeyDeletion", KeyId=name, PendingWindowInDays=30)
        yield call(name, "kms", "PutKeyPolicy", KeyId=name, PolicyName="default", Policy=EVERYTHING)
        yield call(name, "kms", "DisableKey", KeyId=name)
        yield call(name, "kms", "GetKeyPolicy", strict=plain, KeyId=name, PolicyName="default")
    key, own = world.ids["victim key"], world.ids["own key"]
    for alias in ("alias/own-x", "alias/own", "alias/victim", "alias/other", "alias/aws/s3", "alias/own/../victim"):
        for target in (key, own, arn("kms", "key/" + key)):
            if target == own and alias.startswith("alias/own"):
                continue
            yield call(f"{alias} {target[:8]}", "kms", "CreateAlias", strict=True, AliasName=alias, TargetKeyId=target)
            yield call(f"{alias} {target[:8]}", "kms", "UpdateAlias", strict=True, AliasName=alias, TargetKeyId=target)
        if not alias.startswith("alias/own"):
            yield call(alias, "kms", "DeleteAlias", strict=True, AliasName=alias)


@family("kms: ciphertexts and re-encryption")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    sealed = base64.b64decode(world.ids["victim ciphertext"])
    own = world.ids["own key"]
    blobs = [sealed, own.encode() + sealed[len(own) :], own.encode() + sealed, sealed + own.encode()]
    for number, blob in enumerate(blobs):
        for name in ("", own, arn("kms", "key/" + own), "alias/own", *kms_names(world)[:4]):
            key = {"KeyId": name} if name else {}
            yield call(f"{number} {name[:20]}", "kms", "Decrypt", strict=number == 0, CiphertextBlob=blob, **key)
            source = {"SourceKeyId": name} if name else {}
            yield call(
                f"{number} {name[:20]}",
                "kms",
                "ReEncrypt",
                strict=number == 0,
                CiphertextBlob=blob,
                DestinationKeyId=own,
                **source,
            )

    def reencrypt(w: World, blob: bytes, target: str) -> list[Answer]:
        first = Wire.of("kms", "Encrypt", KeyId=own, Plaintext=b"x").signed(w.key, w.address).send(w.address)
        mine = json.loads(first.body).get("CiphertextBlob", "")
        ask = Wire.of("kms", "ReEncrypt", CiphertextBlob=base64.b64decode(mine), DestinationKeyId=target)
        return [first, ask.signed(w.key, w.address).send(w.address)]

    for target in kms_names(world):
        yield Attack(f"to {target}", "kms", lambda w, t=target: reencrypt(w, sealed, t), target in kms_names(world)[:4])
    for operation, more in (("GenerateDataKeyWithoutPlaintext", {"KeySpec": "AES_256"}), ("Sign", {"Message": b"x", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}),
                            ("GenerateMac", {"Message": b"x", "MacAlgorithm": "HMAC_SHA_256"}), ("ListGrants", {}), ("ListResourceTags", {})):  # fmt: skip
        yield call("victim", "kms", operation, strict=True, KeyId=world.ids["victim key"], **more)


@family("kms: grants")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    key, own, grant = world.ids["victim key"], world.ids["own key"], world.ids["victim grant"]
    for name in kms_names(world):
        yield call(name, "kms", "CreateGrant", KeyId=name, GranteePrincipal=world.attacker.arn, Operations=["Decrypt"])
        yield call(name, "kms", "RevokeGrant", KeyId=name, GrantId=grant)
        yield call(name, "kms", "RetireGrant", KeyId=name, GrantId=grant)
    yield call("own key", "kms", "RevokeGrant", strict=True, KeyId=own, GrantId=grant)
    yield call("own key", "kms", "RetireGrant", KeyId=own, GrantId=grant)
    yield call("token", "kms", "RetireGrant", GrantToken=grant)
    yield call("retirable", "kms", "ListRetirableGrants", RetiringPrincipal=VICTIM_ROLE)
    for token in (grant, "x", key):
        for operation, more in (("Decrypt", {"CiphertextBlob": base64.b64decode(world.ids["victim ciphertext"])}), ("Encrypt", {"KeyId": key, "Plaintext": b"x"}),
                                ("GenerateDataKey", {"KeyId": key, "KeySpec": "AES_256"}), ("DescribeKey", {"KeyId": key})):  # fmt: skip
            yield call(f"token {token[:8]}", "kms", operation, strict=True, GrantTokens=[token], **more)


SSM_NAMES = ["/victim/p", "victim", "/own/../victim/p", "/victim//p", "//victim/p", "/VICTIM/p", "/victim/p ", "/victim/p:1", arn("ssm", "parameter/victim/p"),
             arn("ssm", "parameter/own/../victim/p"), arn("ssm", "parameter/own/p/victim/p"), "own/p/../../victim", "/aws/reference/secretsmanager/victim",
             "/aws/reference/secretsmanager/own-extra", "aws/reference/secretsmanager/victim", "/aws/reference/secretsmanager//victim", "/own/p:/victim/p",
             "/AWS/reference/secretsmanager/victim", "/aws/reference/secretsmanager/" + "own/../victim", "parameter/victim/p", "/victim/p\0", "/victim/p:latest",
             arn("ssm", "parameter/aws/reference/secretsmanager/victim"), arn("ssm", "parameter/victim"), "/own/p,/victim/p", "/victim/%70", "/own"]  # fmt: skip


@family("ssm: names and paths")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for name in SSM_NAMES:
        yield call(name, "ssm", "GetParameter", Name=name, WithDecryption=True)
        yield call(name, "ssm", "GetParameters", Names=["/own/p", name], WithDecryption=True)
        yield call(name, "ssm", "GetParametersByPath", Path=name, Recursive=True, WithDecryption=True)
        yield call(name, "ssm", "PutParameter", Name=name, Value="attack", Type="String", Overwrite=True)
        yield call(name, "ssm", "GetParameterHistory", Name=name, WithDecryption=True)
        yield call(name, "ssm", "DeleteParameters", Names=["/own/none", name])
        yield call(name, "ssm", "AddTagsToResource", ResourceType="Parameter", ResourceId=name, Tags=TAGS)
    for path in (
        "/",
        "/victim",
        "/victim/",
        "//",
        "/own/..",
        "/own/../",
        "",
        "victim",
        "/v",
        "/*",
        "/own/../victim",
        "/aws/reference/secretsmanager",
    ):
        for more in ({}, {"ParameterFilters": [{"Key": "Type", "Option": "Equals", "Values": ["SecureString"]}]}):
            yield call(path, "ssm", "GetParametersByPath", Path=path, Recursive=True, WithDecryption=True, **more)
    yield call("all", "ssm", "DescribeParameters", strict=True)
    yield call("label", "ssm", "LabelParameterVersion", strict=True, Name="/victim/p", Labels=["x"])
    yield call("command", "ssm", "SendCommand", strict=True, InstanceIds=[world.ids["victim instance"]], DocumentName="AWS-RunShellScript",
               Parameters={"commands": ["id"]})  # fmt: skip


@family("secrets: names and ARNs")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    victim, own = world.ids["victim secret"], world.ids["own secret"]
    secrets = world.client("secretsmanager")
    similar = [secrets.describe_secret(SecretId=name)["ARN"] for name in ("own-extra", "own-abcdef")]
    names = [victim, "victim", victim[:-7], victim[:-1], *similar, "own-extra", "own-abcdef", similar[1][:-7], victim + " ", "VICTIM", own + "/../victim",
             own + "," + victim, victim.replace("us-east-1", "eu-west-1"), victim.replace("secret:", "secret:own/../"), victim[:-6] + "*", own[:-6] + "??????",
             victim.replace("arn:aws:", "arn:aws-cn:"), own.replace("own", "victim"), "own-extra ", "victim-" + victim[-6:], "own-abcde"]  # fmt: skip
    for name in names:
        yield call(name[-24:], "secretsmanager", "GetSecretValue", SecretId=name)
        yield call(name[-24:], "secretsmanager", "BatchGetSecretValue", SecretIdList=["own", name])
        yield call(name[-24:], "secretsmanager", "PutSecretValue", SecretId=name, SecretString="attack")
        yield call(name[-24:], "secretsmanager", "UpdateSecret", SecretId=name, Description="attack")
        yield call(name[-24:], "secretsmanager", "DeleteSecret", SecretId=name, RecoveryWindowInDays=30)
        yield call(name[-24:], "secretsmanager", "PutResourcePolicy", SecretId=name, ResourcePolicy=EVERYTHING)
        yield call(name[-24:], "secretsmanager", "RestoreSecret", SecretId=name)
    for filters in (
        [],
        [{"Key": "name", "Values": ["victim"]}],
        [{"Key": "name", "Values": ["own"]}],
        [{"Key": "all", "Values": ["v"]}],
    ):
        yield call("filters", "secretsmanager", "BatchGetSecretValue", Filters=filters)
        yield call("list", "secretsmanager", "ListSecrets", strict=True, Filters=filters)
    for name in ("victim-new", "VICTIM", "own/new", "own-secret/x"):
        yield call(name, "secretsmanager", "CreateSecret", Name=name, SecretString="x")


@family("sqs: queue URLs")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    own, victim = world.ids["own url"], world.ids["victim url"]
    base = victim.rpartition("/")[0]
    urls = [victim, "/123456789012/victim", "victim", base + "/own/../victim", base + "/VICTIM", base + "//victim", victim + "/", victim + "?x", victim + "#own",
            "https://sqs.us-east-1.amazonaws.com/123456789012/victim", "https://sqs.eu-west-1.amazonaws.com/123456789012/victim", "http://victim",
            "http://x/111122223333/victim", own + "/../victim", own + "/victim", base + "/%76ictim", "https://queue.amazonaws.com/123456789012/victim",
            victim + " ", arn("sqs", "victim"), "https://sqs.us-east-1.amazonaws.com/own/victim", base + "/own%2f..%2fvictim", "https://own/x/y/victim",
            f"{own},{victim}", f"http://{quote(own, safe='')}/victim", base + "/own;victim", base + "/own?/victim", base + "/own#/victim"]  # fmt: skip
    for url in urls:
        yield call(url, "sqs", "SendMessage", QueueUrl=url, MessageBody="attack")
        yield call(url, "sqs", "ReceiveMessage", QueueUrl=url)
        yield call(url, "sqs", "SetQueueAttributes", QueueUrl=url, Attributes={"DelaySeconds": "5"})
        yield call(url, "sqs", "SendMessageBatch", QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "attack"}])
        query = {"Action": "ReceiveMessage", "Version": "2012-11-05", "QueueUrl": url}
        body = "&".join(f"{k}={quote(v, safe='')}" for k, v in query.items()).encode()
        form = (("Content-Type", "application/x-www-form-urlencoded"),)
        for path in ("/", "/123456789012/own", "/123456789012/victim"):
            yield ask(f"form at {path} {url}", Wire("sqs", "POST", path, form, body))
        yield ask(f"form without at {url}", Wire("sqs", "POST", "/" + url.partition("//")[2].partition("/")[2].replace(" ", "%20"), form,
                                                 b"Action=SendMessage&Version=2012-11-05&MessageBody=attack"))  # fmt: skip
        yield ask(
            f"GET {url}",
            Wire("sqs", "GET", "/123456789012/victim?Action=ReceiveMessage&QueueUrl=" + quote(url, safe="")),
        )
    for name in ("victim", "victim-new", "VICTIM"):
        yield call(name, "sqs", "GetQueueUrl", strict=name == "victim", QueueName=name)
        yield call(name, "sqs", "GetQueueUrl", QueueName=name, QueueOwnerAWSAccountId="123456789012")
        yield call(name, "sqs", "CreateQueue", QueueName=name)
    yield call("purge", "sqs", "PurgeQueue", QueueUrl=victim)
    yield call("move", "sqs", "StartMessageMoveTask", SourceArn=arn("sqs", "victim"), DestinationArn=arn("sqs", "own"))


@family("sqs: batches and receipt handles")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    own, victim = world.ids["own url"], world.ids["victim url"]

    def handle(w: World) -> str:
        messages = w.client("sqs").receive_message(QueueUrl=victim, VisibilityTimeout=0).get("Messages", [])
        return str(messages[0]["ReceiptHandle"]) if messages else "x"

    for operation, more in (("DeleteMessage", {}), ("ChangeMessageVisibility", {"VisibilityTimeout": 1000})):
        for url in (own, victim, own + "/../victim"):
            yield Attack(f"{operation} {url[-12:]}", "sqs", lambda w, o=operation, m=more, u=url: Wire.of(
                "sqs", o, QueueUrl=u, ReceiptHandle=handle(w), **m).signed(w.key, w.address).send(w.address))  # fmt: skip
            yield Attack(f"{operation}Batch {url[-12:]}", "sqs", lambda w, o=operation, m=more, u=url: Wire.of(
                "sqs", o + "Batch", QueueUrl=u, Entries=[{"Id": "1", "ReceiptHandle": handle(w), **m}]).signed(w.key, w.address).send(w.address))  # fmt: skip
    for attributes in ({"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn("sqs", "victim"), "maxReceiveCount": 1})}, {"Policy": EVERYTHING},
                       {"KmsMasterKeyId": "alias/victim"}):  # fmt: skip
        yield call(f"{list(attributes)}", "sqs", "SetQueueAttributes", QueueUrl=own, Attributes=attributes)
        yield call(
            f"victim {list(attributes)}",
            "sqs",
            "SetQueueAttributes",
            strict=True,
            QueueUrl=victim,
            Attributes=attributes,
        )
    for actions in (["*"], ["SendMessage"], ["ReceiveMessage"]):
        yield call(
            f"{actions}",
            "sqs",
            "AddPermission",
            strict=True,
            QueueUrl=victim,
            Label="l",
            AWSAccountIds=["123456789012"],
            Actions=actions,
        )
    for body in (
        f'{{"QueueUrl": "{own}", "queueUrl": "{victim}"}}',
        f'{{"QueueUrl": "{own}", "QueueName": "victim"}}',
        f'{{"QueueName": "own", "QueueUrl": "{victim}"}}',
    ):
        for operation in (
            "ReceiveMessage",
            "GetQueueAttributes",
            "PurgeQueue",
            "GetQueueUrl",
            "SendMessage",
            "DeleteQueue",
        ):
            yield ask(f"{operation} {body[:30]}", Wire.of("sqs", "ReceiveMessage", QueueUrl=own).header("X-Amz-Target", f"AmazonSQS.{operation}").but(
                body=(body[:-1] + ', "MessageBody": "attack"}').encode()))  # fmt: skip


@family("sns: topics, targets and phones")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    own, topic, endpoint = world.ids["own topic"], world.ids["victim topic"], world.ids["victim endpoint"]
    phone = {"PhoneNumber": "+15555550100"}
    for parameters in (phone, {**phone, "TopicArn": own}, {"TargetArn": topic}, {"TargetArn": endpoint}, {"TopicArn": own, "TargetArn": topic},
                       {"TopicArn": topic, "TargetArn": own}, {"TopicArn": own, "TargetArn": endpoint}, {"TopicArn": topic.upper()}, {"TopicArn": topic + " "},
                       {"TopicArn": own + "/../victim"}, {"TopicArn": own + ":victim"}, {"TopicArn": "victim"}, {"TargetArn": topic, "PhoneNumber": "+1"},
                       {"TopicArn": world.ids["victim subscription"]}, {"TopicArn": topic.replace("us-east-1", "eu-west-1")}, {"TopicArn": ""}):  # fmt: skip
        for more in ({}, {"MessageStructure": "json"}, {"Subject": own}):
            strict = "PhoneNumber" in parameters and "TopicArn" not in parameters
            message = '{"default": "attack"}' if more.get("MessageStructure") else "attack"
            yield call(f"{parameters}", "sns", "Publish", strict=strict, Message=message, **parameters, **more)
    for one in (topic, topic + " ", own + ":victim", topic.upper()):
        entries = [{"Id": "1", "Message": "attack"}]
        yield call(one, "sns", "PublishBatch", TopicArn=one, PublishBatchRequestEntries=entries)
        yield call(one, "sns", "Subscribe", TopicArn=one, Protocol="sqs", Endpoint=arn("sqs", "own"))
        yield (
            call(one, "sns", "DeleteTopic", TopicArn=one)
            if one != topic
            else call(one, "sns", "GetTopicAttributes", TopicArn=one)
        )
        yield call(
            one, "sns", "AddPermission", TopicArn=one, Label="l", AWSAccountId=["123456789012"], ActionName=["Publish"]
        )
    subscription = world.ids["victim subscription"]
    for one in (
        subscription,
        subscription.replace("victim", "own"),
        subscription + " ",
        own + ":" + subscription.rpartition(":")[2],
    ):
        yield call(one, "sns", "GetSubscriptionAttributes", SubscriptionArn=one)
        yield call(
            one,
            "sns",
            "SetSubscriptionAttributes",
            SubscriptionArn=one,
            AttributeName="RawMessageDelivery",
            AttributeValue="true",
        )
        yield call(one, "sns", "Unsubscribe", SubscriptionArn=one)
    yield call(
        "victim", "sns", "SetEndpointAttributes", strict=True, EndpointArn=endpoint, Attributes={"CustomUserData": "x"}
    )
    yield call(
        "victim",
        "sns",
        "CreatePlatformEndpoint",
        strict=True,
        PlatformApplicationArn=world.ids["victim application"],
        Token="t2",
    )
    yield call("attributes", "sns", "SetSMSAttributes", strict=True, attributes={"DefaultSMSType": "Promotional"})
    for name in ("victim-new", "VICTIM"):
        yield call(name, "sns", "CreateTopic", strict=True, Name=name)


@family("stepfunctions")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    own, victim = arn("states", "stateMachine:own"), arn("states", "stateMachine:victim")
    run = world.ids["victim execution"]
    machines = [victim, victim + ":1", own + ":victim", own + "/../victim", victim + " ", victim.upper(), "victim", own + "/stateMachine:victim",
                victim.replace("us-east-1", "eu-west-1"), victim.replace("stateMachine", "STATEMACHINE"), victim + ":live", own + "," + victim]  # fmt: skip
    for one in machines:
        yield call(one, "stepfunctions", "StartExecution", stateMachineArn=one, input="{}")
        yield call(one, "stepfunctions", "StartSyncExecution", stateMachineArn=one, input="{}")
        yield call(one, "stepfunctions", "DescribeStateMachine", stateMachineArn=one)
        yield call(
            one,
            "stepfunctions",
            "UpdateStateMachine",
            stateMachineArn=one,
            definition='{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
        )
        yield call(one, "stepfunctions", "ListExecutions", strict=one == victim, stateMachineArn=one)
        yield call(
            one,
            "stepfunctions",
            "TagResource",
            strict=one == victim,
            resourceArn=one,
            tags=[{"key": "a", "value": "b"}],
        )
    for one in (
        run,
        run.replace("execution:victim", "execution:own"),
        run.replace("victim", "own:victim"),
        run + " ",
        run.replace("execution", "express"),
    ):
        for operation in (
            "DescribeExecution",
            "StopExecution",
            "GetExecutionHistory",
            "DescribeStateMachineForExecution",
        ):
            yield call(one[-40:], "stepfunctions", operation, executionArn=one)
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    for name in ("own", "own-new", "victim-new", "own:victim-new"):
        yield call(
            name,
            "stepfunctions",
            "CreateStateMachine",
            strict=True,
            name=name,
            definition=definition,
            roleArn=VICTIM_ROLE,
        )
    yield call("role", "stepfunctions", "UpdateStateMachine", strict=True, stateMachineArn=own, roleArn=VICTIM_ROLE)
    yield call(
        "both",
        "stepfunctions",
        "UpdateStateMachine",
        strict=True,
        stateMachineArn=own,
        roleArn=VICTIM_ROLE,
        definition=definition,
    )
    yield call("activity", "stepfunctions", "CreateActivity", strict=True, name="victim-activity")
    yield call("token", "stepfunctions", "SendTaskSuccess", taskToken="x", output="{}")


@family("iam: pass role")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    roles = [VICTIM_ROLE, VICTIM_ROLE + " ", "victim-role", VICTIM_ROLE.replace("role/", "ROLE/"), arn("iam", "role/own-x/../victim-role", ""),
             arn("iam", "role/own-/victim-role", ""), VICTIM_ROLE.replace("123456789012", ""), arn("iam", "role/VICTIM-ROLE", "")]  # fmt: skip
    from attacks.world import code

    machine = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    for role in roles:
        named = ":role/own-" not in role  # a role of the attacker's path is allowed, whether there is one or not
        yield call(role, "lambda", "UpdateFunctionConfiguration", strict=named, FunctionName="own", Role=role)
        yield call(
            role,
            "stepfunctions",
            "UpdateStateMachine",
            strict=named,
            stateMachineArn=arn("states", "stateMachine:own"),
            roleArn=role,
            definition=machine,
        )
        yield call(
            role,
            "events",
            "PutTargets",
            strict=role == VICTIM_ROLE,
            Rule="own",
            Targets=[{"Id": "1", "Arn": arn("lambda", "function:own"), "RoleArn": role}],
        )
        yield call(
            role,
            "events",
            "PutRule",
            strict=role == VICTIM_ROLE,
            Name="own",
            ScheduleExpression="rate(1 day)",
            RoleArn=role,
        )
        yield call(
            role,
            "cognito-idp",
            "CreateGroup",
            GroupName=f"g{len(role)}",
            UserPoolId=world.ids["own pool"],
            RoleArn=role,
        )
        yield call(role, "logs", "PutSubscriptionFilter", strict=role == VICTIM_ROLE, logGroupName="own", filterName="f", filterPattern="",
                   destinationArn=arn("kinesis", "stream/own"), roleArn=role)  # fmt: skip
        yield call(role, "scheduler", "UpdateSchedule", Name="own", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"},
                   Target={"Arn": arn("lambda", "function:own"), "RoleArn": role})  # fmt: skip
        yield call(
            role,
            "sqs",
            "SetQueueAttributes",
            QueueUrl=world.ids["victim url"],
            Attributes={"Policy": json.dumps({"x": role})},
        )
        yield call(role, "cloudformation", "CreateStack", strict=role == VICTIM_ROLE, StackName="own-passed", RoleARN=role, TemplateBody=json.dumps(
            {"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "victim-topic"}}}}))  # fmt: skip
        yield call(
            role,
            "lambda",
            "CreateFunction",
            FunctionName="own",
            Runtime="python3.12",
            Handler="index.handler",
            Role=role,
            Code={"ZipFile": code()},
        )


@family("iam: names and escalation")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    me = "own-attacker"
    for name in (me, "victim-user", "OWN-ATTACKER", "own-reader", "", "victim-user "):
        target = {"UserName": name} if name else {}
        yield call(name, "iam", "CreateAccessKey", strict=True, **target)
        yield call(
            name, "iam", "PutUserPolicy", strict=bool(name), PolicyName="p", PolicyDocument=EVERYTHING, UserName=name
        )
        yield call(
            name, "iam", "AttachUserPolicy", UserName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
        )
        yield call(name, "iam", "CreateLoginProfile", UserName=name, Password="Aa1!aaaa")
        yield call(name, "iam", "AddUserToGroup", UserName=name, GroupName="victim-group")
        yield call(name, "iam", "AddUserToGroup", UserName=name, GroupName="own-group")
        yield call(name, "iam", "DeleteUserPolicy", UserName=name, PolicyName="own-attacker")
        yield call(name, "iam", "GetUser", strict=bool(name), UserName=name)
    for name in (
        "victim-role",
        "VICTIM-ROLE",
        "own-role/../victim-role",
        "own-x/victim-role",
        "victim-role ",
        arn("iam", "role/victim-role", ""),
        "own-role,victim-role",
    ):
        yield call(name, "iam", "UpdateAssumeRolePolicy", RoleName=name, PolicyDocument=EVERYTHING)
        yield call(name, "iam", "AttachRolePolicy", RoleName=name, PolicyArn=world.ids["victim policy"])
        yield call(
            name, "iam", "PutRolePermissionsBoundary", RoleName=name, PermissionsBoundary=world.ids["victim policy"]
        )
        yield call(name, "iam", "GetRole", strict=name == "victim-role", RoleName=name)
        yield call(name, "iam", "GetRolePolicy", RoleName=name, PolicyName="all")
        yield call(name, "iam", "DeleteRolePolicy", RoleName=name, PolicyName="all")
    for path in ("/own-x/", "/own-/", "/victim/"):
        yield call(
            path,
            "iam",
            "CreateRole",
            strict=path == "/victim/",
            RoleName="victim-new",
            Path=path,
            AssumeRolePolicyDocument=EVERYTHING,
        )
        yield call(path, "iam", "CreateUser", strict=True, UserName="own-new", Path=path)
        yield call(
            path,
            "iam",
            "CreatePolicy",
            strict=path == "/victim/",
            PolicyName="victim-new",
            Path=path,
            PolicyDocument=EVERYTHING,
        )
    policy = world.ids["victim policy"]
    for one in (
        policy,
        policy + " ",
        policy.replace("policy/", "policy/own-/../"),
        policy.upper(),
        "arn:aws:iam::aws:policy/AdministratorAccess",
    ):
        yield call(
            one, "iam", "CreatePolicyVersion", strict=True, PolicyArn=one, PolicyDocument=EVERYTHING, SetAsDefault=True
        )
        yield call(one, "iam", "DeletePolicy", PolicyArn=one)
        yield call(one, "iam", "SetDefaultPolicyVersion", PolicyArn=one, VersionId="v2")
    yield call(
        "victim",
        "iam",
        "AddRoleToInstanceProfile",
        strict=True,
        InstanceProfileName="victim-profile",
        RoleName="own-role",
    )
    yield call(
        "own", "iam", "AddRoleToInstanceProfile", strict=True, InstanceProfileName="own-profile", RoleName="victim-role"
    )
    yield call("", "iam", "GetAccountAuthorizationDetails", strict=True)
    yield call("", "iam", "CreateServiceLinkedRole", strict=True, AWSServiceName="ecs.amazonaws.com")
    yield call("", "iam", "UpdateAccountPasswordPolicy", strict=True, MinimumPasswordLength=6)
    yield call("", "iam", "CreateAccountAlias", strict=True, AccountAlias="attack")


def session(
    w: World, first: Credentials, parameters: dict[str, Any], operation: str = "AssumeRole"
) -> tuple[Answer, Credentials | None]:
    """A session, as its caller gets it."""
    made = Wire.of("sts", operation, **parameters)
    answer = (made.signed(first, w.address) if operation == "AssumeRole" else made).send(w.address)
    text = answer.body.decode("utf-8", "replace")
    if "<SessionToken>" not in text:
        return answer, None
    key, secret, token = (
        text.partition(f"<{name}>")[2].partition("<")[0] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")
    )
    return answer, Credentials(key, secret, token)


@family("sts: roles of others")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    roles = [VICTIM_ROLE, VICTIM_ROLE + " ", VICTIM_ROLE.upper(), arn("iam", "role/own-role/../victim-role", ""), arn("iam", "role/own-/victim-role", ""),
             "arn:aws:iam::111122223333:role/any", "victim-role", arn("iam", "user/victim-user", ""), arn("iam", "root", ""), "arn:aws-cn:iam::123456789012:role/victim-role",
             arn("iam", "role/victim-role"), arn("iam", "role/own-none", ""), arn("iam", "role//victim-role", ""), arn("iam", "role/own-role,victim-role", "")]  # fmt: skip
    for role in roles:
        for more in ({}, {"Policy": EVERYTHING}, {"DurationSeconds": 43200}, {"ExternalId": "x"}, {"SourceIdentity": "admin"},
                     {"Tags": [{"Key": "a", "Value": "b"}]}, {"RoleSessionName": VICTIM_ROLE}):  # fmt: skip
            yield call(
                f"{role} {list(more)}",
                "sts",
                "AssumeRole",
                strict=True,
                **{"RoleArn": role, "RoleSessionName": "session", **more},
            )
        for operation, more in (
            ("AssumeRoleWithWebIdentity", {"WebIdentityToken": "x.y.z"}),
            ("AssumeRoleWithSAML", {"SAMLAssertion": "eA==", "PrincipalArn": "x" * 20}),
        ):
            yield Attack(f"{operation} {role}", "sts", lambda w, r=role, o=operation, m=more: session(
                w, w.key, {"RoleArn": r, **m} | ({} if "SAML" in o else {"RoleSessionName": "session"}), o)[0], True)  # fmt: skip
    for name in ("own-role", "x"):
        yield call(name, "sts", "GetFederationToken", strict=True, Name=name, Policy=EVERYTHING)


@family("sts: chains and session policies")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    from attacks.operations import OPS

    own = {"RoleArn": arn("iam", "role/own-role", ""), "RoleSessionName": "session"}
    policies = [EVERYTHING, json.dumps(document(statement("*", "*"), statement("sts:AssumeRole", VICTIM_ROLE))), ""]

    def chain(w: World, then: Wire, policy: str) -> list[Answer]:
        more = {"Policy": policy} if policy else {}
        answer, key = session(w, w.key, {**own, **more})
        return [answer, then.signed(key, w.address).send(w.address)] if key else [Answer(403)]

    for number in range(45):
        op = OPS[rng.randrange(len(OPS))]
        yield Attack(
            f"{op.name} {number % 3}",
            op.service,
            lambda w, o=op, p=policies[number % 3]: chain(w, o.wire(w, "victim"), p),
            True,
        )
        yield Attack(
            f"own {op.name} {number % 3}",
            op.service,
            lambda w, o=op, p=policies[number % 3]: chain(w, o.wire(w, "own"), p),
            True,
        )
    assume = Wire.of("sts", "AssumeRole", RoleArn=VICTIM_ROLE, RoleSessionName="session")
    for policy in policies:
        yield Attack("on to victim-role", "sts", lambda w, p=policy: chain(w, assume, p), True)
        yield Attack(
            "token of session", "sts", lambda w, p=policy: chain(w, Wire.of("sts", "GetSessionToken"), p), True
        )

    def kept(w: World, then: Wire) -> list[Answer]:
        policy = json.dumps(document(statement("s3:GetObject", "arn:aws:s3:::own-bucket/*")))
        made = w.client("sts").assume_role(RoleArn=VICTIM_ROLE, RoleSessionName="session", Policy=policy)["Credentials"]
        key = Credentials(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
        answer, again = session(w, key, {"RoleArn": VICTIM_ROLE, "RoleSessionName": "session"})
        return [answer, then.signed(again or key, w.address).send(w.address)]

    for op in rng.sample(OPS, 12):
        yield Attack(
            f"narrow session of victim-role: {op.name}", op.service, lambda w, o=op: kept(w, o.wire(w, "victim")), True
        )


TEMPLATES: list[tuple[str, dict[str, Any]]] = [
    ("AWS::SQS::Queue", {"QueueName": "victim-q"}), ("AWS::SNS::Topic", {"TopicName": "victim-t"}), ("AWS::S3::Bucket", {"BucketName": "victim-b"}),
    ("AWS::SSM::Parameter", {"Name": "/victim/new", "Type": "String", "Value": "x"}), ("AWS::SecretsManager::Secret", {"Name": "victim-s", "SecretString": "x"}),
    ("AWS::DynamoDB::Table", {"TableName": "victim-t", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                              "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}),
    ("AWS::IAM::Role", {"RoleName": "victim-r", "AssumeRolePolicyDocument": json.loads(EVERYTHING)}), ("AWS::IAM::User", {"UserName": "victim-u"}),
    ("AWS::IAM::Policy", {"PolicyName": "p", "PolicyDocument": json.loads(EVERYTHING), "Users": ["own-attacker"]}),
    ("AWS::IAM::AccessKey", {"UserName": "victim-user"}), ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": "victim-p", "PolicyDocument": json.loads(EVERYTHING),
                                                                                        "Users": ["own-attacker"]}),
    ("AWS::IAM::UserToGroupAddition", {"GroupName": "victim-group", "Users": ["own-attacker"]}),
    ("AWS::Lambda::Function", {"FunctionName": "victim-f", "Runtime": "python3.12", "Handler": "i.h", "Role": VICTIM_ROLE, "Code": {"ZipFile": "x"}}),
    ("AWS::Lambda::Function", {"FunctionName": "own", "Runtime": "python3.12", "Handler": "i.h", "Role": VICTIM_ROLE, "Code": {"ZipFile": "x"}}),
    ("AWS::Lambda::Permission", {"FunctionName": "victim", "Action": "lambda:InvokeFunction", "Principal": "*"}),
    ("AWS::S3::BucketPolicy", {"Bucket": "victim-bucket", "PolicyDocument": json.loads(EVERYTHING)}), ("AWS::KMS::Key", {"KeyPolicy": json.loads(EVERYTHING)}),
    ("AWS::KMS::Alias", {"AliasName": "alias/victim2", "TargetKeyId": "x"}), ("AWS::Events::Rule", {"Name": "victim-r", "ScheduleExpression": "rate(1 day)"}),
    ("AWS::Logs::LogGroup", {"LogGroupName": "victim-l"}), ("AWS::Kinesis::Stream", {"Name": "victim-s", "ShardCount": 1}),
    ("AWS::StepFunctions::StateMachine", {"StateMachineName": "victim-m", "RoleArn": VICTIM_ROLE, "DefinitionString": "{}"}),
    ("AWS::SQS::QueuePolicy", {"Queues": [], "PolicyDocument": json.loads(EVERYTHING)}), ("AWS::ApiGateway::RestApi", {"Name": "victim-api"}),
    ("AWS::SNS::Subscription", {"TopicArn": arn("sns", "victim"), "Protocol": "email", "Endpoint": "a@example.com"}), ("AWS::ECR::Repository", {"RepositoryName": "victim-e"}),
    ("AWS::EC2::Instance", {"ImageId": "ami-12c6146b"}), ("Custom::Thing", {"ServiceToken": arn("lambda", "function:victim")}),
    ("AWS::CloudFormation::Stack", {"TemplateURL": "https://victim-bucket.s3.amazonaws.com/secret"}),
]  # fmt: skip


@family("cloudformation: stacks that do what the caller may not")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for kind, properties in TEMPLATES:
        template = {"Resources": {"R": {"Type": kind, "Properties": properties}}}
        name = "own-" + kind.split("::")[-1].lower() + str(rng.randrange(10**6))
        capabilities = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
        make = {"TemplateBody": json.dumps(template), "Capabilities": capabilities}
        yield call(f"{kind}", "cloudformation", "CreateStack", StackName=name, **make)

        def update(w: World, name: str = name, make: dict[str, Any] = make) -> list[Answer]:
            harmless = json.dumps({"Resources": {"W": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}})
            asks = [Wire.of("cloudformation", "CreateStack", StackName=name + "u", TemplateBody=harmless),
                    Wire.of("cloudformation", "UpdateStack", StackName=name + "u", **make)]  # fmt: skip
            return [one.signed(w.key, w.address).send(w.address) for one in asks]

        def change(w: World, name: str = name, make: dict[str, Any] = make) -> list[Answer]:
            asks = [Wire.of("cloudformation", "CreateChangeSet", StackName=name + "c", ChangeSetName="c", ChangeSetType="CREATE", **make),
                    Wire.of("cloudformation", "ExecuteChangeSet", StackName=name + "c", ChangeSetName="c")]  # fmt: skip
            return [one.signed(w.key, w.address).send(w.address) for one in asks]

        yield Attack(f"update {kind}", "cloudformation", update)
        yield Attack(f"change set {kind}", "cloudformation", change)


@family("cloudformation: names, URLs and reads")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    stack = world.client("cloudformation").describe_stacks(StackName="victim")["Stacks"][0]["StackId"]
    empty = json.dumps({"Resources": {"W": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}})
    names = ["victim", stack, "VICTIM", "own/../victim", stack.replace("stack/victim", "stack/own"), stack + " ", "own-x/victim", stack.upper(),
             stack.replace("us-east-1", "eu-west-1"), "own,victim", stack.rpartition("/")[0], stack.replace("stack/victim", "stack/own/../victim")]  # fmt: skip
    for name in names:
        for operation in (
            "GetTemplate",
            "DescribeStackResources",
            "ListStackResources",
            "DescribeStackEvents",
            "DeleteStack",
            "DescribeStacks",
        ):
            if operation != "DeleteStack" or name not in ("victim", stack):
                yield call(name[-30:], "cloudformation", operation, StackName=name)
        yield call(name[-30:], "cloudformation", "UpdateStack", StackName=name, TemplateBody=empty)
        yield call(
            name[-30:], "cloudformation", "CreateChangeSet", StackName=name, ChangeSetName="own", TemplateBody=empty
        )
    for url in ("https://victim-bucket.s3.amazonaws.com/secret", "https://s3.amazonaws.com/victim-bucket/secret", "http://127.0.0.1/victim-bucket/secret",
                world.address + "/victim-bucket/secret", "s3://victim-bucket/secret"):  # fmt: skip
        yield call(url, "cloudformation", "GetTemplateSummary", TemplateURL=url)
        yield call(url, "cloudformation", "ValidateTemplate", TemplateURL=url)
        yield call(url, "cloudformation", "CreateStack", StackName="own-url", TemplateURL=url)
    values = ["{{resolve:ssm:/victim/p}}", "{{resolve:ssm-secure:/victim/p}}", "{{resolve:secretsmanager:victim}}", "{{resolve:secretsmanager:victim:SecretString}}",
              "{{resolve:secretsmanager:own-extra}}", "{{resolve:ssm:victim:1}}"]  # fmt: skip
    for number, value in enumerate(values):
        for kind in ("output", "tag"):
            template = {"Resources": {"W": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"own-r{number}{kind}", "Tags": [{"Key": "k", "Value": value}]}}},
                        "Outputs": {"O": {"Value": value if kind == "output" else "x"}}}  # fmt: skip

            def steal(
                w: World,
                name: str = f"own-res{number}{kind}",
                t: dict[str, Any] = template,
                q: str = f"own-r{number}{kind}",
            ) -> list[Answer]:
                asks = [Wire.of("cloudformation", "CreateStack", StackName=name, TemplateBody=json.dumps(t)),
                        Wire.of("cloudformation", "DescribeStacks", StackName=name),
                        Wire.of("sqs", "ListQueueTags", QueueUrl=w.ids["own url"].replace("/own", f"/{q}"))]  # fmt: skip
                return [one.signed(w.key, w.address).send(w.address) for one in asks]

            yield Attack(f"{value} {kind}", "cloudformation", steal)
    parameter = {"Parameters": {"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/victim/p"}},
                 "Resources": {"W": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}, "Outputs": {"O": {"Value": {"Ref": "P"}}}}  # fmt: skip

    def by_parameter(w: World) -> list[Answer]:
        asks = [Wire.of("cloudformation", "CreateStack", StackName="own-par", TemplateBody=json.dumps(parameter)),
                Wire.of("cloudformation", "DescribeStacks", StackName="own-par")]  # fmt: skip
        return [one.signed(w.key, w.address).send(w.address) for one in asks]

    yield Attack("parameter of SSM", "cloudformation", by_parameter)
    yield call("", "cloudformation", "CreateStackSet", strict=True, StackSetName="victim-set", TemplateBody=empty)
    yield call("", "cloudformation", "ListStacks", strict=True)


@family("events: rules, buses and targets")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    buses = [
        "victim",
        arn("events", "event-bus/victim"),
        "default",
        arn("events", "event-bus/own/../victim"),
        "VICTIM",
        "own/../victim",
    ]
    for bus in buses:
        yield (
            call(bus, "events", "PutRule", Name="own", EventBusName=bus, ScheduleExpression="rate(2 days)")
            if bus != "default"
            else call(bus, "events", "PutRule", Name="victim", EventBusName=bus, ScheduleExpression="rate(2 days)")
        )
        yield call(
            bus,
            "events",
            "PutEvents",
            strict=bus in ("default", buses[1], "victim"),
            Entries=[
                {"Source": "s", "DetailType": "d", "Detail": "{}", "EventBusName": "own"},
                {"Source": "s", "DetailType": "d", "Detail": "{}", "EventBusName": bus},
            ],
        )
        yield (
            call(bus, "events", "DeleteEventBus", Name=bus)
            if bus not in buses[:2]
            else call(bus, "events", "DescribeEventBus", strict=True, Name=bus)
        )
        yield call(
            bus,
            "events",
            "PutPermission",
            strict=bus in ("victim", "default"),
            EventBusName=bus,
            Action="events:PutEvents",
            Principal="*",
            StatementId="s",
        )
        yield call(
            bus,
            "events",
            "CreateArchive",
            ArchiveName="own",
            EventSourceArn=bus if bus.startswith("arn") else arn("events", "event-bus/" + bus),
        )
        yield call(bus, "events", "TestEventPattern", EventPattern="{}", Event="{}")
    for rule in (
        "victim",
        "own/victim",
        "VICTIM",
        "own/../victim",
        arn("events", "rule/victim"),
        "victim ",
        "victim/own",
        "default/victim",
    ):
        for operation, more in (
            ("DescribeRule", {}),
            ("DeleteRule", {"Force": True}),
            ("DisableRule", {}),
            ("EnableRule", {}),
        ):
            yield call(rule, "events", operation, Name=rule, **more)
        for more in ({}, {"EventBusName": "default"}, {"EventBusName": "own"}):
            yield call(
                rule,
                "events",
                "PutTargets",
                Rule=rule,
                Targets=[{"Id": "1", "Arn": arn("lambda", "function:own")}],
                **more,
            )
        yield call(
            rule, "events", "TagResource", ResourceARN=arn("events", "rule/" + rule.rpartition("/")[2]), Tags=TAGS
        )
    for target in (arn("lambda", "function:victim"), arn("sqs", "victim"), arn("states", "stateMachine:victim")):
        yield call(
            target,
            "events",
            "PutTargets",
            strict=True,
            Rule="own",
            Targets=[{"Id": "1", "Arn": target, "RoleArn": VICTIM_ROLE}],
        )
    yield call("connection", "events", "CreateConnection", strict=True, Name="victim", AuthorizationType="BASIC", AuthParameters={
        "BasicAuthParameters": {"Username": "u", "Password": "p"}})  # fmt: skip


@family("logs: groups, streams and queries")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    group = arn("logs", "log-group:victim")
    names = [
        "victim",
        "VICTIM",
        "victim:*",
        "own:victim",
        "/victim",
        "own/../victim",
        "victim ",
        "own:log-stream:../victim",
    ]
    for name in names:
        yield call(name, "logs", "GetLogEvents", logGroupName=name, logStreamName="s")
        yield call(name, "logs", "FilterLogEvents", logGroupName=name)
        yield call(name, "logs", "DeleteLogStream", logGroupName=name, logStreamName="none")
        yield call(
            name,
            "logs",
            "PutLogEvents",
            logGroupName=name,
            logStreamName="s",
            logEvents=[{"timestamp": 1790000000000, "message": "x"}],
        )
        yield call(name, "logs", "CreateLogGroup", strict=name == "victim", logGroupName=name + "-new")
        yield call(
            name,
            "logs",
            "StartQuery",
            strict=name == "victim",
            logGroupNames=["own", name],
            startTime=0,
            endTime=2,
            queryString="fields @message",
        )
        yield call(
            name,
            "logs",
            "StartQuery",
            strict=name == "victim",
            logGroupName=name,
            startTime=0,
            endTime=2,
            queryString="fields @message",
        )
        yield call(name, "logs", "PutMetricFilter", logGroupName=name, filterName="f", filterPattern="", metricTransformations=[
            {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}])  # fmt: skip
    for one in (group, group + ":*", group + ":log-stream:s", arn("logs", "log-group:own") + ":victim", arn("logs", "log-group:own:log-stream:victim"),
                group.replace("us-east-1", "eu-west-1")):  # fmt: skip
        for other in ({}, {"logGroupName": "own"}, {"logGroupName": "victim"}):
            yield call(f"{one} {other}", "logs", "GetLogEvents", logGroupIdentifier=one, logStreamName="s", **other)
            yield call(f"{one} {other}", "logs", "FilterLogEvents", logGroupIdentifier=one, **other)
            yield call(
                f"{one} {other}",
                "logs",
                "DescribeLogStreams",
                strict=one == group and other != {"logGroupName": "own"},
                logGroupIdentifier=one,
                **other,
            )
        yield call(one, "logs", "TagResource", resourceArn=one, tags={"a": "b"})
        yield call(
            one,
            "logs",
            "StartQuery",
            strict=one == group,
            logGroupIdentifiers=["own", one],
            startTime=0,
            endTime=2,
            queryString="fields @message",
        )
    for text in (
        "SOURCE 'victim' | fields @message",
        "SOURCE logGroups(namePrefix: ['victim']) | fields @message",
        "fields @message | source 'victim'",
    ):
        yield call(text, "logs", "StartQuery", logGroupName="own", startTime=0, endTime=2, queryString=text)
        yield call(text, "logs", "StartQuery", startTime=0, endTime=2, queryString=text)
    stream = {"logGroupName": "own", "filterName": "f", "filterPattern": ""}
    yield call(
        "to victim",
        "logs",
        "PutSubscriptionFilter",
        strict=True,
        destinationArn=arn("kinesis", "stream/victim"),
        roleArn=VICTIM_ROLE,
        **stream,
    )
    yield call("prefix", "logs", "DescribeLogGroups", strict=True, logGroupNamePrefix="victim")
    yield call(
        "export",
        "logs",
        "CreateExportTask",
        strict=True,
        logGroupName="victim",
        fromTime=0,
        to=1,
        destination="own-bucket",
    )
    yield call("policy", "logs", "PutResourcePolicy", strict=True, policyName="p", policyDocument=EVERYTHING)


@family("kinesis: streams and iterators")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    iterator, own, victim = world.ids["victim iterator"], arn("kinesis", "stream/own"), arn("kinesis", "stream/victim")
    plain = base64.b64decode(iterator + "==" if len(iterator) % 4 else iterator).decode("utf-8", "replace")
    made = [
        iterator,
        iterator + " ",
        iterator + "=",
        iterator.rstrip("="),
        "\n" + iterator,
        iterator[:10] + "\n" + iterator[10:],
        iterator.replace("+", "-").replace("/", "_"),
    ]
    made += [base64.b64encode(text.encode()).decode() for text in (
        plain, "own:" + plain, plain + ":own", plain.replace("victim", "own\0victim"), plain.replace("victim", "VICTIM"), plain.replace("victim", " victim"),
        plain.replace(":", "::"), plain.replace("victim", victim), plain.replace("victim", "own/../victim"), plain.replace("victim", "own") + plain)]  # fmt: skip
    for one in made:
        for more in ({}, {"StreamARN": own}, {"StreamARN": victim}, {"StreamName": "own"}):
            yield call(
                f"{one[-20:]} {more}", "kinesis", "GetRecords", strict=one == iterator, ShardIterator=one, **more
            )
    shard = "shardId-000000000000"
    for named in ({"StreamName": "victim"}, {"StreamARN": victim}, {"StreamName": "own", "StreamARN": victim}, {"StreamName": "victim", "StreamARN": own},
                  {"StreamARN": own + "/../victim"}, {"StreamARN": own + "/victim"}, {"StreamName": "own/../victim"}, {"StreamARN": own + "/consumer/victim:1"},
                  {"StreamName": "VICTIM"}, {"StreamARN": victim.replace("us-east-1", "eu-west-1")}, {"StreamName": "victim", "StreamId": "own"}):  # fmt: skip
        yield call(f"{named}", "kinesis", "DescribeStream", strict=named == {"StreamName": "victim"}, **named)
        yield call(f"{named}", "kinesis", "PutRecord", Data=b"x", PartitionKey="1", **named)
        yield call(f"{named}", "kinesis", "PutRecords", Records=[{"Data": b"x", "PartitionKey": "1"}], **named)
        yield call(f"{named}", "kinesis", "AddTagsToStream", Tags={"a": "b"}, **named)
        yield call(f"{named}", "kinesis", "SplitShard", ShardToSplit=shard, NewStartingHashKey="10", **named)

        def read(w: World, named: dict[str, str] = named) -> list[Answer]:
            asked = Wire.of("kinesis", "GetShardIterator", ShardId=shard, ShardIteratorType="TRIM_HORIZON", **named)
            first = asked.signed(w.key, w.address).send(w.address)
            got = json.loads(first.body or b"{}").get("ShardIterator") if first.success else None
            if got is None:
                return [first]
            return [first, Wire.of("kinesis", "GetRecords", ShardIterator=got).signed(w.key, w.address).send(w.address)]

        yield Attack(f"iterator {named}", "kinesis", read)
    for consumer in (
        world.ids["victim consumer"],
        world.ids["victim consumer"].replace("stream/victim", "stream/own"),
        victim,
    ):
        yield call(consumer[-30:], "kinesis", "DescribeStreamConsumer", ConsumerARN=consumer)
        yield call(consumer[-30:], "kinesis", "DeregisterStreamConsumer", ConsumerARN=consumer, StreamARN=own)
        yield call(
            consumer[-30:],
            "kinesis",
            "SubscribeToShard",
            ConsumerARN=consumer,
            ShardId=shard,
            StartingPosition={"Type": "TRIM_HORIZON"},
        )


@family("several steps")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    def steps(title: str, service: str, *wires: Wire, strict: bool = False) -> Attack:
        return Attack(title, "*", lambda w: [one.signed(w.key, w.address).send(w.address) for one in wires], strict)

    of = Wire.of
    own_key, key = world.ids["own key"], world.ids["victim key"]
    yield steps("alias to the victim's key, then decrypt", "kms", of("kms", "CreateAlias", AliasName="alias/own-v", TargetKeyId=key),
                of("kms", "Encrypt", KeyId="alias/own-v", Plaintext=b"x"), strict=True)  # fmt: skip
    yield steps(
        "move alias/own",
        "kms",
        of("kms", "UpdateAlias", AliasName="alias/own", TargetKeyId=key),
        of("kms", "Encrypt", KeyId="alias/victim", Plaintext=b"x"),
        strict=True,
    )
    for target in ("policy", "acl"):
        everyone = json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": ["arn:aws:s3:::victim-bucket/*", "arn:aws:s3:::victim-bucket"],
                },
            }
        )
        yield steps(f"own bucket's {target} names the victim's", "s3", Wire("s3", "PUT", f"/own-bucket?{target}", (), everyone.encode()),
                    Wire("s3", "GET", "/victim-bucket/secret"), Wire("s3", "DELETE", f"/own-bucket?{target}"))  # fmt: skip
    for service, operation, parameter, name, resource in (
        ("sqs", "SetQueueAttributes", "Policy", world.ids["own url"], arn("sqs", "victim")),
        ("sns", "SetTopicAttributes", "Policy", world.ids["own topic"], arn("sns", "victim")),
    ):
        wide = json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": resource},
            }
        )
        first = (
            of("sqs", operation, QueueUrl=name, Attributes={parameter: wide})
            if service == "sqs"
            else of("sns", operation, TopicArn=name, AttributeName=parameter, AttributeValue=wide)
        )
        last = (
            of("sqs", "ReceiveMessage", QueueUrl=world.ids["victim url"])
            if service == "sqs"
            else of("sns", "Publish", TopicArn=world.ids["victim topic"], Message="x")
        )
        yield steps(f"own {service} policy names the victim's", service, first, last)
    wide = {"PolicyDocument": EVERYTHING, "PolicyName": "p"}
    trust = json.dumps(document({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}))
    role = of("iam", "CreateRole", RoleName="own-new", AssumeRolePolicyDocument=trust)
    del role
    for name in ("victim", arn("lambda", "function:victim")):
        yield steps(f"permission on own, invoke {name[-8:]}", "lambda", of("lambda", "AddPermission", FunctionName="own", StatementId="all", Action="lambda:*", Principal="*"),
                    of("lambda", "Invoke", FunctionName=name, InvocationType="Event", Payload=b"{}"), strict=True)  # fmt: skip
        yield steps(f"alias of own routes to {name[-8:]}", "lambda", of("lambda", "CreateAlias", FunctionName="own", Name=f"a{len(name)}", FunctionVersion="1",
                    RoutingConfig={"AdditionalVersionWeights": {name: 0.5}}), of("lambda", "GetFunctionConfiguration", FunctionName=f"own:a{len(name)}"))  # fmt: skip
    for bucket in ("victim-bucket", "own-bucket"):
        yield steps(f"replicate to {bucket}", "s3", Wire("s3", "PUT", "/own-bucket?versioning", (), b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"),
                    Wire("s3", "PUT", "/own-bucket?replication", (), f"<ReplicationConfiguration><Role>{VICTIM_ROLE}</Role><Rule><Status>Enabled</Status><Prefix></Prefix><Destination>"
                         f"<Bucket>arn:aws:s3:::{bucket}</Bucket></Destination></Rule></ReplicationConfiguration>".encode()), strict=True)  # fmt: skip
        yield steps(
            f"log to {bucket}",
            "s3",
            Wire(
                "s3",
                "PUT",
                f"/victim-bucket?logging&x={bucket}",
                (),
                (
                    f"<BucketLoggingStatus><LoggingEnabled><TargetBucket>{bucket}</TargetBucket><TargetPrefix>x</TargetPrefix></LoggingEnabled></BucketLoggingStatus>"
                ).encode(),
            ),
            strict=True,
        )
    for prefix in ("", "own/"):
        yield steps("notifications to the victim", "s3", Wire("s3", "PUT", "/own-bucket?notification", (), (
            f"<NotificationConfiguration><QueueConfiguration><Queue>{arn('sqs', 'victim')}</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>").encode()),
            Wire("s3", "PUT", f"/own-bucket/{prefix}n", (), b"x"), Wire("s3", "PUT", "/own-bucket?notification", (), b"<NotificationConfiguration/>"))  # fmt: skip
    for raw in (False, True):
        yield steps("subscribe the victim's queue to own topic", "sns", of("sns", "Subscribe", TopicArn=world.ids["own topic"], Protocol="sqs", Endpoint=arn("sqs", "own"),
                    Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn("sqs", "victim")}), "RawMessageDelivery": str(raw).lower()}),
                    of("sns", "Publish", TopicArn=world.ids["own topic"], Message="x"))  # fmt: skip
    yield steps("tag own, then by tag", "ssm", of("ssm", "AddTagsToResource", ResourceType="Parameter", ResourceId="/own/p", Tags=TAGS),
                of("ssm", "GetParametersByPath", Path="/", Recursive=True, WithDecryption=True))  # fmt: skip
    for name in ("own-secret2", "own"):
        yield steps(
            f"replica {name}",
            "secretsmanager",
            of(
                "secretsmanager",
                "CreateSecret",
                Name=name,
                SecretString="x",
                AddReplicaRegions=[{"Region": "eu-west-1"}],
            ),
            of("secretsmanager", "GetSecretValue", SecretId="victim"),
            of("secretsmanager", "RotateSecret", SecretId="victim", RotationLambdaARN=arn("lambda", "function:own")),
        )
    for user in ("victim-user", "own-attacker"):
        yield steps(f"group of {user}", "iam", of("iam", "CreateGroup", GroupName="own-g"), of("iam", "PutGroupPolicy", GroupName="own-g", **wide),
                    of("iam", "AddUserToGroup", GroupName="own-g", UserName=user), of("s3", "GetObject", Bucket="victim-bucket", Key="secret"))  # fmt: skip
        yield steps(f"policy to {user}", "iam", of("iam", "CreatePolicy", PolicyName="own-p", PolicyDocument=EVERYTHING),
                    of("iam", "AttachUserPolicy", UserName=user, PolicyArn=arn("iam", "policy/own-p", "")), of("s3", "GetObject", Bucket="victim-bucket", Key="secret"))  # fmt: skip
    for destination in (arn("kinesis", "stream/victim"), arn("kinesis", "stream/own")):
        yield steps("stream a table", "dynamodb", of("dynamodb", "EnableKinesisStreamingDestination", TableName="victim", StreamArn=destination),
                    of("dynamodb", "PutItem", TableName="own", Item=NEW))  # fmt: skip
    for name in ("own", "own-copy"):
        yield steps(f"backup own, restore over {name}", "dynamodb", of("dynamodb", "CreateBackup", TableName="own", BackupName="b"),
                    of("dynamodb", "RestoreTableFromBackup", TargetTableName="victim5", BackupArn=world.ids["victim backup"]),
                    of("dynamodb", "RestoreTableToPointInTime", SourceTableName="victim", TargetTableName=name, UseLatestRestorableTime=True))  # fmt: skip
    for token in ("1", base64.b64encode(b"victim").decode(), CANARY[::-1], world.ids["victim iterator"]):
        for service, operation, more in (("logs", "FilterLogEvents", {"logGroupName": "own", "nextToken": token}), ("kinesis", "ListShards", {"NextToken": token}),
                                         ("kinesis", "ListShards", {"NextToken": token, "StreamName": "victim"}), ("ssm", "GetParametersByPath", {"Path": "/own", "NextToken": token}),
                                         ("dynamodb", "ExecuteStatement", {"Statement": 'SELECT * FROM "own"', "NextToken": token}),
                                         ("stepfunctions", "ListExecutions", {"stateMachineArn": arn("states", "stateMachine:own"), "nextToken": token}),
                                         ("s3", "ListObjectsV2", {"Bucket": "own-bucket", "ContinuationToken": token})):  # fmt: skip
            yield call(f"token {token[:8]}", service, operation, **more)
    for ciphertext in (world.ids["victim ciphertext"],):
        yield steps("own data key, victim's text", "kms", of("kms", "GenerateDataKey", KeyId=own_key, KeySpec="AES_256"),
                    of("kms", "Decrypt", CiphertextBlob=base64.b64decode(ciphertext), KeyId=own_key), strict=True)  # fmt: skip
        yield steps("grant on own, decrypt", "kms", of("kms", "CreateGrant", KeyId=own_key, GranteePrincipal=world.attacker.arn, Operations=["Decrypt"]),
                    of("kms", "Decrypt", CiphertextBlob=base64.b64decode(ciphertext)), strict=True)  # fmt: skip
