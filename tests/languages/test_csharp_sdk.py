"""The AWS SDK for .NET: clients, requests, and the libraries above it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from languages.csharp_programs import calls_of, handler, report_of

Calls = Callable[..., list[str]]


@pytest.fixture
def calls(tmp_path: Path) -> Calls:
    """The calls of a handler with this body."""

    def found(body: str, *usings: str, members: str = "", files: dict[str, str] | None = None) -> list[str]:
        lines = "".join(f"using {using};\n" for using in usings)
        return calls_of(tmp_path, lines + handler(body, members), files)

    return found


@pytest.mark.parametrize(
    ("body", "call"),
    [
        ('new AmazonDynamoDBClient().GetItemAsync("t", new() { ["id"] = new("1") });',
         "dynamodb.GetItem TableName=t Key={id:*,Id:*}"),
        ('new AmazonDynamoDBClient().PutItemAsync(new PutItemRequest("t", null));',
         "dynamodb.PutItem TableName=t Item=None"),
        ('new AmazonS3Client().GetObjectAsync("b", "k");', "s3.GetObject Bucket=b Key=k"),
        ('new AmazonS3Client().PutObjectAsync(new() { BucketName = "b", Key = "k" });', "s3.PutObject Bucket=b Key=k"),
        ('new AmazonS3Client().GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = "b", Key = "k" });',
         "s3.HeadObject Bucket=b Key=k"),
        ('new AmazonS3Client().ListObjectsV2Async(new ListObjectsV2Request { BucketName = "b", Prefix = "p" });',
         "s3.ListObjectsV2 Bucket=b Prefix=p"),
        ('new AmazonS3Client().GetACLAsync(new GetACLRequest { BucketName = "b" });', "s3.GetBucketAcl Bucket=b"),
        ('new AmazonS3Client().PutACLAsync(new PutACLRequest { BucketName = "b", Key = "k" });',
         "s3.PutObjectAcl Bucket=b Key=k"),
        ('new AmazonS3Client().DeleteCORSConfigurationAsync(new DeleteCORSConfigurationRequest { BucketName = "b" });',
         "s3.DeleteBucketCors Bucket=b"),
        ('new AmazonSQSClient().SendMessageAsync("u", "m");', "sqs.SendMessage QueueUrl=u MessageBody=m"),
        ('var url = (await new AmazonSQSClient().GetQueueUrlAsync("q")).QueueUrl;', "sqs.GetQueueUrl QueueName=q"),
        ('new AmazonSQSClient().DeleteMessageAsync(queueUrl: "u", receiptHandle: "h");',
         "sqs.DeleteMessage QueueUrl=u ReceiptHandle=h"),
        ('new Amazon.StepFunctions.AmazonStepFunctionsClient().StartExecutionAsync('
         'new Amazon.StepFunctions.Model.StartExecutionRequest { StateMachineArn = "a" });',
         "stepfunctions.StartExecution stateMachineArn=a"),
        ('new Amazon.SecretsManager.AmazonSecretsManagerClient(Amazon.RegionEndpoint.USEast1)'
         '.GetSecretValueAsync(new() { SecretId = "s" });',
         "secretsmanager.GetSecretValue SecretId=s $region=us-east-1"),
        ('new Amazon.SimpleNotificationService.AmazonSimpleNotificationServiceClient().PublishAsync("arn", "m");',
         "sns.Publish TopicArn=arn Message=m"),
        ('new Amazon.EventBridge.AmazonEventBridgeClient().PutEventsAsync('
         'new() { Entries = new() { new() { EventBusName = "bus" } } });',
         "events.PutEvents Entries=[{EventBusName:bus}]"),
        ('new Amazon.Lambda.AmazonLambdaClient().InvokeAsync('
         'new Amazon.Lambda.Model.InvokeRequest { FunctionName = "f" });',
         "lambda.Invoke FunctionName=f"),
    ],
)  # fmt: skip
def test_calls(calls: Calls, body: str, call: str) -> None:
    assert calls(f"await {body}" if not body.startswith("var") else body) == [call]


def test_a_request_that_is_filled_later(calls: Calls) -> None:
    body = """
        var request = new PutObjectRequest();
        request.BucketName = Environment.GetEnvironmentVariable("BUCKET");
        request.Key = $"in/{input["id"]}";
        await new AmazonS3Client().PutObjectAsync(request);
        """
    assert calls(body) == ["s3.PutObject Bucket=${env:BUCKET} Key=in/*"]


def test_a_copy_reads_and_writes(calls: Calls) -> None:
    assert calls('await new AmazonS3Client().CopyObjectAsync("a", "b", "c", "d");') == [
        "s3.CopyObject SourceBucket=a SourceKey=b Bucket=c Key=d CopySource=a/b"
    ]


@pytest.mark.parametrize(("verb", "operation"), [("HttpVerb.PUT", "PutObject"), ("HttpVerb.GET", "GetObject")])
def test_signed_addresses(calls: Calls, verb: str, operation: str) -> None:
    request = f'new GetPreSignedUrlRequest {{ BucketName = "b", Key = "k", Verb = {verb} }}'
    body = f"new AmazonS3Client().GetPreSignedURL({request});"
    assert [call.partition(" Verb")[0] for call in calls(body)] == [f"s3.{operation} Bucket=b Key=k"]


def test_paginators(calls: Calls) -> None:
    body = """
        var pages = new AmazonDynamoDBClient().Paginators.Scan(new ScanRequest { TableName = "t" });
        await foreach (var page in pages.Responses) { Console.WriteLine(page); }
        """
    assert calls(body) == ["dynamodb.Scan TableName=t"]


def test_a_client_that_is_a_parameter_or_a_field_is_known_by_its_type(calls: Calls) -> None:
    members = """
        public IAmazonS3 S3 { get; set; }
        static Task Read(IAmazonDynamoDB db) => db.DescribeTableAsync("t");
        """
    assert sorted(calls('await S3.DeleteObjectAsync("b", "k"); await Read(null ?? Some.Thing);', members=members)) == [
        "dynamodb.DescribeTable TableName=t", "s3.DeleteObject Bucket=b Key=k",
    ]  # fmt: skip


def test_keys_in_code_are_not_the_functions_own(tmp_path: Path) -> None:
    body = """
        await new AmazonS3Client("key", "secret", RegionEndpoint.EUWest1).GetObjectAsync("a", "k");
        var role = new AssumeRoleAWSCredentials(FallbackCredentialsFactory.GetCredentials(), "arn:role", "s");
        await new AmazonS3Client(role).GetObjectAsync("b", "k");
        await new AmazonS3Client(new BasicAWSCredentials("key", "secret")).GetObjectAsync("c", "k");
        await new AmazonS3Client(new EnvironmentVariablesAWSCredentials()).GetObjectAsync("d", "k");
        """
    report = report_of(tmp_path, "using Amazon; using Amazon.Runtime;" + handler(body))
    owners = {
        str(call.arguments.get("Bucket")): str(call.credentials)
        for call in report.calls
        if call.operation == "GetObject"
    }
    assert sorted(owners) == ["a", "b", "c", "d"]
    assert owners["d"] == "None" and owners["b"] == "arn:role" and "None" not in (owners["a"], owners["c"])


def test_dynamodb_context(calls: Calls) -> None:
    files = {
        "src/Models.cs": """
            using Amazon.DynamoDBv2.DataModel;
            namespace App;
            [DynamoDBTable("orders")] public class Order { [DynamoDBHashKey] public string Id { get; set; } }
            public class Plain { }
            public class Mapped { }
            """
    }
    body = """
        IDynamoDBContext context2 = new DynamoDBContext(new AmazonDynamoDBClient());
        await context2.LoadAsync<Order>("1");
        await context2.SaveAsync(new Plain());
        var settings = new DynamoDBContextConfig { DisableFetchingTableMetadata = true, TableNamePrefix = "p-" };
        var bare = new DynamoDBContext(new AmazonDynamoDBClient(), settings);
        await bare.QueryAsync<Order>("1").GetRemainingAsync();
        var name = Environment.GetEnvironmentVariable("T");
        await bare.DeleteAsync<Order>("1", new DynamoDBOperationConfig { OverrideTableName = name });
        var mapping = new Amazon.Util.TypeMapping(typeof(Mapped), "mapped");
        Amazon.AWSConfigsDynamoDB.Context.TypeMappings[typeof(Mapped)] = mapping;
        await bare.ScanAsync<Mapped>(null).GetNextSetAsync();
        """
    assert sorted(calls(body, "Amazon.DynamoDBv2.DataModel", files=files)) == sorted([
        "dynamodb.DescribeTable TableName=orders", "dynamodb.GetItem TableName=orders",
        "dynamodb.DescribeTable TableName=Plain", "dynamodb.UpdateItem TableName=Plain",
        "dynamodb.Query TableName=p-orders", "dynamodb.DeleteItem TableName=${env:T}",
        "dynamodb.Scan TableName=p-mapped",
    ])  # fmt: skip


_ORDER = """
    using Amazon.DynamoDBv2.DataModel;
    namespace App;
    [DynamoDBTable("orders")] public class Order { public string Id { get; set; } public string Note { get; set; } }
    """


@pytest.mark.parametrize(
    ("saved", "why"),
    [
        ("var item = JsonSerializer.Deserialize<Order>(input);", "a text was read as one"),
        ("Order item = JsonNode.Parse(input);", "a variable is declared as one"),
        ("var item = await context.LoadAsync<Order>(input);", "it was loaded as one"),
        ("var item = (await context.QueryAsync<Order>(input).GetRemainingAsync()).First();", "it was found as one"),
    ],
)
def test_the_class_of_data_names_its_table(tmp_path: Path, saved: str, why: str) -> None:
    source = f"""
        public class Function
        {{
            public async Task Handler(string input, ILambdaContext lambda)
            {{
                IDynamoDBContext context = new DynamoDBContext(new AmazonDynamoDBClient());
                {saved}
                item.Note = "seen";
                await context.SaveAsync(item);
            }}
        }}
        """
    usings = "using Amazon.DynamoDBv2.DataModel; using System.Text.Json; using System.Text.Json.Nodes;"
    found = calls_of(tmp_path, usings + source, {"src/Order.cs": _ORDER})
    assert "dynamodb.UpdateItem TableName=orders" in found, why
    assert all(one.endswith("=orders") for one in found)


@pytest.mark.parametrize("client", ["new AmazonS3Client()", "new Store()"])
def test_an_operation_that_the_data_does_not_know_is_reported(tmp_path: Path, client: str) -> None:
    source = handler(f"await {client}.FrobAsync(null);") + "public class Store : AmazonS3Client { }"
    assert ["s3.FrobAsync" in one.what for one in report_of(tmp_path, "using Amazon.S3;" + source).unseen] == [True]


def test_a_class_that_derives_from_a_context_has_its_methods(tmp_path: Path) -> None:
    source = """
        public class Db : DynamoDBContext
        {
            public Db(IAmazonDynamoDB client) : base(client) { }
            public Task Keep(Order one) { Console.WriteLine("keep"); Helper.Note(one); return SaveAsync(one); }
        }
        public static class Helper { public static void Note(Order one) => new AmazonSQSClient().PurgeQueueAsync("q"); }
        public class Function
        {
            private readonly Db _db = new Db(new AmazonDynamoDBClient());
            public async Task Handler(Order order, ILambdaContext lambda)
            {
                await _db.Keep(order);
                await _db.DeleteAsync(order);
            }
        }
        """
    usings = "using Amazon.DynamoDBv2; using Amazon.DynamoDBv2.DataModel; using Amazon.SQS;"
    found = calls_of(tmp_path, usings + source, {"src/Order.cs": _ORDER})
    assert sorted({one.split()[0] for one in found}) == [
        "dynamodb.DeleteItem", "dynamodb.DescribeTable", "dynamodb.UpdateItem", "sqs.PurgeQueue",
    ]  # fmt: skip


def test_the_class_of_an_event_names_its_table(tmp_path: Path) -> None:
    source = """
        public class Function
        {
            private readonly DynamoDBContext _context = new(new AmazonDynamoDBClient());
            public Task Handler(Order order, ILambdaContext lambda) => Keep(order);
            private Task Keep(Order one) => _context.SaveAsync(one);
        }
        """
    usings = "using Amazon.DynamoDBv2.DataModel;"
    assert calls_of(tmp_path, usings + source, {"src/Order.cs": _ORDER}) == [
        "dynamodb.DescribeTable TableName=orders", "dynamodb.UpdateItem TableName=orders",
    ]  # fmt: skip


def test_a_signed_address_with_a_computed_method_may_be_for_any_operation(tmp_path: Path) -> None:
    request = 'new GetPreSignedUrlRequest { BucketName = "b", Key = "k", Verb = Enum.Parse<HttpVerb>(name) }'
    body = f"var name = Console.ReadLine(); new AmazonS3Client().GetPreSignedURL({request});"
    report = report_of(tmp_path, "using Amazon.S3;\nusing Amazon.S3.Model;\n" + handler(body))
    assert any("signs a request whose method is computed" in one.what for one in report.unseen)


def test_a_structure_of_the_sdk_under_another_name_is_no_unread_package(tmp_path: Path) -> None:
    body = """
        var values = new Dictionary<string, Value> { ["a"] = new Value { StringValue = "b" } };
        await new Amazon.SimpleNotificationService.AmazonSimpleNotificationServiceClient().PublishAsync(
            new Amazon.SimpleNotificationService.Model.PublishRequest { TopicArn = "arn", MessageAttributes = values });
        """
    alias = "using Value = Amazon.SimpleNotificationService.Model.MessageAttributeValue;\n"
    report = report_of(tmp_path, alias + handler(body))
    assert [call.operation for call in report.calls] == ["Publish"]
    assert not report.unseen


def test_dynamodb_tables_of_the_document_model(calls: Calls) -> None:
    body = """
        var table = Table.LoadTable(new AmazonDynamoDBClient(), "t");
        await table.PutItemAsync(new Document()); await table.UpdateItemAsync(null); table.Query("a", null);
        var other = new TableBuilder(new AmazonDynamoDBClient(), "o").AddHashKey("id", null).Build();
        await other.GetItemAsync("1");
        """
    assert sorted(calls(body, "Amazon.DynamoDBv2.DocumentModel")) == [
        "dynamodb.DescribeTable TableName=t", "dynamodb.GetItem TableName=o", "dynamodb.PutItem TableName=t",
        "dynamodb.Query TableName=t", "dynamodb.UpdateItem TableName=t",
    ]  # fmt: skip


def test_transfers(calls: Calls) -> None:
    body = """
        var transfer = new TransferUtility(new AmazonS3Client());
        await transfer.UploadAsync("file", "b1", "k");
        transfer.Upload(new TransferUtilityUploadRequest { BucketName = "b2", Key = "k" });
        await transfer.DownloadAsync("file", "b3", "k");
        await transfer.UploadDirectoryAsync("folder", "b4");
        await transfer.OpenStreamAsync("b5", "k");
        """
    found = [call.partition(" $parts")[0] for call in calls(body, "Amazon.S3.Transfer")]
    assert sorted(found) == [
        "s3.GetObject Bucket=b3 Key=k", "s3.GetObject Bucket=b5 Key=k", "s3.PutObject Bucket=b1 Key=k",
        "s3.PutObject Bucket=b2 Key=k", "s3.PutObject Bucket=b4 Key=*",
    ]  # fmt: skip


def test_tokens_of_databases_and_cached_secrets(calls: Calls) -> None:
    body = """
        Amazon.RDS.Util.RDSAuthTokenGenerator.GenerateAuthToken("h", 5432, "u");
        await new Amazon.SecretsManager.Extensions.Caching.SecretsManagerCache().GetSecretString("s");
        """
    assert calls(body) == [
        "rds-db.connect DBHostname=h Port=5432 DBUsername=u", "secretsmanager.DescribeSecret SecretId=s",
        "secretsmanager.GetSecretValue SecretId=s",
    ]  # fmt: skip


def test_powertools(calls: Calls) -> None:
    body = """
        Idempotency.Configure(builder => builder.UseDynamoDb("done"));
        await ParametersManager.SsmProvider.WithDecryption().GetAsync("/a");
        await ParametersManager.SsmProvider.GetMultipleAsync("/b");
        await ParametersManager.SecretsProvider.GetAsync("c");
        await ParametersManager.DynamoDBProvider.UseTable("d").GetAsync("e");
        """
    found = calls(body, "AWS.Lambda.Powertools.Parameters", "AWS.Lambda.Powertools.Idempotency")
    assert sorted(found) == [
        "dynamodb.DeleteItem TableName=done", "dynamodb.GetItem TableName=d", "dynamodb.GetItem TableName=done",
        "dynamodb.PutItem TableName=done", "dynamodb.UpdateItem TableName=done",
        "secretsmanager.GetSecretValue SecretId=c",
        "ssm.GetParameter Name=/a", "ssm.GetParametersByPath Path=/b",
    ]  # fmt: skip
