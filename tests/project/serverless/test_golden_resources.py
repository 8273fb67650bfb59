"""Small services, each with what the framework (osls 4.3.1) compiles of it.

Every folder of ``golden/resources`` holds a service and ``expected.json``, ``{"Resources": {…}}``, which
``tools/golden_resources.py`` writes: logical ids without their hashes, and the properties that are compared. Nothing is
asked of the framework here.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oracle.comparing import differences
from oracle.resolving import Stubs
from scopedown.project.load import load_project
from scopedown.project.options import Options

GOLDEN = Path(__file__).parent / "golden" / "resources"
FOLDERS = sorted(path.parent for path in GOLDEN.glob("*/expected.json"))


def test_no_golden_service_lacks_its_expected_template() -> None:
    assert sorted(path for path in GOLDEN.iterdir() if path.is_dir()) == FOLDERS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_a_service_deploys_the_resources_that_the_framework_compiles(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    project = load_project(folder, Options(values=Stubs(), account="123456789012", framework="osls"))
    assert [str(one) for one in differences(expected, project)] == []
