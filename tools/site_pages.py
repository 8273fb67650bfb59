"""A hook of mkdocs: an entry of ``nav`` that ends in ``/`` becomes all pages of that folder.

Comes in: mkdocs' configuration. Goes out: the same, with the pages of each such folder in the order in which its
``index.md`` links them, the rest by name; pages at the top that no entry names come last. So a new page, of a rule
say, needs no line in mkdocs.yml.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_LINK = re.compile(r"\]\((?:\./)?([\w-]+\.md)\)")
Nav = list[dict[str, Any]]


def on_config(config: Any) -> Any:
    """Called by mkdocs with its configuration."""
    docs = Path(config["docs_dir"])
    config["nav"] = whole(config["nav"], docs)
    return config


def whole(nav: Nav, docs: Path) -> Nav:
    """``nav`` with folders' pages in place of folders, and at its end the pages that it does not name."""
    expanded = _expanded(nav, docs)
    named = set(_named(expanded))
    left = [path.name for path in sorted(docs.glob("*.md")) if path.name not in named]
    return [*expanded, *([{"More": left}] if left else [])]


def _expanded(nav: Nav, docs: Path) -> Nav:
    """A folder that is not there (yet) has no entry."""
    expanded: Nav = []
    for entry in nav:
        ((title, target),) = entry.items()
        if isinstance(target, list):
            expanded.append({title: _expanded(target, docs)})
        elif target.endswith("/"):
            pages = folder_pages(docs / target)
            expanded.extend([{title: [target + page for page in pages]}] if pages else [])
        else:
            expanded.append(entry)
    return expanded


def folder_pages(folder: Path) -> list[str]:
    """The pages of a folder: its index, then those that the index links, in that order, then the others by name."""
    there = sorted(path.name for path in folder.glob("*.md"))
    first = [name for name in ("index.md", "README.md") if name in there]
    linked = _LINK.findall((folder / first[0]).read_text(encoding="utf-8")) if first else []
    ordered = [*first, *(name for name in linked if name in there), *there]
    return list(dict.fromkeys(ordered))


def _named(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    return [name for one in (nav.values() if isinstance(nav, dict) else nav) for name in _named(one)]
