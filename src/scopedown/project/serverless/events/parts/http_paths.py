"""The tree of an API's paths: one AWS::ApiGateway::Resource for each segment, below what another stack has made.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/resources.js``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.events.parts.http_endpoints import MAX_SEGMENTS, Endpoint, in_order, rest_api
from scopedown.project.serverless.service import is_text
from scopedown.project.serverless.template import Template


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the methods of each path belong: the reference to its resource, and its part of a logical id."""

    root: Any
    references: Mapping[str, Any]

    def reference(self, path: str) -> Any:
        """The resource of a path."""
        return self.root if not path else self.references.get(path, self.root)

    def name(self, path: str) -> str:
        """A path as part of the logical ids of its methods."""
        return normalized_path(path)


def normalized_path(path: str) -> str:
    """A path as the part of a logical id.

    >>> normalized_path("users/{user-id}/{proxy+}")
    'UsersUserDashidVarProxyVar'
    """
    return "".join(map(_normalized_segment, path.split("/")))


def _normalized_segment(segment: str) -> str:
    name = segment.lower().replace("-", "Dash")
    name = re.sub(r"\{(.*)\}", r"\1Var", name)
    name = re.sub(r"[^0-9A-Za-z]", "", name)
    return name[:1].upper() + name[1:]


def compile_paths(template: Template, endpoints: list[Endpoint]) -> Paths:
    """Add the resources that the endpoints' paths need; those that exist already are referred to."""
    service = template.service
    gateway = as_map(service.provider.get("apiGateway"))
    root = gateway.get("restApiRootResourceId") or {"Fn::GetAtt": ["ApiGatewayRestApi", "RootResourceId"]}
    existing = _existing(gateway.get("restApiResources"))
    references: dict[str, Any] = dict(existing)
    for path, parent, place in _needed(template, existing, endpoints):
        if path in references:
            continue
        id = f"ApiGatewayResource{normalized_path(path)}"
        properties = {"ParentId": references.get(parent, root) if parent else root, "RestApiId": rest_api(service)}
        references[path] = {"Ref": id}
        template.add(id, "AWS::ApiGateway::Resource", properties, place)
    return Paths(root, references)


def _existing(written: Any) -> dict[str, Any]:
    """Paths that another stack has made, with the ids of their resources."""
    if isinstance(written, list):
        pairs = [(as_map(item).get("path"), as_map(item).get("resourceId")) for item in written]
    else:
        pairs = list(in_order(as_map(written)))
    return {_trimmed(str(path)): id for path, id in pairs if is_text(path) and id}


def _trimmed(path: str) -> str:
    return re.sub(r"/\Z", "", re.sub(r"\A/", "", path))


def _needed(
    template: Template, existing: Mapping[str, Any], endpoints: list[Endpoint]
) -> Iterator[tuple[str, str, Place]]:
    """The paths that the template makes, with those above them, parents before their children.

    A path begins below the nearest one that exists. Where a part of the path is above another one that exists, it is
    another stack's too, and its id is missing.
    """
    others = [path for path in existing if path.count("/") < MAX_SEGMENTS]
    above = {path[:end] for path in others for end in _slashes(path)} - set(existing)
    known: dict[str, Place] = {}
    refused: set[str] = set()
    for endpoint in endpoints:
        parts = [endpoint.path[:end] for end in (*_slashes(endpoint.path), len(endpoint.path))] if endpoint.path else []
        begin = max((index + 1 for index, path in enumerate(parts) if path in existing), default=0)
        missing = next((path for path in parts[begin:] if path in above), None)
        if missing is None:
            for path in parts[begin:]:
                known.setdefault(path, endpoint.place)
        elif missing not in refused:
            refused.add(missing)
            _refuse(template, missing)
    below: dict[str, dict[str, None]] = {}
    for path in known:
        parent = path.rpartition("/")[0]
        below.setdefault(parent if parent in known else "", {})[path] = None
    waiting = [path for path, _ in in_order(below.get("", {}))][::-1]
    while waiting:
        path = waiting.pop()
        yield path, path.rpartition("/")[0], known[path]
        waiting += reversed(below.get(path, {}))


def _slashes(path: str) -> list[int]:
    return [index for index, character in enumerate(path) if character == "/"]


def _refuse(template: Template, path: str) -> None:
    template.service.report("api-refused path", template.service.place, path=path)
