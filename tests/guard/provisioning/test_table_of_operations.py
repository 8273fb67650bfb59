"""``moto_types.tsv`` speaks of types, operations and parameters that there are."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
import pytest

from scopedown.catalog.load import catalog
from scopedown.guard.cloudformation.moto_types import WORDS, Step, steps

ROWS = [(type, step) for type, rows in steps().items() for step in rows]
PHASES = {"create", "else", "update", "set", "removed", "delete"}


@cache
def model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


@pytest.mark.parametrize("type", steps())
def test_each_type_is_one_of_cloudformations(type: str) -> None:
    assert catalog().cloudformation_type(type) is not None


@pytest.mark.parametrize("type", steps())
def test_each_type_is_made_first_and_by_a_row_that_always_holds(type: str) -> None:
    first = next(step for step in steps()[type] if "create" in step.phases)
    assert not first.when or first.when.endswith("[]")


@pytest.mark.parametrize(("type", "step"), ROWS, ids=[f"{type}-{step.operation}" for type, step in ROWS])
def test_each_row_calls_an_operation_with_parameters_that_it_has(type: str, step: Step) -> None:
    assert step.phases <= PHASES
    assert step.phases == {"create"} or not step.tried
    members = model(step.service).operation_model(step.operation).input_shape.members
    assert {name.split(".")[0] for name, _ in step.parameters if name != "*"} <= set(members)
    said = [one for _, expression in step.parameters for one in expression.split("|") if one.startswith("@")]
    assert all(one in WORDS or one == "@item" or one.startswith("@item.") for one in said)


@pytest.mark.parametrize(("type", "step"), ROWS, ids=[f"{type}-{step.operation}" for type, step in ROWS])
def test_each_row_tells_ref_and_attributes_that_the_type_has(type: str, step: Step) -> None:
    known = catalog().cloudformation_type(type)
    assert known is not None
    assert set(step.made) <= {"Ref", *known.attributes}
    shape = model(step.service).operation_model(step.operation).output_shape
    for path in step.made.values():
        if not path.startswith("'"):
            assert path.split(".")[0] in shape.members
