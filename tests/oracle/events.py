"""Random services full of events: those that Lambda polls, and those by a rule, a bucket, a topic or a distribution.

In: a seed. Out: configurations, plain JSON, with every setting of those events, often in a form that the framework's
schema converts (a number as text, one value as a list). The same seed gives the same services. The framework refuses a
few of them, for settings that do not go together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final

_ACCOUNT: Final = "123456789012"
_ARN: Final = "arn:aws:{}:us-east-1:" + _ACCOUNT + ":{}"
_BY_VARIABLES: Final = "arn:aws:{}:${{aws:region}}:${{aws:accountId}}:{}"
_SECRETS: Final = [_ARN.format("secretsmanager", f"secret:s-{number}") for number in range(3)]
_POLICY: Final[Mapping[str, Any]] = {
    "DefaultTTL": 1,
    "MaxTTL": 2,
    "MinTTL": 0,
    "ParametersInCacheKeyAndForwardedToOrigin": {
        "CookiesConfig": {"CookieBehavior": "none"},
        "EnableAcceptEncodingGzip": True,
        "HeadersConfig": {"HeaderBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "none"},
    },
}
_RESOURCES: Final[Mapping[str, Any]] = {
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
    },
    "Bucket": {"Type": "AWS::S3::Bucket"},
}


def services(seed: int, number: int) -> Iterator[dict[str, Any]]:
    """That many configurations."""
    random = Random(seed)
    for _ in range(number):
        yield _Writer(random).service()


class _Writer:
    """Writes one service; an existing bucket is the same one everywhere, as the framework wants it of a function."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.existing = self.one("old-photos", {"Ref": "Bucket"})
        self.paths = iter(range(100))

    def service(self) -> dict[str, Any]:
        provider: dict[str, Any] = {"name": "aws", "runtime": "nodejs22.x"}
        functions = self.random.sample(["fn", "other-fn", "third_fn"], self.random.randint(1, 3))
        at_edge = self.chance(0.15)
        if at_edge:
            provider["cloudFront"] = {"cachePolicies": {"short-lived": dict(_POLICY)}}
        provider |= self.some(
            s3={"configured": self.one(
                {"name": "real-name", "versioningConfiguration": {"Status": "Enabled"}},
                {"notificationConfiguration": {"TopicConfigurations": [{"Event": "s3:*", "Topic": {"Ref": "T"}}]}},
            )},
            kinesis={"consumerNamingMode": "serviceSpecific"},
            eventBridge={"useCloudFormation": self.one(True, False)},
        )  # fmt: skip
        return {
            "service": "drawn",
            "provider": provider,
            "functions": {key: self.function(at_edge and index == 0) for index, key in enumerate(functions)},
            "resources": {"Resources": dict(_RESOURCES)},
        }

    def function(self, at_edge: bool) -> dict[str, Any]:
        roles = "Role", {"Fn::GetAtt": ["Role", "Arn"]}, _ARN.format("iam", "role/r"), {"Fn::ImportValue": "r"}
        kinds = ["cloud_front"] if at_edge else [
            "sqs", "stream", "schedule", "s3", "sns", "kafka", "activemq", "rabbitmq", "msk", "event_bridge",
        ]  # fmt: skip
        function: dict[str, Any] = {"handler": "a.b", "events": []}
        if self.chance(0.2) and not at_edge:
            function |= self.one({"provisionedConcurrency": 2}, {"durableConfig": {"executionTimeout": 60}})
        if self.chance(0.2):
            function["role"] = self.one(*roles)
        for _ in range(self.random.randint(1, 6)):
            kind = self.one(*kinds)
            name = {"event_bridge": "eventBridge", "cloud_front": "cloudFront"}.get(kind, kind)
            function["events"].append({name: getattr(self, kind)()})
        return function

    # Values

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, *values: Any) -> Any:
        return self.random.choice(values)

    def some(self, **settings: Any) -> dict[str, Any]:
        """Some of the settings."""
        return {name: value for name, value in settings.items() if self.chance(0.4)}

    def number(self, *values: float) -> Any:
        value = self.one(*values)
        return self.one(value, value, str(value), [value])

    def text(self, *values: str | int) -> Any:
        value = self.one(*values)
        return self.one(value, value, [value])

    def boolean(self) -> Any:
        return self.one(True, False, "true", "false", None, 0, 1)

    def patterns(self) -> list[Any]:
        return [
            self.one(
                {"a": [1, 2.5, None, True, 'x"y\\z\n']},
                {"b": {"10": 1, "2": [{"prefix": "é"}], "n": None, "z": {}}},
                {"c": [{"numeric": [">", 1e21, "<", 0.1]}]},
            )
            for _ in range(self.random.randint(1, 3))
        ]

    def named(self, service: str, name: str, attribute: str = "Arn") -> Any:
        """The ARN of something, written out or by an intrinsic function."""
        parts = ["arn", "aws", service, {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}, f"x/{name}"]
        return self.one(
            {"Fn::GetAtt": [name, attribute]}, {"Fn::ImportValue": f"export:{name}"}, {"Fn::Join": [":", parts]}
        )

    def polled(self) -> dict[str, Any]:
        """What the events of brokers and clusters have in common."""
        return self.some(
            batchSize=self.number(1, 10), maximumBatchingWindow=self.number(0, 3), enabled=self.boolean(),
            filterPatterns=self.patterns(),
        )  # fmt: skip

    # Events

    def sqs(self) -> Any:
        arn = self.one(_ARN.format("sqs", "q-one"), _ARN.format("sqs", "q_two.fifo"), _BY_VARIABLES.format("sqs", "q"))
        if self.chance(0.3):
            return arn
        return {
            "arn": self.one(arn, self.named("sqs", "Jobs")),
            **self.polled(),
            **self.some(functionResponseType="ReportBatchItemFailures", maximumConcurrency=self.number(2, 50)),
        }

    def stream(self) -> Any:
        kind = self.one("dynamodb", "kinesis")
        number = self.random.randint(1, 3)
        arn = _ARN.format("dynamodb", f"table/t-{number}/stream/2024")
        if kind == "kinesis":
            arn = _ARN.format("kinesis", f"stream/s_{number}")
        if self.chance(0.2):
            return arn
        failed = [_ARN.format("sqs", "failed"), {"arn": _ARN.format("sns", "failed")}]
        return {
            **self.one({"arn": arn}, {"type": kind, "arn": self.one({"Ref": "Arn"}, self.named("kinesis", "Stream"))}),
            **self.some(
                batchSize=self.number(1, 100), parallelizationFactor=self.number(1, 10), enabled=self.boolean(),
                startingPosition=self.one("LATEST", "TRIM_HORIZON"), batchWindow=self.number(0, 300),
                startingPositionTimestamp=self.number(17, 1700000000.25), maximumRetryAttempts=self.number(-1, 0, 5),
                consumer=self.one(True, _ARN.format("kinesis", "stream/s/consumer/c:1"), {"Ref": "Consumer"}),
                bisectBatchOnFunctionError=self.boolean(), maximumRecordAgeInSeconds=self.number(-1, 60),
                functionResponseType="ReportBatchItemFailures", tumblingWindowInSeconds=self.number(0, 900),
                filterPatterns=self.patterns(),
                destinations={"onFailure": self.one(*failed, {"type": "sns", "arn": {"Ref": "Failed"}})},
            ),
        }  # fmt: skip

    def schedule(self) -> Any:
        if self.chance(0.25):
            return self.one("rate(1 day)", "cron(0 3 ? * MON-FRI *)")
        rates = self.one(
            "rate(2 hours)", ["rate(1 hour)"], ["rate(3 minutes)", "cron(0 12 * * ? *)"],
            [{"Fn::Sub": "rate(${M} minutes)"}],
        )  # fmt: skip
        body = {"body": '{"b": 1, "a": [2.0, "x"]}'}
        inputs: list[Any] = [{"a": "b", "n": 1.5, "10": 1, "9": None}, {}, body, '{"a": 1}', "plain"]
        settings = {"rate": rates, **self.some(enabled=self.boolean(), description=self.text("Some text", 12))}
        if isinstance(rates, list) and len(rates) == 1:
            settings |= self.some(name=self.text("a-name", 77))
        if self.chance(0.4):
            role = self.one(_ARN.format("iam", "role/x"), {"Fn::GetAtt": ["Role", "Arn"]})
            group = self.one("nightly", {"Ref": "Group"})
            settings["method"] = "scheduler"
            return settings | self.some(
                input=self.one(*inputs), timezone="Europe/Berlin", groupName=group, roleArn=role
            )
        transformer = {"inputTemplate": '{"a": <b>}', **self.some(inputPathsMap={"b": "$.b"})}
        return settings | self.one(
            {}, {"input": self.one(*inputs)}, {"inputPath": "$.detail"}, {"inputTransformer": transformer},
            {"method": "eventBus"},
        )  # fmt: skip

    def s3(self) -> Any:
        new = self.one("new-bucket", "configured", "photos.example")
        if self.chance(0.25):
            return new
        rules = self.one([], [{"prefix": "in/"}], [{"prefix": "a"}, {"suffix": ".jpg"}], [{"suffix": {"Ref": "S"}}])
        return {
            **self.one({"bucket": new}, {"bucket": self.existing, "existing": self.one(True, "true")}),
            **self.some(event=self.one("s3:ObjectCreated:Put", "s3:ObjectRemoved:*"), rules=rules),
        }

    def sns(self) -> Any:
        if self.chance(0.3):
            return self.one("topic-a", "topic_b", _ARN.format("sns", "t_c"))
        arn = self.one(
            _ARN.format("sns", "t_c"), f"arn:aws:sns:eu-west-1:{_ACCOUNT}:t-d", _BY_VARIABLES.format("sns", "v")
        )
        imported = {"arn": _ARN.format("sqs", "dead"), "url": "u"}
        redrive = self.one(
            {"deadLetterTargetArn": _ARN.format("sqs", "dead")}, {"deadLetterTargetRef": "Dead"},
            {"deadLetterTargetImport": imported},
        )  # fmt: skip
        return {
            **self.one({"topicName": self.one("topic-a", 99)}, {"arn": arn}, {"arn": {"Ref": "T"}, "topicName": "n-2"}),
            **self.some(
                displayName=self.text("Display", 5), filterPolicy={"a": ["x"]}, filterPolicyScope="MessageBody",
                redrivePolicy=redrive,
            ),
        }  # fmt: skip

    def kafka(self) -> Any:
        secrets = ("saslPlainAuth", "saslScram256Auth", "clientCertificateTlsAuth", "serverRootCaCertificate")
        network = {"vpcSubnet": self.one("subnet-1", ["subnet-1", "subnet-2"]), "vpcSecurityGroup": ["sg-1"]}
        return {
            "topic": self.one("t.one", "t_two", 7),
            "bootstrapServers": self.one("a.example:9092", ["a.example:9092", "b.example:9092"]),
            "accessConfigurations": {
                "saslScram512Auth": _SECRETS[0],
                **self.some(**{name: self.one(_SECRETS[1], _SECRETS) for name in secrets}),
                **self.one({}, network),
            },
            **self.polled(),
            **self.some(
                startingPosition="LATEST", startingPositionTimestamp=self.number(0, 17),
                consumerGroupId=self.text("g", 8), onFailureDestination=_ARN.format("sqs", "failed"),
                provisionedPollerConfig=self.some(minimumPollers=self.number(1)) or {"maximumPollers": self.number(2)},
            ),
        }  # fmt: skip

    def activemq(self) -> Any:
        broker = _ARN.format("mq", "broker:B:b-1234")
        return {
            "arn": self.one(broker, {"Ref": "Broker"}, {"Fn::ImportValue": "b"}),
            "queue": self.one("q.a", "q-b", 5),
            "basicAuthArn": self.one(_SECRETS[0], {"Ref": "Secret"}),
            **self.polled(),
        }

    def rabbitmq(self) -> Any:
        return {**self.activemq(), **self.some(virtualHost=self.text("/", "prod"))}

    def msk(self) -> Any:
        cluster = _ARN.format("kafka", "cluster/c-1/u")
        return {
            "arn": self.one(cluster, {"Ref": "Cluster"}, {"Fn::ImportValue": "c"}),
            "topic": self.one("t.a", "t-b"),
            **self.polled(),
            **self.some(
                startingPosition="LATEST", startingPositionTimestamp=self.number(0, 17), saslScram512=_SECRETS[2],
                consumerGroupId=self.text("g/1", 8), provisionedPollerConfig=self.some(minimumPollers=self.number(1)),
            ),
        }  # fmt: skip

    def event_bridge(self) -> Any:
        retry = self.some(maximumEventAge=self.number(60), maximumRetryAttempts=self.number(0))
        buses = (
            "default", "my-bus", "my_bus2", 88, _ARN.format("events", "event-bus/old"),
            _BY_VARIABLES.format("events", "event-bus/team/bus"), {"Ref": "Bus"}, {"Fn::GetAtt": ["Bus", "Name"]},
        )  # fmt: skip
        return {
            **self.one({"pattern": {"source": ["x"], "detail": {"a": [1]}}}, {"schedule": "rate(1 day)"}),
            **self.some(
                eventBus=self.one(*buses), name=self.text("rule-name", "x" * 60, 34), enabled=self.boolean(),
                description=self.text("Text", 12), retryPolicy=retry,
                deadLetterQueueArn=self.one(_ARN.format("sqs", "dead"), {"Fn::GetAtt": ["Dead", "Arn"]}),
            ),
            **self.one(
                {}, {"input": self.one({"a": 1, "5": 2, "3": {"x": None}}, {})}, {"inputPath": "$.d"},
                {"inputTransformer": {"inputTemplate": "<a>", "inputPathsMap": {"a": "$.a"}}},
            ),
        }  # fmt: skip

    def cloud_front(self) -> Any:
        policy = self.one({"name": "short-lived"}, {"id": "x"}, {"id": {"Ref": "Policy"}})
        behavior = self.some(
            AllowedMethods=["GET", "HEAD"], Compress=self.boolean(), MinTTL=self.number(0, 5), CachePolicyId="mine",
            ForwardedValues={"QueryString": True, "Headers": ["a"]}, ViewerProtocolPolicy="https-only",
        )  # fmt: skip
        return {
            "eventType": self.one("viewer-request", "origin-request", "origin-response", "viewer-response"),
            "origin": "https://App.example/x" if self.chance(0.7) else self.one(
                "s3://files.s3.amazonaws.com",
                {"DomainName": "d.example", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}},
                {"DomainName": {"Fn::GetAtt": ["B", "Domain"]}, "OriginPath": "/p", "S3OriginConfig": {}},
            ),
            "pathPattern": f"/p{next(self.paths)}/*",
            **self.some(isDefaultOrigin=True, includeBody=self.boolean(), cachePolicy=policy, behavior=behavior),
        }  # fmt: skip
