"""serverless-appsync-plugin 2.13.0 (MIT), ``src/resources``: the API of the section ``appSync``.

It is compiled before anything else: functions that stand in the section become functions of the service.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, as_list, as_map, place_of
from scopedown.project.model import DeclaredResource
from scopedown.project.serverless.effects.parts.appsync_api import Api, plain
from scopedown.project.serverless.effects.parts.appsync_sources import Release
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.service import Service

_API_ID: Final = {"Fn::GetAtt": ["GraphQlApi", "ApiId"]}


def add_api(service: Service, written: Mapping[str, Any], place: Place) -> None:
    """Add the API's resources and functions to the service."""
    _Section(service, written, place).compile()


def flat(written: Any) -> dict[str, Any]:
    """A mapping, or the mappings of a list as one."""
    parts = written if isinstance(written, list) else [written]
    return {name: value for part in parts for name, value in as_map(part).items()}


class _Section:
    def __init__(self, service: Service, written: Mapping[str, Any], place: Place) -> None:
        self.service, self.written, self.place = service, written, place
        region = {"Ref": "AWS::Region"}
        release = Release(False, {"Ref": "AWS::Partition"}, region, self.function, str(written.get("name")))
        self.api = Api(self.add, release)
        self.sources: dict[str, Mapping[str, Any]] = {}
        self.functions: dict[str, Mapping[str, Any]] = {}

    def add(self, id: str, kind: str, properties: Mapping[str, Any], **attributes: Any) -> None:
        known = {name: value for name, value in properties.items() if value is not None}
        self.service.generated[id] = DeclaredResource(id, kind, known, self.place, attributes)

    def compile(self) -> None:
        written, api = self.written, self.api
        callers = [written.get("authentication"), *as_list(written.get("additionalAuthentications"))]
        providers = [(as_map(one).get("type"), as_map(as_map(one).get("config"))) for one in callers]
        logging = as_map(written.get("logging"))
        is_logged = bool(logging) and logging.get("enabled") is not False
        role = logging.get("roleArn") or {"Fn::GetAtt": ["GraphQlApiLogGroupRole", "Arn"]}
        api.endpoint(written, providers, role if is_logged else None)
        self.add("GraphQlSchema", "AWS::AppSync::GraphQLSchema", {})
        self._domain()
        if is_logged:
            api.logs(logging.get("retentionInDays") or self.service.provider.get("logRetentionInDays"))
            if not logging.get("roleArn"):
                api.log_role("GraphQlApiLogGroup", "GraphQlApiLogGroupPolicy")
        api.authorizer("LambdaAuthorizerPermission", [*providers[1:], providers[0]])
        api.firewall(written.get("waf"), written)
        caching = as_map(written.get("caching"))
        if caching and caching.get("enabled") is not False:
            self.add("GraphQlCaching", "AWS::AppSync::ApiCache", {})
        for key in as_list(written.get("apiKeys")) if any(kind == "API_KEY" for kind, _ in providers) else ():
            name = key if isinstance(key, str) else str(as_map(key).get("name"))
            self.add(f"GraphQlApi{plain(name)}", "AWS::AppSync::ApiKey", {})
        resolvers = self._resolvers()
        for name, source in self.sources.items():
            api.source(source, _API_ID, f"AppSync-Datasource-{name}")
        for name, function in self.functions.items():
            self._conflicts(function, name)
            api.pipeline_function(name, _API_ID)
        for kind, field, resolver in resolvers:
            self._conflicts(resolver, f"{kind}_{field}")
            api.resolver(kind, field, _API_ID)

    def function(self, settings: Mapping[str, Any], embedded: str) -> Any:
        """The ARN of a function: given, of the service, or one that stands in the settings and is added to it."""
        if "functionArn" in settings:
            return settings["functionArn"]
        name = settings.get("functionName")
        if name is None:
            name = embedded
            inside = settings.get("function")
            if isinstance(inside, Mapping) and name not in self.service.functions:
                self.service.functions[name] = MapNode(inside, place_of(inside) or self.place)
        arn = {"Fn::GetAtt": [function_id(str(name)), "Arn"]}
        alias = settings.get("functionAlias")
        return {"Fn::Join": [":", [arn, alias]]} if alias else arn

    def _domain(self) -> None:
        domain = as_map(self.written.get("domain"))
        if not domain or domain.get("enabled") is False or domain.get("useCloudFormation") is False:
            return
        kept = "Retain" if domain.get("retain") else "Delete"
        name, zone, certificate = domain.get("name"), domain.get("hostedZoneId"), domain.get("certificateArn")
        named = {"CertificateArn": certificate or {"Ref": "GraphQlDomainCertificate"}, "DomainName": name}
        self.add("GraphQlDomainName", "AWS::AppSync::DomainName", named, DeletionPolicy=kept)
        self.add(
            "GraphQlDomainAssociation", "AWS::AppSync::DomainNameApiAssociation", {"DomainName": name},
            DeletionPolicy=kept,
        )  # fmt: skip
        if not certificate:
            validation = {"DomainValidationOptions": [{"HostedZoneId": zone} if zone is not None else {}]}
            kind = "AWS::CertificateManager::Certificate"
            self.add("GraphQlDomainCertificate", kind, validation, DeletionPolicy=kept)
        if domain.get("route53") is not False:
            parts = str(name).split(".")
            above = ".".join(parts[1:] if len(parts) > 2 else parts) + "."
            in_zone = {"HostedZoneId": zone} if zone else {"HostedZoneName": domain.get("hostedZoneName") or above}
            self.add("GraphQlDomainRoute53Record", "AWS::Route53::RecordSet", in_zone, DeletionPolicy=kept)

    # What it reads

    def _named(self, name: str, source: Any) -> None:
        """A data source that stands in a resolver or a function gets its name."""
        if isinstance(source, Mapping):
            self.sources[name] = {**source, "name": name}

    def _resolvers(self) -> list[tuple[Any, Any, Mapping[str, Any]]]:
        """The resolvers by type and field; the data sources and functions that they hold are noted."""
        for name, source in flat(self.written.get("dataSources")).items():
            self.sources[name] = {**as_map(source), "name": name}
        found: list[tuple[Any, Any, Mapping[str, Any]]] = []
        for key, resolver in flat(self.written.get("resolvers")).items():
            given = {"kind": "UNIT", "dataSource": resolver} if isinstance(resolver, str) else as_map(resolver)
            kind, _, field = key.partition(".")
            name = re.sub(r"[^a-z_]", "_", key, count=1, flags=re.IGNORECASE)
            if given.get("kind") == "UNIT":
                self._named(name, given.get("dataSource"))
            else:
                for index, function in enumerate(as_list(given.get("functions"))):
                    if isinstance(function, Mapping):
                        self._pipeline(f"{name}_{index}", function)
            found.append((given.get("type") or kind, given.get("field") or field, given))
        for name, function in flat(self.written.get("pipelineFunctions")).items():
            self._pipeline(name, as_map(function))
        return found

    def _pipeline(self, name: str, function: Mapping[str, Any]) -> None:
        self.functions[name] = function
        self._named(name, function.get("dataSource"))

    def _conflicts(self, given: Mapping[str, Any], embedded: str) -> None:
        """Add the function that solves conflicts of versions, where it stands in the settings."""
        sync = as_map(given.get("sync"))
        if sync.get("conflictDetection", "VERSION") == "VERSION" and sync.get("conflictHandler") == "LAMBDA":
            self.function(sync, f"{embedded}_Sync")
