"""The fixture ``scopedown_guard``: a local AWS that says no, for the tests of an application.

pytest imports this module in every project that has scopedown installed, so it imports nothing that takes time: moto
comes with the first test that uses the fixture. One guard serves all tests of a process, emptied before each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from scopedown.guard.for_tests import Guard
    from scopedown.guard.gate import Gate

_NAMES = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL_S3")


@pytest.fixture(scope="session")
def _scopedown_gate() -> Iterator[Gate]:
    try:
        from scopedown.guard.gate import Gate
        from scopedown.guard.services import cloudformation
    except ImportError as error:
        from scopedown.core.extras import not_installed

        missing = not_installed("the fixture scopedown_guard", error.name, "guard")
        pytest.fail(f"{missing.message}: {missing.remedy}", pytrace=False)
    with Gate(services=(cloudformation,)) as gate:
        yield gate


@pytest.fixture
def scopedown_guard(_scopedown_gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guard]:
    """An empty local AWS; the test's environment has its address and the key of an administrator.

    ``guard.user(name, policy)`` makes a user, ``guard.act_as(user)`` puts its key into the environment,
    ``guard.denied`` are the decisions against whoever asked (docs/guard.md).
    """
    from scopedown.guard.for_tests import Guard

    for name in _NAMES:
        monkeypatch.delenv(name, raising=False)
    _scopedown_gate.reset()
    guard = Guard(_scopedown_gate, monkeypatch.setenv)
    guard.act_as(None)
    yield guard
    guard.forget()
