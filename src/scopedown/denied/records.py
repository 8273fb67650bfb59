"""Denials in JSON: CloudTrail's records, CloudFormation's events, decoded authorization messages, SDKs' errors.

Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html,
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html,
https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from scopedown.core.finding import ScopedownError
from scopedown.denied.model import Denial
from scopedown.denied.sentences import sentences
from scopedown.documents.nodes import as_list, as_map

_DENIED = ("AccessDenied", "UnauthorizedOperation", "Unauthorized", "Forbidden", "NotAuthorized")
_MOST = 5_000_000


def denials(text: str) -> list[Denial]:
    """Every denial in a text: JSON documents (one, or one a line) are read as such, and sentences that none of these
    documents has. Raises ScopedownError for a decoded message that is damaged."""
    found: list[Denial] = []
    for document in _documents(text):
        found += _of_document(document)
    plain = _ESCAPED.sub(lambda match: "\n" if match[1] in "nr" else match[1], text) if found else text
    found += [one for one in sentences(plain) if not any(_is_in(one, other) for other in found)]
    return [one for one in dict.fromkeys(found) if one.says_something]


_ESCAPED = re.compile(r'\\+(["/nr])')
"""In a text within JSON, also in JSON that is a text within JSON."""


def _is_in(sentence: Denial, known: Denial) -> bool:
    """Whether a denial of a document is the one that a sentence of the whole text reports."""
    if not sentence.action:
        asked = {re.split("[.:]", one)[-1] for one in (known.action, known.operation)}
        return sentence.operation.rpartition(".")[2] in asked | {""}
    return sentence.action.lower() == known.action.lower() and sentence.resource in ("", known.resource)


def _documents(text: str) -> Iterator[Any]:
    """The JSON values of a text: the whole of it, the part between its first and last brace, or one a line."""
    if len(text) > _MOST:
        return
    begins, ends = text.find("{"), text.rfind("}")
    for part in (text, text[begins : ends + 1] if 0 <= begins < ends else ""):
        try:
            yield json.loads(part)
        except (ValueError, RecursionError):
            continue
        return
    for line in text.splitlines():
        if line.lstrip().startswith("{"):
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                continue


def _of_document(document: Any) -> Iterator[Denial]:
    """The denials of a JSON value, by its form."""
    if isinstance(document, list):
        for one in document:
            yield from _of_document(one)
        return
    if not isinstance(document, Mapping):
        return
    if isinstance(decoded := document.get("DecodedMessage"), str):
        try:
            document = as_map(json.loads(decoded))
        except (ValueError, RecursionError):
            raise ScopedownError(
                "DecodedMessage is not JSON", remedy="pass the whole output of aws sts decode-authorization-message"
            ) from None
    if "context" in document and "explicitDeny" in document:
        yield _decoded(document)
    elif "eventSource" in document or "eventName" in document:
        yield from _record(document)
    elif "ResourceStatusReason" in document:
        yield from _event(document)
    else:
        inner = [
            document[key]
            for key in ("Records", "Events", "StackEvents", "detail", "CloudTrailEvent")
            if key in document
        ]
        for one in inner:
            yield from _of_document(_as_json(one))
        if not inner:
            yield from sentences(" ".join(str(value) for value in document.values() if isinstance(value, str)))


def _as_json(value: Any) -> Any:
    """CloudTrail's LookupEvents has each record as a text."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value


def _decoded(message: Mapping[str, Any]) -> Denial:
    """The decoded message of EC2 and others."""
    context = as_map(message.get("context"))
    conditions = {
        str(one.get("key")): tuple(
            str(as_map(value).get("value")) for value in as_list(as_map(one.get("values")).get("items"))
        )
        for one in map(as_map, as_list(as_map(context.get("conditions")).get("items")))
    }
    statements = [as_map(one) for one in as_list(as_map(message.get("matchedStatements")).get("items"))]
    explicit = bool(message.get("explicitDeny"))
    return Denial(
        str(as_map(context.get("principal")).get("arn") or ""), str(context.get("action") or ""),
        str(context.get("resource") or ""), None, explicit,
        statement=next((str(one.get("statementId")) for one in statements if one.get("statementId")), ""),
        form="decoded message", context=conditions,
    )  # fmt: skip


def _record(record: Mapping[str, Any]) -> Iterator[Denial]:
    """CloudTrail's record: its message where it has one; else who, and which operation."""
    code = str(record.get("errorCode") or "")
    if not any(one in code for one in _DENIED):
        return
    caller = str(
        as_map(record.get("userIdentity")).get("arn") or as_map(record.get("userIdentity")).get("invokedBy") or ""
    )
    service = str(record.get("eventSource") or "").removesuffix(".amazonaws.com")
    resources = [str(as_map(one).get("ARN")) for one in as_list(record.get("resources")) if as_map(one).get("ARN")]
    said = list(sentences(str(record.get("errorMessage") or "")))
    for one in said:
        resource = one.resource or (resources[0] if resources else "")
        yield replace(one, caller=one.caller or caller, resource=resource, form="CloudTrail record",
                      operation=f"{service}.{record.get('eventName')}")  # fmt: skip
    if not said:
        yield Denial(caller, "", resources[0] if resources else "", operation=f"{service}.{record.get('eventName')}",
                     form="CloudTrail record")  # fmt: skip


def _event(event: Mapping[str, Any]) -> Iterator[Denial]:
    """CloudFormation's event of a resource that failed."""
    for one in sentences(str(event.get("ResourceStatusReason") or "")):
        yield replace(
            one, form="CloudFormation event", logical_id=str(event.get("LogicalResourceId") or ""),
            resource_type=str(event.get("ResourceType") or ""),
        )  # fmt: skip
