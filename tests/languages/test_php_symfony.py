# ruff: noqa: E501
"""What Symfony's configuration and the libraries of PHP lead to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from calls.conftest import words
from scopedown.calls.find import find_calls
from scopedown.calls.model import DECLARED, CallReport
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

FRAMEWORK = "config/packages/prod/framework.yaml"
SESSION = [
    "dynamodb.DeleteItem TableName=${env:S}",
    "dynamodb.GetItem TableName=${env:S}",
    "dynamodb.UpdateItem TableName=${env:S}",
]
USES = "$request->getSession()->get('x');"
OWN = (
    "<?php\nnamespace App;\nclass Own implements \\SessionHandlerInterface {\n private $c;\n"
    " public function __construct(private string $table) { $this->c = new \\Aws\\DynamoDb\\DynamoDbClient([]); }\n"
    " public function read($id) { $this->c->getItem(['TableName' => $this->table]); }\n public function write($id, $d) {} }"
)
ROUTED = "framework:\n  messenger:\n    transports: {async: '%env(DSN)%'}\n    routing: {'Symfony\\Component\\Mailer\\Messenger\\SendEmailMessage': async}\n"
MAILER = "framework:\n  mailer:\n    dsn: '%env(MAILER_DSN)%'\n"
MAILS = "Symfony\\Component\\Mailer\\MailerInterface"
FILES = "League\\Flysystem\\FilesystemOperator"
BUS = "Symfony\\Component\\Messenger\\MessageBusInterface"
MESSAGE = "<?php\nnamespace App\\Message;\nclass M {}"
TRANSPORT = "framework:\n  messenger:\n    transports: {async: '%env(DSN)%'}\n"
POOL = "Psr\\Cache\\CacheItemPoolInterface"


def report(folder: Path, code: str, kind: str, environment: Mapping[str, str], files: Mapping[str, str]) -> CallReport:
    """What is found in an application whose controller has a service of a type."""
    project = {
        "public/index.php": "<?php\n$kernel = new App\\Kernel('prod', false);\n$kernel->handle();",
        "src/Kernel.php": "<?php\nnamespace App;\nclass Kernel extends \\Symfony\\Component\\HttpKernel\\Kernel {}",
        "composer.json": '{"autoload": {"psr-4": {"App\\\\": "src/"}}, "require": {"bref/symfony-messenger": "*"}}',
        "src/Controller/Home.php": f"<?php\nnamespace App\\Controller;\nclass Home {{\n public function __construct(private \\{kind} $s) {{}}\n public function index($request) {{ {code} }} }}",
    }
    for name, text in {**project, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return find_calls(Sources(str(folder)), catalog(), {}, "public/index.php", "", environment)


@pytest.mark.parametrize(("code", "kind", "environment", "files", "expected"), [
    (USES, "X", {}, {FRAMEWORK: "framework:\n  session:\n    handler_id: App\\Own\nservices:\n  App\\Own:\n    arguments: ['%env(S)%']\n", "src/Own.php": OWN},
     ["dynamodb.GetItem TableName=${env:S}"]),
    ("", "X", {}, {FRAMEWORK: "framework:\n  session:\n    handler_id: App\\Own\nservices:\n  App\\Own:\n    arguments: ['%env(S)%']\n", "src/Own.php": OWN}, []),
    (USES, "X", {}, {FRAMEWORK: "framework:\n  session: {handler_id: AsyncAws\\DynamoDbSession\\SessionHandler}\nservices:\n  AsyncAws\\DynamoDbSession\\SessionHandler:\n"
                     "    arguments: ['@async_aws.client.dynamo_db', {table_name: '%env(resolve:S)%'}]\n"}, SESSION),
    (USES, "X", {}, {"config/packages/dev/framework.yaml": "framework:\n  session: {handler_id: AsyncAws\\DynamoDbSession\\SessionHandler}\n"}, []),
    (USES, "X", {}, {"config/packages/framework.yaml": "when@prod:\n  framework:\n    session: {handler_id: AsyncAws\\DynamoDbSession\\SessionHandler}\n"},
     ["dynamodb.DeleteItem TableName=sessions", "dynamodb.GetItem TableName=sessions", "dynamodb.UpdateItem TableName=sessions"]),
    ("$this->s->send($m);", MAILS, {"MAILER_DSN": "ses+api://default"}, {"config/packages/mailer.yaml": MAILER}, ["sesv2.SendEmail"]),
    ("$this->s->send($m);", MAILS, {DECLARED: "MAILER_DSN=ses+https://default?region="}, {"config/packages/mailer.yaml": MAILER}, ["sesv2.SendEmail"]),
    ("$this->s->send($m);", MAILS, {}, {"config/packages/mailer.yaml": MAILER, ".env": "MAILER_DSN=ses+api://default"}, ["sesv2.SendEmail"]),
    ("$this->s->send($m);", MAILS, {"MAILER_DSN": "smtp://x"}, {"config/packages/mailer.yaml": MAILER}, []),
    ("$this->s->send($m);", MAILS, {"MAILER_DSN": "ses+api://default", "DSN": "https://sqs.eu-west-1.amazonaws.com/1/q"},
     {"config/packages/mailer.yaml": MAILER, "config/packages/messenger.yaml": ROUTED}, ["sqs.SendMessage QueueUrl=${env:DSN}"]),
    ("$this->s->write('k', 'x');", FILES, {}, {"config/packages/flysystem.yaml": "flysystem:\n  storages:\n    a.storage:\n      adapter: aws\n      options: {client: aws.s3, bucket: '%env(B)%'}\n"},
     ["s3.PutObject Bucket=${env:B} Key=k"]),
    ("$this->s->write('k', 'x');", FILES, {}, {"config/packages/flysystem.yaml": "flysystem:\n  storages:\n    a.storage:\n      adapter: local\n"}, []),
    ("$this->s->getItem('k');", POOL, {}, {"config/packages/c.yaml": "rikudou_dynamo_db_cache:\n  table: '%env(T)%'\n  replace_default_adapter: true\n"}, ["dynamodb.GetItem TableName=${env:T}"]),
    ("$this->s->getItem('k');", POOL, {}, {}, []),
    ("$this->s->find(1);", "Doctrine\\ORM\\EntityManagerInterface", {}, {"config/packages/doctrine.yaml": "doctrine:\n  dbal: {driver_class: Nemo64\\DbalRdsData\\RdsDataDriver}\n"},
     ["rds-data.BeginTransaction", "rds-data.CommitTransaction", "rds-data.ExecuteStatement", "rds-data.RollbackTransaction"]),
    ("$this->s->dispatch(new \\App\\Message\\M());", BUS, {}, {"src/Message/M.php": MESSAGE, "config/packages/m.yaml": TRANSPORT + "    routing: {'App\\Message\\*': async}\n"},
     ["sqs.SendMessage QueueUrl=${env:DSN}"]),
    ("$this->s->dispatch(new \\App\\Message\\M());", BUS, {}, {"src/Message/M.php": MESSAGE.replace("class", "#[\\Symfony\\AsMessage('async')]\nclass"), "config/packages/m.yaml": TRANSPORT},
     ["sqs.SendMessage QueueUrl=${env:DSN}"]),
    ("", "X", {}, {"config/packages/m.yaml": "monolog:\n  handlers:\n    own: {type: service, id: App\\Log}\n",
                   "src/Log.php": "<?php\nnamespace App;\nclass Log { protected function write($r) { (new \\Aws\\Sns\\SnsClient([]))->listTopics(); } }"}, ["sns.ListTopics"]),
    ("", "X", {}, {"src/Twig.php": "<?php\nnamespace App;\nclass Twig extends \\Twig\\Extension\\AbstractExtension { public function link() { (new \\Aws\\Sns\\SnsClient([]))->listTopics(); } }"},
     ["sns.ListTopics"]),
    ("$this->s->up();", "App\\Up", {}, {"src/Up.php": "<?php\nnamespace App;\nclass Up { public function __construct(private \\Aws\\S3\\S3Client $c, private $b) {} public function up() { $this->c->listObjectsV2(['Bucket' => $this->b]); } }",
     "config/services.php": "<?php\nnamespace Symfony\\Component\\DependencyInjection\\Loader\\Configurator;\nreturn function (ContainerConfigurator $c) {\n $s = $c->services()->defaults()->autowire();\n"
     " $s->set(\\Aws\\S3\\S3Client::class)->args([[]]);\n $s->set(\\App\\Up::class)->args([service(\\Aws\\S3\\S3Client::class), env('B')]); };"},
     ["s3.ListObjectsV2 Bucket=${env:B}"]),
])  # fmt: skip
def test_the_configuration_leads_to(
    code: str, kind: str, environment: Mapping[str, str], files: Mapping[str, str], expected: list[str], tmp_path: Path
) -> None:
    found = report(tmp_path, code, kind, environment, files)
    assert [one.split(" resourceArn")[0] for one in sorted({words(call) for call in found.calls})] == expected


@pytest.mark.parametrize(("code", "kind", "files", "expected"), [
    (USES, "X", {FRAMEWORK: "framework:\n  session: {handler_id: Vendor\\Handler}\n"}, "sessions have the handler Vendor\\Handler, which was not read"),
    ("$this->s->send($m);", MAILS, {"config/packages/mailer.yaml": MAILER}, "the mailer has a DSN that is not known"),
    ("$this->s->write('k', 'x');", FILES, {"config/packages/f.yaml": "flysystem:\n  storages:\n    a: {adapter: own.service}\n"},
     "a storage of Flysystem has an adapter that is not known"),
])  # fmt: skip
def test_what_the_configuration_leaves_open_is_told(
    code: str, kind: str, files: Mapping[str, str], expected: str, tmp_path: Path
) -> None:
    found = report(tmp_path, code, kind, {}, files)
    assert found.calls == ()
    assert expected in [one.what for one in found.unseen]


def test_a_cache_outside_of_symfony_is_not_known(tmp_path: Path) -> None:
    code = "<?php\nclass H { public function __construct(private Psr\\Cache\\CacheItemPoolInterface $c) {} public function __invoke($e) { $this->c->getItem('k'); (new Aws\\Sns\\SnsClient([]))->listTopics(); } }\nreturn new H($c);"
    (tmp_path / "index.php").write_text(code, encoding="utf-8")
    assert find_calls(Sources(str(tmp_path)), catalog(), {}, "index.php", "", {}).unseen


@pytest.mark.parametrize(("code", "expected"), [
    ("$f = new League\\Flysystem\\Filesystem(new League\\Flysystem\\AwsS3V3\\AwsS3V3Adapter($c, 'b')); $f->read('k');", ["s3.GetObject Bucket=b Key=k"]),
    ("$f = new League\\Flysystem\\Filesystem(new League\\Flysystem\\AsyncAwsS3\\AsyncAwsS3Adapter($c, 'b', 'p')); $f->delete('k');", ["s3.DeleteObject Bucket=b Key=*"]),
    ("$f = new League\\Flysystem\\Filesystem(new League\\Flysystem\\Local\\LocalFilesystemAdapter('/tmp')); $f->read('k');", []),
    ("new Maxbanton\\Cwh\\Handler\\CloudWatch($c, 'g', 's');",
     ["logs.CreateLogGroup logGroupName=g", "logs.CreateLogStream logGroupName=g", "logs.DescribeLogGroups", "logs.DescribeLogStreams logGroupName=g",
      "logs.PutLogEvents logGroupName=g", "logs.PutRetentionPolicy logGroupName=g"]),
    ("define('Q', getenv('Q')); (new Aws\\Sqs\\SqsClient([]))->sendMessage(['QueueUrl' => Q]);", ["sqs.SendMessage QueueUrl=${env:Q}"]),
    ("(new Aws\\Sqs\\SqsClient([]))->sendMessage(['QueueUrl' => $_ENV['Q'] ?? throw new Exception('x')]);", ["sqs.SendMessage QueueUrl=${env:Q}"]),
    ("$h = new AsyncAws\\DynamoDbSession\\SessionHandler(new AsyncAws\\DynamoDb\\DynamoDbClient([]), ['table_name' => 't']); session_set_save_handler($h, true);",
     ["dynamodb.DeleteItem TableName=t", "dynamodb.GetItem TableName=t", "dynamodb.UpdateItem TableName=t"]),
    ("$b = new Symfony\\Component\\DependencyInjection\\ContainerBuilder(); $b->register('sns', Aws\\Sns\\SnsClient::class)->addArgument([]); $b->get('sns')->publish(['TopicArn' => 't']);",
     ["sns.Publish TopicArn=t"]),
    ("new Monolog\\Handler\\SqsHandler($c, $_ENV['Q']);", ["sqs.SendMessage QueueUrl=${env:Q}"]),
])  # fmt: skip
def test_a_library_calls(code: str, expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "index.php").write_text(f"<?php\nreturn function ($event) use ($c) {{ {code} }};", encoding="utf-8")
    found = find_calls(Sources(str(tmp_path)), catalog(), {}, "index.php", "", {})
    assert sorted(words(call) for call in found.calls) == expected
