"""URLs and hosts of resources that requests are signed for, and what they fill of an ARN."""

from __future__ import annotations

import re
from dataclasses import replace

from scopedown.core.text import ANY, Att, Ref, Text, Unknown
from scopedown.core.text_slicing import split, strip_prefix
from scopedown.permissions.arn_parts import NOTHING, Filling, known_head


def endpoint(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """``https://API.execute-api.REGION.amazonaws.com/STAGE``; another host is a custom domain: its API is not known."""
    host, *path = split(_without_scheme(value), "/")
    if len(host.parts) == 1 and isinstance(own := host.parts[0], Att) and own.name == "ApiEndpoint":
        return (Filling({"ApiId": Text.of(Ref(own.id)), "Stage": path[0] if path else Text.of(ANY)}),)
    labels = split(host, ".")
    if len(labels) < 3 or labels[1].literal != "execute-api":
        reason = next(iter(value.unknowns), Unknown("the endpoint does not name its API"))
        return (Filling({"ApiId": Text.of(reason), "Stage": Text.of(reason)}),)
    stage = path[0] if path and path[0].parts else Text.of(ANY)
    return (Filling({"ApiId": labels[0], "Stage": stage}, head=known_head({"Region": labels[2]})),)


def request(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """The path of a request begins with the stage, unless it is an HTTP API's ``$default``, which the URL does not say
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html): either may be."""
    (found,) = endpoint(value, variable, variables)
    if found.variables["ApiId"].unknowns:
        return (replace(found, variables={**found.variables, "ApiSpecificResourcePath": found.variables["Stage"]}),)
    _, *rest = split(_without_scheme(split(value, "?", 1)[0]), "/", 1)
    path = rest[0] if rest else Text()
    _, *below = split(path, "/", 1)
    in_stage = {**found.variables, "ApiSpecificResourcePath": below[0] if below else Text.of(ANY)}
    in_default = {**found.variables, "Stage": Text.of("$default"), "ApiSpecificResourcePath": path}
    if not path.parts:
        return (replace(found, variables={**in_stage, "Stage": Text.of(ANY)}),)
    return (replace(found, variables=in_stage), replace(found, variables=in_default))


def _without_scheme(text: Text) -> Text:
    for scheme in ("https://", "http://", "wss://"):
        text = strip_prefix(text, scheme)
    return text


_ADDRESSES = {
    "GraphQLUrl": "Arn",
    "GraphQLDns": "Arn",
    "DomainEndpoint": "Arn",
    "CollectionEndpoint": "Arn",
    "FunctionUrl": "FunctionArn",
}
"""Attributes that are a resource's address, and the attribute that is its ARN (the types' pages, "Return values", in
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/)."""


def address(value: Text, variable: str, variables: tuple[str, ...]) -> tuple[Filling, ...]:
    """``https://HOST/PATH``, or the host alone. An OpenSearch domain's ARN goes on with a path, any here."""
    host = split(split(_without_scheme(value), "/", 1)[0], ":", 1)[0]
    append = Text.of("/", ANY) if variable == "DomainName" else NOTHING
    if len(host.parts) == 1 and isinstance(own := host.parts[0], Att):
        if attribute := _ADDRESSES.get(own.name):
            return (Filling(whole=Text.of(Att(own.id, attribute)), variable=variable, append=append),)
        if own.name == "Endpoint" and variable == "Identifier":  # of an Aurora DSQL cluster
            return (Filling(whole=Text.of(Att(own.id, "ResourceArn")), variable=variable),)
    first, *labels = split(host, ".")
    region = labels[:1]
    literals = [label.literal or "" for label in labels]
    if variable == "DomainName" and literals[1:2] == ["es"] and (name := first.literal):
        found = re.fullmatch(r"(?:search|vpc)-(.+)-[a-z0-9]+", name)
        if found:
            return (Filling({variable: Text.of(found[1])}, head=known_head({"Region": region[0]}), append=append),)
    if variable == "CollectionId" and literals[1:2] == ["aoss"]:
        return (Filling({variable: first}, head=known_head({"Region": region[0]})),)
    if variable == "Identifier" and literals[:1] and literals[0].startswith("dsql"):
        return (Filling({variable: first}, head=known_head({"Region": labels[1]}) if len(labels) > 1 else {}),)
    reason = next(iter(value.unknowns), Unknown("the address does not name its resource"))
    return (Filling({variable: Text.of(reason)}, append=append),)
