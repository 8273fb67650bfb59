"""What serverless-apigateway-service-proxy 2.2.2 sends to each service of AWS, what it allows, and what it answers.

Source: ``lib/package`` of the plugin (MIT): a folder for each service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.events.parts.http_cors import Cors, quoted
from scopedown.project.serverless.events.parts.http_endpoints import Endpoint
from scopedown.project.serverless.names import concat

_FORM: Final = "'application/x-www-form-urlencoded'"
_URI: Final = "arn:${AWS::Partition}:apigateway:${AWS::Region}:"
_ARN: Final = "arn:${AWS::Partition}:%s:${AWS::Region}:${AWS::AccountId}:%s"


@dataclass(frozen=True, slots=True)
class Proxy:
    """One item: the method, and what it allows browsers of other origins."""

    target: str
    endpoint: Endpoint
    cors: Cors | None

    @property
    def settings(self) -> Mapping[str, Any]:
        return self.endpoint.settings


def _sub(text: str, key: str, value: Any) -> dict[str, Any]:
    """A name in a text, as ``Fn::Sub`` with its value beside it."""
    return {"Fn::Sub": [text, {key: value}]}


def _one(service: str, below: str, key: str, *actions: str) -> Callable[[list[Proxy]], list[dict[str, Any]]]:
    """One statement on all that the items of a service name by ``key``."""
    arn = _ARN % (service, f"{below}${{{key}}}")

    def statements(proxies: list[Proxy]) -> list[dict[str, Any]]:
        named = [_sub(arn, key, proxy.settings.get(key)) for proxy in proxies]
        return [{"Effect": "Allow", "Action": list(actions), "Resource": named}]

    return statements


def _on_tables(proxies: list[Proxy]) -> list[dict[str, Any]]:
    arn = _ARN % ("dynamodb", "table/${tableName}")
    return [
        {
            "Effect": "Allow",
            "Action": concat("dynamodb:", _action(proxy)),
            "Resource": _sub(arn, "tableName", proxy.settings.get("tableName")),
        }
        for proxy in proxies
    ]


def _on_buckets(proxies: list[Proxy]) -> list[dict[str, Any]]:
    found = []
    for proxy in proxies:
        bucket = proxy.settings.get("bucket")
        referred = as_map(bucket).get("Ref")
        arn = (
            {"Fn::GetAtt": [referred, "Arn"]}
            if referred
            else _sub("arn:${AWS::Partition}:s3:::${bucket}", "bucket", bucket)
        )
        below = {"Fn::Join": ["", [arn, "/*"]]}
        found.append({"Effect": "Allow", "Action": concat("s3:", _action(proxy), "*"), "Resource": below})
    return found


def _action(proxy: Proxy) -> str | Text:
    action = proxy.settings.get("action")
    return action if isinstance(action, str | Text) else Text.unknown("the action of the proxy is not known")


def _answer(code: Any, pattern: Any, template: Any = None) -> dict[str, Any]:
    templates = {"application/json": template} if template else {}
    return {"StatusCode": code, "SelectionPattern": pattern, "ResponseParameters": {}, "ResponseTemplates": templates}


def _written(settings: Mapping[str, Any], which: str) -> Any:
    return as_map(as_map(settings.get("response")).get("template")).get(which)


def _simple(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        _answer(code, code, _written(settings, which))
        for code, which in ((200, "success"), (400, "clientError"), (500, "serverError"))
    ]


def _plain(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Answers without a template, whatever the item says."""
    return [_answer(code, code) for code in (200, 400, 500)]


def _full(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Answers as an item lists them, by the three templates that it names, or without any."""
    response = settings.get("response")
    if isinstance(response, list):
        return [
            {
                "StatusCode": as_map(one).get("statusCode"),
                "SelectionPattern": as_map(one).get("selectionPattern") or as_map(one).get("statusCode"),
                "ResponseParameters": dict(as_map(as_map(one).get("responseParameters"))),
                "ResponseTemplates": dict(as_map(as_map(one).get("responseTemplates"))),
            }
            for one in response
        ]
    return _simple(settings) if _written(settings, "success") else _plain(settings)


def _of_table(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    form = "application/x-www-form-urlen"
    if isinstance(settings.get("response"), list):
        return _full(settings)
    if _written(settings, "success"):
        found = _simple(settings)
        for one in found:  # the plugin misspells the type
            text = one["ResponseTemplates"].get("application/json")
            one["ResponseTemplates"] |= {f"{form}dcoded": text} if text else {}
        return found
    found = [_answer(code, f"{str(code)[0]}\\d{{2}}") for code in (200, 400, 500)]
    if settings.get("action") == "GetItem":
        text = Text.unknown("the template that the plugin writes is not read")
        found[0]["ResponseTemplates"] = {"application/json": text, f"{form}coded": text}
    return found


_GIVEN: Final[Mapping[str, tuple[str, ...]]] = {
    "GetObject": ("content-type", "Content-Type", "accept-ranges", "Accept-Ranges", "content-range", "Content-Range"),
    "PutObject": ("Content-Type", "Content-Length"),
    "DeleteObject": ("Content-Type", "Date"),
}
"""The headers of S3's answer that the method's answer has too, by the call."""
_OBJECTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "GetObject": ("GET", {"integration.request.header.Range": "method.request.header.Range"}),
    "PutObject": (
        "PUT",
        {
            "integration.request.header.x-amz-acl": "'authenticated-read'",
            "integration.request.header.Content-Type": "method.request.header.Content-Type",
        },
    ),
    "DeleteObject": ("DELETE", {}),
}
"""What S3 is sent: the method of HTTP and the headers, by the call."""


def _named_action(settings: Mapping[str, Any]) -> str:
    """The call of an item; empty where it is none that is written out."""
    action = settings.get("action")
    return action if isinstance(action, str) else ""


def _of_object(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = _GIVEN.get(_named_action(settings), ())
    headers = {f"method.response.header.{name}": f"integration.response.header.{name}" for name in names}
    found = []
    for code, pattern, which in (
        (400, "4\\d{2}", "clientError"), (500, "5\\d{2}", "serverError"), (200, "2(?!06)\\d{2}", "success"),
        (206, "206", "success"),
    ):  # fmt: skip
        one = _answer(code, pattern, _written(settings, which))
        found.append({**one, "ResponseParameters": dict(headers) if which == "success" else {}})
    return found


def _to_queue(settings: Mapping[str, Any]) -> dict[str, Any]:
    uri = _sub(f"{_URI}sqs:path//${{AWS::AccountId}}/${{queueName}}", "queueName", settings.get("queueName"))
    own = as_map(settings.get("requestParameters"))
    if as_map(as_map(settings.get("request")).get("template")):
        kept = {
            key: value for key, value in own.items() if not key.strip().startswith("integration.request.querystring.")
        }
        headers = {"integration.request.header.Content-Type": _FORM}
        return {"Uri": uri, "PassthroughBehavior": "NEVER", "RequestParameters": {**headers, **kept}}
    usual = {
        "integration.request.querystring.Action": "'SendMessage'",
        "integration.request.querystring.MessageBody": "method.request.body",
    }
    return {"Uri": uri, "RequestParameters": {**usual, **own}}


def _to_object(settings: Mapping[str, Any]) -> dict[str, Any]:
    method, headers = _OBJECTS.get(_named_action(settings), (None, {}))
    key = settings.get("key")
    parameters: dict[str, Any] = {
        **headers, "integration.request.path.bucket": _sub("'${bucket}'", "bucket", settings.get("bucket")),
    }  # fmt: skip
    if key is not None:
        path, query = as_map(key).get("pathParam"), as_map(key).get("queryStringParam")
        taken = (
            f"method.request.path.{path}" if path else f"method.request.querystring.{query}" if query else quoted(key)
        )
        parameters["integration.request.path.object"] = taken
    below = settings.get("pathOverride")
    found: dict[str, Any] = {
        "IntegrationHttpMethod": method,
        "Uri": {
            "Fn::Sub": [
                concat(f"{_URI}s3:path/{{bucket}}/", below if isinstance(below, str | Text) else "{object}"),
                {},
            ]
        },
        "PassthroughBehavior": "WHEN_NO_MATCH",
        "RequestParameters": {**parameters, **as_map(settings.get("requestParameters"))},
    }
    if as_map(as_map(settings.get("request")).get("template")):
        found["PassthroughBehavior"] = "NEVER"
    return found


def _to_topic(settings: Mapping[str, Any]) -> dict[str, Any]:
    request = as_map(settings.get("request"))
    found: dict[str, Any] = {
        "Uri": {"Fn::Sub": f"{_URI}sns:path//"},
        "PassthroughBehavior": request.get("passThrough") or "NEVER",
        "RequestParameters": {"integration.request.header.Content-Type": _FORM},
    }
    return found | ({"ContentHandling": request["contentHandling"]} if "contentHandling" in request else {})


def _to_stream(settings: Mapping[str, Any]) -> dict[str, Any]:
    action = settings.get("action")
    uri = concat(f"{_URI}kinesis:action/", action if isinstance(action, str | Text) and action else "PutRecord")
    return {"Uri": {"Fn::Sub": uri}, "PassthroughBehavior": "NEVER"}


def _to_table(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Uri": _sub(f"{_URI}dynamodb:action/${{action}}", "action", settings.get("action")),
        "PassthroughBehavior": "NEVER",
        "RequestParameters": dict(as_map(settings.get("requestParameters"))),
    }


def _to_bus(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Uri": {"Fn::Sub": f"{_URI}events:action/PutEvents"},
        "PassthroughBehavior": "NEVER",
        "RequestParameters": {
            "integration.request.header.X-Amz-Target": "'AWSEvents.PutEvents'",
            "integration.request.header.Content-Type": "'application/x-amz-json-1.1'",
        },
    }


@dataclass(frozen=True, slots=True)
class Target:
    """A service of AWS that methods call: the role, what it allows, what the method sends and what it answers."""

    role: str
    statements: Callable[[list[Proxy]], list[dict[str, Any]]]
    integration: Callable[[Mapping[str, Any]], dict[str, Any]]
    responses: Callable[[Mapping[str, Any]], list[dict[str, Any]]]
    always: bool = False
    """Whether the role is made and taken even where the items name others."""


S3: Final = Target("ApigatewayToS3Role", _on_buckets, _to_object, _of_object)
TARGETS: Final[Mapping[str, Target]] = {
    "kinesis": Target(
        "ApigatewayToKinesisRole",
        _one("kinesis", "stream/", "streamName", "kinesis:PutRecord", "kinesis:PutRecords"),
        _to_stream,
        _simple,
    ),
    "sqs": Target("ApigatewayToSqsRole", _one("sqs", "", "queueName", "sqs:SendMessage"), _to_queue, _full),
    "s3": S3,
    "sns": Target("ApigatewayToSnsRole", _one("sns", "", "topicName", "sns:Publish"), _to_topic, _full),
    "dynamodb": Target("ApigatewayToDynamodbRole", _on_tables, _to_table, _of_table, always=True),
    "eventbridge": Target(
        "ApigatewayToEventBridgeRole",
        _one("events", "event-bus/", "eventBusName", "events:PutEvents"),
        _to_bus,
        _plain,
    ),
}
"""By the item's first key, in the plugin's order."""
