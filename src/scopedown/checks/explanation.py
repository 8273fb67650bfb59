"""A rule's documentation as a page of Markdown: what it means, what to do, and a service on which it objects."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Described, Example, Rule
from scopedown.checks.new_access import Answer
from scopedown.checks.registry import rules
from scopedown.validate import pages
from scopedown.validate.model import Check

_MOST = 40
_WIDEST = 400


def explanation(rule: Described) -> str:
    """The page of one rule, or of one finding of policies on their own."""
    if isinstance(rule, Check):
        return pages.explanation(rule)
    if isinstance(rule, Answer):
        return rule.page
    assert isinstance(rule, Rule)
    return "\n".join(_lines(rule)) + "\n"


def overview() -> str:
    """The page that lists all rules."""
    lines = [
        "# Rules of scopedown check",
        "",
        "Written by `tools/rules_pages.py` from the rules themselves (`src/scopedown/checks/rules/`).",
        "",
        "| rule | name | severity | fails by default | what |",
        "|---|---|---|---|---|",
    ]
    for rule in rules():
        fails = f"`{rule.gate}`" if rule.gate else "where the settings ask for it" if rule.is_limit else ""
        lines.append(f"| [{rule.id}]({rule.id}.md) | {rule.name} | {rule.severity} | {fails} | {rule.summary} |")
    return "\n".join(lines) + "\n"


def _lines(rule: Rule) -> Iterator[str]:
    yield f"# {rule.id} {rule.name}"
    yield ""
    yield f"{rule.summary} Severity: {rule.severity}" + (
        f", fails a check by default (`{rule.gate}`)." if rule.gate else "."
    )
    yield ""
    yield rule.explanation
    yield ""
    yield f"**Remedy.** {rule.remedy}"
    if rule.codes:
        yield ""
        yield "IAM Access Analyzer's code for it is " + ", ".join(f"`{code}`" for code in rule.codes) + "."
    yield ""
    yield "Reported:"
    yield from _example(rule.bad)
    yield ""
    yield "Not reported:"
    yield from _example(rule.good)


def _example(example: Example) -> Iterator[str]:
    if example.limits:
        yield from ("", "```toml", example.limits.rstrip("\n"), "```")
    if example.used.count("\n") > 1:
        yield from (
            "",
            "```",
            *(line if len(line) <= _WIDEST else f"{line[:_WIDEST]} …" for line in example.used.split("\n") if line),
            "```",
        )
    yield from ("", "```yaml", *_cut(example.project.rstrip("\n")), "```")
    if example.code.strip() and "import" in example.code:
        yield from ("", "```python", example.code.rstrip("\n"), "```")


def _cut(text: str) -> Iterator[str]:
    """The lines of an example; of one that is about a size, enough to see what it is."""
    lines = text.split("\n")
    for line in lines if len(lines) <= _MOST else [*lines[:_MOST], f"    # and {len(lines) - _MOST} more lines"]:
        yield line if len(line) <= _WIDEST else f"{line[:_WIDEST]} …"
