"""The state of the service and what its operations share: who asks, which stack is meant, in whose name it works."""

from __future__ import annotations

import secrets
import string
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import ClientError

from scopedown.guard.authority import Authority
from scopedown.guard.cloudformation.driver import CLOUDFORMATION, AsCaller, DeniedError, Driver
from scopedown.guard.cloudformation.model import Output, Stack
from scopedown.guard.cloudformation.template import TemplateError
from scopedown.guard.model import Principal
from scopedown.guard.responses import RefusedError

Drivers = Mapping[str, Driver] | Callable[[str], Driver | None]
_LETTERS: Final = string.ascii_uppercase + string.digits


class InvalidError(RefusedError):
    """CloudFormation's ValidationError."""

    def __init__(self, message: str) -> None:
        super().__init__("ValidationError", message)


def unsupported(engine: Engine, what: str) -> RefusedError:
    """The error for what the local CloudFormation does not do; it is noted. The code is AWS's for an action that is not
    valid (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html)."""
    engine.gate.unmapped.append(f"{engine.gate.during}: cloudformation.{what} is not answered")
    return RefusedError("InvalidAction", f"{what} is allowed, but the local AWS does not support it")


@dataclass(frozen=True)
class Asking:
    """One request: who asks, where, with which parameters."""

    who: Principal
    account: str
    region: str
    given: Mapping[str, Any]


Answer = Mapping[str, Any]
"""What an operation gives back: the members of botocore's output shape."""


@dataclass
class Engine:
    """All stacks of the local AWS; ``own`` are the types that CloudFormation itself carries out."""

    gate: Authority
    drivers: Drivers
    own: dict[str, Driver] = field(default_factory=dict)
    stacks: list[Stack] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def driver(self, type: str) -> Driver | None:
        """What makes a type; a custom resource's own type is any that begins so."""
        kind = "AWS::CloudFormation::CustomResource" if type.startswith("Custom::") else type
        if (own := self.own.get(kind)) is not None:
            return own
        return self.drivers(type) if callable(self.drivers) else self.drivers.get(type)

    def strange(self, error: Exception, type: str) -> None:
        """Note an error that no service gives: a fault of the local AWS."""
        if not isinstance(error, DeniedError | TemplateError | RefusedError | ClientError):
            self.gate.unmapped.append(f"{self.gate.during}: {type}: {error.__class__.__name__}: {error}")

    # Which stack

    def here(self, account: str, region: str) -> list[Stack]:
        """The stacks of a region, the newest first."""
        with self.lock:
            return [stack for stack in reversed(self.stacks) if (stack.account, stack.region) == (account, region)]

    def find(self, asking: Asking, name: str, message: str = "Stack with id {} does not exist") -> Stack:
        """A stack by its name, or by its id, by which one that was deleted is found as well. Raises RefusedError."""
        for stack in self.here(asking.account, asking.region):
            if stack.id == name or (stack.name == name and not stack.gone):
                return stack
        raise InvalidError(message.format(name))

    def standing(self, account: str, region: str, name: str) -> Stack | None:
        """The stack of a name (or id) that was not deleted."""
        return next(
            (stack for stack in self.here(account, region) if not stack.gone and name in (stack.name, stack.id)), None
        )

    def new(self, account: str, region: str, name: str) -> Stack:
        """A stack that begins. Raises RefusedError where its name is taken."""
        with self.lock:
            if self.standing(account, region, name) is not None:
                raise RefusedError("AlreadyExistsException", f"Stack [{name}] already exists")
            id = f"arn:aws:cloudformation:{region}:{account}:stack/{name}/{uuid.uuid4()}"
            stack = Stack(name, id, account, region, root=id)
            self.stacks.append(stack)
            return stack

    def forget(self, stack: Stack) -> None:
        """A stack that nothing was ever made of goes without a trace."""
        with self.lock:
            self.stacks.remove(stack)

    @contextmanager
    def working(self, stack: Stack) -> Iterator[None]:
        """Nobody else changes the stack meanwhile. Raises RefusedError."""
        if not stack.busy.acquire(blocking=False):
            raise InvalidError(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
        try:
            yield
        finally:
            stack.busy.release()

    # Exports

    def exports(self, account: str, region: str) -> dict[str, tuple[Output, Stack]]:
        """What stacks of a region export, by name."""
        return {
            output.export: (output, stack)
            for stack in self.here(account, region) if not stack.gone
            for output in stack.outputs if output.export
        }  # fmt: skip

    def importers(self, account: str, region: str, name: str) -> list[Stack]:
        """The stacks that import a name."""
        return [stack for stack in self.here(account, region) if not stack.gone and name in stack.imports]

    # In whose name

    def hands(self, who: Principal, role: str, account: str, region: str) -> AsCaller:
        """CloudFormation's hands for a stack. Raises RefusedError where the role cannot be taken."""
        return AsCaller(self.gate, self._of_role(role) if role else who, account, region, role=role)

    def _of_role(self, role: str) -> Principal:
        """A role that the gate was given as such, or one of the local IAM whose trust lets CloudFormation have it."""
        if (given := self.gate.roles.get(role)) is not None:
            return given
        try:
            return self.gate.assume(role, "AWSCloudFormation", CLOUDFORMATION)
        except RefusedError as error:
            raise InvalidError(f"Role {role} is invalid or cannot be assumed") from error


def random_end(length: int = 12) -> str:
    """The random end of a name that CloudFormation makes."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


Operations = Mapping[str, Callable[[Engine, Asking], Answer]]
"""Operations by name. Each raises RefusedError."""
