"""Whether one statement applies to a request. Sources: reference_policies_elements and its pages."""

from collections.abc import Iterator
from typing import Any

from reference.conditions import conditions_hold, listed
from reference.principals import Caller, not_principal_exempts, principal_names
from reference.variables import resolve_resource, version_has_variables
from reference.wildcards import matches_ignoring_case, pieces_of, resource_arn_matches, split_fields

Document = dict[str, Any]
Statement = dict[str, Any]
Request = dict[str, Any]


def statements_of(document: Document) -> list[Statement]:
    """The statements of a document; a single one may stand without a list."""
    return listed(document["Statement"])


def action_applies(statement: Statement, action: str) -> bool:
    """Action or NotAction: names and prefixes ignore case; NotAction is the complement."""
    if "Action" in statement:
        return any(matches_ignoring_case(pieces_of(pattern), action) for pattern in listed(statement["Action"]))
    return not any(matches_ignoring_case(pieces_of(pattern), action) for pattern in listed(statement["NotAction"]))


def resource_pattern_matches(text: str, request: Request, variables: bool, pads_short_arns: bool) -> bool:
    """One entry of Resource or NotResource against the resource of the request; case-sensitive."""
    if text == "*":
        return True
    pattern = resolve_resource(text, request["context"], variables)
    if pattern is None:  # A variable without a value: this entry matches no resource.
        return False
    fields = len(split_fields(pattern))
    if fields < 6:
        return short_arn_matches(text, request["resource"], pads_short_arns)
    return resource_arn_matches(pattern, request["resource"])


def short_arn_matches(text: str, resource: str, pads: bool) -> bool:
    """A pattern with fewer than six fields.

    Contested: the documentation demands a whole ARN. A star that ends a field runs over colons and so can take the
    fields that are missing. Without such a star the missing fields are taken as stars in policies of the principal,
    and elsewhere nothing is added, so that the entry matches nothing.
    """
    runs_over_colons = any(field.endswith("*") for field in text.split(":"))
    padded = text if runs_over_colons or not pads else text + ":*" * (5 - text.count(":"))
    return resource_arn_matches(pieces_of(padded), resource)


def resource_applies(statement: Statement, request: Request, variables: bool, pads_short_arns: bool) -> bool:
    """Resource or NotResource; a trust policy has neither and is about its own role."""
    if "Resource" in statement:
        return any(
            resource_pattern_matches(text, request, variables, pads_short_arns)
            for text in listed(statement["Resource"])
        )
    if "NotResource" in statement:
        return not any(
            resource_pattern_matches(text, request, variables, pads_short_arns)
            for text in listed(statement["NotResource"])
        )
    return True


def applies_but_for_principal(
    statement: Statement, document: Document, request: Request, pads_short_arns: bool
) -> bool:
    """Action, resource and conditions together."""
    variables = version_has_variables(document)
    return (
        action_applies(statement, request["action"])
        and resource_applies(statement, request, variables, pads_short_arns)
        and conditions_hold(statement.get("Condition", {}), request["context"], variables)
    )


def effects_without_principal(documents: list[Document], request: Request, pads_short_arns: bool = True) -> set[str]:
    """The effects of all applying statements of identity-based policies, boundaries, session policies and SCPs."""
    return {
        statement["Effect"]
        for document in documents
        for statement in statements_of(document)
        if applies_but_for_principal(statement, document, request, pads_short_arns)
    }


def grants_with_principal(
    documents: list[Document], request: Request, caller: Caller, has_boundary: bool
) -> Iterator[tuple[str, str]]:
    """The applying statements of policies with a Principal, as (effect, way in which the caller is named)."""
    for document in documents:
        for statement in statements_of(document):
            if not applies_but_for_principal(statement, document, request, pads_short_arns=False):
                continue
            if "Principal" in statement:
                for way in principal_names(statement["Principal"], caller):
                    yield statement["Effect"], way
            elif "NotPrincipal" in statement and not_principal_applies(statement, caller, has_boundary):
                yield statement["Effect"], "everyone"


def not_principal_applies(statement: Statement, caller: Caller, has_boundary: bool) -> bool:
    """NotPrincipal applies to all that it does not list.

    With Deny it always applies to a user or role with a permissions boundary, listed or not.
    With Allow (D23 only; no longer supported) it applies to everyone not named in any way, anonymous callers too.
    """
    if statement["Effect"] == "Deny":
        return has_boundary or not not_principal_exempts(statement["NotPrincipal"], caller)
    return not principal_names(statement["NotPrincipal"], caller)
