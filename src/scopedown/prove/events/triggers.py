"""Samples of the Serverless Framework's kinds of event: one small reader of its settings for each.

In: an :class:`~scopedown.project.model.Event` and a :class:`~.sample.Setting`. Out: samples. SAM's, CDK's and plain
CloudFormation's triggers come as the same kinds. The settings: https://www.serverless.com/framework/docs/providers/aws/events
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.project.model import Event, Tree
from scopedown.project.serverless.event_kinds import event_kind
from scopedown.prove.events.fields import (
    fields_of_event,
    keys_of,
    query_of,
    routes_of,
    shape_of_direct,
    slots_of,
    value_for,
)
from scopedown.prove.events.setting import HERE, Sample, Seed, Setting, content_for

Reader = Callable[[Tree, Setting], list[Sample]]


def triggered_by(event: Event, setting: Setting) -> list[Sample]:
    """The samples of one trigger; none for a kind that is not known."""
    settings: Tree = {} if event.settings is None else event.settings
    if reader := READERS.get(event.kind):
        return reader(settings, setting)
    shape = event_kind(event.kind).sample
    return [Sample(shape, setting.filled(shape, **_queue(settings, setting)))] if shape else []


def _list(tree: Tree) -> Sequence[Tree]:
    return tree if isinstance(tree, Sequence) and not isinstance(tree, str) else () if tree is None else (tree,)


def _message(setting: Setting) -> str:
    return json.dumps(setting.fields)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def route_of(settings: Tree, setting: Setting) -> tuple[str, str, str, dict[str, str]]:
    """Method, resource (``/todos/{id}``), path (``/todos/sample-1``) and the path's parameters of a route."""
    if isinstance(settings, Mapping):
        method, resource = str(setting.text(settings.get("method", "*"))), str(setting.text(settings.get("path", "/")))
    else:
        words = setting.text(settings).split()
        method, resource = (words[0], words[1]) if len(words) > 1 else ("*", words[0] if words else "/")
    method = method.upper() if method.upper() not in ("ANY", "*", "") else "GET"
    resource = "/" + ("" if resource in ("*", "$default") else resource.lstrip("/"))
    keys = {name: value for _, table in setting.tables for name, (_, value) in keys_of(table).items()}
    parameters = {}
    for name, greedy in re.findall(r"\{([^}+]+)(\+?)\}", resource):
        parameters[name] = "sample" if greedy else str(keys.get(name, value_for(name)))
    path = re.sub(r"\{([^}+]+)\+?\}", lambda found: quote_plus(parameters[found[1]]), resource)
    return method, resource, path, parameters


def request_values(settings: Tree, setting: Setting) -> dict[str, Any]:
    """What every shape of a request needs."""
    method, resource, path, parameters = route_of(settings, setting)
    has_body = method not in ("GET", "HEAD", "DELETE", "OPTIONS")
    asked = as_map(as_map(as_map(as_map(settings).get("request")).get("parameters")).get("querystrings"))
    read = query_of(setting.function, setting.folder)
    query = {**{name: str(value_for(name)) for name in asked}, **read}
    body = json.dumps(setting.fields) if has_body else None
    return {
        "method": method, "resource": resource, "path": path, "path_parameters": parameters or None,
        "path_map": parameters, "query": query or None, "query_lists": {k: [v] for k, v in query.items()} or None,
        "query_map": query, "raw_query": urlencode(query), "body": body, "body_or_empty": body or "",
        "route": f"{method} {resource}", "title": f"{method} {resource}",
    }  # fmt: skip


def _requests(settings: Tree, setting: Setting) -> list[dict[str, Any]]:
    """A route's request; of a catch-all route also one for each route of the application behind it."""
    first = request_values(settings, setting)
    written = setting.text(as_map(settings).get("path") if isinstance(settings, Mapping) else settings)
    greedy = re.search(r"\{([^}+]+)\+\}", first["resource"])
    if greedy is None and written.split()[-1:] not in (["*"], ["$default"]):
        return [first]
    found = {first["title"]: first}
    for method, path in routes_of(setting.function, setting.folder):
        one = request_values(f"{method} {path}", setting)
        parameters = {greedy[1]: path.lstrip("/")} if greedy else {}
        route = first["route"] if greedy else "$default"
        one |= {"path_parameters": parameters or None, "path_map": parameters, "route": route}
        found.setdefault(one["title"], {**one, **({"resource": first["resource"]} if greedy else {})})
    return list(found.values())


def _http(settings: Tree, setting: Setting) -> list[Sample]:
    integration = str(as_map(settings).get("integration", "")).lower().replace("_", "-")
    shape = "rest_api_plain" if integration in ("lambda", "aws") else "rest_api"
    if str(as_map(settings).get("async", "")).lower() == "true":
        shape = "rest_api_plain"
    found = _requests(settings, setting)
    return [Sample(f"http {values['title']}", setting.filled(shape, **values)) for values in found]


def _http_api(settings: Tree, setting: Setting) -> list[Sample]:
    payload = str(as_map(setting.project.provider.get("httpApi")).get("payload", "2.0"))
    shape = "rest_api" if payload.startswith("1") else "http_api"
    found = _requests(settings, setting)
    return [Sample(f"httpApi {values['title']}", setting.filled(shape, **values)) for values in found]


def direct(setting: Setting) -> Sample:
    """A call of a function that has no trigger."""
    shape = shape_of_direct(setting.function, setting.folder)
    if shape == "ses":
        return Sample("direct (ses)", setting.filled(shape, function_arn=""))
    if shape:
        return Sample("direct (http POST /)", setting.filled(shape, **request_values("POST /", setting)))
    return Sample("direct", fields_of_event(setting.function, setting.folder) or setting.filled("direct"))


def function_url(setting: Setting) -> Sample:
    """A request of a function's URL."""
    return Sample("url POST /", setting.filled("function_url", **request_values("POST /", setting)))


def _websocket(settings: Tree, setting: Setting) -> list[Sample]:
    route = setting.text(settings.get("route", "$default") if isinstance(settings, Mapping) else settings) or "$default"
    if route in ("$connect", "$disconnect"):
        kind = "CONNECT" if route == "$connect" else "DISCONNECT"
        event = setting.filled("websocket_connect", route=route, event_type=kind, query=None)
    else:
        body = json.dumps({"action": route.lstrip("$"), **setting.fields})
        event = setting.filled("websocket_message", route=route, event_type="MESSAGE", body=body)
    return [Sample(f"websocket {route}", event)]


def _sqs(settings: Tree, setting: Setting) -> list[Sample]:
    arn = setting.text(settings["arn"] if isinstance(settings, Mapping) and "arn" in settings else settings)
    message = _message(setting)
    digest = hashlib.md5(message.encode(), usedforsecurity=False).hexdigest()
    attributes = {
        name: {"stringValue": value, "stringListValues": [], "binaryListValues": [], "dataType": "String"}
        for name, value in (("AttributeName", "sample attribute"),)
    }
    event = setting.filled("sqs", arn=arn, message=message, message_md5=digest, sqs_attributes=attributes)
    return [Sample(f"sqs {arn.rpartition(':')[2]}", event)]


def _sns(settings: Tree, setting: Setting) -> list[Sample]:
    own = as_map(settings)
    named = own.get("arn") or own.get("topicName") or settings
    topic = setting.text(named) if named is not None else ""
    arn = topic if topic.startswith("arn:") else setting.arn("sns", topic or "sample")
    return [Sample(f"sns {arn.rpartition(':')[2]}", setting.filled("sns", arn=arn, message=_message(setting)))]


def _s3(settings: Tree, setting: Setting) -> list[Sample]:
    own = as_map(settings)
    bucket = setting.text(own.get("bucket", settings))
    given = as_map(as_map(setting.project.provider.get("s3")).get(bucket)).get("name")
    bucket = setting.text(given) if given is not None else bucket
    kinds = [one for one in _list(own.get("event", own.get("events", "s3:ObjectCreated:*"))) if isinstance(one, str)]
    rules = {
        str(name).lower(): setting.text(value)
        for rule in _list(own.get("rules"))
        for name, value in as_map(rule).items()
    }
    suffix = rules.get("suffix") or ".txt"
    key = f"{rules.get('prefix', '')}sample{suffix}"
    content = content_for(suffix)
    found = []
    for kind in kinds or ["s3:ObjectCreated:*"]:
        name = kind.removeprefix("s3:").replace("*", "Put" if "Created" in kind else "Delete")
        event = setting.filled(
            "s3", bucket=bucket, event_name=name, key_encoded=quote_plus(key, safe="/"), size=len(content),
            etag=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        )  # fmt: skip
        put = Seed(f"s3://{bucket}/{key}", "s3", "PutObject", {"Bucket": bucket, "Key": key, "Body": content})
        found.append(Sample(f"s3 {name} {bucket}", event, () if "Removed" in kind else (put,)))
    return found


def _stream(settings: Tree, setting: Setting) -> list[Sample]:
    own = as_map(settings)
    tree = own.get("arn", settings)
    arn = setting.text(tree)
    kind = str(own.get("type") or ("kinesis" if ":kinesis:" in arn else "dynamodb"))
    if kind == "kinesis":
        role = f"arn:{setting.partition}:iam::{setting.where.account}:role/sample"
        data = _base64(_message(setting))
        return [Sample("stream kinesis", setting.filled("kinesis_stream", arn=arn, message_base64=data, role=role))]
    keys: dict[str, Any] = {"id": {"S": str(value_for("id"))}}
    for name, table in setting.tables:
        if f"table/{name}/" in arn or table.logical_id in str(tree):
            keys = {key: {kind: str(value)} for key, (kind, value) in keys_of(table).items()}
    item = {**{name: _attribute(value) for name, value in setting.fields.items()}, **keys}
    return [Sample("stream dynamodb", setting.filled("dynamodb_stream", arn=arn, keys=keys, item=item))]


def stream_records(source: Tree, setting: Setting) -> list[Any]:
    """The records of a queue or a stream as a pipe hands them on, without what Lambda puts around them."""
    arn = setting.text(source)
    if ":kinesis:" in arn:
        return [setting.filled("pipe_kinesis", arn=arn, message_base64=_base64(_message(setting)))]
    found = (_stream if ":dynamodb:" in arn else _sqs)(source, setting)
    return list(found[0].event["Records"])


def _attribute(value: Any) -> dict[str, Any]:
    """A value as DynamoDB writes it."""
    if isinstance(value, bool):
        return {"BOOL": value}
    return {"N": str(value)} if isinstance(value, int | float) else {"S": str(value)}


def _schedule(settings: Tree, setting: Setting) -> list[Sample]:
    given = as_map(settings).get("input")
    if given is not None:
        return [Sample("schedule with input", _plain(given, setting))]
    return [Sample("schedule", setting.filled("schedule"))]


def _plain(tree: Tree, setting: Setting) -> Any:
    """A tree of the project as JSON, every text as it is deployed; a text that holds JSON is that JSON."""
    if isinstance(tree, Text):
        return setting.text(tree)
    if isinstance(tree, Mapping):
        if len(tree) == 1 and (next(iter(tree)) == "Ref" or next(iter(tree)).startswith("Fn::")):
            return setting.text(tree)
        return {key: _plain(value, setting) for key, value in tree.items()}
    if isinstance(tree, str):
        try:
            return json.loads(tree)
        except ValueError:
            return tree
    return [_plain(one, setting) for one in tree] if isinstance(tree, Sequence) else tree


def _event_bridge(settings: Tree, setting: Setting) -> list[Sample]:
    own = as_map(settings)
    if own.get("input") is not None:
        return [Sample("eventBridge with input", _plain(own["input"], setting))]
    pattern = as_map(own.get("pattern") or own.get("event"))
    if not pattern and own.get("schedule") is not None:
        return [Sample("eventBridge schedule", setting.filled("schedule"))]
    source, kind = (
        _first(pattern.get(name), other) for name, other in (("source", "sample"), ("detail-type", "sample"))
    )
    detail = {**setting.fields, **_matching(as_map(pattern.get("detail")))}
    seeds: tuple[Seed, ...] = ()
    if source == "aws.s3":
        given = as_map(pattern.get("detail")).get("bucket")
        bucket = setting.text(_first_tree(as_map(given).get("name")))
        put = _put(bucket, "sample.txt")
        detail = {**_s3_detail(bucket, put, setting), **_matching({
            name: value for name, value in as_map(pattern.get("detail")).items() if name not in ("bucket", "object")
        })}  # fmt: skip
        seeds = () if "Deleted" in str(kind) else (put,)
    event = setting.filled("event_bridge", event_source=source, detail_type=kind, detail=detail)
    return [Sample(f"eventBridge {source}", event, seeds)]


def _s3_detail(bucket: str, put: Seed, setting: Setting) -> dict[str, Any]:
    content = put.parameters["Body"]
    etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return dict(setting.filled("event_bridge_s3_detail", bucket=bucket, size=len(content), etag=etag))


def _put(bucket: str, key: str) -> Seed:
    content = content_for(key)
    return Seed(f"s3://{bucket}/{key}", "s3", "PutObject", {"Bucket": bucket, "Key": key, "Body": content})


def _first_tree(tree: Tree) -> Tree:
    return next(iter(_list(tree)), "sample")


def _matching(pattern: Mapping[str, Tree]) -> dict[str, Any]:
    """A detail that a pattern matches, as far as the pattern names values."""
    return {
        name: _matching(value) if isinstance(value, Mapping) else _first(value, f"sample {name}")
        for name, value in pattern.items()
    }


def _first(tree: Tree, otherwise: str) -> Any:
    """The first value of a pattern's list; of a content filter its prefix."""
    for mapping in _list(tree):
        if isinstance(mapping, str | int | float):
            return mapping
        if isinstance(mapping, Mapping) and isinstance(prefix := mapping.get("prefix"), str):
            return f"{prefix}sample"
    return otherwise


def _cloudwatch_log(settings: Tree, setting: Setting) -> list[Sample]:
    group = setting.text(settings.get("logGroup") if isinstance(settings, Mapping) else settings)
    data = {
        "messageType": "DATA_MESSAGE", "owner": setting.where.account, "logGroup": group, "logStream": "sample",
        "subscriptionFilters": ["sample"],
        "logEvents": [{"id": "1", "timestamp": int(setting.time) * 1000, "message": _message(setting)}],
    }  # fmt: skip
    packed = base64.b64encode(gzip.compress(json.dumps(data).encode(), mtime=0)).decode()
    return [Sample(f"cloudwatchLog {group}", setting.filled("cloudwatch_log", log_data=packed))]


def _cognito(settings: Tree, setting: Setting) -> list[Sample]:
    trigger = setting.text(as_map(settings).get("trigger") or "PreSignUp")
    pools = setting.project.of_type("AWS::Cognito::UserPool")
    pool = (setting.id(pools[0].logical_id) if pools else "") or f"{setting.where.region}_sample"
    kind = trigger.removesuffix("Config")  # PreTokenGenerationConfig names a version; the event is of its first one
    shape = "cognito_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    if not (HERE / f"{shape}.json").is_file():
        return []
    return [Sample(f"cognitoUserPool {trigger}", setting.filled(shape, user_pool=pool))]


def _alb(settings: Tree, setting: Setting) -> list[Sample]:
    conditions = as_map(as_map(settings).get("conditions"))
    path = str(_first(conditions.get("path"), "/")).replace("*", "sample")
    values = request_values({"method": str(_first(conditions.get("method"), "GET")), "path": path}, setting)
    return [Sample(f"alb {values['route']}", setting.filled("alb", **values))]


def _queue(settings: Tree, setting: Setting) -> dict[str, Any]:
    """What a shape takes that the settings alone fill: at most those of a queue."""
    own = as_map(settings)
    named = {name: setting.text(own.get(name)) for name in ("arn", "topic", "queue") if own.get(name) is not None}
    servers = ",".join(setting.text(one) for one in _list(own.get("bootstrapServers")))
    common = {"arn": setting.arn("mq", "broker:sample:b-1"), "topic": "sample", "queue": "sample", "brokers": servers}
    return {**common, **named, "message_base64": _base64(_message(setting))}


def _alexa_skill(settings: Tree, setting: Setting) -> list[Sample]:
    slots = slots_of(setting.function, setting.folder)
    intent = Sample("alexaSkill intent", setting.filled("alexa_intent", slots=slots))
    return [Sample("alexaSkill launch", setting.filled("alexa_skill")), intent]


def _iot(settings: Tree, setting: Setting) -> list[Sample]:
    return [Sample("iot", setting.filled("iot", iot_message=setting.fields))]


def _cloud_front(settings: Tree, setting: Setting) -> list[Sample]:
    kind = setting.text(as_map(settings).get("eventType") or "viewer-request")
    shape = "cloud_front_response" if kind.endswith("response") else "cloud_front_request"
    return [Sample(f"cloudFront {kind}", setting.filled(shape, event_type=kind))]


READERS: Final[Mapping[str, Reader]] = {
    "alb": _alb,
    "alexaSkill": _alexa_skill,
    "cloudFront": _cloud_front,
    "cloudwatchEvent": _event_bridge,
    "cloudwatchLog": _cloudwatch_log,
    "cognitoUserPool": _cognito,
    "eventBridge": _event_bridge,
    "http": _http,
    "httpApi": _http_api,
    "iot": _iot,
    "s3": _s3,
    "schedule": _schedule,
    "sns": _sns,
    "sqs": _sqs,
    "stream": _stream,
    "websocket": _websocket,
}
"""The kinds whose samples take more than a shape and their settings (:attr:`EventKind.sample`)."""
