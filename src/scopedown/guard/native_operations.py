"""Operations that moto does not have, or answers without a look at who asks: answered here, once they are authorised.

One row an operation, by botocore's names of its service and itself. The documentation of REST APIs, its parts and its
versions, is kept by the API's id, and gone when the guard is emptied
(https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDocumentationPart.html and the other operations' pages).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from moto.core.exceptions import ServiceException

from scopedown.guard import local_iam
from scopedown.guard.model import REGION, Principal
from scopedown.guard.responses import RefusedError
from scopedown.guard.trust import Sts

Answer = Callable[[Principal, Mapping[str, Any]], Mapping[str, Any]]


def answered(sts: Sts) -> dict[tuple[str, str], Answer]:
    """The operations."""
    return {
        ("iam", "PutUserPermissionsBoundary"): _put_boundary,
        ("iam", "DeleteUserPermissionsBoundary"): _delete_boundary,
        **{("sts", name): answer for name, answer in sts.operations.items()},
        **{("apigateway", name): answer for name, answer in ApiDocumentation().operations.items()},
    }


def create_user(who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A user with a permissions boundary; None where none is given, and moto may answer
    (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html)."""
    boundary = given.get("PermissionsBoundary")
    if not boundary:
        return None
    name, iam = given["UserName"], local_iam.backend(who.account)
    if boundary not in iam.managed_policies:
        raise RefusedError("NoSuchEntity", f"Scope ARN: {boundary} does not exist or is not attachable.", 404)
    tags = [dict(one) for one in given.get("Tags") or ()]
    try:
        iam.create_user(REGION, name, given.get("Path") or "/", tags)
    except ServiceException as error:
        raise RefusedError(error.code or "EntityAlreadyExists", error.message, 409) from None
    local_iam.set_boundary(who.account, name, boundary)
    user = iam.users[name]
    made = {
        "Path": user.path, "UserName": name, "UserId": user.id, "Arn": user.arn, "CreateDate": user.create_date,
        "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary},
    }  # fmt: skip
    return {"User": {**made, "Tags": tags} if tags else made}


def _put_boundary(who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html"""
    if not local_iam.set_boundary(who.account, given["UserName"], given["PermissionsBoundary"]):
        raise RefusedError("NoSuchEntity", f"The user {given['UserName']} or the policy cannot be found.", 404)
    return {}


def _delete_boundary(who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html"""
    if not local_iam.set_boundary(who.account, given["UserName"], None):
        raise RefusedError("NoSuchEntity", f"The user with name {given['UserName']} cannot be found.", 404)
    return {}


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
