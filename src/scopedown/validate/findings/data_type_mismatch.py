"""An element has a value of a wrong JSON type."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument, Statement
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import Member, Value, is_known

_TEXTS = ("Version", "Id", "Sid", "Effect")
_LISTS = ("Action", "NotAction", "Resource", "NotResource")


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    root = document.root
    if root is not None and root.members is None:
        yield Found("a policy is a JSON object", root.place, "policy")
    for member in (root.members if root is not None else None) or ():
        yield from _element(member)
    for statement in document.statements:
        for member in statement.value.members or ():
            yield from _element(member)
        yield from _conditions(statement)


def _element(member: Member) -> Iterator[Found]:
    """An element whose value has another type than AWS has for it."""
    value, name = member.value, member.key
    if name in _TEXTS and value.text is None:
        yield Found(f"{name} is a text", value.place, name)
    if name in _LISTS and not _is_texts(value):
        yield Found(f"{name} is a text or a list of texts", value.place, name)
    if name == "Statement":
        yield from _statements(value)
    if name in ("Principal", "NotPrincipal"):
        if value.members is None and value.text is None:
            yield Found(f"{name} is an object of lists, or *", value.place, name)
        for one in value.members or ():
            if not _is_texts(one.value):
                yield Found(f"{name}.{one.key} is a text or a list of texts", one.value.place, f"{name}.{one.key}")
    if name == "Condition" and value.members is None:
        yield Found("Condition is an object of operators", value.place, name)


def _statements(value: Value) -> Iterator[Found]:
    if value.members is None and value.items is None and not _is_open(value):
        yield Found("Statement is a list of objects", value.place, "Statement")
    for item in value.items or ():
        if item.members is None and not _is_open(item):
            yield Found("a statement is an object", item.place, "Statement")


def _conditions(statement: Statement) -> Iterator[Found]:
    node = statement.get("Condition")
    for operator in (node.members if node is not None else None) or ():
        if operator.value.members is None:
            what = f"Condition.{operator.key}"
            yield Found(f"{what} is an object of condition keys", operator.value.place, what)
    for condition in statement.conditions:
        for value in condition.member.value.listed:
            if value.scalar is None:
                what = f"a value of {condition.key}"
                yield Found(f"{what} is a text, a number, true or false", value.place, what)


def _is_texts(value: Value) -> bool:
    return all(item.text is not None for item in value.listed)


def _is_open(value: Value) -> bool:
    return value.text is not None and not is_known(value.text)


CHECK = Check(
    code="DATA_TYPE_MISMATCH",
    type=Type.ERROR,
    summary="An element has a value of a wrong JSON type.",
    explanation="Each element of a policy has one JSON type: texts for Version, Sid and Effect, a text or a list of "
    "texts for actions and resources, an object for Condition. AWS rejects another type.",
    remedy="Write the value in the type that the element has.",
    bad=Example(
        '{"Version": 20121017, "Statement": [\n  {"Effect": "Allow", "Action": "s3:GetObject", '
        '"Resource": "arn:aws:s3:::reports/*"}\n]}'
    ),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}')),
    find=find,
)
