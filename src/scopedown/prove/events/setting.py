"""What samples of events are made from, and what they are.

A :class:`Sample` is an event with what must be there before it arrives (:class:`Seed`); what is filled into every shape
comes of a :class:`Setting`. A shape is a file (``sqs.json``): a string in it that is one ``${name}`` becomes the value
as it is, of any type; in a longer string its text is put in.
"""

from __future__ import annotations

import base64
import json
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from scopedown.core.text import Ref, Text
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredResource, Function, Project, Tree
from scopedown.prove.endpoint import Endpoint
from scopedown.prove.events.fields import fields_of


@dataclass(frozen=True, slots=True)
class Seed:
    """Something that must exist before an event arrives; ``operation`` is botocore's name."""

    what: str
    service: str
    operation: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """An event, and what to do before it."""

    name: str
    event: Any
    seeds: tuple[Seed, ...] = ()


@dataclass(frozen=True)
class Setting:
    """What samples are made from."""

    function: Function
    project: Project
    folder: Path
    where: Endpoint
    time: float = field(default_factory=time.time)

    def text(self, tree: Tree) -> str:
        """A value of the project, as it is deployed."""
        return self.where.resolve(to_text(tree, Scope.of(self.project)))

    def id(self, logical_id: str) -> str:
        """The physical id of a resource."""
        return self.where.resolve(Text.of(Ref(logical_id)))

    @property
    def partition(self) -> str:
        return "aws-cn" if self.where.region.startswith("cn-") else "aws"

    def arn(self, service: str, rest: str) -> str:
        return f"arn:{self.partition}:{service}:{self.where.region}:{self.where.account}:{rest}"

    def is_named_in(self, tree: Tree) -> bool:
        """Whether a value of the template names this function: by Ref, GetAtt or Sub."""
        if tree is None:
            return False
        written = json.dumps(tree, default=str)
        id = self.function.logical_id
        return f'"{id}"' in written or f"${{{id}." in written or f"${{{id}}}" in written

    @cached_property
    def fields(self) -> dict[str, Any]:
        return fields_of(self.function, self.project, self.folder)

    @cached_property
    def tables(self) -> tuple[tuple[str, DeclaredResource], ...]:
        """The project's own tables of DynamoDB, by their deployed names."""
        tables = self.project.of_type("AWS::DynamoDB::Table")
        return tuple((self.id(table.logical_id), table) for table in tables)

    def _api(self, shape: str) -> str:
        """The id of the project's API that sends an event of this shape: functions answer to its address."""
        is_rest, is_websocket = shape.startswith("rest_api"), shape.startswith("websocket")
        wanted = "AWS::ApiGateway::RestApi" if is_rest else "AWS::ApiGatewayV2::Api"
        found = [
            resource.logical_id
            for resource in self.project.of_type(wanted)
            if is_rest or (resource.properties.get("ProtocolType") == "WEBSOCKET") == is_websocket
        ]
        is_sent = is_rest or is_websocket or shape.startswith("http_api")
        return (self.id(found[0]) if found and is_sent else "") or "sampleapi1"

    def filled(self, shape: str, **values: Any) -> Any:
        """A shape with these values and those that every shape may use."""
        seconds = int(self.time)
        return fill(shape, {
            "account": self.where.account, "region": self.where.region, "partition": self.partition,
            "stage": self.project.stage or "dev", "api_id": self._api(shape), "uuid": str(uuid.uuid4()),
            "seconds": seconds, "millis": seconds * 1000, "millis_text": str(seconds * 1000),
            "iso_time": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds)),
            "clf_time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(seconds)),
            "body_fields": self.fields, **values,
        })  # fmt: skip


HERE: Final = Path(__file__).parent
_NAME: Final = re.compile(r"\$\{(\w+)\}")


@cache
def _shape(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["event"]


def fill(name: str, values: Mapping[str, Any]) -> Any:
    """The event; a new one each time. Raises KeyError for a value that the shape needs and nobody gave."""
    return _filled(_shape(name), values)


def _filled(tree: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(tree, str):
        if whole := _NAME.fullmatch(tree):
            return values[whole[1]]
        return _NAME.sub(lambda found: str(values[found[1]]), tree)
    if isinstance(tree, dict):
        return {_filled(key, values): _filled(value, values) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_filled(one, values) for one in tree]
    return tree


_PICTURE: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
"""A picture (PNG) of one point; libraries tell a picture's kind from its content."""
_CONTENT: Final[Mapping[str, bytes]] = {
    ".csv": b"id,name\nsample-1,sample name\n",
    ".gif": _PICTURE,
    ".jpeg": _PICTURE,
    ".jpg": _PICTURE,
    ".json": b'{"id": "sample-1", "name": "sample name"}',
    ".png": _PICTURE,
    ".xml": b"<sample/>",
}


def content_for(suffix: str) -> bytes:
    """The content; a line of text where the ending is another."""
    return _CONTENT.get("." + suffix.lower().rpartition(".")[2], b"sample text\n")
