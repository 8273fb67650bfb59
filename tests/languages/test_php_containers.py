# ruff: noqa: E501
"""What PHP reaches through containers and frameworks, by the names of classes, by configuration and by attributes."""

from __future__ import annotations

from pathlib import Path

import pytest

from calls.conftest import words
from languages.program_calls import calls, report

COMPOSER = '{"autoload": {"psr-4": {"App\\\\": "src/"}}}'
STORE = """<?php
namespace App;
use Aws\\DynamoDb\\DynamoDbClient;
class Store implements Stores {
    public function __construct(private DynamoDbClient $client, private string $table) {}
    public function all() { return $this->client->scan(['TableName' => $this->table]); }
    public function drop() { $this->client->deleteTable(['TableName' => $this->table]); }
}
"""
PROJECT = {
    "composer.json": COMPOSER,
    "src/Store.php": STORE,
    "src/Stores.php": "<?php\nnamespace App;\ninterface Stores { public function all(); }",
    "src/Reader.php": "<?php\nnamespace App;\nclass Reader {\n public function __construct(private Stores $stores) {}\n"
    " public function __invoke() { return $this->stores->all(); } }",
}
SCAN = ["dynamodb.Scan TableName=*"]


def main(code: str) -> dict[str, str]:
    """A project with this entry."""
    return {"index.php": f"<?php\nrequire __DIR__ . '/vendor/autoload.php';\n{code}", **PROJECT}


@pytest.mark.parametrize("code", [
    "$c = new Acme\\Container(); return fn($e) => $c->get(App\\Store::class)->all();",
    "$c = new Acme\\Container(); return fn($e) => $c->get('App\\Stores')->all();",
    "$c = (new DI\\ContainerBuilder())->build(); return fn($e) => $c->get(App\\Reader::class)();",
    "$c = new DI\\Container(); $c->set('store', fn() => new App\\Store(new Aws\\DynamoDb\\DynamoDbClient([]), $_GET['t'])); return fn($e) => $c->get('store')->all();",
    "$c = new League\\Container\\Container(); $c->add(App\\Store::class); return fn($e) => $c->get(App\\Store::class)->all();",
    "return fn($e) => $e['container']->get(App\\Store::class)->all();",
    "$app = Slim\\Factory\\AppFactory::create(); $app->get('/', App\\Reader::class); $app->run();",
    "$app = Slim\\Factory\\AppFactory::create(); $app->get('/', [App\\Store::class, 'all']); $app->run();",
    "$app = Slim\\Factory\\AppFactory::create(); $app->get('/', 'App\\Store:all'); $app->run();",
    "$app->add(App\\Reader::class);",
])  # fmt: skip
def test_classes_are_reached_by_their_names(code: str, tmp_path: Path) -> None:
    assert calls(tmp_path, main(code), "") == SCAN


@pytest.mark.parametrize("code", [
    "$k = new Acme\\Kernel(); $k->run();",
    "$c = new Acme\\Container(); return fn($e) => $c->get($e['name']);",
    "return (new Acme\\AppFactory())->create();",
])  # fmt: skip
def test_what_a_framework_may_run_is_told(code: str, tmp_path: Path) -> None:
    found = report(tmp_path, main(code), "")
    assert "the framework may run src/Store.php" in [one.what for one in found.unseen]


def test_a_program_without_a_framework_is_whole_beside_other_classes(tmp_path: Path) -> None:
    assert report(tmp_path, main("return fn($e) => 1;"), "").unseen == ()


SERVICES = """
parameters:
    app.table: '%env(string:TABLE)%'
services:
    _defaults:
        autowire: true
        bind:
            $prefix: 'p'
    App\\:
        resource: '../src/'
    App\\Stores: '@App\\Store'
    App\\Store:
        arguments:
            $table: '%app.table%'
"""


@pytest.mark.parametrize(("services", "table"), [
    (SERVICES, "${env:TABLE}"),
    ("services:\n  App\\Store:\n    arguments: ['@Aws\\DynamoDb\\DynamoDbClient', 'x-%env(A)%-y']\n", "x-${env:A}-y"),
    ("services:\n  _defaults:\n    bind:\n      $table: 'bound'\n", "bound"),
    ("services:\n  App\\Store:\n    factory: ['@App\\Maker', 'make']\n    arguments: ['made']\n", "made"),
])  # fmt: skip
def test_services_are_made_as_the_configuration_says(services: str, table: str, tmp_path: Path) -> None:
    maker = (
        "<?php\nnamespace App;\nclass Maker { public function make($t) { return new Store("
        "new \\Aws\\DynamoDb\\DynamoDbClient([]), $t); } }"
    )
    code = "$c = new Symfony\\Component\\DependencyInjection\\ContainerBuilder(); return fn($e) => $c->get(App\\Reader::class)();"
    files = {**main(code), "config/services.yaml": services, "src/Maker.php": maker}
    assert calls(tmp_path, files, "") == [f"dynamodb.Scan TableName={table}"]


SYMFONY = {
    "public/index.php": "<?php\nuse App\\Kernel;\nreturn fn(array $context) => new Kernel('prod', false);",
    "composer.json": COMPOSER,
    "config/services.yaml": "parameters:\n  t: '%env(TABLE)%'\n",
    "src/Kernel.php": "<?php\nnamespace App;\nuse Symfony\\Component\\DependencyInjection\\ContainerBuilder;\n"
    "class Kernel extends \\Symfony\\Component\\HttpKernel\\Kernel { protected function build(ContainerBuilder $c): void {\n"
    " $c->registerAttributeForAutoconfiguration(Handles::class, static function ($d, $a): void { $d->addTag('app.handler'); }); } }",
    "src/Handles.php": "<?php\nnamespace App;\n#[\\Attribute]\nclass Handles {}",
    "src/Put.php": "<?php\nnamespace App;\nuse AsyncAws\\DynamoDb\\DynamoDbClient;\nuse AsyncAws\\DynamoDb\\Input\\PutItemInput;\n"
    "use Symfony\\Component\\DependencyInjection\\Attribute\\Autowire;\n#[Handles]\nclass Put {\n"
    " public function __construct(#[Autowire('%t%')] private string $table, private DynamoDbClient $db) {}\n"
    " public function __invoke($x) { $this->db->putItem(new PutItemInput(['TableName' => $this->table])); } }",
    "src/Controller/Home.php": "<?php\nnamespace App\\Controller;\nuse Symfony\\Component\\DependencyInjection\\Attribute\\TaggedIterator;\n"
    "class Home { public function __construct(#[TaggedIterator('app.handler')] private iterable $handlers) {}\n"
    " public function index() { foreach ($this->handlers as $h) { $h(1); } } }",
}


def test_tagged_services_are_reached(tmp_path: Path) -> None:
    assert calls(tmp_path, SYMFONY, "") == ["dynamodb.PutItem TableName=${env:TABLE}"]


ASYNC = "$c = new AsyncAws\\S3\\S3Client();"


@pytest.mark.parametrize(("code", "expected"), [
    (f"{ASYNC} $c->putObject(['Bucket' => 'b', 'Key' => 'k']);", ["s3.PutObject Bucket=b Key=k"]),
    (f"{ASYNC} $i = new AsyncAws\\S3\\Input\\GetObjectRequest(['Bucket' => 'b']); $i->setKey('k'); $c->getObject($i)->getBody();",
     ["s3.GetObject Bucket=b Key=k"]),
    (f"{ASYNC} $c->presign(new AsyncAws\\S3\\Input\\GetObjectRequest(['Bucket' => 'b', 'Key' => 'k']));", ["s3.GetObject Bucket=b Key=k"]),
    (f"{ASYNC} $c->bucketExists(['Bucket' => 'b'])->isSuccess();", ["s3.HeadBucket Bucket=b"]),
    ("$c = new AsyncAws\\SimpleS3\\SimpleS3Client(); $c->upload('b', 'k', 'x');", ["s3.PutObject Bucket=b Key=k"]),
    ("$f = new AsyncAws\\Core\\AwsClientFactory(); $f->sqs()->sendMessage(['QueueUrl' => 'q']);", ["sqs.SendMessage QueueUrl=q"]),
    ("(new AsyncAws\\SecretsManager\\SecretsManagerClient())->getSecretValue(['SecretId' => 's']);",
     ["secretsmanager.GetSecretValue SecretId=s"]),
    ("(new AsyncAws\\Ssm\\SsmClient(['accessKeyId' => 'a', 'accessKeySecret' => 'b']))->getParameter(['Name' => 'n']);",
     ["ssm.GetParameter Name=n as *"]),
])  # fmt: skip
def test_clients_of_async_aws(code: str, expected: list[str], tmp_path: Path) -> None:
    found = report(tmp_path, {"index.php": f"<?php\nreturn function ($e) {{ {code} }};"}, "")
    assert [words(call) for call in found.calls] == expected


@pytest.mark.parametrize(("packages", "dsn", "expected"), [
    ("symfony/amazon-sqs-messenger", "https://sqs.eu-west-1.amazonaws.com/1/q", ["GetQueueUrl", "SendMessage"]),
    ("symfony/amazon-sqs-messenger", "https://sqs.eu-west-1.amazonaws.com/1/q?auto_setup=false", ["SendMessage"]),
    ("bref/symfony-messenger", "https://sqs.eu-west-1.amazonaws.com/1/q", ["SendMessage"]),
])  # fmt: skip
def test_symfonys_transport_looks_for_its_queue(packages: str, dsn: str, expected: list[str], tmp_path: Path) -> None:
    files = {
        "public/index.php": "<?php\n$kernel = new App\\Kernel('prod', false);",
        "composer.json": f'{{"require": {{"{packages}": "^6"}}, "autoload": {{"psr-4": {{"App\\\\": "src/"}}}}}}',
        "src/Kernel.php": "<?php\nnamespace App;\nclass Kernel extends \\Symfony\\Component\\HttpKernel\\Kernel {}",
        "config/packages/messenger.yaml": f"framework:\n  messenger:\n    transports:\n      async: '{dsn}'\n    routing:\n      '*': async\n",
        "src/Controller/Home.php": "<?php\nnamespace App\\Controller;\nuse Symfony\\Component\\Messenger\\MessageBusInterface;\n"
        "class Home { public function index(MessageBusInterface $bus, $message) { $bus->dispatch($message); } }",
    }
    assert sorted(call.operation for call in report(tmp_path, files, "").calls) == expected


LISTS = (
    "<?php\nnamespace App;\nclass Lists { public function all() { (new \\Aws\\Sqs\\SqsClient([]))->listQueues(); } }"
)


@pytest.mark.parametrize("code", [
    "$m = ['a' => App\\Lists::class]; $x = new $m[$e['a']](); $x->all();",
    "$n = 'App\\Lists'; (new $n)->all();",
    "(new ReflectionClass(App\\Lists::class))->newInstance()->all();",
    "(new ReflectionClass('App\\Lists'))->newInstanceArgs([])->all();",
])  # fmt: skip
def test_classes_of_known_names_are_made(code: str, tmp_path: Path) -> None:
    files = {
        "index.php": f"<?php\nreturn function ($e) {{ {code} }};",
        "composer.json": COMPOSER,
        "src/Lists.php": LISTS,
    }
    assert calls(tmp_path, files, "") == ["sqs.ListQueues"]


@pytest.mark.parametrize("code", [
    "$n = $e['class']; $x = new $n(); $x->all();",
    "$n = 'App\\\\' . $e['class']; $n::make()->all();",
    "(new ReflectionClass($e['class']))->newInstance()->all();",
    "call_user_func([$e['class'], 'all']);",
])  # fmt: skip
def test_classes_of_computed_names_are_told(code: str, tmp_path: Path) -> None:
    files = {
        "index.php": f"<?php\nreturn function ($e) {{ {code} }};",
        "composer.json": COMPOSER,
        "src/Lists.php": LISTS,
    }
    assert "the framework may run src/Lists.php" in [one.what for one in report(tmp_path, files, "").unseen]


def test_bundles_that_are_not_read_are_told(tmp_path: Path) -> None:
    bundles = "<?php\nreturn [Acme\\Tools\\ToolsBundle::class => ['all' => true], Symfony\\Bundle\\TwigBundle\\TwigBundle::class => []];"
    found = report(tmp_path, {**SYMFONY, "config/bundles.php": bundles}, "")
    assert [one.what.partition(",")[0] for one in found.unseen] == ["scopedown did not read acme/tools"]


def test_a_directive_that_php_ignores_is_no_error(tmp_path: Path) -> None:
    files = {"index.php": "<?php\ndeclare(struct_types=1);\nnamespace A;\nreturn fn($e) => 1;"}
    assert report(tmp_path, files, "").unseen == ()
