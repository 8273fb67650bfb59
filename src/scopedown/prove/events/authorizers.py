"""Samples of what asks a function whether a request may pass, by the resource that names it.

In: a :class:`~.setting.Setting`. Out: samples. REST and HTTP APIs, WebSocket APIs, AppSync and IoT each send a shape of
their own; that of an HTTP API has two versions. An API of an OpenAPI document, as all of SAM's are, names its
authorizers in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.model import DeclaredResource
from scopedown.prove.events.setting import Sample, Setting

_OPEN_API: Final = "x-amazon-apigateway-authorizer"
Found = Iterator[Sample]


def authorizes(resource: DeclaredResource, setting: Setting) -> Found:
    """The samples of one resource."""
    if reader := _READERS.get(resource.type):
        yield from reader(resource, setting)


def _of_rest(kind: object, setting: Setting) -> Sample:
    shape = "request_authorizer" if str(kind).upper() == "REQUEST" else "token_authorizer"
    return Sample(
        f"authorizer of http ({'REQUEST' if shape.startswith('request') else 'TOKEN'})", setting.filled(shape)
    )


def _of_http(version: object, setting: Setting) -> Sample:
    """Without a version in the template the first one is sent (AuthorizerPayloadFormatVersion)."""
    shape = "http_api_authorizer" if str(version).startswith("2") else "http_api_authorizer_v1"
    return Sample(f"authorizer of httpApi ({'2.0' if str(version).startswith('2') else '1.0'})", setting.filled(shape))


def _rest(resource: DeclaredResource, setting: Setting) -> Found:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html"""
    if setting.is_named_in(resource.properties.get("AuthorizerUri")):
        yield _of_rest(resource.properties.get("Type", "TOKEN"), setting)


def _http(resource: DeclaredResource, setting: Setting) -> Found:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html"""
    own = resource.properties
    if not setting.is_named_in(own.get("AuthorizerUri")):
        return
    api = setting.project.deployed.get(str(as_map(own.get("ApiId")).get("Ref")))
    if api is not None and api.properties.get("ProtocolType") == "WEBSOCKET":
        yield Sample("authorizer of websocket", setting.filled("websocket_authorizer"))
    else:
        yield _of_http(own.get("AuthorizerPayloadFormatVersion", "1.0"), setting)


def _document(resource: DeclaredResource, setting: Setting) -> Found:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html"""
    body = as_map(resource.properties.get("Body"))
    schemes = {
        **as_map(body.get("securityDefinitions")),
        **as_map(as_map(body.get("components")).get("securitySchemes")),
    }
    for scheme in schemes.values():
        own = as_map(as_map(scheme).get(_OPEN_API))
        if not setting.is_named_in(own.get("authorizerUri")):
            continue
        if resource.type == "AWS::ApiGatewayV2::Api":
            yield _of_http(own.get("authorizerPayloadFormatVersion", "1.0"), setting)
        else:
            yield _of_rest(own.get("type", "token"), setting)


def _graphql(resource: DeclaredResource, setting: Setting) -> Found:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-appsync-graphqlapi.html"""
    own: Mapping[str, Any] = resource.properties
    for provider in (own, *map(as_map, as_list(own.get("AdditionalAuthenticationProviders")))):
        if setting.is_named_in(as_map(provider.get("LambdaAuthorizerConfig")).get("AuthorizerUri")):
            yield Sample("authorizer of appsync", setting.filled("appsync_authorizer"))


def _iot(resource: DeclaredResource, setting: Setting) -> Found:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iot-authorizer.html"""
    if setting.is_named_in(resource.properties.get("AuthorizerFunctionArn")):
        yield Sample("authorizer of iot", setting.filled("iot_authorizer"))


_READERS: Final[Mapping[str, Callable[[DeclaredResource, Setting], Found]]] = {
    "AWS::ApiGateway::Authorizer": _rest,
    "AWS::ApiGateway::RestApi": _document,
    "AWS::ApiGatewayV2::Api": _document,
    "AWS::ApiGatewayV2::Authorizer": _http,
    "AWS::AppSync::GraphQLApi": _graphql,
    "AWS::IoT::Authorizer": _iot,
}
