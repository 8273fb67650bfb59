# ruff: noqa: E501
"""What Laravel's container, events, uploads and notifications lead to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from calls.conftest import words
from scopedown.calls.find import find_calls
from scopedown.calls.model import DECLARED
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

PUBLISHER = "sns.Publish TopicArn=${env:TOPIC}"
SENT = "sqs.SendMessage QueueUrl=${env:SQS_QUEUE}"
PROJECT = {
    "public/index.php": "<?php\n$app = require __DIR__ . '/../bootstrap/app.php';\n$app->make('kernel')->handle();",
    "bootstrap/app.php": "<?php\nuse Illuminate\\Foundation\\Application;\nreturn Application::configure(basePath: dirname(__DIR__))->create();",
    "bootstrap/providers.php": "<?php\nreturn [App\\Providers\\SnsProvider::class];",
    "composer.json": '{"autoload": {"psr-4": {"App\\\\": "app/"}}, "require": {"bref/secrets-loader": "^1.0"}}',
    "app/Models/U.php": "<?php\nnamespace App\\Models;\nclass U extends \\BaoPham\\DynamoDb\\DynamoDbModel { protected $table = 'users'; }",
    "config/services.php": "<?php\nreturn ['sns' => ['topic' => env('TOPIC')]];",
    "config/queue.php": "<?php\nreturn ['default' => env('QUEUE_CONNECTION', 'sync'), 'connections' => ['sync' => ['driver' => 'sync'], 'sqs' => ['driver' => 'sqs', 'queue' => env('SQS_QUEUE')]]];",
    "config/filesystems.php": "<?php\nreturn ['default' => 'local', 'disks' => ['local' => ['driver' => 'local'], 's3' => ['driver' => 's3', 'bucket' => env('AWS_BUCKET')]]];",
    "config/mail.php": "<?php\nreturn ['default' => env('MAIL_MAILER', 'smtp'), 'mailers' => ['ses' => ['transport' => 'ses']]];",
    "app/Publisher.php": "<?php\nnamespace App;\nclass Publisher { public function __construct(private $client, private string $topic) {}\n"
    " public function publish() { $this->client->publish(['TopicArn' => $this->topic]); } }",
    "app/Providers/SnsProvider.php": "<?php\nnamespace App\\Providers;\nclass SnsProvider extends \\Illuminate\\Support\\ServiceProvider {\n"
    " public function register(): void { $this->app->singleton(\\App\\Publisher::class, fn ($app) => new \\App\\Publisher(new \\Aws\\Sns\\SnsClient([]), $app->config->get('services.sns.topic'))); } }",
    "app/Http/Home.php": "<?php\nnamespace App\\Http;\nclass Home { public function show(\\App\\Publisher $publisher) { $publisher->publish(); } }",
    "app/Jobs/Work.php": "<?php\nnamespace App\\Jobs;\nclass Work implements \\Illuminate\\Contracts\\Queue\\ShouldQueue { use \\Illuminate\\Foundation\\Bus\\Dispatchable; public function handle(\\App\\Publisher $p) { $p->publish(); } }",
    "app/Jobs/Now.php": "<?php\nnamespace App\\Jobs;\nclass Now { use \\Illuminate\\Foundation\\Bus\\Dispatchable; public function handle(\\App\\Publisher $p) { $p->publish(); } }",
    "app/Events/Shipped.php": "<?php\nnamespace App\\Events;\nclass Shipped { use \\Illuminate\\Foundation\\Events\\Dispatchable; }",
    "app/Listeners/Tell.php": "<?php\nnamespace App\\Listeners;\nuse App\\Events\\Shipped;\nclass Tell { public function __construct(private \\App\\Publisher $p) {} public function handle(Shipped $event) { $this->p->publish(); } }",
    "app/Notifications/Paid.php": "<?php\nnamespace App\\Notifications;\nclass Paid extends \\Illuminate\\Notifications\\Notification { public function toMail($to) {} }",
}


def answered(folder: Path, route: str, environment: Mapping[str, str], **changed: str) -> list[str]:
    """The calls of an application with this route."""
    code = (
        "<?php\nuse Illuminate\\Support\\Facades\\{Notification, Route, Storage};\nuse Illuminate\\Http\\Request;\nuse App\\{Events\\Shipped, Jobs\\Now, Jobs\\Work, Publisher};\n"
        + route
    )
    for name, text in {**PROJECT, "routes/web.php": code, **changed}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    found = find_calls(Sources(str(folder)), catalog(), {}, "public/index.php", "", environment)
    return sorted({words(call) for call in found.calls})


@pytest.mark.parametrize(("route", "environment", "expected"), [
    ("Route::get('/', [App\\Http\\Home::class, 'show']);", {}, [PUBLISHER]),
    ("Route::get('/', fn (Publisher $p) => $p->publish());", {}, [PUBLISHER]),
    ("Route::get('/', fn () => app(Publisher::class)->publish());", {}, [PUBLISHER]),
    ("Route::get('/', fn () => (new Aws\\Sns\\SnsClient([]))->publish(['TopicArn' => config('services.sns.topic')]));", {}, [PUBLISHER]),
    ("Route::get('/', fn () => Work::dispatch());", {"QUEUE_CONNECTION": "sqs"}, [SENT]),
    ("Route::get('/', fn () => dispatch(new Work()));", {"QUEUE_CONNECTION": "sqs"}, [SENT]),
    ("Route::get('/', fn () => Work::dispatch());", {}, [PUBLISHER]),
    ("Route::get('/', fn () => Work::dispatch());", {"QUEUE_CONNECTION": "database"}, []),
    ("Route::get('/', fn () => Now::dispatch());", {"QUEUE_CONNECTION": "sqs"}, [PUBLISHER]),
    ("Route::get('/', fn () => Work::dispatch()->onConnection('sqs'));", {"QUEUE_CONNECTION": "database"}, [SENT]),
    ("Route::get('/', fn () => Illuminate\\Support\\Facades\\Queue::connection('sqs')->push(new Work()));", {}, [SENT]),
    ("Route::get('/', fn () => app('aws')->createClient('sns')->publish(['TopicArn' => 't']));", {}, ["sns.Publish TopicArn=t"]),
    ("Route::get('/', fn () => App\\Models\\U::find(1));", {}, ["dynamodb.GetItem TableName=users"]),
    ("Route::get('/', fn () => App\\Models\\U::where('a', 1)->get());", {}, ["dynamodb.Query TableName=users", "dynamodb.Scan TableName=users"]),
    ("Route::get('/', fn () => Storage::build(['driver' => 's3', 'bucket' => 'b'])->get('k'));", {}, ["s3.GetObject Bucket=b Key=k"]),
    ("Illuminate\\Support\\Facades\\Schedule::job(new Work())->daily();", {"QUEUE_CONNECTION": "sqs"}, [SENT]),
    ("", {"KEY": "bref-ssm:/a/b"}, ["ssm.GetParameters Names=[/a/b] WithDecryption=True"]),
    ("Route::get('/', fn () => event(new Shipped()));", {}, [PUBLISHER]),
    ("Route::get('/', fn () => Shipped::dispatch());", {}, [PUBLISHER]),
    ("Route::get('/', function (Request $r) { $r->file('x')->store('photos', 's3'); });", {}, ["s3.PutObject Bucket=${env:AWS_BUCKET} Key=*"]),
    ("Route::get('/', function (Request $r) { $r->file('x')->store('photos'); });", {}, []),
    ("Route::get('/', fn () => Notification::send([], new App\\Notifications\\Paid()));", {"MAIL_MAILER": "ses"}, ["ses.SendRawEmail"]),
    ("Route::get('/', fn () => Notification::send([], new App\\Notifications\\Paid()));", {}, []),
])  # fmt: skip
def test_a_route_calls(route: str, environment: Mapping[str, str], expected: list[str], tmp_path: Path) -> None:
    assert answered(tmp_path, route, environment) == expected


def test_a_committed_env_file_counts_where_the_function_has_no_such_variable(tmp_path: Path) -> None:
    route = "Route::get('/', fn () => Work::dispatch());"
    file = {".env": "QUEUE_CONNECTION=sqs\nSQS_QUEUE=work"}
    assert answered(tmp_path, route, {}, **file) == ["sqs.SendMessage QueueUrl=work"]
    assert answered(tmp_path, route, {"QUEUE_CONNECTION": "database"}, **file) == []
    assert answered(tmp_path, route, {DECLARED: "SQS_QUEUE="}, **file) == [SENT]


def test_lumen_has_its_router_at_hand(tmp_path: Path) -> None:
    assert answered(
        tmp_path, "$router->group([], function () use ($router) { $router->get('/', 'App\\Http\\Home@show'); });", {}
    ) == [PUBLISHER]


def test_a_page_that_names_a_driver_may_be_shown(tmp_path: Path) -> None:
    page = {
        "resources/views/home.blade.php": "{{-- Storage::get('a') --}}<b>{{ $x }}</b>{!! Storage::disk('s3')->get('b') !!}"
    }
    assert answered(tmp_path, "", {}, **page) == ["s3.GetObject Bucket=${env:AWS_BUCKET} Key=b"]


def test_components_and_middleware_are_asked(tmp_path: Path) -> None:
    body = "{ (new \\Aws\\S3\\S3Client([]))->listBuckets(); }"
    classes = {
        "app/Livewire/Up.php": f"<?php\nnamespace App\\Livewire;\nclass Up extends \\Livewire\\Component {{ public function save() {body} }}",
        "app/Http/Middleware/Count.php": f"<?php\nnamespace App\\Http\\Middleware;\nclass Count {{ public function handle($r, $next) {body.replace('listBuckets', 'getBucketAcl')} }}",
    }
    assert [one.split()[0] for one in answered(tmp_path, "", {}, **classes)] == ["s3.GetBucketAcl", "s3.ListBuckets"]


def test_a_file_below_the_application_is_found(tmp_path: Path) -> None:
    files = {"app/Providers/SnsProvider.php": "<?php\nnamespace App\\Providers;\nclass SnsProvider extends \\Illuminate\\Support\\ServiceProvider { public function boot() { require base_path('lib/more.php'); } }",
             "lib/more.php": "<?php\n(new Aws\\S3\\S3Client([]))->listBuckets();"}  # fmt: skip
    assert answered(tmp_path, "", {}, **files) == ["s3.ListBuckets"]
