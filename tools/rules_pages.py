"""The pages of docs/rules, from the rules themselves.

usage: python tools/rules_pages.py [--check]

Writes one page a rule and the overview; with ``--check`` it only says whether the pages are true (exit 1 where not).
"""

from __future__ import annotations

import sys
from pathlib import Path

from scopedown.checks.explanation import explanation, overview
from scopedown.checks.registry import rules

FOLDER = Path(__file__).parent.parent / "docs" / "rules"


def pages() -> dict[str, str]:
    """The text of every page, by its file's name."""
    return {"README.md": overview(), **{f"{rule.id}.md": explanation(rule) for rule in rules()}}


def wrong() -> list[str]:
    """The names of pages that are missing, stale, or of no rule."""
    wanted = pages()
    there = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in {*wanted, *there} if wanted.get(name) != there.get(name))


def main() -> int:
    """Write the pages, or check them."""
    if "--check" in sys.argv[1:]:
        print(*wrong(), sep="\n")
        return int(bool(wrong()))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.md"):
        path.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
