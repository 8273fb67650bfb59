"""A layer that is not in the repository because a script fills it with packages holds no code of the project's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.project.code.handler_files import Sources
from scopedown.project.code.installed import holds_only_packages
from scopedown.project.load import Options, load_project

PIP = "mkdir -p deps/python\npip3 install -r requirements.txt -t deps/python\n"
NPM = "mkdir -p deps/nodejs && cp package.json deps/nodejs && cd deps/nodejs && npm ci --omit=dev"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in {".git/HEAD": "", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"layer.sh": PIP, "api/requirements.txt": "requests==2\n"}, True),
        ({"bin/layer.sh": "cd ~/w\npoetry export -o /tmp/all.txt\ncd api\npip install -r /tmp/all.txt -t deps"}, True),
        ({"Makefile": "layer:\n\tpip install requests jinja2 --target api/deps/python\n"}, True),
        ({"api/package.json": f'{{"dependencies": {{"uuid": "9"}}, "scripts": {{"layer": "{NPM}"}}}}'}, True),
        ({"api/package.json": f'{{"dependencies": {{"own": "file:../own"}}, "scripts": {{"layer": "{NPM}"}}}}'}, False),
        ({"api/layer.sh": PIP, "api/requirements.txt": "requests\n-e ../shared\n"}, False),
        ({"api/layer.sh": PIP, "api/requirements.txt": "own @ git+ssh://git@example.com/own.git\n"}, False),
        ({"api/layer.sh": PIP + "cp -r ../shared deps/python/shared\n", "shared/a.py": ""}, False),
        ({"api/layer.sh": PIP.replace("-r requirements.txt", "../shared"), "shared/setup.py": ""}, False),
        ({"api/layer.sh": PIP.replace("deps", "other")}, False),
        ({"web/layer.sh": PIP}, False),
        ({"api/layer.sh": "pip install -r requirements.txt\n"}, False),
        ({}, False),
    ],
)  # fmt: skip
def test_a_script_says_what_a_folder_is_filled_with(tmp_path: Path, files: dict[str, str], expected: bool) -> None:
    if "layer.sh" in files:
        files = {"api/layer.sh": files["layer.sh"], **{name: text for name, text in files.items() if "/" in name}}
    write(tmp_path, {"api/app.py": "", **files})
    assert holds_only_packages(Sources(tmp_path / "api"), "deps") is expected


SERVERLESS = """service: shop
provider: {name: aws, runtime: python3.12}
layers: {deps: {path: deps}}
functions: {f: {handler: app.run, layers: [{Ref: DepsLambdaLayer}]}}
"""
SAM = """Transform: AWS::Serverless-2016-10-31
Resources:
  Deps: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: deps}}
  F:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src, Handler: app.run, Runtime: python3.12, Layers: [!Ref Deps]}
"""


@pytest.mark.parametrize(("name", "text"), [("serverless.yml", SERVERLESS), ("template.yaml", SAM)])
def test_a_function_with_such_a_layer_is_seen(tmp_path: Path, name: str, text: str) -> None:
    code = "def run(event, context): pass"
    write(tmp_path, {name: text, "app.py": code, "src/app.py": code, "requirements.txt": "requests\n"})
    (function,) = load_project(tmp_path / name, Options()).functions
    assert [part.cause.value for part in function.unread] == ["layer"]
    (tmp_path / "layer.sh").write_text(PIP)
    (function,) = load_project(tmp_path / name, Options()).functions
    assert function.unread == ()
