"""A second evaluator of IAM policies, written from AWS's pages alone; it shares no code with scopedown.

It reads the request and the policies of docs/cases.md, and covers what bench/compare_sets.py draws: users, role
sessions, federated users, services and unsigned requests; no trust policies and no root users. Sources, all in the IAM
User Guide: "Policy evaluation for requests within a single account" and "Cross-account policy evaluation logic",
"Permissions boundaries for IAM entities" (how a resource's policy is limited, NotPrincipal), "AWS JSON policy
elements" (Principal, NotPrincipal, Resource, Condition operators, variables), "Condition operators that work with
multiple keys or values", and "Resource control policies" of AWS Organizations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

Json = dict[str, Any]
Context = Mapping[str, Any]
"""Condition keys in lower case: a text, or a tuple of texts."""
IN_REACH_OF_RCPS = ("s3", "sqs", "kms", "sts", "secretsmanager")
"""Services among those drawn whose resources RCPs reach."""
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def listed(value: Any) -> list[Any]:
    """A value that may be a list, as one."""
    return [] if value is None else value if isinstance(value, list) else [value]


@cache
def _regex(pattern: str, fold: bool) -> re.Pattern[str]:
    text = "".join(".*" if one == "*" else "." if one == "?" else re.escape(one) for one in pattern)
    return re.compile(text, re.DOTALL | (re.IGNORECASE if fold else 0))


def like(text: str, pattern: str, *, fold: bool = False) -> bool:
    """Whether a text matches a pattern with ``*`` and ``?``."""
    return _regex(pattern, fold).fullmatch(text) is not None


_MARKS = {"*": "\ue000", "?": "\ue001", "$": "$"}
"""What stands for a star or a question mark that is meant as a character."""


def filled(text: str, context: Context, *, known: bool) -> str | None:
    """A text with its variables replaced, their wildcards as marks; None where one has no value.

    ``known``: whether the policy's version has variables (2012-10-17).
    """
    if not known or "${" not in text:
        return text
    missing = False

    def value(found: re.Match[str]) -> str:
        nonlocal missing
        name, comma, default = found[1].partition(",")
        if name in _MARKS:
            return _MARKS[name]
        there = context.get(name.strip().lower())
        if there is None and comma:
            there = default.strip().strip("'")
        if there is None or isinstance(there, tuple):
            missing = True
            return ""
        return str(there).replace("*", _MARKS["*"]).replace("?", _MARKS["?"])

    out = _VARIABLE.sub(value, text)
    return None if missing else out


def _marked(text: str) -> str:
    return text.replace("*", _MARKS["*"]).replace("?", _MARKS["?"])


def _plain(text: str) -> str:
    return text.replace(_MARKS["*"], "*").replace(_MARKS["?"], "?")


def arn_like(text: str, pattern: str) -> bool:
    """Whether an ARN matches a pattern, field by field."""
    if pattern == "*":
        return True
    fields, wanted = text.split(":", 5), pattern.split(":", 5)
    return len(fields) == len(wanted) == 6 and all(map(like, fields, wanted))


# --- conditions ------------------------------------------------------------------------------------------------------


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _ordered(read: Callable[[str], Any], name: str, value: str, wanted: str) -> bool:
    one, other = read(value), read(wanted)
    if one is None or other is None:
        return False
    return bool(
        {
            "Equals": one == other, "LessThan": one < other, "LessThanEquals": one <= other,
            "GreaterThan": one > other, "GreaterThanEquals": one >= other,
        }[name]
    )  # fmt: skip


def _in_network(value: str, wanted: str) -> bool:
    try:
        return ip_address(value) in ip_network(wanted, strict=False)
    except ValueError:
        return False


def _compares(operator: str, value: str, wanted: str) -> bool:
    """Whether one value of a request satisfies one value of a policy under a positive operator."""
    if operator.startswith("Numeric"):
        return _ordered(_number, operator[7:], value, _plain(wanted))
    if operator.startswith("Date"):
        return _ordered(_time, operator[4:], value, _plain(wanted))
    match operator:
        case "StringEquals":
            return value == _plain(wanted)
        case "StringEqualsIgnoreCase":
            return value.lower() == _plain(wanted).lower()
        case "StringLike":
            return like(_marked(value), wanted)
        case "ArnEquals" | "ArnLike":
            return arn_like(_marked(value), wanted)
        case "Bool":
            return value.lower() == wanted.lower()
        case "IpAddress":
            return _in_network(value, wanted)
    raise ValueError(operator)


def condition_holds(operator: str, key: str, wanted: list[Any], context: Context, *, known: bool) -> bool:
    """Whether one line of a Condition holds."""
    value = context.get(key.lower())
    if operator == "Null":
        return any(str(one).lower() == ("true" if value is None else "false") for one in wanted)
    quantifier, colon, name = operator.rpartition(":")
    optional = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    negated = "Not" in name
    name = name.replace("Not", "", 1)
    if value is None:
        if colon:
            return quantifier == "ForAllValues" or optional
        return negated or optional
    texts = [filled(str(one), context, known=known and name.startswith(("String", "Arn"))) for one in wanted]

    def satisfies(one: str) -> bool:
        return any(text is not None and _compares(name, one, text) for text in texts) is not negated

    values = value if isinstance(value, tuple) else (value,)
    if quantifier == "ForAllValues":
        return all(map(satisfies, values))
    if quantifier == "ForAnyValue":
        return any(map(satisfies, values))
    return len(values) == 1 and satisfies(values[0])


# --- statements ------------------------------------------------------------------------------------------------------


def about(statement: Json, version: str | None, request: Json, context: Context) -> bool:
    """Whether a statement's action, resource and conditions hold for a request; its principal is not looked at."""
    action, resource = request["action"], request["resource"]
    if "Action" in statement:
        if not any(like(action, one, fold=True) for one in listed(statement["Action"])):
            return False
    elif any(like(action, one, fold=True) for one in listed(statement["NotAction"])):
        return False
    known = version == "2012-10-17"
    for element in ("Resource", "NotResource"):
        if element in statement:
            texts = [filled(one, context, known=known) for one in listed(statement[element])]
            there = any(text is not None and arn_like(_marked(resource), text) for text in texts)
            if there is not (element == "Resource"):
                return False
    return all(
        condition_holds(operator, key, listed(wanted), context, known=known)
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


class Caller:
    """Who asks: the kind, the account, and the ARNs by which a policy may name it."""

    def __init__(self, principal: str, role_arn: str | None) -> None:
        self.arn, self.account, self.role, self.user = principal, "", "", ""
        fields = principal.split(":", 5)
        if principal == "*":
            self.kind = "anonymous"
        elif principal.endswith(".amazonaws.com"):
            self.kind = "service"
        else:
            self.account = fields[4]
            self.kind, name = fields[5].split("/", 1)
            if self.kind == "assumed-role":
                self.role = role_arn or f"arn:aws:iam::{self.account}:role/{name.split('/')[0]}"
            if self.kind == "federated-user":
                self.user = f"arn:aws:iam::{self.account}:user/{name}"

    def is_account(self, text: str) -> bool:
        """Whether a principal is this caller's account."""
        return bool(self.account) and text in (self.account, f"arn:aws:iam::{self.account}:root")

    def named(self, principal: Any) -> set[str]:
        """How a Principal names the caller: "direct", "role" (limited by boundary and session policy), "account"."""
        if principal == "*" or "*" in listed(principal.get("AWS")):
            # "*" is everyone: users, roles, sessions and unsigned requests
            return {"direct"}
        if self.kind == "service":
            return {"direct"} if self.arn in listed(principal.get("Service")) else set()
        out = set()
        for text in listed(principal.get("AWS")):
            if self.is_account(text):
                out.add("account")
            elif text == self.arn:
                out.add("direct")
            elif text in (self.role, self.user):
                out.add("role")
        return out

    def excepted(self, principal: Any) -> bool:
        """Whether a NotPrincipal spares the caller: it lists its account and each of its ARNs."""
        if self.kind == "service":
            return self.arn in listed(principal.get("Service"))
        names = listed(principal.get("AWS"))
        whole = any(map(self.is_account, names)) and self.arn in names
        return whole and (not self.role or self.role in names)


class Side:
    """The policies of a set, as docs/cases.md has them."""

    def __init__(self, policies: Json) -> None:
        self.policies = policies

    def _holding(self, documents: Any, request: Json, context: Context) -> list[Json]:
        return [
            one
            for document in listed(documents)
            for one in listed(document["Statement"])
            if about(one, document.get("Version"), request, context)
        ]

    def allows(self, request: Json) -> bool:
        """Whether the policies allow a request."""
        context = {
            key.lower(): tuple(value) if isinstance(value, list) else value
            for key, value in request.get("context", {}).items()
        }
        caller = Caller(request["principal"], request.get("role_arn"))
        given = self.policies
        signed = caller.kind not in ("anonymous", "service")
        identity = [*listed(given.get("identity"))]
        for group in request.get("groups", ()):
            identity += listed(given.get("groups", {}).get(group))
        own = self._holding(identity, request, context) if signed else []
        boundary = self._holding(given.get("boundary"), request, context) if signed else []
        session = self._holding(given.get("session"), request, context) if signed else []
        levels = given.get("scp", []) if signed else []
        scps = [self._holding(level["policies"], request, context) for level in levels]
        service = request["action"].lower().partition(":")[0]
        reached = service in IN_REACH_OF_RCPS and request["action"].lower() != "kms:retiregrant"
        rcps = [
            one
            for level in (given.get("rcp", []) if reached else ())
            for one in self._holding(level["policies"], request, context)
        ]
        bounded = signed and bool(listed(given.get("boundary")))
        denied = [*own, *boundary, *session, *(one for level in scps for one in level), *rcps]
        if any(one["Effect"] == "Deny" for one in denied):
            return False
        resource = self._by_principal(given.get("resource"), request, context, caller, bounded)
        endpoint = self._by_principal(given.get("vpce"), request, context, caller, bounded)
        if "deny" in resource or "deny" in endpoint or (given.get("vpce") is not None and not endpoint):
            return False
        if not all(any(one["Effect"] == "Allow" for one in level) for level in scps):
            return False
        if not signed:
            return bool(resource)
        within = _allowed(boundary, bounded) and _allowed(session, given.get("session") is not None)
        granted = _allowed(own, True) and within
        if caller.kind == "federated-user" and given.get("session") is None:
            granted = within = False
        if caller.account != request["resource_account"]:
            return granted and bool(resource)
        if "direct" in resource or ("role" in resource and within):
            return True
        # identity policies count for a key where the key's policy says so
        of_key = service == "kms" and request["resource"].startswith("arn:aws:kms:")
        return granted and (not of_key or "account" in resource)

    def _by_principal(self, document: Any, request: Json, context: Context, caller: Caller, bounded: bool) -> set[str]:
        """How a policy that names principals allows a request; "deny" where it denies it."""
        out: set[str] = set()
        for one in self._holding(document, request, context):
            if "NotPrincipal" in one:
                assert one["Effect"] == "Deny"
                named = {"direct"} if bounded or not caller.excepted(one["NotPrincipal"]) else set()
            else:
                named = caller.named(one["Principal"])
            if one["Effect"] == "Deny":
                out |= {"deny"} if named else set()
            else:
                out |= named
        return out


def _allowed(statements: list[Json], applies: bool) -> bool:
    return not applies or any(one["Effect"] == "Allow" for one in statements)
