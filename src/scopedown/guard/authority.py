"""What a service of the local AWS asks of the gate: who may do what, clients, and where to note things.

A service (CloudFormation) is told its authority and never makes one; :class:`~.gate.Gate` is the only
one there is, and knows no service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from scopedown.guard.existence import Existence
from scopedown.guard.lambda_functions import RunFunction
from scopedown.guard.model import REGION, Check, Principal
from scopedown.guard.request import Asked
from scopedown.guard.response_urls import ResponseUrls

Answer = Callable[[Principal, Asked], Mapping[str, Any] | None]
"""Answers an operation of a service, after it has authorised it; None: moto answers. Raises RefusedError."""


class Authority(Protocol):
    """See :class:`~.gate.Gate` for what each means."""

    during: str
    roles: dict[str, Principal]
    unmapped: list[str]
    stand_ins: list[tuple[str, str]]
    existence: Existence
    stack_denials_at_once: bool
    run_function: RunFunction | None
    response_urls: ResponseUrls

    def authorise(
        self, who: Principal, service: str, operation: str, parameters: Mapping[str, Any], via: str = "", *,
        logical_id: str = "", modelled: bool = False, region: str = REGION,
    ) -> list[tuple[Check, str]]:  # fmt: skip
        """The checks of a request that do not pass, with AWS's sentence for each."""

    def check(
        self, who: Principal, operation: str, one: Check, via: str = "", *, logical_id: str = "", modelled: bool = False
    ) -> str:
        """Why one check does not pass, or nothing."""

    def assume(self, role_arn: str, session_name: str, service: str = ...) -> Principal:
        """A session of a role, as an AWS service takes it. Raises RefusedError."""

    def client(self, service: str, principal: Principal | None = None, region: str = REGION) -> Any:
        """A client of boto3; without a principal, an administrator's."""


Service = Callable[[Authority], Mapping[str, Answer]]
"""Makes services that have nothing yet: by the service's name, what answers it."""
