"""After a plugin that may change functions, no right is called unused, and none is taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

SERVICE = """\
service: shop
provider:
  name: aws
  runtime: nodejs20.x
  iam:
    role:
      statements:
        - Effect: Allow
          Action: [dynamodb:DeleteTable]
          Resource: '*'
plugins:
  - {plugin}
functions:
  hello:
    handler: hello.main
"""


@pytest.fixture
def service(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    (tmp_path / "serverless.yml").write_text(SERVICE.format(plugin=request.param))
    (tmp_path / "hello.js").write_text("exports.main = async () => 1;\n")
    return tmp_path


@pytest.mark.parametrize("service", ["serverless-unheard-of", "./plugins/own", "serverless-middleware"], indirect=True)
def test_after_a_plugin_that_was_not_read_nothing_is_called_unused_or_removed(service: Path) -> None:
    checked = run(".", cwd=service, command="check")
    assert "SD201" not in checked.stdout
    assert "SD302" in checked.stdout
    written = run("--diff", ".", cwd=service, command="write")
    assert "DeleteTable" not in written.stdout and "nothing to change" in written.stderr


@pytest.mark.parametrize("service", ["serverless-plugin-warmup", "serverless-offline"], indirect=True)
def test_a_plugin_that_was_read_leaves_unused_rights_to_be_called_so(service: Path) -> None:
    assert "SD201" in run(".", cwd=service, command="check").stdout
