"""The condition cell of table rows: ``[Operator ]key=value``, joined by ``;``.

Several values are separated by commas; a value may be an ARN template.
"""

from __future__ import annotations

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
