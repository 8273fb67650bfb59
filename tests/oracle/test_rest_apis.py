"""REST APIs: random services deploy here what the framework compiles, down to the last property."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oracle.comparing import differences
from oracle.harness import SERVERLESS_3, Framework
from oracle.resolving import Stubs
from oracle.rest_apis import services
from scopedown.core.finding import Severity
from scopedown.project.load import load_project
from scopedown.project.options import Options

pytestmark = pytest.mark.oracle

SEED = 20241127
DRAWN = 120


def held_against(framework: Framework, which: str, folder: Path) -> int:
    """How many services the framework compiled: all of them are equal here, and the others are errors here as well."""
    wrong: dict[int, object] = {}
    compiled = 0
    for number, configuration in enumerate(services(SEED, DRAWN)):
        (folder / "serverless.json").write_text(json.dumps(configuration))
        project = load_project(folder, Options(values=Stubs(), account="123456789012", framework=which))
        errors = [str(one) for one in project.findings if one.severity is Severity.ERROR]
        answer = framework.read(folder, configuration=configuration, resolved=True)
        if answer.template is None:
            if not errors:
                wrong[number] = answer.failed
            continue
        compiled += 1
        found = [*errors, *(str(one) for one in differences(answer.template, project))]
        if found:
            wrong[number] = found[:3]
    assert wrong == {}
    return compiled


def test_random_rest_apis_compile_to_what_osls_compiles(framework: Framework, tmp_path: Path) -> None:
    assert held_against(framework, "osls", tmp_path) > 0.6 * DRAWN


def test_random_rest_apis_compile_to_what_serverless_3_compiles(tmp_path: Path) -> None:
    if (reason := SERVERLESS_3.missing()) is not None:
        pytest.skip(f"serverless 3 cannot be asked: {reason}")
    with Framework(SERVERLESS_3) as framework:
        assert held_against(framework, "v3", tmp_path) > 0.6 * DRAWN
