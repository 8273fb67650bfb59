"""Plugins: every service of ``plugins/`` has here what its plugin makes of it under osls and under serverless 3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from oracle.harness import SERVERLESS_3, Framework, plugins_folder
from oracle.plugins import NOT_RUN, REFUSED, Held, hold, samples
from scopedown.project.serverless.plugins import modules

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def serverless_3() -> Iterator[Framework]:
    if (reason := SERVERLESS_3.missing()) is not None:
        pytest.skip(f"serverless 3 cannot be asked: {reason}")
    with Framework(SERVERLESS_3) as running:
        yield running


def _held(held: Held, which: str) -> None:
    if held.missing:
        pytest.skip(f"{held.missing} is not installed: PLUGINS_DIR names the folder of plugins")
    refused = REFUSED.get((which, held.sample), "")
    assert held.failed.startswith(refused) if refused else held.failed == ""
    assert held.differences == ()


@pytest.mark.skipif(plugins_folder() is None, reason="PLUGINS_DIR does not name a folder of plugins")
@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_plugin_makes_the_same_of_a_service_under_osls(framework: Framework, sample: Path) -> None:
    _held(hold(framework, framework, "osls", sample), "osls")


@pytest.mark.skipif(plugins_folder() is None, reason="PLUGINS_DIR does not name a folder of plugins")
@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_plugin_makes_the_same_of_a_service_under_serverless_3(
    framework: Framework, serverless_3: Framework, sample: Path
) -> None:
    _held(hold(framework, serverless_3, "v3", sample), "v3")


def test_every_modelled_plugin_has_a_service_or_a_reason_why_it_cannot_run() -> None:
    without = {name for name in modules() if not any(sample.name.startswith(name) for sample in samples())}
    assert without == set(NOT_RUN)
