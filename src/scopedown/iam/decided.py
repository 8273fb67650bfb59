"""Is a request covered, and is that certain? What cannot be decided is neither.

:func:`~scopedown.iam.coverage.covers` refuses a question that is too large. Whoever asks says here in which direction
it is safe to err: :func:`surely` is False for it, :func:`possibly` is True.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scopedown.core.text import Text
from scopedown.iam.coverage import Answer, Grant, covers
from scopedown.iam.document import Policy
from scopedown.iam.errors import LimitError
from scopedown.iam.policyset import PolicySet

Policies = PolicySet | Iterable[Policy | Grant]
Conditions = Mapping[str, Mapping[str, object]]


def decided(
    action: str, resource: str | Text, policies: Policies, conditions: Conditions | None = None
) -> Answer | None:
    """How far these policies cover an action on a resource; None where the question is too large."""
    try:
        return covers(action, resource, policies, conditions).answer
    except LimitError:
        return None


def surely(action: str, resource: str | Text, policies: Policies, conditions: Conditions | None = None) -> bool:
    """Whether it is certain that these policies allow all of an action on a resource."""
    return decided(action, resource, policies, conditions) == "yes"


def possibly(action: str, resource: str | Text, policies: Policies, conditions: Conditions | None = None) -> bool:
    """Whether these policies allow all of an action on a resource, as far as that can be decided."""
    return decided(action, resource, policies, conditions) in ("yes", None)
