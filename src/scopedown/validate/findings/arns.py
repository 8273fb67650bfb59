"""The entries of Resource and NotResource.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html; the service reference says which forms the
ARNs of a service's resources have (https://docs.aws.amazon.com/service-authorization/latest/reference/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.iam.language import is_token
from scopedown.validate.arns import arn_of, arns_of, forms, overlap
from scopedown.validate.document import Statement
from scopedown.validate.facts import Facts, regions, resource_kinds
from scopedown.validate.finders import finding, findings, statements
from scopedown.validate.names import wrong_beginning
from scopedown.validate.redundant import covered
from scopedown.validate.values import Found, Value

_PSEUDO = re.compile(r"\$\{AWS::\w+\}")
"""A pseudo parameter of CloudFormation, which is text where no function replaces it."""
_POLICY_VARIABLE = re.compile(r"\$\{(?!AWS::)[^}]*\}")
_FIELDS = {"Region": 3, "account": 4}
"""The fields that not every ARN has → their place in a form."""


@findings(
    statements(),
    {
        code: code
        for code in (
            "INVALID_ARN_ACCOUNT", "INVALID_ARN_PREFIX", "INVALID_ARN_SERVICE_CASE", "INVALID_PARTITION",
            "MISSING_ARN_FIELD",
        )
    },
)  # fmt: skip
def _beginning(statement: Statement, wanted: str) -> Iterator[Found]:
    for value in statement.resources:
        text = value.shown
        written = _POLICY_VARIABLE.sub("*", text)
        known = next((written[:at] for at, char in enumerate(written) if is_token(char)), written)
        wrong, code = wrong_beginning(known, known == written)
        if code == wanted and not (code == "INVALID_ARN_ACCOUNT" and _has_such_account(value, statement.facts)):
            pseudo = _PSEUDO.search(text) if code == "INVALID_ARN_ACCOUNT" else None
            yield value.found(f"{text}: {f'{pseudo[0]} is not replaced without Fn::Sub' if pseudo else wrong}")


def _has_such_account(value: Value, facts: Facts) -> bool:
    """Whether a form of the service's resources has the text that an ARN has for an account, such as ``cloudfront``."""
    arn = arn_of(value.shown, value.place)
    return (
        arn is not None
        and arn.account != "*"
        and any(form[4] == arn.account for form in facts.formats.get(arn.service, ()))
    )


@findings(statements(), {"MISSING_ARN_REGION": "Region", "MISSING_ARN_ACCOUNT": "account"})
def _missing(statement: Statement, field: str) -> Iterator[Found]:
    for arn in arns_of(statement):
        found = forms(arn, statement.facts) if not getattr(arn, field.lower()) else ()
        if found and all(form[_FIELDS[field]] for form in found):
            yield arn.found(f"{arn.text} has no {field}, and such an ARN of {arn.service} has one")


@findings(statements(), {"ARN_REGION_NOT_ALLOWED": "Region", "ARN_ACCOUNT_NOT_ALLOWED": "account"})
def _not_allowed(statement: Statement, field: str) -> Iterator[Found]:
    for arn in arns_of(statement):
        written = arn.account.isdigit() if field == "account" else arn.region and arn.is_literal(arn.region)
        found = forms(arn, statement.facts) if written else ()
        if found and not any(form[_FIELDS[field]] for form in found):
            article = "an" if field == "account" else "a"
            yield arn.found(f"{arn.text} has {article} {field}, and such an ARN of {arn.service} has none")


@finding(statements())
def invalid_arn_region(statement: Statement) -> Iterator[Found]:
    for arn in arns_of(statement):
        found = forms(arn, statement.facts) or ()
        if found and not any(form[3] for form in found):
            continue  # it has no Region: ARN_REGION_NOT_ALLOWED
        named = any(overlap(arn.region, region) for region in regions()) or any(form[3] == arn.region for form in found)
        if arn.region and not named:
            yield arn.found(f"{arn.text}: AWS has no Region {arn.region}")


@finding(statements())
def invalid_arn_resource(statement: Statement) -> Iterator[Found]:
    for arn in arns_of(statement):
        if forms(arn, statement.facts) == () and arn.resource:
            example = min((form[5] for form in statement.facts.formats[arn.service]), key=len)
            yield arn.found(f"{arn.text} has no form of a resource of {arn.service}, such as {example}")


@finding(statements())
def unsupported_resource_arn_in_policy(statement: Statement) -> Iterator[Found]:
    kind = resource_kinds().get(statement.document.resource_type)
    for arn in arns_of(statement) if kind is not None and kind.arns and "*" not in kind.arns else ():
        if kind is not None and arn.service in statement.facts.arn_services and arn.service not in kind.arns:
            yield arn.found(f"{arn.text} is not a resource for the policy of {statement.document.resource_type}")


@finding(statements())
def redundant_resource(statement: Statement) -> Iterator[Found]:
    for element in ("Resource", "NotResource"):
        entries = statement.texts(element)
        for at, other in covered([entry.shown for entry in entries]):
            yield entries[at].found(f"{entries[at].text} is already in {entries[other].text}")
