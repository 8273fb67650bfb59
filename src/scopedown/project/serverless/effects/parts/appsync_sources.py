"""What roles of AppSync's data sources allow, as both releases of serverless-appsync-plugin compile them.

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
