"""The document, its elements and its size.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.iam.size import LIMITS, Quota
from scopedown.validate.document import IAM_KINDS, PolicyDocument, Statement
from scopedown.validate.facts import resource_kinds
from scopedown.validate.finders import documents, finding, findings, statements
from scopedown.validate.names import did_you_mean, nearest
from scopedown.validate.redundant import same
from scopedown.validate.values import Found, Member, Value, is_known

_OF_POLICY = ("Version", "Id", "Statement")
_TEXTS = ("Version", "Id", "Sid", "Effect")
_LISTS = ("Action", "NotAction", "Resource", "NotResource")
_PRINCIPALS = ("Principal", "NotPrincipal")
_OF_STATEMENT = ("Sid", "Effect", *_PRINCIPALS, *_LISTS, "Condition")


@finding(documents())
def json_syntax_error(document: PolicyDocument) -> Iterator[Found]:
    if document.broken:
        yield Found(document.broken, document.place, "syntax")
    if document.root is not None:
        yield from _repeated(document.root)


def _repeated(value: Value) -> Iterator[Found]:
    """Keys that are twice in one object."""
    seen: set[str] = set()
    for member in value.members or ():
        if member.key in seen:
            yield member.found(f"the key {member.key} is written twice in one object")
        seen.add(member.key)
        yield from _repeated(member.value)
    for item in value.items or ():
        yield from _repeated(item)


@finding(documents())
def data_type_mismatch(document: PolicyDocument) -> Iterator[Found]:
    root = document.root
    if root is not None and root.members is None:
        yield root.found("a policy is a JSON object", "policy")
    for member in (root.members if root is not None else None) or ():
        yield from _wrong_type(member)
    for statement in document.statements:
        for member in statement.value.members or ():
            yield from _wrong_type(member)
        for operator in statement.operators:
            if operator.value.members is None:
                what = f"Condition.{operator.key}"
                yield operator.value.found(f"{what} is an object of condition keys", what)
        for condition in statement.conditions:
            for value in condition.member.value.listed:
                if value.scalar is None:
                    what = f"a value of {condition.key}"
                    yield value.found(f"{what} is a text, a number, true or false", what)


def _wrong_type(member: Member) -> Iterator[Found]:
    """An element whose value has another type than AWS has for it."""
    value, name = member.value, member.key
    if name in _TEXTS and value.text is None:
        yield value.found(f"{name} is a text", name)
    if name in _LISTS and not _is_texts(value):
        yield value.found(f"{name} is a text or a list of texts", name)
    if name == "Statement":
        if value.members is None and value.items is None and not _is_open(value):
            yield value.found("Statement is a list of objects", name)
        for item in value.items or ():
            if item.members is None and not _is_open(item):
                yield item.found("a statement is an object", name)
    if name in _PRINCIPALS:
        if value.members is None and value.text is None:
            yield value.found(f"{name} is an object of lists, or *", name)
        for one in value.members or ():
            if not _is_texts(one.value):
                what = f"{name}.{one.key}"
                yield one.value.found(f"{what} is a text or a list of texts", what)
    if name == "Condition" and value.members is None:
        yield value.found("Condition is an object of operators", name)


def _is_texts(value: Value) -> bool:
    return all(item.text is not None for item in value.listed)


def _is_open(value: Value) -> bool:
    return value.text is not None and not is_known(value.text)


@finding(documents())
def invalid_policy_element(document: PolicyDocument) -> Iterator[Found]:
    if document.root is not None:
        yield from _unknown(document.root, _OF_POLICY, "a policy")
    for statement in document.statements:
        yield from _unknown(statement.value, _OF_STATEMENT, "a statement")


def _unknown(value: Value, known: tuple[str, ...], where: str) -> Iterator[Found]:
    """The members of an object that are no element of it."""
    for member in value.members or ():
        if member.key not in known and is_known(member.key):
            hint = did_you_mean(nearest(member.key.capitalize(), known))
            yield member.found(f"{where} has no element {member.key}{hint}")


@finding(documents())
def missing_version(document: PolicyDocument) -> Iterator[Found]:
    root = document.root
    if root is not None and root.members is not None and root.get("Version") is None and not document.fragment:
        yield root.found("the policy has no Version", "Version")


@finding(documents())
def invalid_version(document: PolicyDocument) -> Iterator[Found]:
    version = document.root.get("Version") if document.root is not None else None
    text = (version.text or "") if version is not None else ""
    if version is not None and text and is_known(text) and text not in ("2012-10-17", "2008-10-17"):
        yield version.found(f"the version {text} does not exist")


@finding(documents())
def missing_statement(document: PolicyDocument) -> Iterator[Found]:
    root = document.root
    if root is not None and root.members is not None:
        node = root.get("Statement")
        if node is None or (node.items is not None and not node.items):
            yield (root if node is None else node).found("the policy has no statement", "Statement")


@finding(statements())
def missing_action(statement: Statement) -> Iterator[Found]:
    if not statement.has("Action", "NotAction"):
        yield statement.found("the statement has neither Action nor NotAction")


@finding(statements())
def missing_effect(statement: Statement) -> Iterator[Found]:
    if not statement.has("Effect"):
        yield statement.found("the statement has no Effect")


@finding(statements(Kind.RESOURCE, Kind.TRUST, Kind.RCP, Kind.VPCE))
def missing_principal(statement: Statement) -> Iterator[Found]:
    if not statement.has(*_PRINCIPALS):
        yield statement.found(f"the statement of {statement.document.words} has no Principal")


@finding(statements(*IAM_KINDS, Kind.SCP, Kind.RCP))
def missing_resource(statement: Statement) -> Iterator[Found]:
    if not statement.has("Resource", "NotResource"):
        yield statement.found("the statement has neither Resource nor NotResource")


@finding(statements())
def invalid_effect(statement: Statement) -> Iterator[Found]:
    for member in statement.elements("Effect"):
        if statement.effect and is_known(statement.effect) and statement.effect not in ("Allow", "Deny"):
            yield member.value.found(f"the effect {statement.effect} is neither Allow nor Deny")


@findings(
    statements(),
    {"EMPTY_ARRAY_ACTION": ("Action", "NotAction"), "EMPTY_ARRAY_RESOURCE": ("Resource", "NotResource")},
)
def _empty_array(statement: Statement, elements: tuple[str, ...]) -> Iterator[Found]:
    for member in statement.elements(*elements):
        if member.value.items == ():
            yield member.value.found(f"{member.key} is empty", member.key)


@finding(statements())
def empty_array_principal(statement: Statement) -> Iterator[Found]:
    for element in statement.elements(*_PRINCIPALS):
        for member in element.value.members or ():
            if member.value.items == ():
                what = f"{element.key}.{member.key}"
                yield member.found(f"{what} is empty", what)


@finding(statements())
def empty_object_principal(statement: Statement) -> Iterator[Found]:
    for member in statement.elements(*_PRINCIPALS):
        if member.value.members == ():
            yield member.value.found(f"{member.key} is empty", member.key)


@finding(statements())
def empty_object_condition(statement: Statement) -> Iterator[Found]:
    for member in statement.elements("Condition"):
        if member.value.members == ():
            yield member.value.found("Condition is empty", "Condition")
    for operator in statement.operators:
        if operator.value.members == ():
            yield operator.found(f"{operator.key} has no condition key")


@finding(statements())
def empty_sid_value(statement: Statement) -> Iterator[Found]:
    for member in statement.elements("Sid"):
        if member.value.text == "":
            yield member.value.found("the Sid is empty", str(statement.number))


@finding(statements(*IAM_KINDS, Kind.TRUST))
def unsupported_sid(statement: Statement) -> Iterator[Found]:
    sid = statement.sid
    for member in statement.elements("Sid"):
        if "${" not in sid and is_known(sid) and re.fullmatch("[A-Za-z0-9]*", sid) is None:
            yield member.value.found(f"the Sid {sid} has characters other than letters and digits", sid)


@findings(documents(), {"UNIQUE_SIDS_REQUIRED": True, "UNIQUE_SIDS_RECOMMENDED": False})
def _unique_sids(document: PolicyDocument, in_iam: bool) -> Iterator[Found]:
    seen: set[str] = set()
    for statement in document.statements if document.in_iam is in_iam else ():
        sid = statement.sid
        for member in statement.elements("Sid"):
            if sid in seen and is_known(sid):
                yield member.value.found(f"the Sid {sid} is used twice", sid)
        if sid:
            seen.add(sid)


@finding(statements())
def unsupported_element_combination(statement: Statement) -> Iterator[Found]:
    for element in ("Action", "Resource", "Principal"):
        if statement.has(element) and statement.has(f"Not{element}"):
            yield Found(f"the statement has both {element} and Not{element}", statement.place, element)


@findings(
    statements(),
    {
        "RCP_SYNTAX_ERROR_NOTACTION": ((Kind.RCP,), ("NotAction",)),
        "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL": ((Kind.TRUST,), ("NotPrincipal",)),
        "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE": ((Kind.TRUST,), ("Resource", "NotResource")),
        "SCP_SYNTAX_ERROR_PRINCIPAL": ((Kind.SCP,), _PRINCIPALS),
        "UNSUPPORTED_PRINCIPAL": (IAM_KINDS, _PRINCIPALS),
    },
)
def _not_of_the_kind(statement: Statement, row: tuple[tuple[Kind, ...], tuple[str, ...]]) -> Iterator[Found]:
    kinds, elements = row
    for member in statement.members(*elements) if statement.document.kind in kinds else ():
        about = str(statement.number) if len(elements) == 1 else member.key
        yield member.found(f"{statement.document.words} has no {member.key}", about)


@finding(statements(Kind.RCP))
def rcp_syntax_error_allow(statement: Statement) -> Iterator[Found]:
    if statement.allows:
        yield statement.found("a resource control policy only denies")


@finding(documents())
def redundant_statement(document: PolicyDocument) -> Iterator[Found]:
    seen: dict[str, int] = {}
    for statement in document.statements:
        first = seen.setdefault(same(statement), statement.number)
        if first != statement.number:
            yield statement.found(f"the statement says the same as statement {first + 1}")


@findings(
    documents(),
    {
        "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA": ((Kind.IDENTITY, Kind.BOUNDARY), Quota.MANAGED),
        "POLICY_SIZE_EXCEEDS_RCP_QUOTA": ((Kind.RCP,), Quota.RCP),
        "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA": ((Kind.TRUST,), Quota.TRUST),
        "POLICY_SIZE_EXCEEDS_SCP_QUOTA": ((Kind.SCP,), Quota.SCP),
    },
)
def _policy_size(document: PolicyDocument, row: tuple[tuple[Kind, ...], Quota]) -> Iterator[Found]:
    kinds, limit = row[0], LIMITS[row[1]]
    size = document.length if limit.white_space_counts else document.size
    if document.kind in kinds and size > limit.characters:
        message = f"the policy has {size} characters, and AWS takes {limit.characters} by default"
        yield Found(message, document.place, "size")


_QUOTA_OF_OTHERS = 20_480
"""The quota of most services, and that of resources whose type is not known."""


@finding(documents(Kind.RESOURCE, Kind.VPCE))
def policy_size_exceeds_resource_policy_quota(document: PolicyDocument) -> Iterator[Found]:
    kind = resource_kinds().get(document.resource_type)
    most = (kind.quota if kind is not None else 0) or _QUOTA_OF_OTHERS
    if document.size > most:
        yield Found(f"the policy has {document.size} characters, and the service takes {most}", document.place, "size")
