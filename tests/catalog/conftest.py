from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from scopedown.catalog.load import SqliteCatalog, catalog

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def facts() -> SqliteCatalog:
    return cast(SqliteCatalog, catalog())


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
