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
from scopedown.project.serverless.events.parts.conversions import boolean, integer, items, string, truthy, unique
from scopedown.project.serverless.events.parts.targets import Target, add_permission, arn_here, target_of
from scopedown.project.serverless.names import Name, normalized, spelled
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template


@dataclass(frozen=True, slots=True)
class Authorizer:
    """An authorizer as a route uses it; ``reference`` is its id, or a Ref to it."""

    type: str | None
    reference: Any = None
    scopes: tuple[Any, ...] | None = None
    name: Name = ""
    settings: Mapping[str, Any] | None = None
    target: Target | None = None
    place: Place | None = None

    def of_route(self) -> dict[str, Any]:
        """The properties of a route that it guards."""
        if self.type == "aws_iam":
            return {"AuthorizationType": "AWS_IAM"}
        properties = {
            "AuthorizationType": "CUSTOM" if self.type == "request" else "JWT",
            "AuthorizerId": self.reference,
            "AuthorizationScopes": None if self.scopes is None else list(self.scopes),
        }
        return {name: value for name, value in properties.items() if value is not None}


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
        reference = {"Ref": f"HttpApiAuthorizer{normalized(spelled(name))}"}
        found[key] = Authorizer(string(written.get("type")), reference, None, name, written, target, place)
    return found


def read_route_authorizer(
    service: Service, key: str, wanted: Any, known: Mapping[str, Authorizer], place: Place, *, external: bool
) -> Authorizer | None:
    """The authorizer that an event asks for; None where it asks for none, or for one that is not there (told)."""
    if not wanted:
        return None
    settings = wanted if isinstance(wanted, Mapping) else {"name": string(wanted)}
    kind, id, name = string(settings.get("type")), settings.get("id"), string(settings.get("name"))
    scopes = tuple(unique(items(settings["scopes"]))) if settings.get("scopes") is not None else None
    if id and external:
        return Authorizer(kind, id, scopes)
    if kind == "aws_iam":
        return Authorizer(kind)
    authorizer = known.get(name) if isinstance(name, str) else None
    if not id and not isinstance(name, str):
        return None  # it is not known, or told with all values of a wrong type
    if id or authorizer is None:
        service.tell(
            "http-api-authorizer-unknown",
            f"{key} uses the authorizer {name or id}, which provider.httpApi does not declare", place,
            "declare it under provider.httpApi.authorizers", Severity.ERROR,
        )  # fmt: skip
        return None
    return Authorizer(authorizer.type, authorizer.reference, scopes)


def add_authorizers(template: Template, authorizers: Mapping[str, Authorizer], api: Any) -> None:
    """Their resources, and the permissions that let the API call their functions."""
    for authorizer in authorizers.values():
        written = as_map(authorizer.settings)
        prefix = normalized(spelled(authorizer.name))
        place = authorizer.place or template.service.place
        properties: dict[str, Any] = {
            "ApiId": api,
            "Name": authorizer.name,
            "IdentitySource": items(written.get("identitySource") or None),
        }
        target = authorizer.target
        if target is not None:
            uri = ["arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"}]
            uri += [":lambda:path/2015-03-31/functions/", target.arn, "/invocations"]
            properties |= {
                "AuthorizerType": "REQUEST",
                "EnableSimpleResponses": boolean(written, "enableSimpleResponses"),
                "AuthorizerResultTtlInSeconds": integer(written.get("resultTtlInSeconds")),
                "AuthorizerPayloadFormatVersion": string(written.get("payloadVersion")) or "2.0",
                "AuthorizerUri": {"Fn::Join": ["", uri]},
            }
            if not boolean(written, "managedExternally"):
                add_permission(
                    template, f"{prefix}LambdaAuthorizerPermissionHttpApi", target,
                    "apigateway.amazonaws.com", place, SourceArn=arn_here("execute-api", ":", api, "/*"),
                )  # fmt: skip
        else:
            audience = unique(items(written.get("audience")))
            issuer = {"Issuer": string(written["issuerUrl"])} if written.get("issuerUrl") is not None else {}
            properties |= {"AuthorizerType": "JWT", "JwtConfiguration": {"Audience": audience, **issuer}}
        template.add(
            f"HttpApiAuthorizer{prefix}", "AWS::ApiGatewayV2::Authorizer", properties, place,
            DependsOn=target.alias_id if target else None,
        )  # fmt: skip
