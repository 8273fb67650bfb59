"""The local AWS that is attacked: what the attacker may use (``own``), what it may not (``victim``), and what is there.

The attacker's policy allows nearly every action, but on its own resources alone. So whatever shows the victim's content
(:data:`CANARY`) or changes the victim's state is an attack that came through, whichever way it took.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from scopedown.guard.for_tests import Guard, User

ACCOUNT, REGION = "123456789012", "us-east-1"
CANARY = "c4n4ry-0f-the-victim"
"""Stands in everything that the attacker may not read, and in no request of the attacker's."""
SIGNS = (CANARY.encode(), base64.b64encode(CANARY.encode()), base64.b64encode(b"x" + CANARY.encode())[2:-4])


def arn(service: str, rest: str, region: str = REGION, account: str = ACCOUNT) -> str:
    """An ARN of the local AWS."""
    return f"arn:aws:{service}:{region}:{account}:{rest}"


def statement(actions: list[str] | str, *resources: str, **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources), **more}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def key_of(user: User) -> Credentials:
    """A user's key as botocore signs with it."""
    one = user.principal
    return Credentials(one.key_id, one.secret, one.token or None)


def code() -> bytes:
    """A function's code, with the canary in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("index.py", f"def handler(event, context):\n    return {CANARY!r}\n")
    return packed.getvalue()


_CLIENTS: dict[tuple[str, str], dict[str, Any]] = {}
"""The administrator's clients; its key stays when the local AWS is emptied."""


class World:
    """Everything that there is. ``ids`` are what services chose: keys, APIs, URLs, by a name of ours."""

    def __init__(self, guard: Guard) -> None:
        self.guard, self.address = guard, guard.endpoint
        self.admin = key_of(guard.admin)
        self.ids: dict[str, str] = {}
        self.made: dict[str, Credentials] = {}
        """Keys of users and roles that attacks made, by their names."""
        self._clients = _CLIENTS.setdefault((self.address, self.admin.access_key), {})
        for build in (_storage, _messages, _keys, _roles, _compute, _streams, _apis):
            build(self)
        self.attacker = guard.user("own-attacker", self.policy())
        self.key = key_of(self.attacker)
        self.reader = key_of(guard.user("own-reader", READER))
        self.putter = key_of(guard.user("own-putter", PUTTER))
        self.nobody = None
        self._prints: dict[str, Any] = {}
        for name in STATES:
            self._prints[name] = self._state(name)

    def client(self, service: str) -> Any:
        """The administrator's client."""
        if service not in self._clients:
            self._clients[service] = self.guard.admin.client(service)
        return self._clients[service]

    def changed(self, service: str) -> bool:
        """Whether the victim's resources of a service (``*``: of all) changed since this was last asked."""
        return bool(self.changes(service))

    def changes(self, service: str) -> list[str]:
        """What changed since this was last asked: each service, as it was and as it is where that differs."""
        names = STATES if service == "*" else [service] if service in STATES else []
        found = []
        for name in names:
            before, now = str(self._prints[name]), str(self._state(name))
            if now != before:
                at = next((at for at, (one, other) in enumerate(zip(before, now, strict=False)) if one != other), 0)
                found.append(f"{name}: {before[max(at - 60, 0) : at + 60]!r} is {now[max(at - 60, 0) : at + 60]!r}")
                self._prints[name] = now
        return found

    def _state(self, name: str) -> Any:
        try:
            return STATES[name](self)
        except (ClientError, BotoCoreError, KeyError, IndexError) as error:
            return repr(error)

    def policy(self) -> dict[str, Any]:
        """What the attacker may do: nearly everything, on its own resources alone."""
        ids = self.ids
        own_prefix = {"StringLike": {"s3:prefix": "own/*"}}
        keys = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["own"]}}
        return document(
            statement("s3:*", "arn:aws:s3:::own-bucket", "arn:aws:s3:::own-bucket/*", "arn:aws:s3:::shared-bucket/own/*"),
            statement("s3:ListBucket", "arn:aws:s3:::shared-bucket", Condition=own_prefix),
            statement("dynamodb:*", arn("dynamodb", "table/own"), arn("dynamodb", "table/own/*")),
            statement(["dynamodb:GetItem", "dynamodb:Query"], arn("dynamodb", "table/shared"), Condition=keys),
            statement("sqs:*", arn("sqs", "own*")),
            statement("sns:*", arn("sns", "own*")),
            statement("kms:*", arn("kms", "key/" + ids["own key"]), arn("kms", "alias/own*")),
            statement("ssm:*", arn("ssm", "parameter/own/*")),
            statement("secretsmanager:*", arn("secretsmanager", "secret:own-??????")),
            statement("lambda:*", arn("lambda", "function:own"), arn("lambda", "function:own:*"),
                      arn("lambda", "layer:own*")),
# no more of IAM: who may change a role that it may assume, or a group, gives itself everything
            statement(["iam:Get*", "iam:List*", "iam:Tag*", "iam:Untag*", "iam:UpdateRole", "iam:CreateRole", "iam:PassRole"],
                      arn("iam", "role/own-*", "")),
            statement("iam:CreatePolicy", arn("iam", "policy/own-*", "")),
            statement("sts:AssumeRole", arn("iam", "role/own-*", "")),
            statement("states:*", arn("states", "stateMachine:own"), arn("states", "execution:own:*")),
            statement("cloudformation:*", arn("cloudformation", "stack/own*/*")),
            statement("events:*", arn("events", "rule/own"), arn("events", "event-bus/own")),
            statement("logs:*", arn("logs", "log-group:own"), arn("logs", "log-group:own:*")),
            statement("kinesis:*", arn("kinesis", "stream/own")),
            statement("apigateway:*", f"arn:aws:apigateway:{REGION}::/restapis/{ids['own api']}",
                      f"arn:aws:apigateway:{REGION}::/restapis/{ids['own api']}/*"),
            statement("firehose:*", arn("firehose", "deliverystream/own")),
            statement("ecr:*", arn("ecr", "repository/own")),
            statement("ec2:*", arn("ec2", "instance/" + ids["own instance"])),
            statement("cognito-idp:*", arn("cognito-idp", "userpool/" + ids["own pool"])),
            statement("scheduler:*", arn("scheduler", "schedule/default/own")),
            statement("cloudwatch:*", arn("cloudwatch", "alarm:own")),
        )  # fmt: skip


READER = document(
    statement("s3:GetObject", "arn:aws:s3:::own-bucket/*"),
    statement("dynamodb:GetItem", arn("dynamodb", "table/own")),
    statement("sqs:GetQueueUrl", arn("sqs", "own")),
    statement("ssm:GetParameter", arn("ssm", "parameter/own/*")),
    statement("lambda:GetFunctionConfiguration", arn("lambda", "function:own")),
)
"""A user that may only read, and little. What it writes anywhere is an attack that came through."""
PUTTER = document(statement(["s3:PutObject", "s3:GetObject"], "arn:aws:s3:::own-bucket/*"))
"""A user that may write objects, without tags and ACLs."""


def _storage(world: World) -> None:
    s3 = world.client("s3")
    for bucket in ("own-bucket", "victim-bucket", "shared-bucket"):
        s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket="victim-bucket", VersioningConfiguration={"Status": "Enabled"})
    for bucket, key, body in (("own-bucket", "mine", "mine"), ("own-bucket", "a/b", "mine"),
                              ("victim-bucket", "secret", CANARY), ("victim-bucket", "dir/secret", CANARY),
                              ("shared-bucket", "own/x", "mine"), ("shared-bucket", "private/secret", CANARY)):  # fmt: skip
        s3.put_object(Bucket=bucket, Key=key, Body=body.encode(), Tagging="who=" + body)
    s3.put_object(Bucket="victim-bucket", Key="code.zip", Body=code())
    upload = s3.create_multipart_upload(Bucket="victim-bucket", Key="upload")
    world.ids["victim upload"] = upload["UploadId"]
    s3.upload_part(Bucket="victim-bucket", Key="upload", UploadId=upload["UploadId"], PartNumber=1, Body=b"p")
    world.ids["shared upload"] = s3.create_multipart_upload(Bucket="shared-bucket", Key="private/up")["UploadId"]
    s3.put_bucket_tagging(Bucket="victim-bucket", Tagging={"TagSet": [{"Key": "who", "Value": CANARY}]})
    tables = world.client("dynamodb")
    for name in ("own", "victim", "shared"):
        made = tables.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )  # fmt: skip
        world.ids[f"{name} stream"] = made["TableDescription"]["LatestStreamArn"]
        value = "mine" if name == "own" else CANARY
        tables.put_item(TableName=name, Item={"id": {"S": "1"}, "v": {"S": value}})
    tables.put_item(TableName="shared", Item={"id": {"S": "own"}, "v": {"S": "mine"}})
    backup = tables.create_backup(TableName="victim", BackupName="victim-backup")
    world.ids["victim backup"] = backup["BackupDetails"]["BackupArn"]


def _messages(world: World) -> None:
    sqs, sns = world.client("sqs"), world.client("sns")
    for name in ("own", "victim", "victim-sink"):
        world.ids[f"{name} url"] = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
    sqs.send_message(QueueUrl=world.ids["victim url"], MessageBody=CANARY)
    for name in ("own", "victim"):
        display = {"DisplayName": CANARY if name == "victim" else name}
        world.ids[f"{name} topic"] = sns.create_topic(Name=name, Attributes=display)["TopicArn"]
    queue = arn("sqs", "victim-sink")
    made = sns.subscribe(TopicArn=world.ids["victim topic"], Protocol="sqs", Endpoint=queue, ReturnSubscriptionArn=True)
    world.ids["victim subscription"] = made["SubscriptionArn"]
    application = sns.create_platform_application(Name="victim", Platform="GCM", Attributes={"PlatformCredential": "x"})
    world.ids["victim application"] = application["PlatformApplicationArn"]
    made = sns.create_platform_endpoint(PlatformApplicationArn=application["PlatformApplicationArn"], Token="t")
    world.ids["victim endpoint"] = made["EndpointArn"]


def _keys(world: World) -> None:
    kms = world.client("kms")
    for name in ("own", "victim"):
        world.ids[f"{name} key"] = kms.create_key(Description=name)["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=world.ids[f"{name} key"])
    sealed = kms.encrypt(KeyId=world.ids["victim key"], Plaintext=CANARY.encode())["CiphertextBlob"]
    world.ids["victim ciphertext"] = base64.b64encode(sealed).decode()
    grant = kms.create_grant(
        KeyId=world.ids["victim key"], GranteePrincipal=arn("iam", "role/victim-role", ""), Operations=["Decrypt"]
    )
    world.ids["victim grant"] = grant["GrantId"]
    ssm, secrets = world.client("ssm"), world.client("secretsmanager")
    for name, value in (("own", "mine"), ("victim", CANARY)):
        ssm.put_parameter(Name=f"/{name}/p", Value=value, Type="SecureString" if name == "victim" else "String")
        world.ids[f"{name} secret"] = secrets.create_secret(Name=name, SecretString=value)["ARN"]
    ssm.put_parameter(Name="victim", Value=CANARY, Type="String")
    secrets.create_secret(Name="own-extra", SecretString=CANARY)
    secrets.create_secret(Name="own-abcdef", SecretString=CANARY)


def _roles(world: World) -> None:
    iam = world.client("iam")
    trust = json.dumps(document({"Effect": "Allow", "Principal": {"AWS": arn("iam", "root", ""), "Service": "*"},
                                 "Action": "sts:AssumeRole"}).copy())  # fmt: skip
    for name in ("own-role", "victim-role"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    iam.put_role_policy(RoleName="victim-role", PolicyName="all", PolicyDocument=json.dumps(
        document(statement("*", "*", Sid=CANARY.replace("-", "")))))  # fmt: skip
    iam.create_user(UserName="victim-user")
    iam.create_group(GroupName="victim-group")
    made = iam.create_policy(PolicyName="victim-policy", PolicyDocument=json.dumps(document(statement("s3:*", "*"))))
    world.ids["victim policy"] = made["Policy"]["Arn"]
    iam.create_instance_profile(InstanceProfileName="victim-profile")


def _compute(world: World) -> None:
    functions = world.client("lambda")
    for name in ("own", "victim"):
        functions.create_function(
            FunctionName=name, Runtime="python3.12", Handler="index.handler", Code={"ZipFile": code()},
            Role=arn("iam", f"role/{name}-role", ""), Publish=True,
            Environment={"Variables": {"V": CANARY if name == "victim" else name}},
        )  # fmt: skip
    functions.create_alias(FunctionName="victim", Name="live", FunctionVersion="1")
    layer = functions.publish_layer_version(LayerName="victim", Description=CANARY, Content={"ZipFile": code()})
    world.ids["victim layer"] = layer["LayerVersionArn"]
    mapping = functions.create_event_source_mapping(FunctionName="victim", EventSourceArn=arn("sqs", "victim"))
    world.ids["victim mapping"] = mapping["UUID"]
    states = world.client("stepfunctions")
    for name in ("own", "victim"):
        definition = json.dumps({"Comment": CANARY if name == "victim" else "", "StartAt": "A",
                                 "States": {"A": {"Type": "Pass", "End": True}}})  # fmt: skip
        states.create_state_machine(name=name, definition=definition, roleArn=arn("iam", f"role/{name}-role", ""))
    made = states.start_execution(stateMachineArn=arn("states", "stateMachine:victim"), name="run",
                                  input=json.dumps(CANARY))  # fmt: skip
    world.ids["victim execution"] = made["executionArn"]
    ec2 = world.client("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    for name in ("own", "victim"):
        made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)
        world.ids[f"{name} instance"] = made["Instances"][0]["InstanceId"]
    world.client("ecr").create_repository(repositoryName="own")
    world.client("ecr").create_repository(repositoryName="victim")


def _streams(world: World) -> None:
    kinesis, logs, events = world.client("kinesis"), world.client("logs"), world.client("events")
    for name, value in (("own", "mine"), ("victim", CANARY)):
        kinesis.create_stream(StreamName=name, ShardCount=1)
        kinesis.put_record(StreamName=name, Data=value.encode(), PartitionKey="1")
        logs.create_log_group(logGroupName=name)
        logs.create_log_stream(logGroupName=name, logStreamName="s")
        import time

        logs.put_log_events(logGroupName=name, logStreamName="s", logEvents=[
            {"timestamp": int(time.time() * 1000), "message": value}])  # fmt: skip
        events.put_rule(Name=name, ScheduleExpression="rate(1 day)", Description=value)
        events.create_event_bus(Name=name)
        world.client("firehose").create_delivery_stream(
            DeliveryStreamName=name, S3DestinationConfiguration={
                "RoleARN": arn("iam", "role/victim-role", ""), "BucketARN": f"arn:aws:s3:::{name}-bucket"})  # fmt: skip
    consumer = kinesis.register_stream_consumer(StreamARN=arn("kinesis", "stream/victim"), ConsumerName="c")
    world.ids["victim consumer"] = consumer["Consumer"]["ConsumerARN"]
    world.ids["victim iterator"] = kinesis.get_shard_iterator(
        StreamName="victim", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    streams = world.client("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=world.ids["victim stream"])["StreamDescription"]["Shards"][0]["ShardId"]
    world.ids["victim shard"] = shard
    world.ids["victim stream iterator"] = streams.get_shard_iterator(
        StreamArn=world.ids["victim stream"], ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]


def _apis(world: World) -> None:
    apis, pools = world.client("apigateway"), world.client("cognito-idp")
    for name, value in (("own", "mine"), ("victim", CANARY)):
        world.ids[f"{name} api"] = api = apis.create_rest_api(name=name, description=value)["id"]
        world.ids[f"{name} root"] = apis.get_resources(restApiId=api)["items"][0]["id"]
        world.ids[f"{name} pool"] = pool = pools.create_user_pool(PoolName=name)["UserPool"]["Id"]
        pools.admin_create_user(UserPoolId=pool, Username="u", UserAttributes=[{"Name": "email", "Value": value}])
        world.client("cloudwatch").put_metric_alarm(
            AlarmName=name, AlarmDescription=value, MetricName="m", Namespace="n", Period=60, EvaluationPeriods=1,
            Threshold=1.0, ComparisonOperator="GreaterThanThreshold", Statistic="Sum")  # fmt: skip
        world.client("scheduler").create_schedule(
            Name=name, ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"}, Description=value,
            Target={"Arn": arn("lambda", f"function:{name}"), "RoleArn": arn("iam", f"role/{name}-role", "")})  # fmt: skip
    world.client("cloudformation").create_stack(
        StackName="victim",
        TemplateBody=json.dumps(
            {
                "Description": CANARY,
                "Resources": {"Q": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "vstack"}}},
            }
        ),
    )


def _others(names: list[str]) -> list[str]:
    return sorted(name for name in names if not name.startswith("own"))


def _s3_state(world: World) -> Any:
    s3 = world.client("s3")
    found: list[Any] = [_others([one["Name"] for one in s3.list_buckets()["Buckets"]])]
    for bucket in ("victim-bucket", "shared-bucket"):
        versions = s3.list_object_versions(Bucket=bucket)
        for one in versions.get("Versions", []):
            if one["Key"].startswith("own/"):
                continue
            tags = s3.get_object_tagging(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])["TagSet"]
            acl = s3.get_object_acl(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])["Grants"]
            found.append((one["Key"], one["VersionId"], one["ETag"], str(tags), str(acl)))
        found += [one["Key"] for one in versions.get("DeleteMarkers", [])]
        found.append(
            [(one["Key"], one["UploadId"]) for one in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])]
        )
        found.append(str(s3.get_bucket_acl(Bucket=bucket)["Grants"]))
        found.append(s3.get_bucket_versioning(Bucket=bucket).get("Status"))
        for ask in ("policy", "tagging", "cors", "website", "lifecycle_configuration", "notification_configuration",
                    "logging", "encryption"):  # fmt: skip
            try:
                answer = getattr(s3, f"get_bucket_{ask}")(Bucket=bucket)
                answer.pop("ResponseMetadata")
                found.append(str(answer))
            except ClientError as error:
                found.append(error.response["Error"]["Code"])
    return found


def _dynamodb_state(world: World) -> Any:
    tables = world.client("dynamodb")
    names = _others(tables.list_tables()["TableNames"])
    found: list[Any] = [
        names,
        [
            one["BackupName"]
            for one in tables.list_backups()["BackupSummaries"]
            if not one["TableName"].startswith("own")
        ],
    ]
    for name in names:
        table = tables.describe_table(TableName=name)["Table"]
        items = sorted(str(one) for one in tables.scan(TableName=name)["Items"])
        found.append((items, table.get("StreamSpecification"), table.get("BillingModeSummary"),
                      tables.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
                      tables.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]))  # fmt: skip
    return found


def _sqs_state(world: World) -> Any:
    sqs = world.client("sqs")
    found = []
    for url in sqs.list_queues().get("QueueUrls", []):
        if not url.rsplit("/", 1)[-1].startswith("own"):
            try:
                got = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
                tags = sqs.list_queue_tags(QueueUrl=url).get("Tags")
            except ClientError as error:
                got, tags = {"error": str(error)}, None
            got.pop("LastModifiedTimestamp", None)
            found.append((url, sorted(got.items()), tags))
    return found


def _sns_state(world: World) -> Any:
    sns = world.client("sns")
    topics = _others([one["TopicArn"].rsplit(":", 1)[-1] for one in sns.list_topics()["Topics"]])
    subscriptions = [(one["TopicArn"], one["SubscriptionArn"], one["Endpoint"])
                     for one in sns.list_subscriptions()["Subscriptions"]
                     if not one["TopicArn"].rsplit(":", 1)[-1].startswith("own")]  # fmt: skip
    got = sns.get_topic_attributes(TopicArn=world.ids["victim topic"])["Attributes"]
    return topics, subscriptions, sorted(got.items()), _sqs_state(world), sns.get_endpoint_attributes(
        EndpointArn=world.ids["victim endpoint"])["Attributes"]  # fmt: skip


def _kms_state(world: World) -> Any:
    kms, key = world.client("kms"), world.ids["victim key"]
    metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
    return (
        _others([one["AliasName"].removeprefix("alias/") for one in kms.list_aliases()["Aliases"]]),
        [(one["AliasName"], one.get("TargetKeyId")) for one in kms.list_aliases()["Aliases"]
         if one.get("TargetKeyId") == key],
        metadata["KeyState"], metadata["Description"], metadata["Enabled"],
        len(kms.list_grants(KeyId=key)["Grants"]), kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"],
        kms.list_resource_tags(KeyId=key)["Tags"], kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"],
    )  # fmt: skip


def _ssm_state(world: World) -> Any:
    ssm = world.client("ssm")
    found = []
    for one in ssm.describe_parameters()["Parameters"]:
        if not one["Name"].lstrip("/").startswith("own/"):
            found.append(
                (
                    one["Name"],
                    one["Version"],
                    str(ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=one["Name"])["TagList"]),
                )
            )
    return sorted(found)


def _secret_state(world: World) -> Any:
    secrets = world.client("secretsmanager")
    return sorted((one["Name"], str(one.get("SecretVersionsToStages")), str(one.get("Tags")), one.get("Description"),
                   one.get("RotationEnabled"), str(one.get("DeletedDate")))
                  for one in secrets.list_secrets(IncludePlannedDeletion=True)["SecretList"] if one["Name"] != "own")  # fmt: skip


def _lambda_state(world: World) -> Any:
    functions = world.client("lambda")
    names = [one for one in functions.list_functions()["Functions"] if one["FunctionName"] != "own"]
    found: list[Any] = [(one["FunctionArn"], one["CodeSha256"], one.get("Description"), str(one.get("Environment")),
                         one["Role"], str(one.get("Layers")), one["Timeout"]) for one in names]  # fmt: skip
    for one in names:
        name = one["FunctionName"]
        try:
            found.append(functions.get_policy(FunctionName=name)["Policy"])
        except ClientError:
            found.append("no policy")
        found.append([alias["Name"] for alias in functions.list_aliases(FunctionName=name)["Aliases"]])
        found.append(len(functions.list_versions_by_function(FunctionName=name)["Versions"]))
        found.append(functions.list_tags(Resource=one["FunctionArn"].split(":$")[0])["Tags"])
    found.append([(one["UUID"], one["FunctionArn"], one.get("State"), one.get("BatchSize"))
                  for one in functions.list_event_source_mappings()["EventSourceMappings"]
                  if one["UUID"] == world.ids["victim mapping"]])  # fmt: skip
    found.append(_others([one["LayerName"] for one in functions.list_layers()["Layers"]]))
    return found


def _iam_state(world: World) -> Any:
    iam = world.client("iam")
    roles = [one for one in iam.list_roles()["Roles"] if ":role/own" not in one["Arn"]]
    found: list[Any] = [_others([one["UserName"] for one in iam.list_users()["Users"]]),
                        _others([one["GroupName"] for one in iam.list_groups()["Groups"]]),
                        _others([one["Arn"].partition("/")[2] for one in iam.list_policies(Scope="Local")["Policies"]])]  # fmt: skip
    for one in roles:
        name = one["RoleName"]
        found.append((name, str(one["AssumeRolePolicyDocument"]), iam.list_role_policies(RoleName=name)["PolicyNames"],
                      str(iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]), one.get("Description"),
                      str(iam.list_role_tags(RoleName=name)["Tags"]), str(one.get("MaxSessionDuration"))))  # fmt: skip
    for name in ("victim-user", "own-attacker", "own-reader"):
        try:
            found.append((iam.list_access_keys(UserName=name)["AccessKeyMetadata"].__len__(),
                          iam.list_user_policies(UserName=name)["PolicyNames"],
                          str(iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]),
                          str(iam.list_groups_for_user(UserName=name)["Groups"])))  # fmt: skip
        except ClientError as error:
            found.append(error.response["Error"]["Code"])
    found.append(len(iam.list_policy_versions(PolicyArn=world.ids["victim policy"])["Versions"]))
    return found


def _events_state(world: World) -> Any:
    events = world.client("events")
    found: list[Any] = [_others([one["Name"] for one in events.list_event_buses()["EventBuses"]])]
    for bus in ("default", "own", "victim"):
        for one in events.list_rules(EventBusName=bus)["Rules"]:
            if bus == "victim" or one["Name"] != "own":
                targets = events.list_targets_by_rule(Rule=one["Name"], EventBusName=bus)["Targets"]
                found.append((bus, one["Name"], one["State"], one.get("Description"), str(targets)))
        found.append(events.describe_event_bus(Name=bus).get("Policy") if bus != "own" else "")
    found.append(_others([one["ArchiveName"] for one in events.list_archives()["Archives"]]))
    return found


def _logs_state(world: World) -> Any:
    logs = world.client("logs")
    groups = [one for one in logs.describe_log_groups()["logGroups"] if one["logGroupName"].split(":")[0] != "own"]
    found: list[Any] = [(one["logGroupName"], one.get("retentionInDays"), one.get("storedBytes"), one.get("kmsKeyId"))
                        for one in groups]  # fmt: skip
    for one in groups:
        name = one["logGroupName"]
        found.append([stream["logStreamName"] for stream in logs.describe_log_streams(logGroupName=name)["logStreams"]])
        found.append(len(logs.filter_log_events(logGroupName=name)["events"]))
        found.append(len(logs.describe_subscription_filters(logGroupName=name)["subscriptionFilters"]))
        found.append(len(logs.describe_metric_filters(logGroupName=name)["metricFilters"]))
        found.append(logs.list_tags_log_group(logGroupName=name)["tags"])
    return found


def _kinesis_state(world: World) -> Any:
    kinesis = world.client("kinesis")
    found: list[Any] = [_others(kinesis.list_streams()["StreamNames"])]
    got = kinesis.describe_stream(StreamName="victim")["StreamDescription"]
    shard = kinesis.get_shard_iterator(StreamName="victim", ShardId="shardId-000000000000",
                                       ShardIteratorType="TRIM_HORIZON")["ShardIterator"]  # fmt: skip
    records = kinesis.get_records(ShardIterator=shard)["Records"]
    found += [got["RetentionPeriodHours"], len(got["Shards"]), str(got["EnhancedMonitoring"]), len(records)]
    found.append(kinesis.list_tags_for_stream(StreamName="victim")["Tags"])
    found.append(len(kinesis.list_stream_consumers(StreamARN=arn("kinesis", "stream/victim"))["Consumers"]))
    return found


def _states_state(world: World) -> Any:
    states = world.client("stepfunctions")
    machines = _others([one["name"] for one in states.list_state_machines()["stateMachines"]])
    victim = arn("states", "stateMachine:victim")
    got = states.describe_state_machine(stateMachineArn=victim)
    runs = states.list_executions(stateMachineArn=victim)["executions"]
    return machines, got["definition"], got["roleArn"], [(one["name"], one["status"]) for one in runs], _others(
        [one["name"] for one in states.list_activities()["activities"]])  # fmt: skip


def _apigateway_state(world: World) -> Any:
    apis = world.client("apigateway")
    found: list[Any] = [sorted((one["id"], one["name"], one.get("description")) for one in apis.get_rest_apis()["items"]
                               if one["id"] != world.ids["own api"])]  # fmt: skip
    victim = world.ids["victim api"]
    found.append(str(sorted(one["path"] for one in apis.get_resources(restApiId=victim)["items"])))
    found.append(str([(one["path"], sorted(one.get("resourceMethods", {})))
                      for one in apis.get_resources(restApiId=victim)["items"]]))  # fmt: skip
    found += [len(apis.get_authorizers(restApiId=victim)["items"]), len(apis.get_deployments(restApiId=victim)["items"]),
              len(apis.get_api_keys()["items"]), len(apis.get_usage_plans()["items"])]  # fmt: skip
    return found


def _cloudformation_state(world: World) -> Any:
    stacks = world.client("cloudformation").describe_stacks()["Stacks"]
    mine = [(one["StackName"], one["StackStatus"], one.get("Description")) for one in stacks
            if not one["StackName"].startswith("own")]  # fmt: skip
    parts = (_s3_state, _sqs_state, _sns_state, _iam_state, _dynamodb_state, _ssm_state, _lambda_state)
    return mine, [part(world) for part in parts]


def _ec2_state(world: World) -> Any:
    found = []
    for group in world.client("ec2").describe_instances()["Reservations"]:
        for one in group["Instances"]:
            if one["InstanceId"] != world.ids["own instance"]:
                found.append((one["InstanceId"], one["State"]["Name"], str(one.get("Tags")), one["InstanceType"]))
    return found


def _pool_state(world: World) -> Any:
    pools, pool = world.client("cognito-idp"), world.ids["victim pool"]
    users = [
        (one["Username"], str(one["Attributes"]), one["Enabled"]) for one in pools.list_users(UserPoolId=pool)["Users"]
    ]
    return (users, len(pools.list_groups(UserPoolId=pool)["Groups"]),
            len(pools.list_user_pool_clients(UserPoolId=pool)["UserPoolClients"]),
            _others([one["Name"] for one in pools.list_user_pools(MaxResults=50)["UserPools"]]))  # fmt: skip


def _rest_state(world: World) -> Any:
    alarms = world.client("cloudwatch").describe_alarms()["MetricAlarms"]
    schedules = world.client("scheduler").list_schedules()["Schedules"]
    return (
        _others([one["AlarmName"] + one["StateValue"] + str(one["ActionsEnabled"]) for one in alarms]),
        _others([one["Name"] + (one.get("State") or "") for one in schedules]),
        _others(world.client("firehose").list_delivery_streams()["DeliveryStreamNames"]),
        _others([one["repositoryName"] for one in world.client("ecr").describe_repositories()["repositories"]]),
    )


STATES: dict[str, Callable[[World], Any]] = {
    "s3": _s3_state, "dynamodb": _dynamodb_state, "sqs": _sqs_state, "sns": _sns_state, "kms": _kms_state,
    "ssm": _ssm_state, "secretsmanager": _secret_state, "lambda": _lambda_state, "iam": _iam_state,
    "events": _events_state, "logs": _logs_state, "kinesis": _kinesis_state, "stepfunctions": _states_state,
    "apigateway": _apigateway_state, "cloudformation": _cloudformation_state, "ec2": _ec2_state,
    "cognito-idp": _pool_state, "rest": _rest_state,
}  # fmt: skip
