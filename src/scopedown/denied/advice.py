"""What to do about a denial, by what AWS says of it alone: which policy to change, the statement, and what then holds.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from scopedown.catalog.model import Catalog
from scopedown.core.arn import account_of, parse_arn
from scopedown.denied.model import Denial
from scopedown.iam import Caller, PolicyError, PolicySet, Request, RequestError, evaluate, parse_policy
from scopedown.iam.decision import Decision
from scopedown.iam.document import Kind
from scopedown.iam.services import Refused, refused, resource_policy_decides

_HOLDERS = {
    Kind.IDENTITY: "a policy of the caller",
    Kind.BOUNDARY: "the permissions boundary of the caller",
    Kind.SESSION: "the session policy, which the program passes that assumes the role",
    Kind.RESOURCE: "the policy of the resource",
    Kind.TRUST: "the trust policy of the role that is assumed",
    Kind.SCP: "the service control policies above the account",
    Kind.RCP: "the resource control policies above the resource's account",
    Kind.VPCE: "the policy of the VPC endpoint",
}
"""The kind of policy → where it is."""
_NOT_ONES_OWN = (Kind.SCP, Kind.RCP)
"""Kinds that the management account of the organization changes."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a denial.

    ``statement`` is what to add; None where nothing is to be added, or where too little is known. ``holder`` is where,
    in words. ``afterwards`` is what the evaluator says of the request with the statement: ``allowed``, or why not.
    ``never`` is why no policy allows the request. ``mendable`` is False where no policy of the caller can help.
    """

    denial: Denial
    holder: str
    statement: dict[str, Any] | None
    afterwards: str
    mendable: bool
    notes: tuple[str, ...] = ()
    never: Refused | None = None


def with_action(denial: Denial, catalog: Catalog) -> Denial:
    """A denial with the action's name as AWS spells it, or the action of its operation where AWS does not name one."""
    if denial.action:
        known = catalog.action(denial.action)
        return replace(denial, action=known.name) if known is not None else denial
    service, _, operation = denial.operation.rpartition(".")
    if not operation:
        return denial
    found = [*catalog.operations_named(operation)]
    if service:
        own = [one for one in found if one.service == service]
        found = own or [one for one in found if service == _prefix(one.service, catalog)]
    services = {one.service for one in found}
    if len(services) != 1:
        return denial
    actions = [mapping.action for mapping in found[0].actions if _without_parameters(mapping.when)]
    return replace(denial, action=actions[0]) if actions else denial


def _meant(operation: str, catalog: Catalog) -> str:
    """What an operation may mean, of which AWS does not say the service."""
    found = sorted(
        {one.actions[0].action for one in catalog.operations_named(operation.rpartition(".")[2]) if one.actions}
    )
    if not found:
        return f"scopedown knows no operation {operation}"
    return f"the operation {operation} may need one of {', '.join(found)}; AWS does not say of which service it is"


def _without_parameters(when: str) -> bool:
    """Whether a call needs the action whatever else it is given: always, or where it has no version or such.

    >>> _without_parameters(""), _without_parameters("!VersionId"), _without_parameters("ACL")
    (True, True, False)
    """
    return all(part.strip().startswith("!") for part in when.split("&")) if when else True


def _prefix(service: str, catalog: Catalog) -> str:
    known = catalog.service(service)
    return known.prefix if known is not None else ""


def advised(denial: Denial, catalog: Catalog) -> Advice:
    """What to do about one denial; ``denial`` is that of :func:`with_action`."""
    notes: list[str] = [denial.note] if denial.action and denial.note else []
    if denial.action and catalog.action(denial.action) is None:
        notes.append(f"the service reference has no action {denial.action}")
    never = _never(denial)
    kind = denial.kind or Kind.IDENTITY
    holder = _HOLDERS[kind]
    if never is not None:
        return Advice(denial, holder, None, f"denied: {never.reason}", False, tuple(notes), never)
    if not denial.action:
        what = denial.note or _meant(denial.operation, catalog)
        return Advice(denial, holder, None, "", False, (*notes, what))
    resource, is_known = _resource(denial, catalog, notes)
    if denial.explicit:
        notes.append(_of_explicit(denial, kind))
        return Advice(denial, holder, None, "denied: an Allow does not outweigh a Deny", False, tuple(notes))
    if denial.kind is None:
        notes.append(
            "AWS does not say which kind of policy denied; scopedown assumes that no policy of the caller allows it"
        )
    if kind in _NOT_ONES_OWN:
        notes.append("only the management account of the organization can change it")
    statement: dict[str, Any] = {"Effect": "Allow", "Action": denial.action}
    if kind is Kind.RCP:
        return Advice(denial, holder, None, "denied: these policies only deny", False, tuple(notes))
    if kind in (Kind.RESOURCE, Kind.TRUST, Kind.VPCE):
        statement["Principal"] = "*" if kind is Kind.VPCE else _principal(denial)
    if kind is not Kind.TRUST:
        statement["Resource"] = resource
    return Advice(
        denial, holder, statement,
        _afterwards(denial, kind, statement, resource, notes) if is_known else "not decided: the resource is not known",
        kind is Kind.IDENTITY, tuple(notes),
    )  # fmt: skip


_PASSED = Refused(
    frozenset({"iam:passrole"}), "*", "AccessDenied", "a role can only be passed inside its own account",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
)  # fmt: skip


def _never(denial: Denial) -> Refused | None:
    """Why no policy can allow a request; None where a policy can."""
    if denial.action.lower() == "iam:passrole":
        own, account = account_of(denial.caller), account_of(denial.resource)
        other = own is not None and account is not None and account.isdigit() and own != account
        return _PASSED if other or denial.note else None
    return refused(denial.action, denial.resource)


def _of_explicit(denial: Denial, kind: Kind) -> str:
    """What to change where a statement denies."""
    which = denial.policy or (f"the statement {denial.statement}" if denial.statement else _HOLDERS[kind])
    where = f"{which}" if denial.kind or denial.policy or denial.statement else "a policy that AWS does not name"
    return f"a Deny in {where} matches the request; limit that statement, or its condition"


def _resource(denial: Denial, catalog: Catalog, notes: list[str]) -> tuple[str, bool]:
    """The resource of the statement, and whether it is known: what AWS prints where that is an ARN, ``*`` where the
    action has no other."""
    known = catalog.action(denial.action)
    if known is not None and not known.resource_types:
        return "*", True
    if denial.resource == "*" or parse_arn(denial.resource) is not None:
        return denial.resource, True
    forms = [
        found.arn
        for name in (known.resource_types if known else ())
        if (found := catalog.resource_type(denial.action.partition(":")[0], name)) is not None
    ]
    said = f"AWS prints {denial.resource!r}" if denial.resource else "AWS does not say which resource"
    example = f"; its ARN has the form {min(forms, key=len)}" if forms else ""
    notes.append(f"{said}, so put the ARN in the place of *{example}")
    return "*", False


def _principal(denial: Denial) -> dict[str, str]:
    """Whom a policy of a resource has to name: the role of a session, not the session."""
    caller = _caller(denial)
    if caller is None:
        return {"AWS": denial.caller or "ARN"}
    if caller.kind == "service":
        return {"Service": caller.arn}
    return {"AWS": caller.role_arn or caller.arn}


def _caller(denial: Denial) -> Caller | None:
    try:
        return Caller.of(denial.caller)
    except RequestError:
        return None


def _afterwards(denial: Denial, kind: Kind, statement: dict[str, Any], resource: str, notes: list[str]) -> str:
    """What the evaluator says of the request once the statement is there, as far as the other policies are known."""
    caller = _caller(denial) or Caller.role_session("111122223333", "role", "session")
    asked = denial.resource if parse_arn(denial.resource) is not None else resource
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    try:
        request = Request(caller, denial.action, asked, None, dict(denial.context))
        added = parse_policy({"Version": "2012-10-17", "Statement": [statement]}, kind)
        others = (parse_policy({"Version": "2012-10-17", "Statement": [everything]}),)
        decision = evaluate(request, _policies(kind, added, others))
    except (PolicyError, RequestError) as error:
        return f"not decided: {error.message}"
    if decision.allowed:
        return "allowed, unless another policy denies it"
    return _still_denied(decision, request, notes)


def _policies(kind: Kind, added: Any, others: tuple[Any, ...]) -> PolicySet:
    """The policies of the request: the one that was added, and the others that allow everything."""
    match kind:
        case Kind.BOUNDARY:
            return PolicySet(identity=others, boundary=(added,))
        case Kind.SESSION:
            return PolicySet(identity=others, session=(added,))
        case Kind.SCP:
            return PolicySet(identity=others, scp=((added,),))
        case Kind.VPCE:
            return PolicySet(identity=others, vpce=added)
        case Kind.RESOURCE | Kind.TRUST:
            return PolicySet(identity=others, resource=added)
        case _:
            return PolicySet(identity=(added,))


def _still_denied(decision: Decision, request: Request, notes: list[str]) -> str:
    if resource_policy_decides(request.lower_action, request.resource):
        what = "key policy" if request.lower_action.startswith("kms:") else "trust policy of the role"
        notes.append(f"the {what} has to allow it too, or to delegate to the account")
        return f"allowed only if the {what} allows it too"
    if request.caller.account and request.owner and request.caller.account != request.owner:
        notes.append(f"the resource is in the account {request.owner}: its own policy has to allow the caller too")
        return "allowed only if the policy of the resource allows it too"
    layer = decision.layer.words if decision.layer is not None else "other"
    return f"denied by the {layer} policy"
