"""CloudFormation's hands: the calls for a resource, in the name of the stack's caller or of its service role.

With the caller's own permissions a call comes through CloudFormation, and says so (``aws:CalledVia``); one that is made
with a service role is the role's own
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from botocore import xform_name

from scopedown.guard.authority import Authority
from scopedown.guard.cloudformation.driver import DeniedError
from scopedown.guard.model import ACCOUNT, REGION, Check, Principal

CLOUDFORMATION: Final = "cloudformation.amazonaws.com"


@dataclass
class AsCaller:
    """See :class:`~.driver.Calls`. ``role`` is the ARN of the stack's service role."""

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
        failed = self.gate.authorise(
            self.who, service, operation, parameters, self._via, logical_id=self.logical_id, modelled=True,
            region=self.region,
        )  # fmt: skip
        if failed:
            raise DeniedError(failed[0][1])

    def call(self, service: str, operation: str, /, **parameters: Any) -> Any:
        self.ask(service, operation, **parameters)
        return self.perform(service, operation, parameters)

    def perform(self, service: str, operation: str, parameters: Mapping[str, Any]) -> Any:
        """Do it in the stack's region, whoever asked."""
        return getattr(self.gate.client(service, region=self.region), xform_name(operation))(**parameters)

    def check(self, one: Check, operation: str = "") -> None:
        why = self.gate.check(
            self.who, operation or one.action, one, self._via, logical_id=self.logical_id, modelled=True
        )
        if why:
            raise DeniedError(why)

    def stand_in(self, reason: str) -> None:
        self.gate.stand_ins.append((self.logical_id, reason))

    def of(self, logical_id: str) -> AsCaller:
        """The same hands for one resource."""
        return AsCaller(self.gate, self.who, self.account, self.region, logical_id, self.role)
