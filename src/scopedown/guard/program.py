"""A guard that runs by itself until it is told to stop: who may ask it, and who hears what it decides.

In: :class:`Options`. Out: a :class:`Program`, which is entered and left like a file. The command line prints, this
module does: it is what ``scopedown guard`` and the fixture of :mod:`.pytest_plugin` share.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from scopedown.core.finding import ScopedownError
from scopedown.guard.gate import Gate
from scopedown.guard.learn import Learner
from scopedown.guard.live import Recent
from scopedown.guard.model import Decided, Principal
from scopedown.guard.record import Record
from scopedown.guard.services import cloudformation
from scopedown.iam import Kind, Policy, PolicySet, parse_policy

LEARNER = "learner"
"""The user whose key is given out where a guard learns: what the administrator asks is not recorded."""


class OptionError(ScopedownError):
    """Options that cannot be followed."""


@dataclass(frozen=True, slots=True)
class Options:
    """``policies``: a user's name → its policy. ``admin``: the administrator's key and its secret, random if None."""

    host: str = "127.0.0.1"
    port: int = 0
    learn: bool = False
    record: Path | None = None
    admin: tuple[str, str] | None = None
    enforce_only: frozenset[str] = frozenset()
    policies: Mapping[str, Policy] = field(default_factory=dict)
    context: Mapping[str, object] = field(default_factory=dict)
    """Condition keys that every request is taken to have, in the place of its own."""
    stack_denials_at_once: bool = False
    existing: frozenset[str] = frozenset()
    """What stacks may name although the local AWS does not have it: ids, names, ARNs."""


class Program:
    """A running guard. ``users`` are those whose keys are to be told, the administrator first."""

    def __init__(self, options: Options) -> None:
        self.options = options
        key_id, secret = options.admin or (f"AKIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30))
        self.admin = Principal(Principal.user("admin", PolicySet()).caller, PolicySet(), key_id, secret)
        self.recent = Recent()
        self.learner = Learner()
        self.record: Record | None = None
        self.users: list[Principal] = []
        self._hear: list[Callable[[Decided], None]] = [self.recent]

    def __enter__(self) -> Self:
        options = self.options
        with ExitStack() as stack:
            self.gate = Gate((), options.host, options.port, self.admin, (cloudformation,))
            self.gate.keeps = False
            self.gate.learn = options.learn
            self.gate.enforce_only = set(options.enforce_only)
            self.gate.stack_denials_at_once = options.stack_denials_at_once
            if options.context:
                self.gate.context["*"] = dict(options.context)
            stack.enter_context(self.gate)
            self.gate.existence.declared |= options.existing
            if options.record is not None:
                self.record = stack.enter_context(Record(options.record, "learn" if options.learn else "enforce"))
                self._hear.append(self.record)
            if options.learn:
                self._hear.append(self.learner)
            self.users = [self.gate.make_user(name, [policy]) for name, policy in options.policies.items()]
            if options.learn and not self.users:
                self.users = [self.gate.make_user(LEARNER)]
            self.gate.on_decided = self._decided
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    def _decided(self, one: Decided) -> None:
        for hear in self._hear:
            hear(one)


def read_policy(name: str, file: Path) -> Policy:
    """A user's policy from a file of JSON. Raises ScopedownError."""
    try:
        return parse_policy(file.read_bytes(), Kind.IDENTITY, name=file.name)
    except OSError as error:
        raise OptionError(f"scopedown cannot read {file}, the policy of {name} ({error.strerror})") from None


def admin_key(given: str) -> tuple[str, str]:
    """``ID:SECRET`` in two. Raises OptionError where it is not of that form."""
    key_id, colon, secret = given.partition(":")
    if not colon or len(secret) < 8 or not 16 <= len(key_id) <= 128 or not (key_id.isascii() and key_id.isalnum()):
        raise OptionError(
            "an administrator's key is ID:SECRET (ID: 16 to 128 letters and digits, SECRET: 8 characters or more)",
            remedy="leave out --admin-key to use a random key",
        )
    return key_id, secret


def greeting(program: Program) -> dict[str, Any]:
    """What has to be known to use it, as one object: the first line of ``--format json`` (docs/json.md)."""
    from scopedown.guard.model import ACCOUNT, REGION
    from scopedown.guard.record import SCHEMA

    keys: Sequence[Principal] = (program.admin, *program.users)
    return {
        "schema": SCHEMA,
        "endpoint": program.gate.address,
        "account": ACCOUNT,
        "region": REGION,
        "mode": "learn" if program.options.learn else "enforce",
        "credentials": [
            {"principal": key.caller.arn, "accessKeyId": key.key_id, "secretAccessKey": key.secret} for key in keys
        ],
    }


def as_line(value: Mapping[str, Any]) -> str:
    """An object as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
