"""Fixtures of the tests of permissions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from permission_words import sdk_call, short

from scopedown.catalog.load import SqliteCatalog, catalog
from scopedown.permissions.model import RequiredPermission
from scopedown.permissions.require import require

Required = Callable[..., dict[str, list[str]]]


@pytest.fixture(scope="session")
def facts() -> SqliteCatalog:
    return catalog()


@pytest.fixture
def required(facts: SqliteCatalog) -> Required:
    """``required("sqs.SendMessage", QueueUrl=…)`` → action → its ARNs, shortened."""

    def run(operation: str, arguments: Mapping[str, Any] | None = None, /, **named: Any) -> dict[str, list[str]]:
        found = require(sdk_call(operation, {**(arguments or {}), **named}), facts)
        return {one.action: [short(resource.arn) for resource in one.resources] for one in found}

    return run


@pytest.fixture
def permissions(facts: SqliteCatalog) -> Callable[..., tuple[RequiredPermission, ...]]:
    """The same, whole."""

    def run(operation: str, arguments: Mapping[str, Any] | None = None, /, **named: Any) -> Any:
        return require(sdk_call(operation, {**(arguments or {}), **named}), facts)

    return run
