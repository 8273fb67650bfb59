"""What npm would publish: the plugin's files, of this version, under this licence."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scopedown import __version__

from .installed import PLUGIN, ROOT

PACKAGE = json.loads((PLUGIN / "package.json").read_text(encoding="utf-8"))
FILES = {
    "LICENSE", "README.md", "arguments.js", "find.js", "framework.js", "index.js", "options.json", "package.json",
    "settings.js",
}  # fmt: skip


@pytest.mark.oracle
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm was not found")
def test_the_package_holds_the_plugin_and_nothing_else(tmp_path: Path) -> None:
    copy = shutil.copytree(PLUGIN, tmp_path / "plugin")
    packed = subprocess.run(
        [shutil.which("npm") or "npm", "pack", "--dry-run", "--json", "--offline", f"--cache={tmp_path / 'cache'}"],
        cwd=copy,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    told = json.loads(packed.stdout)
    (one,) = told if isinstance(told, list) else told.values()
    assert {file["path"] for file in one["files"]} == FILES
    assert {path.name for path in PLUGIN.iterdir()} == FILES


def test_it_has_the_version_and_the_licence_of_scopedown_and_no_dependencies() -> None:
    assert (PACKAGE["version"], PACKAGE["license"]) == (__version__, "Apache-2.0")
    assert (PLUGIN / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert "dependencies" not in PACKAGE
    assert all(one["optional"] for one in PACKAGE["peerDependenciesMeta"].values())


def test_every_file_that_is_required_is_there() -> None:
    for path in PLUGIN.glob("*.js"):
        for name in re.findall(r"require\('\./([^']+)'\)", path.read_text(encoding="utf-8")):
            assert {name, f"{name}.js"} & FILES, f"{path.name} requires {name}"
