"""Settings of v1 and v2 that moved or went away: each is told where it stands, and read as what it is today.

In: a resolved configuration. Out: a finding for every old setting. Where ``frameworkVersion`` asks for v1 or v2, those
that moved are put where today's framework looks for them, unless something stands there already. A row names the
framework's own code of the deprecation (serverless/serverless ``docs/deprecations.md`` at 0112216 for v2, osls 4.3.1
``lib/plugins/aws/provider.js`` for what it still reads). What today's versions still read, or what no permission
depends on, is a note; what they do not read is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, place_of

CODE: Final = "legacy-setting"


@dataclass(frozen=True, slots=True)
class Old:
    """One old setting: its path (``*`` is any function, ``[]`` any event), and what to write today (or ``remove it``).

    ``moved``: the path, from the same root, to which the value is taken; ``read``: today's versions still read it.
    """

    path: str
    instead: str
    code: str
    read: bool = False
    moved: str = ""


_OLD_VERSION: Final = re.compile(r"[^0-9]*[12](?:[.\s<]|\Z)")
"""Versions of the framework that know the old settings, as ``frameworkVersion`` writes them."""
_IAM: Final = "PROVIDER_IAM_SETTINGS_V3"
_KEYS: Final = "AWS_API_GATEWAY_SPECIFIC_KEYS"
_PATTERNS: Final = "NEW_PACKAGE_PATTERNS"

OLD: Final = (
    Old("provider.role", "provider.iam.role", _IAM, read=True),
    Old("provider.rolePermissionsBoundary", "provider.iam.role.permissionsBoundary", _IAM, read=True),
    Old("provider.iam.role.permissionBoundary", "provider.iam.role.permissionsBoundary", _IAM, read=True),
    Old("provider.iamManagedPolicies", "provider.iam.role.managedPolicies", _IAM, read=True),
    Old("provider.iamRoleStatements", "provider.iam.role.statements", _IAM, read=True),
    Old("provider.cfnRole", "provider.iam.deploymentRole", _IAM, read=True),
    Old("provider.apiKeys", "provider.apiGateway.apiKeys", _KEYS, moved="provider.apiGateway.apiKeys"),
    Old("provider.resourcePolicy", "provider.apiGateway.resourcePolicy", _KEYS,
        moved="provider.apiGateway.resourcePolicy"),
    Old("provider.usagePlan", "provider.apiGateway.usagePlan", _KEYS, moved="provider.apiGateway.usagePlan"),
    Old("functions.*.awsKmsKeyArn", "kmsKeyArn", "AWS_KMS_KEY_ARN", moved="functions.*.kmsKeyArn"),
    Old("functions.*.destinations.maximumEventAge", "maximumEventAge in the function",
        "AWS_FUNCTION_DESTINATIONS_ASYNC_CONFIG", moved="functions.*.maximumEventAge"),
    Old("functions.*.destinations.maximumRetryAttempts", "maximumRetryAttempts in the function",
        "AWS_FUNCTION_DESTINATIONS_ASYNC_CONFIG", moved="functions.*.maximumRetryAttempts"),
    Old("functions.*.events.[].http.request.schema", "http.request.schemas", "AWS_API_GATEWAY_SCHEMAS",
        moved="functions.*.events.[].http.request.schemas"),
    Old("functions.*.events.[].httpApi.timeout", "timeout in the function", "AWS_HTTP_API_TIMEOUT"),
    Old("functions.*.events.[].alb.allowUnauthenticated", "onUnauthenticatedRequest", "AWS_ALB_ALLOW_UNAUTHENTICATED"),
    Old("package.include", "package.patterns", _PATTERNS, read=True),
    Old("package.exclude", "package.patterns, with ! before each pattern", _PATTERNS, read=True),
    Old("functions.*.package.include", "package.patterns", _PATTERNS, read=True),
    Old("functions.*.package.exclude", "package.patterns, with ! before each pattern", _PATTERNS, read=True),
    Old("provider.variableSyntax", "remove it; ${AWS::…} needs no other syntax", "NEW_VARIABLES_RESOLVER"),
    Old("variablesResolutionMode", "remove it", "VARIABLES_RESOLUTION_MODE"),
    Old("unresolvedVariablesNotificationMode", "remove it", "VARIABLES_ERROR_ON_UNRESOLVED"),
    Old("enableLocalInstallationFallback", "remove it", "DISABLE_LOCAL_INSTALLATION_FALLBACK_SETTING"),
    Old("provider.lambdaHashingVersion", "remove it", "LAMBDA_HASHING_VERSION_PROPERTY"),
    Old("provider.httpApi.useProviderTags",
        "remove it; the tags always apply", "AWS_HTTP_API_USE_PROVIDER_TAGS_PROPERTY"),
    Old("provider.httpApi.timeout", "timeout in the function", "AWS_HTTP_API_TIMEOUT"),
    Old("provider.eventBridge.useCloudFormation", "remove it; CloudFormation's own resources are used",
        "AWS_EVENT_BRIDGE_CUSTOM_RESOURCE_LEGACY_OPT_IN", read=True),
    Old("provider.disableDefaultOutputExportNames", "remove it", "DISABLE_DEFAULT_OUTPUT_EXPORT_NAMES"),
    Old("provider.cfLogs",
        "remove it; log groups are always deployed", "v1; unverified: before the list of deprecations"),
)  # fmt: skip
"""Every old setting that is told of."""


def deprecated(tree: MapNode, top: Place) -> list[Finding]:
    """A finding for every old setting of a configuration, which is changed in place where a setting moved."""
    findings: list[Finding] = []
    of_old = _OLD_VERSION.match(str(tree.get("frameworkVersion") or "")) is not None
    for old in OLD:
        for holder, key, trail in list(_found(tree, old.path.split("."), ())):
            moves = bool(old.moved) and of_old
            effect = (
                "" if old.read else "; scopedown reads it as the new setting" if moves else " and has no effect today"
            )
            remedy = old.instead if old.instead.startswith("remove it") else f"write {old.instead}"
            findings.append(Finding(
                CODE, f"{'.'.join((*trail, key))} is a setting of framework v1 and v2{effect}",
                place_of(holder, key) or top, remedy, Severity.NOTE if old.read else Severity.WARNING,
            ))  # fmt: skip
            if moves:
                _move(tree, holder, key, trail, old)
    return findings


def _found(node: Any, path: list[str], trail: tuple[str, ...]) -> Iterator[tuple[MapNode, str, tuple[str, ...]]]:
    """Where a path leads to: the mapping, the key in it, and the names on the way."""
    name, *rest = path
    if name == "[]":
        for index, item in enumerate(node if isinstance(node, list) else ()):
            yield from _found(item, rest, (*trail, str(index)))
    elif isinstance(node, MapNode):
        for key in list(node) if name == "*" else [name]:
            if key not in node or node[key] is None:
                continue
            if rest:
                yield from _found(node[key], rest, (*trail, key))
            else:
                yield node, key, trail


def _move(tree: MapNode, holder: MapNode, key: str, trail: tuple[str, ...], old: Old) -> None:
    """Put a value where it is looked for today; what stands there already stays."""
    names = old.moved.split(".")
    node: Any = tree
    for position, name in enumerate(names[:-1]):
        name = trail[position] if name in ("*", "[]") else name
        if isinstance(node, list):
            node = node[int(name)]
            continue
        if not isinstance(node, MapNode):
            return
        if node.get(name) is None:
            node[name] = MapNode(None, holder.place)
            node.keys_at[name] = node.values_at[name] = holder.keys_at.get(key, holder.place)
        node = node[name]
    if isinstance(node, MapNode) and node.get(names[-1]) is None:
        node[names[-1]] = holder.pop(key)
        node.keys_at[names[-1]] = holder.keys_at.get(key, holder.place)
        node.values_at[names[-1]] = holder.values_at.get(key, holder.place)
