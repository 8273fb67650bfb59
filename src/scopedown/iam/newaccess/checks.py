"""The questions that AWS's custom policy checks ask, and the one that they lack: whether two sets are equivalent.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scopedown.iam.document import Kind, Policy, Principal, Statement
from scopedown.iam.newaccess.compare import Question, new_access
from scopedown.iam.newaccess.model import Comparison
from scopedown.iam.newaccess.verify import Layers

GRANTED = "granted"
PUBLIC = "public"


def access_not_granted(
    policies: Layers, actions: Sequence[str] = (), resources: Sequence[str] = (), names: Sequence[str] = ()
) -> Comparison:
    """Whether policies grant none of ``actions`` on any of ``resources``: "new access" where they do.

    No actions means any action, and no resources any resource, as in AWS's CheckAccessNotGranted.
    """
    principals = any(policy.kind.has_principal for layer in policies for policy in layer)
    who = Principal.star() if principals else None
    everything = Statement("Allow", action=("*",), resource=("*",), principal=who)
    refused = Statement("Deny", action=tuple(actions) or ("*",), resource=tuple(resources) or ("*",), principal=who)
    kind = Kind.RESOURCE if principals else Kind.IDENTITY
    found = new_access([[Policy(kind, (everything, refused))]], policies, names)
    return _renamed(found, GRANTED)


def no_public_access(policy: Policy, names: Sequence[str] = ()) -> Comparison:
    """Whether a resource's or a role's policy lets nobody in whom no policy names: "new access" where it does."""
    found = Question([[]], [[policy]], names, strangers=True).answer(first=False)
    return _renamed(found, PUBLIC)


def equivalent(old: Layers, new: Layers, names: Sequence[str] = ()) -> tuple[Comparison, Comparison]:
    """What the new policies allow and the old do not, and the other way round: equivalent where both are nothing."""
    return new_access(old, new, names), new_access(new, old, names)


def _renamed(found: Comparison, why: str) -> Comparison:
    return replace(found, rows=tuple(replace(row, why=why, before=None) for row in found.rows))
