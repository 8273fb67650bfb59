"""serverless-appsync-plugin: AppSync APIs, their data sources with the roles they act with, and their resolvers.

Release 2 reads the section ``appSync``, release 1 ``custom.appSync``; a service has the one that its plugin reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, as_list, as_map, place_of
from scopedown.project.model import DeclaredResource
from scopedown.project.serverless.fragments import Named, resources, tree
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.plugin_effects import Effect, Given
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template, trust

# What roles of AppSync's data sources allow, as both releases of serverless-appsync-plugin compile them.
#
# The releases differ in how they write an ARN: 1 puts ``aws`` and the service's region there, 2 leaves both to
# CloudFormation. Sources: ``src/index.js`` of 1.14.0, ``src/resources/DataSource.ts`` of 2.13.0.


_ACCOUNT: Final = {"Ref": "AWS::AccountId"}
_TYPES: Final = (
    "AWS_LAMBDA", "AMAZON_DYNAMODB", "RELATIONAL_DATABASE", "AMAZON_OPENSEARCH_SERVICE", "AMAZON_ELASTICSEARCH",
    "AMAZON_EVENTBRIDGE", "AMAZON_BEDROCK_RUNTIME",
)  # fmt: skip
"""The types of data sources that act with a role."""
_ENDPOINT: Final = re.compile(r"https://([a-z0-9-]+\.(\w{2}-[a-z]+-\d)\.es\.amazonaws\.com)")
_INFERENCE_PROFILE: Final = re.compile(r"^(us-gov|us|eu|apac|global)\.")


@dataclass(frozen=True, slots=True)
class Release:
    """How a release of the plugin writes what both compile."""

    is_first: bool
    partition: Any
    region: Any
    function: Callable[[Mapping[str, Any], str], Any]
    """The ARN of the function that settings name; the second is the name of one that they hold."""
    api: str
    """The name of the API."""

    def arn(self, service: str, settings: Mapping[str, Any], *rest: Any) -> dict[str, Any]:
        """An ARN of the account, in the region of the settings."""
        region = settings.get("region") or self.region
        return _joined(":", "arn", self.partition, service, region, _ACCOUNT, *rest)


def _joined(by: str, *parts: Any) -> dict[str, Any]:
    return {"Fn::Join": [by, list(parts)]}


def statements(release: Release, source: Mapping[str, Any]) -> list[Any]:
    """What the role of a data source allows: what its settings say, else what its type needs."""
    settings, kind = as_map(source.get("config")), source.get("type")
    written = settings.get("iamRoleStatements")
    if written:
        return as_list(written)
    if kind not in _TYPES:
        return []
    values: dict[str, Any] = {"bus": settings.get("eventBusArn"), "secret": settings.get("awsSecretStoreArn")}
    if kind == "AWS_LAMBDA":
        values["function"] = release.function(settings, str(source.get("name")))
    elif kind == "AMAZON_BEDROCK_RUNTIME":
        models = [arn for model in as_list(settings.get("models")) for arn in _models(release, settings, model)]
        values["models"] = models or ["*"]
    values |= {"tables": list(_tables(release, settings)), "domain": _domain(release, settings)}
    values["cluster"] = release.arn("rds", settings, "cluster", settings.get("dbClusterIdentifier"))
    found: list[Any] = tree(FILE, str(kind), values)
    return found


def _tables(release: Release, settings: Mapping[str, Any]) -> tuple[Any, Any]:
    name = settings.get("tableName")
    if release.is_first:
        table = release.arn("dynamodb", settings, _joined("/", "table", name))
        return table, _joined("/", table, "*")
    tables = release.arn("dynamodb", settings, "table")
    return _joined("/", tables, name), _joined("/", tables, name, "*")


def _domain(release: Release, settings: Mapping[str, Any]) -> Any:
    endpoint, domain = settings.get("endpoint"), settings.get("domain")
    by_name = _joined("/", {"Fn::GetAtt": [domain, "Arn"]}, "*") if domain else None
    if release.is_first and by_name:
        return by_name
    match = _ENDPOINT.fullmatch(endpoint) if isinstance(endpoint, str) else None
    if match is None:
        return by_name
    region = (settings.get("region") or release.region) if release.is_first else match[2]
    return _joined(":", "arn", release.partition, "es", region, _ACCOUNT, f"domain/{match[1]}/*")


def _models(release: Release, settings: Mapping[str, Any], model: Any) -> list[Any]:
    if not isinstance(model, str) or model.startswith("arn:"):
        return [model]
    region = settings.get("region") or release.region
    if profile := _INFERENCE_PROFILE.match(model):
        base = model[profile.end() :]
        return [
            release.arn("bedrock", settings, f"inference-profile/{model}"),
            _joined(":", "arn", release.partition, "bedrock", "*", "", f"foundation-model/{base}"),
        ]
    return [_joined(":", "arn", release.partition, "bedrock", region, "", f"foundation-model/{model}")]


# An API of AppSync as both releases of serverless-appsync-plugin compile it.
#
# The texts of the schema, of resolvers and of mapping templates are not read, since no permission depends on them.
# Sources: ``src/index.js`` of 1.14.0, ``src/resources`` of 2.13.0 (MIT).


_TRUST: Final = trust(["appsync.amazonaws.com"], ["sts:AssumeRole"])
"""Who assumes the roles."""
FILE: Final = "effects/appsync.yml"
_AUTHORIZER: Final = "LambdaAuthorizerConfig"
Provider = tuple[Any, Mapping[str, Any]]
"""How callers are authenticated: the type of AppSync, and its settings."""


def _tags(written: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    return [{"Key": key, "Value": value} for key, value in as_map(written.get("tags")).items()] or None


def plain(name: str) -> str:
    """A name as a part of a logical id."""
    return re.sub(r"[^a-zA-Z0-9]", "", name)


@dataclass(slots=True)
class Api:
    """One API; ``add`` adds a resource by its logical id, type and properties, ``prefix`` begins its logical ids."""

    add: Callable[..., None]
    release: Release
    prefix: str = ""

    def id(self, name: str) -> str:
        """The logical id of a part of the API."""
        return plain(f"{self.prefix}{name}")

    def fragment(self, fragment: str, /, **values: Any) -> None:
        """Add the resources of a fragment of ``appsync.yml``."""
        for id, type, properties, attributes in resources(FILE, fragment, Named(values, self.id)):
            self.add(id, type, properties, **attributes)

    def endpoint(self, written: Mapping[str, Any], providers: list[Provider], log_role: Any) -> None:
        """The API itself; ``log_role`` is None where it writes no logs."""
        first, *more = map(self._authorizer, providers)
        given = {"xray": written.get("xrayEnabled") or False, "visibility": written.get("visibility")}
        given |= {"environment": written.get("environment"), "tags": _tags(written), "log role": log_role}
        self.fragment("api", authorizer=first.get(_AUTHORIZER), more=more, **given)

    def _authorizer(self, provider: Provider) -> dict[str, Any]:
        kind, settings = provider
        return {_AUTHORIZER: {"AuthorizerUri": self._deciding(settings)}} if kind == "AWS_LAMBDA" else {}

    def _deciding(self, settings: Mapping[str, Any]) -> Any:
        return self.release.function(settings, f"{self.release.api}Authorizer")

    def authorizer(self, id: str, providers: Iterable[Provider]) -> None:
        """The permission for the first function that decides about callers."""
        for kind, settings in providers:
            if kind == "AWS_LAMBDA":
                self.fragment("authorizer permission", id=id, function=self._deciding(settings))
                return

    def log_role(self, name: str, policy_name: str) -> None:
        """The role that the API logs with, and its policy: ids that begin with ``name``."""
        ids = {"policy": self.id(f"{name}Policy"), "role": self.id(f"{name}Role")}
        self.fragment("log role", trust=_TRUST, **ids, **{"policy name": policy_name})

    def firewall(self, written: Any, api: Mapping[str, Any]) -> None:
        """The web ACL of the API, and its association."""
        firewall = as_map(written)
        if firewall and firewall.get("enabled") is not False:
            arn, name = firewall.get("arn"), firewall.get("name") or f"{self.release.api}Waf"
            made = arn or {"Fn::GetAtt": [self.id("GraphQlWaf"), "Arn"]}
            self.fragment("firewall", list=made, name=name, tags=_tags(api), **{"makes list": not arn})

    def source(self, source: Mapping[str, Any], api_id: Any, policy_name: str) -> None:
        """A data source, with the role that it acts with."""
        name = f"GraphQlDs{plain(str(source.get('name')))}"
        settings = as_map(source.get("config"))
        role = settings.get("serviceRoleArn")
        granted = [] if role else statements(self.release, source)
        if granted:
            role = {"Fn::GetAtt": [self.id(f"{name}Role"), "Arn"]}
            whole = {"Version": "2012-10-17", "Statement": granted}  # a list of the project keeps its places
            policies = [{"PolicyName": policy_name, "PolicyDocument": whole}]
            trusted = {"AssumeRolePolicyDocument": _TRUST, "Policies": policies}
            self.add(self.id(f"{name}Role"), "AWS::IAM::Role", trusted)
        properties = {"ApiId": api_id, "Name": source.get("name"), "ServiceRoleArn": role}
        if source.get("type") == "AWS_LAMBDA":
            function = self.release.function(settings, str(source.get("name")))
            properties["LambdaConfig"] = {"LambdaFunctionArn": function}
        self.add(self.id(name), "AWS::AppSync::DataSource", properties)

    def pipeline_function(self, name: str, api_id: Any) -> None:
        """A function of resolvers that have several steps."""
        id = self.id(f"GraphQlFunctionConfiguration{plain(name)}")
        self.add(id, "AWS::AppSync::FunctionConfiguration", {"ApiId": api_id})

    def resolver(self, kind: Any, field: Any, api_id: Any) -> None:
        """A resolver of a field of a type."""
        properties = {"ApiId": api_id, "TypeName": kind, "FieldName": field}
        self.add(self.id(f"GraphQlResolver{plain(str(kind))}{plain(str(field))}"), "AWS::AppSync::Resolver", properties)


# serverless-appsync-plugin 2.13.0 (MIT), ``src/resources``: the API of the section ``appSync``.
#
# It is compiled before anything else: functions that stand in the section become functions of the service.


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
            days = logging.get("retentionInDays") or self.service.provider.get("logRetentionInDays")
            api.fragment("logs", days=days)
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
        name, zone, certificate = domain.get("name"), domain.get("hostedZoneId"), domain.get("certificateArn")
        parts = str(name).split(".")
        above = ".".join(parts[1:] if len(parts) > 2 else parts) + "."
        in_zone = {"HostedZoneId": zone} if zone else {"HostedZoneName": domain.get("hostedZoneName") or above}
        self.api.fragment("domain", name=name, kept="Retain" if domain.get("retain") else "Delete", **{
            "certificate": certificate or {"Ref": "GraphQlDomainCertificate"}, "makes certificate": not certificate,
            "validation": {"HostedZoneId": zone} if zone is not None else {},
            "in zone": in_zone if domain.get("route53") is not False else None,
        })  # fmt: skip

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


# serverless-appsync-plugin 1.14.0 (MIT), ``src/index.js``: the APIs of ``custom.appSync``.
#
# They are added to the whole template.


def add_apis(template: Template, written: Any) -> None:
    """Add the resources of an API, or of each API of a list."""
    for index, one in enumerate(written if isinstance(written, list) else [written]):
        place = place_of(written, index if isinstance(written, list) else None) or template.service.place
        if isinstance(one, Mapping):
            _add_api(template, one, isinstance(written, list), place)


def _add_api(template: Template, written: Mapping[str, Any], is_of_list: bool, place: Place) -> None:
    name = str(written.get("name") or "api")
    service = template.service

    def add(id: str, kind: str, properties: Mapping[str, Any], **attributes: Any) -> None:
        template.add(id, kind, properties, place, **attributes)

    prefix = f"{name[:1].upper()}{name[1:]}" if is_of_list else ""
    api = Api(add, Release(True, "aws", service.region, _function, name), prefix)
    own_id = {"Fn::GetAtt": [api.id("GraphQlApi"), "ApiId"]}
    api_id = written.get("apiId") or own_id
    if not written.get("apiId"):
        of_callers = [written, *map(as_map, as_list(written.get("additionalAuthenticationProviders")))]
        providers = [(one.get("authenticationType"), as_map(one.get("lambdaAuthorizerConfig"))) for one in of_callers]
        logging = as_map(written.get("logConfig"))
        role = logging.get("loggingRoleArn") or {"Fn::GetAtt": [api.id("GraphQlApiCloudWatchLogsRole"), "Arn"]}
        api.endpoint(written, providers, role if logging else None)
        api.authorizer(f"{api.id('GraphQlApi')}LambdaAuthorizerPermission", providers)
        if logging.get("level"):
            api.fragment("logs", days=service.provider.get("logRetentionInDays"))
        if any(kind == "API_KEY" for kind, _ in providers):
            for key in _keys(written.get("apiKeys")):
                add(api.id(f"GraphQlApiKey{key}"), "AWS::AppSync::ApiKey", {})
        if logging and not logging.get("loggingRoleArn"):
            api.log_role("GraphQlApiCloudWatchLogs", f"{api.id('GraphQlApiCloudWatchLogsRole')}Policy")
        api.firewall(written.get("wafConfig"), written)
    if as_map(written.get("caching")):
        add(api.id("GraphQlCaching"), "AWS::AppSync::ApiCache", {})
    add(api.id("GraphQlSchema"), "AWS::AppSync::GraphQLSchema", {})
    for source in _sources(written.get("dataSources")):
        api.source(source, api_id, f"GraphQlDs{plain(str(source.get('name')))}Policy")
    for one in _flat(written.get("functionConfigurations")):
        api.pipeline_function(str(one.get("name")), api_id)
    for one in _flat(written.get("mappingTemplates")):
        api.resolver(one.get("type"), one.get("field"), api_id)


def _function(settings: Mapping[str, Any], embedded: str) -> Any:
    if settings.get("lambdaFunctionArn"):
        return settings["lambdaFunctionArn"]
    arn = {"Fn::GetAtt": [function_id(str(settings.get("functionName"))), "Arn"]}
    alias = settings.get("functionAlias")
    return {"Fn::Join": [":", [arn, alias]]} if alias else arn


def _keys(written: Any) -> Iterator[str]:
    """The names of the API's keys; those without a name are numbered."""
    unnamed = 0
    for key in as_list(written) if written else ["Default"]:
        name = key if isinstance(key, str) else as_map(key).get("name")
        if not name:
            unnamed += 1
            name = f"Key{unnamed}"
        yield name


def _sources(written: Any) -> Iterator[Mapping[str, Any]]:
    for part in written if isinstance(written, list) else [written]:
        if isinstance(as_map(part).get("name"), str):
            yield as_map(part)
        else:
            yield from ({"name": name, **as_map(source)} for name, source in as_map(part).items())


def _flat(written: Any) -> Iterator[Mapping[str, Any]]:
    """The items of a list, and those of lists in it."""
    for one in as_list(written):
        yield from map(as_map, one if isinstance(one, list) else [one])


def _configure(service: Service, given: Given) -> None:
    written = given.tree.get("appSync")
    if isinstance(written, Mapping):
        add_api(service, written, place_of(given.tree, "appSync") or service.place)


def _finish(template: Template) -> None:
    written = template.service.custom.get("appSync")
    if isinstance(written, Mapping | list):
        add_apis(template, written)


EFFECTS: Final = {"appsync": Effect(configure=_configure, finish=_finish, settings="appSync")}
