"""Records of principals that nobody asked for: counted for coverage without being parsed.

Most of a trail is theirs, and parsing is most of the work. Read so is only CloudTrail's own form, whose records begin
with ``eventVersion``, ``userIdentity``, ``eventTime``, ``eventSource``, ``eventName`` and ``awsRegion``, and end with
``eventType`` and members without depth. In JSON a quotation mark within a text has a backslash before it: where there
is no backslash, every quotation mark is one of JSON, and no name that somebody chose looks like a member. Any other
record is parsed, and any other document is left to the caller.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

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
_MANY = 5_000

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
                if len(tails) < _MANY:
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
