"""One running framework for the whole group; without node or osls every test of it is skipped, with the reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oracle.harness import Framework, missing


@pytest.fixture(scope="session")
def framework() -> Iterator[Framework]:
    reason = missing()
    if reason is not None:
        pytest.skip(f"the framework cannot be asked: {reason}")
    with Framework() as running:
        yield running
