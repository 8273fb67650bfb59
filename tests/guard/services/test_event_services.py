"""Every service of the shared event cases lives under its generated policy, on both frameworks, without a denial.

``make services`` runs them all; the marked groups run each third on osls and each eighth on v3, as CI has half an hour.
A service that lacks a permission names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enforcement.frameworks import FRAMEWORKS
from guard.services.life_cycle import COMMANDS, SERVICES, live, names
from scopedown.guard.gate import Gate

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

EACH = {"osls": 3, "v3": 8}
RETAINED = {"cloudFront": {"arn:aws:lambda:us-east-1:123456789012:function:test-service-dev-fn"}}
"""What the framework's own template leaves: replicas of a function at the edge cannot be deleted with it."""


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as made:
        yield made


def lives() -> Iterator[Any]:
    """Each service on each framework; those that only the whole run takes are marked."""
    for number, name in enumerate(names()):
        for framework in FRAMEWORKS:
            marks = [pytest.mark.whole] if number % EACH[framework] else []
            yield pytest.param(name, framework, marks=marks)


@pytest.mark.parametrize(("name", "framework"), list(lives()))
def test_a_service_is_deployed_changed_and_removed_under_its_generated_policy(
    name: str, framework: str, gate: Gate, tmp_path: Path
) -> None:
    if reason := FRAMEWORKS[framework].missing():
        pytest.skip(reason)
    life = live(name, framework, gate, tmp_path / "service")
    assert life.failed is None, str(life)
    assert len(life.outcomes) == len(COMMANDS)
    assert life.denied == []
    assert set(life.left) == RETAINED.get(name, set())


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_role_without_any_log_group_is_refused_by_iam_itself(framework: str, gate: Gate, tmp_path: Path) -> None:
    if reason := FRAMEWORKS[framework].missing():
        pytest.skip(reason)
    if not SERVICES.is_dir():
        pytest.skip("the shared cases are not beside this checkout")
    life = live("disableLogs", framework, gate, tmp_path / "service", as_written=True)
    assert life.failed is not None
    assert "Policy statement must contain resources" in life.failed.output
