"""Principals that are services of AWS, and the policies of resources that allow them ("confused deputy").

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html and
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html (resource control
policies that keep a perimeter: all but some principals, or all but some sources, are denied)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import Condition, PolicyDocument, Statement
from scopedown.validate.facts import regions
from scopedown.validate.finders import conditions_on, finding, findings, statements
from scopedown.validate.values import Found, is_known

_SUFFIX = r"(amazonaws\.com(\.cn)?|amazonaws\.eu|amazon\.com|aws\.internal|aws\.com|c2s\.ic\.gov|sc2s\.sgov\.gov)"
_SERVICE = re.compile(r"([a-z0-9-]+\.)+" + _SUFFIX)
_VIA = re.compile(r"[a-z0-9-]+\.(" + "|".join(regions()) + r")\.amazonaws\.com(\.cn)?")
_KEYS_OF_SERVICES = (
    "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", "iam:PassedToService", "iam:AWSServiceName",
    "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "organizations:ServicePrincipal", "kms:ViaService",
)  # fmt: skip
_KEYS_OF_PRINCIPALS = (
    "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalTag/", "aws:PrincipalType", "aws:userid",
    "aws:username",
)  # fmt: skip
"""Keys of which AWS says that requests of service principals do not have them."""
_SOURCE = (
    "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner",
    "kms:calleraccount", "kms:viaservice",
)  # fmt: skip
"""Keys that say what a service acts for."""
_BY_CALLER = ("aws:Referer", "aws:UserAgent")
_PRINCIPALS = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount")
_SOURCES = ("aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceaccount", "aws:sourcearn")
_SERVICE_KEYS = ("aws:PrincipalIsAWSService", "aws:PrincipalServiceName")


@finding(statements())
def invalid_service_principal_format(statement: Statement) -> Iterator[Found]:
    for condition in statement.condition_on(*_KEYS_OF_SERVICES):
        expected = _VIA if condition.lower == "kms:viaservice" else _SERVICE
        for value in condition.values if condition.family == "String" else ():
            if not set(value.shown) & set("*?$") and not expected.fullmatch(value.shown):
                yield value.found(f"{value.shown} is not a service principal for {condition.key}")
    for type, principal in statement.principals if statement.document.kind.has_principal else ():
        text = principal.shown
        if type == "Service" and is_known(text) and not set(text) & set("*?$") and not _SERVICE.fullmatch(text):
            yield principal.found(f"{text} is not a service principal")


def _serving(document: PolicyDocument) -> Iterator[Statement]:
    """The statements of a resource's policy that allow services, and only services, whatever they act for."""
    for statement in document.statements if document.kind is Kind.RESOURCE else ():
        if statement.allows and statement.services_only and not any(map(_names_source, statement.conditions)):
            yield statement


def _names_source(condition: Condition) -> bool:
    """Whether a condition limits what a service acts for; the encryption context of KMS names the resource too."""
    return condition.lower in _SOURCE or condition.lower.startswith("kms:encryptioncontext")


@finding(_serving)
def restrict_access_to_service_principal(statement: Statement) -> Iterator[Found]:
    for member in statement.elements("Principal") if not statement.condition_on(*_BY_CALLER) else ():
        named = ", ".join(principal.shown for _, principal in statement.principals)
        yield member.value.found(f"{named} is allowed whatever it acts for", named)


@finding(_serving)
def recommended_condition_key_for_service_principal(statement: Statement) -> Iterator[Found]:
    for condition in statement.condition_on(*_BY_CALLER):
        yield condition.found(f"{condition.key} is not what the service acts for")


@finding(conditions_on(*_BY_CALLER))
def untrustworthy_condition_key(condition: Condition) -> Iterator[Found]:
    statement = condition.statement
    if not statement.services_only and statement.allows != condition.negated:
        yield condition.found(f"the caller writes {condition.key}")


@finding(statements(Kind.RESOURCE, Kind.TRUST))
def unsupported_condition_key_for_service_principal(statement: Statement) -> Iterator[Found]:
    for condition in (
        statement.condition_on(*_KEYS_OF_PRINCIPALS) if statement.allows and statement.services_only else ()
    ):
        if not condition.if_exists and not condition.negated and condition.family != "Null":
            yield condition.found(f"{condition.key} is missing in requests of services")


@findings(
    statements(Kind.RCP),
    {
        "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY": (_PRINCIPALS, "services of AWS"),
        "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY": (_SOURCES, "requests that no service makes"),
    },
)
def _missing_related(statement: Statement, row: tuple[tuple[str, ...], str]) -> Iterator[Found]:
    keys, denied = row
    if not statement.condition_on(*_SERVICE_KEYS):
        for condition in _perimeter(statement, keys):
            yield condition.found(f"the condition on {condition.key} also denies {denied}")


@finding(statements(Kind.RCP))
def rcp_missing_service_condition_key_null_check(statement: Statement) -> Iterator[Found]:
    if not any(one.family == "Null" for one in statement.condition_on(*_SOURCES)):
        for condition in _perimeter(statement, _SOURCES):
            message = f"the condition on {condition.key} also denies services that do not name their source"
            yield condition.found(message)


def _perimeter(statement: Statement, keys: tuple[str, ...]) -> Iterator[Condition]:
    """The negated conditions of a denial on one of some keys."""
    return (one for one in statement.condition_on(*keys) if one.negated and statement.effect == "Deny")
