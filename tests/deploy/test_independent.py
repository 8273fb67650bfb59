"""The rows of types are held against what they were not made from: the ARN formats of the service authorization
reference and what it says an action depends on; twenty types that were worked out from AWS's pages beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.deploy.resources import CUSTOM
from scopedown.deploy.rows import TypeRow, name_rows, not_needed, type_rows

HERE = Path(__file__).parent
BLIND = list(read_rows(HERE / "blind-types.tsv"))
DIFFERENCES = list(read_rows(HERE / "blind-differences.tsv"))
NOT_ASKED = {(row["type"], row["action"]): row["reason"] for row in read_rows(HERE / "dependent_actions.tsv")}


def dependent(type_name: str) -> set[str]:
    """What the rows' actions depend on, beside what rows or ``not_needed.tsv`` name."""
    rows = type_rows()[type_name]
    told = {row.action for row in rows} | {row.action for row in not_needed() if row.type == type_name}
    facts = [catalog().action(row.action) for row in rows]
    return {other for fact in facts if fact is not None for other in fact.dependent_actions} - told


HEAD = {"Partition": "P", "Region": "R", "Account": "A"}
OUTSIDE = (
    "P:apigateway:R::/apis",  # POST and PUT: the reference has no format for what holds the APIs,
    "P:apigateway:R::/domainnames/*",  # nor for the mappings of HTTP APIs,
    "P:apigateway:R::/tags/*",  # nor for POST on tags, which was denied (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/997)
    "P:elasticloadbalancing:R:A:targetgroup/*/*",  # it names load balancers alone for tags
    "P:glue:R:A:registry/*",  # nor registries and schemas for reading tags,
    "P:glue:R:A:schema/*",  # which it has for TagResource
    "P:rds:R:A:cluster:*",  # it names clusters for DeregisterDBProxyTargets, not for RegisterDBProxyTargets
)
"""Patterns that rows have although the reference knows no such format for their action."""


def shapes(row: TypeRow) -> Iterator[str]:
    """The ARNs of a row with ``*`` for what a template fills in; not those that are a value of the template's alone."""
    names, known = name_rows().get(row.type), catalog().cloudformation_type(row.type)
    own = (names.arn if names else "") or re.sub(r"\$(\{\w+\})", r"\1", (known.arn if known else "") or "")
    for one in row.resource.split():
        whole = one.replace("{arn}", own)
        if whole.startswith("arn:"):
            yield re.sub(r"\{(\w+)[^{}]*\}", lambda match: HEAD.get(match[1], "*"), re.sub(r"\{[^{}\w]", "{x", whole))


def meet(left: str, right: str) -> bool:
    """Whether one text can match both patterns."""

    @cache
    def rest(i: int, j: int) -> bool:
        if i == len(left) or j == len(right):
            return not (left[i:] + right[j:]).strip("*")
        if left[i] == "*":
            return rest(i + 1, j) or rest(i, j + 1)
        if right[j] == "*":
            return rest(i, j + 1) or rest(i + 1, j)
        return (left[i] == right[j] or left[i] == "?") and rest(i + 1, j + 1)

    return rest(0, 0)


def formats(action: str) -> list[str]:
    """The ARN formats of an action's resource types, as patterns."""
    fact, prefix = catalog().action(action), action.partition(":")[0]
    kinds = [catalog().resource_type(prefix, name) for name in (fact.resource_types if fact else ())]
    found = [one for kind in kinds if kind is not None for one in kind.arn.split(", ")]
    return [re.sub(r"\$\{(\w+)\}", lambda match: HEAD.get(match[1], "*"), one) for one in found]


@pytest.mark.parametrize("type_name", [name for name in type_rows() if name not in CUSTOM])
def test_every_arn_of_a_row_is_one_that_its_action_acts_on(type_name: str) -> None:
    strange = [
        (row.action, shape)
        for row in type_rows()[type_name]
        for shape in shapes(row)
        if formats(row.action) and not any(meet(shape, one) for one in formats(row.action))
    ]
    assert not [(action, shape) for action, shape in strange if not any(meet(shape, f"arn:{one}") for one in OUTSIDE)]


def test_patterns_meet_where_one_text_matches_both() -> None:
    assert meet("arn:P:ec2:R:A:vpc/*", "arn:P:ec2:R:A:vpc/vpc-1")
    assert meet("a*c", "*b*")
    assert not meet("arn:P:ec2:R:A:vpc/*", "arn:P:ec2:R:A:subnet/*")
    assert not meet("arn:P:rds::A:x", "arn:P:rds:R:A:x")


@pytest.mark.parametrize("type_name", [name for name in type_rows() if name not in CUSTOM])
def test_what_an_action_depends_on_is_a_row_or_has_a_reason(type_name: str) -> None:
    assert {name for name in dependent(type_name) if not {(type_name, name), ("*", name)} & set(NOT_ASKED)} == set()


def test_every_reason_is_still_asked_for() -> None:
    asked = {(name, action) for name in type_rows() if name not in CUSTOM for action in dependent(name)}
    for (type_name, action), reason in NOT_ASKED.items():
        assert reason
        assert any(name == action and type_name in ("*", of_type) for of_type, name in asked), (type_name, action)


def test_the_draw_has_twenty_types() -> None:
    assert len({row["type"] for row in BLIND}) == 20
    assert all(row["page"].startswith("https://docs.aws.amazon.com/") for row in BLIND)


def test_the_draw_differs_from_the_rows_only_where_it_is_explained() -> None:
    """``pages``: only the pages have it; ``rows``: only the rows do."""
    found: set[tuple[str, str, str]] = set()
    for type_name in {row["type"] for row in BLIND}:
        worked_out = {row["action"] for row in BLIND if row["type"] == type_name}
        rows = {row.action for row in type_rows()[type_name]}
        found |= {(type_name, action, "pages") for action in worked_out - rows}
        found |= {(type_name, action, "rows") for action in rows - worked_out}
    assert found == {(row["type"], row["action"], row["only"]) for row in DIFFERENCES}
    assert all(row["why"] for row in DIFFERENCES)
