from __future__ import annotations

import re
from pathlib import Path


def test_notice_names_every_source_and_its_version(root: Path) -> None:
    sources = (root / "tools" / "catalog" / "sources.py").read_text(encoding="utf-8")
    pinned = re.findall(r'"(@?[\w/-]+)": "(\d[\w.]*)"', sources)
    assert len(pinned) == 10
    notice = (root / "NOTICE").read_text(encoding="utf-8")
    for package, version in pinned:
        assert package.removesuffix("-dependents") in notice and version in notice, package
