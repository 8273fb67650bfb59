"""Who asks for what: callers and requests.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html

The condition keys that AWS itself puts into a request are added by :func:`derived_context` alone, for those who want a
request as AWS would fill it in. Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from scopedown.core.arn import account_of, parse_arn
from scopedown.iam.errors import RequestError
from scopedown.iam.folding import fold
from scopedown.iam.services import special_action
from scopedown.iam.variables import Context, ContextValue


class CallerKind(StrEnum):
    """What kind of principal asks."""

    ROOT = "root"
    USER = "user"
    ROLE = "role"
    ROLE_SESSION = "role-session"
    FEDERATED_USER = "federated-user"
    PROVIDER = "provider"
    """A SAML or OIDC identity that has no AWS identity yet, as a role's trust policy sees it."""
    SERVICE = "service"
    ANONYMOUS = "anonymous"


_ACCOUNT = re.compile(r"[0-9]{12}")
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?")
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[^\s]*)?")
AWS_OWNED = "aws"
"""The account field of what AWS itself owns (``arn:aws:iam::aws:policy/…``, CloudFormation's transforms): every account
uses it as its own (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)."""

_OIDC = ("cognito-identity.amazonaws.com", "www.amazon.com", "accounts.google.com", "graph.facebook.com")

IN_ACCOUNT = frozenset(
    {CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE, CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER}
)
"""Callers that belong to an account, and so have an identity side and SCPs."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal.

    ``arn`` is what AWS prints for it (a service's name, ``anonymous``). ``role_arn`` is the role behind a session; a
    session's own ARN has no path, so give it where the role has one. ``provider`` is the SAML or OIDC provider behind a
    session or identity, ``unique_id`` the id that AWS stores in policies (AIDA…, AROA…), ``canonical_id`` the canonical
    user id of the account. ``groups`` names a user's groups; ``tags`` are put under ``aws:PrincipalTag/…``.
    """

    kind: CallerKind
    arn: str
    account: str | None = None
    role_arn: str | None = None
    provider: str | None = None
    unique_id: str | None = None
    canonical_id: str | None = None
    service_linked: bool = False
    groups: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def root(account: str) -> Caller:
        """An account's root user."""
        return Caller(CallerKind.ROOT, f"arn:aws:iam::{account}:root", account)

    @staticmethod
    def user(account: str, name: str, *, groups: Sequence[str] = (), tags: Mapping[str, str] | None = None) -> Caller:
        """An IAM user; ``name`` may begin with a path."""
        arn = f"arn:aws:iam::{account}:user/{name}"
        return Caller(CallerKind.USER, arn, account, groups=tuple(groups), tags=tuple((tags or {}).items()))

    @staticmethod
    def role_session(
        account: str, role: str, session: str, *, provider: str | None = None, tags: Mapping[str, str] | None = None
    ) -> Caller:
        """A role's session; ``role`` may begin with a path; ``provider`` where a SAML or OIDC identity assumed it."""
        return Caller(
            CallerKind.ROLE_SESSION,
            f"arn:aws:sts::{account}:assumed-role/{role.rsplit('/', 1)[-1]}/{session}",
            account,
            f"arn:aws:iam::{account}:role/{role}",
            provider,
            service_linked=role.startswith("aws-service-role/"),
            tags=tuple((tags or {}).items()),
        )

    @staticmethod
    def federated_user(account: str, name: str) -> Caller:
        """A session from GetFederationToken."""
        return Caller(CallerKind.FEDERATED_USER, f"arn:aws:sts::{account}:federated-user/{name}", account)

    @staticmethod
    def identity_of(provider: str) -> Caller:
        """Someone whom a SAML provider (its ARN) or an OIDC provider (its ARN or domain) vouches for."""
        return Caller(CallerKind.PROVIDER, provider, provider=provider)

    @staticmethod
    def service(name: str) -> Caller:
        """An AWS service, for instance ``lambda.amazonaws.com``."""
        return Caller(CallerKind.SERVICE, name)

    @staticmethod
    def anonymous() -> Caller:
        """A request that is not signed."""
        return Caller(CallerKind.ANONYMOUS, "anonymous")

    @staticmethod
    def of(text: str) -> Caller:
        """The caller that a text names: an ARN, an account, a service, a provider's domain, ``*`` or ``anonymous``.

        Raises :class:`~scopedown.iam.errors.RequestError` where it names none.
        """
        if text in ("*", "anonymous", ""):
            return Caller.anonymous()
        if _ACCOUNT.fullmatch(text):
            return Caller.root(text)
        if text in _OIDC:
            return Caller.identity_of(text)
        if _SERVICE.fullmatch(text):
            return Caller.service(text)
        arn = parse_arn(text)
        if arn is not None:
            if found := _caller_of_arn(text, arn.partition, arn.service, arn.account, arn.resource):
                return found
        elif _DOMAIN.fullmatch(text):
            return Caller.identity_of(text)
        raise RequestError(
            f"{text!r} is not a principal",
            remedy="give the ARN of a user, role, role session or federated user, an account, a service or *",
        )


def _caller_of_arn(text: str, partition: str, service: str, account: str, resource: str) -> Caller | None:
    kind, _, rest = resource.partition("/")
    if not _ACCOUNT.fullmatch(account):
        return None
    if service == "iam" and resource == "root":
        return Caller(CallerKind.ROOT, text, account)
    if service == "iam" and kind == "user" and rest:
        return Caller(CallerKind.USER, text, account)
    if service == "iam" and kind == "role" and rest:
        linked = rest.startswith("aws-service-role/")
        return Caller(CallerKind.ROLE, text, account, text, service_linked=linked)
    if service == "iam" and kind in ("saml-provider", "oidc-provider") and rest:
        return Caller(CallerKind.PROVIDER, text, provider=text)
    if service == "sts" and kind == "assumed-role" and "/" in rest:
        role_arn = f"arn:{partition}:iam::{account}:role/{rest.split('/', 1)[0]}"
        return Caller(CallerKind.ROLE_SESSION, text, account, role_arn)
    if service == "sts" and kind == "federated-user" and rest:
        return Caller(CallerKind.FEDERATED_USER, text, account)
    return None


ContextInput = Mapping[str, object]

_PLAIN = frozenset({CallerKind.USER, CallerKind.ROLE, CallerKind.ROLE_SESSION})


def read_context(given: ContextInput) -> dict[str, ContextValue]:
    """A context with its keys in lower case (rule 38); a list or tuple is a multivalued key, anything else one value.

    Numbers and truth values become text. None is a key that is not there. Raises
    :class:`~scopedown.iam.errors.RequestError` for values that no context holds, and for keys that differ only by case.
    """
    out: dict[str, ContextValue] = {}
    for key, value in given.items():
        lower = fold(key)
        if lower in out:
            raise RequestError(f"the context key {key!r} is repeated")
        if isinstance(value, str | bytes):
            out[lower] = value
        elif isinstance(value, list | tuple | set | frozenset):
            items = sorted(value) if isinstance(value, set | frozenset) else value
            out[lower] = tuple(_context_text(key, item) for item in items)
        elif value is not None:
            out[lower] = _context_text(key, value)
    return out


def _context_text(key: str, value: object) -> str | bytes:
    if isinstance(value, str | bytes):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    raise RequestError(f"the context key {key!r} must have values that are text, numbers or true or false")


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    ``resource`` is an ARN, or ``*`` for an action without resource-level permissions. ``resource_account`` is the
    account that owns the resource; None takes it from the ARN, and where that has none, from the caller. ``context``
    maps condition keys to values as :func:`read_context` takes them; nothing is added to it but ``resource_tags`` and
    the caller's tags (see :func:`scopedown.iam.context.derived_context` for the keys that AWS itself fills in).
    ``aws_managed_key`` says that the resource is an AWS managed KMS key, which RCPs do not reach.
    """

    caller: Caller
    action: str
    resource: str = "*"
    resource_account: str | None = None
    context: ContextInput = field(default_factory=dict)
    resource_tags: Mapping[str, str] | None = None
    aws_managed_key: bool = False
    keys: Context = field(init=False, repr=False, compare=False)
    """The context as conditions read it: keys in lower case."""
    owner: str | None = field(init=False, repr=False, compare=False)
    """The account of the resource, worked out; None where nothing tells."""
    lower_action: str = field(init=False, repr=False, compare=False)
    simple: bool = field(init=False, repr=False, compare=False)
    """Whether the caller's identity policies can decide alone, without a look at who it is and what it asks for."""

    def __post_init__(self) -> None:
        keys = read_context(self.context) if self.context else {}
        if self.resource_tags:
            for tag, value in self.resource_tags.items():
                keys.setdefault("aws:resourcetag/" + fold(tag), value)
        for tag, value in self.caller.tags:
            keys.setdefault("aws:principaltag/" + fold(tag), value)
        set_field = object.__setattr__
        set_field(self, "keys", keys)
        owner = self.resource_account or account_of(self.resource) or self.caller.account
        if owner == AWS_OWNED:
            owner = self.caller.account
        action = fold(self.action)
        caller = self.caller
        simple = caller.kind in _PLAIN and owner == caller.account and not special_action(action)
        set_field(self, "owner", owner)
        set_field(self, "lower_action", action)
        set_field(self, "simple", simple)

    @property
    def service_linked(self) -> bool:
        """Whether a service-linked role asks: the caller says so, or the path of its role does."""
        role = self.role_arn
        return self.caller.service_linked or (role is not None and ":role/aws-service-role/" in role)

    @property
    def role_arn(self) -> str | None:
        """The role behind a session; where the caller gives it without path, with the path in ``aws:PrincipalArn``."""
        known = self.caller.role_arn
        given = self.keys.get("aws:principalarn")
        if known and isinstance(given, str) and known.count("/") == 1 and given.endswith("/" + known.split("/")[1]):
            arn = parse_arn(given)
            if arn and arn.account == self.caller.account and arn.resource.startswith("role/"):
                return given
        return known


_TYPES = {
    CallerKind.ROOT: "Account",
    CallerKind.USER: "User",
    CallerKind.ROLE: "AssumedRole",
    CallerKind.ROLE_SESSION: "AssumedRole",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.ANONYMOUS: "Anonymous",
}


def derived_context(
    caller: Caller, resource: str, given: ContextInput, resource_account: str | None = None
) -> dict[str, object]:
    """The given context with the keys that follow from caller and resource; a given key is kept as it is."""
    out: dict[str, object] = {"aws:PrincipalIsAWSService": "true" if caller.kind is CallerKind.SERVICE else "false"}
    if caller.kind in _TYPES:
        out["aws:PrincipalType"] = _TYPES[caller.kind]
    if caller.account:
        out["aws:PrincipalAccount"] = caller.account
        out["aws:PrincipalArn"] = caller.role_arn or caller.arn
    if caller.kind is CallerKind.USER:
        out["aws:username"] = caller.arn.rsplit("/", 1)[-1]
    if caller.unique_id:
        out["aws:userid"] = caller.unique_id
    if caller.kind is CallerKind.SERVICE:
        out["aws:PrincipalServiceName"] = caller.arn
    if owner := resource_account or account_of(resource):
        out["aws:ResourceAccount"] = owner
    known = {fold(key) for key in given}
    return {key: value for key, value in out.items() if fold(key) not in known} | dict(given)
