"""The policy language and its exact evaluation. Standard library only, and usable as a library on its own.

>>> from scopedown.iam import Caller, PolicySet, Request, evaluate, parse_policy
>>> policy = parse_policy('{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}}')
>>> alice = Caller.of("arn:aws:iam::111122223333:user/alice")
>>> evaluate(Request(alice, "s3:GetObject", "arn:aws:s3:::b/key"), PolicySet(identity=(policy,))).value
'allowed'
>>> print(evaluate(Request(alice, "s3:PutObject", "arn:aws:s3:::b/key"), PolicySet(identity=(policy,))).message)
User: arn:aws:iam::111122223333:user/alice is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::b/key \
because no identity-based policy allows the s3:PutObject action

For many requests under the same policies: ``compile(policies).batch(requests)``. Policies checked for the actions and
resources that a program needs: :mod:`scopedown.iam.coverage`. Context that is not known:
:mod:`scopedown.iam.partial`. Who can do what, and what is missing: :mod:`scopedown.iam.questions`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scopedown.iam.decision import Decision
    from scopedown.iam.document import Condition, Kind, Policy, Principal, Statement
    from scopedown.iam.errors import LimitError, PolicyError, RequestError
    from scopedown.iam.evaluation import Compiled, compile, evaluate
    from scopedown.iam.parse import parse_policy
    from scopedown.iam.policyset import Layer, PolicySet
    from scopedown.iam.request import Caller, CallerKind, Request

_MODULES = {
    "decision": ("Decision",),
    "document": ("Condition", "Kind", "Policy", "Principal", "Statement"),
    "errors": ("LimitError", "PolicyError", "RequestError"),
    "evaluation": ("Compiled", "compile", "evaluate"),
    "parse": ("parse_policy",),
    "policyset": ("Layer", "PolicySet"),
    "request": ("Caller", "CallerKind", "Request"),
}
"""Module → what it gives here. It is loaded for the first of its names: who matches patterns needs no evaluation."""

__all__ = [
    "Caller",
    "CallerKind",
    "Compiled",
    "Condition",
    "Decision",
    "Kind",
    "Layer",
    "LimitError",
    "Policy",
    "PolicyError",
    "PolicySet",
    "Principal",
    "Request",
    "RequestError",
    "Statement",
    "compile",
    "evaluate",
    "parse_policy",
]


if not TYPE_CHECKING:  # else every name would be one of the package's

    def __getattr__(name: str) -> Any:
        for module, names in _MODULES.items():
            if name in names:
                return getattr(import_module(f"scopedown.iam.{module}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
