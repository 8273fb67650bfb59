"""What an HTTP request to AWS asks: by whom, of which service, which operation, with which parameters.

moto's routing and parsing of botocore's models do the work; the service comes from the credential's scope.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from scopedown.catalog.load import catalog

SIGNING_NAMES = {
    "monitoring": "cloudwatch",
    "execute-api": "apigatewaymanagementapi",
    "tagging": "resourcegroupstaggingapi",
}
"""Signing names that are neither a service's name in botocore nor its IAM prefix."""
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. ``service`` and ``operation`` are botocore's, empty where nothing of its models fits."""

    key_id: str
    region: str
    service: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    protocol: str = ""
    model: OperationModel | None = None


def read(request: Request) -> Asked | None:
    """What a request asks; None where it is not signed with SigV4 in its header."""
    found = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    if found is None:
        return None
    key_id, _, region, signing_name = found.groups()
    for service in services_of(signing_name):
        try:
            operation, in_path = get_service_router(service).match(request)
            protocol = determine_request_protocol(get_service_model(service), request.content_type)
        except (NotFound, NotImplementedError, UnknownServiceError):
            continue
        try:
            parameters = PROTOCOL_PARSERS[protocol](operation).parse({
                "method": request.method, "values": request.values, "headers": request.headers, "body": request.data,
                "url_path": request.path, "url_params": in_path,
            })  # fmt: skip
        except RequestParserError:
            continue
        return Asked(key_id, region, service, operation.name, parameters, protocol, operation)
    return Asked(key_id, region, signing_name, "")


@cache
def services_of(signing_name: str) -> tuple[str, ...]:
    """The services, by botocore's names, whose requests are signed with this name; the likeliest first."""
    name = SIGNING_NAMES.get(signing_name, signing_name)
    same = [one.name for one in catalog().services() if one.prefix == name or one.name == name]
    return tuple(sorted(same, key=lambda one: (one != name, one)))
