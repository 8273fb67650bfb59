"""The documentation of REST APIs, which moto does not have: its parts, and its versions.

Source: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDocumentationPart.html and the pages of the other
operations. The parts and versions are kept by the API's id, and are gone when the guard is emptied.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from scopedown.guard.model import Principal
from scopedown.guard.responses import RefusedError


class ApiDocumentation:
    """The operations by name."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._versions: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.operations = {
            "CreateDocumentationPart": self._create_part,
            "GetDocumentationParts": self._get_parts,
            "DeleteDocumentationPart": self._delete_part,
            "CreateDocumentationVersion": self._create_version,
            "GetDocumentationVersion": self._get_version,
        }

    def _create_part(self, who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
        id = uuid4().hex[:6]
        part = {"id": id, "location": dict(given["location"]), "properties": given["properties"]}
        self._parts[given["restApiId"], id] = part
        return part

    def _get_parts(self, who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"items": [part for (api, _), part in list(self._parts.items()) if api == given["restApiId"]]}

    def _delete_part(self, who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._parts.pop((given["restApiId"], given["documentationPartId"]), None) is None:
            raise RefusedError("NotFoundException", "Invalid Documentation part identifier specified", 404)
        return {}

    def _create_version(self, who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
        key = given["restApiId"], given["documentationVersion"]
        if key in self._versions:
            raise RefusedError("ConflictException", "Documentation version already exists", 409)
        described = {"description": given["description"]} if given.get("description") else {}
        self._versions[key] = {"version": key[1], "createdDate": datetime.now(UTC), **described}
        return self._versions[key]

    def _get_version(self, who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
        found = self._versions.get((given["restApiId"], given["documentationVersion"]))
        if found is None:
            raise RefusedError("NotFoundException", "Invalid Documentation version specified", 404)
        return found
