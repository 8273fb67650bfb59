"""The tree of an API's paths: one AWS::ApiGateway::Resource for each segment, below what another stack has made.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/resources.js``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.events.parts.http_endpoints import MAX_SEGMENTS, Endpoint, in_order, rest_api
from scopedown.project.serverless.service import is_text
from scopedown.project.serverless.template import Template


@dataclass(slots=True, eq=False)
class _Node:
    """A segment of a path, below its parent."""

    path: str
    segment: str
    parent: _Node | None
    level: int
    place: Place
    children: dict[str, _Node] = field(default_factory=dict)
    existing: Any = None
    """The id of the resource that another stack has made for the path."""
    has_method: bool = False
    is_cut: bool = False

    def cut(self) -> None:
        """Take the node and all below it out of its parent's tree."""
        if self.parent is None:
            return
        siblings = self.parent.children
        self.parent.is_cut = self.parent.is_cut or len(siblings) > 1
        siblings.pop(self.path, None)
        self.parent = None

    def below(self) -> Iterator[_Node]:
        """The node and all below it, parents first."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children.values()))


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
    for node in _nodes(template, existing, endpoints):
        if node.path in references:
            continue
        id = f"ApiGatewayResource{normalized_path(node.path)}"
        references[node.path] = {"Ref": id}
        parent = references.get(node.parent.path, root) if node.parent else root
        properties = {"ParentId": parent, "RestApiId": rest_api(service)}
        template.add(id, "AWS::ApiGateway::Resource", properties, node.place)
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


def _nodes(template: Template, existing: Mapping[str, Any], endpoints: list[Endpoint]) -> list[_Node]:
    """The nodes that the template holds or refers to, parents before their children."""
    trees: dict[str, _Node] = {}
    known: dict[str, _Node] = {}
    given: list[_Node] = []
    for path, id in existing.items():
        if path.count("/") < MAX_SEGMENTS:
            node = _grow(trees, known, path, template.service.place)
            node.existing = id
            given.append(node)
    called: list[_Node] = []
    for endpoint in endpoints:
        if endpoint.path:
            node = _grow(trees, known, endpoint.path, endpoint.place)
            if not node.has_method:
                node.has_method = True
                called.append(node)
    if not given:
        return [node for _, tree in in_order(trees) for node in tree.below()]
    if all(endpoint.path in existing for endpoint in endpoints):
        return []
    _cut_off(template, given)
    return [node for tree in _branches(template, called) for node in tree.below()]


def _grow(trees: dict[str, _Node], known: dict[str, _Node], path: str, place: Place) -> _Node:
    """The node of a path, made with all above it where it is not there yet."""
    parent: _Node | None = None
    current = ""
    for level, segment in enumerate(path.split("/")):
        current = f"{current}/{segment}" if current else segment
        node = known.get(current)
        if node is None:
            node = known[current] = _Node(current, segment, parent, level, place)
            if parent is None:
                trees[current] = node
            else:
                parent.children[current] = node
        parent = node
    assert parent is not None
    return parent


def _cut_off(template: Template, given: list[_Node]) -> None:
    """Part the trees below what other stacks have made: those nodes are roots of their own, deepest first."""
    for node in sorted(given, key=lambda node: node.level)[::-1]:
        above = node
        while above.parent is not None:
            parent = above.parent
            if parent.has_method and parent.existing is None:
                _refuse(template, parent)
            if parent.existing is not None or len(parent.children) > 1:
                above.cut()
                break
            above = parent


def _branches(template: Template, called: list[_Node]) -> list[_Node]:
    """The roots of what the methods need: an existing node, or the first segment of a path."""
    roots: list[_Node] = []
    for node in called:
        above: _Node | None = node
        while above is not None:
            if above.existing is not None:
                above.cut()
                if all(root.path != node.path for root in roots):
                    roots.append(above)
                break
            if above.is_cut or (above.parent is None and above.level > 0):
                _refuse(template, above)
                break
            if above.parent is None:
                roots.append(above)
                break
            above = above.parent
    return list(dict.fromkeys(roots))


def _refuse(template: Template, node: _Node) -> None:
    what = f"the service adds to /{node.path} of another stack's API, and the id of that path is missing"
    remedy = "add the path to provider.apiGateway.restApiResources"
    template.service.tell("api-refused", what, node.place, remedy, Severity.ERROR)
