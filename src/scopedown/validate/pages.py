"""A finding's documentation as a page of Markdown, and the pages that list all findings."""

from __future__ import annotations

import json
from collections.abc import Iterator

from scopedown.validate.model import Check, Example, Type
from scopedown.validate.registry import checks, undecided

_MOST = 600
_TITLES = {
    Type.ERROR: "Errors",
    Type.SECURITY_WARNING: "Security warnings",
    Type.WARNING: "Warnings",
    Type.SUGGESTION: "Suggestions",
}
_FILES = {type: f"{type.lower().replace('_', '-')}.md" for type in Type}


def explanation(check: Check, depth: int = 1) -> str:
    """The documentation of one finding."""
    return "\n".join(_lines(check, "#" * depth)) + "\n"


def pages() -> dict[str, str]:
    """The text of every page, by its file's name: an overview, and one page for each of AWS's types."""
    found = {"README.md": _overview()}
    for type in Type:
        texts = [explanation(check, 2) for check in checks() if check.type is type]
        head = f"# {_TITLES[type]} of scopedown validate\n\nWritten by `tools/rules_pages.py` from the findings.\n"
        found[_FILES[type]] = "\n".join([head, *texts])
    return found


def _overview() -> str:
    lines = [
        "# Findings of scopedown validate",
        "",
        "Written by `tools/rules_pages.py` from the findings themselves (`src/scopedown/validate/findings/`).",
        "The codes and types are those of IAM Access Analyzer's policy validation; the words are scopedown's.",
        "",
        "| finding | type | what |",
        "|---|---|---|",
    ]
    for check in checks():
        link = f"{_FILES[check.type]}#{check.code.lower()}"
        mark = " ¹" if check.reading else ""
        lines.append(f"| [{check.code}]({link}) | {check.type} | {check.summary}{mark} |")
    lines += ["", "¹ AWS's text for the code was not at hand; the page says what scopedown takes it to mean.", ""]
    lines += ["Not decided:", "", "| code | type | reason |", "|---|---|---|"]
    lines += [f"| {code} | {type} | {reason} |" for code, (type, reason) in undecided().items()]
    return "\n".join(lines) + "\n"


def _lines(check: Check, head: str) -> Iterator[str]:
    yield f"{head} {check.code}"
    yield ""
    yield f"{check.summary} Type: {check.type} (severity {check.severity}). [AWS's page]({check.link})."
    yield ""
    yield check.explanation
    if check.reading:
        yield ""
        yield f"**Reading.** {check.reading} Source: {check.source}."
    yield ""
    yield f"**Remedy.** {check.remedy}"
    yield ""
    yield f"Reported{_of(check.bad)}:"
    yield from _example(check.bad)
    yield ""
    yield f"Not reported{_of(check.good)}:"
    yield from _example(check.good)


def _of(example: Example) -> str:
    what = f"{example.kind} policy" if example.kind != "identity" else ""
    return f" ({' of '.join(filter(None, (what, example.resource_type)))})" if what else ""


def _example(example: Example) -> Iterator[str]:
    text = example.text
    try:
        text = json.dumps(json.loads(text), indent=2) if len(text) < _MOST else f"{text[:_MOST]} …"
        form = "json"
    except ValueError:
        form = "text"
    yield from ("", f"```{form}", text, "```")
