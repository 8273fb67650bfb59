"""serverless-appsync-plugin 1.14.0 (MIT), ``src/index.js``: the APIs of ``custom.appSync``.

They are added to the whole template.

The texts of the schema and of mapping templates are not read, since no permission depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.serverless.effects.parts.appsync_2 import NOT_READ, caching_of, plain
from scopedown.project.serverless.effects.parts.appsync_sources import (
    TRUST,
    Release,
    properties,
    statements,
    without_none,
)
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.template import Template


def add_apis(template: Template, written: Any) -> None:
    """Add the resources and outputs of an API, or of each API of a list."""
    for index, one in enumerate(written if isinstance(written, list) else [written]):
        place = place_of(written, index if isinstance(written, list) else None) or template.service.place
        if isinstance(one, Mapping):
            _Api(template, one, not isinstance(written, list), place).compile()


def _function(settings: Mapping[str, Any], embedded: str = "") -> Any:
    if settings.get("lambdaFunctionArn"):
        return settings["lambdaFunctionArn"]
    arn = {"Fn::GetAtt": [function_id(str(settings.get("functionName"))), "Arn"]}
    alias = settings.get("functionAlias")
    return {"Fn::Join": [":", [arn, alias]]} if alias else arn


@dataclass(slots=True)
class _Api:
    template: Template
    written: Mapping[str, Any]
    is_single: bool
    place: Place

    def id(self, name: str) -> str:
        """A logical id, which begins with the API's name where there are several."""
        api = str(self.written.get("name") or "api")
        return plain(name if self.is_single else f"{api[:1].upper()}{api[1:]}{name}")

    @property
    def api_id(self) -> Any:
        return self.written.get("apiId") or {"Fn::GetAtt": [self.id("GraphQlApi"), "ApiId"]}

    def add(self, id: str, kind: str, values: Mapping[str, Any], **attributes: Any) -> None:
        self.template.add(id, kind, values, self.place, **attributes)

    def compile(self) -> None:
        written = self.written
        if not written.get("apiId"):
            self._endpoint()
            self._keys()
            self._logs()
            self._firewall()
        caching = as_map(written.get("caching"))
        if caching:
            self.add(self.id("GraphQlCaching"), "AWS::AppSync::ApiCache", {
                "ApiCachingBehavior": caching.get("behavior"), "ApiId": self.api_id,
                "AtRestEncryptionEnabled": caching.get("atRestEncryption") or False,
                "TransitEncryptionEnabled": caching.get("transitEncryption") or False,
                "Ttl": caching.get("ttl") or 3600, "Type": caching.get("type") or "T2_SMALL",
            })  # fmt: skip
        schema = self.id("GraphQlSchema")
        self.add(schema, "AWS::AppSync::GraphQLSchema", {"Definition": NOT_READ, "ApiId": self.api_id})
        release = Release(True, "aws", self.template.service.region, _function)
        for source in self._sources():
            self._source(release, source)
        for one in _flat(written.get("functionConfigurations")):
            self._pipeline_function(one)
        for one in _flat(written.get("mappingTemplates")):
            self._resolver(one, schema)
        self._outputs()

    def _providers(self) -> list[Mapping[str, Any]]:
        return [self.written, *map(as_map, as_list(self.written.get("additionalAuthenticationProviders")))]

    def _endpoint(self) -> None:
        written, logging = self.written, as_map(self.written.get("logConfig"))
        id = self.id("GraphQlApi")
        role = {"Fn::GetAtt": [self.id("GraphQlApiCloudWatchLogsRole"), "Arn"]}
        tags = written.get("tags")
        self.add(id, "AWS::AppSync::GraphQLApi", {
            "Name": written.get("name") or "api",
            "AdditionalAuthenticationProviders": [self._authentication(one) for one in self._providers()[1:]],
            **self._authentication(written),
            "LogConfig": without_none({
                "CloudWatchLogsRoleArn": logging.get("loggingRoleArn") or role,
                "FieldLogLevel": logging.get("level"),
                "ExcludeVerboseContent": logging.get("excludeVerboseContent"),
            }) if logging else None,
            "XrayEnabled": written.get("xrayEnabled") or False,
            "Tags": [{"Key": key, "Value": value} for key, value in as_map(tags).items()] if tags else None,
        })  # fmt: skip
        more, first = self._providers()[1:], self._providers()[:1]
        authorizer = next((one for one in (*first, *more) if one.get("authenticationType") == "AWS_LAMBDA"), None)
        if authorizer is not None:
            self.add(f"{id}LambdaAuthorizerPermission", "AWS::Lambda::Permission", {
                "Action": "lambda:InvokeFunction",
                "FunctionName": _function(as_map(authorizer.get("lambdaAuthorizerConfig"))),
                "Principal": "appsync.amazonaws.com", "SourceArn": {"Ref": id},
            })  # fmt: skip
        if logging.get("level"):
            self.add(f"{id}LogGroup", "AWS::Logs::LogGroup", {
                "LogGroupName": {"Fn::Join": ["/", ["/aws/appsync/apis", {"Fn::GetAtt": [id, "ApiId"]}]]},
                "RetentionInDays": self.template.service.provider.get("logRetentionInDays"),
            })  # fmt: skip

    def _authentication(self, provider: Mapping[str, Any]) -> dict[str, Any]:
        kind = provider.get("authenticationType")
        found: dict[str, Any] = {"AuthenticationType": kind}
        if kind == "AMAZON_COGNITO_USER_POOLS":
            pool = as_map(provider.get("userPoolConfig"))
            found["UserPoolConfig"] = without_none({
                "AwsRegion": pool.get("awsRegion") or self.template.service.region,
                "UserPoolId": pool.get("userPoolId"), "AppIdClientRegex": pool.get("appIdClientRegex"),
                "DefaultAction": pool.get("defaultAction") or None,
            })  # fmt: skip
        elif kind == "OPENID_CONNECT":
            given = as_map(provider.get("openIdConnectConfig"))
            names = {"Issuer": "issuer", "ClientId": "clientId", "IatTTL": "iatTTL", "AuthTTL": "authTTL"}
            found["OpenIDConnectConfig"] = without_none({name: given.get(key) for name, key in names.items()})
        elif kind == "AWS_LAMBDA":
            given = as_map(provider.get("lambdaAuthorizerConfig"))
            found["LambdaAuthorizerConfig"] = without_none({
                "AuthorizerUri": _function(given),
                "IdentityValidationExpression": given.get("identityValidationExpression"),
                "AuthorizerResultTtlInSeconds": given.get("authorizerResultTtlInSeconds"),
            })  # fmt: skip
        return found

    def _keys(self) -> None:
        if not any(one.get("authenticationType") == "API_KEY" for one in self._providers()):
            return
        written = self.written.get("apiKeys")
        keys = as_list(written) if written else [{"name": "Default", "description": "Auto-generated api key"}]
        unnamed = 0
        for key in keys:
            given = {"name": key} if isinstance(key, str) else as_map(key)
            name = given.get("name")
            if not name:
                unnamed += 1
                name = f"Key{unnamed}"
            id = self.id(f"GraphQlApiKey{name}")
            self.add(id, "AWS::AppSync::ApiKey", {
                "ApiId": {"Fn::GetAtt": [self.id("GraphQlApi"), "ApiId"]},
                "Description": given.get("description") or name,
                "Expires": Text.unknown("it is counted from the time of the deployment"),
                "ApiKeyId": given.get("apiKeyId"),
            })  # fmt: skip
            self.template.outputs[id] = {"Value": {"Fn::GetAtt": [id, "ApiKey"]}}

    def _logs(self) -> None:
        logging = as_map(self.written.get("logConfig"))
        if not logging or logging.get("loggingRoleArn"):
            return
        role = self.id("GraphQlApiCloudWatchLogsRole")
        group = {"Fn::GetAtt": [f"{self.id('GraphQlApi')}LogGroup", "Arn"]}
        actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        allowed = {"Effect": "Allow", "Action": actions, "Resource": [group]}
        self.add(self.id("GraphQlApiCloudWatchLogsPolicy"), "AWS::IAM::Policy", {
            "PolicyName": f"{role}Policy", "Roles": [{"Ref": role}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [allowed]},
        })  # fmt: skip
        self.add(role, "AWS::IAM::Role", {"AssumeRolePolicyDocument": TRUST})

    def _firewall(self) -> None:
        firewall = as_map(self.written.get("wafConfig"))
        if not firewall or firewall.get("enabled") is False:
            return
        list_arn = firewall.get("arn")
        if not list_arn:
            name = self.written.get("name") or "api"
            list_arn = {"Fn::GetAtt": [self.id("GraphQlWaf"), "Arn"]}
            self.add(self.id("GraphQlWaf"), "AWS::WAFv2::WebACL", {
                "DefaultAction": {str(firewall.get("defaultAction") or "Allow"): {}}, "Scope": "REGIONAL",
                "Description": firewall.get("description") or f"ACL rules for AppSync {name}",
                "Name": firewall.get("name") or f"{name}Waf", "Rules": NOT_READ, "VisibilityConfig": NOT_READ,
                "Tags": self.template.resources[self.id("GraphQlApi")].properties.get("Tags"),
            })  # fmt: skip
        self.add(self.id("GraphQlWafAssoc"), "AWS::WAFv2::WebACLAssociation", {
            "ResourceArn": {"Fn::GetAtt": [self.id("GraphQlApi"), "Arn"]}, "WebACLArn": list_arn,
        })  # fmt: skip

    def _sources(self) -> Iterator[Mapping[str, Any]]:
        written = self.written.get("dataSources")
        for part in written if isinstance(written, list) else [written]:
            if isinstance(as_map(part).get("name"), str):
                yield as_map(part)
            else:
                yield from ({"name": name, **as_map(source)} for name, source in as_map(part).items())

    def _source(self, release: Release, source: Mapping[str, Any]) -> None:
        name = f"GraphQlDs{plain(str(source.get('name')))}"
        role = as_map(source.get("config")).get("serviceRoleArn")
        allowed = [] if role else statements(release, source)
        if allowed:
            role_id = self.id(f"{name}Role")
            role = {"Fn::GetAtt": [role_id, "Arn"]}
            document = {"Version": "2012-10-17", "Statement": allowed}
            self.add(role_id, "AWS::IAM::Role", {
                "AssumeRolePolicyDocument": TRUST,
                "Policies": [{"PolicyName": f"{name}Policy", "PolicyDocument": document}],
            })  # fmt: skip
        self.add(self.id(name), "AWS::AppSync::DataSource", {
            "ApiId": self.api_id, "Name": source.get("name"), "Description": source.get("description"),
            "Type": source.get("type"), "ServiceRoleArn": role, **properties(release, source),
        })  # fmt: skip

    def _texts(self, one: Mapping[str, Any]) -> dict[str, Any]:
        """The mapping templates, each there unless it, or what holds for all, is false."""
        found: dict[str, Any] = {}
        everywhere = as_map(self.written.get("defaultMappingTemplates"))
        for key, name in (("request", "RequestMappingTemplate"), ("response", "ResponseMappingTemplate")):
            if (one[key] if key in one else everywhere.get(key)) is not False:
                found[name] = NOT_READ
        return found

    @staticmethod
    def _sync(one: Mapping[str, Any]) -> dict[str, Any] | None:
        sync = one.get("sync")
        if sync is True:
            return {"ConflictDetection": "VERSION"}
        if not isinstance(sync, Mapping):
            return None
        handler = sync.get("conflictHandler")
        calls = {"LambdaConflictHandlerArn": _function(sync)} if handler == "LAMBDA" else None
        return without_none({
            "ConflictDetection": sync.get("conflictDetection"), "ConflictHandler": handler,
            "LambdaConflictHandlerConfig": calls,
        })  # fmt: skip

    def _pipeline_function(self, one: Mapping[str, Any]) -> None:
        name = plain(str(one.get("name")))
        source = self.id(f"GraphQlDs{plain(str(one.get('dataSource')))}")
        self.add(self.id(f"GraphQlFunctionConfiguration{name}"), "AWS::AppSync::FunctionConfiguration", {
            "ApiId": self.api_id, "Name": name, "DataSourceName": {"Fn::GetAtt": [source, "Name"]},
            "Description": one.get("description"), "FunctionVersion": "2018-05-29",
            "SyncConfig": self._sync(one), "MaxBatchSize": one.get("maxBatchSize") or None, **self._texts(one),
        })  # fmt: skip

    def _resolver(self, one: Mapping[str, Any], schema: str) -> None:
        caching = as_map(self.written.get("caching"))
        target: dict[str, Any]
        if one.get("kind") == "PIPELINE":
            ids = [self.id(f"GraphQlFunctionConfiguration{plain(str(f))}") for f in as_list(one.get("functions"))]
            functions = [{"Fn::GetAtt": [id, "FunctionId"]} for id in ids]
            target = {"Kind": "PIPELINE", "PipelineConfig": {"Functions": functions}}
        else:
            source = self.id(f"GraphQlDs{plain(str(one.get('dataSource')))}")
            target = {"Kind": "UNIT", "DataSourceName": {"Fn::GetAtt": [source, "Name"]}}
        kind, field = one.get("type"), one.get("field")
        id = self.id(f"GraphQlResolver{plain(str(kind))}{plain(str(field))}")
        self.add(id, "AWS::AppSync::Resolver", {
            "ApiId": self.api_id, "TypeName": kind, "FieldName": field,
            "MaxBatchSize": one.get("maxBatchSize") or None, **self._texts(one),
            "CachingConfig": caching_of(one, caching) if caching else None, "SyncConfig": self._sync(one), **target,
        }, DependsOn=schema)  # fmt: skip

    def _outputs(self) -> None:
        api = self.id("GraphQlApi")

        def output(name: str, value: Any) -> None:
            exported = {"Fn::Sub": f"${{AWS::StackName}}-{name}"}
            self.template.outputs[name] = {"Value": value, "Export": {"Name": exported}}

        output(self.id("GraphQlApiId"), self.api_id)
        if not self.written.get("apiId"):
            output(self.id("GraphQlApiUrl"), {"Fn::GetAtt": [api, "GraphQLUrl"]})


def _flat(written: Any) -> Iterator[Mapping[str, Any]]:
    """The items of a list, and those of lists in it."""
    for one in as_list(written):
        yield from map(as_map, one if isinstance(one, list) else [one])
