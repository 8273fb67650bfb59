"""What builds lay beside a function's code: by a Makefile of SAM, by a plugin that packages folders from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.project.load import load_project
from scopedown.project.options import Options
from scopedown.scan import FunctionScan, scan

CALLS = "import boto3\ndef get():\n    boto3.client('s3').get_object(Bucket='b', Key='k')\n"
APP = "from shared import store\ndef run(event, context):\n    store.get()\n"


def scanned(root: Path, files: dict[str, str], folder: str = "svc") -> FunctionScan:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / ".git").mkdir()
    return scan(load_project(root / folder, Options()), catalog()).functions[0]


def calls(one: FunctionScan) -> list[str]:
    return [call.name for call in one.report.calls]


SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Common:
    Type: AWS::Serverless::LayerVersion
    Metadata: {BuildMethod: makefile}
    Properties: {ContentUri: layer, CompatibleRuntimes: [python3.12]}
  Fn:
    Type: AWS::Serverless::Function
    METADATA
    Properties: {CodeUri: fn, Handler: app.run, Runtime: python3.12, Layers: [LAYERS]}
"""
NAMES = {"fn/one/shared/store.py": "def get(): pass\n", "other/shared/store.py": "def get(): pass\n"}
"""Folders of the same names, so that no search for the only one finds what was laid."""


def test_a_function_that_a_makefile_builds(tmp_path: Path) -> None:
    make = "build-Fn:\n\tcp handler.py $(ARTIFACTS_DIR)/app.py\n\tcp -r ../../libs/shared $(ARTIFACTS_DIR)\n"
    files = {
        "svc/template.yaml": SAM.replace("METADATA", "Metadata: {BuildMethod: makefile}").replace("LAYERS", ""),
        "svc/fn/Makefile": make, "svc/fn/handler.py": APP, "libs/shared/__init__.py": "", "libs/shared/store.py": CALLS,
        **NAMES,
    }  # fmt: skip
    one = scanned(tmp_path, files)
    assert one.function.handler is not None
    assert one.function.handler.file == "fn/handler.py"
    assert one.function.search == ("../libs",)
    assert calls(one) == ["s3.GetObject"]


@pytest.mark.parametrize(
    "recipe",
    [
        'cp -r ../../libs/shared "$(ARTIFACTS_DIR)/python"',
        "mkdir -p $(ARTIFACTS_DIR)/python/shared\n\tcp ../../libs/shared/*.py $(ARTIFACTS_DIR)/python/shared",
        "mkdir -p $(ARTIFACTS_DIR)/python\n\tcp -r ../../libs/* $(ARTIFACTS_DIR)/python/",
        "pip install ../../libs -t $(ARTIFACTS_DIR)/python",
    ],
)
def test_a_layer_that_a_makefile_builds(recipe: str, tmp_path: Path) -> None:
    files = {
        "svc/template.yaml": SAM.replace("METADATA", "").replace("LAYERS", "!Ref Common"),
        "svc/layer/Makefile": f"build-Common:\n\tmkdir -p $(ARTIFACTS_DIR)/python\n\t{recipe}\n", "svc/fn/app.py": APP,
        "libs/shared/__init__.py": "", "libs/shared/store.py": CALLS, **NAMES,
    }  # fmt: skip
    one = scanned(tmp_path, files)
    assert calls(one) == ["s3.GetObject"]
    assert one.coverage.is_whole


def test_folders_that_serverless_package_external_lays_into_the_package(tmp_path: Path) -> None:
    service = (
        "service: s\nprovider: {name: aws, runtime: python3.12}\nplugins: [serverless-package-external]\n"
        "custom: {packageExternal: {external: [../libs/shared]}}\nfunctions: {f: {handler: app.run}}\n"
    )
    files = {"svc/serverless.yml": service, "svc/app.py": APP, "libs/shared/store.py": CALLS, **NAMES}
    one = scanned(tmp_path, files)
    assert one.function.search == ("../libs",)
    assert calls(one) == ["s3.GetObject"]


JS = "const { get } = require('PLACE')\nexports.run = async () => get()\n"
STORE = (
    "const { S3Client, GetObjectCommand } = require('@aws-sdk/client-s3')\n"
    "exports.get = () => new S3Client({}).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))\n"
)


@pytest.mark.parametrize(
    ("place", "recipe"),
    [
        ("./shared/store", "cp -r ../../libs/shared $(ARTIFACTS_DIR)"),
        ("/opt/nodejs/shared/store", "cp -r ../../libs/shared $(ARTIFACTS_DIR)/nodejs"),
        ("shared/store", "cp -r ../../libs/shared $(ARTIFACTS_DIR)/nodejs/node_modules"),
    ],
)
def test_modules_of_node_that_a_makefile_lays(place: str, recipe: str, tmp_path: Path) -> None:
    own = place.startswith(".")
    template = SAM.replace("METADATA", "Metadata: {BuildMethod: makefile}" if own else "")
    template = template.replace("LAYERS", "" if own else "!Ref Common").replace("python3.12", "nodejs20.x")
    folders = "$(ARTIFACTS_DIR)/nodejs/node_modules"
    files = {
        "svc/template.yaml": template,
        "svc/layer/Makefile": f"build-Common:\n\tmkdir -p {folders}\n\t{recipe}\n",
        "svc/fn/app.js": JS.replace("PLACE", place),
        "svc/fn/Makefile": f"build-Fn:\n\tcp app.js $(ARTIFACTS_DIR)\n\tmkdir -p $(ARTIFACTS_DIR)/x\n\t{recipe}/\n",
        "libs/shared/store.js": STORE, "other/shared/store.js": "exports.get = 1",
        "fn/shared/store.js": "exports.get = 1",
    }  # fmt: skip
    assert calls(scanned(tmp_path, files)) == ["s3.GetObject"]
