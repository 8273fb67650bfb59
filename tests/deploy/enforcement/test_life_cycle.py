"""The real commands of osls and serverless 3 run their whole life cycle under the generated policy, with no denial.

CloudFormation's calls are here those of the tables that the policy itself is generated from, with the names and ARNs of
what is really made; ``tests/enforcement`` has a second model of them, written apart. Node and the frameworks are needed
(:mod:`oracle.harness` says where they are looked for).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from enforcement.frameworks import FRAMEWORKS, Service, actions_of, deployable
from scopedown.guard.cloudformation.provision import driver_of
from scopedown.guard.cloudformation.stacks import CloudFormation

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

UNUSED = {
    "iam:UpdateAssumeRolePolicy": "the role's trust policy changes with settings that this service does not have",
    "logs:ListTagsForResource": "asked for when a log group changes, as with another retention",
}
"""Actions of the policy that no command of the life cycle needs, and what they are for."""


@contextmanager
def started(folder: Path, framework: str, without: str = "") -> Iterator[Service]:
    """A hello-world in a folder, deployed by a user with its generated policy, less one action."""
    if reason := FRAMEWORKS[framework].missing():
        pytest.skip(reason)
    with deployable(framework, folder / "greeter") as service:
        service.gate.answers |= CloudFormation(service.gate, driver_of).answers()
        service.gate.without = {without} if without else set()
        yield service


@pytest.mark.parametrize("framework", ["osls", "v3"])
def test_a_life_cycle_has_no_denial_and_needs_all_but_a_few_actions(tmp_path: Path, framework: str) -> None:
    with started(tmp_path, framework) as service:
        for outcome in service.life_cycle():
            assert outcome.code == 0, outcome.output
        gate = service.gate
        assert [str(one) for one in gate.denied] == []
        assert (gate.unmapped, gate.strange, gate.stand_ins) == ([], [], [])
        asked = {one.check.action for one in gate.decided}
        assert actions_of(service.who.policies) - asked == set(UNUSED)


@pytest.mark.parametrize("action", ["iam:TagRole", "logs:TagResource", "cloudformation:ListStackResources"])
def test_a_policy_without_one_action_fails_there(tmp_path: Path, action: str) -> None:
    """The local AWS does say no, and the command then fails."""
    with started(tmp_path, "osls", action) as service:
        assert service.run("deploy").code != 0
        assert {one.check.action for one in service.gate.denied} == {action}


@pytest.mark.parametrize("action", ["ecr:DescribeRepositories"])
def test_what_is_tolerated_is_tolerated(tmp_path: Path, action: str) -> None:
    with started(tmp_path, "osls", action) as service:
        assert service.run("deploy").code == 0
        assert service.run("remove").code == 0
        assert {one.check.action for one in service.gate.denied} == {action}
