"""Who may call a method: the authorizers of http events, and what API Gateway needs to call them.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/``: ``validate.js`` (``getAuthorizer``),
``authorizers.js``, ``method/authorization.js`` and ``permissions.js``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.project.serverless.conversions import boolean, string, truthy
from scopedown.project.serverless.events.parts.http_endpoints import Endpoint, rest_api
from scopedown.project.serverless.events.parts.targets import Target, add_permission, arn_here, target_of
from scopedown.project.serverless.names import Name, function_id, normalized
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

IAM: Final = "AWS_IAM"
USER_POOLS: Final = "COGNITO_USER_POOLS"
_USER_POOL: Final = re.compile(r"arn:[a-zA-Z-]*:cognito-idp")


@dataclass(frozen=True, slots=True)
class Authorizer:
    """What decides on a request. ``arn`` is a function's or a user pool's, None of one that exists or of IAM."""

    type: str | None = None
    name: str = ""
    arn: Any = None
    alias_id: str | None = None
    managed_externally: bool = False

    @property
    def is_user_pool(self) -> bool:
        """Whether a user pool decides, not a function."""
        if (self.type or "").upper() == USER_POOLS:
            return True
        return self.has_user_pool_arn

    @property
    def has_user_pool_arn(self) -> bool:
        """Whether its ARN is certainly that of a user pool."""
        return is_text(self.arn) and _USER_POOL.match(str(self.arn)) is not None

    @property
    def logical_id(self) -> str:
        """The logical id of the authorizer in the template."""
        return f"{normalized(self.name)}ApiGatewayAuthorizer"


def authorizer_of(service: Service, endpoint: Endpoint) -> Authorizer | None:
    """The authorizer of an endpoint; None where everybody may call it, or nobody can tell who may."""
    written = endpoint.settings.get("authorizer")
    if not truthy(written):
        return None
    if not isinstance(written, Mapping):
        return _short(service, endpoint, string(written))
    kind = written.get("type")
    kind = str(kind) if is_text(kind) and kind else None
    arn = name = alias_id = None
    if kind and (written.get("authorizerId") or kind.upper() == IAM):
        pass
    elif written.get("arn"):
        arn = string(written["arn"])
        name = string(written.get("name"))
        if not is_text(name):
            if not is_text(arn):
                _unclear(service, endpoint, "set the authorizer's name")
                return None
            name = name_of_arn(arn)
    elif written.get("name"):
        name = string(written["name"])
        arn, alias_id = _function(service, endpoint, str(name))
    else:
        _unclear(service, endpoint, "set the authorizer's name or arn")
        return None
    return Authorizer(kind, str(name or ""), arn, alias_id, bool(boolean(written, "managedExternally")))


def _short(service: Service, endpoint: Endpoint, written: Any) -> Authorizer | None:
    """An authorizer that is written as one word: ``aws_iam``, a function's key, or an ARN."""
    if not is_text(written):
        _unclear(service, endpoint, "write the authorizer's name")
        return None
    text = str(written)
    if text.upper() == IAM:
        return Authorizer(IAM)
    if ":" in text:
        return Authorizer(None, name_of_arn(written), written)
    arn, alias_id = _function(service, endpoint, text)
    return Authorizer(None, text, arn, alias_id)


def _unclear(service: Service, endpoint: Endpoint, remedy: str) -> None:
    service.refuse(endpoint.function, "its authorizer has no name or arn", endpoint.place, remedy)


def _function(service: Service, endpoint: Endpoint, key: str) -> tuple[Any, str | None]:
    """The ARN of a function that decides, and its alias."""
    if key not in service.functions:
        what = f"its authorizer {key} is not a function of this service"
        service.refuse(
            endpoint.function,
            what,
            endpoint.place,
            "use the name of a function of this service, or set its arn",
        )
        return {"Fn::GetAtt": [function_id(key), "Arn"]}, None
    target = target_of(service, key)
    return target.arn, target.alias_id


def name_of_arn(arn: Name) -> str:
    """The name that the framework gives to an authorizer of which it knows the ARN: what follows the last dash.

    >>> name_of_arn("arn:aws:lambda:us-east-1:123456789012:function:shop-dev-check")
    'check'
    """
    name = str(arn).rsplit(":", 1)[-1].rsplit("-", 1)[-1]
    return name if isinstance(arn, str) else re.sub(r"[^0-9A-Za-z]", "", name)


def compile_authorizers(template: Template, authorizers: list[tuple[Endpoint, Authorizer]]) -> None:
    """Add the authorizers that are not there already, by the ARN that each one calls."""
    for endpoint, authorizer in authorizers:
        if authorizer.arn:
            properties: dict[str, Any] = {"RestApiId": rest_api(template.service), "Type": USER_POOLS}
            if not authorizer.is_user_pool:
                kind = authorizer.type.upper() if authorizer.type else "TOKEN"
                properties |= {"Type": kind, "AuthorizerUri": authorizer.arn}
            template.add(authorizer.logical_id, "AWS::ApiGateway::Authorizer", properties, endpoint.place)


def compile_permissions(template: Template, endpoints: list[tuple[Endpoint, Authorizer | None]]) -> None:
    """Let the API call the endpoints' functions, and those that decide on requests."""
    api = rest_api(template.service)
    source = arn_here("execute-api", ":", api, "/*/*")
    for endpoint, authorizer in endpoints:
        target = target_of(template.service, endpoint.function)
        add_permission(
            template, permission_id(endpoint.function), target, "apigateway.amazonaws.com", endpoint.place,
            SourceArn=source,
        )  # fmt: skip
        if authorizer is None or not authorizer.arn or authorizer.is_user_pool or authorizer.managed_externally:
            continue
        id = permission_id(authorizer.name)
        if id not in template.resources:
            function = {"Ref": authorizer.alias_id} if authorizer.alias_id else authorizer.arn
            principal = "apigateway.amazonaws.com"
            add_permission(template, id, Target(function), principal, endpoint.place, SourceArn=source)


def permission_id(name: str) -> str:
    """The logical id of the permission to call a function, by its key (or an authorizer's name)."""
    return f"{normalized(name)}LambdaPermissionApiGateway"
