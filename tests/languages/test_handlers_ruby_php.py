"""Functions of Ruby and PHP as their projects configure them, scanned from the configuration on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.coverage import Verdict
from scopedown.project.load import load_project
from scopedown.project.options import Options
from scopedown.scan import FunctionScan, scan

RUBY = "def handler(event:, context:)\n Aws::S3::Client.new.list_buckets\nend\n"
RUBY_CLASS = f"module A\n class B\n  def self.call(event:, context:)\n   {RUBY.splitlines()[1]}\n  end\n end\nend\n"
PHP = "<?php\nreturn function ($event) { (new Aws\\S3\\S3Client([]))->listBuckets(); };\n"
PHP_CLASS = "<?php\nnamespace App;\nclass H { function handle($e) { (new \\Aws\\S3\\S3Client([]))->listBuckets(); } }\n"
PHP_FUNCTION = "<?php\nfunction index($data) { (new Aws\\S3\\S3Client([]))->listBuckets(); }\n"
COMPOSER = '{"autoload": {"psr-4": {"App\\\\": "src/"}}}'


def scanned(root: Path, function: str, files: Mapping[str, str], plugins: str = "") -> FunctionScan:
    """The scan of the one function of a serverless.yml."""
    config = f"service: s\nprovider: {{name: aws, runtime: provided.al2}}\n{plugins}functions:\n  f:\n    {function}\n"
    for name, text in {"serverless.yml": config, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return scan(load_project(root, Options()), catalog()).functions[0]


@pytest.mark.parametrize(("function", "files"), [
    ("{handler: app.handler, runtime: ruby3.3}", {"app.rb": RUBY}),
    ("{handler: api/app.handler, runtime: ruby3.3}", {"api/app.rb": RUBY}),
    ("{handler: 'api/app.A::B.call', runtime: ruby3.3}", {"api/app.rb": RUBY_CLASS}),
    ("{handler: index.php, runtime: php-83}", {"index.php": PHP}),
    ("{handler: index.php, layers: ['${bref:layer.php-83}']}", {"index.php": PHP}),
    ("{handler: 'App\\H', runtime: php-83}", {"composer.json": COMPOSER, "src/H.php": PHP_CLASS}),
    ("{handler: index, layers: ['${bref:layer.php-83}']}", {"src/index.php": PHP_FUNCTION}),
])  # fmt: skip
def test_a_function_is_found_and_seen_whole(function: str, files: Mapping[str, str], tmp_path: Path) -> None:
    one = scanned(tmp_path, function, files, "plugins: [./vendor/bref/bref]\n" if "php" in str(files) else "")
    assert "s3:ListAllMyBuckets" in {permission.action for permission in one.permissions}
    assert one.coverage.verdict is Verdict.WHOLE, one.coverage.unseen


def test_a_handler_that_is_not_there_is_told(tmp_path: Path) -> None:
    one = scanned(tmp_path, "{handler: other.handler, runtime: ruby3.3}", {"app.rb": "x = 1"})
    assert one.coverage.verdict is not Verdict.WHOLE
