"""The SDKs of AWS in small Kotlin programs: AWS SDK for Kotlin, and both versions of the SDK for Java."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.kotlin_programs import calls_of, handler, report_of

_KOTLIN = (
    "aws.sdk.kotlin.services.dynamodb.*",
    "aws.sdk.kotlin.services.dynamodb.model.*",
    "kotlinx.coroutines.runBlocking",
)
_JAVA = ("software.amazon.awssdk.services.dynamodb.DynamoDbClient", "software.amazon.awssdk.services.dynamodb.model.*")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("client.scan { tableName = table }", ["dynamodb.Scan TableName=${env:T}"]),
        ("client.scan(ScanRequest { tableName = table })", ["dynamodb.Scan TableName=${env:T}"]),
        ("client.scan(ScanRequest { this.tableName = this@Handler.table })", ["dynamodb.Scan TableName=${env:T}"]),
        (
            'client.putItem { tableName = table; item = mapOf("id" to AttributeValue.S("x")) }',
            ["dynamodb.PutItem TableName=${env:T} Item={id:{s:x,S:x},Id:{s:x,S:x}}"],
        ),
        (
            "client.scanPaginated { tableName = table }.collect { page -> client.listTables { } }",
            ["dynamodb.Scan TableName=${env:T}", "dynamodb.ListTables"],
        ),
        ("client.waitUntilTableExists { tableName = table }", ["dynamodb.DescribeTable TableName=${env:T}"]),
        ("client.use { it.listTables() }", ["dynamodb.ListTables"]),
        (
            'DynamoDbClient.fromEnvironment { region = "eu-west-1" }.listTables()',
            ["dynamodb.ListTables $region=eu-west-1"],
        ),
    ],
)  # fmt: skip
def test_the_sdk_for_kotlin(body: str, expected: list[str], tmp_path: Path) -> None:
    fields = 'val client = DynamoDbClient { }\nval table = System.getenv("T")'
    source = handler(f"runBlocking {{\n{body}\n}}", *_KOTLIN, fields=fields)
    assert calls_of(tmp_path, source) == expected


def test_presigned_requests_and_another_roles_credentials(tmp_path: Path) -> None:
    body = """
    val role = StsAssumeRoleCredentialsProvider(roleArn = "arn:aws:iam::1:role/r")
    val s3 = S3Client { credentialsProvider = role }
    s3.presignGetObject(GetObjectRequest { bucket = "b"; key = "k" }, 5.minutes)
    """
    imports = (
        "aws.sdk.kotlin.services.s3.S3Client", "aws.sdk.kotlin.services.s3.model.GetObjectRequest",
        "aws.sdk.kotlin.services.s3.presigners.presignGetObject",
        "aws.sdk.kotlin.runtime.auth.credentials.StsAssumeRoleCredentialsProvider",
    )  # fmt: skip
    calls = report_of(tmp_path, handler(body, *imports)).calls
    assert [(call.operation, str(call.credentials) if call.credentials else None) for call in calls] == [
        ("AssumeRole", None), ("GetObject", "arn:aws:iam::1:role/r"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("client.scan(ScanRequest.builder().tableName(table).build())", ["dynamodb.Scan TableName=a"]),
        ("client.scan { it.tableName(table) }", ["dynamodb.Scan TableName=a"]),
        ("client.scan { b -> b.tableName(table) }", ["dynamodb.Scan TableName=a"]),
        ("ScanRequest.builder().apply { tableName(table) }.build().let(client::scan)", ["dynamodb.Scan TableName=a"]),
        ("ScanRequest.builder().tableName(table).build().let { client.scan(it) }", ["dynamodb.Scan TableName=a"]),
        ("with(client) { scan { it.tableName(table) } }", ["dynamodb.Scan TableName=a"]),
        ("client.run { scan { it.tableName(table) } }", ["dynamodb.Scan TableName=a"]),
        (
            'input["x"]?.let { client.listTables() } ?: read(table)',
            ["dynamodb.Scan TableName=a", "dynamodb.ListTables"],
        ),
        ('listOf("a", "b").forEach { read(it) }', ["dynamodb.Scan TableName=a", "dynamodb.Scan TableName=b"]),
        ('for (name in listOf("a")) { client.scan { it.tableName("$name-x") } }', ["dynamodb.Scan TableName=a-x"]),
        ('for ((k, v) in mapOf("a" to "b")) client.scan { it.tableName(k + v) }', ["dynamodb.Scan TableName=ab"]),
        ("val (x, y) = Pair(table, 1)\nclient.scan { it.tableName(x) }", ["dynamodb.Scan TableName=a"]),
        ("val f = { t: String -> client.scan { it.tableName(t) } }\nf(table)", ["dynamodb.Scan TableName=a"]),
        ("read(table)", ["dynamodb.Scan TableName=a"]),
        ("client.readAll(table)", ["dynamodb.Scan TableName=a"]),
        ("Tables.read(client)", ["dynamodb.Scan TableName=c"]),
        ("Kind.valueOf(\"A\").read(client)", ["dynamodb.Scan TableName=k"]),
        ("Row(name = \"r\").copy(other = \"s\").read(client)", ["dynamodb.Scan TableName=r-s"]),
        ("lazyClient.listTables()", ["dynamodb.ListTables"]),
    ],
)  # fmt: skip
def test_the_sdk_for_java_version_2(body: str, expected: list[str], tmp_path: Path) -> None:
    beside = """
    private val client = DynamoDbClient.create()
    val lazyClient by lazy { DynamoDbClient.builder().build() }
    fun read(name: String, c: DynamoDbClient = client) = c.scan { it.tableName(name) }
    fun DynamoDbClient.readAll(name: String) = scan { it.tableName(name) }
    object Tables {
        const val NAME = "c"
        fun read(c: DynamoDbClient) = c.scan { it.tableName(NAME) }
    }
    enum class Kind(val table: String) {
        A("k");
        fun read(c: DynamoDbClient) = c.scan { it.tableName(table) }
    }
    data class Row(val name: String, val other: String = "") {
        fun read(c: DynamoDbClient) = c.scan { it.tableName("$name-$other") }
    }
    """
    source = handler(body, *_JAVA, fields='private val table = "a"', beside=beside)
    assert calls_of(tmp_path, source) == expected


def test_the_sdk_for_java_version_1(tmp_path: Path) -> None:
    body = """
    client.putItem(PutItemRequest().withTableName("a"))
    client.getItem(GetItemRequest().apply { tableName = "b" })
    """
    imports = (
        "com.amazonaws.services.dynamodbv2.AmazonDynamoDBClientBuilder", "com.amazonaws.services.dynamodbv2.model.*",
    )  # fmt: skip
    source = handler(body, *imports, fields="val client = AmazonDynamoDBClientBuilder.defaultClient()")
    assert calls_of(tmp_path, source) == ["dynamodb.PutItem TableName=a", "dynamodb.GetItem TableName=b"]


def test_classes_of_other_files_and_of_java(tmp_path: Path) -> None:
    files = {
        "Store.kt": """
        package com.acme.db
        import software.amazon.awssdk.services.dynamodb.DynamoDbClient
        interface Store { fun all() }
        class DynamoStore(private val client: DynamoDbClient, private val names: Names) : Store {
            override fun all() { client.scan { it.tableName(names.table) } }
        }
        """,
        "/src/main/java/com/acme/db/Names.java": """
        package com.acme.db;
        public class Names { private final String t = "a"; public String getTable() { return t; } }
        """,
    }
    body = "val store: Store = DynamoStore(DynamoDbClient.create(), Names())\nstore.all()"
    source = handler(body, *_JAVA, "com.acme.db.*")
    assert calls_of(tmp_path, source, files) == ["dynamodb.Scan TableName=a"]


def test_what_a_container_supplies(tmp_path: Path) -> None:
    fields = """
    @Inject
    lateinit var store: Store
    """
    beside = """
    interface Store { fun all() }
    class DynamoStore(private val client: DynamoDbClient) : Store {
        override fun all() { client.listTables() }
    }
    """
    source = handler("store.all()", *_JAVA, "javax.inject.Inject", fields=fields, beside=beside)
    assert calls_of(tmp_path, source) == ["dynamodb.ListTables"]


@pytest.mark.parametrize(
    ("source", "symbol"),
    [
        ("fun handle(input: String) = DynamoDbClient.create().listTables()", "com.acme.HandlerKt::handle"),
        (
            "object Handler {\n fun handle(x: String) = DynamoDbClient.create().listTables()\n}",
            "com.acme.Handler::handle",
        ),
        (
            "class Handler {\n companion object {\n fun go(x: String) = DynamoDbClient.create().listTables()\n }\n}",
            "com.acme.Handler::go",
        ),
        (
            "class Handler {\n fun handleRequest(x: String) = DynamoDbClient.create().listTables()\n}",
            "com.acme.Handler::",
        ),
    ],
)
def test_forms_of_handlers(source: str, symbol: str, tmp_path: Path) -> None:
    whole = f"package com.acme\nimport {_JAVA[0]}\n{source}\n"
    assert calls_of(tmp_path, whole, symbol=symbol) == ["dynamodb.ListTables"]


def test_routes_of_http4k(tmp_path: Path) -> None:
    source = """
    package com.acme
    import org.http4k.core.*
    import org.http4k.core.Method.GET
    import org.http4k.routing.bind
    import org.http4k.routing.routes
    import org.http4k.serverless.AppLoader
    import software.amazon.awssdk.services.dynamodb.DynamoDbClient

    class ListRoute(private val client: DynamoDbClient) : HttpHandler {
        override fun invoke(request: Request): Response { client.listTables(); return Response(Status.OK) }
    }
    object Handler : AppLoader {
        override fun invoke(env: Map<String, String>): HttpHandler {
            val client = DynamoDbClient.create()
            val auth = Filter { next -> { request -> client.getItem { it.tableName("auth") }; next(request) } }
            return auth.then(routes(
                "/" bind GET to ListRoute(client),
                "/x" bind GET to { request: Request -> client.scan { it.tableName("a") }; Response(Status.OK) },
            ))
        }
    }
    """
    report = report_of(tmp_path, source, symbol="com.acme.Handler::")
    assert sorted({call.operation for call in report.calls}) == ["GetItem", "ListTables", "Scan"]
    assert report.unseen == ()
