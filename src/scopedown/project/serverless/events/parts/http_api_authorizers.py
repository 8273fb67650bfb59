"""Authorizers of an HTTP API: JWT, a function (``request``), IAM, and those of an API that is another stack's.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/http-api.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.conversions import boolean, integer, string, truthy
from scopedown.project.serverless.events.parts.targets import Target, add_permission, arn_here, target_of
from scopedown.project.serverless.names import Name, normalized, spelled
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template


@dataclass(frozen=True, slots=True)
class Authorizer:
    """An authorizer that the service declares; ``target`` is the function that decides."""

    name: Name
    settings: Mapping[str, Any]
    target: Target | None
    place: Place


def read_authorizers(service: Service, settings: Mapping[str, Any]) -> dict[str, Authorizer]:
    """The authorizers of ``provider.httpApi`` by their keys; what the framework refuses is told and left out."""
    section = settings.get("authorizers")
    found: dict[str, Authorizer] = {}
    if settings.get("id"):
        return found
    for key, written in as_map(section).items():
        if not isinstance(written, Mapping):
            continue
        place = service.place_in(section, key)
        name = string(written.get("name")) or key
        if not is_text(name):
            continue
        target = None
        if written.get("type") == "request":
            function, arn = string(written.get("functionName")), written.get("functionArn")
            local = is_text(function) and function in service.functions
            if (arn and function) or not (arn or local):
                if function and not is_text(function):
                    continue  # told with all values of a wrong type
                names = "both functionName and functionArn" if arn else "no function of this service"
                service.tell(
                    "http-api-authorizer-invalid", f"the authorizer {key} sets {names}", place,
                    "set either functionName or functionArn", Severity.ERROR,
                )  # fmt: skip
                continue
            target = Target(arn) if arn else target_of(service, str(function))
            if integer(written.get("resultTtlInSeconds")) and not truthy(written.get("identitySource")):
                service.tell(
                    "http-api-authorizer-invalid", f"the authorizer {key} cannot cache results without identitySource",
                    place, "set identitySource, or resultTtlInSeconds to 0", Severity.ERROR,
                )  # fmt: skip
        found[key] = Authorizer(name, written, target, place)
    return found


def check_route_authorizer(
    service: Service, key: str, wanted: Any, known: Mapping[str, Authorizer], place: Place, *, external: bool
) -> None:
    """Tell of an event that asks for an authorizer that is not there."""
    if not wanted:
        return
    settings = wanted if isinstance(wanted, Mapping) else {"name": string(wanted)}
    id, name = settings.get("id"), string(settings.get("name"))
    if (id and external) or string(settings.get("type")) == "aws_iam":
        return
    if id or (isinstance(name, str) and name not in known):  # else it is not known, or told with values of a wrong type
        service.tell(
            "http-api-authorizer-unknown",
            f"{key} uses the authorizer {name or id}, which provider.httpApi does not declare", place,
            "declare it under provider.httpApi.authorizers", Severity.ERROR,
        )  # fmt: skip


def add_authorizers(template: Template, authorizers: Mapping[str, Authorizer], api: Any) -> None:
    """Their resources, and the permissions that let the API call their functions."""
    for authorizer in authorizers.values():
        written, target = authorizer.settings, authorizer.target
        prefix = normalized(spelled(authorizer.name))
        properties: dict[str, Any] = {"ApiId": api}
        if target is not None:
            version = string(written.get("payloadVersion")) or "2.0"
            properties |= {"AuthorizerPayloadFormatVersion": version, "AuthorizerUri": target.arn}
            if not boolean(written, "managedExternally"):
                add_permission(
                    template, f"{prefix}LambdaAuthorizerPermissionHttpApi", target, "apigateway.amazonaws.com",
                    authorizer.place, SourceArn=arn_here("execute-api", ":", api, "/*"),
                )  # fmt: skip
        id = f"HttpApiAuthorizer{prefix}"
        template.add(id, "AWS::ApiGatewayV2::Authorizer", properties, authorizer.place)
