"""Modules whose names are computed: every one that the name may mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.core.coverage import Cause
from scopedown.source.resolve import listing as modules_listing
from scopedown.source.sources import Sources

FILES = {
    "jobs/__init__.py": "",
    "jobs/load.py": "import boto3\n\ndef run(key):\n    boto3.client('s3').get_object(Bucket='b', Key=key)\n",
    "jobs/deep/__init__.py": "",
    "jobs/deep/drop.py": "import boto3\n\ndef run(key):\n    boto3.client('s3').delete_object(Bucket='b', Key=key)\n",
    "jobs/test_load.py": "import boto3\n\ndef run(key):\n    boto3.client('s3').list_buckets()\n",
    "other/load.py": "import boto3\n\ndef run(key):\n    boto3.client('s3').put_object(Bucket='b', Key=key)\n",
}
BOTH = ["s3.DeleteObject", "s3.GetObject"]
CLIENT = "const { S3 } = require('@aws-sdk/client-s3');\n"
JS_FILES = {
    "jobs/load.js": CLIENT + "exports.run = (Key) => new S3({}).getObject({ Bucket: 'b', Key });\n",
    "jobs/deep/index.js": CLIENT + "exports.run = (Key) => new S3({}).deleteObject({ Bucket: 'b', Key });\n",
    "jobs/load.test.js": CLIENT + "exports.run = (Key) => new S3({}).listBuckets({});\n",
    "other/load.js": CLIENT + "exports.run = (Key) => new S3({}).putObject({ Bucket: 'b', Key });\n",
}


def report_on(folder: Path, files: Mapping[str, str], file: str, **environment: str) -> CallReport:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return find_calls(Sources(str(folder)), catalog(), {}, file, "handler", environment)


def found(report: CallReport) -> list[str]:
    return sorted({call.name for call in report.calls})


def doubts(report: CallReport) -> list[str]:
    return [one.what for one in report.unseen]


@pytest.mark.parametrize(
    "load",
    [
        "importlib.import_module('jobs.' + event['name'])",
        "importlib.import_module(f\"jobs.{event['name']}\")",
        "importlib.import_module('jobs.%s' % event['name'])",
        "importlib.import_module('jobs.{}'.format(event['name']))",
        "importlib.import_module('.' + event['name'], package='jobs')",
        "__import__('jobs.' + event['name'], fromlist=['run'])",
        "loaded(os.path.join(os.path.dirname(__file__), 'jobs', event['name'] + '.py'))",
        "loaded(glob.glob(os.path.join(os.path.dirname(__file__), 'jobs', '**', '*.py'))[0])",
        "loaded(next(Path(__file__).parent.joinpath('jobs').rglob('*.py')))",
    ],
)
def test_every_module_of_the_package_is_loaded(tmp_path: Path, load: str) -> None:
    source = f"""import glob, importlib, importlib.util, os
from pathlib import Path

def loaded(path):
    spec = importlib.util.spec_from_file_location("job", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

def handler(event, context):
    module = {load}
    module.run(event["key"])
"""
    report = report_on(tmp_path, {**FILES, "app.py": source}, "app.py")
    assert found(report) == BOTH and doubts(report) == []


def test_plugins_that_register_themselves_are_loaded(tmp_path: Path) -> None:
    files = {
        "plugins/__init__.py": "import importlib, pkgutil\nfor _, name, _ in pkgutil.iter_modules(__path__):\n"
        "    importlib.import_module(f'{__name__}.{name}')\n",
        "plugins/load.py": "import boto3\nfrom registry import register\n\n@register\ndef load():\n"
        "    boto3.client('s3').list_buckets()\n",
        "registry.py": "TABLE = {}\n\ndef register(job):\n    TABLE[job.__name__] = job\n    return job\n",
        "app.py": "import plugins, registry\n\ndef handler(event, context):\n    registry.TABLE[event['name']]()\n",
    }
    report = report_on(tmp_path, files, "app.py")
    assert found(report) == ["s3.ListBuckets"] and doubts(report) == []


@pytest.mark.parametrize("every", ["['load', 'deep']", "[name for name in os.listdir('.')]"])
def test_a_star_import_loads_what_the_package_lists(tmp_path: Path, every: str) -> None:
    source = "from jobs import *\n\ndef handler(event, context):\n    load.run('k')\n"
    report = report_on(
        tmp_path, {**FILES, "jobs/__init__.py": f"import os\n__all__ = {every}\n", "app.py": source}, "app.py"
    )
    assert found(report) == ["s3.GetObject"]


@pytest.mark.parametrize(
    "load",
    [
        "require('./jobs/' + event.name)",
        "require(`./jobs/${event.name}.js`)",
        "require('./jobs/'.concat(event.name))",
        "require(path.join(__dirname, 'jobs', event.name))",
        "require(path.resolve('jobs', event.name))",
        "require(require.resolve('./jobs/' + event.name))",
        "(await import(`./jobs/${event.name}`))",
        "(await import('./jobs/' + event.name)).default",
        "require.context('./jobs', true, /js$/)(event.name)",
        "createRequire(import.meta.url)('./jobs/' + event.name)",
    ],
)
def test_every_module_of_the_folder_is_loaded(tmp_path: Path, load: str) -> None:
    source = f"""const path = require('path'); const {{ createRequire }} = require('module');
exports.handler = async (event) => {{ const job = {load}; return job.run(event.key); }};
"""
    report = report_on(tmp_path, {**JS_FILES, "app.js": source}, "app.js")
    assert found(report) == BOTH and doubts(report) == []


@pytest.mark.parametrize(
    "load",
    [
        "fs.readdirSync(dir).forEach((file) => { Object.assign(all, require(path.join(dir, file))); });",
        "for (const file of fs.readdirSync(dir)) { Object.assign(all, require(`${dir}/${file}`)); }",
        "fs.readdirSync(dir).map((file) => require(path.join(dir, file))).forEach((one) => { all.run = one.run; });",
        "const files = require.context('./jobs'); files.keys().forEach((key) => Object.assign(all, files(key)));",
    ],
)
def test_a_loader_over_a_folder(tmp_path: Path, load: str) -> None:
    source = f"""const fs = require('fs'); const path = require('path');
const dir = path.join(__dirname, 'jobs'); const all = {{}};
{load}
exports.handler = (event) => all.run(event.key);
"""
    report = report_on(tmp_path, {**JS_FILES, "app.js": source}, "app.js")
    assert found(report) == BOTH and doubts(report) == []


def test_a_variable_of_the_function_that_names_a_module_is_known(tmp_path: Path) -> None:
    source = "exports.handler = (event) => require('./jobs/' + process.env.JOB).run(event.key);"
    report = report_on(tmp_path, {**JS_FILES, "app.js": source}, "app.js", JOB="load")
    assert found(report) == ["s3.GetObject"] and doubts(report) == []


def test_the_default_of_a_commonjs_module_is_what_it_exports(tmp_path: Path) -> None:
    source = "exports.handler = async () => { const { default: it } = await import('./jobs/load.js'); it.run('k'); };"
    assert found(report_on(tmp_path, {**JS_FILES, "app.js": source}, "app.js")) == ["s3.GetObject"]


def test_settings_by_stage_are_data(tmp_path: Path) -> None:
    source = CLIENT + (
        "const settings = require('./settings/' + process.env.STAGE + '.json');\n"
        "exports.handler = () => new S3({}).getObject({ Bucket: settings.bucket, Key: 'k' });\n"
    )
    files = {"settings/dev.json": '{"bucket": "d"}', "settings/prod.json": '{"bucket": "p"}', "app.js": source}
    report = report_on(tmp_path, files, "app.js")
    assert found(report) == ["s3.GetObject"] and doubts(report) == []
    assert "d" in str(report.calls[0].arguments["Bucket"]) and "p" in str(report.calls[0].arguments["Bucket"])


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("app.js", "exports.handler = (event) => require(event.name).run();"),
        ("app.js", "exports.handler = (event) => require('./gone/' + event.name).run();"),
        ("app.py", "import importlib\ndef handler(event, context):\n    importlib.import_module(event['n']).run()\n"),
        (
            "app.py",
            "import importlib\ndef handler(event, context):\n    importlib.import_module('gone.' + event['n'])\n",
        ),
    ],
)
def test_where_no_module_can_be_listed_the_code_was_not_seen(tmp_path: Path, file: str, source: str) -> None:
    report = report_on(tmp_path, {**FILES, **JS_FILES, file: source}, file)
    assert found(report) == [] and [one.cause for one in report.unseen][:1] == [Cause.DISPATCH]


def test_where_there_are_too_many_the_rest_was_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modules_listing, "MAX_MODULES", 1)
    source = "exports.handler = (event) => require('./jobs/' + event.name).run(event.key);"
    report = report_on(tmp_path, {**JS_FILES, "app.js": source}, "app.js")
    assert doubts(report) == ["./jobs/… may load more modules than the 1 that scopedown read"]


def test_links_in_the_folder_do_not_lead_out(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/load.js").write_text(JS_FILES["other/load.js"])
    inside = tmp_path / "inside"
    (inside / "jobs").mkdir(parents=True)
    (inside / "jobs/out").symlink_to(tmp_path / "outside", target_is_directory=True)
    (inside / "jobs/back").symlink_to(inside, target_is_directory=True)
    (inside / "jobs/file.js").symlink_to(tmp_path / "outside/load.js")
    source = "exports.handler = (event) => require('./jobs/' + event.name).run(event.key);"
    assert found(report_on(inside, {**JS_FILES, "app.js": source}, "app.js")) == BOTH
