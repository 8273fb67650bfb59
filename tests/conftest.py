"""What holds for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of their own: tests neither fill the user's nor see what it holds."""
    before = os.environ.get("SCOPEDOWN_CACHE")
    os.environ["SCOPEDOWN_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["SCOPEDOWN_CACHE"]
    else:
        os.environ["SCOPEDOWN_CACHE"] = before
