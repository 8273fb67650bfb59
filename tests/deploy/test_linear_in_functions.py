"""What is asked of the evaluator, and which resources are compared, for twice as many functions: twice as much."""

from collections import Counter

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.text import Text
from scopedown.deploy import residual_access
from scopedown.deploy.forms.explanation import MAX_LENGTH, explanation
from scopedown.deploy.model import CommandCall, DeployPermission, Plan
from scopedown.deploy.residual_access import what_remains
from scopedown.deploy.target import Target
from scopedown.generate import minimize

ARN = "arn:aws:lambda:eu-west-1:*:function:shop-dev-job{number}"
LOGS = "arn:aws:logs:eu-west-1:*:log-group:/aws/lambda/shop-dev-job{number}:*"
ACTIONS = ["lambda:CreateFunction", "lambda:DeleteFunction", "lambda:GetFunction", "lambda:TagResource"]


def questions(functions: int, monkeypatch: pytest.MonkeyPatch) -> int:
    asked: Counter[str] = Counter()
    real = residual_access.may_be_allowed
    monkeypatch.setattr(
        residual_access, "may_be_allowed", lambda request, policies: asked.update(["one"]) or real(request, policies)
    )
    statements = [
        {"Effect": "Allow", "Action": ACTIONS, "Resource": [ARN.format(number=one) for one in range(functions)]},
        {"Effect": "Allow", "Action": ["logs:*"], "Resource": [LOGS.format(number=one) for one in range(functions)]},
    ]
    target = Target("aws", "eu-west-1", "*", "shop-dev", "shop", "dev")
    what_remains([{"Version": "2012-10-17", "Statement": statements}], target, catalog())
    monkeypatch.setattr(residual_access, "may_be_allowed", real)
    return asked["one"]


def test_the_evaluator_is_asked_twice_as_much_for_twice_the_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = questions(20, monkeypatch), questions(40, monkeypatch)
    assert 20 <= few < 20 * 12
    assert many <= 2 * few


def test_a_resource_is_compared_with_the_few_that_may_cover_it(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: Counter[str] = Counter()
    real = minimize.covers
    monkeypatch.setattr(minimize, "covers", lambda wide, narrow: compared.update(["one"]) or real(wide, narrow))
    arns = [form.format(number=one) for one in range(300) for form in (ARN, LOGS)]
    assert len(minimize.uncovered({arn: Text.of(arn) for arn in arns})) == len(arns)
    assert compared["one"] <= 3 * len(arns)


def test_an_explanation_does_not_grow_with_the_length_of_a_name() -> None:
    def length(name: str) -> int:
        because = CommandCall("deploy", f"s3.PutObject of {name}", f"it is {name}", "measured")
        one = DeployPermission("s3:PutObject", (f"arn:aws:s3:::{name}",), (because,), {"StringLike": {"a": (name,)}})
        return sum(map(len, explanation(Plan("serverless", (), (one,)))))

    assert length("x" * 50_000) <= length("x" * 5_000) + 10 <= 4 * MAX_LENGTH


def test_an_explanation_shows_both_ends_of_a_long_name() -> None:
    one = DeployPermission("s3:PutObject", (f"arn:aws:s3:::{'x' * 900}/tail",), ())
    line = next(explanation(Plan("serverless", (), (one,))))
    assert line.startswith("s3:PutObject on arn:aws:s3:::xxx") and line.endswith("xxx/tail")
    assert " [318 more characters] " in line
