"""APIs, load balancers, pools, IoT, Alexa, CloudWatch: random services deploy here what the framework compiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from oracle.api_events import services
from oracle.comparing import held_against
from oracle.harness import SERVERLESS_3, Framework

pytestmark = pytest.mark.oracle

SEED = 20241126
DRAWN = 120


def test_random_apis_compile_to_what_osls_compiles(framework: Framework, tmp_path: Path) -> None:
    assert held_against(framework, "osls", tmp_path, services(SEED, DRAWN)) > 0.85 * DRAWN


def test_random_apis_compile_to_what_serverless_3_compiles(tmp_path: Path) -> None:
    if (reason := SERVERLESS_3.missing()) is not None:
        pytest.skip(f"serverless 3 cannot be asked: {reason}")
    with Framework(SERVERLESS_3) as framework:
        assert held_against(framework, "v3", tmp_path, services(SEED, DRAWN)) > 0.85 * DRAWN
