"""What "public" means: a request by somebody whom no policy names, from nowhere that a policy names.

The caller is of an account that is named nowhere (or unsigned, or vouched for by a provider that anybody may use), and
every key that says where a request comes from is missing or has a value that no policy fixes. S3's definition is the
model ("The meaning of public", https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html):
only fixed values, without wildcards, keep a policy from being public. AWS's list for other services is not published,
so this is scopedown's definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address, ip_network

from scopedown.core.arn import account_of
from scopedown.iam.newaccess.box import Box
from scopedown.iam.newaccess.callers import DERIVED, entries_of, principals_of
from scopedown.iam.newaccess.keys import Limits
from scopedown.iam.newaccess.patterns import WORD
from scopedown.iam.request import Caller
from scopedown.iam.variables import ContextValue

SOURCE_KEYS = frozenset(
    {
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:sourceip",
        "aws:vpcsourceip",
        "aws:userid",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
        "kms:calleraccount",
    }
)
"""Keys that say who asks or from where: S3's list, and the keys of other services with the same meaning."""

SHARED_PROVIDERS = ("cognito-identity.amazonaws.com", "www.amazon.com", "accounts.google.com", "graph.facebook.com")
"""Identity providers at which anybody may sign in
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html)."""
SHARED_ISSUERS = ("token.actions.githubusercontent.com", "oidc.circleci.com", "gitlab.com", "app.terraform.io")
"""Issuers of OIDC providers that serve everybody: an account's provider of one of them vouches for strangers too."""
PUBLIC_ADDRESSES = ("52.94.76.1", "198.41.0.4", "2600:1f00::1")
_WILD = re.compile(r"[*?]")
_WIDEST = {4: 8, 6: 32}
"""A block with a longer prefix names somebody's addresses."""


def is_source(key: str) -> bool:
    """Whether a key, in lower case, says who asks or from where: also the claims of an identity provider."""
    issuer, _, claim = key.rpartition(":")
    if claim == "aud" and issuer.startswith(SHARED_ISSUERS):
        return False  # whoever asks such an issuer for a token chooses its audience
    return key in SOURCE_KEYS or claim in ("aud", "sub", "amr", "oaud", "azp", "iss")


def fits(key: str, value: ContextValue | None, texts: Sequence[str]) -> bool:
    """Whether a stranger's request may have this value; ``texts`` are all that policies compare the key with."""
    if value is None or not is_source(key) or key in DERIVED:
        return True
    values = value if isinstance(value, tuple) else (value,)
    return all(isinstance(one, str) and _is_strange(key, one, texts) for one in values)


def _is_strange(key: str, value: str, texts: Sequence[str]) -> bool:
    if not value or value in texts:
        return False
    if key in ("aws:sourceip", "aws:vpcsourceip"):
        return _is_public(value, texts)
    account = account_of(value)
    if account is not None and any(account == account_of(text) for text in texts):
        return False
    # A repository's owner in the subject of a token, or an organization before its paths, is as fixed as an account.
    known = [_WILD.split(text)[0] for text in texts] if key.endswith((":sub", "orgpaths")) else []
    owners = [text for text in known if "/" in text]
    return not value.startswith(tuple(owners)) if owners else True


def _is_public(value: str, texts: Sequence[str]) -> bool:
    try:
        address = ip_address(value)
    except ValueError:
        return False
    if not address.is_global:
        return False
    for text in texts:
        try:
            block = ip_network(text, strict=False)
        except ValueError:
            continue
        if block.version == address.version and block.prefixlen > _WIDEST[block.version] and address in block:
            return False
    return True


def strange_values(key: str, texts: Sequence[str]) -> Iterator[str]:
    """Further values of a key that a stranger may have."""
    if key not in ("aws:sourceip", "aws:vpcsourceip"):
        yield WORD
        return
    yield from PUBLIC_ADDRESSES
    for text in texts:
        try:
            block = ip_network(text, strict=False)
        except ValueError:
            continue
        if block.prefixlen <= _WIDEST[block.version]:
            step = max(1, block.num_addresses // 256)
            inside = (str(block[at * step + 1]) for at in range(256) if at * step + 1 < block.num_addresses)
            yield from [one for one in inside if _is_public(one, texts)][:2]


def shared_identities(boxes: Sequence[Box]) -> Iterator[Caller]:
    """Those that a named provider vouches for and anybody may be."""
    for box in boxes:
        for principal in principals_of(box):
            for kind, value in entries_of(principal):
                issuer = value.partition(":oidc-provider/")[2]
                if kind == "Federated" and (value in SHARED_PROVIDERS or issuer.startswith(SHARED_ISSUERS)):
                    yield Caller.identity_of(value)


def strange(boxes: Sequence[Box]) -> Limits:
    """The values of condition keys that a stranger's request may have under these statements."""
    texts: dict[str, list[str]] = {}
    for box in boxes:
        for atom in box.atoms:
            texts.setdefault(atom.key, []).extend(atom.condition.texts)
    return Limits(
        lambda key, value: fits(key, value, texts.get(key, ())), lambda key: [*strange_values(key, texts.get(key, ()))]
    )
