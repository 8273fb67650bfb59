"""REST APIs: random services deploy here what the framework compiles, down to the last property."""

from __future__ import annotations

from pathlib import Path

import pytest

from oracle.comparing import held_against
from oracle.harness import SERVERLESS_3, Framework
from oracle.rest_apis import services

pytestmark = pytest.mark.oracle

SEED = 20241127
DRAWN = 120


def test_random_rest_apis_compile_to_what_osls_compiles(framework: Framework, tmp_path: Path) -> None:
    assert held_against(framework, "osls", tmp_path, services(SEED, DRAWN)) > 0.6 * DRAWN


def test_random_rest_apis_compile_to_what_serverless_3_compiles(tmp_path: Path) -> None:
    if (reason := SERVERLESS_3.missing()) is not None:
        pytest.skip(f"serverless 3 cannot be asked: {reason}")
    with Framework(SERVERLESS_3) as framework:
        assert held_against(framework, "v3", tmp_path, services(SEED, DRAWN)) > 0.6 * DRAWN
