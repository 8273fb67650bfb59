"""Where code comes from: the folder that a function is packaged from, its layers, and code in the template itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.core.place import Place
from scopedown.source.sources import Sources

STORE = "import boto3\ntable = boto3.resource('dynamodb').Table('{name}')\n"


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_py", ".py").replace("_js", ".js")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def operations(sources: Sources, file: str) -> list[tuple[str, str]]:
    report = find_calls(sources, catalog(), {}, file, "handler")
    return [(call.operation, str(call.place)) for call in report.calls]


def test_an_absolute_import_begins_at_the_folder_that_the_function_is_packaged_from(tmp_path: Path) -> None:
    write(
        tmp_path,
        a__store_py=STORE.format(name="a"),
        b__store_py=STORE.format(name="b"),
        a__app_py="from store import table\ndef handler(event, context):\n    table.get_item(Key={})\n",
    )
    report = find_calls(Sources(str(tmp_path), "a"), catalog(), {}, "a/app.py", "handler")
    assert report.files == ("a/app.py", "a/store.py")
    report = find_calls(Sources(str(tmp_path), "b"), catalog(), {}, "a/app.py", "handler")
    assert report.files == ("a/app.py", "b/store.py")


def test_python_code_of_a_layer_is_followed(tmp_path: Path) -> None:
    write(
        tmp_path,
        layers__shared__python__store_py=STORE.format(name="t"),
        src__app_py="from store import table\ndef handler(event, context):\n    table.put_item(Item={})\n",
    )
    sources = Sources(str(tmp_path), "src", ["layers/shared"])
    assert operations(sources, "src/app.py") == [("PutItem", "src/app.py:3:5")]


@pytest.mark.parametrize(
    ("name", "code", "whole"),
    [
        ("sharp", "module.exports = () => eval('x').get(y)", True),
        ("sharp", "const aws = require('aws-sdk'); module.exports = () => eval('x').get(y)", False),
        ("acme", "module.exports = () => eval('x').get(y)", False),
    ],
)
def test_a_bundle_of_a_known_package_without_a_manifest_is_that_package(
    tmp_path: Path, name: str, code: str, whole: bool
) -> None:
    folder = tmp_path / "layer/nodejs/node_modules" / name
    folder.mkdir(parents=True)
    (folder / "index.js").write_text(code)
    write(tmp_path, src__app_js=f"require('aws-sdk'); const one = require('{name}'); exports.handler = () => one(1);")
    report = find_calls(Sources(str(tmp_path), "src", ["layer"]), catalog(), {}, "src/app.js", "handler")
    assert (report.unseen == ()) is whole


def test_javascript_code_of_a_layer_is_followed_by_its_path_on_lambda(tmp_path: Path) -> None:
    write(
        tmp_path,
        layer__nodejs__store_js="const { S3 } = require('@aws-sdk/client-s3'); exports.s3 = new S3();",
        src__app_js="const { s3 } = require('/opt/nodejs/store');\n"
        "exports.handler = () => s3.getObject({Bucket: 'b', Key: 'k'});",
    )
    assert operations(Sources(str(tmp_path), "src", ["layer"]), "src/app.js") == [("GetObject", "src/app.js:2:25")]


def test_a_path_in_a_layer_that_is_not_known_means_the_only_file_that_fits(tmp_path: Path) -> None:
    write(
        tmp_path,
        layer__nodejs__store_js="const { S3 } = require('@aws-sdk/client-s3'); exports.s3 = new S3();",
        src__app_js="const { s3 } = require('/opt/nodejs/store');\n"
        "exports.handler = () => s3.getObject({Bucket: 'b', Key: 'k'});",
    )
    report = find_calls(Sources(str(tmp_path), "src"), catalog(), {}, "src/app.js", "handler")
    assert [call.name for call in report.calls] == ["s3.GetObject"]
    assert [(one.code, str(one.place)) for one in report.findings] == [("module-elsewhere", "src/app.js:1:16")]
    write(tmp_path, other__nodejs__store_js="exports.s3 = 1;")
    assert operations(Sources(str(tmp_path), "src"), "src/app.js") == []


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_code_in_a_template_is_placed_in_the_template(tmp_path: Path, ending: str) -> None:
    sources = Sources(str(tmp_path))
    code = ending.join(["import boto3", "def handler(event, context):", "    boto3.client('s3').list_buckets()"])
    sources.add_inline("template.yaml#Fn/index.py", code, Place("template.yaml", 12, 11))
    assert operations(sources, "template.yaml#Fn/index.py") == [("ListBuckets", "template.yaml:14:5")]


def test_a_syntax_error_of_code_in_a_template_is_placed_in_the_template(tmp_path: Path) -> None:
    sources = Sources(str(tmp_path))
    sources.add_inline("template.yaml#Fn/index.py", "x = 1\ndef handler(:\n", Place("template.yaml", 12, 11))
    report = find_calls(sources, catalog(), {}, "template.yaml#Fn/index.py", "handler")
    assert next((one.code, one.place.line) for one in report.findings if one.place) == ("source-syntax", 13)
