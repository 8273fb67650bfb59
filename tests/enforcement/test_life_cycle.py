"""The frameworks' real commands run their whole life cycle under the policy that is generated for them.

Node and the frameworks are needed (:mod:`oracle.harness` says where they are looked for).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement.frameworks import FRAMEWORKS, actions_of, deployable

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

NEVER_ASKED = {
    "iam:UpdateAssumeRolePolicy": "the role's trust policy is changed by settings that come or go later",
    "lambda:UpdateFunctionConfiguration": "a function's settings change; here only its code does",
    "logs:ListTagsForResource": "CloudFormation looks at a log group's tags when the group or a tag changes",
}
"""Actions of the generated policy that no command of the life cycle asks for, and what each is for."""


@pytest.mark.parametrize("framework", ["osls", "v3"])
def test_a_life_cycle_is_denied_nothing_and_asks_for_all_but_three_actions(tmp_path: Path, framework: str) -> None:
    if reason := FRAMEWORKS[framework].missing():
        pytest.skip(reason)
    with deployable(framework, tmp_path / "greeter") as service:
        for outcome in service.life_cycle():
            assert outcome.code == 0, outcome.output
        gate = service.gate
        assert [str(one) for one in gate.denied] == []
        assert (gate.unmapped, gate.strange) == ([], [])
        asked = {one.check.action for one in gate.decided}
        assert actions_of(service.who.policies) - asked == set(NEVER_ASKED)
        assert len({one.during for one in gate.decided}) == 10  # every command asked for something


@pytest.mark.parametrize(
    "action", ["cloudformation:CreateChangeSet", "s3:PutObject", "iam:PassRole", "logs:TagResource"]
)
def test_a_deployment_without_one_action_fails_with_its_denial(tmp_path: Path, action: str) -> None:
    if reason := FRAMEWORKS["osls"].missing():
        pytest.skip(reason)
    with deployable("osls", tmp_path / "greeter") as service:
        service.gate.without = {action}
        outcome = service.run("deploy")
        assert outcome.code != 0
        assert action in outcome.output
        assert {one.check.action for one in service.gate.denied} == {action}
