"""The decision. Sources: reference_policies_evaluation-logic (policy-eval-denyallow, cross-account)."""

from typing import Any

from reference.principals import Caller, caller_of
from reference.statements import Document, Request, effects_without_principal, grants_with_principal

ALLOWED = "Allowed"
EXPLICIT = "ExplicitlyDenied"
IMPLICIT = "ImplicitlyDenied"

# Services whose resources RCPs bind (AWS Organizations User Guide, "List of AWS services that support RCPs"). Only
# the first five are written down: the case files and the random requests use these, and services not on the list.
RCP_SERVICES = ("s3", "sts", "kms", "sqs", "secretsmanager")


def decide(case: dict[str, Any]) -> str:
    """Decide one case: Allowed, ExplicitlyDenied or ImplicitlyDenied."""
    request, policies = with_tags(case["request"]), with_groups(case["request"], case["policies"])
    if needs_no_permission(request):
        return ALLOWED
    caller = caller_of(request)
    if explicitly_denied(request, caller, policies):
        return EXPLICIT
    if not organization_allows(request, caller, policies):
        return IMPLICIT
    if not endpoint_allows(request, caller, policies):
        return IMPLICIT
    return ALLOWED if account_policies_allow(request, caller, policies) else IMPLICIT


def needs_no_permission(request: Request) -> bool:
    """sts:GetCallerIdentity needs no permissions, and cannot be denied (STS API Reference, GetCallerIdentity)."""
    return bool(request["action"].lower() == "sts:getcalleridentity")


# --- what a case may say in short ---------------------------------------------------------------------------------


def with_tags(request: Request) -> Request:
    """Tags of the principal and of the resource are context keys; what the context itself says comes first."""
    context = dict(request["context"])
    there = {key.lower() for key in context}
    for member, prefix in (("principal_tags", "aws:PrincipalTag/"), ("resource_tags", "aws:ResourceTag/")):
        for tag, value in (request.get(member) or {}).items():
            if (prefix + tag).lower() not in there:
                context[prefix + tag] = value
    return {**request, "context": context}


def with_groups(request: Request, policies: dict[str, Any]) -> dict[str, Any]:
    """Policies of the groups to which the user belongs are identity-based policies of the user."""
    identity = list(documents(policies["identity"]))
    for group in request.get("groups") or []:
        identity += documents((policies.get("groups") or {}).get(group))
    return {**policies, "identity": identity}


# --- which policies there are -------------------------------------------------------------------------------------


def documents(value: Any) -> list[Document]:
    """A policy, a list of policies, or nothing."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def identity_documents(caller: Caller, policies: dict[str, Any]) -> list[Document]:
    """Identity-based policies; a service, an external identity and an anonymous caller have none."""
    return documents(policies["identity"]) if caller.is_iam else []


def boundary_documents(caller: Caller, policies: dict[str, Any]) -> list[Document]:
    """The permissions boundary of the user or role; the root user has none."""
    return documents(policies["boundary"]) if caller.is_iam and caller.kind != "root" else []


def session_documents(caller: Caller, policies: dict[str, Any]) -> list[Document]:
    """The session policy; only a session can have one."""
    return documents(policies["session"]) if caller.is_session else []


def scp_levels(caller: Caller, policies: dict[str, Any]) -> list[list[Document]]:
    """SCPs by level, from the root of the organization to the account; they bind the account's principals only.

    Neither service-linked roles nor the management account (Organizations User Guide, orgs_manage_policies_scps).
    """
    if not caller.is_iam or caller.service_linked or caller.account == policies.get("management_account"):
        return []
    return by_level(policies["scp"])


def rcp_levels(request: Request, caller: Caller, policies: dict[str, Any]) -> list[list[Document]]:
    """RCPs by level; they bind the resource whoever calls, for the listed services.

    Not restricted: service-linked roles, resources of the management account, AWS managed KMS keys, kms:RetireGrant
    (Organizations User Guide, orgs_manage_policies_rcps, "Resources and entities not restricted by RCPs").
    """
    action = request["action"].lower()
    if caller.service_linked or request.get("aws_managed_key") is True:
        return []
    if request["resource_account"] == policies.get("management_account"):
        return []
    if action == "kms:retiregrant" or action.split(":")[0] not in RCP_SERVICES:
        return []
    return by_level(policies["rcp"])


def by_level(given: list[dict[str, Any]] | None) -> list[list[Document]]:
    """Entries of the same level belong together."""
    levels: dict[Any, list[Document]] = {}
    for entry in given or []:
        levels.setdefault(entry["level"], []).extend(entry["policies"])
    return list(levels.values())


# --- explicit denies ----------------------------------------------------------------------------------------------


def explicitly_denied(request: Request, caller: Caller, policies: dict[str, Any]) -> bool:
    """One applying Deny in any applicable policy is enough."""
    without_principal = [
        *identity_documents(caller, policies),
        *boundary_documents(caller, policies),
        *session_documents(caller, policies),
    ]
    of_organization = [document for level in scp_levels(caller, policies) for document in level]
    with_principal = [
        *documents(policies["resource"]),
        *documents(policies["vpce"]),
        *(document for level in rcp_levels(request, caller, policies) for document in level),
    ]
    has_boundary = bool(boundary_documents(caller, policies))
    if "Deny" in effects_without_principal(without_principal, request):
        return True
    if "Deny" in effects_without_principal(of_organization, request, pads_short_arns=False):
        return True
    return any(effect == "Deny" for effect, _ in grants_with_principal(with_principal, request, caller, has_boundary))


# --- the outer fences ---------------------------------------------------------------------------------------------


def organization_allows(request: Request, caller: Caller, policies: dict[str, Any]) -> bool:
    """Each level of SCPs has to allow, by at least one of its policies.

    RCPs need no such look: RCPFullAWSAccess is attached everywhere and cannot be detached, so only a Deny counts.
    """
    levels = scp_levels(caller, policies)
    return all("Allow" in effects_without_principal(level, request, pads_short_arns=False) for level in levels)


def endpoint_allows(request: Request, caller: Caller, policies: dict[str, Any]) -> bool:
    """A VPC endpoint policy, when there is one, has to allow the caller."""
    endpoint = documents(policies["vpce"])
    if not endpoint:
        return True
    has_boundary = bool(boundary_documents(caller, policies))
    return any(effect == "Allow" for effect, _ in grants_with_principal(endpoint, request, caller, has_boundary))


# --- the policies of the accounts ---------------------------------------------------------------------------------


def account_policies_allow(request: Request, caller: Caller, policies: dict[str, Any]) -> bool:
    """Identity-based and resource-based policies, in one account or across two."""
    ways = ways_granted_by_resource(request, caller, policies)
    if not caller.is_iam:
        return bool(ways)
    cross_account: bool = caller.account != request["resource_account"]
    if cross_account:
        return bool(ways) and principal_side_allows(request, caller, policies)
    if resource_policy_must_allow(request) and not ways:
        return False
    return grants_alone(ways, request, caller, policies) or principal_side_allows(request, caller, policies)


def ways_granted_by_resource(request: Request, caller: Caller, policies: dict[str, Any]) -> set[str]:
    """How the resource-based policy allows the caller: as everyone, itself, by its source, by its account."""
    has_boundary = bool(boundary_documents(caller, policies))
    granted = grants_with_principal(documents(policies["resource"]), request, caller, has_boundary)
    return {way for effect, way in granted if effect == "Allow"}


def resource_policy_must_allow(request: Request) -> bool:
    """Role trust policies and KMS key policies: without their Allow no identity-based policy helps."""
    action: str = request["action"].lower()
    resource: list[str] = request["resource"].split(":")
    if len(resource) < 6:
        return False
    is_role = resource[2] == "iam" and resource[5].startswith("role/")
    is_key = resource[2] == "kms" and resource[5].startswith("key/")
    return (is_role and action.startswith("sts:")) or (is_key and action.startswith("kms:"))


def grants_alone(ways: set[str], request: Request, caller: Caller, policies: dict[str, Any]) -> bool:
    """Whether, in one account, the resource-based policy's Allow needs no Allow of an identity-based policy.

    - "itself" (the user's ARN, the session's ARN) and "everyone": granted directly; boundary and session policy do
      not limit it by an implicit deny.
    - "source" (the role of the session, the user who federated): limited by boundary and session policy.
    - "account": delegates only.
    """
    if ways & {"itself", "everyone"}:
        return True
    if "source" in ways:
        return boundary_allows(request, caller, policies) and session_allows(request, caller, policies)
    return False


def principal_side_allows(request: Request, caller: Caller, policies: dict[str, Any]) -> bool:
    """Identity-based policies, limited by the boundary and the session policy."""
    return (
        identity_allows(request, caller, policies)
        and boundary_allows(request, caller, policies)
        and session_allows(request, caller, policies)
    )


def identity_allows(request: Request, caller: Caller, policies: dict[str, Any]) -> bool:
    """At least one Allow; the account's root user has full access by default."""
    if caller.kind == "root":
        return True
    return "Allow" in effects_without_principal(identity_documents(caller, policies), request)


def boundary_allows(request: Request, caller: Caller, policies: dict[str, Any]) -> bool:
    """The permissions boundary, when there is one, has to allow; it grants nothing itself."""
    boundary = boundary_documents(caller, policies)
    return not boundary or "Allow" in effects_without_principal(boundary, request)


def session_allows(request: Request, caller: Caller, policies: dict[str, Any]) -> bool:
    """The session policy, when there is one, has to allow.

    Without one a role session keeps the permissions of its role, and a federated user's session has none
    (policy-eval-denyallow; STS API Reference, GetFederationToken).
    """
    session = session_documents(caller, policies)
    if session:
        return "Allow" in effects_without_principal(session, request)
    return caller.kind != "federated"
