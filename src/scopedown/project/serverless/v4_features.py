"""What serverless 4 took in of former plugins and compiles by itself, as far as it is not read here.

In: a resolved configuration. Out: a finding for each section that adds resources which are not read, and for plugins
that serverless 4 refuses because its own esbuild is on. Pruning, Python packages and custom domains are its own as
well; they add nothing to the template that a permission depends on. Source: serverless at b9d7ea5 (v4),
``packages/serverless/lib/classes/plugin-manager.js`` and ``lib/plugins/aws/{appsync,bedrock-agentcore,sandboxes,mcp,
alerts,api-gateway-service-proxy}/index.js``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.documents.nodes import as_map, place_of
from scopedown.project.serverless import plugins

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

_REMEDY: Final = "pass --compiled or --run-framework to read the template that the framework compiles"
_BUNDLERS: Final = ("serverless-esbuild", "serverless-plugin-typescript", "serverless-webpack", "serverless-bundle")
"""Plugins that are refused beside the esbuild of the framework."""


def findings(tree: Mapping[str, Any], top: Place) -> Iterator[Finding]:
    """What is to be told of a configuration that serverless 4 compiles."""
    listed = plugins.names_of(tree.get("plugins"))
    for path, about, plugin in _SECTIONS:
        holder = as_map(tree.get(path[0])) if len(path) > 1 else tree
        if holder.get(path[-1]) and plugin not in listed:
            yield Finding(
                "feature-not-read", f"scopedown did not read what serverless 4 compiles from {'.'.join(path)}: {about}",
                place_of(holder, path[-1]) or top, _REMEDY,
            )  # fmt: skip
    if as_map(tree.get("build")).get("esbuild") is False:
        return
    for name in listed:
        if name in _BUNDLERS:
            yield Finding(
                "plugin-conflict", f"serverless 4 has its own bundler and rejects the plugin {name}",
                place_of(tree, "plugins") or top, "set build.esbuild to false, or remove the plugin", Severity.ERROR,
            )  # fmt: skip
