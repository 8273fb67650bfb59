"""One record of CloudTrail: what it says for the table ``used``.

Every rule here is one that DuckDB and Spark can apply as well (``observe/lake``): plain comparisons and regular
expressions that Python, RE2 and Java read alike.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html

Records of principals that are not asked for are counted for coverage without being parsed: most of a trail is theirs,
and parsing is most of the work. Read so is only CloudTrail's own form, whose records begin with ``eventVersion``,
``userIdentity``, ``eventTime``, ``eventSource``, ``eventName`` and ``awsRegion``, and end with ``eventType`` and
members without depth. In JSON a quotation mark within a text has a backslash before it: where there is no backslash,
every quotation mark is one of JSON, and no name that somebody chose looks like a member. Any other record is parsed,
and any other document is left to the caller.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scopedown.observe.events import PRESENT
from scopedown.observe.model import Covered, Did, Times, Used, joined
from scopedown.observe.reading.wanted import Wanted

_START, _END = '{"Records":[{"eventVersion":"', "}]}"
_BETWEEN = '},{"eventVersion":"'
_BEGIN = re.compile(r'[0-9.]+","userIdentity":\{"type":')
_AFTER = '},"eventTime":"'
_HEAD = re.compile(
    r'\},"eventTime":"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}:[0-9]{2}Z","eventSource":"([^"\\]*)",'
    r'"eventName":"[^"\\]*","awsRegion":"([^"\\]*)",'
)
_TEXT = r'"[^"\\]*+"'
_FLAT = rf'\{{(?:"\w+":{_TEXT},?)*+\}}'
_LISTED = rf"\[(?:{_FLAT},?)*+\]"
_TAIL = re.compile(rf'"eventType":{_TEXT},(?:"\w+":(?:{_TEXT}|true|false|{_FLAT}|{_LISTED}),?)*+')
_ACCOUNT = re.compile(r'"recipientAccountId":"([^"\\]*)"')
_CATEGORY = re.compile(r'"eventCategory":"([^"\\]*)"')
_MANY_OTHERS = 5_000

Seen = tuple[str, str, str, str, str]
"""(day, account, region, source, category) of a record, as it has them; empty is what it lacks."""


@dataclass(slots=True)
class Skimmed:
    """``parsed`` are the records that have to be read; of the others there is how many have the same facts."""

    parsed: list[Any] = field(default_factory=list)
    others: dict[Seen, int] = field(default_factory=dict)


def skim(text: str, principal_of: Callable[[Any], str], is_wanted: Callable[[str], bool]) -> Skimmed | None:
    """The records of a file's text; None where it is not of CloudTrail's own form."""
    text = text.rstrip()
    if not text.startswith(_START) or not text.endswith(_END):
        return None
    found = Skimmed()
    others = found.others
    tails: dict[str, tuple[str, str] | None] = {}
    for piece in text[len(_START) : -len(_END)].split(_BETWEEN):
        begun = _BEGIN.match(piece)
        end = piece.find(_AFTER, begun.end()) if begun else -1
        head = _HEAD.match(piece, end) if end > 0 else None
        at = piece.rfind('"eventType":') if head else -1
        if begun and head and at > 0 and piece.find('"eventTime":', head.end()) < 0:
            principal = _principal(piece[begun.end() - len('{"type":') : end + 1], principal_of)
            if principal is not None and not is_wanted(principal):
                rest = piece[at:]
                known = tails[rest] if rest in tails else _known(rest)
                if len(tails) < _MANY_OTHERS:
                    tails[rest] = known
                if known:
                    seen = (head[1], known[0], head[3], head[2], known[1])
                    others[seen] = others.get(seen, 0) + 1
                    continue
        try:
            found.parsed.append(json.loads(f'{{"eventVersion":"{piece}}}'))
        except (ValueError, RecursionError):
            return None
    return found


def _principal(identity: str, principal_of: Callable[[Any], str]) -> str | None:
    """Of the text of a ``userIdentity``; None where it has to be parsed with its record."""
    if "\\" in identity:
        return None
    issuer = identity.find('"sessionIssuer":{')
    if issuer > 0:
        begin = identity.find('"arn":"', issuer) + len('"arn":"')
        end = identity.find('"', begin)
        arn = identity[begin:end]
        is_sure = arn.startswith("arn:") and begin < identity.find("}", issuer) and ":assumed-role/" not in arn
        return arn if is_sure else None
    try:
        return principal_of(json.loads(identity))
    except (ValueError, RecursionError):
        return None


def _known(rest: str) -> tuple[str, str] | None:
    """(account, category) of the end of a record, where that has no depth."""
    if not _TAIL.fullmatch(rest):
        return None
    account, category = _ACCOUNT.search(rest), _CATEGORY.search(rest)
    return account[1] if account else "", category[1] if category else ""


KINDS_OF_EVENTS = ("AwsApiCall", "")
"""Values of ``eventType`` that ask for a permission; sign-ins and what services do by themselves do not."""
CATEGORIES = ("Management", "Data")
DENIALS = r"AccessDenied|Unauthorized|NotAuthorized$|AuthorizationError"
"""A denial's ``errorCode`` has one of these in it; every other error comes after the authorisation
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html). Cognito's ``NotAuthorizedException``
is about a user's password (https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html)."""
DAY = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
TIME = rf"^{DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}Z"
"""Of a time, which has 20 characters."""
ACTION = r"to perform:? ([A-Za-z0-9-]+:[A-Za-z0-9]+)"
"""The action that a denial's message names."""
DENIED_BY = r"(no [a-z -]*?(?:policy|boundary)|explicit deny(?: in an? [a-z -]*?(?:policy|boundary))?)"
"""The kind of policy that a denial's message names."""
ON = r"on resource: (arn:[^ ,]+)"
"""The resource that a denial's message names."""
SOURCE = r"\.amazonaws\.com(?:\.cn)?$"
OBJECT = r"(?s)^(arn:[^:]*:s3:::[^/]+/(?:[^/]*/)?).+$"
"""The bucket and the first folder in the ARN of an S3 object: what follows is cut, so that the table stays small."""
KEY = r"(?s)^([^/]*/).+$"
"""The first folder of an object's key, if it is in one."""
COPIED = r"(?s)^(/?[^/%?]+(?:/|%2[Ff])(?:[^/%?]*(?:/|%2[Ff]))?)[^?]*"
"""The bucket and the first folder of the object that is copied (``x-amz-copy-source``), which may be encoded."""
COPIED_VERSION = r"(\?versionId=)."
"""That a version of the object is copied, which needs another action."""
COPY_SOURCE = "x-amz-copy-source"
VERSION = r"[0-9]{4}_?[0-9]{2}_?[0-9]{2}(?:v[0-9]+)?$"
"""Of an API, at the end of an event's name (``UpdateFunctionCode20150331v2``)."""
FIRST_NAME = r'(?:^\[|"[A-Za-z]*(?:[iI]d|[nN]ame|[aA]rn|ARN|content)":)"([ !#-\[\]-~]*)"'
"""In a parameter that is a list or an object: its first text, or the first member that names something. EC2's later
requests have ``{"FlowLogId":{"tag":1,"content":"fl-1"}}``. A name in it is of ASCII: engines write other letters in
different ways there."""
WITHIN = r'^\[?(?:\{[^{}]*"content":)?"([ !#-\[\]-~]*)"'
"""A member of a parameter: its text, as :data:`FIRST_NAME` reads it. A hint ``CreateImageRequest.Name`` means this
member, however deep it is in the parameter."""
ABSENT = ("", "false", "[]", "{}")
"""A parameter with one of these as its text is not there: of some only the presence is noted, as ``*``."""
ROLE = r"(?s)^(arn:[^:]*:)sts(::[^:]*:)assumed-role(/[^/]+)(?:/.*)?$"
"""The ARN of a role's session, of which a record without ``sessionIssuer`` says the role; its path is not known. Some
records name no session."""
SESSION = r"(?s)^arn:[^:]*:sts::[^:]*:assumed-role/[^/]+/(.*)$"

_DENIAL, _TIME, _ACTION, _BY, _ON = (re.compile(one) for one in (DENIALS, TIME, ACTION, DENIED_BY, ON))
_SOURCE, _OBJECT, _KEY, _NAME = (re.compile(one) for one in (SOURCE, OBJECT, KEY, FIRST_NAME))
_ROLE, _SESSION, _COPIED = re.compile(ROLE), re.compile(SESSION), re.compile(COPIED)
_COPIED_VERSION, _WITHIN = re.compile(COPIED_VERSION), re.compile(WITHIN)
_MIDNIGHT = "T00:00:00Z"
_MANY = 100_000
"""Decisions that are kept of names that come with every record."""


class Fold:
    """Records, grouped. ``hints`` gives the request's parameters that name what an event of a source is about."""

    def __init__(self, wanted: Wanted, hints: Callable[[str, str], tuple[str, ...]]) -> None:
        self.used = Used()
        self._wanted = wanted
        self._hints = hints
        self._principal = re.compile(wanted.principal_expression)
        self._session = re.compile(wanted.session_expression)
        self._is_wanted: dict[str, bool] = {}
        self._sources: dict[str, str] = {}

    def add(self, records: Iterable[Any]) -> None:
        """Count records; what is no record is passed over."""
        for record in records:
            if isinstance(record, dict):
                self._add(record)

    def skim(self, document: str) -> bool:
        """Count the records of a document; False, with nothing counted, where it has to be parsed as a whole."""
        wanted = self._wanted
        if "*" in wanted.principals or not all(time[10:] in ("", _MIDNIGHT) for time in (wanted.since, wanted.until)):
            return False
        found = skim(document, principal_of, self._is_asked)
        if found is None:
            return False
        for (day, account, region, source, category), count in found.others.items():
            self.used.records += count
            self._cover(day + _MIDNIGHT, account, region, source, category, count)
        self.add(found.parsed)
        return True

    def _cover(self, time: str, account: str, region: str, source: str, category: str, count: int) -> bool:
        """Count records as covered, if they count at all; ``source`` is whole, and ``category`` may be empty."""
        wanted = self._wanted
        if len(time) != 20 or not _TIME.search(time) or time < wanted.since or (wanted.until and time >= wanted.until):
            return False
        if (category or "Management") not in CATEGORIES:
            return False
        data = (self._sources.get(source) or self._short(source)) if category == "Data" else ""
        covered = Covered(account, region, time[:10], data)
        self.used.covered[covered] = self.used.covered.get(covered, 0) + count
        return True

    def _is_asked(self, principal: str) -> bool:
        known = self._is_wanted.get(principal)
        if known is None:
            known = bool(self._principal.search(principal))
            if len(self._is_wanted) < _MANY:
                self._is_wanted[principal] = known
        return known

    def _add(self, record: Mapping[str, Any]) -> None:
        self.used.records += 1
        time, category = text(record.get("eventTime")), text(record.get("eventCategory"))
        full = text(record.get("eventSource"))
        account, region = text(record.get("recipientAccountId")), text(record.get("awsRegion"))
        if not self._cover(time, account, region, full, category, 1):
            return
        category = category or "Management"
        source = self._sources.get(full) or self._short(full)
        if text(record.get("eventType")) not in KINDS_OF_EVENTS:
            return
        identity = fields(record.get("userIdentity"))
        principal = principal_of(identity)
        if not self._is_asked(principal):
            return
        kind, invoker, arn = text(identity.get("type")), text(identity.get("invokedBy")), text(identity.get("arn"))
        own = text(identity.get("accountId"))
        if text(record.get("sharedEventID")) and own and account and own != account:
            return  # the principal's account has the same event
        code = text(record.get("errorCode"))
        denied = 1 if code and _DENIAL.search(code) else 0
        message = text(record.get("errorMessage")) if denied else ""
        event = text(record.get("eventName"))
        session = _first(_SESSION, arn)
        key = (
            account, region, principal, kind, invoker if kind != "AWSService" else "",
            session if session and self._session.search(session) else "", source, event, category,
        )  # fmt: skip
        hint = self._hint(source, event, fields(record.get("requestParameters")))
        said = (_first(_ACTION, message), _first(_BY, message)) if message else ("", "")
        on = _cut(_first(_ON, message))
        arns = (on,) if on else _arns(record.get("resources")) or ("",)
        for resource in arns:
            did = Did(*key, resource, hint, *said)
            times = self.used.rows.get(did)
            if times is None:
                self.used.rows[did] = Times(time, time, 1, denied)
            else:
                times.add(Times(time, time, 1, denied))

    def _short(self, source: str) -> str:
        short = _SOURCE.sub("", source)
        if len(self._sources) < _MANY:
            self._sources[source] = short
        return short

    def _hint(self, source: str, event: str, parameters: Mapping[str, Any]) -> str:
        if not parameters:
            return ""
        found = []
        for name in self._hints(source, event):
            holder, _, member = name.removesuffix(PRESENT).partition(".")
            value = text(parameters.get(holder))
            if member:
                value = _within(value, member)
            if name.endswith(PRESENT):
                if value not in ABSENT:
                    found.append((name.removesuffix(PRESENT), "*"))
            elif value and (source, name) == ("s3", "key"):
                found.append((name, f"{_first(_KEY, value)}*"))
            elif (source, name) == ("s3", COPY_SOURCE):
                if folder := _first(_COPIED, value):
                    found.append((name, f"{folder}*{_first(_COPIED_VERSION, value)}"))
            elif value := named(value):
                found.append((name, value))
        return joined(found)


def principal_of(identity: Mapping[str, Any]) -> str:
    """Who acted: the role of a session, else the user, else the service."""
    issuer = fields(fields(identity.get("sessionContext")).get("sessionIssuer"))
    principal = text(issuer.get("arn")) or text(identity.get("arn")) or text(identity.get("invokedBy"))
    return _ROLE.sub(r"\1iam\2role\3", principal) if ":assumed-role/" in principal else principal


def text(value: Any) -> str:
    """A value as the engines have it in a column of text: None is empty, what is no text its JSON, as far as it is not
    nested deeper than Python goes."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return ""


def fields(value: Any) -> Mapping[str, Any]:
    """A value's members; none where it is no object."""
    return value if isinstance(value, dict) else {}


def named(value: str) -> str:
    """The name in the text of a parameter: the text itself, or the first name in a list or an object."""
    if value[:1] not in ("[", "{"):
        return value
    return _first(_NAME, value)


def _within(value: str, member: str) -> str:
    _, found, rest = value.partition(f'"{member}":')
    return _first(_WITHIN, rest) if found else ""


def _arns(resources: Any) -> tuple[str, ...]:
    """The ARNs that a record lists, each once."""
    if not isinstance(resources, list):
        return ()
    arns = (text(fields(one).get("ARN")) or text(fields(one).get("arn")) for one in resources)
    return tuple(dict.fromkeys(_cut(arn) for arn in arns if arn))


def _cut(arn: str) -> str:
    folder = _first(_OBJECT, arn)
    return f"{folder}*" if folder else arn


def _first(expression: re.Pattern[str], value: str) -> str:
    found = expression.search(value) if value else None
    return found[1] if found else ""
