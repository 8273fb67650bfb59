"""The event ``cloudFront`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/cloud-front.js``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from scopedown.core.place import Place
from scopedown.core.text import ANY, Pseudo, Text
from scopedown.documents.nodes import as_map, clone, place_of
from scopedown.documents.scalars import js_text
from scopedown.project.model import DeclaredStatement, Event
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import boolean, json_text, string
from scopedown.project.serverless.event_kinds import EventKind, InRoleOfV4, Needs, RoleReader
from scopedown.project.serverless.events.parts.targets import Target, add_permission
from scopedown.project.serverless.names import Name, alphanumeric, concat, function_id, normalized
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

LOGS: Final = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:TagResource")
"""What the framework grants; Lambda asks for all but the last (:mod:`scopedown.permissions.log_groups`)."""
DISTRIBUTION: Final = "CloudFrontDistribution"


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Lambda@Edge writes its logs in the regions where it runs."""
    for _, event in service.events_of("cloudFront"):
        yield allow(LOGS, [{"Fn::Sub": "arn:${AWS::Partition}:logs:*:*:*"}], event.place)
        return


def _needs(event: Event, read: RoleReader) -> Needs:
    """Lambda@Edge logs in whichever region it runs, to a group whose name begins with the region of its origin
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html)."""
    partition, account = Pseudo("AWS::Partition"), Pseudo("AWS::AccountId")
    group = Text.of("arn:", partition, ":logs:", ANY, ":", account, ":log-group:/aws/lambda/", ANY)
    yield LOGS if read.project.habitual_logs else LOGS[:-1], Text.of(group, ".", read.function.name, ":*")


def compile(template: Template) -> None:
    """The cache policies, and the distribution with the functions that it calls."""
    policies = as_map(as_map(template.service.provider.get("cloudFront")).get("cachePolicies"))
    for name in policies:
        place = place_of(policies, name) or template.service.place
        template.add(f"CloudFrontCachePolicy{normalized(name)}", "AWS::CloudFront::CachePolicy", {}, place)
    distribution = _Distribution()
    permissions: dict[str, tuple[str, Place]] = {}
    for key, event in template.service.events_of("cloudFront"):
        settings = as_map(event.settings)
        if not settings.get("origin"):
            template.service.refuse(key, "it has no origin", event.place, "set its origin")
            continue
        policy = as_map(settings.get("cachePolicy")).get("name")
        if policy and js_text(string(policy)) not in policies:
            what = f"the cache policy {js_text(string(policy))} is not declared"
            template.service.refuse(key, what, event.place, "declare it in provider.cloudFront.cachePolicies")
        _keep(template, key)
        version = version_id(template, key)
        for what, remedy in distribution.add(settings, {"Ref": version}):
            template.service.refuse(key, what, event.place, remedy)
        last = key
        permissions[f"{function_id(key)}InvokePermission"] = version, event.place
    if not permissions:
        return
    place = next(iter(permissions.values()))[1]
    if template.service.region != "us-east-1":
        what = "CloudFront functions can only be deployed to us-east-1"
        template.service.refuse(last, what, place, "set provider.region to us-east-1")
    if distribution.lacks_default():
        what = "it has several origins and no default origin"
        template.service.refuse(last, what, place, "set isDefaultOrigin: true for one of them")
    here = ["arn:", {"Ref": "AWS::Partition"}, ":cloudfront::", {"Ref": "AWS::AccountId"}, ":distribution/"]
    arn = {"Fn::Join": ["", ["", *here, {"Ref": DISTRIBUTION}]]}
    for id, (version, place) in permissions.items():
        add_permission(template, id, Target({"Ref": version}), "edgelambda.amazonaws.com", place, SourceArn=arn)
    config = {"DistributionConfig": distribution.config()}
    template.add(DISTRIBUTION, "AWS::CloudFront::Distribution", config, place)


def _keep(template: Template, key: str) -> None:
    """A function at the edge stays when the stack goes, and has neither a network nor an environment."""
    function = template.resources.get(function_id(key))
    if function is None:
        return
    properties = {
        name: value for name, value in function.properties.items() if name not in ("VpcConfig", "Environment")
    }
    attributes = {**function.attributes, "DeletionPolicy": "Retain"}
    template.add(function.logical_id, function.type, properties, function.place, **attributes)


def version_id(template: Template, key: str) -> str:
    """The logical id of the function's version, which CloudFront calls."""
    reference = {"Ref": function_id(key)}
    for id, resource in template.resources.items():
        if resource.type == "AWS::Lambda::Version" and resource.properties.get("FunctionName") == reference:
            return id
    return f"{normalized(key)}LambdaVersion"


class _Distribution:
    """Origins and behaviors, as events add to them: an origin by its id, the functions of a path at an origin."""

    def __init__(self) -> None:
        self.origins: dict[Name, dict[str, Any]] = {}
        self.behaviors: dict[tuple[Any, Name], list[dict[str, Any]]] = {}
        self.default: Name | None = None

    def add(self, settings: Mapping[str, Any], version: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """An event; gives what the framework refuses about it, and what to do."""
        origin = _origin(settings["origin"])
        id = origin["Id"]
        self.origins[id] = {**origin, **self.origins.get(id, {})}
        if boolean(settings, "isDefaultOrigin"):
            if self.default not in (None, id):
                yield "the distribution has two default origins", "set isDefaultOrigin for one origin only"
            self.default = id
        association = {"EventType": settings.get("eventType"), "LambdaFunctionARN": version}
        if settings.get("includeBody") is not None:
            association["IncludeBody"] = boolean(settings, "includeBody")
        pattern = string(settings.get("pathPattern")) or None
        pattern = json_text(pattern) if isinstance(pattern, Mapping | list) else pattern
        for (path, at), called in self.behaviors.items():
            if path == pattern and at != id:
                what = "another event has the same path with another origin"
                yield what, "give each behavior a different pathPattern"
            elif path == pattern and any(_collide(one, association) for one in called):
                yield "another event has the same type and path", "keep one event of each type for a path"
        associations = self.behaviors.setdefault((pattern, id), [])
        if association not in associations:
            associations.append(association)

    def lacks_default(self) -> bool:
        """Whether it cannot be told which origin serves what no path matches."""
        return self.default is None and len(self.origins) > 1 and all(path for path, _ in self.behaviors)

    def config(self) -> dict[str, Any]:
        """The distribution's configuration: behaviors without a path come first, and one is the default."""
        behaviors: list[dict[str, Any]] = [
            {"TargetOriginId": id, "LambdaFunctionAssociations": called, **({"PathPattern": path} if path else {})}
            for (path, id), called in sorted(self.behaviors.items(), key=lambda item: bool(item[0][0]))
        ]
        if "PathPattern" in behaviors[0]:
            behaviors.insert(0, {})
        config: dict[str, Any] = {"DefaultCacheBehavior": behaviors[0], "Origins": list(self.origins.values())}
        if behaviors[1:]:
            config["CacheBehaviors"] = behaviors[1:]
        return config


def _collide(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two functions would be called for the same event."""
    return one.get("EventType") == other.get("EventType") and one != other


def _origin(written: Any) -> dict[str, Any]:
    """An origin, written as an address or as CloudFront's own settings, with its id."""
    origin: dict[str, Any]
    if isinstance(written, Mapping):
        origin = dict(clone(written))
        is_s3 = origin.get("S3OriginConfig") is not None
    else:
        scheme, host, path = _address(js_text(written))
        origin, is_s3 = {"DomainName": host, "OriginPath": path if len(path) > 1 else ""}, scheme == "s3"
    address = (origin.get("DomainName"), origin.get("OriginPath") or "")
    parts = (one if isinstance(one, str | Text) else alphanumeric(json_text(one)) for one in address)
    return {**origin, "Id": concat("s3" if is_s3 else "custom", "/", *parts)}


def _address(written: str) -> tuple[str, str, str]:
    """An address's scheme, host and path."""
    try:
        parts = urlsplit(written)
        return parts.scheme.lower(), parts.hostname or "", parts.path
    except ValueError:
        return "", written, ""


KIND: Final = EventKind(
    "cloudFront",
    210,
    compile=compile,
    statements=statements,
    changes_all=True,
    in_role_of_v4=InRoleOfV4(5, statements),
    assumes_role=lambda event: "edgelambda.amazonaws.com",
    needs=_needs,
    at_edge=True,
)
