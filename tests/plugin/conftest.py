"""The service of these tests under each framework; without node or the framework they are skipped, with the reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .installed import FRAMEWORKS, Service


@pytest.fixture(params=FRAMEWORKS)
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Service:
    if os.name == "nt":
        pytest.skip("the programs on the PATH are shell scripts")
    if (reason := FRAMEWORKS[request.param].missing()) is not None:
        pytest.skip(f"the plugin cannot be run: {reason}")
    return Service.make(request.param, tmp_path)
