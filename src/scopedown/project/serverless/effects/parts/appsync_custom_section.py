"""serverless-appsync-plugin 1.14.0 (MIT), ``src/index.js``: the APIs of ``custom.appSync``.

They are added to the whole template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.serverless.effects.parts.appsync_api import Api, plain
from scopedown.project.serverless.effects.parts.appsync_sources import Release
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.template import Template


def add_apis(template: Template, written: Any) -> None:
    """Add the resources of an API, or of each API of a list."""
    for index, one in enumerate(written if isinstance(written, list) else [written]):
        place = place_of(written, index if isinstance(written, list) else None) or template.service.place
        if isinstance(one, Mapping):
            _add_api(template, one, isinstance(written, list), place)


def _add_api(template: Template, written: Mapping[str, Any], is_of_list: bool, place: Place) -> None:
    name = str(written.get("name") or "api")
    service = template.service

    def add(id: str, kind: str, properties: Mapping[str, Any]) -> None:
        template.add(id, kind, properties, place)

    prefix = f"{name[:1].upper()}{name[1:]}" if is_of_list else ""
    api = Api(add, Release(True, "aws", service.region, _function, name), prefix)
    own_id = {"Fn::GetAtt": [api.id("GraphQlApi"), "ApiId"]}
    api_id = written.get("apiId") or own_id
    if not written.get("apiId"):
        of_callers = [written, *map(as_map, as_list(written.get("additionalAuthenticationProviders")))]
        providers = [(one.get("authenticationType"), as_map(one.get("lambdaAuthorizerConfig"))) for one in of_callers]
        logging = as_map(written.get("logConfig"))
        role = logging.get("loggingRoleArn") or {"Fn::GetAtt": [api.id("GraphQlApiCloudWatchLogsRole"), "Arn"]}
        api.endpoint(written, providers, role if logging else None)
        api.authorizer(f"{api.id('GraphQlApi')}LambdaAuthorizerPermission", providers)
        if logging.get("level"):
            api.logs(service.provider.get("logRetentionInDays"))
        if any(kind == "API_KEY" for kind, _ in providers):
            for key in _keys(written.get("apiKeys")):
                add(api.id(f"GraphQlApiKey{key}"), "AWS::AppSync::ApiKey", {})
        if logging and not logging.get("loggingRoleArn"):
            api.log_role("GraphQlApiCloudWatchLogs", f"{api.id('GraphQlApiCloudWatchLogsRole')}Policy")
        api.firewall(written.get("wafConfig"), written)
    if as_map(written.get("caching")):
        add(api.id("GraphQlCaching"), "AWS::AppSync::ApiCache", {})
    add(api.id("GraphQlSchema"), "AWS::AppSync::GraphQLSchema", {})
    for source in _sources(written.get("dataSources")):
        api.source(source, api_id, f"GraphQlDs{plain(str(source.get('name')))}Policy")
    for one in _flat(written.get("functionConfigurations")):
        api.pipeline_function(str(one.get("name")), api_id)
    for one in _flat(written.get("mappingTemplates")):
        api.resolver(one.get("type"), one.get("field"), api_id)


def _function(settings: Mapping[str, Any], embedded: str) -> Any:
    if settings.get("lambdaFunctionArn"):
        return settings["lambdaFunctionArn"]
    arn = {"Fn::GetAtt": [function_id(str(settings.get("functionName"))), "Arn"]}
    alias = settings.get("functionAlias")
    return {"Fn::Join": [":", [arn, alias]]} if alias else arn


def _keys(written: Any) -> Iterator[str]:
    """The names of the API's keys; those without a name are numbered."""
    unnamed = 0
    for key in as_list(written) if written else ["Default"]:
        name = key if isinstance(key, str) else as_map(key).get("name")
        if not name:
            unnamed += 1
            name = f"Key{unnamed}"
        yield name


def _sources(written: Any) -> Iterator[Mapping[str, Any]]:
    for part in written if isinstance(written, list) else [written]:
        if isinstance(as_map(part).get("name"), str):
            yield as_map(part)
        else:
            yield from ({"name": name, **as_map(source)} for name, source in as_map(part).items())


def _flat(written: Any) -> Iterator[Mapping[str, Any]]:
    """The items of a list, and those of lists in it."""
    for one in as_list(written):
        yield from map(as_map, one if isinstance(one, list) else [one])
