"""What the policy language raises, and the sentence AWS prints when it denies.

Every :class:`PolicyError` says where: the path inside the document, and line and column where the policy was text.
"""

from __future__ import annotations

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place


class PolicyError(ScopedownError):
    """A document that is not a policy of its kind.

    ``path`` is the place inside the document, for instance ``Statement[0].Action``; ``place`` is the line and column
    where the policy came as text, else None.
    """

    def __init__(self, message: str, path: str = "", place: Place | None = None, remedy: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message, place, remedy)
        self.reason = message
        self.path = path


class RequestError(ScopedownError):
    """A request, a caller or a case that cannot be read."""


class LimitError(ScopedownError):
    """A question too large to be answered within its bound; nothing is claimed."""


def access_denied(caller: str, action: str, resource: str, policy_type: str, *, explicit: bool) -> str:
    """AWS's own access-denied sentence.

    ``policy_type`` is AWS's word: identity-based, resource-based, permissions boundary, session, service control,
    resource control, VPC endpoint, role trust.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    what = policy_type if policy_type == "permissions boundary" else f"{policy_type} policy"
    article = "an" if what[0] in "aeiou" else "a"
    if explicit:
        because = f"with an explicit deny in {article} {what}"
    else:
        because = f"because no {what} allows the {action} action"
    return f"User: {caller} is not authorized to perform: {action} on resource: {resource} {because}"
