"""The guard as a proof needs it: started in the background, with CloudFormation, users and roles, and what was asked.

In: documents of policies. Out: who holds them (:class:`Holder`), clients of an administrator, the record of checks.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self

from scopedown.guard.authority import Answer, Authority
from scopedown.guard.cloudformation.engine import Drivers
from scopedown.guard.cloudformation.model import STACK, Stack
from scopedown.guard.cloudformation.stacks import CloudFormation
from scopedown.guard.cloudformation.template import Made
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, Decided
from scopedown.iam import Caller, Policy, parse_policy
from scopedown.prove.deployed import Deployed
from scopedown.prove.endpoint import Credentials

USER = "scopedown-prove"
Documents = Mapping[str, Mapping[str, Any]]
"""Policy documents by name."""
MOST_FAILED: Final = 5
"""Resources of a failed deployment that are told."""
_TOKEN: Final = re.compile(r" ?\(RequestToken: [^)]*\)$")


@dataclass(frozen=True, slots=True)
class Holder:
    """Someone whose policies are proven; ``name`` is what the report calls it."""

    name: str
    caller: Caller
    documents: Documents
    key_id: str = ""
    secret: str = field(default="", repr=False)


def policies(documents: Documents) -> tuple[Policy, ...]:
    """Documents as policies; one without statements allows nothing, and is none."""
    return tuple(parse_policy(dict(document)) for document in documents.values() if document["Statement"])


class LocalAws:
    """A guard that starts while other work is done; used as a context manager."""

    def __init__(self, drivers: Drivers) -> None:
        self._drivers = drivers
        self._ready = threading.Thread(target=self._start, daemon=True)
        self._failed: BaseException | None = None
        self._gate: Gate | None = None
        self._open = ExitStack()
        self.stacks: CloudFormation

    def __enter__(self) -> Self:
        self._ready.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ready.join()
        self._open.close()

    def _start(self) -> None:
        try:
            self._gate = self._open.enter_context(Gate(services=(self._services,)))
        except BaseException as error:
            self._failed = error

    @property
    def gate(self) -> Gate:
        """The guard, once it is there."""
        if threading.current_thread() is not self._ready:
            self._ready.join()
        if self._gate is None:
            assert self._failed is not None
            raise self._failed
        return self._gate

    def reset(self) -> None:
        """Nothing is deployed, nobody known, nothing recorded."""
        self.gate.reset()

    def _services(self, authority: Authority) -> Mapping[str, Answer]:
        authority.existence.assumes = True
        self.stacks = CloudFormation(authority, self._drivers)
        return self.stacks.answers()

    def user(self, name: str, documents: Documents) -> Holder:
        """A user with these policies and a key."""
        who = self.gate.make_user(USER, [document for document in documents.values() if document["Statement"]])
        return Holder(name, who.caller, documents, who.key_id, who.secret)

    def admin(self, service: str, region: str) -> Any:
        """A client of boto3 whom nothing is denied."""
        return self.gate.client(service, region=region)

    def during(self, label: str) -> None:
        """What the following requests are recorded under."""
        self.gate.during = label

    def record(self) -> list[Decided]:
        """Every check so far."""
        return list(self.gate.decided)

    def learn(self) -> None:
        """From here on nothing is denied; what would have been is still recorded so."""
        self.gate.learn = True

    def forget(self, stack: str, region: str) -> None:
        """Delete a stack that could not be made, as an administrator, with what its buckets hold: it can only be
        deleted."""
        found = self.stacks.engine.standing(ACCOUNT, region, stack)
        s3 = self.admin("s3", region)
        for made in found.made.values() if found is not None else ():
            if made.type == "AWS::S3::Bucket":
                for one in s3.list_objects_v2(Bucket=made.physical).get("Contents", []):
                    s3.delete_object(Bucket=made.physical, Key=one["Key"])
        self.admin("cloudformation", region).delete_stack(StackName=stack)

    def failed_resources(self, since: datetime) -> tuple[str, ...]:
        """Why CloudFormation could not make or change resources since a moment, a sentence for each: ``Role
        (AWS::IAM::Role): …``. What failed only because another resource did is left out."""
        found: dict[str, None] = {}
        for stack in self.stacks.stacks:
            for event in stack.events:
                reason = _TOKEN.sub("", str(event.get("ResourceStatusReason", "")))
                own = event["PhysicalResourceId"] == stack.id
                failed = str(event["ResourceStatus"]).endswith("_FAILED") and event["Timestamp"] >= since
                if failed and not own and not reason.startswith(("Embedded stack", "Resource creation cancelled")):
                    found[f"{event['LogicalResourceId']} ({event['ResourceType']}): {reason}"] = None
        return tuple(found)[:MOST_FAILED]

    def stand_ins(self) -> tuple[str, ...]:
        """What the local AWS recorded and could not make."""
        return tuple(dict.fromkeys(f"{id}: {reason}" for id, reason in self.gate.stand_ins))

    def taken_as_existing(self) -> tuple[str, ...]:
        """What the stacks name and the local AWS does not have: the project's account is taken to have it."""
        return self.gate.existence.told()

    def assume(self, role: str, session: str, function: str) -> Credentials:
        """A session of a role as Lambda takes it for a function. Raises RefusedError where the role's trust policy does
        not allow that."""
        who = self.gate.assume(role, session, context={"aws:SourceArn": function, "aws:SourceAccount": ACCOUNT})
        return Credentials(who.key_id, who.secret, who.token)

    def deployed(self, stack: str, region: str) -> Deployed:
        """A stack as it stands, with the stacks that it nests."""
        return self.deployed_stacks([(stack, region)])

    def deployed_stacks(self, stacks: Sequence[tuple[str, str]], is_whole: bool = True) -> Deployed:
        """Stacks (names with their regions) as they stand. Of several, logical ids begin with their stack's name, as in
        :class:`~scopedown.project.model.DeclaredResource`. ``is_whole``: none of them is being deployed."""
        engine = self.stacks.engine
        (stack, region), several = stacks[0], len(stacks) > 1
        found = engine.standing(ACCOUNT, region, stack)
        pseudo = {
            "AWS::AccountId": ACCOUNT, "AWS::Region": region, "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com", "AWS::StackName": stack, "AWS::StackId": found.id if found else "",
        }  # fmt: skip
        made: dict[str, Made] = {}
        parameters: dict[str, str] = {}
        exports: dict[str, str] = {}
        for name, where in stacks:
            exports |= {one: output.value for one, (output, _) in engine.exports(ACCOUNT, where).items()}
            if (one := engine.standing(ACCOUNT, where, name)) is not None:
                made |= self._made(one, where, f"{name}/" if several else "")
                parameters |= {key: str(value) for key, value in one.shown.values.items()}
        return Deployed(made, pseudo, parameters, exports, is_whole=is_whole)

    def _made(self, stack: Stack, region: str, prefix: str) -> dict[str, Made]:
        found = {f"{prefix}{id}": made for id, made in stack.made.items()}
        for id, made in stack.made.items():
            if made.type == STACK and (inner := self.stacks.engine.standing(ACCOUNT, region, made.physical)):
                found |= self._made(inner, region, f"{prefix}{id}/")
        return found
