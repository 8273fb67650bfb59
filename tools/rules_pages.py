"""The pages of docs/rules and docs/validate-findings, from the rules and the findings themselves: one page a rule, one
a type of findings, and the overviews; ``generate.py`` writes them.
"""

from __future__ import annotations

from pathlib import Path

from scopedown.checks.explanation import explanation, overview
from scopedown.checks.registry import rules
from scopedown.validate import pages as findings

DOCS = Path(__file__).resolve().parent.parent / "docs"
FOLDERS = (RULES, FINDINGS) = (DOCS / "rules", DOCS / "validate-findings")


def files() -> dict[Path, str]:
    found = {RULES / "README.md": overview(), **{RULES / f"{rule.id}.md": explanation(rule) for rule in rules()}}
    return found | {FINDINGS / name: text for name, text in findings.pages().items()}
