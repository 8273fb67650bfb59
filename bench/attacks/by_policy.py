"""Attacks on resources whose own policies let somebody else in.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html, …_notprincipal.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from attacks.lacking import asked_by, user
from attacks.operations import Attack, family
from attacks.wire import Wire
from attacks.world import World, arn, document, statement

ME = "nothing-else"


def _policies(me: str) -> dict[str, dict[str, Any]]:
    """Policies that do not let in the user ``me``."""
    other = "111122223333"
    return {
        "another user": {"Principal": {"AWS": arn("iam", "user/victim-user", "")}}, "another role": {"Principal": {"AWS": arn("iam", "role/victim-role", "")}}, "another account": {"Principal": {"AWS": other}},
        "a service": {"Principal": {"Service": "sns.amazonaws.com"}}, "services": {"Principal": {"Service": ["s3.amazonaws.com", "events.amazonaws.com"]}}, "a user of another account": {"Principal": {"AWS": me.replace("123456789012", other)}},
        "by source": {"Principal": "*", "Condition": {"ArnEquals": {"aws:SourceArn": arn("sns", "victim")}}}, "by source account": {"Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}},
        "by organization": {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}}, "by endpoint": {"Principal": "*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}},
        "by vpc": {"Principal": "*", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}, "by address": {"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
        "by service flag": {"Principal": "*", "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}}}, "via a service": {"Principal": "*", "Condition": {"Bool": {"aws:ViaAWSService": "true"}}},
        "called via": {"Principal": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}}}, "by tag": {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/a": "b"}}},
        "by name": {"Principal": "*", "Condition": {"StringEquals": {"aws:username": "victim-user"}}}, "by arn": {"Principal": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": arn("iam", "role/*", "")}}},
        "denied by NotPrincipal": {"Effect": "Deny", "NotPrincipal": {"AWS": arn("iam", "user/victim-user", "")}},
    }  # fmt: skip


HEADERS = (
    ("Referer", "https://victim"),
    ("X-Forwarded-For", "203.0.113.5"),
    ("aws:SourceVpce", "vpce-1"),
    ("x-amz-source-arn", arn("sns", "victim")),
    ("X-Amz-Source-Account", "123456789012"),
)


@family("policies: of queues, topics and secrets")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    key = user(world, statement("ec2:DescribeRegions", "*"))
    name = next(one for one, made in world.made.items() if made is key)
    me = arn("iam", f"user/{name}", "")
    sqs, sns, secrets = world.client("sqs"), world.client("sns"), world.client("secretsmanager")
    for number, (title, policy) in enumerate([*_policies(me).items(), ("control", {"Principal": {"AWS": me}})]):
        url = sqs.create_queue(QueueName=f"own-p{number}")["QueueUrl"]
        topic = sns.create_topic(Name=f"own-p{number}")["TopicArn"]
        secret = secrets.create_secret(Name=f"own-p{number}", SecretString="x")["ARN"]

        def of(action: str, resource: str, policy: dict[str, Any] = policy) -> str:
            return json.dumps(document({**statement(action, resource), **policy}))

        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": of("sqs:*", arn("sqs", f"own-p{number}"))})
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=of("sns:Publish", topic))
        secrets.put_resource_policy(SecretId=secret, ResourcePolicy=of("secretsmanager:GetSecretValue", "*"))
        for wire in (
            Wire.of("sqs", "SendMessage", QueueUrl=url, MessageBody="x"), Wire.of("sns", "Publish", TopicArn=topic, Message="x"), Wire.of("secretsmanager", "GetSecretValue", SecretId=secret),
        ):  # fmt: skip
            yield asked_by(key, f"{title} {wire.service}", wire, control=title == "control")
            for header in HEADERS if title.startswith("by ") else ():
                yield asked_by(key, f"{title} {wire.service} {header[0]}", wire.header(*header))


@family("policies: of buckets")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    key = user(world, statement("ec2:DescribeRegions", "*"))
    name = next(one for one, made in world.made.items() if made is key)
    me = arn("iam", f"user/{name}", "")
    s3 = world.client("s3")
    for number, (title, policy) in enumerate([*_policies(me).items(), ("control", {"Principal": {"AWS": me}})]):
        bucket = f"own-p{number}"
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="k", Body=b"x")
        both = {"Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"], **statement("s3:*")}
        both["Resource"] = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document({**both, **policy})))
        for wire in (
            Wire.of("s3", "GetObject", Bucket=bucket, Key="k"),
            Wire.of("s3", "PutObject", Bucket=bucket, Key="n", Body=b"x"),
            Wire.of("s3", "ListObjectsV2", Bucket=bucket),
        ):
            yield asked_by(key, f"{title} {wire.method}", wire, control=title == "control")
            for header in HEADERS if title.startswith("by ") else ():
                yield asked_by(key, f"{title} {wire.method} {header[0]}", wire.header(*header))
