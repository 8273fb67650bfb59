"""How CloudFormation makes, changes and deletes a resource: the operations that it calls in the caller's name.

This is our own model. A type's operations are those that its API needs for the property (AWS's page of the operation),
and the reads that the registry's handlers of the type name. A type without a driver makes the stack fail, with its
name; why a resource failed is told in the words of CloudFormation's events (unverified).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from botocore import xform_name
from botocore.exceptions import ClientError

from scopedown.guard.authority import Authority
from scopedown.guard.cloudformation.template import Made
from scopedown.guard.model import ACCOUNT, REGION, Check, Principal

CLOUDFORMATION: Final = "cloudformation.amazonaws.com"
HANDLER_CODES: Final = (
    ("AlreadyExist", "AlreadyExists"), ("EntityAlreadyExists", "AlreadyExists"), ("InUse", "AlreadyExists"),
    ("BucketAlready", "AlreadyExists"), ("Conflict", "ResourceConflict"), ("NotFound", "NotFound"),
    ("NoSuch", "NotFound"), ("LimitExceeded", "ServiceLimitExceeded"), ("Throttl", "Throttling"),
)  # fmt: skip
"""A service's error code by its beginning or a part of it, and the code of the registry's handlers
(https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html)."""


class DeniedError(Exception):
    """A call for a resource that the caller may not make; the message is AWS's."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource stands: for the names that CloudFormation makes, and the tags of the stack."""

    stack: str
    logical_id: str
    random: str
    tags: Mapping[str, str]
    account: str = ACCOUNT
    region: str = REGION
    stack_id: str = ""
    type: str = ""


@dataclass
class AsCaller:
    """CloudFormation's calls for one resource, in the name of the stack's caller or of its service role (``role``).

    With the caller's own permissions a call comes through CloudFormation, and says so (``aws:CalledVia``); one that is
    made with a service role is the role's own
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia).
    """

    gate: Authority
    who: Principal
    account: str = ACCOUNT
    region: str = REGION
    logical_id: str = ""
    role: str = ""

    @property
    def _via(self) -> str:
        return "" if self.role else CLOUDFORMATION

    def ask(self, service: str, operation: str, /, **parameters: Any) -> None:
        """Only authorise an operation. Raises DeniedError."""
        failed = self.gate.authorise(
            self.who, service, operation, parameters, self._via, logical_id=self.logical_id, modelled=True,
            region=self.region,
        )  # fmt: skip
        if failed:
            raise DeniedError(failed[0][1])

    def call(self, service: str, operation: str, /, **parameters: Any) -> Any:
        """Authorise an operation, and carry it out. Raises DeniedError."""
        self.ask(service, operation, **parameters)
        return self.perform(service, operation, parameters)

    def perform(self, service: str, operation: str, parameters: Mapping[str, Any]) -> Any:
        """Do it in the stack's region, whoever asked."""
        return getattr(self.gate.client(service, region=self.region), xform_name(operation))(**parameters)

    def check(self, one: Check, operation: str = "") -> None:
        """Authorise an action on a resource, with what the call carries as context. Raises DeniedError."""
        why = self.gate.check(
            self.who, operation or one.action, one, self._via, logical_id=self.logical_id, modelled=True
        )
        if why:
            raise DeniedError(why)

    def stand_in(self, reason: str) -> None:
        """Note that the resource (or a part of it) is not made for real, and why."""
        self.gate.stand_ins.append((self.logical_id, reason))

    def of(self, logical_id: str) -> AsCaller:
        """The same for another resource."""
        return AsCaller(self.gate, self.who, self.account, self.region, logical_id, self.role)


class Driver(Protocol):
    """One resource type. ``replaced_by`` are the properties whose change makes a new resource.

    A driver may raise :class:`DeniedError`, botocore's ``ClientError`` (a service's own error), or
    :class:`~.template.TemplateError` (what the resource's handler says of its properties): the resource fails with it.
    """

    replaced_by: frozenset[str]

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        """Make the resource."""

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        """Change it; ``changed`` names the properties that differ."""

    def delete(self, aws: AsCaller, made: Made) -> None:
        """Delete it."""


def tags_of(place: Place, properties: Mapping[str, Any], name: str = "Tags") -> dict[str, str]:
    """The stack's tags and the resource's own."""
    given = properties.get(name) or []
    pairs = [mapping for mapping in given if isinstance(mapping, Mapping)] if isinstance(given, list) else []
    own = (
        dict(given)
        if isinstance(given, Mapping)
        else {pair["Key"]: pair.get("Value", "") for pair in pairs if "Key" in pair}
    )
    return {**place.tags, **own}


def reason_of(error: Exception, type: str) -> str:
    """The reason of a failed event."""
    service = type.split("::")[1] if type.count("::") > 1 else type
    if isinstance(error, DeniedError):
        return _handler(str(error), service, 403, "AccessDenied")
    if isinstance(error, ClientError):
        told, status = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
        code = str(told.get("Code", ""))
        named = next((name for part, name in HANDLER_CODES if part in code), "InvalidRequest")
        return _handler(str(told.get("Message", error)), service, int(status.get("HTTPStatusCode", 400)), named)
    return str(error)


def _handler(message: str, service: str, status: int, code: str) -> str:
    asked = f"Service: {service}, Status Code: {status}, Request ID: {uuid.uuid4()}"
    return (
        f'Resource handler returned message: "{message} ({asked})" '
        f"(RequestToken: {uuid.uuid4()}, HandlerErrorCode: {code})"
    )
