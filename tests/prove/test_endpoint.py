"""Every copy of version 2 of the AWS SDK asks the local AWS: the framework's own, and that of a plugin."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scopedown.prove.command_lines import PRELOAD

SDK = {
    "index.js": "module.exports = require('./global');",
    "global.js": "const config = {update(more) { Object.assign(config, more); }}; module.exports = {config};",
    "clients/s3.js": "module.exports = class S3 { shouldDisableBodySigning() { return false; } };",
    "clients/ec2.js": "module.exports = class EC2 {};",
}
ASK = "require('aws-sdk/clients/ec2'); console.log(require('aws-sdk').config.endpoint);"
S3 = "require('aws-sdk'); const S3 = require('aws-sdk/clients/s3'); console.log(new S3().shouldDisableBodySigning());"


def copy_of_the_sdk(folder: Path, program: str) -> None:
    for name, text in SDK.items():
        file = folder / "node_modules" / "aws-sdk" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (folder / "index.js").write_text(program)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="node was not found")
def test_the_sdk_of_a_plugin_asks_the_local_aws_as_that_of_the_framework_does(tmp_path: Path) -> None:
    plugin = tmp_path / "node_modules" / "plugin"
    copy_of_the_sdk(plugin, ASK)
    copy_of_the_sdk(tmp_path, f"{ASK} require('plugin'); {S3}")
    environment = {**os.environ, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    done = subprocess.run(
        ["node", "-r", str(PRELOAD), "index.js"], cwd=tmp_path, env=environment, capture_output=True, text=True,
        timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["http://127.0.0.1:9", "http://127.0.0.1:9", "true"]
