"""Services of serverless 3: every resource that is read here equals what that framework compiles of the same folder.

Configurations come resolved from osls, whose variables are those of serverless 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from oracle.comparing import differences
from oracle.harness import SERVERLESS_3, Framework
from oracle.resolving import Stubs
from oracle.test_services import CHANGE_ROLES, FOLDERS, name
from scopedown.project.load import load_project
from scopedown.project.options import Options

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def serverless_3() -> Iterator[Framework]:
    if (reason := SERVERLESS_3.missing()) is not None:
        pytest.skip(f"serverless 3 cannot be asked: {reason}")
    with Framework(SERVERLESS_3) as running:
        yield running


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_a_service_of_serverless_3_deploys_what_it_compiles(
    framework: Framework, serverless_3: Framework, folder: Path
) -> None:
    resolved = framework.read(folder).resolved
    answer = serverless_3.read(folder, configuration=resolved, resolved=True)
    if without := [plugin for plugin in answer.dropped if plugin in CHANGE_ROLES]:
        pytest.skip(f"{', '.join(without)} is not installed beside serverless 3")
    assert answer.failed is None
    assert answer.template is not None
    project = load_project(folder, Options(values=Stubs(), account="123456789012", framework="v3"))
    assert [str(one) for one in differences(answer.template, project)] == []
