"""What is there compared with what is needed."""

from __future__ import annotations

from typing import Any

from deploy.around import ACCOUNT, ROLE, planned, policies, project, target
from scopedown.catalog.load import catalog
from scopedown.deploy.audit import Audit, Risk, account_in, audit
from scopedown.deploy.forms.audit import audit_lines, audit_report
from scopedown.iam import Kind, PolicySet, parse_policy


def audited(*documents: dict[str, Any], boundary: dict[str, Any] | None = None, commands: str = "all") -> Audit:
    found = project()
    own = tuple(parse_policy(one, name=f"p{number}") for number, one in enumerate(documents, 1))
    limit = (parse_policy(boundary, Kind.BOUNDARY),) if boundary is not None else ()
    return audit(planned(found, commands), PolicySet(own, limit), target(found), catalog())


def needed(commands: str = "all") -> list[dict[str, Any]]:
    return policies(planned(project(), commands))


def statement(*actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}]}


def test_the_policy_that_is_needed_lacks_nothing_and_grants_nothing_beside() -> None:
    found = audited(*needed())
    assert (found.lacking, found.beyond, found.ways, found.administrator) == ((), (), (), False)


def test_every_needed_action_that_is_left_out_is_lacking_and_alone() -> None:
    whole = needed("info,logs")
    actions = {action for one in whole for statement in one["Statement"] for action in statement["Action"]}
    for action in sorted(actions):
        cut = [
            {**one, "Statement": [{**part, "Action": kept} for part in one["Statement"]
                                  if (kept := [name for name in part["Action"] if name != action])]}
            for one in whole
        ]  # fmt: skip
        assert {one.action for one in audited(*cut, commands="info,logs").lacking} == {action}


def test_it_says_where_the_deployment_would_fail() -> None:
    lines = list(audit_lines(audited(statement("s3:*")), "p.json", "shop"))
    at = next(number for number, one in enumerate(lines) if "cloudformation:CreateChangeSet on" in one)
    assert "deploy would fail at cloudformation.CreateChangeSet" in lines[at + 1]
    at = next(number for number, one in enumerate(lines) if "iam:CreateRole on" in one)
    assert "would fail to create IamRoleLambdaExecution, AWS::IAM::Role" in lines[at + 1]


def test_a_deny_and_a_boundary_make_a_grant_lacking() -> None:
    deny = {"Statement": [{"Effect": "Deny", "Action": "iam:CreateRole", "Resource": "*"}]}
    assert [one.action for one in audited(*needed(), deny).lacking] == ["iam:CreateRole"]
    narrow = {"Statement": [{"Effect": "Allow", "NotAction": "lambda:*", "Resource": "*"}]}
    assert {one.action.partition(":")[0] for one in audited(*needed(), boundary=narrow).lacking} == {"lambda"}


def test_a_grant_on_a_part_of_the_resource_is_lacking_in_part() -> None:
    bucket = "arn:aws:s3:::shop-dev-serverlessdeploymentbucket-a*"
    found = audited(statement("s3:CreateBucket", resource=bucket))
    assert [one.part for one in found.lacking if one.action == "s3:CreateBucket"] == [True]


def test_what_commands_tolerate_makes_nothing_fail() -> None:
    whole = [{**one, "Statement": [part for part in one["Statement"] if part["Action"] != ["ecr:DescribeRepositories"]]}
             for one in needed()]  # fmt: skip
    found = audited(*whole)
    assert [one.action for one in found.lacking] == ["ecr:DescribeRepositories"]
    assert not found.fails


def test_an_administrator_is_told_so() -> None:
    found = audited(statement("*"))
    assert found.administrator and not found.lacking
    assert found.beyond[0].risk is Risk.EVERYTHING
    assert any("does not need one" in one for one in audit_lines(found, "p.json", "shop"))
    assert not audited(
        {"Statement": [*statement("*")["Statement"], {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}
    ).administrator


def test_what_is_beyond_need_is_ranked_by_risk() -> None:
    found = audited(
        *needed(), statement("s3:List*"), statement("cloudwatch:GetMetricData"), statement("iam:Put*"),
        statement("dynamodb:PutItem"), statement("ec2:*"),
        {"Statement": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]},
    )  # fmt: skip
    risks = [one.risk for one in found.beyond]
    assert risks == sorted(risks, reverse=True)
    by_pattern = {one.pattern: one for one in found.beyond}
    assert by_pattern["NotAction"].risk is Risk.EVERYTHING
    assert by_pattern["iam:Put*"].risk is Risk.PERMISSIONS
    assert by_pattern["dynamodb:PutItem"].risk is Risk.WRITE
    assert by_pattern["cloudwatch:GetMetricData"].risk is Risk.READ
    assert by_pattern["ec2:*"].count > 100


def test_a_needed_action_on_too_much_is_beyond_need() -> None:
    [one] = audited(*needed(), statement("iam:PassRole")).beyond
    assert (one.pattern, one.resources, one.count, one.risk) == ("iam:PassRole", ("*",), 0, Risk.PERMISSIONS)


def test_a_condition_that_the_need_does_not_ask_for_is_no_excess() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    assert audited(*needed(), statement("iam:PassRole", resource=ROLE, Condition=condition)).beyond == ()
    [free] = audited(*needed(), statement("iam:PassRole", resource=ROLE)).beyond
    assert free.pattern == "iam:PassRole"


def test_what_a_pattern_cannot_act_on_is_no_excess() -> None:
    """Of all that lambda:* names, a function's ARN reaches what acts on functions."""
    function = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:shop-dev-sell"
    [one] = audited(*needed(), statement("lambda:*", resource=function)).beyond
    [wide] = audited(*needed(), statement("lambda:*")).beyond
    assert 0 < one.count < wide.count


def test_a_way_that_the_need_leaves_open_is_no_news() -> None:
    assert audited(*needed()).ways == ()
    assert [one.way.name for one in audited(*needed(), statement("iam:CreateAccessKey")).ways] == ["keys"]


def test_the_account_is_taken_from_the_arns_where_they_name_one() -> None:
    one = statement("s3:*", resource=f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q")
    assert account_in([one]) == ACCOUNT
    assert account_in([one, statement("s3:*", resource="arn:aws:sqs:eu-west-1:210987654321:q")]) == ""
    assert account_in([statement("s3:*")]) == ""


def test_the_report_says_the_same() -> None:
    found = audited(statement("s3:*"))
    report = audit_report(found, "p.json", "shop")
    assert report["schema"] == "scopedown.deploy-policy-audit/1"
    assert [one["action"] for one in report["lacking"]] == [one.action for one in found.lacking]
    assert report["beyond"][0]["pattern"] == "s3:*"


def test_the_text_counts_grants_and_rows_and_keeps_reasons_on_lines_of_their_own() -> None:
    found = audited(statement("s3:*"))
    lines = list(audit_lines(found, "p.json", "shop"))
    failing = [one for one in found.lacking if not one.tolerated]
    assert f"missing, so a command would fail ({len(failing)} grants):" in lines
    assert any("shown together" in line for line in lines)
    assert [line for line in lines if line.startswith("    ") and "would fail" in line]
