"""Condition keys: which there are, and in which statements they mean something.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (global keys) and
https://docs.aws.amazon.com/service-authorization/latest/reference/ (the keys of each service, with their types)
"""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.arns import arns_of
from scopedown.validate.document import Condition, PolicyDocument, Statement
from scopedown.validate.facts import global_keys
from scopedown.validate.finders import conditions, conditions_on, documents, finding, statements
from scopedown.validate.names import did_you_mean, nearest
from scopedown.validate.values import Found, is_known

_PAIRS = {
    "aws:VpcSourceIp": ("aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn"),
    "aws:Ec2InstanceSourcePrivateIPv4": ("aws:Ec2InstanceSourceVpc",),
}


@finding(conditions())
def invalid_condition_key_format(condition: Condition) -> Iterator[Found]:
    prefix, colon, name = condition.key.partition(":")
    if is_known(condition.key) and not (prefix and colon and name):
        yield condition.found(f"{condition.key!r} is not a condition key")


@finding(conditions())
def invalid_global_condition_key(condition: Condition) -> Iterator[Found]:
    lower = condition.lower
    if lower.startswith("aws:") and is_known(lower) and not _exists(condition):
        near = nearest(lower, global_keys())
        yield condition.found(f"{condition.key} does not exist{did_you_mean(near and global_keys()[near].key)}")


@finding(conditions())
def invalid_service_condition_key(condition: Condition) -> Iterator[Found]:
    lower = condition.lower
    prefix, _, name = lower.partition(":")
    ours = name and is_known(lower) and prefix not in ("aws", "saml") and not set(prefix) & set("./")
    if ours and prefix in condition.statement.facts.key_prefixes and not _exists(condition):
        yield condition.found(f"{condition.key} is not a condition key of {prefix}")


def _exists(condition: Condition) -> bool:
    """Whether AWS lists a key, or a key that takes a name for it."""
    key_type = condition.statement.facts.key_type
    return key_type(condition.lower) is not None or key_type(condition.lower.rstrip("/") + "/x") is not None


@finding(statements())
def invalid_service(statement: Statement) -> Iterator[Found]:
    for arn in arns_of(statement):
        service = arn.service
        if service == service.lower() and arn.is_literal(service) and service not in statement.facts.arn_services:
            yield arn.found(f"{arn.text}: AWS has no service {service or 'with an empty name'}")
    for condition in statement.conditions:
        prefix, _, name = condition.lower.partition(":")
        of_service = prefix and name and is_known(condition.key) and not set(prefix) & set("./")
        if of_service and prefix not in statement.facts.key_prefixes:
            yield condition.found(f"{condition.key}: AWS has no service {prefix}")


@finding(conditions())
def missing_tag_key_in_condition(condition: Condition) -> Iterator[Found]:
    lower, key_type = condition.lower, condition.statement.facts.key_type
    bare = lower.rstrip("/")
    if lower == "aws:tagkeys" or not is_known(lower) or "/" in bare or key_type(f"{bare}/x") is None:
        return
    lacks_name = bare not in global_keys() and (f"{bare}/" in global_keys() or key_type(bare) is None)
    if bare != lower or lacks_name:
        yield condition.found(f"{condition.key} does not name a tag")


@finding(documents())
def duplicate_keys_with_different_case(document: PolicyDocument) -> Iterator[Found]:
    for statement in document.statements:
        for operator in statement.operators:
            seen: dict[str, str] = {}
            for member in operator.value.members or ():
                before = seen.setdefault(member.key.lower(), member.key)
                if before != member.key:
                    yield member.found(f"{member.key} and {before} are the same condition key")


@finding(conditions_on("aws:ARN"))
def unsupported_global_condition_key(condition: Condition) -> Iterator[Found]:
    if condition.statement.document.kind.has_principal:
        yield condition.found("aws:ARN is not supported here")


@finding(conditions())
def deprecated_global_condition_key(condition: Condition) -> Iterator[Found]:
    known = global_keys().get(condition.lower)
    if known is not None and known.deprecated and not condition.statement.document.kind.has_principal:
        yield condition.found(f"{condition.key} is deprecated")


@finding(conditions_on("s3:ResourceAccount"))
def irrelevant_condition_key_in_policy(condition: Condition) -> Iterator[Found]:
    document = condition.statement.document
    of_s3 = document.resource_type in ("AWS::S3::Bucket", "AWS::S3::AccessPoint")
    if document.kind is Kind.RESOURCE and of_s3:
        yield condition.found(f"{condition.key} says nothing in {document.words}")


@finding(statements())
def missing_paired_condition_keys(statement: Statement) -> Iterator[Found]:
    for key, pairs in _PAIRS.items():
        for condition in statement.condition_on(key) if not statement.condition_on(*pairs) else ():
            if statement.allows != condition.negated:
                yield condition.found(f"{condition.key} is used without {' or '.join(pairs)}")
