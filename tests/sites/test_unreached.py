"""The second opinion: which lines that name an operation count although the analysis did not see them run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from scopedown.catalog.load import catalog
from scopedown.sites.unreached import Evaluated, Most, unreached
from scopedown.source.sources import Sources


def sites(folder: Path, files: Mapping[str, str], symbol: str = "handler", settings: tuple[str, ...] = ()) -> list[str]:
    """``WORD at FILE:LINE`` of all sites of the first file's symbol, where nothing was evaluated."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text), encoding="utf-8")
    entry = next(iter(files))
    found = unreached(
        Sources(str(folder)), catalog(), (entry, symbol), [entry], lambda name: Evaluated(), (), settings,
        lambda specifier: specifier in ("events", "node:events"),
        Most(2_000, 400, lambda name: None, lambda name: None),
    )  # fmt: skip
    return [f"{site.word} at {site.place.file}:{site.place.line}" for site in found]


STORE = """\
import boto3
table = boto3.resource("dynamodb").Table("t")

def save(item):
    '''Calls purge() later.'''
    table.put_item(Item=item)  # not purge

def purge(key):
    table.delete_item(Key=key)
"""


def test_a_function_that_the_code_names_counts_and_one_that_nothing_names_does_not(tmp_path: Path) -> None:
    handler = "from store import save\ndef handler(event, context):\n    save(event)\n"
    assert sites(tmp_path, {"app.py": handler, "store.py": STORE}) == ["put_item at store.py:6"]


def test_a_name_in_a_text_counts(tmp_path: Path) -> None:
    handler = "import store\ndef handler(event, context):\n    run(store, 'purge')\n"
    assert sites(tmp_path, {"app.py": handler, "store.py": STORE}) == ["delete_item at store.py:9"]


def test_a_computed_name_counts_every_function(tmp_path: Path) -> None:
    handler = "import store\ndef handler(event, context):\n    getattr(store, event['do'])(event)\n"
    assert sites(tmp_path, {"app.py": handler, "store.py": STORE}) == [
        "put_item at store.py:6", "delete_item at store.py:9",
    ]  # fmt: skip


def test_a_service_that_the_code_does_not_name_is_not_meant(tmp_path: Path) -> None:
    handler = "def handler(event, context):\n    event.db.query('x')\n    event.db.put_item('x')\n"
    assert sites(tmp_path, {"app.py": handler}) == []


def test_an_operation_that_is_passed_on_counts(tmp_path: Path) -> None:
    handler = """\
        import boto3
        def handler(event, context):
            any(map(boto3.client("sns").publish, event))
            getattr(boto3.client("dynamodb"), "put_item")
        """
    assert sites(tmp_path, {"app.py": handler}) == ["publish at app.py:3", "put_item at app.py:4"]


def test_the_project_s_own_settings_rule_a_line_out(tmp_path: Path) -> None:
    handler = """\
        import boto3, os
        MODE = os.environ["MODE"]
        sqs = boto3.client("sqs")
        def handler(event, context):
            if MODE == "send":
                sqs.send_message(QueueUrl="q", MessageBody="m")
            if event:
                sqs.delete_message(QueueUrl="q", ReceiptHandle="r")
            if os.environ["MODE"] != "purge":
                return
            sqs.purge_queue(QueueUrl="q")
        if __name__ == "__main__":
            sqs.create_queue(QueueName="q")
        """
    assert sites(tmp_path, {"app.py": handler}, settings=("MODE",)) == ["delete_message at app.py:8"]
    assert len(sites(tmp_path, {"app.py": handler})) == 3


def test_methods_that_the_language_or_a_base_class_calls_count_with_their_class(tmp_path: Path) -> None:
    handler = """\
        import boto3
        from library import Base
        sns = boto3.client("sns")
        class Session:
            def __exit__(self, *args): sns.publish(TopicArn="t")
            def forget(self): sns.delete_topic(TopicArn="t")
        class Hook(Base):
            def on_end(self): sns.create_topic(Name="t")
        class Never:
            def __enter__(self): sns.unsubscribe(SubscriptionArn="s")
        def handler(event, context):
            Hook(Session())
        """
    assert sites(tmp_path, {"app.py": handler}) == ["publish at app.py:5", "create_topic at app.py:8"]


LANGUAGES = {
    "app.mjs": (
        """\
        import { DynamoDBClient, PutItemCommand, DeleteItemCommand } from "@aws-sdk/client-dynamodb";
        const client = new DynamoDBClient({});
        const save = async (item) => client.send(new PutItemCommand(item));
        const purge = wrapped(async (key) => { await client.send(new DeleteItemCommand(key)); });
        export const handler = async (event) => save(event);
        export { purge };
        """,
        ["PutItemCommand at app.mjs:3"],
    ),
    "app.js": (
        """\
        const { DynamoDB } = require("aws-sdk");
        const documents = new DynamoDB.DocumentClient();
        exports.purge = (key) => documents.delete(key).promise();
        function put(item) { return documents.put(item).promise(); }
        exports.handler = async (event) => put(event);
        """,
        ["put at app.js:4"],
    ),
    "App.java": (
        """\
        import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
        class App {
            DynamoDbClient table = DynamoDbClient.create();
            void handler(java.util.List<Item> items) { items.forEach(this::save); }
            void save(Item item) { table.putItem(item.request()); }
            void purge(Item item) { table.deleteItem(item.request()); }
        }
        """,
        ["putItem at App.java:5"],
    ),
    "App.kt": (
        """\
        import aws.sdk.kotlin.services.dynamodb.DynamoDbClient
        class App {
            val table = DynamoDbClient {}
            fun handler(event: Any) { save(event) }
            fun save(item: Any) { table.putItem { } }
            fun purge(item: Any) { table.deleteItem { } }
        }
        """,
        ["putItem at App.kt:5"],
    ),
    "main.go": (
        """\
        package main
        import "github.com/aws/aws-sdk-go-v2/service/dynamodb"
        var client *dynamodb.Client
        func handler(event any) { save(event) }
        func save(item any) { client.PutItem(nil, nil) }
        func purge(item any) { client.DeleteItem(nil, nil) }
        """,
        ["PutItem at main.go:5"],
    ),
    "App.cs": (
        """\
        using Amazon.DynamoDBv2;
        class App {
            AmazonDynamoDBClient table = new();
            void handler(object item) { Save(item); }
            void Save(object item) { table.PutItemAsync(null); }
            void Purge(object item) { table.DeleteItemAsync(null); }
        }
        """,
        ["PutItemAsync at App.cs:5"],
    ),
    "app.rb": (
        """\
        require "aws-sdk-dynamodb"
        TABLE = Aws::DynamoDB::Client.new
        def handler(event:, context:)
          save(event)
        end
        def save(item)
          TABLE.put_item(item)
        end
        def purge(item)
          TABLE.delete_item(item)
        end
        """,
        ["put_item at app.rb:7"],
    ),
    "main.rs": (
        """\
        use aws_sdk_dynamodb::Client;
        async fn handler(client: Client) { save(client).await }
        async fn save(client: Client) { client.put_item().send().await; }
        async fn purge(client: Client) { client.delete_item().send().await; }
        """,
        ["put_item at main.rs:3"],
    ),
    "app.php": (
        """\
        <?php
        use Aws\\DynamoDb\\DynamoDbClient;
        function handler($event) { save(new DynamoDbClient([]), $event); }
        function save($table, $item) { $table->putItem($item); }
        function purge($table, $item) { $table->deleteItem($item); }
        """,
        ["putItem at app.php:4"],
    ),
}


@pytest.mark.parametrize("file", LANGUAGES)
def test_one_rule_serves_every_language(tmp_path: Path, file: str) -> None:
    text, expected = LANGUAGES[file]
    assert sites(tmp_path, {file: text}) == expected


GUARDS = {
    "one that fails where a variable is missing": 'if (!process.env.TABLE) throw new Error("no table");',
    "a switch whose cases end": "switch (process.env.TABLE) { case 'a': n = 1; break; default: n = 2; }",
    "a function with a return of its own": "if (process.env.TABLE === 'a') items.map((one) => { return one; });",
    "a test of the event too": "if (event.name === process.env.TABLE) return;",
    "a variable of the event too": "let name = event.name ?? process.env.TABLE; if (name) return;",
    "a start as a program": "if (require.main === module) process.exit(0);",
}


@pytest.mark.parametrize("guard", GUARDS)
def test_what_does_not_end_the_function_rules_no_line_out(tmp_path: Path, guard: str) -> None:
    code = "const { PutItemCommand, DynamoDBClient } = require('@aws-sdk/client-dynamodb');\n"
    code += f"exports.handler = async (event) => {{\n  {GUARDS[guard]}\n  store(new PutItemCommand({{}}));\n}};\n"
    assert sites(tmp_path, {"app.js": code}, settings=("TABLE",)) == ["PutItemCommand at app.js:4"]


def test_the_else_of_what_never_holds_in_lambda_counts(tmp_path: Path) -> None:
    code = "import boto3\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    x = 1\nelse:\n"
    code += "    boto3.client('dynamodb').put_item()\n\ndef handler(event, context):\n    pass\n"
    assert sites(tmp_path, {"app.py": code}) == ["put_item at app.py:6"]


def test_no_copy_of_an_sdk_is_looked_through(tmp_path: Path) -> None:
    copy = "def put(client):\n    client.put_item()\n"
    code = "import aioboto3\nimport dynamodb\ndef handler(event, context):\n    aioboto3.put(event)\n"
    assert sites(tmp_path, {"app.py": code, "aioboto3/__init__.py": copy}) == []


def test_a_comment_before_the_name_of_an_import_hides_no_file(tmp_path: Path) -> None:
    code = "exports.handler = async () => (await import(/* webpackChunkName: 'store' */ './store')).save();\n"
    store = "const { PutItemCommand } = require('@aws-sdk/client-dynamodb');\n"
    store += "exports.save = () => new PutItemCommand({});\n"
    assert sites(tmp_path, {"app.js": code, "store.js": store}) == ["PutItemCommand at store.js:2"]


SAVES = "const { SQS } = require('aws-sdk'); exports.save = () => new SQS().purgeQueue({ QueueUrl: 'q' });\n"


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": '{"workspaces": ["packages/*"]}', "packages/store/package.json": '{"name": "store"}',
         "packages/store/index.js": SAVES},
        {"tsconfig.json": '{"compilerOptions": {"baseUrl": "src"}}', "src/store.js": SAVES},
        {"tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"store": ["lib/store.js"]}}}',
         "lib/store.js": SAVES},
    ],
    ids=["workspace", "baseUrl", "paths"],
)  # fmt: skip
def test_a_bare_name_leads_to_the_project_s_own_code(tmp_path: Path, files: Mapping[str, str]) -> None:
    handler = "exports.handler = () => require('store').save();\n"
    (code,) = (name for name in files if name.endswith(".js"))
    assert sites(tmp_path, {"app.js": handler, **files}) == [f"purgeQueue at {code}:1"]


def test_a_module_of_the_runtime_is_none_of_the_project_s_files(tmp_path: Path) -> None:
    handler = "exports.handler = () => require('events').save();\n"
    assert sites(tmp_path, {"app.js": handler, "events.js": SAVES}) == []
