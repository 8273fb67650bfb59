"""What stands on the SDK for Java: the enhanced client, transfers, Powertools, the cache of secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.java_programs import calls_of, program, report_of

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


_SIGNERS = (
    "java.net.URI",
    "software.amazon.awssdk.http.SdkHttpFullRequest",
    "software.amazon.awssdk.http.SdkHttpMethod",
    "software.amazon.awssdk.auth.signer.Aws4Signer",
    "software.amazon.awssdk.auth.signer.params.Aws4SignerParams",
    "software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner",
)
_SIGNERS_1 = (
    "java.net.URI",
    "org.apache.http.impl.client.HttpClients",
    "com.amazonaws.DefaultRequest",
    "com.amazonaws.http.HttpMethodName",
    "com.amazonaws.http.AWSRequestSigningApacheInterceptor",
    "com.amazonaws.auth.AWS4Signer",
    "com.amazonaws.auth.DefaultAWSCredentialsProviderChain",
)
_STAGE = "https://abc.execute-api.eu-west-1.amazonaws.com/prod/orders"


def test_requests_that_signers_of_version_2_sign(tmp_path: Path) -> None:
    body = f"""
    var request = SdkHttpFullRequest.builder().method(SdkHttpMethod.POST).uri(URI.create("{_STAGE}")).build();
    var params = Aws4SignerParams.builder().signingName("execute-api").signingRegion(Region.EU_WEST_1).build();
    Aws4Signer.create().sign(request, params);
    AwsV4HttpSigner.create().sign(r -> r.request(request).putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "es"));
    """
    assert calls(tmp_path, body, *_SIGNERS) == [
        f"execute-api.Invoke url={_STAGE} method=POST",
        f"es.ESHttpPost url={_STAGE}",
    ]


def test_requests_that_signers_of_version_1_sign(tmp_path: Path) -> None:
    body = """
    DefaultRequest<Void> request = new DefaultRequest<>("es");
    request.setHttpMethod(HttpMethodName.GET);
    request.setEndpoint(URI.create(System.getenv("DOMAIN")));
    request.setResourcePath("/orders/_search");
    AWS4Signer signer = new AWS4Signer();
    signer.setServiceName("es");
    signer.sign(request, new DefaultAWSCredentialsProviderChain().getCredentials());
    """
    assert calls(tmp_path, body, *_SIGNERS_1) == ["es.ESHttpGet url=${env:DOMAIN}/orders/_search"]


def test_what_an_interceptor_signs_is_not_seen(tmp_path: Path) -> None:
    body = """
    var provider = new DefaultAWSCredentialsProviderChain();
    var signing = new AWSRequestSigningApacheInterceptor("es", new AWS4Signer(), provider);
    HttpClients.custom().addInterceptorLast(signing);
    return null;
    """
    report = report_of(tmp_path, program(body, "", *_SIGNERS_1))
    assert [one.may_call for one in report.unseen] == [("es:*",)]


def test_opensearch_over_the_transport_for_aws(tmp_path: Path) -> None:
    body = """
    var transport = new AwsSdk2Transport(null, System.getenv("HOST"), "aoss", Region.EU_WEST_1, null);
    var client = new OpenSearchClient(new AwsSdk2Transport(null, System.getenv("HOST"), Region.EU_WEST_1, null));
    client.search(s -> s.index("orders"), Object.class);
    client.indices().delete(d -> d.index("orders"));
    new OpenSearchAsyncClient(transport).info();
    """
    imports = "org.opensearch.client.opensearch.*", "org.opensearch.client.transport.aws.AwsSdk2Transport"
    assert calls(tmp_path, body, *imports) == [
        "es.ESHttpPost url=${env:HOST}/*",
        "es.ESHttpDelete url=${env:HOST}/*",
        "opensearchserverless.APIAccessAll url=${env:HOST}/*",
    ]


def test_a_signing_interceptor_of_another_library(tmp_path: Path) -> None:
    body = """
    HttpRequestInterceptor one = new AwsRequestSigningApacheInterceptor("es", null, null, Region.EU_WEST_1);
    RestClient.builder(null).setHttpClientConfigCallback(b -> b.addInterceptorLast(one)).build();
    return null;
    """
    imports = (
        "org.apache.http.HttpRequestInterceptor",
        "org.elasticsearch.client.RestClient",
        "io.github.acm19.aws.interceptor.http.AwsRequestSigningApacheInterceptor",
    )
    report = report_of(tmp_path, program(body, "", *imports))
    assert [one.may_call for one in report.unseen] == [("es:*",)]


def test_a_library_whose_source_is_in_the_repository_is_modelled_and_not_read(tmp_path: Path) -> None:
    package = "software.amazon.lambda.powertools.parameters"
    body = "public static Object getSecretsProvider() { return null; }"
    source = f"package {package};\npublic class ParamManager {{ {body} }}"
    app = program('return ParamManager.getSecretsProvider().get("key");', "", f"{package}.ParamManager")
    assert calls_of(tmp_path, {**app, "ParamManager.java": source}) == ["secretsmanager.GetSecretValue SecretId=key"]
