"""The event ``kafka`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/kafka.js``)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.documents.scalars import js_text
from scopedown.project.model import DeclaredStatement, Event
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import items, string
from scopedown.project.serverless.event_kinds import EVERYTHING, EventKind, InRoleOfV4, Needs, RoleReader
from scopedown.project.serverless.events.parts.source_mapping import (
    NETWORK,
    add_mapping,
    check_start,
)
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.names import alphanumeric, normalized, spelled
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

_NETWORKS: Final = ("vpcSubnet", "vpcSecurityGroup")
_SECRETS: Final = (
    "saslPlainAuth", "saslScram256Auth", "saslScram512Auth", "clientCertificateTlsAuth", "serverRootCaCertificate",
)  # fmt: skip
"""The access configurations that name parts of a network, and those that name secrets."""


def statements(service: Service, backwards: bool | None = None) -> Iterator[DeclaredStatement]:
    """Reading the clusters' secrets and being in their network, for each function.

    v4 reads the events of a function ``backwards`` for the role that functions share.
    """
    if backwards is None:
        backwards = service.framework == V4
    for key in service.functions:
        secrets: list[Any] = []
        network = False
        place: Place | None = None
        for event in _events(service, key, backwards):
            place = place or event.place
            for kind, values in as_map(as_map(event.settings).get("accessConfigurations")).items():
                if kind in _NETWORKS:
                    network = True
                elif kind in _SECRETS:
                    secrets += items(values)
        if place and secrets:
            yield allow(("secretsmanager:GetSecretValue",), secrets, place)
        if place and network:
            yield allow(NETWORK, "*", place)


def _events(service: Service, key: str, backwards: bool) -> list[Event]:
    found = [event for event in service.events(key) if event.kind == "kafka" and event.settings]
    return found[::-1] if backwards else found


def compile(template: Template) -> None:
    """An event source mapping for each topic of each function."""
    service = template.service
    of_v4 = service.framework == V4
    found = [(key, event) for key in service.functions for event in _events(service, key, of_v4)]
    for key, event in found:
        settings = as_map(event.settings)
        access = as_map(settings.get("accessConfigurations"))
        if bool(access.get("vpcSubnet")) is not bool(access.get("vpcSecurityGroup")):
            what = "a VPC needs both subnets and security groups"
            template.service.refuse(key, what, event.place, "set vpcSubnet and vpcSecurityGroup")
        check_start(template.service, key, settings, event.place)
        topic, group = string(settings.get("topic")), string(settings.get("consumerGroupId"))
        servers = settings.get("bootstrapServers")
        suffix = f"Kafka{alphanumeric(topic)[:158]}"
        if of_v4 and f"{normalized(key)}EventSourceMapping{suffix}" in template.resources:
            # The last mapping of a topic has the plain name.
            suffix = f"Kafka{alphanumeric(topic)[:150]}{_identity(topic, group, servers)}"
        add_mapping(template, key, suffix, None, event.place)


def _identity(topic: Any, group: Any, servers: Any) -> str:
    """The end of a logical id in v4: a hash of what is read."""
    read = {
        "topic": spelled(topic) if is_text(topic) else js_text(topic),
        "consumerGroupId": spelled(group) if is_text(group) and group else "",
        "servers": sorted(spelled(server) if is_text(server) else js_text(server) for server in items(servers)),
    }
    text = json.dumps(read, separators=(",", ":"), ensure_ascii=False)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8].upper()


def _needs(event: Event, read: RoleReader) -> Needs:
    access = as_map(as_map(event.settings).get("accessConfigurations"))
    for kind in sorted(_SECRETS):
        for secret in items(access.get(kind)):
            yield ("secretsmanager:GetSecretValue",), read.text(secret)
    if access.get("vpcSubnet") or access.get("vpcSecurityGroup"):
        yield NETWORK, EVERYTHING


KIND: Final = EventKind(
    "kafka",
    70,
    compile=compile,
    statements=statements,
    in_role_of_v4=InRoleOfV4(3, lambda alone: statements(alone, backwards=False)),
    needs=_needs,
    sample="kafka",
)
