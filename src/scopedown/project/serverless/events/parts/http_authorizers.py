"""Who may call a method: the authorizers of http events, and what API Gateway needs to call them.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/``: ``validate.js`` (``getAuthorizer``),
``authorizers.js``, ``method/authorization.js`` and ``permissions.js``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.project.serverless.events.parts.conversions import boolean, items, string, truthy
from scopedown.project.serverless.events.parts.http_endpoints import Endpoint, joined, rest_api
from scopedown.project.serverless.events.parts.http_resources import add_resource
from scopedown.project.serverless.events.parts.refusals import refuse
from scopedown.project.serverless.events.parts.targets import add_permission, target_of
from scopedown.project.serverless.names import Name, function_id, normalized
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

IAM: Final = "AWS_IAM"
USER_POOLS: Final = "COGNITO_USER_POOLS"
_USER_POOL: Final = re.compile(r"arn:[a-zA-Z-]*:cognito-idp")
HEADER: Final = "method.request.header.Authorization"
_DEFAULT_TTL: Final = 300


@dataclass(frozen=True, slots=True)
class Authorizer:
    """What decides on a request. ``arn`` is a function's or a user pool's; ``id`` that of an existing authorizer."""

    type: str | None = None
    name: str = ""
    arn: Any = None
    id: Any = None
    alias_id: str | None = None
    seconds: int | None = None
    """How long a decision is kept."""
    source: Any = None
    validation: Any = None
    scopes: tuple[Any, ...] = ()
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

    @property
    def authorization(self) -> dict[str, Any]:
        """The properties of a method that it decides on."""
        if self.type == IAM:
            return {"AuthorizationType": IAM}
        if self.type and self.id:
            kind = "CUSTOM" if self.type.upper() in ("TOKEN", "REQUEST") else self.type
            pool = self.type.upper() == USER_POOLS
        else:
            pool = self.is_user_pool
            kind = USER_POOLS if pool else "CUSTOM"
        found = {"AuthorizationType": kind, "AuthorizerId": self.id or {"Ref": self.logical_id}}
        if pool and self.scopes:
            found["AuthorizationScopes"] = list(self.scopes)
        return found


def authorizer_of(service: Service, endpoint: Endpoint) -> Authorizer | None:
    """The authorizer of an endpoint; None where everybody may call it, or nobody can tell who may."""
    written = endpoint.settings.get("authorizer")
    if not truthy(written):
        return None
    if not isinstance(written, Mapping):
        return _short(service, endpoint, string(written))
    kind = written.get("type")
    kind = str(kind) if is_text(kind) and kind else None
    seconds = _seconds(written.get("resultTtlInSeconds"))
    source = string(written.get("identitySource"))
    if not source and not ((kind or "").upper() == "REQUEST" and seconds == 0):
        source = HEADER
    arn = name = id = alias_id = None
    if kind and written.get("authorizerId"):
        id = written["authorizerId"]
    elif kind and kind.upper() == IAM:
        kind = IAM
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
    validation = written.get("identityValidationExpression")
    return Authorizer(
        kind, str(name or ""), arn, id, alias_id, seconds, source, validation if is_text(validation) else None,
        tuple(items(written.get("scopes"))), bool(boolean(written, "managedExternally")),
    )  # fmt: skip


def _short(service: Service, endpoint: Endpoint, written: Any) -> Authorizer | None:
    """An authorizer that is written as one word: ``aws_iam``, a function's key, or an ARN."""
    if not is_text(written):
        _unclear(service, endpoint, "write the authorizer's name")
        return None
    text = str(written)
    if text.upper() == IAM:
        return Authorizer(IAM, source=HEADER)
    if ":" in text:
        return Authorizer(None, name_of_arn(written), written, source=HEADER)
    arn, alias_id = _function(service, endpoint, text)
    return Authorizer(None, text, arn, alias_id=alias_id, source=HEADER)


def _unclear(service: Service, endpoint: Endpoint, remedy: str) -> None:
    refuse(service, endpoint.function, "its authorizer has no name or arn", endpoint.place, remedy)


def _function(service: Service, endpoint: Endpoint, key: str) -> tuple[Any, str | None]:
    """The ARN of a function that decides, and its alias."""
    if key not in service.functions:
        what = f"its authorizer {key} is not a function of this service"
        refuse(
            service,
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


def _seconds(written: Any) -> int:
    match = re.match(r"\s*[-+]?\d{1,9}", str(written)) if isinstance(written, int | float | str) else None
    return int(match[0]) if match else _DEFAULT_TTL


def compile_authorizers(
    template: Template, authorizers: list[tuple[Endpoint, Authorizer]], merges: bool | None = None
) -> None:
    """Add the authorizers that are not there already, by the ARN that each one calls.

    ``merges`` as in :func:`add_resource`.
    """
    for endpoint, authorizer in authorizers:
        if not authorizer.arn:
            continue
        properties = {
            "AuthorizerResultTtlInSeconds": authorizer.seconds,
            "IdentitySource": authorizer.source,
            "Name": authorizer.name,
            "RestApiId": rest_api(template.service),
            "IdentityValidationExpression": authorizer.validation,
        }
        if authorizer.is_user_pool:
            properties |= {"Type": USER_POOLS, "ProviderARNs": [authorizer.arn]}
        else:
            properties |= {
                "Type": authorizer.type.upper() if authorizer.type else "TOKEN",
                "AuthorizerUri": joined(
                    "arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"},
                    ":lambda:path/2015-03-31/functions/", authorizer.arn, "/invocations",
                ),
            }  # fmt: skip
        add_resource(
            template, authorizer.logical_id, "AWS::ApiGateway::Authorizer", properties, endpoint.place, merges,
            DependsOn=authorizer.alias_id,
        )  # fmt: skip


def compile_permissions(template: Template, endpoints: list[tuple[Endpoint, Authorizer | None]]) -> None:
    """Let the API call the endpoints' functions, and those that decide on requests."""
    api = rest_api(template.service)
    source = joined(
        "arn:", {"Ref": "AWS::Partition"}, ":execute-api:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"},
        ":", api, "/*/*",
    )  # fmt: skip
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
            properties = {
                "FunctionName": function,
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": source,
            }
            add_resource(template, id, "AWS::Lambda::Permission", properties, endpoint.place)


def permission_id(name: str) -> str:
    """The logical id of the permission to call a function, by its key (or an authorizer's name)."""
    return f"{normalized(name)}LambdaPermissionApiGateway"
