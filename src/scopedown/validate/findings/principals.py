"""How principals are written.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import Statement
from scopedown.validate.finders import finding, findings, statements
from scopedown.validate.values import Found, is_known

_OF_AWS = re.compile(
    r"\*|[0-9]{12}|arn:[^:]+:(iam|sts)::[^:]*:(root|(user|role|group|assumed-role|federated-user)/.+)|A[A-Z]{2}A[A-Z0-9]{12,}"
)
_WITH_PRINCIPAL = [kind for kind in Kind if kind.has_principal]


@finding(statements(*_WITH_PRINCIPAL))
def invalid_principal_format(statement: Statement) -> Iterator[Found]:
    for type, principal in statement.principals:
        text = principal.shown
        if not is_known(text) or "${" in text or set(text) & set("*?"):
            continue
        if type == "":
            yield principal.found(f"the principal {text} has no type; write it in an object")
        elif type == "AWS" and not _OF_AWS.fullmatch(text):
            yield principal.found(f"{text} is not an account, nor an ARN of IAM or STS")


@finding(statements(*_WITH_PRINCIPAL))
def invalid_principal_key(statement: Statement) -> Iterator[Found]:
    for element in statement.elements("Principal", "NotPrincipal"):
        for member in element.value.members or ():
            if is_known(member.key) and member.key not in ("AWS", "Service", "Federated", "CanonicalUser"):
                yield member.found(f"AWS has no type of principal {member.key}")


@findings(
    statements(*_WITH_PRINCIPAL),
    {"INVALID_ROLE_REFERENCE": ("AROA", "a role"), "INVALID_USER_REFERENCE": ("AIDA", "a user")},
)
def _unique_id(statement: Statement, row: tuple[str, str]) -> Iterator[Found]:
    begins, what = row
    for type, principal in statement.principals:
        if type == "AWS" and re.fullmatch(f"{begins}[A-Z0-9]{{12,}}", principal.shown):
            yield principal.found(f"{principal.text} is the unique ID of {what}")


@finding(statements(Kind.RESOURCE, Kind.TRUST, Kind.VPCE))
def unsupported_wildcard_in_principal(statement: Statement) -> Iterator[Found]:
    for type, principal in statement.principals:
        text = principal.shown
        whole = text == "*" and type in ("", "AWS")
        if set(text) & set("*?") and not whole and "${" not in text:
            yield principal.found(f"the principal {text} has a wildcard")


@finding(statements(Kind.RESOURCE, Kind.VPCE))
def federated_principal_not_supported(statement: Statement) -> Iterator[Found]:
    for type, principal in statement.principals:
        if type == "Federated":
            yield principal.found(f"{statement.document.words} cannot name the identity provider {principal.text}")


@finding(statements(Kind.RESOURCE, Kind.VPCE))
def allow_with_not_principal(statement: Statement) -> Iterator[Found]:
    for member in statement.members("NotPrincipal") if statement.allows else ():
        yield member.found("the statement allows everyone who is not listed", str(statement.number))


@finding(statements(Kind.RCP))
def rcp_syntax_error_principal(statement: Statement) -> Iterator[Found]:
    only_everyone = statement.everyone and len(statement.principals_of("Principal")) == 1
    for member in statement.members("Principal", "NotPrincipal"):
        if member.key == "NotPrincipal" or not only_everyone:
            yield member.found("the principal of a resource control policy is *")
