"""The entries of Action and NotAction.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/ (the actions, and the condition keys that
each sets) and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.iam.services import RCP_SERVICES
from scopedown.validate.arns import arns_of
from scopedown.validate.document import IAM_KINDS, Condition, Statement
from scopedown.validate.facts import global_keys, resource_kinds
from scopedown.validate.finders import conditions, finding, statements
from scopedown.validate.names import did_you_mean, near_action, nearest, wrong_action
from scopedown.validate.redundant import covered
from scopedown.validate.values import Found, Value


@finding(statements())
def invalid_action(statement: Statement) -> Iterator[Found]:
    for entry in statement.all_actions:
        action = entry.shown
        if "${" in action or action == "*":
            continue
        if ":" not in action or action.endswith(":"):
            yield entry.found(f"{action} is not an action, which is written service:Name")
            continue
        known = statement.facts.names_of(action.partition(":")[0].lower())
        if wrong_action(known, action)[1] == "INVALID_ACTION":
            yield entry.found(f"{action} does not exist{did_you_mean(near_action(known, action))}")


@finding(statements())
def invalid_service_in_action(statement: Statement) -> Iterator[Found]:
    for entry in statement.all_actions:
        action = entry.shown
        prefix = action.partition(":")[0]
        known = statement.facts.names_of(prefix.lower())
        if "${" not in action and wrong_action(known, action)[1] == "INVALID_SERVICE_IN_ACTION":
            near = nearest(prefix.lower(), statement.facts.prefixes, 0.85)
            yield entry.found(f"{action}: AWS has no service {prefix}{did_you_mean(near)}")


@finding(statements())
def wildcard_in_service_name(statement: Statement) -> Iterator[Found]:
    for arn in arns_of(statement):
        named = arn.text.split(":", 3)
        if len(named) == 4 and set(named[2]) & set("*?") and "${" not in named[2]:
            yield arn.found(f"{arn.text} has a wildcard in its service")
    if statement.document.kind is not Kind.SCP:
        yield from _wildcard_services(statement)


@finding(statements(Kind.SCP))
def scp_syntax_error_action_wildcard(statement: Statement) -> Iterator[Found]:
    yield from _wildcard_services(statement)


def _wildcard_services(statement: Statement) -> Iterator[Found]:
    for entry in statement.all_actions:
        service, colon, _ = entry.shown.partition(":")
        if colon and set(service) & set("*?"):
            yield entry.found(f"{entry.text} has a wildcard in its service")


@finding(statements(Kind.RCP))
def rcp_syntax_error_action(statement: Statement) -> Iterator[Found]:
    for entry in statement.actions:
        prefix = _prefix(statement, entry)
        if entry.text == "*":
            yield entry.found("a resource control policy names services in its actions")
        elif prefix and prefix not in RCP_SERVICES:
            yield entry.found(f"{entry.shown.partition(':')[0]} does not support resource control policies")


@finding(statements())
def unsupported_action_in_policy(statement: Statement) -> Iterator[Found]:
    kind = resource_kinds().get(statement.document.resource_type)
    for entry in statement.all_actions if kind is not None and "*" not in kind.actions else ():
        prefix = _prefix(statement, entry)
        if kind is not None and prefix and prefix not in kind.actions:
            yield entry.found(f"{entry.text} is not an action for the policy of {statement.document.resource_type}")


def _prefix(statement: Statement, entry: Value) -> str:
    """The service of an entry, in lower case; empty where AWS has no such service."""
    prefix, colon, _ = entry.shown.lower().partition(":")
    return prefix if colon and prefix in statement.facts.prefixes else ""


@finding(statements())
def redundant_action(statement: Statement) -> Iterator[Found]:
    for entries in (statement.actions, statement.not_actions):
        for at, other in covered([entry.shown.lower() for entry in entries]):
            yield entries[at].found(f"{entries[at].text} is already in {entries[other].text}")


@finding(conditions())
def unsupported_action_for_condition_key(condition: Condition) -> Iterator[Found]:
    if _is_of_service(condition):
        for entry in condition.statement.actions:
            if _lacks(condition, entry):
                message = f"{entry.text} does not set {condition.key}"
                yield entry.found(message, f"{entry.text} {condition.key}")


@finding(conditions())
def dynamodb_wrong_condition_for_action(condition: Condition) -> Iterator[Found]:
    if condition.lower.startswith("dynamodb:") and not condition.if_exists and condition.family != "Null":
        for entry in condition.statement.actions:
            action = entry.shown.lower()
            of_scan = action == "dynamodb:scan" and condition.lower == "dynamodb:leadingkeys"
            if not of_scan and _lacks(condition, entry):
                yield entry.found(f"{entry.text} does not set {condition.key}", f"{action} {condition.key}")


def _lacks(condition: Condition, entry: Value) -> bool:
    """Whether an entry is one action, which exists and does not set the key of a condition."""
    action, facts = entry.shown, condition.statement.facts
    exists = not set(action) & set("*?") and facts.actions_like(action.lower())
    return bool(exists) and not facts.sets(action, condition.lower)


def _is_of_service(condition: Condition) -> bool:
    """Whether a key exists that services list for their actions, and its condition needs it to be there.

    Global keys are left out, but for those of the tags of a request, which actions list too; the DynamoDB keys have
    findings that are about them alone.
    """
    lower = condition.lower
    if condition.if_exists or condition.family in ("", "Null") or lower.startswith("dynamodb:"):
        return False
    if lower.startswith("aws:requesttag/") or lower == "aws:tagkeys":
        in_iam = condition.statement.document.kind in IAM_KINDS
        return in_iam and not condition.negated and condition.qualifier != "ForAllValues"
    key = lower.partition("/")[0]
    listed = lower not in global_keys() and f"{key}/" not in global_keys() and not lower.startswith(("sts:", "saml:"))
    return listed and condition.type != ""
