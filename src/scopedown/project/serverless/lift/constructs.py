"""Which constructs there are, what each is referred to by, and how they become part of the service.

Sources: serverless-lift 1.37.7 (MIT), ``dist/src/plugin.js`` and ``dist/src/constructs/abstracts/AwsConstruct.js``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Att, Literal, Ref, Text
from scopedown.documents.nodes import as_map, place_of
from scopedown.project.model import DeclaredResource, DeclaredStatement
from scopedown.project.serverless.lift import kinds
from scopedown.project.serverless.lift.model import Construct, logical_id
from scopedown.project.serverless.service import PLUGIN_LIFT, Service, noded

Property = tuple[str, str]
"""The path of a resource, and its attribute (empty: its Ref)."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """``make`` adds what a construct makes; ``variables`` are those of ``${construct:NAME.variable}``."""

    make: Callable[[Construct], None]
    variables: Mapping[str, Property]


_CDN: Final[Mapping[str, Property]] = {"cname": ("CDN", "DomainName")}
_KINDS: Final[Mapping[str, _Kind]] = {
    "queue": _Kind(kinds.queue, {
        "queueUrl": ("Queue", ""), "queueArn": ("Queue", "Arn"), "dlqUrl": ("Dlq", ""), "dlqArn": ("Dlq", "Arn"),
    }),
    "storage": _Kind(kinds.storage, {"bucketName": ("Bucket", ""), "bucketArn": ("Bucket", "Arn")}),
    "database/dynamodb-single-table": _Kind(kinds.table, {
        "tableName": ("Table", ""), "tableArn": ("Table", "Arn"), "tableStreamArn": ("Table", "StreamArn"),
    }),
    "webhook": _Kind(kinds.webhook, {"busName": ("Bus", "")}),
    "static-website": _Kind(kinds.static_website, {**_CDN, "assetsBucketName": ("Bucket", "")}),
    "single-page-app": _Kind(kinds.single_page_app, {**_CDN, "assetsBucketName": ("Bucket", "")}),
    "server-side-website": _Kind(kinds.server_side_website, {**_CDN, "assetsBucketName": ("Assets", "")}),
    "vpc": _Kind(kinds.vpc, {}),
}  # fmt: skip
_HTTPS: Final = "https://"


def variable(tree: Mapping[str, Any], address: str) -> str | Text | None:
    """The value of ``${construct:address}``; None where no construct has it."""
    name, _, wanted = address.partition(".")
    settings = as_map(as_map(tree.get("constructs")).get(name))
    kind = settings.get("type")
    if not isinstance(kind, str) or kind not in _KINDS:
        return None
    if kind == "storage" and wanted == "publicUrl" and settings.get("publicPath") is not None:
        return Text.of(_HTTPS, Att(logical_id(name, "Bucket"), "RegionalDomainName"))
    if kind == "server-side-website" and wanted == "url":
        for domain in kinds.domains(settings):
            known = isinstance(domain, str) and "${" not in domain
            return f"{_HTTPS}{domain}" if known else Text.unknown("the domain of the website is not resolved yet")
        return Text.of(_HTTPS, Att(logical_id(name, "CDN"), "DomainName"))
    found = _KINDS[kind].variables.get(wanted)
    if found is None:
        return None
    id = logical_id(name, found[0])
    return Text.of(Att(id, found[1]) if found[1] else Ref(id))


def add_constructs(service: Service, tree: Mapping[str, Any]) -> dict[str, DeclaredResource]:
    """Add the constructs' functions, events and permissions to the service; gives their resources."""
    automatic = as_map(tree.get("lift")).get("automaticPermissions") is not False
    constructs = tree.get("constructs")
    if isinstance(constructs, Text) and constructs.unknowns:
        service.unread_plugin(PLUGIN_LIFT, constructs.unknowns[0].reason, service.place_in(tree, "constructs"))
    made: dict[str, DeclaredResource] = {}
    for name, written in as_map(constructs).items():
        place = place_of(constructs, name) or service.place
        construct = _construct(service, name, as_map(written), place)
        if construct is None:
            continue
        for id, (type, properties, attributes) in construct.resources.items():
            made[id] = DeclaredResource(id, type, properties, place, attributes)
        for statement in construct.allows if automatic else ():
            service.added.append(DeclaredStatement(statement, place, PLUGIN_LIFT))
    for section in (service.provider, service.functions, service.custom, service.resources, service.layers):
        _refer(section, set(made), set())
    return made


def together(
    declared: dict[str, DeclaredResource], made: Mapping[str, DeclaredResource]
) -> dict[str, DeclaredResource]:
    """The project's own resources with those of constructs, which are merged into one of the same logical id."""
    found = dict(declared)
    for id, one in made.items():
        own = declared.get(id)
        properties = one.properties if own is None else _merged(own.properties, one.properties)
        attributes = one.attributes if own is None else {**own.attributes, **one.attributes}
        found[id] = replace(one, properties=properties, attributes=attributes)
    return found


def _construct(service: Service, name: str, settings: Mapping[str, Any], place: Place) -> Construct | None:
    kind = settings.get("type")
    if settings.get("provider") is not None:
        service.report("construct-not-read", place, name=name)
        return None
    if not isinstance(kind, str) or kind not in _KINDS:
        service.report("construct-unknown", place, name=name, kind=kind)
        return None
    construct = Construct(service, name, settings, place)
    _KINDS[kind].make(construct)
    for key, changes in as_map(settings.get("extensions")).items():
        id = construct.extensible.get(key)
        if id is None:
            known = ", ".join(construct.extensible)
            remedy = f"use one of {known}" if known else "remove it"
            service.report("construct-refused", place, name=name, key=key, remedy=remedy)
        else:
            _extend(construct, id, as_map(changes))
    return construct


def _extend(construct: Construct, id: str, changes: Mapping[str, Any]) -> None:
    """Merge what the project changes about a resource; a list takes the place of the one that is there."""
    type, properties, attributes = construct.resources[id]
    whole = _merged({"Type": type, "Properties": properties, **attributes}, changes)
    beside = {key: value for key, value in whole.items() if key not in ("Type", "Properties")}
    construct.resources[id] = (str(whole["Type"]), dict(as_map(whole["Properties"])), beside)


def _merged(before: Any, after: Any) -> Any:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return {**before, **{key: _merged(before.get(key), value) for key, value in after.items()}}
    return after


def _refer(node: Any, ids: set[str], seen: set[int]) -> None:
    """Write what variables of constructs gave as CloudFormation's functions, as the plugin does."""
    waiting = [node]
    while waiting:
        holder = waiting.pop()
        if not isinstance(holder, dict | list) or id(holder) in seen:
            continue
        seen.add(id(holder))
        for key, value in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
            if isinstance(value, Text):
                if any(isinstance(part, Ref | Att) and part.id in ids for part in value.parts):
                    holder[key] = _function(value, place_of(holder, key))
            else:
                waiting.append(value)


def _function(text: Text, place: Place | None) -> Any:
    parts: list[Any] = []
    for part in text.parts:
        if isinstance(part, Literal):
            parts.append(part.value)
        elif isinstance(part, Ref):
            parts.append({"Ref": part.id})
        elif isinstance(part, Att):
            parts.append({"Fn::GetAtt": [part.id, part.name]})
        else:
            return text
    return noded(parts[0] if len(parts) == 1 else {"Fn::Join": ["", parts]}, place or Place(""))
