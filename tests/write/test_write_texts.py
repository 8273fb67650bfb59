"""Changes of one file that are asked one after another, and made together."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
import yaml

from scopedown.write.texts import Texts

FILE = "service: s\nprovider:\n  name: aws\nfunctions:\n  save:\n    handler: app.save\n"
SETTINGS = {
    ("plugins",): ["one"],
    ("functions", "list"): {"handler": "app.list"},
    ("functions", "save", "role"): "SaveRole",
    ("functions", "save", "tracing"): "Active",
}


@pytest.mark.parametrize("order", list(permutations(SETTINGS)), ids=lambda order: "-".join(one[-1] for one in order))
def test_settings_that_all_stand_last_come_out_in_any_order(tmp_path: Path, order: tuple[tuple[str, ...], ...]) -> None:
    (tmp_path / "serverless.yml").write_bytes(FILE.encode())
    texts = Texts(tmp_path)
    for path in order:
        texts.set("serverless.yml", path, SETTINGS[path])
    (change,) = texts.changes()
    assert yaml.safe_load(change.after) == {
        "service": "s",
        "provider": {"name": "aws"},
        "functions": {
            "save": {"handler": "app.save", "role": "SaveRole", "tracing": "Active"},
            "list": {"handler": "app.list"},
        },
        "plugins": ["one"],
    }
