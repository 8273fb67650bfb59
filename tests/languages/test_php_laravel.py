# ruff: noqa: E501
"""What Laravel calls by the drivers of an application's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from calls.conftest import words
from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

PROJECT = {
    "public/index.php": "<?php\n$app = require __DIR__ . '/../bootstrap/app.php';\n$app->make('kernel')->handle();",
    "bootstrap/app.php": "<?php\nreturn new Illuminate\\Foundation\\Application(dirname(__DIR__));",
    "composer.json": '{"autoload": {"psr-4": {"App\\\\": "app/"}}}',
    "config/cache.php": "<?php\nreturn ['default' => env('CACHE_DRIVER', 'file'), 'stores' => ['file' => ['driver' => 'file'], "
    "'dynamodb' => ['driver' => 'dynamodb', 'table' => env('DYNAMODB_CACHE_TABLE', 'cache')]]];",
    "config/session.php": "<?php\nreturn ['driver' => env('SESSION_DRIVER', 'file')];",
    "config/filesystems.php": "<?php\nreturn ['default' => env('FILESYSTEM_DISK', 'local'), 'disks' => ['local' => ['driver' => 'local'], "
    "'s3' => ['driver' => 's3', 'bucket' => env('AWS_BUCKET')], 'other' => ['driver' => 's3', 'bucket' => 'b']]];",
    "config/mail.php": "<?php\nreturn ['default' => env('MAIL_MAILER', 'smtp'), 'mailers' => ['ses' => ['transport' => 'ses']]];",
    "app/Http/Kernel.php": "<?php\nnamespace App\\Http;\nclass Kernel extends \\Illuminate\\Foundation\\Http\\Kernel {\n"
    " protected $middlewareGroups = ['web' => [\\Illuminate\\Session\\Middleware\\StartSession::class],\n"
    "  'api' => [\n   // 'throttle:api',\n  ]];\n protected $routeMiddleware = ['throttle' => \\Illuminate\\Routing\\Middleware\\ThrottleRequests::class]; }",
}
TABLE = "TableName=${env:DYNAMODB_CACHE_TABLE}"


def answered(folder: Path, route: str, environment: Mapping[str, str], **changed: str) -> list[str]:
    """The calls of an application with this route."""
    code = (
        "<?php\nuse Illuminate\\Support\\Facades\\{Cache, Mail, Route, Storage};\nRoute::get('/', function () { "
        + route
        + " });"
    )
    for name, text in {**PROJECT, "routes/web.php": code, **changed}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    found = find_calls(Sources(str(folder)), catalog(), {}, "public/index.php", "", environment)
    return [words(call) for call in found.calls]


@pytest.mark.parametrize(("route", "environment", "expected"), [
    ("Cache::put('k', 1);", {"CACHE_DRIVER": "dynamodb"}, [f"dynamodb.PutItem {TABLE}"]),
    ("Cache::put('k', 1);", {"CACHE_DRIVER": "redis"}, []),
    ("Cache::put('k', 1);", {}, []),
    ("cache('k');", {"CACHE_DRIVER": "dynamodb"}, [f"dynamodb.GetItem {TABLE}"]),
    ("Cache::store('dynamodb')->increment('k');", {}, [f"dynamodb.UpdateItem {TABLE}"]),
    ("Cache::store('file')->increment('k');", {"CACHE_DRIVER": "dynamodb"}, []),
    ("Cache::remember('k', 60, fn() => Cache::forget('x'));", {"CACHE_DRIVER": "dynamodb"},
     [f"dynamodb.DeleteItem {TABLE}", f"dynamodb.GetItem {TABLE}", f"dynamodb.PutItem {TABLE}"]),
    ("", {"SESSION_DRIVER": "dynamodb"},
     [f"dynamodb.DeleteItem {TABLE}", f"dynamodb.GetItem {TABLE}", f"dynamodb.PutItem {TABLE}"]),
    ("", {"SESSION_DRIVER": "cookie", "CACHE_DRIVER": "dynamodb"}, []),
    ("Storage::get('k');", {"FILESYSTEM_DISK": "s3"}, ["s3.GetObject Bucket=${env:AWS_BUCKET} Key=k"]),
    ("Storage::get('k');", {}, []),
    ("$d = Storage::disk('other'); $d->put('k', 'x'); $d->exists('k');", {},
     ["s3.HeadObject Bucket=b Key=k", "s3.PutObject Bucket=b Key=k"]),
    ("Storage::disk('local')->put('k', 'x');", {"FILESYSTEM_DISK": "s3"}, []),
    ("Mail::to($x)->send(new Thing());", {"MAIL_MAILER": "ses"}, ["ses.SendRawEmail"]),
    ("Mail::to($x)->send(new Thing());", {}, []),
])  # fmt: skip
def test_drivers_of_the_configuration(
    route: str, environment: Mapping[str, str], expected: list[str], tmp_path: Path
) -> None:
    assert sorted(answered(tmp_path, route, environment)) == expected


def test_requests_are_counted_where_the_middleware_says_so(tmp_path: Path) -> None:
    kernel = PROJECT["app/Http/Kernel.php"].replace("// 'throttle", "'throttle")
    found = answered(tmp_path, "", {"CACHE_DRIVER": "dynamodb"}, **{"app/Http/Kernel.php": kernel})
    assert sorted(one.split()[0].partition(".")[2] for one in found) == [
        "DeleteItem",
        "GetItem",
        "PutItem",
        "UpdateItem",
    ]
