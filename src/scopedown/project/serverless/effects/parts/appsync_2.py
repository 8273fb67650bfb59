"""serverless-appsync-plugin 2.13.0 (MIT), ``src/resources``: the API of the section ``appSync``.

It is compiled before anything else: functions that stand in the section become functions of the service. The texts of
the schema, of resolvers and of mapping templates are not read, since no permission depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, as_list, as_map, place_of
from scopedown.project.model import DeclaredResource
from scopedown.project.serverless.effects.parts.appsync_sources import (
    TRUST,
    Release,
    properties,
    statements,
    without_none,
)
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.service import Service

_API: Final = "GraphQlApi"
_API_ID: Final = {"Fn::GetAtt": [_API, "ApiId"]}
_SCHEMA: Final = "GraphQlSchema"
_REGION: Final = {"Ref": "AWS::Region"}
_LOGS: Final = "GraphQlApiLogGroup"
NOT_READ: Final = Text.unknown("texts of GraphQL are not read")


def add_api(service: Service, written: Mapping[str, Any], place: Place) -> None:
    """Add the API's resources and functions to the service."""
    _Api(service, written, place).compile()


def plain(name: str) -> str:
    """A name as a part of a logical id."""
    return re.sub(r"[^a-zA-Z0-9]", "", name)


def flat(written: Any) -> dict[str, Any]:
    """A mapping, or the mappings of a list as one."""
    parts = written if isinstance(written, list) else [written]
    return {name: value for part in parts for name, value in as_map(part).items()}


class _Api:
    def __init__(self, service: Service, written: Mapping[str, Any], place: Place) -> None:
        self.service, self.written, self.place = service, written, place
        self.release = Release(False, {"Ref": "AWS::Partition"}, _REGION, self.function)
        self.sources: dict[str, Mapping[str, Any]] = {}
        self.functions: dict[str, Mapping[str, Any]] = {}

    def add(self, id: str, kind: str, values: Mapping[str, Any], **attributes: Any) -> None:
        beside = without_none(attributes)
        self.service.generated[id] = DeclaredResource(id, kind, without_none(values), self.place, beside)

    def compile(self) -> None:
        written = self.written
        self._endpoint()
        self.add(_SCHEMA, "AWS::AppSync::GraphQLSchema", {"Definition": NOT_READ, "ApiId": _API_ID})
        self._domain()
        self._logs()
        self._authorizer()
        self._firewall()
        caching = as_map(written.get("caching"))
        if caching and caching.get("enabled") is not False:
            self.add("GraphQlCaching", "AWS::AppSync::ApiCache", {
                "ApiCachingBehavior": caching.get("behavior"),
                "ApiId": _API_ID,
                "AtRestEncryptionEnabled": caching.get("atRestEncryption") or False,
                "TransitEncryptionEnabled": caching.get("transitEncryption") or False,
                "Ttl": caching.get("ttl") or 3600,
                "Type": caching.get("type") or "T2_SMALL",
            })  # fmt: skip
        for name, key in self._keys():
            self.add(f"{_API}{plain(name)}", "AWS::AppSync::ApiKey", {
                "ApiId": _API_ID, "Description": key.get("description") or name,
                "Expires": Text.unknown("it is counted from the time of the deployment"),
                "ApiKeyId": key.get("apiKeyId"),
            })  # fmt: skip
        resolvers = [*self._resolvers()]
        for source in self.sources.values():
            self._source(source)
        for function in self.functions.values():
            self._pipeline_function(function)
        for resolver in resolvers:
            resolver()

    # The API

    def _providers(self) -> list[Mapping[str, Any]]:
        more = [as_map(one) for one in as_list(self.written.get("additionalAuthentications"))]
        return [as_map(self.written.get("authentication")), *more]

    def _endpoint(self) -> None:
        written = self.written
        first, *more = self._providers()
        logging = as_map(written.get("logging"))
        metrics = as_map(written.get("enhancedMetrics"))
        introspection = written.get("introspection")
        tags = [{"Key": name, "Value": value} for name, value in as_map(written.get("tags")).items()]
        self.add(_API, "AWS::AppSync::GraphQLApi", {
            "Name": written.get("name"),
            "XrayEnabled": written.get("xrayEnabled") or False,
            "Tags": tags or None,
            "EnvironmentVariables": written.get("environment"),
            **self._authentication(first, True),
            "AdditionalAuthenticationProviders": [self._authentication(one, False) for one in more] or None,
            "LogConfig": without_none({
                "CloudWatchLogsRoleArn": logging.get("roleArn") or {"Fn::GetAtt": [f"{_LOGS}Role", "Arn"]},
                "FieldLogLevel": logging.get("level"),
                "ExcludeVerboseContent": logging.get("excludeVerboseContent"),
            }) if self._is_logged(logging) else None,
            "Visibility": written.get("visibility"),
            "EnhancedMetricsConfig": dict(metrics) or None,
            "IntrospectionConfig": None if introspection is None else "ENABLED" if introspection else "DISABLED",
            "QueryDepthLimit": written.get("queryDepthLimit"),
            "ResolverCountLimit": written.get("resolverCountLimit"),
        })  # fmt: skip

    @staticmethod
    def _is_logged(logging: Mapping[str, Any]) -> bool:
        return bool(logging) and logging.get("enabled") is not False

    def _authentication(self, provider: Mapping[str, Any], is_first: bool) -> dict[str, Any]:
        kind, settings = provider.get("type"), as_map(provider.get("config"))
        found: dict[str, Any] = {"AuthenticationType": kind}
        if kind == "AMAZON_COGNITO_USER_POOLS":
            found["UserPoolConfig"] = without_none({
                "AwsRegion": settings.get("awsRegion") or {"Fn::Sub": "${AWS::Region}"},
                "UserPoolId": settings.get("userPoolId"), "AppIdClientRegex": settings.get("appIdClientRegex"),
                "DefaultAction": (settings.get("defaultAction") or "ALLOW") if is_first else None,
            })  # fmt: skip
        elif kind == "OPENID_CONNECT":
            names = {"Issuer": "issuer", "ClientId": "clientId", "IatTTL": "iatTTL", "AuthTTL": "authTTL"}
            found["OpenIDConnectConfig"] = without_none({name: settings.get(key) for name, key in names.items()})
        elif kind == "AWS_LAMBDA":
            found["LambdaAuthorizerConfig"] = without_none({
                "AuthorizerUri": self.function(settings, f"{self.written.get('name')}Authorizer"),
                "IdentityValidationExpression": settings.get("identityValidationExpression"),
                "AuthorizerResultTtlInSeconds": settings.get("authorizerResultTtlInSeconds"),
            })  # fmt: skip
        return found

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

    def _logs(self) -> None:
        logging = as_map(self.written.get("logging"))
        if not self._is_logged(logging):
            return
        days = logging.get("retentionInDays") or self.service.provider.get("logRetentionInDays")
        name = {"Fn::Join": ["/", ["/aws/appsync/apis", _API_ID]]}
        self.add(_LOGS, "AWS::Logs::LogGroup", {"LogGroupName": name, "RetentionInDays": days})
        if logging.get("roleArn"):
            return
        actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        allowed = {"Effect": "Allow", "Action": actions, "Resource": [{"Fn::GetAtt": [_LOGS, "Arn"]}]}
        self.add(f"{_LOGS}Policy", "AWS::IAM::Policy", {
            "PolicyName": f"{_LOGS}Policy", "Roles": [{"Ref": f"{_LOGS}Role"}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [allowed]},
        })  # fmt: skip
        self.add(f"{_LOGS}Role", "AWS::IAM::Role", {"AssumeRolePolicyDocument": TRUST})

    def _domain(self) -> None:
        domain = as_map(self.written.get("domain"))
        if not domain or domain.get("enabled") is False or domain.get("useCloudFormation") is False:
            return
        kept = "Retain" if domain.get("retain") else "Delete"
        own, name, zone = "GraphQlDomainName", domain.get("name"), domain.get("hostedZoneId")
        certificate = domain.get("certificateArn")
        self.add(own, "AWS::AppSync::DomainName", {
            "CertificateArn": certificate or {"Ref": "GraphQlDomainCertificate"}, "DomainName": name,
        }, DeletionPolicy=kept)  # fmt: skip
        self.add(
            "GraphQlDomainAssociation", "AWS::AppSync::DomainNameApiAssociation",
            {"ApiId": _API_ID, "DomainName": name}, DeletionPolicy=kept, DependsOn=[own],
        )  # fmt: skip
        if not certificate:
            validation = without_none({"DomainName": name, "HostedZoneId": zone})
            self.add("GraphQlDomainCertificate", "AWS::CertificateManager::Certificate", {
                "DomainName": name, "ValidationMethod": "DNS", "DomainValidationOptions": [validation],
            }, DeletionPolicy=kept)  # fmt: skip
        if domain.get("route53") is not False:
            parts = str(name).split(".")
            above = ".".join(parts[1:] if len(parts) > 2 else parts) + "."
            in_zone = {"HostedZoneId": zone} if zone else {"HostedZoneName": domain.get("hostedZoneName") or above}
            self.add("GraphQlDomainRoute53Record", "AWS::Route53::RecordSet", {
                **in_zone, "Name": name, "Type": "A",
                "AliasTarget": {
                    "HostedZoneId": {"Fn::GetAtt": [own, "HostedZoneId"]},
                    "DNSName": {"Fn::GetAtt": [own, "AppSyncDomainName"]},
                    "EvaluateTargetHealth": False,
                },
            }, DeletionPolicy=kept)  # fmt: skip

    def _authorizer(self) -> None:
        first, *more = self._providers()
        found = next((one for one in (*more, first) if one.get("type") == "AWS_LAMBDA"), None)
        if found is not None:
            called = self.function(as_map(found.get("config")), f"{self.written.get('name')}Authorizer")
            self.add("LambdaAuthorizerPermission", "AWS::Lambda::Permission", {
                "Action": "lambda:InvokeFunction", "FunctionName": called, "Principal": "appsync.amazonaws.com",
                "SourceArn": {"Ref": _API},
            })  # fmt: skip

    def _firewall(self) -> None:
        firewall = as_map(self.written.get("waf"))
        if not firewall or firewall.get("enabled") is False:
            return
        list_arn = firewall.get("arn")
        if not list_arn:
            list_arn = {"Fn::GetAtt": ["GraphQlWaf", "Arn"]}
            action = firewall.get("defaultAction") or "Allow"
            api = self.written.get("name")
            self.add("GraphQlWaf", "AWS::WAFv2::WebACL", {
                "DefaultAction": {action: {}} if isinstance(action, str) else action, "Scope": "REGIONAL",
                "Description": firewall.get("description") or f"ACL rules for AppSync {api}",
                "Name": firewall.get("name") or f"{api}Waf",
                "Rules": NOT_READ, "VisibilityConfig": NOT_READ,
                "Tags": self.service.generated[_API].properties.get("Tags"),
            })  # fmt: skip
        self.add("GraphQlWafAssoc", "AWS::WAFv2::WebACLAssociation", {
            "ResourceArn": {"Fn::GetAtt": [_API, "Arn"]}, "WebACLArn": list_arn,
        })  # fmt: skip

    def _keys(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if any(one.get("type") == "API_KEY" for one in self._providers()):
            for key in as_list(self.written.get("apiKeys")):
                yield (key, {}) if isinstance(key, str) else (str(as_map(key).get("name")), as_map(key))

    # What it reads

    def _named(self, name: str, source: Any) -> str:
        """The name of a data source that a resolver or a function uses: one that stands in it gets its name."""
        if isinstance(source, Mapping):
            self.sources[name] = {**source, "name": name}
            return name
        return source if isinstance(source, str) else name

    def _resolvers(self) -> Iterator[Callable[[], None]]:
        for name, source in flat(self.written.get("dataSources")).items():
            self.sources[name] = {**as_map(source), "name": name}
        for key, resolver in flat(self.written.get("resolvers")).items():
            given = {"kind": "UNIT", "dataSource": resolver} if isinstance(resolver, str) else as_map(resolver)
            kind, _, field = key.partition(".")
            name = re.sub(r"[^a-z_]", "_", key, count=1, flags=re.IGNORECASE)
            used: list[str] = []
            if given.get("kind") == "UNIT":
                used = [self._named(name, given.get("dataSource"))]
            else:
                for index, function in enumerate(as_list(given.get("functions"))):
                    own = function if isinstance(function, str) else f"{name}_{index}"
                    if isinstance(function, Mapping):
                        self._pipeline(own, function)
                    used.append(own)
            yield partial(self._resolver, given.get("type") or kind, given.get("field") or field, given, used)
        for name, function in flat(self.written.get("pipelineFunctions")).items():
            self._pipeline(name, as_map(function))

    def _pipeline(self, name: str, function: Mapping[str, Any]) -> None:
        self.functions[name] = {**function, "name": name, "dataSource": self._named(name, function.get("dataSource"))}

    def _source(self, source: Mapping[str, Any]) -> None:
        name = str(source["name"])
        role = as_map(source.get("config")).get("serviceRoleArn")
        allowed = [] if role else statements(self.release, source)
        if allowed:
            role_id = f"GraphQlDs{plain(f'{name}Role')}"
            role = {"Fn::GetAtt": [role_id, "Arn"]}
            document = {"Version": "2012-10-17", "Statement": allowed}
            self.add(role_id, "AWS::IAM::Role", {
                "AssumeRolePolicyDocument": TRUST,
                "Policies": [{"PolicyName": f"AppSync-Datasource-{name}", "PolicyDocument": document}],
            })  # fmt: skip
        self.add(f"GraphQlDs{plain(name)}", "AWS::AppSync::DataSource", {
            "ApiId": _API_ID, "Name": name, "Description": source.get("description"), "Type": source.get("type"),
            **properties(self.release, source), "ServiceRoleArn": role,
        })  # fmt: skip

    def _texts(self, given: Mapping[str, Any], is_code: bool) -> dict[str, Any]:
        if is_code:
            return {"Code": NOT_READ, "Runtime": {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"}}
        return {
            "RequestMappingTemplate": NOT_READ if given.get("request") else None,
            "ResponseMappingTemplate": NOT_READ if given.get("response") else None,
        }

    def _sync(self, given: Mapping[str, Any], embedded: str) -> dict[str, Any] | None:
        if not given.get("sync"):
            return None
        sync = as_map(given.get("sync"))
        detection = sync.get("conflictDetection", "VERSION")
        found: dict[str, Any] = {"ConflictDetection": detection}
        if detection == "VERSION":
            found["ConflictHandler"] = sync.get("conflictHandler", "OPTIMISTIC_CONCURRENCY")
            if found["ConflictHandler"] == "LAMBDA":
                handler = {"LambdaConflictHandlerArn": self.function(sync, f"{embedded}_Sync")}
                found["LambdaConflictHandlerConfig"] = handler
        return found

    def _pipeline_function(self, function: Mapping[str, Any]) -> None:
        name = str(function["name"])
        source = {"Fn::GetAtt": [f"GraphQlDs{plain(str(function['dataSource']))}", "Name"]}
        self.add(f"GraphQlFunctionConfiguration{plain(name)}", "AWS::AppSync::FunctionConfiguration", {
            "ApiId": _API_ID, "Name": name, "DataSourceName": source, "Description": function.get("description"),
            "FunctionVersion": "2018-05-29", "MaxBatchSize": function.get("maxBatchSize"),
            **self._texts(function, bool(function.get("code"))), "SyncConfig": self._sync(function, name),
        })  # fmt: skip

    def _resolver(self, kind: Any, field: Any, given: Mapping[str, Any], used: list[str]) -> None:
        is_unit = given.get("kind") == "UNIT"
        has_templates = "request" in given or "response" in given
        is_code = "code" in given or (not has_templates and not is_unit)
        metrics = (given.get("metricsConfig") or "DISABLED") if self.written.get("enhancedMetrics") else None
        target: dict[str, Any]
        if is_unit:
            source = {"Fn::GetAtt": [f"GraphQlDs{plain(used[0])}", "Name"]}
            target = {"Kind": "UNIT", "DataSourceName": source, "MaxBatchSize": given.get("maxBatchSize")}
        else:
            ids = [f"GraphQlFunctionConfiguration{plain(name)}" for name in used]
            functions = [{"Fn::GetAtt": [id, "FunctionId"]} for id in ids]
            target = {"Kind": "PIPELINE", "PipelineConfig": {"Functions": functions}}
        self.add(f"GraphQlResolver{plain(str(kind))}{plain(str(field))}", "AWS::AppSync::Resolver", {
            "ApiId": _API_ID, "TypeName": kind, "FieldName": field, "MetricsConfig": metrics,
            **(self._texts(given, is_code) if is_code or has_templates else {}),
            "CachingConfig": caching_of(given, as_map(self.written.get("caching"))),
            "SyncConfig": self._sync(given, f"{kind}_{field}"), **target,
        }, DependsOn=[_SCHEMA])  # fmt: skip


def caching_of(given: Mapping[str, Any], caching: Mapping[str, Any]) -> dict[str, Any] | None:
    """How long a resolver's answers are kept, and by which keys; None where they are not."""
    own, ttl = given.get("caching"), caching.get("ttl") or 3600
    if own is True:
        return {"Ttl": ttl}
    if isinstance(own, Mapping):
        return without_none({"CachingKeys": own.get("keys"), "Ttl": own.get("ttl") or ttl})
    return None
