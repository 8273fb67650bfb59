"""docs/rules says what the rules are, and their codes are among those that IAM Access Analyzer documents.

Source of access_analyzer_codes.txt: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.checks.model import Rule
from scopedown.checks.registry import rules

ROOT = Path(__file__).parents[2]
CODES = {line.strip() for line in Path(__file__).with_name("access_analyzer_codes.txt").read_text("utf-8").splitlines()}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rules_codes_are_of_access_analyzer(rule: Rule) -> None:
    assert set(rule.codes) <= CODES


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rules_page_has_the_summary_the_remedy_and_both_examples(rule: Rule) -> None:
    text = (ROOT / "docs" / "rules" / f"{rule.id}.md").read_text("utf-8")
    assert rule.summary in text and rule.remedy in text
    assert text.count("```yaml") == 2
