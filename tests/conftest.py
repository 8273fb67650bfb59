"""What holds for every test; and which tests take over a second, for ``make quick``."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

# On a busy machine slow input is no failure.
settings.register_profile("scopedown", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("scopedown")

SECONDS = 1.0
"""Processor seconds, a test's own and those of the programs that it waits for: a busy machine changes little."""
_LONG = "scopedown/over_a_second"
_BEGAN = pytest.StashKey[float]()
_spent: dict[str, float] = {}


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache and a key of their own: tests neither fill the user's cache nor see what it holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCOPEDOWN_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("SCOPEDOWN_CACHE_KEY", "the key of the tests")
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="without tests that last took over a second")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--quick") and (cache := getattr(config, "cache", None)):
        long = {*cache.get(_LONG, [])}
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in long])
        items[:] = [item for item in items if item.nodeid not in long]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.stash[_BEGAN] = sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "teardown" and _BEGAN in item.stash:
        report.user_properties.append(("seconds", sum(os.times()[:4]) - item.stash[_BEGAN]))
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    for name, value in report.user_properties:
        if name == "seconds" and isinstance(value, float):
            _spent[report.nodeid] = value


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep what was measured: of a test that did not run, what was known before."""
    cache = getattr(session.config, "cache", None)
    if cache and not hasattr(session.config, "workerinput"):
        long = {*cache.get(_LONG, [])}.difference(_spent)
        cache.set(_LONG, sorted(long.union(name for name, seconds in _spent.items() if seconds > SECONDS)))
