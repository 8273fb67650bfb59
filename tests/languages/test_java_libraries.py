"""What stands on the SDK for Java: the enhanced client, transfers, Powertools, the cache of secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.java_programs import calls_of, program

_ENHANCED = "software.amazon.awssdk.enhanced.dynamodb."


def calls(folder: Path, body: str, *imports: str, members: str = "") -> list[str]:
    """The calls of a handler."""
    return calls_of(folder, program(f"{body}\nreturn null;", members, *imports))


@pytest.mark.parametrize(
    ("method", "operation"),
    [
        ("putItem(row)", "PutItem"),
        ("putItem(b -> b.item(row))", "PutItem"),
        ("getItem(b -> b.key(k -> k.partitionValue(row)))", "GetItem"),
        ("updateItem(row)", "UpdateItem"),
        ("deleteItem(row)", "DeleteItem"),
        ("scan().items().forEach(x -> {})", "Scan"),
        ("query(QueryConditional.keyEqualTo(k -> k.partitionValue(row)))", "Query"),
        ("putItemWithResponse(row)", "PutItem"),
    ],
)
def test_a_table_of_the_enhanced_client_names_its_operations(tmp_path: Path, method: str, operation: str) -> None:
    body = f"""
    Object row = event;
    var client = DynamoDbEnhancedClient.builder().dynamoDbClient(DynamoDbClient.create()).build();
    DynamoDbTable<Object> table = client.table(System.getenv("T"), TableSchema.fromBean(Object.class));
    table.{method};
    """
    assert calls(tmp_path, body, _ENHANCED + "*", _ENHANCED + "model.*") == [
        f"dynamodb.{operation} TableName=${{env:T}}"
    ]


def test_an_index_of_a_table_is_asked(tmp_path: Path) -> None:
    body = 'DynamoDbEnhancedClient.create().table("t", null).index("i").query(x -> x.limit(1));'
    assert calls(tmp_path, body, _ENHANCED + "*") == ["dynamodb.Query TableName=t IndexName=i"]


def test_an_asynchronous_table_gives_what_is_there_later(tmp_path: Path) -> None:
    body = """
    DynamoDbAsyncTable<Object> table = DynamoDbEnhancedAsyncClient.create().table("t", null);
    table.putItem(event).thenCompose(x -> table.getItem(event)).join();
    """
    assert calls(tmp_path, body, _ENHANCED + "*") == ["dynamodb.PutItem TableName=t", "dynamodb.GetItem TableName=t"]


def test_parts_of_transactions_and_batches_have_their_tables(tmp_path: Path) -> None:
    body = """
    var client = DynamoDbEnhancedClient.create();
    var one = client.table("one", null);
    var two = client.table("two", null);
    client.transactWriteItems(b -> b.addPutItem(one, event).addDeleteItem(two, event));
    client.batchWriteItem(BatchWriteItemEnhancedRequest.builder().writeBatches(
        WriteBatch.builder(Object.class).mappedTableResource(one).addPutItem(event).build()).build());
    """
    assert calls(tmp_path, body, _ENHANCED + "*", _ENHANCED + "model.*") == [
        "dynamodb.DeleteItem TableName=two",
        "dynamodb.PutItem TableName=one",
        "dynamodb.BatchWriteItem RequestItems={one:{}}",
    ]


def test_transfers_are_uploads_and_downloads(tmp_path: Path) -> None:
    body = """
    S3TransferManager manager = S3TransferManager.create();
    manager.uploadFile(UploadFileRequest.builder().putObjectRequest(r -> r.bucket("b").key("k")).build());
    manager.downloadFile(b -> b.getObjectRequest(r -> r.bucket("b").key("k")));
    manager.downloadDirectory(b -> b.bucket("c"));
    """
    package = "software.amazon.awssdk.transfer.s3."
    assert calls(tmp_path, body, package + "*", package + "model.*") == [
        "s3.PutObject Bucket=b Key=k",
        "s3.GetObject Bucket=b Key=k",
        "s3.GetObject Bucket=c Key=*",
        "s3.ListObjectsV2 Bucket=c",
    ]


def test_powertools_read_parameters(tmp_path: Path) -> None:
    body = """
    SSMProvider ssm = ParamManager.getSsmProvider();
    ssm.withDecryption().get("/a");
    ssm.getMultiple("/b");
    SecretsProvider.builder().build().withMaxAge(1, null).get("s");
    """
    package = "software.amazon.lambda.powertools.parameters."
    found = calls(tmp_path, body, package + "ParamManager", package + "SSMProvider", package + "SecretsProvider")
    assert found == [
        "ssm.GetParameter Name=/a",
        "ssm.GetParametersByPath Path=/b",
        "secretsmanager.GetSecretValue SecretId=s",
    ]


def test_powertools_keep_what_was_done_in_a_table(tmp_path: Path) -> None:
    members = """
    App() {
        Idempotency.config().withPersistenceStore(
            DynamoDBPersistenceStore.builder().withTableName(System.getenv("T")).build()).configure();
    }
    """
    package = "software.amazon.lambda.powertools.idempotency."
    found = calls(tmp_path, "", package + "*", package + "persistence.DynamoDBPersistenceStore", members=members)
    assert sorted(found) == [f"dynamodb.{name}Item TableName=${{env:T}}" for name in ("Delete", "Get", "Put", "Update")]


def test_the_cache_of_secrets_describes_and_reads(tmp_path: Path) -> None:
    body = 'new SecretCache().getSecretString("s");'
    assert sorted(calls(tmp_path, body, "com.amazonaws.secretsmanager.caching.SecretCache")) == [
        "secretsmanager.DescribeSecret SecretId=s",
        "secretsmanager.GetSecretValue SecretId=s",
    ]


@pytest.mark.parametrize(("mechanism", "count"), [("AWS_MSK_IAM", 3), ("PLAIN", 0)])
def test_kafka_signs_in_where_its_properties_say_so(tmp_path: Path, mechanism: str, count: int) -> None:
    body = f"""
    Properties p = new Properties();
    p.put("sasl.mechanism", "{mechanism}");
    new KafkaProducer<String, String>(p).send(new ProducerRecord<>("t", "v"));
    """
    found = calls(
        tmp_path,
        body,
        "org.apache.kafka.clients.producer.KafkaProducer",
        "org.apache.kafka.clients.producer.ProducerRecord",
    )
    assert sorted(found) == [f"kafka-cluster.{name}" for name in ("Connect", "DescribeTopic", "WriteData")][:count]
