"""Version 2 of the AWS SDK for Java: clients, requests, pages, waiters, presigned requests."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.java_programs import calls_of, program, report_of

_V2 = "software.amazon.awssdk."


def calls(folder: Path, body: str, *imports: str, members: str = "") -> list[str]:
    """The calls of a handler; ``imports`` are below the SDK's package."""
    return calls_of(folder, program(f"{body}\nreturn null;", members, *(_V2 + one for one in imports)))


@pytest.mark.parametrize(
    ("made", "imports"),
    [
        ("DynamoDbClient.create()", ()),
        ("DynamoDbClient.builder().region(Region.EU_WEST_1).build()", ("services.dynamodb.*",)),
        ("DynamoDbAsyncClient.create()", ()),
    ],
)
def test_a_client_is_made(tmp_path: Path, made: str, imports: tuple[str, ...]) -> None:
    found = calls(tmp_path, f'var db = {made}; db.deleteTable(r -> r.tableName("t"));', *imports)
    assert [call.replace(" $region=eu-west-1", "") for call in found] == ["dynamodb.DeleteTable TableName=t"]


@pytest.mark.parametrize(
    "request_",
    [
        'PutItemRequest.builder().tableName("t").build()',
        'PutItemRequest.builder().tableName("t")',
        'b -> b.tableName("t")',
        'b -> { b.tableName("t"); }',
        'PutItemRequest.builder().tableName("x").build().toBuilder().tableName("t").build()',
        'PutItemRequest.builder().applyMutation(b -> b.tableName("t")).build()',
    ],
)
def test_a_request_is_built(tmp_path: Path, request_: str) -> None:
    assert calls(tmp_path, f"DynamoDbClient.create().putItem({request_});") == ["dynamodb.PutItem TableName=t"]


def test_a_request_that_is_built_under_a_condition_has_both_values(tmp_path: Path) -> None:
    body = """
    PutItemRequest.Builder b = PutItemRequest.builder().tableName("a");
    if (event != null) { b.tableName("b"); }
    DynamoDbClient.create().putItem(b.build());
    """
    assert calls(tmp_path, body) == ["dynamodb.PutItem TableName=a|b"]


def test_structures_inside_a_request_have_the_names_of_the_api(tmp_path: Path) -> None:
    body = """
    S3Client.create().deleteObjects(b -> b.bucket("b").delete(d -> d.objects(o -> o.key("k"))));
    """
    (call,) = calls(tmp_path, body)
    assert call.startswith("s3.DeleteObjects Bucket=b Delete={")
    assert "Key:k" in call


def test_an_asynchronous_client_gives_what_is_there_later(tmp_path: Path) -> None:
    body = """
    DynamoDbAsyncClient db = DynamoDbAsyncClient.create();
    db.getItem(b -> b.tableName("a")).thenCompose(r -> db.putItem(b -> b.tableName("b"))).join();
    """
    assert calls(tmp_path, body) == ["dynamodb.GetItem TableName=a", "dynamodb.PutItem TableName=b"]


def test_pages_are_the_same_operation(tmp_path: Path) -> None:
    body = """
    S3Client s3 = S3Client.create();
    for (var page : s3.listObjectsV2Paginator(b -> b.bucket("b"))) {
        page.contents().forEach(o -> s3.deleteObject(b -> b.bucket("b").key(o.key())));
    }
    s3.listObjectsV2Paginator(b -> b.bucket("c")).contents().stream()
        .forEach(o -> s3.getObject(b -> b.bucket("c").key(o.key())));
    """
    assert calls(tmp_path, body) == [
        "s3.ListObjectsV2 Bucket=b",
        "s3.DeleteObject Bucket=b Key=*",
        "s3.ListObjectsV2 Bucket=c",
        "s3.GetObject Bucket=c Key=*",
    ]


def test_a_waiter_asks_its_operation(tmp_path: Path) -> None:
    body = """
    S3Client s3 = S3Client.create();
    s3.waiter().waitUntilObjectExists(b -> b.bucket("b").key("k"));
    S3Waiter.builder().client(s3).build().waitUntilBucketExists(b -> b.bucket("b"));
    """
    assert calls(tmp_path, body, "services.s3.waiters.S3Waiter") == [
        "s3.HeadObject Bucket=b Key=k",
        "s3.HeadBucket Bucket=b",
    ]


def test_a_presigned_request_needs_what_it_asks(tmp_path: Path) -> None:
    body = """
    PutObjectRequest put = PutObjectRequest.builder().bucket("b").key("k").build();
    S3Presigner.create().presignPutObject(
        PutObjectPresignRequest.builder().signatureDuration(null).putObjectRequest(put).build()).url();
    try (S3Presigner presigner = S3Presigner.builder().build()) {
        presigner.presignGetObject(b -> b.getObjectRequest(r -> r.bucket("b").key("k")));
    }
    """
    imports = ("services.s3.presigner.*", "services.s3.presigner.model.*", "services.s3.model.*")
    assert calls(tmp_path, body, *imports) == ["s3.PutObject Bucket=b Key=k", "s3.GetObject Bucket=b Key=k"]


def test_bytes_of_an_object_are_the_object(tmp_path: Path) -> None:
    body = 'S3Client.create().getObjectAsBytes(b -> b.bucket("b").key("k")).asUtf8String();'
    assert calls(tmp_path, body) == ["s3.GetObject Bucket=b Key=k"]


def test_the_url_of_a_queue_is_that_of_its_name(tmp_path: Path) -> None:
    body = """
    SqsClient sqs = SqsClient.create();
    String url = sqs.getQueueUrl(b -> b.queueName("q")).queueUrl();
    sqs.sendMessage(b -> b.queueUrl(url).messageBody("m"));
    """
    found = calls(tmp_path, body)
    assert found[0] == "sqs.GetQueueUrl QueueName=q"
    assert "/q " in found[1]


def test_a_role_that_is_assumed_owns_the_calls(tmp_path: Path) -> None:
    body = """
    var provider = StsAssumeRoleCredentialsProvider.builder()
        .refreshRequest(r -> r.roleArn("arn:aws:iam::1:role/r").roleSessionName("s")).stsClient(StsClient.create())
        .build();
    DynamoDbClient.builder().credentialsProvider(provider).build().deleteTable(r -> r.tableName("t"));
    """
    assert calls(tmp_path, body, "services.sts.auth.StsAssumeRoleCredentialsProvider") == [
        "sts.AssumeRole RoleArn=arn:aws:iam::1:role/r",
        "dynamodb.DeleteTable TableName=t as arn:aws:iam::1:role/r",
    ]


def test_keys_of_a_response_own_the_calls(tmp_path: Path) -> None:
    body = """
    var keys = StsClient.create().assumeRole(r -> r.roleArn("role")).credentials();
    var session = AwsSessionCredentials.create(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
    S3Client.builder().credentialsProvider(StaticCredentialsProvider.create(session)).build().listBuckets();
    """
    assert calls(tmp_path, body, "auth.credentials.*") == ["sts.AssumeRole RoleArn=role", "s3.ListBuckets as role"]


def test_keys_in_the_code_are_somebody_elses(tmp_path: Path) -> None:
    body = """
    S3Client.builder().credentialsProvider(
        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA", "secret"))).build().listBuckets();
    S3Client.builder().credentialsProvider(EnvironmentVariableCredentialsProvider.create()).build().listBuckets();
    """
    one, other = calls(tmp_path, body, "auth.credentials.*")
    assert " as " in one
    assert other == "s3.ListBuckets"


def test_a_token_for_a_database_is_worth_a_connection(tmp_path: Path) -> None:
    body = """
    RdsClient.create().utilities().generateAuthenticationToken(b -> b.hostname("h").username("u").port(1));
    """
    assert calls(tmp_path, body, "services.rds.RdsClient") == ["rds-db.connect DBHostname=h DBUsername=u"]


def test_a_parameter_of_a_clients_type_is_such_a_client(tmp_path: Path) -> None:
    members = "@Inject DynamoDbClient db;"
    assert calls(tmp_path, 'db.putItem(b -> b.tableName("t"));', members=members) == ["dynamodb.PutItem TableName=t"]


def test_an_operation_that_is_not_known_is_told(tmp_path: Path) -> None:
    report = report_of(tmp_path, program("return DynamoDbClient.create().fetchItem(event);"))
    assert ["fetchItem" in one.what for one in report.unseen] == [True]


def test_a_client_that_leaves_the_code_is_told(tmp_path: Path) -> None:
    files = program("return org.other.Thing.run(DynamoDbClient.create());")
    assert any("an SDK client of dynamodb" in one.what for one in report_of(tmp_path, files).unseen)
