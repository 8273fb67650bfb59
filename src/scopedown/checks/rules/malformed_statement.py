"""A statement that IAM refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.iam.errors import PolicyError


def find(subject: Subject) -> Iterator[Problem]:
    """The project's own statements that are no statements of an identity's policy."""
    for one in subject.declared:
        error = one.refusal
        if one.statement.added_by == "project" and error is not None:
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
    (r"Action$", r".* has a wildcard in its service", "WILDCARD_IN_SERVICE_NAME"),
    (r"Condition$", r".*operator", "INVALID_CONDITION_OPERATOR"),
    (r"Sid$", r"may have only", "UNSUPPORTED_SID"),
)
"""How a refusal's path ends and its sentence begins, with IAM Access Analyzer's code for it."""


def _codes(written: Mapping[str, object], error: PolicyError) -> tuple[str, ...]:
    for path, sentence, code in _CODES:
        if re.search(path, error.path) and re.match(sentence, error.reason):
            is_list = isinstance(written.get(error.path.rpartition(".")[2]), list | tuple)
            return (code,) if is_list or not code.startswith("EMPTY_ARRAY") else ()
    return ()


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: [{Effect: EFFECT, "
    "Action: 'sqs:ListQueues', Resource: '*'}]}}\nfunctions: {f: {handler: app.f}}\n"
)
RULE = Rule(
    id="SD402",
    name="malformed-statement",
    severity=Severity.ERROR,
    summary="A statement does not follow the grammar of IAM policies.",
    explanation="IAM rejects such a policy with MalformedPolicyDocument, and the deployment is rolled back.",
    remedy="Correct the statement: Effect is Allow or Deny, actions are service:Name, resources are ARNs or *, and "
    "condition operators are known ones.",
    bad=Example(_SERVICE.replace("EFFECT", "allow")),
    good=Example(_SERVICE.replace("EFFECT", "Allow")),
    find=find,
    codes=(
        "INVALID_EFFECT", "MISSING_EFFECT", "MISSING_ACTION", "MISSING_RESOURCE", "INVALID_POLICY_ELEMENT",
        "INVALID_CONDITION_OPERATOR", "UNSUPPORTED_PRINCIPAL", "UNSUPPORTED_ELEMENT_COMBINATION",
        "WILDCARD_IN_SERVICE_NAME", "UNSUPPORTED_SID", "EMPTY_ARRAY_ACTION", "EMPTY_ARRAY_RESOURCE",
    ),
)  # fmt: skip
