"""What of a project the conditions of its commands ask for, as one tree.

``provider`` is the configuration's own section; beside it stand facts that the framework works out itself:

- ``bucket.name`` (a bucket of the user's), ``bucket.own`` (the one that the stack makes), ``bucket.shared`` (v4's)
- ``events.KIND`` for every kind of event, ``layers``, ``images.built``, ``images.tagged``, ``apiKeys``
- ``restStage``: the framework itself changes the stage of the REST API after the deployment
- ``direct``: stacks are made without change sets; ``variables.ssm`` …: what variables ask AWS for
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.project.model import Project

Settings = Mapping[str, Any]
PREFIX = "serverless"
"""``provider.deploymentPrefix`` where none is set."""
OWN_BUCKET = "ServerlessDeploymentBucket"
"""The logical id of the bucket that the framework makes."""


def provider_of(project: Project) -> Mapping[str, Any]:
    """The resolved ``provider`` section of a Serverless project; empty for others."""
    return as_map(project.provider)


def framework_of(project: Project) -> str:
    """Which framework's commands deploy a project, by the words of ``commands/frameworks.tsv``."""
    if project.framework != "serverless":
        return project.framework
    return {"serverless 3": "v3", "serverless 4": "v4"}.get(project.compiler, "osls")


def as_map(value: Any) -> Mapping[str, Any]:
    """A mapping, or an empty one where the value is something else."""
    return value if isinstance(value, Mapping) else {}


def settings_of(project: Project) -> Settings:
    """The tree that command rows' conditions and ARN templates look into."""
    provider = provider_of(project)
    written = provider.get("deploymentBucket")
    name = as_map(written).get("name") if isinstance(written, Mapping) else written
    deployed = project.deployed
    own = OWN_BUCKET in deployed
    types = {resource.type for resource in deployed.values()}
    events = {event.kind for function in project.functions for event in function.events}
    images = [function.settings.get("image") for function in project.functions if function.settings.get("image")]
    api = as_map(provider.get("apiGateway"))
    logs, tracing = as_map(provider.get("logs")), as_map(provider.get("tracing"))
    stage = bool(
        provider.get("tags") or provider.get("stackTags") or tracing.get("apiGateway") is not None
        or logs.get("restApi") or api.get("metrics") is not None
    )  # fmt: skip
    functions = [
        {"name": function.name, "role": deployed[function.logical_id].properties.get("Role")}
        for function in project.functions
        if function.logical_id in deployed
    ]
    return {
        "provider": provider,
        "bucket": {**as_map(written), "name": name, "own": own, "pattern": name or {"Ref": OWN_BUCKET}},
        "functions": functions,
        "events": dict.fromkeys(events, True),
        "layers": "AWS::Lambda::LayerVersion" in types,
        "images": {"built": bool(as_map(as_map(provider.get("ecr")).get("images"))), "named": images},
        "apiKeys": bool(api.get("apiKeys") or provider.get("apiKeys")),
        "restStage": stage and "http" in events,
        "direct": provider.get("deploymentMethod") == "direct",
        "deploymentRole": as_map(provider.get("iam")).get("deploymentRole") or provider.get("cfnRole"),
        "prefix": provider.get("deploymentPrefix") or PREFIX,
    }  # fmt: skip
