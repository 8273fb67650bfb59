"""Random services with a REST API: paths, methods, authorizers, integrations, keys and plans, and APIs of other stacks.

In: a seed. Out: configurations, plain JSON without variables, often in a form that the framework's schema converts (a
number as text, one value as a list). The same seed gives the same services. The framework refuses a few of them, for
settings that do not go together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final

_SEGMENTS: Final = (
    "a", "b", "users", "{id}", "{user-id}", "{proxy+}", "v1", "2024", "x.y", "a_b", "c-d", "A", "ID", "{ID}", "~q",
)  # fmt: skip
_ARNS: Final = (
    "arn:aws:lambda:us-east-1:111122223333:function:shop-dev-gate",
    "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_Abc",
    "arn:aws-cn:cognito-idp:cn-north-1:111122223333:userpool/cn-north-1_X",
)
_INTEGRATIONS: Final = (
    "lambda", "LAMBDA_PROXY", "lambda-proxy", "aws", "AWS-PROXY", "http", "HTTP_PROXY", "http-proxy", "mock",
)  # fmt: skip


def services(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """``count`` services, drawn with a seed."""
    for number in range(count):
        yield _Drawing(Random(f"{seed}-{number}")).service()


def _mend(event: dict[str, Any]) -> None:
    """Bring together what the framework would refuse."""
    kind = event.get("integration", "aws" if "async" in event else "lambda-proxy").upper().replace("-", "_")
    if kind.startswith("HTTP"):
        event.setdefault("request", {}).setdefault("uri", "https://y.example")
        event.setdefault("response", {})
    response = event.get("response", {})
    if not kind.endswith("PROXY"):
        response.pop("transferMode", None)
    if kind == "MOCK" and "response" in event:
        response.setdefault("statusCodes", {"200": {}})
    if isinstance(event.get("authorizer"), dict):
        event["authorizer"].pop("claims", None)


class _Drawing:
    """One service being drawn."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def pick(self, *values: Any) -> Any:
        return self.random.choice(values)

    def some(self, **settings: tuple[float, Callable[[], Any]]) -> dict[str, Any]:
        """Each setting with its probability."""
        return {name: draw() for name, (often, draw) in settings.items() if self.random.random() < often}

    def service(self) -> dict[str, Any]:
        functions: dict[str, Any] = {
            "gate-one": {"handler": "a.gate"},
            "gateTwo": {"handler": "a.gate"},
            "fast": {"handler": "a.fast", **self.pick({"provisionedConcurrency": 1}, {"snapStart": True}, {})},
        }
        for number in range(self.random.randint(1, 3)):
            events = [{"http": self.event()} for _ in range(self.random.randint(1, 4))]
            more = self.some(provisionedConcurrency=(0.15, lambda: 2))
            functions[self.pick("f", "g-h", "i_j", "Zed") + str(number)] = {"handler": "a.b", "events": events, **more}
        provider = {"name": "aws", "runtime": "python3.12", "stage": "dev", "region": "us-east-1"}
        return {
            "service": self.pick("shop", "my-shop", "s_9"), "provider": provider | self.provider(),
            "functions": functions,
        }  # fmt: skip

    def provider(self) -> dict[str, Any]:
        logs: tuple[Any, ...] = (
            True,
            False,
            {},
            {"roleManagedExternally": True},
            {"accessLogging": False},
            {"level": "ERROR"},
        )
        found = self.some(
            apiGateway=(0.7, self.gateway),
            apiName=(0.1, lambda: self.pick("api-n", 5)),
            endpointType=(0.3, lambda: self.pick("regional", "PRIVATE", "edge")),
            tags=(0.2, lambda: {"a": "b"}),
            logRetentionInDays=(0.2, lambda: 14),
            logs=(0.3, lambda: {"restApi": self.pick(*logs)}),
        )
        if found.get("endpointType") == "PRIVATE" and self.pick(True, False):
            found["vpcEndpointIds"] = self.pick(["vpce-1"], [{"Ref": "V"}], "vpce-2")
        return found

    def gateway(self) -> dict[str, Any]:
        schemas = {"one": {"schema": {"type": "object"}, "name": "S1"}, "two-b": {"schema": {"type": "string"}}}
        found = self.some(
            apiKeySourceType=(0.2, lambda: self.pick("header", "AUTHORIZER")),
            binaryMediaTypes=(0.2, lambda: self.pick(["*/*"], "image/png")),
            description=(0.2, lambda: self.pick("d", 5)),
            disableDefaultEndpoint=(0.2, lambda: self.pick(True, "true")),
            endpoint=(0.1, lambda: {"securityPolicy": "S", "accessMode": "basic"}),
            minimumCompressionSize=(0.2, lambda: self.pick(0, 1024, "7")),
            shouldStartNameWithService=(0.2, lambda: self.pick(True, "false")),
            stage=(0.1, lambda: "live"),
            timeoutInMillis=(0.2, lambda: self.pick(99, "88")),
            resourcePolicy=(0.3, lambda: [self.statement()]),
            request=(0.7, lambda: {"schemas": schemas}),
            usagePlan=(0.4, self.plans),
        )
        if self.random.random() < 0.5:
            found["apiKeys"] = [self.key() for _ in range(self.random.randint(1, 3))]
            for plan in found["usagePlan"] if isinstance(found.get("usagePlan"), list) else []:
                found["apiKeys"].append({next(iter(plan)): [self.key()]})
        if self.random.random() < 0.2:
            existing = {self.path().strip("/"): self.pick("r1", {"Ref": "R"}) for _ in range(2)}
            listed = [{"path": path, "resourceId": f"r{number}"} for number, path in enumerate(existing)]
            found |= {"restApiId": self.pick("api1", {"Fn::ImportValue": "i"}), "restApiRootResourceId": "root1"}
            found |= self.some(restApiResources=(0.7, lambda: self.pick(existing, listed)))
        return found

    def statement(self) -> dict[str, Any]:
        anyone = ("*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::111122223333:root", 111122223333]}, {"Service": "a.b"})
        resources = ("*", ["*"], "execute-api:/*", ["execute-api:/x"], ["arn:aws:x"], [{"Fn::Sub": "a"}])
        actions = ("execute-api:Invoke", ["execute-api:Invoke", "execute-api:ManageConnections"])
        return {
            "Effect": self.pick("Allow", "Deny"), "Principal": self.pick(*anyone), "Action": self.pick(*actions),
            "Resource": self.pick(*resources),
        }  # fmt: skip

    def plans(self) -> Any:
        names = self.random.sample(["free", "paid", "default", "x-y"], self.random.randint(1, 3))
        return self.pick(self.plan(), [{name: self.plan()} for name in names])

    def plan(self) -> dict[str, Any]:
        return self.some(
            quota=(0.6, lambda: {"limit": self.pick(1, "2"), "period": "DAY"}),
            throttle=(0.6, lambda: self.some(burstLimit=(0.7, lambda: self.pick(0, "4")), rateLimit=(0.7, lambda: 5))),
        )

    def key(self) -> Any:
        settings = self.some(value=(0.6, lambda: "v" * 20), enabled=(0.4, lambda: self.pick(True, "false")))
        return self.pick("k1", "key-two", 42, {"name": "n", **settings})

    def path(self) -> str:
        path = "/".join(str(self.pick(*_SEGMENTS)) for _ in range(self.random.randint(0, 4)))
        return f"{self.pick('', '', '/')}{path}{self.pick('', '', '', '/' if path else '')}"

    def event(self) -> Any:
        if self.random.random() < 0.2:
            return f"{self.pick('GET', 'post', 'Any')} {self.path() or '/'}"
        found = {"path": self.path(), "method": self.pick("get", "Post", "PUT", "any", "options", "delete")}
        found |= self.some(
            cors=(0.4, self.cors),
            authorizer=(0.4, self.authorizer),
            integration=(0.5, lambda: self.pick(*_INTEGRATIONS)),
            request=(0.5, self.request),
            response=(0.4, self.response),
            private=(0.2, lambda: self.pick(True, False, "true")),
            operationId=(0.1, lambda: self.pick("op", 5)),
            timeoutInMillis=(0.2, lambda: self.pick(100, "200")),
            connectionId=(0.3, lambda: self.pick("abc", {"Ref": "L"})),
        )
        found |= {"async": self.pick(True, "true")} if self.random.random() < 0.1 else {}
        if "connectionId" in found:
            found |= {"connectionType": self.pick("vpc-link", "VPC_LINK")}
        if self.random.random() < 0.9:
            _mend(found)
        return found

    def cors(self) -> Any:
        origins = ("*", "https://a.x", "https://a.x,https://*.b.x", ["one"])
        settings = self.some(
            origin=(0.5, lambda: self.pick(*origins)),
            origins=(0.3, lambda: self.pick(["https://a.x"], ["https://*.b", "http://c"], "https://solo", [])),
            headers=(0.4, lambda: self.pick(["X"], "Y", ["X", "Z"])),
            methods=(0.4, lambda: self.pick(["GET"], ["GET", "OPTIONS"], "POST", ["ANY"])),
            allowCredentials=(0.4, lambda: self.pick(True, "false", 1)),
            maxAge=(0.3, lambda: self.pick(5, "6")),
            cacheControl=(0.2, lambda: self.pick("no-store", 5)),
        )
        return self.pick(True, "true", "false", "*", settings, settings, settings)

    def authorizer(self) -> Any:
        function = {"name": self.pick("gate-one", "fast")} | self.some(
            type=(0.5, lambda: self.pick("token", "REQUEST", "request")),
            resultTtlInSeconds=(0.6, lambda: self.pick(0, "0", 60)),
            identitySource=(0.4, lambda: self.pick("method.request.header.T", "")),
            identityValidationExpression=(0.3, lambda: self.pick("^x$", 5)),
            managedExternally=(0.3, lambda: self.pick(True, "false")),
        )
        other = {"arn": self.pick(*_ARNS, {"Fn::GetAtt": ["Pool", "Arn"]}), "name": self.pick("n1", "n-2")} | self.some(
            type=(0.6, lambda: self.pick("token", "COGNITO_USER_POOLS", "request")),
            scopes=(0.5, lambda: self.pick(["a/b"], "c/d", [{"Ref": "S"}])),
            claims=(0.2, lambda: self.pick(["email"], "sub")),
        )
        existing = {"type": self.pick("CUSTOM", "token", "COGNITO_USER_POOLS"), "authorizerId": self.pick("abc", 123)}
        return self.pick("gate-one", "gateTwo", "fast", "aws_iam", *_ARNS, function, other, existing)

    def request(self) -> dict[str, Any]:
        schemas = ("one", "two-b", "none", {"type": "object"}, {"schema": {"type": "array"}, "name": "N"})
        return self.some(
            parameters=(0.6, self.parameters),
            passThrough=(0.3, lambda: self.pick("NEVER", "WHEN_NO_TEMPLATES")),
            contentHandling=(0.2, lambda: "CONVERT_TO_TEXT"),
            uri=(0.8, lambda: self.pick("https://x.example", {"Fn::Sub": "https://${AWS::Region}.x"})),
            method=(0.3, lambda: self.pick("get", "POST")),
            schemas=(0.3, lambda: {self.pick("application/json", "application/vnd.a+json"): self.pick(*schemas)}),
        )

    def parameters(self) -> dict[str, Any]:
        values: tuple[Any, ...] = (
            True,
            False,
            "true",
            "false",
            1,
            {},
            {"required": "false"},
            {"mappedValue": "context.requestId"},
        )
        return {
            place: {self.pick("q", "X-H", "id"): self.pick(*values)}
            for place in self.random.sample(["querystrings", "headers", "paths"], self.random.randint(0, 3))
        }

    def response(self) -> dict[str, Any]:
        return self.some(
            headers=(0.4, lambda: {"H": self.pick("'v'", 7)}),
            template=(0.3, lambda: self.pick("$x", 3)),
            contentHandling=(0.2, lambda: "CONVERT_TO_TEXT"),
            transferMode=(0.1, lambda: self.pick("stream", "BUFFERED")),
            statusCodes=(0.6, lambda: {self.pick("200", "201", "404", "302"): self.status() for _ in range(2)}),
        )

    def status(self) -> dict[str, Any]:
        return self.some(
            pattern=(0.6, lambda: self.pick("", ".*x.*", 5)),
            headers=(0.4, lambda: {"I": self.pick("'v'", 3, True)}),
            template=(0.4, lambda: self.pick("t", {"text/xml": 1}, 4)),
        )
