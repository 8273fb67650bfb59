"""The local STS: who becomes whom. Each operation of it, authorised, and its temporary credentials.

In: who asks, and the parameters. Out: the answer with the credential, or the error that STS gives. Whether a role may
be assumed is decided as everything else is, with the role's trust policy as the resource's; what this module adds are
the condition keys of the operation, session policies, tags, source identity, and the limits of a session's time.
https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
Session tags: a key is the same key in large and small letters, and an inherited transitive tag cannot be passed again
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html, "Things to know about session tags").
A web identity's token is read and its provider must be one of the account's; its signature is not verified, since the
provider's keys are not on this machine.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.iam.models import iam_backends

from scopedown.core.arn import account_of
from scopedown.guard import local_iam
from scopedown.guard.credentials import Issued, Session, issue, session_of
from scopedown.guard.local_iam import PARTITION, Document
from scopedown.guard.model import Check, Principal
from scopedown.guard.responses import RefusedError
from scopedown.iam import Caller, CallerKind, Kind, PolicyError, PolicySet, parse_policy
from scopedown.iam.folding import fold

ALWAYS_KNOWN = ("accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com")
"""Web identity providers that need no entity in IAM
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html)."""
HOUR = 3600
Authorise = Callable[[Principal, str, Check], str]
"""Who, the operation's name, what is checked: why it may not be, or nothing."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A role that is to be assumed, and what the session is to carry."""

    role_arn: str
    name: str
    seconds: int = HOUR
    external_id: str = ""
    source_identity: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    session: tuple[Document, ...] | None = None
    context: Mapping[str, object] = field(default_factory=dict)
    """Further condition keys that the trust policy may ask for: a web identity's claims."""


def assume(who: Principal, wish: Wish, action: str, authorise: Authorise | None) -> Issued:
    """A session of a role. Without ``authorise`` nobody is asked. Raises RefusedError."""
    name = f"sts.{action.partition(':')[2]}"
    session = _session(who)
    inherited = dict(session.transitive) if session else {}
    require_not_inherited(wish.tags, inherited)
    tags = {**wish.tags, **inherited}
    source = str(who.context.get("aws:SourceIdentity") or wish.source_identity)
    context = _context(wish, source)
    if authorise is not None:
        needed = [action]
        # Inherited ones as well (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html,
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html).
        needed += ["sts:TagSession"] if wish.tags or inherited else []
        needed += ["sts:SetSourceIdentity"] if source else []
        for one in needed:
            if why := authorise(who, name, Check(one, wish.role_arn, context)):
                raise RefusedError("AccessDenied", why, 403)
    found = local_iam.role(wish.role_arn)
    if found is None:  # only where nobody was asked: a role that is not there trusts no one
        raise RefusedError("NoSuchEntity", f"The role {wish.role_arn} cannot be found.", 404)
    role, _ = found
    longest = HOUR if who.caller.kind is CallerKind.ROLE_SESSION else int(role.max_session_duration or HOUR)
    if wish.seconds > longest:
        said = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        if who.caller.kind is CallerKind.ROLE_SESSION:
            said = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        raise RefusedError("ValidationError", said)
    path = wish.role_arn.split(":role/", 1)[1]
    provider = who.caller.provider if who.caller.kind is CallerKind.PROVIDER else None
    all_tags = joined(local_iam.tags_of_role(role).items(), tags.items())
    caller = Caller.role_session(role.account_id, path, wish.name, provider=provider, tags=all_tags)
    object.__setattr__(caller, "unique_id", role.id)
    now = time.time()
    transitive = set(map(fold, (*inherited, *wish.transitive)))
    kept = {key: value for key, value in tags.items() if fold(key) in transitive}
    keys: dict[str, object] = {"aws:userid": f"{role.id}:{wish.name}", "aws:TokenIssueTime": _stamp(now)}
    keys |= {"aws:SourceIdentity": source} if source else {}
    keys |= {"aws:FederatedProvider": provider} if provider else {}
    if who.caller.kind is not CallerKind.PROVIDER and who.has_mfa:
        keys |= {"aws:MultiFactorAuthPresent": "true"}
    elif who.caller.kind is not CallerKind.SERVICE:
        keys |= {"aws:MultiFactorAuthPresent": "false"}
    return issue(Session(caller, role.account_id, "", now + wish.seconds, "", wish.session, kept, keys))


def _context(wish: Wish, source: str) -> dict[str, object]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-sts"""
    out: dict[str, object] = {"sts:RoleSessionName": wish.name, **wish.context}
    if wish.external_id:
        out["sts:ExternalId"] = wish.external_id
    if source:
        out["sts:SourceIdentity"] = source
    if wish.tags:
        out["aws:TagKeys"] = list(wish.tags)
        out |= {f"aws:RequestTag/{key}": value for key, value in wish.tags.items()}
    if wish.transitive:
        out["sts:TransitiveTagKeys"] = list(wish.transitive)
    return out


def _session(who: Principal) -> Session | None:
    if not who.token:
        return None
    return session_of(iam_backends[who.account][PARTITION].access_keys.get(who.key_id))


def _stamp(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


class Sts:
    """The operations by name. ``authorise`` None for a caller means that it is not asked (the administrator)."""

    def __init__(self, authorise: Callable[[Principal], Authorise | None]) -> None:
        self._authorise = authorise
        self.operations: Mapping[str, Callable[[Principal, Mapping[str, Any]], Mapping[str, Any]]] = {
            "AssumeRole": self.assume_role,
            "AssumeRoleWithWebIdentity": self.assume_role_with_web_identity,
            "GetSessionToken": self.get_session_token,
            "GetFederationToken": self.get_federation_token,
            "GetCallerIdentity": self.get_caller_identity,
        }
        self.operations_that_authorise = frozenset({"AssumeRole", "AssumeRoleWithWebIdentity"})
        """Whose own checks have what a call's parameters do not tell: claims, tags, the session they come from."""

    def assume_role(self, who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"""
        wish = Wish(
            given["RoleArn"], given["RoleSessionName"], int(given.get("DurationSeconds") or HOUR),
            given.get("ExternalId") or "", given.get("SourceIdentity") or "", session_tags(given),
            tuple(given.get("TransitiveTagKeys") or ()), session_policies(who.account, given), self._mfa(who, given),
        )  # fmt: skip
        return _assumed(assume(who, wish, "sts:AssumeRole", self._authorise(who)))

    def assume_role_with_web_identity(self, who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html"""
        claims = _claims(given["WebIdentityToken"])
        account = account_of(given["RoleArn"]) or ""
        host, provider = _provider(claims, account)
        audience = claims.get("aud") or ""
        context = {f"{host}:aud": audience, f"{host}:sub": claims.get("sub", "")}
        for name in ("amr", "azp"):
            if claims.get(name):
                context[f"{host}:{name}"] = claims[name]
        caller = Principal(Caller.identity_of(provider), PolicySet(), secret="")
        wish = Wish(
            given["RoleArn"], given["RoleSessionName"], int(given.get("DurationSeconds") or HOUR),
            session=session_policies(account, given), context=context,
        )  # fmt: skip
        issued = assume(caller, wish, "sts:AssumeRoleWithWebIdentity", self._authorise(caller))
        audiences = audience if isinstance(audience, str) else audience[0]
        return {**_assumed(issued), "SubjectFromWebIdentityToken": claims.get("sub", ""), "Audience": audiences,
                "Provider": provider}  # fmt: skip

    def get_session_token(self, who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """A session of the user itself (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html)"""
        if who.caller.kind is not CallerKind.USER or who.token:
            raise RefusedError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
        seconds = int(given.get("DurationSeconds") or 43_200)
        now = time.time()
        context = {"aws:TokenIssueTime": _stamp(now), "aws:MultiFactorAuthPresent": "false",
                   **self._mfa(who, given)}  # fmt: skip
        session = Session(
            who.caller, who.account, "", now + seconds, who.name, user_id=who.caller.unique_id or "", context=context
        )
        return {"Credentials": issue(session).emit()}

    def get_federation_token(self, who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html"""
        if who.caller.kind is not CallerKind.USER or who.token:
            raise RefusedError("AccessDenied", "Cannot call GetFederationToken with session credentials", 403)
        seconds, now = int(given.get("DurationSeconds") or 43_200), time.time()
        tags = joined(who.caller.tags, session_tags(given).items())
        caller = Caller.federated_user(who.account, given["Name"])
        object.__setattr__(caller, "tags", tuple(tags.items()))
        id = f"{who.account}:{given['Name']}"
        context = {"aws:userid": id, "aws:TokenIssueTime": _stamp(now), "aws:MultiFactorAuthPresent": "false"}
        session = Session(
            caller,
            who.account,
            "",
            now + seconds,
            who.name,
            session_policies(who.account, given),
            user_id=who.caller.unique_id or "",
            context=context,
        )
        federated = {"FederatedUserId": id, "Arn": caller.arn}
        return {"Credentials": issue(session).emit(), "FederatedUser": federated, "PackedPolicySize": 6}

    def _mfa(self, who: Principal, given: Mapping[str, Any]) -> dict[str, object]:
        """With a device's code: the keys that say so. The code is not verified; the device must be the user's, and only
        a user has one (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
        """
        if not given.get("SerialNumber") or not given.get("TokenCode"):
            return {}
        user = iam_backends[who.account][PARTITION].users.get(who.name)
        has_it = who.caller.kind is CallerKind.USER and user is not None and given["SerialNumber"] in user.mfa_devices
        if not has_it and self._authorise(who) is not None:
            said = "MultiFactorAuthentication failed with invalid MFA one time pass code."
            raise RefusedError("AccessDenied", said, 403)
        return {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0"}

    def get_caller_identity(self, who: Principal, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""
        id = who.context.get("aws:userid") or who.caller.unique_id or who.key_id
        return {"UserId": str(id), "Account": who.account, "Arn": who.caller.arn}


def session_policies(account: str, given: Mapping[str, Any]) -> tuple[Document, ...] | None:
    """The session policies of a request; None where it passes none. Raises RefusedError."""
    arns = [one["arn"] for one in given.get("PolicyArns") or ()]
    text = given.get("Policy")
    if not arns and text is None:
        return None
    try:
        attached = local_iam.managed(account, arns)
        if text is not None:
            parse_policy(text, Kind.SESSION)
    except PolicyError as error:
        raise RefusedError("MalformedPolicyDocument", str(error)) from None
    except KeyError as error:
        raise RefusedError("InvalidInput", f"Policy {error.args[0]} does not exist.") from None
    inline = () if text is None else (Document(text, Kind.SESSION, "the session policy"),)
    return (*inline, *attached)


def _assumed(issued: Issued) -> Mapping[str, Any]:
    session = issued.session
    source = session.context.get("aws:SourceIdentity")
    user = {"AssumedRoleId": str(session.context["aws:userid"]), "Arn": session.caller.arn}
    out: dict[str, Any] = {"Credentials": issued.emit(), "AssumedRoleUser": user, "PackedPolicySize": 6}
    return {**out, "SourceIdentity": source} if source else out


def _claims(token: str) -> Mapping[str, Any]:
    """What a JWT says (https://www.rfc-editor.org/rfc/rfc7519). Raises RefusedError."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        ends = float(claims.get("exp", "inf"))
    except (IndexError, ValueError, TypeError, AttributeError):
        said = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
        raise RefusedError("InvalidIdentityToken", said) from None
    if ends < time.time():
        said = f"Token expired: current date/time {time.time():.0f} must be before the expiration date/time {ends:.0f}"
        raise RefusedError("ExpiredTokenException", said)
    return dict(claims)


def _provider(claims: Mapping[str, Any], account: str) -> tuple[str, str]:
    """The host that condition keys begin with, and what a trust policy calls the provider. Raises RefusedError."""
    host = str(claims.get("iss", "")).removeprefix("https://").rstrip("/")
    if host in ALWAYS_KNOWN:
        return host, host
    arn = f"arn:{PARTITION}:iam::{account}:oidc-provider/{host}"
    known = iam_backends[account][PARTITION].open_id_providers if account.isdigit() else {}
    if arn not in known:
        raise RefusedError(
            "InvalidIdentityToken", f"No OpenIDConnect provider found in your account for https://{host}"
        )
    audience = claims.get("aud") or ""
    named = {audience} if isinstance(audience, str) else set(audience)
    if not named & set(known[arn].client_id_list):
        raise RefusedError("InvalidIdentityToken", "Incorrect token audience")
    return host, arn


def session_tags(given: Mapping[str, Any]) -> dict[str, str]:
    """The tags that a request passes. Raises RefusedError for a key that comes twice."""
    found: dict[str, str] = {}
    for one in given.get("Tags") or ():
        if fold(one["Key"]) in map(fold, found):
            said = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
            raise RefusedError("InvalidParameterValue", said)
        found[one["Key"]] = one["Value"]
    return found


def require_not_inherited(tags: Mapping[str, str], inherited: Mapping[str, str]) -> None:
    """Raise RefusedError for a tag that the session to come inherits already."""
    if set(map(fold, tags)) & set(map(fold, inherited)):
        said = "One of the session tags conflicts with a transitive tag of the calling session."
        raise RefusedError("InvalidParameterValue", said)


def joined(*several: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Tags in the place of others: of several with one key the last counts."""
    found: dict[str, tuple[str, str]] = {}
    for tags in several:
        for key, value in tags:
            found[fold(key)] = (key, value)
    return dict(found.values())
