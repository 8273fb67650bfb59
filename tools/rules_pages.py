"""The pages of docs/rules and docs/validate-findings, from the rules and the findings themselves.

usage: python tools/rules_pages.py [--check]

Writes one page a rule and the overview; with ``--check`` it only says whether the pages are true (exit 1 where not).
"""

from __future__ import annotations

import sys
from pathlib import Path

from scopedown.checks.explanation import explanation, overview
from scopedown.checks.registry import rules
from scopedown.validate import pages as findings

FOLDER = Path(__file__).parent.parent / "docs" / "rules"
FINDINGS = FOLDER.parent / "validate-findings"


def pages() -> dict[Path, str]:
    """The text of every page, by its file."""
    found = {FOLDER / "README.md": overview(), **{FOLDER / f"{rule.id}.md": explanation(rule) for rule in rules()}}
    return found | {FINDINGS / name: text for name, text in findings.pages().items()}


def wrong() -> list[str]:
    """The names of pages that are missing, stale, or of no rule."""
    wanted = pages()
    there = {path: path.read_text("utf-8") for folder in (FOLDER, FINDINGS) for path in folder.glob("*.md")}
    return sorted(str(path) for path in {*wanted, *there} if wanted.get(path) != there.get(path))


def main() -> int:
    """Write the pages, or check them."""
    if "--check" in sys.argv[1:]:
        print(*wrong(), sep="\n")
        return int(bool(wrong()))
    for folder in (FOLDER, FINDINGS):
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.md"):
            path.unlink()
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
