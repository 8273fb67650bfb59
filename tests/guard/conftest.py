"""A guard for each module of tests, emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scopedown.guard.gate import Gate
from scopedown.guard.services import cloudformation


@pytest.fixture(scope="module")
def guard() -> Iterator[Gate]:
    with Gate(services=(cloudformation,)) as one:
        yield one


@pytest.fixture
def gate(guard: Gate) -> Gate:
    """As it was made, whatever the test before it set."""
    guard.reset()
    guard.context.clear()
    guard.learn = False
    guard.enforce_only.clear()
    return guard
