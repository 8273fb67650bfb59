"""What one row allows for one subject: its ARNs and conditions, with the reasons why a part of them is open.

The condition cell of a row is ``[Operator ]key=value``, joined by ``;``. Several values are separated by commas; a
value may be an ARN template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scopedown.deploy.arn_formats import EVERYTHING, PASS_ROLE
from scopedown.deploy.arns import fill
from scopedown.deploy.model import Conditions
from scopedown.deploy.names import Namer
from scopedown.project.model import DeclaredResource

OPERATOR = "StringEquals"


def split_condition(cell: str) -> list[tuple[str, str, str]]:
    """(operator, key, value template) of each condition in a cell.

    >>> split_condition("iam:PassedToService=lambda.amazonaws.com")
    [('StringEquals', 'iam:PassedToService', 'lambda.amazonaws.com')]
    """
    found = []
    for one in filter(None, (item.strip() for item in cell.split(";"))):
        left, _, value = one.partition("=")
        operator, _, key = left.rpartition(" ")
        found.append((operator or OPERATOR, key, value))
    return found


def conditions_of(cell: str, resource: DeclaredResource, namer: Namer) -> Conditions:
    """IAM's conditions of a cell. One whose value is not known at all is left out: it would say nothing."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for operator, key, template in split_condition(cell):
        values = tuple(dict.fromkeys(value for part in template.split(",") for value in fill(part, resource, namer)))
        if values and values != ("*",):
            found.setdefault(operator, {})[key] = values
    return found


_NAME = re.compile(r"[\w+=.@-]+(?:\*?-[\w*-]*)?")
"""A name, or the pattern of one that CloudFormation makes."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """ARNs (none where the templates lack a property), conditions, and why they are wider than one resource."""

    arns: tuple[str, ...]
    conditions: Conditions
    reasons: tuple[str, ...]


def allowed(action: str, resource: str, condition: str, subject: DeclaredResource, namer: Namer) -> Allowed:
    """What a row with these cells allows for a resource of the template, or for a project's settings."""
    seen = len(namer.told)
    arns = tuple(dict.fromkeys(arn for part in resource.split() for arn in _filled(part, action, subject, namer)))
    conditions = conditions_of(condition, subject, namer)
    return Allowed(arns, conditions, tuple(dict.fromkeys(namer.told[seen:])))


def _filled(template: str, action: str, subject: DeclaredResource, namer: Namer) -> Iterator[str]:
    """A template's ARNs, each such that IAM takes it.

    One of which nothing is known is narrowed to what the action acts on, in any account: what exists outside of the
    template (a layer, a key, a listener) may be another account's; a role may not. A bare name, as some properties take
    beside an ARN, is put into what the action acts on.
    """
    for arn in fill(template, subject, namer):
        if arn.startswith("arn:") or template == EVERYTHING:
            yield arn
            continue
        account = namer.target.account if action == PASS_ROLE or arn != EVERYTHING else EVERYTHING
        is_name = _NAME.fullmatch(arn) is not None
        if not is_name and arn != EVERYTHING:
            namer.told.append(f"{arn} is not an ARN")
        yield from namer.formats.patterns(action, namer.target, account, arn if is_name else EVERYTHING)
