# ruff: noqa: E501
"""What PHP programs call: their classes, closures, files and arrays, and the AWS SDK for PHP."""

from __future__ import annotations

from pathlib import Path

import pytest

from calls.conftest import words
from languages.program_calls import calls, report
from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

SDK = "new Aws\\DynamoDb\\DynamoDbClient([])"
GET = ["dynamodb.GetItem TableName=t Key={}"]


def handled(folder: Path, body: str, before: str = "", **files: str) -> list[str]:
    """The calls of a handler with this body."""
    source = f"<?php\n{before}\nreturn function ($event, $context) {{\n{body}\n}};"
    others = {name.replace("__", "/") + ".php": f"<?php\n{text}" for name, text in files.items()}
    composer = '{"autoload": {"psr-4": {"App\\\\": "src/"}}}'
    return calls(folder, {"index.php": source, "composer.json": composer, **others}, "")


@pytest.mark.parametrize("made", [
    "function client() { static $c = null; if ($c === null) { $c = {sdk}; } return $c; }",
    "class A { private static $c; static function get() { return self::$c ??= {sdk}; } }\n"
    "function client() { return A::get(); }",
    "class A { private $c; function __construct() { $this->c = {sdk}; } function c() { return $this->c; } }\n"
    "function client() { return (new A)->c(); }",
    "class A { function __construct(public readonly Aws\\DynamoDb\\DynamoDbClient $c) {} }\n"
    "function client() { return (new A({sdk}))->c; }",
    "trait T { private $c; function c() { return $this->c ??= {sdk}; } }\nclass A { use T; }\n"
    "function client() { return (new A)->c(); }",
    "class P { protected $c; function __construct($c) { $this->c = $c; } }\n"
    "class A extends P { function __construct() { parent::__construct({sdk}); } function c() { return $this->c; } }\n"
    "function client() { return (new A)->c(); }",
    "class A { static function make() { return new static(); } function c() { return {sdk}; } }\n"
    "function client() { return A::make()->c(); }",
    "class A { private $m = []; function __get($n) { return {sdk}; } }\nfunction client() { return (new A)->any; }",
    "class A { function __call($n, $a) { return {sdk}; } }\nfunction client() { return (new A)->any(1); }",
    "class A { function __invoke() { return {sdk}; } }\nfunction client() { $a = new A; return $a(); }",
    "function client() { return ['a' => {sdk}]['a']; }",
    "function client() { $make = fn() => {sdk}; return $make(); }",
    "function client() { return match (getenv('X')) { 'a' => {sdk}, default => {sdk} }; }",
    "function client() { return call_user_func(function () { return {sdk}; }); }",
    "class A { function c() { return {sdk}; } }\nfunction client() { return call_user_func([new A, 'c']); }",
    "class A { const C = 'Aws\\\\DynamoDb\\\\DynamoDbClient'; }\nfunction client() { return {sdk}; }",
    "function client() { try { return {sdk}; } catch (Exception $e) { return null; } }",
    "function client() { return (new Aws\\Sdk(['region' => getenv('AWS_REGION')]))->createDynamoDb(); }",
    "function client() { return (new Aws\\Sdk([]))->createClient('dynamodb'); }",
    "function client() { return Aws\\DynamoDb\\DynamoDbClient::factory([]); }",
])  # fmt: skip
def test_a_client_is_followed_from_where_it_is_made(made: str, tmp_path: Path) -> None:
    body = "client()->getItem(['TableName' => 't', 'Key' => []]);"
    assert handled(tmp_path, body, made.replace("{sdk}", SDK)) == GET


@pytest.mark.parametrize(("name", "shown"), [
    ("$_ENV['T']", "${env:T}"), ("$_SERVER['T']", "${env:T}"), ("getenv('T')", "${env:T}"), ("'a' . getenv('T')",
    "a${env:T}"), ("\"a-{$_ENV['T']}\"", "a-${env:T}"), ("sprintf('a-%s', 'b')", "a-b"), ("implode('-', ['a', 'b'])",
    "a-b"), ("strtolower('A')", "a"), ("X", "x"), ("A::B", "b"), ("$event['t']", "*"), ("getenv('T') ?: 'd'",
    "${env:T:-d}"),
])  # fmt: skip
def test_names_are_texts(name: str, shown: str, tmp_path: Path) -> None:
    before = "const X = 'x'; class A { const B = 'b'; }"
    found = handled(tmp_path, f"({SDK})->scan(['TableName' => {name}]);", before)
    assert found in ([f"dynamodb.Scan TableName={shown}"], [f"dynamodb.Scan TableName={shown.replace(':-d', '')}"])


def test_classes_are_loaded_by_composers_rules(tmp_path: Path) -> None:
    store = f"namespace App; class Store {{ function all() {{ return ({SDK.replace('Aws', chr(92) + 'Aws')})->scan(['TableName' => 't']); }} }}"
    assert handled(tmp_path, "(new App\\Store)->all();", src__Store=store) == ["dynamodb.Scan TableName=t"]


def test_files_are_required_and_give_what_they_return(tmp_path: Path) -> None:
    body = f"$config = require __DIR__ . '/config.php'; ({SDK})->scan(['TableName' => $config['table']]);"
    assert handled(tmp_path, body, config="return ['table' => 't'];") == ["dynamodb.Scan TableName=t"]


def test_arrays_are_filled_one_by_one(tmp_path: Path) -> None:
    body = f"$p = []; $p['TableName'] = 't'; $keys = []; foreach (['a', 'b'] as $k) {{ $keys[] = $k; }}\n({SDK})->query($p);"
    assert handled(tmp_path, body) == ["dynamodb.Query TableName=t"]


def test_declared_types_of_a_container_are_clients(tmp_path: Path) -> None:
    source = (
        "<?php\nnamespace App;\nuse Aws\\Sqs\\SqsClient;\nclass Handler { public function __construct(private SqsClient $c) {}\n"
        " public function handleSqs($event, $context): void { $this->c->sendMessage(['QueueUrl' => getenv('Q')]); } }"
    )
    assert calls(tmp_path, {"src/Handler.php": source}, "App\\Handler") == ["sqs.SendMessage QueueUrl=${env:Q}"]


def test_a_function_is_a_handler(tmp_path: Path) -> None:
    source = f"<?php\nfunction index($data) {{ ({SDK})->listTables(); }}"
    assert calls(tmp_path, {"src/index.php": source}, "index") == ["dynamodb.ListTables"]


def test_a_console_application_is_a_program(tmp_path: Path) -> None:
    before = f"$app = new Silly\\Application('x'); $app->command('a', function () {{ ({SDK})->listTables(); }}); $app->run();"
    assert calls(tmp_path, {"index.php": f"<?php\n{before}"}, "") == ["dynamodb.ListTables"]


def test_a_package_that_is_not_read_is_told(tmp_path: Path) -> None:
    found = report(tmp_path, {"index.php": "<?php\nnew Acme\\Tools\\Thing();\nreturn fn() => 1;"}, "")
    assert ["scopedown did not read acme/tools" in one.what for one in found.unseen] == [True]


@pytest.mark.parametrize(("code", "expected"), [
    ("$c->createPresignedRequest($c->getCommand('GetObject', ['Bucket' => 'b', 'Key' => 'k']), '+1 minute');",
     ["s3.GetObject Bucket=b Key=k"]),
    ("$c->execute($c->getCommand('HeadBucket', ['Bucket' => 'b']));", ["s3.HeadBucket Bucket=b"]),
    ("$c->listBucketsAsync()->then(function ($r) use ($c) { $c->headBucket(['Bucket' => $r['Buckets'][0]['Name']]); })->wait();",
     ["s3.HeadBucket Bucket=*", "s3.ListBuckets"]),
    ("foreach ($c->getPaginator('ListObjectsV2', ['Bucket' => 'b']) as $p) { $c->deleteObject(['Bucket' => 'b', 'Key' => $p['x']]); }",
     ["s3.ListObjectsV2 Bucket=b", "s3.DeleteObject Bucket=b Key=*"]),
    ("$c->waitUntil('ObjectExists', ['Bucket' => 'b', 'Key' => 'k']);", ["s3.HeadObject Bucket=b Key=k"]),
    ("$c->upload('b', 'k', 'x', 'public-read');", ["s3.PutObject ACL=public-read Bucket=b Key=k Body=x"]),
    ("$c->doesObjectExist('b', 'k');", ["s3.HeadObject Bucket=b Key=k"]),
    ("(new Aws\\S3\\MultipartUploader($c, 'f', ['bucket' => 'b', 'key' => 'k']))->upload();", ["s3.PutObject Bucket=b Key=k"]),
    ("Aws\\CommandPool::batch($c, [$c->getCommand('HeadBucket', ['Bucket' => 'b'])]);", ["s3.HeadBucket Bucket=b"]),
])  # fmt: skip
def test_the_sdk(code: str, expected: list[str], tmp_path: Path) -> None:
    assert sorted(handled(tmp_path, f"$c = new Aws\\S3\\S3Client([]);\n{code}")) == sorted(expected)


@pytest.mark.parametrize(("given", "owner"), [
    ("['key' => getenv('KEY'), 'secret' => 's']", " as *"), ("['key' => getenv('AWS_ACCESS_KEY_ID'), 'secret' => 's']", ""),
    ("Aws\\Credentials\\CredentialProvider::env()", ""), ("new Aws\\Credentials\\Credentials('k', 's')", " as *"),
])  # fmt: skip
def test_keys_of_others_are_told_apart(given: str, owner: str, tmp_path: Path) -> None:
    assert handled(tmp_path, f"(new Aws\\Sns\\SnsClient(['credentials' => {given}]))->listTopics();") == [
        f"sns.ListTopics{owner}"
    ]


def test_tables_of_a_batch_keep_their_names(tmp_path: Path) -> None:
    found = handled(tmp_path, f"({SDK})->batchWriteItem(['RequestItems' => ['my_table' => []]]);")
    assert found == ["dynamodb.BatchWriteItem RequestItems={my_table:{}}"]


def test_tokens_of_databases_are_signed(tmp_path: Path) -> None:
    body = "(new Aws\\Rds\\AuthTokenGenerator(Aws\\Credentials\\CredentialProvider::defaultProvider()))->createToken('h', 'r', 'u');"
    assert handled(tmp_path, body) == ["rds-db.connect DBHostname=h Region=r DBUsername=u"]


# frameworks

LARAVEL = {
    "public/index.php": "<?php\n$app = require __DIR__ . '/../bootstrap/app.php';\n$app->make('kernel')->handle();",
    "bootstrap/app.php": "<?php\nreturn new Illuminate\\Foundation\\Application(dirname(__DIR__));",
    "composer.json": '{"autoload": {"psr-4": {"App\\\\": "app/"}}}',
    "config/queue.php": "<?php\nreturn ['default' => env('QUEUE_CONNECTION', 'sync'), 'connections' => ['sqs' => "
    "['driver' => 'sqs', 'queue' => env('SQS_QUEUE', 'default')]]];",
    "routes/web.php": "<?php\nuse App\\Http\\Controllers\\Home;\nuse App\\Jobs\\Job;\nuse Illuminate\\Support\\Facades\\Route;\n"
    "Route::get('/', function () { Job::dispatch(1); });\nRoute::get('/a', [Home::class, 'show']);",
    "app/Http/Controllers/Home.php": "<?php\nnamespace App\\Http\\Controllers;\nuse Aws\\S3\\S3Client;\nclass Home {\n"
    " public function __construct(private S3Client $s3) {}\n public function show($id) { $this->s3->getObject(['Bucket' => 'b', 'Key' => $id]); } }",
    "app/Jobs/Job.php": "<?php\nnamespace App\\Jobs;\nuse Illuminate\\Foundation\\Bus\\Dispatchable;\n"
    "use Illuminate\\Contracts\\Queue\\ShouldQueue;\nclass Job implements ShouldQueue { use Dispatchable;\n"
    " public function __construct(private int $id) {}\n public function handle(): void { (new \\Aws\\Sns\\SnsClient([]))->listTopics(); } }",
}


def test_routes_of_laravel_run_and_jobs_go_to_the_queue(tmp_path: Path) -> None:
    for name, text in LARAVEL.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = find_calls(Sources(str(tmp_path)), catalog(), {}, "public/index.php", "", {"QUEUE_CONNECTION": "sqs"})
    assert [call.name for call in found.calls] == ["s3.GetObject", "sqs.SendMessage"]


def test_a_worker_of_laravel_runs_the_jobs(tmp_path: Path) -> None:
    files = {"bootstrap/app.php": LARAVEL["bootstrap/app.php"], **LARAVEL}
    assert calls(tmp_path, files, "Bref\\LaravelBridge\\Queue\\QueueHandler") == ["sns.ListTopics"]


SYMFONY = {
    "public/index.php": "<?php\n$kernel = new App\\Kernel('prod', false);\n$kernel->handle();",
    "src/Kernel.php": "<?php\nnamespace App;\nclass Kernel extends \\Symfony\\Component\\HttpKernel\\Kernel {}",
    "composer.json": '{"autoload": {"psr-4": {"App\\\\": "src/"}}, "require": {"bref/symfony-messenger": "*"}}',
    "config/packages/messenger.yaml": "framework:\n  messenger:\n    transports:\n      async: '%env(DSN)%'\n"
    "    routing:\n      'App\\Message\\Ping': async\n",
    "src/Message/Ping.php": "<?php\nnamespace App\\Message;\nclass Ping {}",
    "src/Message/Pong.php": "<?php\nnamespace App\\Message;\nclass Pong {}",
    "src/Handler/PongHandler.php": "<?php\nnamespace App\\Handler;\nuse App\\Message\\Pong;\n#[AsMessageHandler]\nclass PongHandler {\n"
    " public function __invoke(Pong $m) { (new \\Aws\\Sns\\SnsClient([]))->listTopics(); } }",
    "src/Controller/Home.php": "<?php\nnamespace App\\Controller;\nuse App\\Message\\{Ping, Pong};\n"
    "use Symfony\\Component\\Messenger\\MessageBusInterface;\nclass Home {\n"
    " public function __construct(private MessageBusInterface $bus) {}\n"
    " public function index() { $this->bus->dispatch(new Ping()); $this->bus->dispatch(new Pong()); } }",
    "src/Listener.php": "<?php\nnamespace App;\nclass Listener { function on() { (new \\Aws\\Sqs\\SqsClient([]))->listQueues(); } }",
}


def test_controllers_of_symfony_run_and_messages_go_by_their_routing(tmp_path: Path) -> None:
    found = report(tmp_path, SYMFONY, "")
    assert [words(call) for call in found.calls] == ["sqs.SendMessage QueueUrl=${env:DSN}", "sns.ListTopics"]
    assert "the framework may run src/Listener.php" in [one.what for one in found.unseen]


def test_a_transport_without_a_known_dsn_is_told(tmp_path: Path) -> None:
    without = {**SYMFONY, "composer.json": '{"autoload": {"psr-4": {"App\\\\": "src/"}}}'}
    found = report(tmp_path, without, "")
    assert [words(call) for call in found.calls] == ["sns.ListTopics"]
    assert "the transport of a message has a DSN that is not known" in [one.what for one in found.unseen]


@pytest.mark.parametrize(("code", "expected"), [
    ("file_get_contents('s3://b/k/x');", ["s3.GetObject Bucket=b Key=k/x"]),
    ("file_put_contents(\"s3://{$_ENV['B']}/k\", 'x');", ["s3.PutObject Bucket=${env:B} Key=k"]),
    ("$f = fopen('s3://b/k', 'w');", ["s3.PutObject Bucket=b Key=k"]),
    ("unlink('s3://b/k');", ["s3.DeleteObject Bucket=b Key=k"]),
    ("file_get_contents('/tmp/x');", []),
])  # fmt: skip
def test_streams_of_s3_are_calls(code: str, expected: list[str], tmp_path: Path) -> None:
    assert handled(tmp_path, f"(new Aws\\S3\\S3Client([]))->registerStreamWrapper();\n{code}") == expected


@pytest.mark.parametrize("code", ["eval($event['x']);", "make_client()->putItem(['TableName' => 't', 'Item' => []]);",
                                  "$c = new Aws\\S3\\S3Client([]); $c->{$event['m']}([]);"])  # fmt: skip
def test_what_is_not_followed_is_told(code: str, tmp_path: Path) -> None:
    source = (
        f"<?php\nuse Aws\\DynamoDb\\DynamoDbClient;\nreturn function ($event) {{ new DynamoDbClient([]); {code} }};"
    )
    assert report(tmp_path, {"index.php": source}, "").unseen


def test_functions_of_php_give_data(tmp_path: Path) -> None:
    code = "$x = preg_match('/a/', $event['a'], $m); curl_init('x'); date('Y'); usort($m, fn($a, $b) => 1);"
    source = f"<?php\nuse Aws\\S3\\S3Client;\nreturn function ($event) {{ new S3Client([]); {code} }};"
    assert report(tmp_path, {"index.php": source}, "").unseen == ()


@pytest.mark.parametrize(
    "given", ["getenv('API'), 'eu-west-1', 'prod'", "stage: 'prod', region: 'eu-west-1', apiId: getenv('API')"]
)
def test_brefs_client_of_websockets_posts_to_connections(given: str, tmp_path: Path) -> None:
    body = f"Bref\\Websocket\\SimpleWebsocketClient::create({given})->message($event['id'], 'hello');"
    [call] = handled(tmp_path, body)
    assert call.startswith("apigatewaymanagementapi.PostToConnection")
    assert "https://${env:API}.execute-api.eu-west-1.amazonaws.com/prod" in call
