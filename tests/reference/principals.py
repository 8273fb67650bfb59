"""Who calls, and whom a Principal element names. Source: reference_policies_elements_principal."""

from dataclasses import dataclass
from typing import Any

from reference.variables import lookup

# The identity providers that a Principal element names by their domain.
WEB_IDENTITIES = ("cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com")


@dataclass(frozen=True, slots=True)
class Caller:
    """The principal of a request.

    `arn` is what the request gives. `kind` is one of root, user, role, session (assumed role), federated (by
    GetFederationToken), service, external (SAML or OIDC, before it has a role), anonymous.
    """

    arn: str
    kind: str
    account: str = ""
    partition: str = "aws"
    role: str = ""
    service_linked: bool = False

    @property
    def account_root(self) -> str:
        return f"arn:{self.partition}:iam::{self.account}:root"

    @property
    def is_iam(self) -> bool:
        """Whether identity-based policies, boundaries and SCPs can exist for this caller."""
        return self.kind in ("root", "user", "role", "session", "federated")

    @property
    def is_session(self) -> bool:
        return self.kind in ("role", "session", "federated")

    @property
    def source(self) -> str:
        """The role of a role session, the user of a federated user's session, the caller itself otherwise."""
        name = self.arn.split(":", 5)[-1].split("/")
        if self.kind == "session":
            return self.role or f"arn:{self.partition}:iam::{self.account}:role/{name[1]}"
        if self.kind == "federated":
            return f"arn:{self.partition}:iam::{self.account}:user/{name[1]}"
        return self.arn


def caller_of(request: dict[str, Any]) -> Caller:
    """Read the caller of a request from its `principal`."""
    principal = request["principal"]
    if principal in (None, "*", "anonymous"):
        return Caller("*", "anonymous")
    if not principal.startswith("arn:"):
        return Caller(principal, "external" if principal in WEB_IDENTITIES else "service")
    _, partition, _, _, account, name = principal.split(":", 5)
    kinds = {
        "root": "root",
        "user": "user",
        "role": "role",
        "assumed-role": "session",
        "federated-user": "federated",
        "saml-provider": "external",
        "oidc-provider": "external",
    }
    kind = kinds[name.split("/")[0]]
    role = role_of(request, name) if kind == "session" else ""
    service_linked = request.get("service_linked_role") is True or ":role/aws-service-role/" in (role or principal)
    return Caller(principal, kind, account, partition, role, service_linked)


def role_of(request: dict[str, Any], name: str) -> str:
    """The role of a session with its path, where the request tells it: a session's own ARN leaves the path out.

    `aws:PrincipalArn` is "the ARN of the role" for a role session (reference_policies_condition-keys), path included.
    """
    _, _, _, _, account, _ = request["principal"].split(":", 5)
    for told in (request.get("role_arn"), lookup(request["context"], "aws:PrincipalArn")):
        if isinstance(told, str) and f"::{account}:role/" in told and told.split("/")[-1] == name.split("/")[1]:
            return told
    return ""


def entries(element: Any) -> list[tuple[str, str]]:
    """The entries of a Principal element as (type, name); a bare "*" is ("*", "*")."""
    if isinstance(element, str):
        return [("*", element)]
    return [
        (type_, name) for type_, names in element.items() for name in (names if isinstance(names, list) else [names])
    ]


def names_everyone(type_: str, name: str) -> bool:
    """ "Principal": "*" and "Principal": {"AWS": "*"}: all principals, anonymous ones too."""
    return name == "*" and type_ in ("*", "AWS")


def names_account(name: str, caller: Caller) -> bool:
    """An account, by the ARN of its root or by its twelve digits; it stands for every principal of the account."""
    return caller.is_iam and name in (caller.account, caller.account_root)


def entry_names(type_: str, name: str, caller: Caller) -> str | None:
    """How one entry names the caller: "everyone", "itself", "source", "account", or None for not at all.

    "itself" is the ARN that makes the request; "source" is the role behind a role session, or the user behind a
    federated user's session. Names are case-sensitive and have no partial wildcards.
    """
    if names_everyone(type_, name):
        return "everyone"
    if type_ == "Service":
        return "itself" if caller.kind == "service" and name == caller.arn else None
    if type_ == "Federated":
        # Contested: AWS's page does not say what * means; Access Analyzer takes it for any provider.
        return "itself" if caller.kind == "external" and name in (caller.arn, "*") else None
    if type_ != "AWS" or not caller.is_iam:
        return None
    if names_account(name, caller):
        return "account"
    if name == caller.arn:
        return "source" if caller.kind == "role" else "itself"
    if name == caller.source:
        return "source"
    return None


def principal_names(element: Any, caller: Caller) -> set[str]:
    """All the ways in which a Principal element names the caller; the entries are joined by OR."""
    ways = {entry_names(type_, name, caller) for type_, name in entries(element)}
    return {way for way in ways if way}


def not_principal_exempts(element: Any, caller: Caller) -> bool:
    """Whether NotPrincipal spares the caller: every link of its chain has to be listed.

    Source: reference_policies_elements_notprincipal: the list has to hold the account, for a role session the
    account, the role and the session, or one of these may be denied and the caller with it.
    """
    listed = entries(element)
    if any(names_everyone(type_, name) for type_, name in listed):
        return True
    if not caller.is_iam:
        return any(entry_names(type_, name, caller) for type_, name in listed)
    names = {name for type_, name in listed if type_ == "AWS"}
    account = bool({caller.account, caller.account_root} & names)
    chain = {caller.arn, caller.source} if caller.kind == "session" else {caller.arn}
    return account and (caller.kind == "root" or chain <= names)
