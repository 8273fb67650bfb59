"""A setting of the function whose permissions its role does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule
from scopedown.checks.rule_parts import allowing
from scopedown.compare.denial import denied
from scopedown.compare.statement import Need
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.permissions.model import ConfigSource, Origin

_NUMBER = re.compile(r"\[\d+\]")
"""Which of the function's events it is: that changes where another one is put before it."""
_NOT_ASKED = (
    "dynamodb:ListStreams",
    "kinesis:ListStreams",
    "ec2:AssignPrivateIpAddresses",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
"""The framework's own roles allow the first two on the stream, where they have no effect; its streams work all the
same. Lambda's documentation lists the others beside the three that it refuses a function in a VPC without (unverified:
roles from before they were listed serve on)."""

_TELEMETRY = "xray:PutTelemetryRecords"
"""X-Ray's daemon says with it how it fares itself; Lambda refuses tracing without ``xray:PutTraceSegments`` alone
(unverified: its message names no other)."""


OWN_KEY = "kmsKeyArn"
"""The setting of the key that encrypts a function's environment."""


def find(subject: Subject) -> Iterator[Problem]:
    """Settings (X-Ray, destinations, a VPC, event sources) that no statement covers; not logs, and not the function's
    own key, which is looked at by ``key-by-grant``."""
    for function, setting, needs in lost_settings(subject):
        if setting == OWN_KEY or all(need.permission.action == _TELEMETRY for need in needs):
            continue
        actions = ", ".join(dict.fromkeys(need.permission.action for need in needs))
        yield problem(RULE, subject, function, setting, needs, (
            f"{function} has {setting} and its role does not allow what that needs: {actions}"
            f" (for example {needs[0].permission.action} on {denied(subject, needs[0])})"
        ))  # fmt: skip


def lost_settings(subject: Subject) -> Iterator[tuple[str, str, list[Need]]]:
    """The needs of settings that no statement covers, by the function's key and the setting."""
    lost: dict[tuple[str, str], list[Need]] = {}
    for need in subject.needs:
        action = need.permission.action
        asked = not action.startswith("logs:") and action not in _NOT_ASKED
        if need.permission.origin is Origin.CONFIG and asked and denied(subject, need):
            lost.setdefault((need.function.function.key, _setting(need)), []).append(need)
    for (function, setting), needs in lost.items():
        yield function, setting, needs


def problem(rule: Rule, subject: Subject, function: str, setting: str, needs: list[Need], message: str) -> Problem:
    """A problem about what a setting of a function needs."""
    sources = [source for need in needs for source in need.permission.because if isinstance(source, ConfigSource)]
    what = ", ".join(sorted({f"{need.permission.action} on {need.arn}" for need in needs}))
    place = sources[0].place if sources else needs[0].function.function.place
    about = f"{function} {_NUMBER.sub('', setting)} {what}"
    return Problem(rule.id, message, place, subject.role.id, (function,), about, (), allowing(needs))


def _setting(need: Need) -> str:
    return next((source.setting for source in need.permission.because if isinstance(source, ConfigSource)), "a setting")


RULE = Rule(
    id="SD102",
    name="lost-setting",
    severity=Severity.ERROR,
    summary="A function's setting needs permissions that its role does not have.",
    explanation="The framework adds what X-Ray, destinations, dead letter queues, VPCs and event sources "
    "need to the role that it generates. A custom role does not get these permissions. "
    "serverless-iam-roles-per-function adds only those for logs, streams, queues and SNS dead letters. The deployment "
    "fails, or the setting has no effect.",
    remedy="Add the statements to the role.",
    bad=Example(
        "service: s\nplugins: [serverless-iam-roles-per-function]\n"
        "provider: {name: aws, runtime: python3.12, tracing: {lambda: true}}\n"
        "functions: {f: {handler: app.f, iamRoleStatements: []}}\n",
    ),
    good=Example(
        "service: s\nprovider: {name: aws, runtime: python3.12, tracing: {lambda: true}}\n"
        "functions: {f: {handler: app.f}}\n",
    ),
    find=find,
    tells=lambda subject: subject.complete,
    gate="missing",
)
