"""A construct as it is written, and what it makes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.serverless.lift.names import logical_id, unique_id
from scopedown.project.serverless.names import Name, concat
from scopedown.project.serverless.service import Service

REMOVED: Final = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
RETAINED: Final = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
"""What the CDK puts beside the properties of what holds data."""


@dataclass(slots=True)
class Construct:
    """One construct; ``resources`` are those it makes (type, properties, attributes beside them, by logical id)."""

    service: Service
    name: str
    settings: Mapping[str, Any]
    place: Place
    resources: dict[str, tuple[str, dict[str, Any], Mapping[str, Any]]] = field(default_factory=dict)
    allows: list[tuple[list[str], list[Any]]] = field(default_factory=list)
    """What functions may do with it: actions, and what they act on."""
    extensible: dict[str, str] = field(default_factory=dict)
    """The resources that ``extensions`` may change: their name there, and their logical id."""

    def id(self, path: str) -> str:
        """The logical id of what the CDK makes at a path below the construct (empty: of the construct itself)."""
        return logical_id(self.name, path)

    def direct_id(self, path: str) -> str:
        """The same of a resource that lift itself writes, without a construct of the CDK around it."""
        return unique_id(f"{self.name}/{path}")

    def add(
        self, id: str, type: str, properties: Mapping[str, Any], attributes: Mapping[str, Any] | None = None
    ) -> None:
        """Add a resource, without properties that are None."""
        known = {key: value for key, value in properties.items() if value is not None}
        self.resources[id] = (type, known, attributes or {})

    @property
    def stack(self) -> Name:
        """The name of the service's stack."""
        name = self.service.provider.get("stackName")
        return name if isinstance(name, str | Text) and name else concat(self.service.name, f"-{self.service.stage}")

    def named(self, suffix: str) -> Name:
        """A name that begins with those of the stack and the construct."""
        return concat(self.stack, f"-{self.name}{suffix}")


def attribute(id: str, name: str = "Arn") -> dict[str, Any]:
    """``Fn::GetAtt``."""
    return {"Fn::GetAtt": [id, name]}


def below(arn: Any, ending: str = "/*") -> dict[str, Any]:
    """What is below an ARN, as the CDK writes it."""
    return {"Fn::Join": ["", [arn, ending]]}


def at_most(name: Name, length: int) -> Name:
    """A name, cut and with a hash at its end where it is too long (lift's ``utils/naming.js``)."""
    if not isinstance(name, str) or len(name) <= length:
        return name
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:6]
    return f"{name[: length - 7]}-{digest}"
