"""A statement that IAM refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scopedown.checks.comparable import texts
from scopedown.checks.model import Example, Problem, Rule
from scopedown.checks.subject import Subject
from scopedown.core.finding import Severity
from scopedown.iam.errors import PolicyError
from scopedown.iam.parse import parse_policy


def find(subject: Subject) -> Iterator[Problem]:
    """The project's own statements that are no statements of an identity's policy."""
    for one in subject.declared:
        written = _settled(one.written)
        if one.statement.added_by != "project" or written is None:
            continue
        try:
            parse_policy({"Version": "2012-10-17", "Statement": written})
        except PolicyError as error:
            yield Problem(
                RULE.id, f"IAM refuses this statement: {error.message}", subject.place_of(one), subject.role.id,
                subject.keys, f"{error.message}: {', '.join(one.actions)}", codes=_codes(one.written, error),
            )  # fmt: skip


_CODES = (
    (r"Action$", "must not be empty", "EMPTY_ARRAY_ACTION"),
    (r"Resource$", "must not be empty", "EMPTY_ARRAY_RESOURCE"),
    (r"", r"Effect is missing", "MISSING_EFFECT"),
    (r"Effect$", r"must be Allow or Deny", "INVALID_EFFECT"),
    (r"", r"Action or NotAction is missing", "MISSING_ACTION"),
    (r"", r"Resource or NotResource is missing", "MISSING_RESOURCE"),
    (r"Principal$", r"is not allowed", "UNSUPPORTED_PRINCIPAL"),
    (r"", r"has both", "UNSUPPORTED_ELEMENT_COMBINATION"),
    (r"", r"unknown element", "INVALID_POLICY_ELEMENT"),
    (r"Action$", r".*the service of an action holds no wildcard", "WILDCARD_IN_SERVICE_NAME"),
    (r"Condition$", r".*operator", "INVALID_CONDITION_OPERATOR"),
    (r"Sid$", r"may only hold", "UNSUPPORTED_SID"),
)
"""How a refusal's path ends and its sentence begins, with IAM Access Analyzer's code for it."""


def _codes(written: Mapping[str, object], error: PolicyError) -> tuple[str, ...]:
    for path, sentence, code in _CODES:
        if re.search(path, error.path) and re.match(sentence, error.reason):
            is_list = isinstance(written.get(error.path.rpartition(".")[2]), list | tuple)
            return (code,) if is_list or not code.startswith("EMPTY_ARRAY") else ()
    return ()


def _settled(written: Mapping[str, object]) -> dict[str, object] | None:
    """A statement as plain text, with a text that IAM takes in place of each value that only a deployment has; None
    where whole elements are open."""
    found: dict[str, object] = {}
    for element, value in written.items():
        if element in ("Action", "NotAction", "Resource", "NotResource"):
            stands_for = "*" if element.endswith("Resource") else "s3:GetObject"
            items = [item if isinstance(item, str) else stands_for for item in texts(value)]  # type: ignore[arg-type]
            found[element] = items if isinstance(value, list | tuple) else (items[0] if items else [])
        elif element == "Condition":
            if (condition := _condition(value)) is None:
                return None
            found[element] = condition
        elif element in ("Effect", "Sid"):
            if not isinstance(value, str):
                return None
            found[element] = value
        else:
            found[element] = "*"
    return found


def _condition(value: object) -> dict[str, object] | None:
    found: dict[str, object] = {}
    for operator, keys in value.items() if isinstance(value, Mapping) else ():
        if operator.startswith("Fn::") or not isinstance(keys, Mapping):
            return None
        if any(key.startswith("Fn::") or not _is_plain(item) for key, item in keys.items()):
            return None
        found[operator] = dict(keys)
    return found


def _is_plain(value: object) -> bool:
    return isinstance(value, str | bool | int) or (
        isinstance(value, list | tuple) and all(isinstance(item, str | bool | int) for item in value)
    )


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: [{Effect: EFFECT, "
    "Action: 'sqs:ListQueues', Resource: '*'}]}}\nfunctions: {f: {handler: app.f}}\n"
)
RULE = Rule(
    id="SD402",
    name="malformed-statement",
    severity=Severity.ERROR,
    summary="A statement does not follow the grammar of IAM policies.",
    explanation="IAM answers such a policy with MalformedPolicyDocument, and the deployment fails and is rolled back.",
    remedy="Write the statement as the grammar has it: an Effect of Allow or Deny, actions as service:Name, resources "
    "as ARNs or *, known condition operators.",
    bad=Example(_SERVICE.replace("EFFECT", "allow"), "def f(event, context): pass\n"),
    good=Example(_SERVICE.replace("EFFECT", "Allow"), "def f(event, context): pass\n"),
    find=find,
    codes=(
        "INVALID_EFFECT", "MISSING_EFFECT", "MISSING_ACTION", "MISSING_RESOURCE", "INVALID_POLICY_ELEMENT",
        "INVALID_CONDITION_OPERATOR", "UNSUPPORTED_PRINCIPAL", "UNSUPPORTED_ELEMENT_COMBINATION",
        "WILDCARD_IN_SERVICE_NAME", "UNSUPPORTED_SID", "EMPTY_ARRAY_ACTION", "EMPTY_ARRAY_RESOURCE",
    ),
)  # fmt: skip
