"""What the rooms of the guard hand to each other, and what it leaves behind: who asked, what was checked, what came."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from scopedown.iam import Caller, PolicySet

ACCOUNT = "123456789012"
"""The account of the local AWS (moto's own)."""
REGION = "us-east-1"
"""The region where none is asked for."""
NO_OBJECT = " without an object"
"""The end of the operation's name in a record where S3 asks for s3:ListBucket, to answer 403 or 404."""


@dataclass(frozen=True)
class Principal:
    """Who may ask: what IAM knows of it, and the policies that hold for it (identity, boundary, session; a resource's
    own policy is looked up for each check). ``key_id`` is empty for a role; ``token`` is a temporary credential's.
    ``context`` are the condition keys of its credentials: when they were issued, with MFA or not, by which provider."""

    caller: Caller
    policies: PolicySet
    key_id: str = ""
    secret: str = field(default_factory=secrets.token_urlsafe, repr=False)
    token: str = field(default="", repr=False)
    context: Mapping[str, object] = field(default_factory=dict)

    @staticmethod
    def user(name: str, policies: PolicySet, account: str = ACCOUNT) -> Principal:
        """A user with a new access key."""
        return Principal(Caller.user(account, name), policies, f"AKIA{secrets.token_hex(8).upper()}")

    @property
    def has_mfa(self) -> bool:
        """Whether its credentials were issued with a device's code."""
        return self.context.get("aws:MultiFactorAuthPresent") == "true"

    @property
    def account(self) -> str:
        """The account that it belongs to; the local AWS's own for who has none."""
        return self.caller.account or ACCOUNT

    @property
    def name(self) -> str:
        """The name of the user, or of the role behind a session."""
        return (self.caller.role_arn or self.caller.arn).rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Check:
    """An action on a resource, with the condition keys that the request itself sets."""

    action: str
    resource: str
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """One check of one request.

    ``number`` counts requests from 1 (the checks of one request share it); ``time`` is in seconds since the epoch;
    ``during`` is what was being run (a command, a function), as :attr:`scopedown.guard.gate.Gate.during` says;
    ``operation`` is ``service.Operation`` in botocore's names; ``via`` the service that asked in the caller's name
    (``cloudformation.amazonaws.com``); ``logical_id`` the resource of the template that it asked for; ``modelled``
    whether the check rests on the model of CloudFormation's calls, and not on a request that came over HTTP;
    ``statement`` the policy and statement that decided; ``message`` AWS's sentence for a denial.
    """

    during: str
    operation: str
    check: Check
    allowed: bool
    via: str = ""
    principal: str = ""
    number: int = 0
    time: float = 0.0
    logical_id: str = ""
    modelled: bool = False
    statement: str = ""
    message: str = ""

    def __str__(self) -> str:
        by = f" (through {self.via})" if self.via else ""
        return f"{self.during}: {self.operation}: {self.check.action} on {self.check.resource}{by}"
