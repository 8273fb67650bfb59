"""Random services of APIs, load balancers, user pools, IoT, Alexa and CloudWatch, with every setting of their events.

In: a seed. Out: configurations, plain JSON without variables, often in a form that the framework's schema converts (a
number as text, one value as a list). The same seed gives the same services. The framework refuses a few of them, for
settings that do not go together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, Final

_KINDS: Final = (
    "httpApi", "websocket", "alb", "cognitoUserPool", "iot", "iotFleetProvisioning", "alexaSkill", "alexaSmartHome",
    "cloudwatchEvent", "cloudwatchLog",
)  # fmt: skip
_FUNCTIONS: Final = ("alpha", "be-ta", "gam_ma", "Delta9")
_PATHS: Final = ("/", "/a", "/a/{id}", "/a-b/c_d/{x-y}", "/{proxy+}", "/a.b/~c", "/A/B", "/a/{id}/b/{id2}")
_LISTENERS: Final = (
    "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/front/50dc6c495c0c9188/f2f7dc8efc522ab2",
    "arn:aws-cn:elasticloadbalancing:cn-north-1:111122223333:listener/app/fr-ont/60dc6c495c0c9188/a2f7dc8efc522ab2",
    {"Ref": "Listener"},
    {"Ref": "Other9"},
)
_KEYS: Final = ("arn:aws:kms:us-east-1:111122223333:key/k", {"Fn::GetAtt": ["Key", "Arn"]})
_TRIGGERS: Final = (
    "PreSignUp", "PostConfirmation", "PreAuthentication", "PreTokenGeneration", "CustomMessage", "UserMigration",
    "CustomSMSSender", "CustomEmailSender",
)  # fmt: skip


def services(seed: int, number: int) -> Iterator[dict[str, Any]]:
    """That many configurations."""
    random = Random(seed)
    for _ in range(number):
        yield _Writer(random).service()


class _Writer:
    """Writes one service; priorities of rules and names of log groups are counted through it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.rules = 0
        self.groups = 0
        self.keys: dict[str, Any] = {}
        self.external = False
        self.prefixed = False
        self.authorizers: list[str] = []
        self.guards: list[str] = []
        self.functions: list[str] = []

    # values

    def one(self, *values: Any) -> Any:
        return self.random.choice(values)

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def some(self, of: float = 0.4, **settings: Callable[[], Any]) -> dict[str, Any]:
        """Some of the settings."""
        return {name: value() for name, value in settings.items() if self.chance(of)}

    def flag(self) -> Any:
        return self.one(True, False, True, False, "true", "false", None, 1, 0)

    def number(self, *values: int) -> Any:
        value = self.one(*values)
        return str(value) if self.chance(0.15) else value

    def texts(self) -> Any:
        return self.one(["a", "b"], "a", ["a", "a"], ["x"], [5], 5, [])

    def arn(self, service: str, resource: str) -> Any:
        here = f"{service}:us-east-1:111122223333:{resource}"
        return self.one(
            f"arn:aws:{here}", {"Fn::GetAtt": ["Some", "Arn"]}, {"Fn::ImportValue": "x-y"}, {"Ref": "Some"},
            {"Fn::Sub": f"arn:${{AWS::Partition}}:{here}"}, {"Fn::Join": [":", ["arn", "aws", here]]},
        )  # fmt: skip

    # the service

    def service(self) -> dict[str, Any]:
        kinds = self.random.sample(_KINDS, self.random.randint(1, 3))
        provider: dict[str, Any] = {"name": "aws", "runtime": "nodejs18.x", "stage": "dev", "region": "us-east-1"}
        provider |= self.some(
            0.3, tags=lambda: {"a": "b", "n": self.one(5, True, "x")}, stage=lambda: "live",
            logRetentionInDays=lambda: self.number(1, 30), stackName=lambda: "my-stack",
            logDataProtectionPolicy=lambda: {"Name": "n"},
        )  # fmt: skip
        logs: dict[str, Any] = {}
        if "httpApi" in kinds:
            provider["httpApi"] = self.http_api()
            if not self.external:
                logs |= self.some(httpApi=lambda: self.one(True, False, {"format": "x"}, {}, "true"))
        if "websocket" in kinds:
            logs |= self.some(
                0.6, websocket=self.websocket_logs, restApi=lambda: self.one(
                    {"role": "arn:aws:iam::111122223333:role/x"}, {"roleManagedExternally": True}, True
                ),
            )  # fmt: skip
            provider |= self.some(
                0.25, websocketsApiName=lambda: "talk", websocketsDescription=lambda: "Talking",
                websocketsApiRouteSelectionExpression=lambda: "$request.body.x",
                websocket=lambda: {"useProviderTags": self.flag()},
                apiGateway=lambda: {"websocketApiId": self.one("abc", {"Fn::ImportValue": "w"}, {"Ref": "Other"})},
            )  # fmt: skip
        if logs:
            provider["logs"] = logs
        if "alb" in kinds:
            provider["alb"] = self.some(
                0.5, targetGroupPrefix=lambda: "pre-",
                authorizers=lambda: {name: self.guard() for name in ("x1", "y-2")},
            )  # fmt: skip
            self.prefixed = "targetGroupPrefix" in provider["alb"]
            self.guards = list(provider["alb"].get("authorizers", ()))
        self.functions = [*_FUNCTIONS[:2], *self.random.sample(_FUNCTIONS[2:], self.random.randint(0, 2))]
        functions = {key: self.function(kinds) for key in self.functions}
        return {"service": self.one("svc", "my-svc"), "provider": provider, "functions": functions}

    def function(self, kinds: Sequence[str]) -> dict[str, Any]:
        function: dict[str, Any] = {"handler": "h.f"}
        function |= self.one({}, {}, {}, {"provisionedConcurrency": 1}, {"snapStart": self.flag()})
        if "httpApi" in kinds:
            function |= self.some(0.15, httpApi=lambda: {"payload": self.one("1.0", "2.0")})
        events: list[dict[str, Any]] = []
        for kind in kinds:
            if self.chance(0.25):
                continue
            if kind == "cognitoUserPool":
                events += self.pools()
                continue
            for _ in range(1 if kind == "iotFleetProvisioning" else self.random.randint(1, 3)):
                events.append({kind: getattr(self, f"event_{kind}")()})
        return {**function, "events": events}

    # APIs

    def http_api(self) -> dict[str, Any]:
        api: dict[str, Any] = self.some(
            name=lambda: self.one("api", 5), description=lambda: "About", payload=lambda: self.one("1.0", "2.0", 2),
            metrics=self.flag, disableDefaultEndpoint=self.flag, shouldStartNameWithService=self.flag,
        )  # fmt: skip
        self.external = self.chance(0.2)
        if self.external:
            return {**api, "id": self.one("abc", {"Fn::ImportValue": "api"})}
        api |= self.some(
            0.5, cors=self.cors, authorizers=lambda: {name: self.authorizer() for name in ("a1", "b-2", "c_3")}
        )
        self.authorizers = list(api.get("authorizers", ()))
        return api

    def cors(self) -> Any:
        if self.chance(0.3):
            return self.flag()
        return self.some(
            allowedHeaders=self.texts, allowedMethods=self.texts, allowedOrigins=self.texts,
            exposedResponseHeaders=self.texts, allowCredentials=self.flag, maxAge=lambda: self.number(0, 10, 6000),
        )  # fmt: skip

    def authorizer(self) -> dict[str, Any]:
        source = ("$request.header.A", ["$request.header.A"], ["$request.header.A", "$request.header.B"])
        named = self.some(0.2, name=lambda: self.one("my-n", "n_2"))
        if self.chance(0.5):
            audience = self.one("a", ["a"], ["a", "b", "a"], {"Ref": "C"}, [{"Ref": "C"}], [{"Ref": "C"}, "a"])
            issuer = self.one("https://issuer.example", {"Fn::Sub": "https://${C}.example"})
            jwt = {"identitySource": self.one(*source), "issuerUrl": issuer, "audience": audience}
            return {**named, **jwt, **self.some(type=lambda: "jwt")}
        called = self.one({"functionName": "be-ta"}, {"functionArn": self.arn("lambda", "function:x")})
        return {"type": "request", **named, **called} | self.some(
            0.5, identitySource=lambda: self.one(*source, [{"Ref": "X"}], {"Ref": "X"}),
            resultTtlInSeconds=lambda: self.number(0, 60, 3600), enableSimpleResponses=self.flag,
            payloadVersion=lambda: self.one("1.0", "2.0", 2), managedExternally=self.flag,
        )  # fmt: skip

    def event_httpApi(self) -> Any:
        number = self.random.randint(0, 99)
        if self.chance(0.4):
            return self.one("*", f"GET /s{number}", f"any {self.one(*_PATHS)}{number}", f"Delete /q/{{p+}}{number}")
        event = {"path": f"{self.one(*_PATHS)}{number}"} | self.some(
            0.97, method=lambda: self.one("get", "GET", "Post", "*", "ANY", "any", "PATCH", "HEAD", "OPTIONS")
        )
        scopes = self.one(["a", "b"], "a", ["a", "a"], [])
        guards: list[Any] = [{"type": "aws_iam"}]
        if self.external:
            known = {"id": {"Fn::ImportValue": "z"}, "type": self.one("request", "jwt")}
            guards += [{"id": "abc"}, known, {"id": "x", "scopes": scopes}]
        for name in self.authorizers:
            guards += [name, {"name": name, "scopes": scopes}, {"name": name, "type": "request"}]
        return event | self.some(0.5, authorizer=lambda: self.one(*guards))

    def websocket_logs(self) -> Any:
        kinds = {"accessLogging": self.flag(), "executionLogging": self.flag(), "fullExecutionData": self.flag()}
        return self.one(True, False, "true", {}, kinds, {"level": "ERROR", "format": "f"}, {"level": "INFO"})

    def event_websocket(self) -> Any:
        if self.chance(0.3):
            return self.one("$connect", "$disconnect", "$default", "a/b-c_d.e", "Xy")
        function = self.one(*self.functions)
        identity = self.one(["route.request.header.X"], "one", [])
        event = {"route": self.one("$connect", "$disconnect", "$default", "r1", "r2", "a-b", 5)}
        return event | self.some(
            routeResponseSelectionExpression=lambda: "$default",
            authorizer=lambda: self.one(
                function, {"name": function}, {"name": function, "identitySource": identity},
                "arn:aws:lambda:us-east-1:111122223333:function:o-t_her",
                {"arn": "arn:aws:lambda:us-east-1:111122223333:function:q:live"},
                self.authorizer_elsewhere(),
            ),
        )  # fmt: skip

    def authorizer_elsewhere(self) -> dict[str, Any]:
        """One name for each ARN: Serverless 3 merges two ARNs of a name into a value that CloudFormation refuses."""
        arn = self.arn("lambda", "function:zz")
        return {"arn": arn, "name": "outside" if isinstance(arn, str) else f"outside{next(iter(arn))[-3:]}"}

    # load balancers

    def guard(self) -> dict[str, Any]:
        common = self.some(
            onUnauthenticatedRequest=lambda: self.one("deny", "allow", "authenticate"), scope=lambda: "openid",
            requestExtraParams=lambda: {"a": self.one("b", 5)}, sessionCookieName=lambda: "c",
            sessionTimeout=lambda: self.number(0, 700),
        )  # fmt: skip
        if self.chance(0.5):
            pool = {"userPoolArn": self.arn("cognito-idp", "userpool/x"), "userPoolClientId": self.one("a", 5)}
            return {"type": "cognito", **pool, "userPoolDomain": "d", **common}
        urls = {
            name: f"https://{name}.example"
            for name in ("authorizationEndpoint", "issuer", "tokenEndpoint", "userInfoEndpoint")
        }
        return {"type": "oidc", "clientId": "c", **urls, **common, **self.some(clientSecret=lambda: "s")}

    def event_alb(self) -> dict[str, Any]:
        self.rules += 1
        one, two = {"name": "X", "values": ["a"]}, [{"name": "X", "values": "a"}, {"name": "Y", "values": ["a", "b"]}]
        conditions = self.some(
            path=lambda: self.one("/a", ["/a", "/b"]), host=lambda: self.one("a.example", ["a.example"]),
            method=lambda: self.one("GET", ["GET", "PUT"]), header=lambda: self.one(one, two),
            query=lambda: {"a": "b", "c": self.one(5, "d", True)}, ip=lambda: self.one("10.0.0.0/8", ["::/0"]),
        )  # fmt: skip
        conditions = conditions or {"path": "/z"}
        event = {"listenerArn": self.one(*_LISTENERS), "priority": self.number(self.rules), "conditions": conditions}
        event |= self.some(multiValueHeaders=self.flag, healthCheck=self.health)
        if not self.prefixed:
            event |= self.some(0.2, targetGroupName=lambda: self.one("tg-1", 7))
        if self.guards:
            event |= self.some(0.5, authorizer=lambda: self.one(self.guards[0], self.guards[:1], self.guards))
        return event

    def health(self) -> Any:
        return self.one(
            True, False, {}, {"path": "/h", "intervalSeconds": self.number(5, 300)}, {"matcher": {}},
            {"timeoutSeconds": self.number(2, 120), "healthyThresholdCount": self.number(2, 9)},
            {"unhealthyThresholdCount": self.number(2, 9), "matcher": {"httpCode": self.one("200", 200, "200-299")}},
        )  # fmt: skip

    # the others

    def pools(self) -> Iterator[dict[str, Any]]:
        existing = self.chance(0.4)
        base = self.one("one", "two-x")
        for _ in range(self.random.randint(1, 2)):
            trigger = self.one(*_TRIGGERS)
            pool = f"{base}-old" if existing else self.one("one", "two-x", "th ree")
            event: dict[str, Any] = {"pool": pool, "trigger": trigger}
            if existing:
                event["existing"] = self.one(True, "true")
                event |= self.some(0.2, forceDeploy=self.flag)
            if trigger.endswith("Sender"):
                event["kmsKeyId"] = self.keys.setdefault(pool, self.one(*_KEYS))
            elif trigger == "PreTokenGeneration":
                event |= self.some(lambdaVersion=lambda: self.one("V1_0", "V2_0", "V3_0"))
            yield {"cognitoUserPool": event}

    def event_iot(self) -> dict[str, Any]:
        return {"sql": self.one("SELECT * FROM 'a'", "SELECT\n1", 5)} | self.some(
            sqlVersion=lambda: self.one("2015-10-08", "beta"), name=lambda: self.one("n", "a\nb", 5),
            enabled=self.flag, description=lambda: self.one("d", "a\r\nb", "", True),
        )  # fmt: skip

    def event_iotFleetProvisioning(self) -> dict[str, Any]:
        body = self.one({}, {"a": {"b": [1, None, "x"], "c": None}, "1": 2, "0": None}, {"Ref": "X"})
        return {"templateBody": body, "provisioningRoleArn": self.arn("iam", "role/x")} | self.some(
            enabled=self.flag, templateName=lambda: self.one("t", 5)
        )

    def event_alexaSkill(self) -> Any:
        return self.one("amzn1.ask.skill.x", {"appId": "amzn1.ask.skill.y"}, {"appId": "a", "enabled": self.flag()})

    event_alexaSmartHome = event_alexaSkill

    def event_cloudwatchEvent(self) -> dict[str, Any]:
        pattern = self.one(
            {"source": ["aws.ec2"]}, {"detail-type": ["say"], "n": None},
            {"source": ["a"], "detail": {"x": [1, None, {"prefix": "a\nb"}], "y": {"z": [True, 1.5]}}},
        )  # fmt: skip
        known = {"inputTemplate": '"x" \\n <a>\n', "inputPathsMap": {"a": "$.b", "c": 5}}
        given = self.one(
            {}, {"input": {"a": 1, "b": {"c": [1, None]}, "n": None}}, {"input": '{"a":"b"}'}, {"input": 5},
            {"inputPath": "$.a\n.b"}, {"inputTransformer": {"inputTemplate": "<a>", "inputPathsMap": {}}},
            {"inputTransformer": known},
        )  # fmt: skip
        return {"event": pattern, **given} | self.some(
            name=lambda: self.one("r.1", 5), description=lambda: self.one("hello", "é"), enabled=self.flag
        )

    def event_cloudwatchLog(self) -> Any:
        self.groups += 1
        group = self.one("/aws/lambda/a", "/aws/x", "/b/a#c_") + str(self.groups if self.chance(0.8) else 1)
        filters = ("ERROR", '{$.a = "b"}', '{$.a = \\"b\\"}', '"a" \\"b\\"', "a\nb", "", 5, "\\'x\\' \"y\"", '\\\\ "')
        return group if self.chance(0.4) else {"logGroup": group} | self.some(filter=lambda: self.one(*filters))
