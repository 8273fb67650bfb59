"""A witness is put to the evaluator: it must be allowed under the new policies and not under the old."""

from __future__ import annotations

from collections.abc import Sequence

from scopedown.iam.document import Kind, Policy, Principal, Statement
from scopedown.iam.errors import RequestError
from scopedown.iam.evaluation import Compiled
from scopedown.iam.newaccess.model import Witness
from scopedown.iam.newaccess.patterns import WORD
from scopedown.iam.policyset import PolicySet
from scopedown.iam.request import Caller, Request

Layers = Sequence[Sequence[Policy]]
"""Policies that must each allow a request, layer by layer; a deny in any of them denies it."""

CALLER = "111122223333"
OWNER = "444455556666"
"""The resource is another account's: only then both its policy and the caller's must allow, for each action."""

_ALL = Policy(Kind.IDENTITY, (Statement("Allow", action=("*",), resource=("*",)),))
_ALL_OF_ANYBODY = Policy(
    Kind.RESOURCE, (Statement("Allow", action=("*",), resource=("*",), principal=Principal.star()),)
)


class Judge:
    """The evaluator of one side: whether these policies alone allow a request.

    Policies that name principals are put on the resource's side, with a caller whose own policies allow everything;
    the others on the caller's side, with a resource whose policy does.
    """

    def __init__(self, layers: Layers, *, principals: bool) -> None:
        if principals:
            statements = tuple(one for layer in layers for policy in layer for one in policy.statements)
            first = next((policy for layer in layers for policy in layer), None)
            version = first.version if first is not None else None
            kind = first.kind if first is not None and first.kind is Kind.TRUST else Kind.RESOURCE
            own = Policy(kind, statements, version) if statements else None
            self.policies = PolicySet(identity=(_ALL,), session=(_ALL,), resource=own)
        else:
            first_layer, *more = layers if layers else ((),)
            self.policies = PolicySet(
                identity=tuple(first_layer), scp=tuple(map(tuple, more)), resource=_ALL_OF_ANYBODY
            )
        self._compiled = Compiled(self.policies)

    def allows(self, witness: Witness) -> bool:
        """Whether the policies allow a request."""
        caller = witness.caller or Caller.user(CALLER, WORD)
        owner = OWNER if caller.account != OWNER else CALLER
        try:
            request = Request(caller, witness.action, witness.resource, owner, witness.context)
        except RequestError:
            return False
        return self._compiled.evaluate(request).allowed
