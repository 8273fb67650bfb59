"""Version 1 of the AWS SDK for Java: clients, requests, single values, and what stands on the clients."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.java_programs import calls_of, program, report_of

_V1 = "com.amazonaws."
_DYNAMO = ("services.dynamodbv2.*", "services.dynamodbv2.model.*")
_S3 = ("services.s3.*", "services.s3.model.*")


def calls(folder: Path, body: str, *imports: str, members: str = "") -> list[str]:
    """The calls of a handler; ``imports`` are below the SDK's package."""
    return calls_of(folder, program(f"{body}\nreturn null;", members, *(_V1 + one for one in imports)))


@pytest.mark.parametrize(
    "made",
    [
        "AmazonDynamoDBClientBuilder.defaultClient()",
        "AmazonDynamoDBClientBuilder.standard().build()",
        "AmazonDynamoDBClientBuilder.standard().withCredentials(null).build()",
        "new AmazonDynamoDBClient()",
        "AmazonDynamoDBClient.builder().build()",
        "AmazonDynamoDBAsyncClientBuilder.defaultClient()",
    ],
)
def test_a_client_is_made(tmp_path: Path, made: str) -> None:
    body = f'AmazonDynamoDB db = {made}; db.deleteTable("t");'
    assert calls(tmp_path, body, *_DYNAMO) == ["dynamodb.DeleteTable TableName=t"]


@pytest.mark.parametrize(
    "request_",
    [
        'new PutItemRequest("t", null)',
        'new PutItemRequest().withTableName("t").withItem(null)',
        '"t", null',
    ],
)
def test_a_request_is_made(tmp_path: Path, request_: str) -> None:
    found = calls(tmp_path, f"new AmazonDynamoDBClient().putItem({request_});", *_DYNAMO)
    assert [call.split(" Item")[0] for call in found] == ["dynamodb.PutItem TableName=t"]


def test_a_request_is_written_to(tmp_path: Path) -> None:
    body = (
        'GetItemRequest r = new GetItemRequest(); r.setTableName("t"); new AmazonDynamoDBClient().getItem(r.clone());'
    )
    assert calls(tmp_path, body, *_DYNAMO) == ["dynamodb.GetItem TableName=t"]


def test_a_method_that_ends_later_is_the_same_operation(tmp_path: Path) -> None:
    body = 'AmazonSQSAsyncClientBuilder.defaultClient().sendMessageAsync("q", "m").get();'
    assert calls(tmp_path, body, "services.sqs.*") == ["sqs.SendMessage QueueUrl=q MessageBody=m"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('s3.putObject("b", "k", "x");', "s3.PutObject Bucket=b Key=k Body=x"),
        ('s3.putObject(new PutObjectRequest("b", "k", "x"));', "s3.PutObject Bucket=b Key=k Body=x"),
        ('s3.getObject(new GetObjectRequest("b", "k"));', "s3.GetObject Bucket=b Key=k"),
        ('s3.getObjectAsString("b", "k");', "s3.GetObject Bucket=b Key=k"),
        ('s3.doesObjectExist("b", "k");', "s3.HeadObject Bucket=b Key=k"),
        ('s3.listObjects("b", "p");', "s3.ListObjects Bucket=b Prefix=p"),
        ('s3.listObjectsV2(new ListObjectsV2Request().withBucketName("b"));', "s3.ListObjectsV2 Bucket=b"),
        ('s3.deleteObject("b", "k");', "s3.DeleteObject Bucket=b Key=k"),
        ('s3.copyObject("a", "x", "b", "y");', "s3.CopyObject Bucket=b Key=y CopySource={Bucket:a,Key:x}"),
        ('s3.setBucketLifecycleConfiguration("b", null);', "s3.PutBucketLifecycleConfiguration Bucket=b"),
        ('s3.deleteBucketCrossOriginConfiguration("b");', "s3.DeleteBucketCors Bucket=b"),
        ('s3.generatePresignedUrl("b", "k", null);', "s3.GetObject Bucket=b Key=k"),
        ('s3.generatePresignedUrl("b", "k", null, HttpMethod.PUT);', "s3.PutObject Bucket=b Key=k"),
        (
            's3.generatePresignedUrl(new GeneratePresignedUrlRequest("b", "k").withMethod(HttpMethod.PUT));',
            "s3.PutObject Bucket=b Key=k Method=PUT",
        ),
    ],
)
def test_s3_has_methods_of_its_own(tmp_path: Path, body: str, expected: str) -> None:
    whole = f"AmazonS3 s3 = AmazonS3ClientBuilder.defaultClient();\n{body}"
    assert calls(tmp_path, whole, *_S3, "HttpMethod") == [expected]


def test_an_acl_has_the_word_of_the_api(tmp_path: Path) -> None:
    body = """
    AmazonS3ClientBuilder.defaultClient().putObject(
        new PutObjectRequest("b", "k", "x").withCannedAcl(CannedAccessControlList.PUBLIC_READ));
    """
    (call,) = calls(tmp_path, body, *_S3)
    assert "PutObject Bucket=b Key=k" in call
    assert "ACL=" in call


def test_a_region_and_credentials_are_taken(tmp_path: Path) -> None:
    body = """
    AmazonS3ClientBuilder.standard().withRegion(Regions.EU_WEST_1).withCredentials(
        new AWSStaticCredentialsProvider(new BasicAWSCredentials("AKIA", "secret"))).build().listBuckets();
    """
    (call,) = calls(tmp_path, body, *_S3, "auth.*", "regions.Regions")
    assert "$region=eu-west-1" in call
    assert " as " in call


def test_the_document_interface_names_its_table_once(tmp_path: Path) -> None:
    body = """
    DynamoDB db = new DynamoDB(AmazonDynamoDBClientBuilder.standard().build());
    Table table = db.getTable("t");
    table.putItem(new Item().withPrimaryKey("id", "1"));
    table.getIndex("i").query("a", "b");
    """
    assert calls(tmp_path, body, *_DYNAMO, "services.dynamodbv2.document.*") == [
        "dynamodb.PutItem TableName=t",
        "dynamodb.Query TableName=t IndexName=i",
    ]


_ITEM = '@DynamoDBTable(tableName = "items") public static class Row { @DynamoDBHashKey String id; }'
_MAPPER = (*_DYNAMO, "services.dynamodbv2.datamodeling.*")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("mapper.save(new Row());", "dynamodb.UpdateItem TableName=items"),
        ("mapper.save(new Row(), new DynamoDBMapperConfig(DynamoDBMapperConfig.SaveBehavior.CLOBBER));",
         "dynamodb.PutItem TableName=items"),
        ('mapper.load(Row.class, "1");', "dynamodb.GetItem TableName=items"),
        ("mapper.delete(new Row());", "dynamodb.DeleteItem TableName=items"),
        ("mapper.query(Row.class, null);", "dynamodb.Query TableName=items"),
        ("mapper.scan(Row.class, null);", "dynamodb.Scan TableName=items"),
        ("mapper.batchSave(List.of(new Row()));", "dynamodb.BatchWriteItem RequestItems={items:{}}"),
    ],
)  # fmt: skip
def test_a_mapper_calls_the_table_of_the_class(tmp_path: Path, body: str, expected: str) -> None:
    whole = f"DynamoDBMapper mapper = new DynamoDBMapper(AmazonDynamoDBClientBuilder.defaultClient());\n{body}"
    assert calls(tmp_path, whole, *_MAPPER, members=_ITEM) == [expected]


def test_a_generated_key_is_put(tmp_path: Path) -> None:
    members = """
    @DynamoDBTable(tableName = "t") static class Row {
        @DynamoDBAutoGeneratedKey public String getId() { return null; }
    }
    """
    body = "new DynamoDBMapper(AmazonDynamoDBClientBuilder.defaultClient()).save(new Row());"
    assert calls(tmp_path, body, *_MAPPER, members=members) == ["dynamodb.PutItem TableName=t"]


@pytest.mark.parametrize(
    ("config", "table"),
    [
        ('DynamoDBMapperConfig.TableNameOverride.withTableNameReplacement("x")', "x"),
        ('new DynamoDBMapperConfig.TableNameOverride("x")', "x"),
        ('DynamoDBMapperConfig.TableNameOverride.withTableNamePrefix("x-")', "x-items"),
    ],
)
def test_a_mapper_may_name_tables_itself(tmp_path: Path, config: str, table: str) -> None:
    body = f"""
    var config = DynamoDBMapperConfig.builder().withTableNameOverride({config}).build();
    new DynamoDBMapper(AmazonDynamoDBClientBuilder.defaultClient(), config).load(Row.class, "1");
    """
    assert calls(tmp_path, body, *_MAPPER, members=_ITEM) == [f"dynamodb.GetItem TableName={table}"]


def test_a_resolver_tells_classes_apart(tmp_path: Path) -> None:
    members = f"""
    {_ITEM}
    static class Other {{}}
    static class Names implements DynamoDBMapperConfig.TableNameResolver {{
        public String getTableName(Class<?> type, DynamoDBMapperConfig config) {{
            if (type.equals(Row.class)) {{ return System.getenv("ROWS"); }}
            return type == Other.class ? "others" : "unknown";
        }}
    }}
    """
    body = """
    var config = new DynamoDBMapperConfig.Builder().withTableNameResolver(new Names()).build();
    var mapper = new DynamoDBMapper(AmazonDynamoDBClientBuilder.defaultClient(), config);
    mapper.load(Row.class, "1"); mapper.load(Other.class, "1");
    """
    assert calls(tmp_path, body, *_MAPPER, members=members) == [
        "dynamodb.GetItem TableName=${env:ROWS}",
        "dynamodb.GetItem TableName=others",
    ]


def test_a_field_of_the_mappers_interface_is_a_mapper(tmp_path: Path) -> None:
    body = "mapper.load(Row.class, null);"
    members = f"{_ITEM}\n@Inject IDynamoDBMapper mapper;"
    for imports in (_MAPPER, ("services.dynamodbv2.datamodeling.*", "services.lambda.runtime.*")):
        assert calls(tmp_path, body, *imports, members=members) == ["dynamodb.GetItem TableName=items"]


@pytest.mark.parametrize(
    ("base", "imports", "inside", "expected"),
    [
        ("DynamoDBMapper", _MAPPER, "save(new Row())", ["dynamodb.UpdateItem TableName=items"]),
        ("AmazonS3Client", _S3, 'super.deleteObject("b", "k")', ["s3.DeleteObject Bucket=b Key=k"]),
        ("AmazonS3Client", _S3, 'this.helper("k")', []),
    ],
)
def test_a_class_that_derives_from_a_clients_has_its_methods(
    tmp_path: Path, base: str, imports: tuple[str, ...], inside: str, expected: list[str]
) -> None:
    members = f"{_ITEM}\nstatic class Db extends {base} {{ void keep() {{ {inside}; }} void helper(String a) {{}} }}"
    assert calls(tmp_path, "new Db().keep();", *imports, *_MAPPER, members=members) == expected


@pytest.mark.parametrize("call", ["new Db().frob()", "new Db().keep()"])
def test_a_method_that_such_a_class_does_not_have_is_reported(tmp_path: Path, call: str) -> None:
    members = "static class Db extends AmazonS3Client { void keep() { frobAll(null); } }"
    files = program(f"{call};\nreturn null;", members, *(_V1 + one for one in _S3))
    assert ["s3.frob" in one.what for one in report_of(tmp_path, files).unseen] == [True]


@pytest.mark.parametrize(
    ("import_", "body", "is_seen"),
    [
        ("services.s3.iterable.*", 'S3Objects.inBucket(s3, "b").iterator();', False),
        ("services.s3.*", 'new AmazonS3URI("s3://b/k").getBucket();', True),
        ("services.dynamodbv2.datamodeling.*", "mapper.newTableMapper(null).saveIfNotExists(null);", False),
        ("services.s3.event.*", "S3EventNotification.parseJson(null).getRecords();", True),
    ],
)
def test_methods_of_the_sdks_classes_without_a_model_are_not_followed(
    tmp_path: Path, import_: str, body: str, is_seen: bool
) -> None:
    members = "@Inject com.amazonaws.services.s3.AmazonS3 s3; @Inject IDynamoDBMapper mapper;"
    report = report_of(tmp_path, program(body + "return null;", members, *(_V1 + one for one in (import_, *_MAPPER))))
    assert (not report.calls, not report.unseen) == (True, is_seen)


def test_transfers_are_uploads_and_downloads(tmp_path: Path) -> None:
    body = """
    AmazonS3 s3 = AmazonS3ClientBuilder.defaultClient();
    TransferManager manager = TransferManagerBuilder.standard().withS3Client(s3).build();
    manager.upload("b", "k", null);
    manager.upload(new PutObjectRequest("b", "k", "x"));
    manager.download("b", "k", null);
    """
    found = calls(tmp_path, body, *_S3, "services.s3.transfer.*")
    assert [call.removesuffix(" Body=x") for call in found] == [
        "s3.PutObject Bucket=b Key=k",
        "s3.PutObject Bucket=b Key=k",
        "s3.GetObject Bucket=b Key=k",
    ]


def test_a_projects_package_may_be_called_as_the_sdks(tmp_path: Path) -> None:
    files = {
        "Store.java": """
            package com.amazonaws.services.lambda.samples;
            import com.amazonaws.services.dynamodbv2.*;
            public class Store {
                public void save() { AmazonDynamoDBClientBuilder.defaultClient().deleteTable(System.getenv("T")); }
            }
            """,
        **program("new Store().save(); return null;", "", "com.amazonaws.services.lambda.samples.Store"),
    }
    assert calls_of(tmp_path, files) == ["dynamodb.DeleteTable TableName=${env:T}"]


def test_a_presigned_request_with_a_computed_method_may_be_for_any_operation(tmp_path: Path) -> None:
    body = """
        AmazonS3 s3 = AmazonS3ClientBuilder.defaultClient();
        s3.generatePresignedUrl("b", "k", null, HttpMethod.valueOf(System.getenv("METHOD")));
        return null;
        """
    report = report_of(tmp_path, program(body, "", *(_V1 + one for one in (*_S3, "HttpMethod"))))
    assert any("signs a request whose method is computed" in one.what for one in report.unseen)


def test_events_and_interfaces_of_lambda_are_no_sdk(tmp_path: Path) -> None:
    body = "return new APIGatewayProxyResponseEvent().withStatusCode(200).withBody(String.valueOf(event));"
    report = report_of(tmp_path, program(body, "", "com.amazonaws.services.lambda.runtime.events.*"))
    assert (report.calls, report.unseen) == ((), ())
