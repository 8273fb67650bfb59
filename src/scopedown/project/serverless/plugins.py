"""What plugins change about a deployment: ``plugins.tsv`` says it of each that is known; the others are named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from scopedown.core.coverage import Cause, Unseen
from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.documents.nodes import as_map, place_of
from scopedown.project.findings import reported

SECTIONS = ("custom", "constructs", "appSync", "fargate")
"""The sections of the configuration that plugins are configured by."""
_MAY_CHANGE_FUNCTIONS: Final = frozenset({"", "functions"})
"""Effects after which it is not known what functions run and what their roles allow; none: the plugin is not known."""
_REMEDY = "pass --compiled or --run-framework to read the template that the framework compiles"


@cache
def table() -> dict[str, tuple[str, str]]:
    """Plugin → (effect, what it is about)."""
    rows = read_rows(Path(__file__).with_name("plugins.tsv"))
    return {row["plugin"]: (row["effect"], row["about"]) for row in rows}


@cache
def modules() -> dict[str, str]:
    """The modules of ``effects/`` by the plugins that they read, without what all names of plugins have."""
    rows = read_rows(Path(__file__).with_name("plugins.tsv"))
    return {plain_name(row["plugin"]): row["module"] for row in rows if row["module"]}


def plain_name(plugin: str) -> str:
    """The name of a plugin without what all of them have; empty for what is no name of a plugin.

    >>> plain_name("serverless-plugin-log-retention"), plain_name("@agiledigital/serverless-sns-sqs-lambda")
    ('log_retention', 'sns_sqs_lambda')
    """
    if not re.match(r"(@[\w.-]+/)?serverless-", plugin):
        return ""
    plain = plugin.rpartition("/")[2].removeprefix("serverless-").removeprefix("plugin-").removesuffix("-plugin")
    return re.sub(r"\W", "_", plain)


def names_of(written: Any) -> tuple[str, ...]:
    """The plugins of the section ``plugins``: a list, or ``modules`` below it."""
    modules = written.get("modules") if isinstance(written, dict) else written
    return tuple(item for item in modules if isinstance(item, str)) if isinstance(modules, list) else ()


def findings(written: Any, top: Place) -> list[Finding]:
    """A warning for every plugin whose part of the deployment is not read here."""
    listed = as_map(written).get("modules") if isinstance(written, dict) else written
    found = []
    for index, name in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(name, str):
            continue
        place = place_of(listed, index) or top
        effect, about = table().get(name, ("", ""))
        if not effect:
            message = f"scopedown does not know the plugin {name} and did not read what it changes"
            found.append(Finding("plugin-unknown", message, place, _REMEDY, Severity.WARNING))
        elif effect in ("resources", "functions"):
            message = f"scopedown did not read what the plugin {name} adds or changes: {about}"
            found.append(Finding("plugin-not-read", message, place, _REMEDY, Severity.WARNING))
    return found


def unseen(written: Any, top: Place) -> list[Unseen]:
    """The plugins that may change functions or their roles, and were not read."""
    listed = as_map(written).get("modules") if isinstance(written, dict) else written
    found = []
    for index, name in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(name, str) and table().get(name, ("", ""))[0] in _MAY_CHANGE_FUNCTIONS:
            what = f"the plugin {name} may change the function"
            found.append(Unseen(Cause.PLUGIN, what, place_of(listed, index) or top, remedy=_REMEDY))
    return found


# What serverless 4 took in of former plugins and compiles by itself, as far as it is not read here: a finding for
# each section that adds resources which are not read, and for plugins that serverless 4 refuses because its own
# esbuild is on.
# Source: serverless at b9d7ea5 (v4), ``packages/serverless/lib/classes/plugin-manager.js`` and
# ``lib/plugins/aws/{appsync,bedrock-agentcore,sandboxes,mcp,alerts,api-gateway-service-proxy}/index.js``.


_SECTIONS: Final = (
    (("appSync",), "AppSync APIs, data sources and their roles", "serverless-appsync-plugin"),
    (("ai",), "agents of Bedrock AgentCore, their gateways, memories and roles", ""),
    (("sandboxes",), "Lambda MicroVMs and their roles", ""),
    (("mcp",), "functions and routes of MCP servers", ""),
    (("custom", "alerts"), "alarms and topics", "serverless-plugin-aws-alerts"),
    (
        ("custom", "apiGatewayServiceProxies"),
        "methods that call other services, and their roles",
        "serverless-apigateway-service-proxy",
    ),
)
"""Sections, what serverless 4 makes of them, and the plugin that did so before (told by its own name where it is
listed)."""

_BUNDLERS: Final = ("serverless-esbuild", "serverless-plugin-typescript", "serverless-webpack", "serverless-bundle")
"""Plugins that are refused beside the esbuild of the framework."""


def findings_of_v4(tree: Mapping[str, Any], top: Place) -> Iterator[Finding]:
    """What is to be told of a configuration that serverless 4 compiles."""
    listed = names_of(tree.get("plugins"))
    for path, about, plugin in _SECTIONS:
        holder = as_map(tree.get(path[0])) if len(path) > 1 else tree
        if holder.get(path[-1]) and plugin not in listed:
            yield reported(
                "feature-not-read", place_of(holder, path[-1]) or top, names=".".join(path), about=about, remedy=_REMEDY
            )
    if as_map(tree.get("build")).get("esbuild") is False:
        return
    for name in listed:
        if name in _BUNDLERS:
            yield reported("plugin-conflict", place_of(tree, "plugins") or top, name=name)
