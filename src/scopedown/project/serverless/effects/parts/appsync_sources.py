"""Data sources of AppSync as both releases of serverless-appsync-plugin compile them, and the roles they act with.

The releases differ in how they write an ARN: 1 puts ``aws`` and the service's region there, 2 leaves both to
CloudFormation. Sources: ``src/index.js`` of 1.14.0, ``src/resources/DataSource.ts`` of 2.13.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.documents.nodes import as_list, as_map

_ACCOUNT: Final = {"Ref": "AWS::AccountId"}
_TABLE_ACTIONS: Final = [
    f"dynamodb:{name}"
    for name in (
        "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem", "BatchGetItem", "BatchWriteItem",
        "ConditionCheckItem",
    )
]  # fmt: skip
_DATABASE_ACTIONS: Final = [
    f"rds-data:{name}"
    for name in ("DeleteItems", "ExecuteSql", "ExecuteStatement", "GetItems", "InsertItems", "UpdateItems")
]
_SEARCH_ACTIONS: Final = [f"es:ESHttp{name}" for name in ("Delete", "Get", "Head", "Post", "Put", "Patch")]
_ENDPOINT: Final = re.compile(r"https://([a-z0-9-]+\.(\w{2}-[a-z]+-\d)\.es\.amazonaws\.com)")
_INFERENCE_PROFILE: Final = re.compile(r"^(us-gov|us|eu|apac|global)\.")
TRUST: Final[Mapping[str, Any]] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": ["appsync.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    ],
}
"""Who assumes the roles."""


@dataclass(frozen=True, slots=True)
class Release:
    """How a release of the plugin writes what both compile."""

    is_first: bool
    partition: Any
    region: Any
    function: Callable[[Mapping[str, Any], str], Any]
    """The ARN of the function that a data source's settings name; the second is the name of one that they hold."""

    def arn(self, service: str, settings: Mapping[str, Any], *rest: Any) -> dict[str, Any]:
        """An ARN of the account, in the region of the settings."""
        region = settings.get("region") or self.region
        return _joined(":", "arn", self.partition, service, region, _ACCOUNT, *rest)


def _joined(by: str, *parts: Any) -> dict[str, Any]:
    return {"Fn::Join": [by, list(parts)]}


def properties(release: Release, source: Mapping[str, Any]) -> dict[str, Any]:
    """What a data source reaches, by its type; empty for one that reaches nothing."""
    settings, kind = as_map(source.get("config")), source.get("type")
    region = settings.get("region") or release.region
    if kind == "AWS_LAMBDA":
        return {"LambdaConfig": {"LambdaFunctionArn": release.function(settings, str(source.get("name")))}}
    if kind == "AMAZON_DYNAMODB":
        return {"DynamoDBConfig": _table(release, settings, region)}
    if kind in ("AMAZON_OPENSEARCH_SERVICE", "AMAZON_ELASTICSEARCH"):
        domain = {"Fn::GetAtt": [settings.get("domain"), "DomainEndpoint"]}
        endpoint = settings.get("endpoint") or _joined("", "https://", domain)
        name = "ElasticsearchConfig" if kind == "AMAZON_ELASTICSEARCH" else "OpenSearchServiceConfig"
        return {name: {"AwsRegion": region, "Endpoint": endpoint}}
    if kind == "RELATIONAL_DATABASE":
        reached = {
            "AwsRegion": region,
            "DbClusterIdentifier": release.arn("rds", settings, "cluster", settings.get("dbClusterIdentifier")),
            "DatabaseName": settings.get("databaseName"),
            "Schema": settings.get("schema"),
            "AwsSecretStoreArn": settings.get("awsSecretStoreArn"),
        }
        kind_of_source = settings.get("relationalDatabaseSourceType") or "RDS_HTTP_ENDPOINT"
        return {
            "RelationalDatabaseConfig": {
                "RdsHttpEndpointConfig": without_none(reached), "RelationalDatabaseSourceType": kind_of_source,
            }
        }  # fmt: skip
    if kind == "HTTP":
        return {"HttpConfig": {"Endpoint": settings.get("endpoint"), **_authorization(release, settings)}}
    if kind == "AMAZON_EVENTBRIDGE":
        return {"EventBridgeConfig": {"EventBusArn": settings.get("eventBusArn")}}
    return {}


def _table(release: Release, settings: Mapping[str, Any], region: Any) -> dict[str, Any]:
    found = {
        "AwsRegion": region,
        "TableName": settings.get("tableName"),
        "UseCallerCredentials": bool(settings.get("useCallerCredentials")),
    }
    versioned, sync = bool(settings.get("versioned")), as_map(settings.get("deltaSyncConfig"))
    first = release.is_first
    if first or (versioned and sync):
        found["Versioned"] = versioned
    if versioned and (sync or first):
        base, delta = sync.get("baseTableTTL"), sync.get("deltaSyncTableTTL")
        found["DeltaSyncConfig"] = {
            "BaseTableTTL": (0 if base is None else base) if first else (base or 43200),
            "DeltaSyncTableName": sync.get("deltaSyncTableName"),
            "DeltaSyncTableTTL": (60 if delta is None else delta) if first else (delta or 1440),
        }
    return found


def _authorization(release: Release, settings: Mapping[str, Any]) -> dict[str, Any]:
    written = as_map(settings.get("authorizationConfig"))
    if not written:
        return {}
    signing = as_map(written.get("awsIamConfig"))
    found: dict[str, Any] = {"AuthorizationType": written.get("authorizationType")}
    if signing:
        found["AwsIamConfig"] = without_none(
            {
                "SigningRegion": signing.get("signingRegion") or release.region,
                "SigningServiceName": signing.get("signingServiceName"),
            }
        )
    return {"AuthorizationConfig": without_none(found)}


def statements(release: Release, source: Mapping[str, Any]) -> list[Any]:
    """What the role of a data source allows: what its settings say, else what its type needs."""
    settings, kind = as_map(source.get("config")), source.get("type")
    written = settings.get("iamRoleStatements")
    if written:
        return as_list(written)
    if kind == "AWS_LAMBDA":
        function = release.function(settings, str(source.get("name")))
        return [_allowed(["lambda:invokeFunction"], function, _joined(":", function, "*"))]
    if kind == "AMAZON_DYNAMODB":
        return [_allowed(_TABLE_ACTIONS, *_tables(release, settings))]
    if kind == "RELATIONAL_DATABASE":
        cluster = release.arn("rds", settings, "cluster", settings.get("dbClusterIdentifier"))
        secret = settings.get("awsSecretStoreArn")
        return [
            _allowed(_DATABASE_ACTIONS, cluster, _joined(":", cluster, "*")),
            _allowed(["secretsmanager:GetSecretValue"], secret, _joined(":", secret, "*")),
        ]
    if kind in ("AMAZON_OPENSEARCH_SERVICE", "AMAZON_ELASTICSEARCH"):
        domain = _domain(release, settings)
        return [] if domain is None else [_allowed(_SEARCH_ACTIONS, domain)]
    if kind == "AMAZON_EVENTBRIDGE":
        return [_allowed(["events:PutEvents"], settings.get("eventBusArn"))]
    if kind == "AMAZON_BEDROCK_RUNTIME":
        models = [arn for model in as_list(settings.get("models")) for arn in _models(release, settings, model)]
        return [_allowed(["bedrock:InvokeModel", "bedrock:Converse"], *(models or ["*"]))]
    return []


def _allowed(actions: list[str], *resources: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources)}


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


def without_none(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that have a value."""
    return {name: value for name, value in properties.items() if value is not None}
