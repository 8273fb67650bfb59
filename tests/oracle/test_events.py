"""Events: random services deploy here what the framework compiles, down to the last property."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oracle.comparing import differences
from oracle.events import services
from oracle.harness import Framework
from oracle.resolving import Stubs
from scopedown.project.load import load_project
from scopedown.project.options import Options

pytestmark = pytest.mark.oracle

SEED = 20241125
DRAWN = 120


def test_random_events_compile_to_what_the_framework_compiles(framework: Framework, tmp_path: Path) -> None:
    different: dict[int, list[str]] = {}
    compiled = 0
    for number, configuration in enumerate(services(SEED, DRAWN)):
        (tmp_path / "serverless.json").write_text(json.dumps(configuration))
        project = load_project(tmp_path, Options(values=Stubs(), account="123456789012"))
        answer = framework.read(tmp_path)
        if answer.template is not None:
            compiled += 1
            if found := differences(answer.template, project):
                different[number] = [str(one) for one in found[:3]]
    assert different == {}
    assert compiled > 0.9 * DRAWN
