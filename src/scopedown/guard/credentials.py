"""Credentials: which principal a request's key stands for, and the temporary ones that the local STS gives out.

In: a signed request. Out: a :class:`Principal`, or an error in the words of the service's protocol. A temporary
credential is kept on moto's own access key, so that a reset of the local AWS ends it; what it may do is looked up anew
for each request.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from moto.core.request import Request
from moto.iam.models import iam_backends

from scopedown.guard import local_iam, signature
from scopedown.guard.local_iam import PARTITION, Document
from scopedown.guard.model import Principal
from scopedown.guard.responses import RefusedError, refusal
from scopedown.guard.signature import VERSION_4A, MalformedError, Signed, UnsignedHeadersError
from scopedown.iam import Caller, CallerKind

SKEW = 900.0
"""Seconds that a request's time may differ (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html)."""
_SESSION = "scopedown_session"
_MANY = 1000
"""Temporary keys from which on those that have expired are let go."""


@dataclass(frozen=True, slots=True)
class Session:
    """A temporary credential: who asks with it, whose policies hold, what limits them.

    ``caller`` is a role's session, a federated user, or a user; ``user`` names the user behind the last two, and
    ``user_id`` is its unique id.
    ``session``: the session policies, None where none was given. ``transitive``: the tags that a further role keeps.
    """

    caller: Caller
    account: str
    token: str
    expires: float
    user: str = ""
    session: tuple[Document, ...] | None = None
    transitive: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, object] = field(default_factory=dict)
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A temporary credential as STS gives it out."""

    key_id: str
    secret: str
    session: Session

    def emit(self) -> dict[str, object]:
        """The Credentials of an answer (https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html)."""
        return {
            "AccessKeyId": self.key_id, "SecretAccessKey": self.secret, "SessionToken": self.session.token,
            "Expiration": datetime.fromtimestamp(int(self.session.expires), UTC),
        }  # fmt: skip

    def principal(self) -> Principal | None:
        """Who asks with it now."""
        return _principal_of(self.session, self.key_id, self.secret)


def issue(session: Session) -> Issued:
    """A new key in the account's IAM, with its token made."""
    iam = iam_backends[session.account][PARTITION]
    if len(iam.access_keys) > _MANY:
        for key_id, key in list(iam.access_keys.items()):
            if (old := session_of(key)) and old.expires + 86_400 < time.time():
                iam.access_keys.pop(key_id, None)
    made = iam.create_temp_access_key()
    session = replace(session, token=f"IQoJb3JpZ2luX2Vj{secrets.token_urlsafe(96)}")
    setattr(made, _SESSION, session)
    return Issued(made.access_key_id, made.secret_access_key, session)


def session_of(key: object) -> Session | None:
    """The temporary credential that one of moto's keys is; None for a user's."""
    found = getattr(key, _SESSION, None)
    return found if isinstance(found, Session) else None


def authenticate(
    request: Request, body: bytes, signed: Signed, given: Mapping[str, Principal], protocol: str, service: str
) -> Principal:
    """Who signed a request. ``given`` are principals by key that stand beside the local IAM. Raises RefusedError."""
    if not signed.algorithm.startswith("AWS4-HMAC"):
        kind = "version 4A" if signed.algorithm == VERSION_4A else f"the algorithm {signed.algorithm}"
        detail = f"A signature of {kind} is not taken here. Please use AWS4-HMAC-SHA256."
        raise refusal("other version", protocol, service, detail)
    who, expires = given.get(signed.key_id), None
    if who is None:
        who, expires = _of_local_iam(signed.key_id)
    if who is None:
        raise refusal("unknown key", protocol, service)
    if signed.token != who.token:
        raise refusal("wrong token" if signed.token else "unknown key", protocol, service)
    try:
        _check_time(signed, protocol, service)
    except MalformedError as error:
        raise refusal("malformed", protocol, service, str(error)) from None
    try:
        signature.require_signed_headers(request, signed)
    except UnsignedHeadersError as error:
        raise refusal("unsigned headers", protocol, service, str(error)) from None
    if not signature.is_signed_with(who.secret, request, body, signed):
        raise refusal("wrong signature", protocol, service)
    if not signature.has_its_digest(request, body):
        raise refusal("other body", protocol, service)
    if expires is not None and expires <= time.time():
        raise refusal("expired token", protocol, service)
    return who


def _check_time(signed: Signed, protocol: str, service: str) -> None:
    now, at = time.time(), signed.at
    if signed.seconds is not None and at + signed.seconds < now:
        raise refusal("expired URL", protocol, service, _expired(signed.time, now, signed.seconds))
    if signed.seconds is None and at < now - SKEW:
        raise refusal("wrong time", protocol, service, _expired(signed.time, now, int(SKEW)))
    if at > now + SKEW:
        latest = _stamp(now + SKEW)
        detail = f"Signature not yet current: {signed.time} is still later than {latest} ({_stamp(now)} + 15 min.)"
        raise refusal("wrong time", protocol, service, detail)


def _expired(time: str, now: float, seconds: int) -> str:
    earliest = _stamp(now - seconds)
    return f"Signature expired: {time} is now earlier than {earliest} ({_stamp(now)} - {seconds // 60} min.)"


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y%m%dT%H%M%SZ")


def _of_local_iam(key_id: str) -> tuple[Principal | None, float | None]:
    """Whose key it is; and when it ends, for a temporary one."""
    account = local_iam.account_of_key(key_id)
    if not account:
        return None, None
    key = iam_backends[account][PARTITION].access_keys[key_id]
    if session := session_of(key):
        return _principal_of(session, key_id, key.secret_access_key), session.expires
    if key.status != "Active" or key.user_name is None:
        return None, None
    found = local_iam.user(account, key.user_name)
    if found is None:
        return None, None
    return Principal(*found, key_id, key.secret_access_key), None


def _principal_of(session: Session, key_id: str, secret: str) -> Principal | None:
    """Who asks with a temporary credential, under the policies of now; None where its user or role is gone, also where
    another of its name is there: credentials are bound to unique ids
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids)."""
    if session.caller.kind is CallerKind.ROLE_SESSION:
        assert session.caller.role_arn is not None
        role = local_iam.role(session.caller.role_arn, session.session)
        if role is None or role[0].id != session.caller.unique_id:
            return None
        return Principal(session.caller, role[1], key_id, secret, session.token, session.context)
    found = local_iam.user(session.account, session.user, session.session)
    if found is None or (session.user_id and found[0].unique_id != session.user_id):
        return None
    caller = found[0] if session.caller.kind is CallerKind.USER else session.caller
    return Principal(caller, found[1], key_id, secret, session.token, session.context)


def require_allowed_of_session(who: Principal, service: str, operation: str) -> None:
    """Raise RefusedError for what a user's own or a federated session may not call whatever its policies say: IAM,
    unless a user's session has MFA, and STS
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html)."""
    kind = who.caller.kind
    if not who.token or kind not in (CallerKind.USER, CallerKind.FEDERATED_USER) or service not in ("iam", "sts"):
        return
    if service == "iam" and (kind is CallerKind.FEDERATED_USER or not who.has_mfa):
        raise RefusedError("InvalidClientTokenId", "The security token included in the request is invalid", 403)
    if service == "sts" and operation not in _OF_STS[kind]:
        raise RefusedError("AccessDenied", f"Cannot call {operation} with session credentials", 403)


_OF_STS = {
    CallerKind.USER: frozenset({"AssumeRole", "GetCallerIdentity"}),
    CallerKind.FEDERATED_USER: frozenset({"GetCallerIdentity"}),
}
"""The operations of STS that each session may call."""
