"""Events: random services deploy here what the framework compiles, down to the last property."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oracle.comparing import differences
from oracle.events import services
from oracle.harness import SERVERLESS_3, Answer, Framework
from oracle.resolving import Stubs
from scopedown.project.load import load_project
from scopedown.project.options import Options

pytestmark = pytest.mark.oracle

SEED = 20241125
DRAWN = 120


def held_against(answers: Iterator[tuple[dict[str, Any], Answer]], folder: Path, framework: str) -> int:
    """How many services the framework compiled; all of them are equal here, and the others are refused here too."""
    different: dict[int, list[str]] = {}
    compiled = 0
    for number, (configuration, answer) in enumerate(answers):
        (folder / "serverless.json").write_text(json.dumps(configuration))
        project = load_project(folder, Options(values=Stubs(), account="123456789012", framework=framework))
        refused = [finding.message for finding in project.findings if finding.code == "event-refused"]
        if bool(refused) is not (answer.template is None):
            different[number] = [f"refused by the framework: {answer.failed}", *refused]
        if answer.template is not None:
            compiled += 1
            if found := differences(answer.template, project):
                different[number] = [str(one) for one in found[:3]]
    assert different == {}
    return compiled


def test_random_events_compile_to_what_osls_compiles(framework: Framework, tmp_path: Path) -> None:
    def answers() -> Iterator[tuple[dict[str, Any], Answer]]:
        for configuration in services(SEED, DRAWN):
            (tmp_path / "serverless.json").write_text(json.dumps(configuration))
            yield configuration, framework.read(tmp_path)

    assert held_against(answers(), tmp_path, "osls") > 0.9 * DRAWN


def test_random_events_compile_to_what_serverless_3_compiles(tmp_path: Path) -> None:
    if (reason := SERVERLESS_3.missing()) is not None:
        pytest.skip(f"serverless 3 cannot be asked: {reason}")

    def answers(framework: Framework) -> Iterator[tuple[dict[str, Any], Answer]]:
        for drawn in services(SEED, DRAWN):
            drawn["provider"]["runtime"] = "nodejs18.x"
            text = json.dumps(drawn).replace("${aws:region}", "us-east-1").replace("${aws:accountId}", "123456789012")
            configuration = json.loads(text)
            (tmp_path / "serverless.json").write_text(text)
            yield configuration, framework.read(tmp_path, configuration=configuration, resolved=True)

    with Framework(SERVERLESS_3) as framework:
        assert held_against(answers(framework), tmp_path, "v3") > 0.8 * DRAWN
