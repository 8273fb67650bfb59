"""Resource control policies that keep a perimeter: all but some principals, or all but some sources, are denied.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import Condition, PolicyDocument

OF_PRINCIPALS = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount")
OF_SOURCES = ("aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceaccount", "aws:sourcearn")


def perimeter(document: PolicyDocument, keys: tuple[str, ...], *related: str) -> Iterator[Condition]:
    """The negated conditions of a resource control policy on one of some keys, in statements without a related key."""
    for statement in document.statements if document.kind is Kind.RCP else ():
        if statement.effect == "Deny" and not statement.condition_on(*related):
            yield from (one for one in statement.condition_on(*keys) if one.negated)


def conditions_with(document: PolicyDocument, condition: Condition) -> tuple[Condition, ...]:
    """All conditions of the statement that a condition is of."""
    return next(one.conditions for one in document.statements if condition in one.conditions)
