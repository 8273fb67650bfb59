"""The event ``kafka`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/kafka.js``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.events.source_mapping import NETWORK
from scopedown.project.serverless.service import Service, as_list, as_map, is_text

_SECRETS: Final = (
    "saslPlainAuth", "saslScram256Auth", "saslScram512Auth", "clientCertificateTlsAuth", "serverRootCaCertificate",
)  # fmt: skip
"""The access configurations that name secrets."""


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Reading the clusters' secrets and being in their network, for each function."""
    for key in service.functions:
        secrets: list[Any] = []
        network = False
        place: Place | None = None
        for event in service.events(key):
            if event.kind != "kafka" or not event.settings:
                continue
            place = place or event.place
            for kind, values in as_map(as_map(event.settings).get("accessConfigurations")).items():
                if kind in ("vpcSubnet", "vpcSecurityGroup"):
                    network = True
                elif kind in _SECRETS:
                    secrets += [values] if is_text(values) else as_list(values)
        if place and secrets:
            yield allow(("secretsmanager:GetSecretValue",), secrets, place)
        if place and network:
            yield allow(NETWORK, "*", place)
