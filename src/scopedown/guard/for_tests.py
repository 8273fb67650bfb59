"""A guard as the tests of an application see it: users with policies, an environment, and what was denied.

In: a running :class:`~.gate.Gate`. Out: :class:`Guard`, which the fixture of :mod:`.pytest_plugin` gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import boto3

from scopedown.guard.gate import Gate
from scopedown.guard.learn import Learned, Learner
from scopedown.guard.live import environment
from scopedown.guard.model import ACCOUNT, REGION, Decided, Principal
from scopedown.iam import Kind, Policy, parse_policy

PolicyDocument = Mapping[str, Any] | str | Path
"""A policy as a mapping, as JSON, or the file that it is in."""


class User:
    """Who can be acted as: ``name``, ``arn``, and the key in ``env``."""

    def __init__(self, address: str, principal: Principal) -> None:
        self.principal = principal
        self.arn = principal.caller.arn
        self.name = self.arn.rsplit("/", 1)[-1]
        self.env = environment(address, principal)
        """For a process that is started: ``subprocess.run(…, env={**os.environ, **user.env})``."""
        self._address = address

    def client(self, service: str, **settings: Any) -> Any:
        """A client of boto3 with this user's key, whatever the environment says."""
        return self.session().client(service, endpoint_url=self._address, **settings)

    def session(self) -> Any:
        """A session of boto3 with this user's key. Its clients need ``endpoint_url``, or the environment's."""
        one = self.principal
        return boto3.Session(one.key_id, one.secret, one.token or None, region_name=REGION)


class Guard:
    """What a test asks of the guard. ``set_variable`` sets one of the environment's until the test ends."""

    def __init__(self, gate: Gate, set_variable: Callable[[str, str], object]) -> None:
        self.gate = gate
        self.endpoint = gate.address
        self.admin = User(gate.address, gate.admin)
        """To whom nothing is denied; what it asks is not among the decisions."""
        self._set_variable = set_variable

    def user(self, name: str, policy: PolicyDocument | None = None) -> User:
        """A new user with this policy; without one everything is denied to it. Raises PolicyError."""
        policies: list[Policy] = []
        if policy is not None:
            given = policy.read_bytes() if isinstance(policy, Path) else policy
            policies.append(parse_policy(given, Kind.IDENTITY, name=name))
        return User(self.endpoint, self.gate.make_user(name, policies))

    def role(self, name: str, policy: PolicyDocument | None = None, service: str = "lambda.amazonaws.com") -> User:
        """A new role with this policy, as ``service`` has it assumed: what a function of that role may do."""
        arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        self.gate.client("iam").create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        )
        if policy is not None:
            given = policy.read_bytes() if isinstance(policy, Path) else policy
            document = json.dumps(parse_policy(given, Kind.IDENTITY, name=name).emit())
            self.gate.client("iam").put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=document)
        return User(self.endpoint, self.gate.assume(arn, name, service))

    def existing(self, *names: str) -> None:
        """Stacks may name these, although the local AWS does not have them: an id, a name or an ARN."""
        self.gate.existence.declared.update(names)

    def act_as(self, user: User | None) -> None:
        """Put a user's key into the environment, the administrator's for None. Clients that are there keep theirs."""
        for name, value in (user or self.admin).env.items():
            self._set_variable(name, value)
        self.forget()

    def forget(self) -> None:
        """boto3's default session has read the environment once: the next ``boto3.client`` reads it again."""
        boto3.DEFAULT_SESSION = None

    @property
    def decided(self) -> list[Decided]:
        """All decisions of this test."""
        return list(self.gate.decided)

    @property
    def denied(self) -> list[Decided]:
        """The decisions against whoever asked: ``assert scopedown_guard.denied == []``."""
        return self.gate.denied

    def learned(self) -> list[Learned]:
        """The least policy of each principal, from all that this test asked and was allowed."""
        learner = Learner(only_allowed=True)
        for one in self.decided:
            learner(one)
        return learner.learned()
