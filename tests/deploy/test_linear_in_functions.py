"""What is asked of the evaluator, and which resources are compared, for twice as many functions: twice as much."""

from collections import Counter

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.text import Text
from scopedown.deploy import residual_access
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
