"""A guard for the module, emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from guard.provisioning.stacks_of import Stacks, stacks


@pytest.fixture(scope="module")
def guard() -> Iterator[Stacks]:
    with stacks() as made:
        yield made


@pytest.fixture
def cloud(guard: Stacks) -> Stacks:
    guard.fresh()
    return guard
