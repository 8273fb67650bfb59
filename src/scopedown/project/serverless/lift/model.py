"""A construct as it is written, and what it makes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode
from scopedown.project.serverless.fragments import Named, resources, tree
from scopedown.project.serverless.names import Name
from scopedown.project.serverless.service import Service

# The names that the CDK gives to what lift's constructs make: logical ids, and ids within a resource.
#
# Source: aws-cdk-lib 2, ``core/lib/private/uniqueid.ts``: the words of a construct's path, and a hash of the path.


def unique_id(path: str) -> str:
    """The id of a construct by its path; a word that ends in the next one is written once.

    >>> unique_id("landing/CDN/Origin1")
    'landingCDNOrigin1FCED8263'
    """
    digest = hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()[:8].upper()
    words: list[str] = []
    for word in (re.sub(r"[^A-Za-z0-9]", "", one) for one in path.split("/")):
        if word != "Resource" and not (words and words[-1].endswith(word)):
            words.append(word)
    return "".join(words)[:240] + digest


def logical_id(construct: str, name: str) -> str:
    """The logical id of a construct's resource, by the path of the CDK construct that makes it.

    >>> logical_id("jobs", "Queue")
    'jobsQueueCEDBAE3E'
    >>> logical_id("inputBucket", "Bucket/Policy")
    'inputBucketPolicy6790AA37'
    """
    return unique_id("/".join(one for one in (construct, name, "Resource") if one))


_FILE: Final = "lift/constructs.yml"


@dataclass(slots=True)
class Construct:
    """One construct; ``resources`` are those it makes (type, properties, attributes beside them, by logical id)."""

    service: Service
    name: str
    settings: Mapping[str, Any]
    place: Place
    resources: dict[str, tuple[str, dict[str, Any], Mapping[str, Any]]] = field(default_factory=dict)
    allows: list[Mapping[str, Any]] = field(default_factory=list)
    """Statements: what functions may do with it."""
    extensible: dict[str, str] = field(default_factory=dict)
    """The resources that ``extensions`` may change: their name there, and their logical id."""

    def id(self, path: str) -> str:
        """The logical id of what the CDK makes at a path below the construct (empty: of the construct itself)."""
        return logical_id(self.name, path)

    def direct_id(self, path: str) -> str:
        """The same of a resource that lift itself writes, without a construct of the CDK around it."""
        return unique_id(f"{self.name}/{path}")

    def add(self, fragment: str, /, **values: Any) -> None:
        """Add the resources of a fragment of ``constructs.yml``."""
        for id, type, properties, attributes in resources(_FILE, fragment, self._values(values)):
            self.resources[id] = (type, properties, attributes)

    def tree(self, fragment: str, /, **values: Any) -> Any:
        """A fragment that is no mapping of resources."""
        return tree(_FILE, fragment, self._values(values))

    def _values(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        given = {"name": self.name, "stack": self.service.stack, **values}
        return Named(given, lambda path: self.direct_id(path[1:]) if path.startswith("!") else self.id(path))

    def extends(self, **paths: str) -> None:
        """Let ``extensions`` change resources, by the paths of these."""
        self.extensible |= {name: self.id(path) for name, path in paths.items()}

    def add_function(self, key: str, function: Mapping[str, Any], place: Place) -> None:
        """Add a function that the construct brings."""
        functions = self.service.functions
        functions[key] = MapNode(function, place)
        if isinstance(functions, MapNode):
            functions.keys_at[key] = place


def attribute(id: str, name: str = "Arn") -> dict[str, Any]:
    """``Fn::GetAtt``."""
    return {"Fn::GetAtt": [id, name]}


def at_most(name: Name, length: int) -> Name:
    """A name, cut and with a hash at its end where it is too long (lift's ``utils/naming.js``)."""
    if not isinstance(name, str) or len(name) <= length:
        return name
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:6]
    return f"{name[: length - 7]}-{digest}"
