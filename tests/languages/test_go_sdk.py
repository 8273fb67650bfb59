"""The AWS SDK for Go in small programs: both versions, and what stands above their clients."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from languages.go_programs import calls_of, program, report_of

Calls = Callable[..., list[str]]


@pytest.fixture
def v1(tmp_path: Path) -> Calls:
    """The calls of a handler with this body; ``svc`` is a client of the first package."""

    def found(body: str, service: str, *imports: str, handler: str = "") -> list[str]:
        made = f"var sess = session.Must(session.NewSession())\nvar svc = {service}.New(sess)\n{handler}"
        return calls_of(tmp_path, program(body, service, "aws", "session", *imports, handler=made, version=1))

    return found


@pytest.fixture
def v2(tmp_path: Path) -> Calls:
    """The same with version 2."""

    def found(body: str, service: str, *imports: str, handler: str = "") -> list[str]:
        made = f"""
var cfg, _ = config.LoadDefaultConfig(context.TODO())
var svc = {service}.NewFromConfig(cfg)
{handler}
"""
        aws = "github.com/aws/aws-sdk-go-v2/aws"
        return calls_of(tmp_path, program(body, service, aws, "config", *imports, handler=made))

    return found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("svc.GetItem(in)", ["dynamodb.GetItem TableName=a"]),
        ("svc.GetItemWithContext(ctx, in)", ["dynamodb.GetItem TableName=a"]),
        ("req, _ := svc.GetItemRequest(in)\nreq.Send()", ["dynamodb.GetItem TableName=a"]),
        ("svc.GetItemRequest(in)", []),
        (
            "svc.QueryPages(&dynamodb.QueryInput{TableName: name}, func(p *dynamodb.QueryOutput, last bool) bool {\n"
            "svc.GetItem(in)\nreturn true })",
            ["dynamodb.GetItem TableName=a", "dynamodb.Query TableName=a"],
        ),
        (
            "svc.WaitUntilTableExists(&dynamodb.DescribeTableInput{TableName: name})",
            ["dynamodb.DescribeTable TableName=a"],
        ),
        (
            'other := &dynamodb.GetItemInput{}\nother.SetTableName("b").SetConsistentRead(true)\nsvc.GetItem(other)',
            ["dynamodb.GetItem TableName=b ConsistentRead=True"],
        ),
        ("var api dynamodbiface.DynamoDBAPI = svc\napi.GetItem(in)", ["dynamodb.GetItem TableName=a"]),
        ("xray.AWS(svc.Client)\nsvc.GetItem(in)", ["dynamodb.GetItem TableName=a"]),
    ],
)
def test_version_1_calls_by_methods(v1: Calls, body: str, expected: list[str]) -> None:
    handler = 'var name = aws.String("a")\nvar in = &dynamodb.GetItemInput{TableName: name}'
    imports = (
        "github.com/aws/aws-sdk-go/service/dynamodb/dynamodbiface",
        "github.com/aws/aws-xray-sdk-go/xray",
    )
    assert sorted(v1(body, "dynamodb", *imports, handler=handler)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("svc.GetObject(ctx, in)", ["s3.GetObject Bucket=b Key=k"]),
        (
            "p := s3.NewListObjectsV2Paginator(svc, &s3.ListObjectsV2Input{Bucket: name})\n"
            "for p.HasMorePages() { page, err := p.NextPage(ctx); _, _ = page, err }",
            ["s3.ListObjectsV2 Bucket=b"],
        ),
        (
            "w := s3.NewBucketExistsWaiter(svc)\nw.Wait(ctx, &s3.HeadBucketInput{Bucket: name}, 0)",
            ["s3.HeadBucket Bucket=b"],
        ),
        ("s3.NewPresignClient(svc).PresignGetObject(ctx, in)", ["s3.GetObject Bucket=b Key=k"]),
        (
            "manager.NewUploader(svc).Upload(ctx, &s3.PutObjectInput{Bucket: name, Key: name})",
            ["s3.PutObject Bucket=b Key=b"],
        ),
        ("manager.NewDownloader(svc).Download(ctx, nil, in)", ["s3.GetObject Bucket=b Key=k"]),
        ("use(svc)", ["s3.GetObject Bucket=b Key=k"]),
        (
            'other := s3.NewFromConfig(cfg, func(o *s3.Options) { o.Region = "eu-west-3" })\nother.GetObject(ctx, in)',
            ["s3.GetObject Bucket=b Key=k $region=eu-west-3"],
        ),
    ],
)
def test_version_2_calls_by_clients_and_helpers(v2: Calls, body: str, expected: list[str]) -> None:
    handler = """
    type getter interface {
        GetObject(ctx context.Context, in *s3.GetObjectInput, o ...func(*s3.Options)) (*s3.GetObjectOutput, error)
    }
    func use(g getter) { g.GetObject(context.TODO(), in) }
    var name = aws.String("b")
    var in = &s3.GetObjectInput{Bucket: name, Key: aws.String("k")}
    """
    assert v2(body, "s3", "github.com/aws/aws-sdk-go-v2/feature/s3/manager", handler=handler) == expected


def test_version_1_uploads_and_downloads(v1: Calls) -> None:
    body = """
    s3manager.NewUploader(sess).Upload(&s3manager.UploadInput{Bucket: aws.String("a"), Key: aws.String("k")})
    in := &s3.GetObjectInput{Bucket: aws.String("b"), Key: aws.String("k")}
    s3manager.NewDownloaderWithClient(svc).Download(nil, in)
    """
    found = v1(body, "s3", "github.com/aws/aws-sdk-go/service/s3/s3manager")
    assert found == ["s3.PutObject Bucket=a Key=k", "s3.GetObject Bucket=b Key=k"]


def test_the_region_of_the_code_counts(v1: Calls) -> None:
    body = """
    other := sqs.New(sess, aws.NewConfig().WithRegion("us-west-2"))
    other.SendMessage(&sqs.SendMessageInput{QueueUrl: aws.String("q")})
    third := sqs.New(session.Must(session.NewSessionWithOptions(session.Options{
        Config: aws.Config{Region: aws.String("us-east-2")},
    })))
    third.SendMessage(&sqs.SendMessageInput{QueueUrl: aws.String("r")})
    """
    assert v1(body, "sqs") == [
        "sqs.SendMessage QueueUrl=q $region=us-west-2",
        "sqs.SendMessage QueueUrl=r $region=us-east-2",
    ]


def test_names_of_requests_are_the_api_s(v2: Calls) -> None:
    body = 'svc.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: nil})'
    assert v2(body, "cloudwatchlogs") == ["logs.PutLogEvents logGroupName=g logStreamName=None"]


def test_credentials_of_a_role_are_the_role_s(v2: Calls) -> None:
    imports = ("github.com/aws/aws-sdk-go-v2/credentials/stscreds", "sts", "os")
    body = """
    provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), os.Getenv("ROLE"))
    cfg.Credentials = aws.NewCredentialsCache(provider)
    s3.NewFromConfig(cfg).ListBuckets(ctx, &s3.ListBucketsInput{})
    """
    assert v2(body, "s3", *imports) == ["sts.AssumeRole RoleArn=${env:ROLE}", "s3.ListBuckets as ${env:ROLE}"]


def test_credentials_given_in_the_code_are_another_s(v1: Calls) -> None:
    body = """
    c := credentials.NewStaticCredentials(os.Getenv("KEY"), os.Getenv("SECRET"), "")
    s3.New(sess, &aws.Config{Credentials: c}).ListBuckets(nil)
    """
    found = v1(body, "s3", "github.com/aws/aws-sdk-go/aws/credentials", "os")
    assert len(found) == 1
    assert " as " in found[0]


def test_an_item_s_attributes_and_expressions_call_nothing(v2: Calls) -> None:
    body = """
    item, err := attributevalue.MarshalMap(event)
    expr, err := expression.NewBuilder().WithFilter(expression.Name("a").Equal(expression.Value(1))).Build()
    svc.Scan(ctx, &dynamodb.ScanInput{TableName: aws.String("a"), FilterExpression: expr.Filter()})
    var out []string
    attributevalue.UnmarshalListOfMaps(nil, &out)
    _, _ = item, err
    """
    imports = (
        "github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue",
        "github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression",
    )
    assert v2(body, "dynamodb", *imports) == ["dynamodb.Scan TableName=a FilterExpression=*"]


def test_a_token_for_a_database_is_a_right_to_connect(v2: Calls) -> None:
    body = 'auth.BuildAuthToken(ctx, os.Getenv("HOST"), "eu-west-1", "user", cfg.Credentials)'
    found = v2(body, "rds", "github.com/aws/aws-sdk-go-v2/feature/rds/auth", "os")
    assert found == ["rds-db.connect DBHostname=${env:HOST} DBUsername=user"]


def test_a_url_of_a_queue_is_that_of_the_queue(v2: Calls) -> None:
    body = """
    out, err := svc.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("jobs")})
    svc.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: out.QueueUrl, ReceiptHandle: nil})
    _ = err
    """
    url = "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/jobs"
    assert v2(body, "sqs") == ["sqs.GetQueueUrl QueueName=jobs", f"sqs.DeleteMessage QueueUrl={url} ReceiptHandle=None"]


def test_an_operation_that_nobody_knows_is_told(tmp_path: Path) -> None:
    body = "svc.PutItm(ctx, nil)"
    handler = "var svc = dynamodb.New(dynamodb.Options{})"
    report = report_of(tmp_path, program(body, "dynamodb", handler=handler))
    assert any("PutItm" in unseen.what for unseen in report.unseen)


def test_a_client_in_code_that_is_not_read_is_told(tmp_path: Path) -> None:
    handler = "var svc = dynamodb.New(dynamodb.Options{})"
    report = report_of(tmp_path, program("other.Use(svc)", "dynamodb", "github.com/someone/other", handler=handler))
    assert report.unseen


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("t.Put(event).Run()", "dynamodb.PutItem TableName=${env:TABLE}"),
        ('t.Put(event).If("attribute_not_exists(ID)").RunWithContext(ctx)', "dynamodb.PutItem TableName=${env:TABLE}"),
        ('t.Get("ID", 1).One(&event)', "dynamodb.GetItem TableName=${env:TABLE}"),
        ('t.Get("ID", 1).Range("T", dynamo.Equal, 2).One(&event)', "dynamodb.GetItem TableName=${env:TABLE}"),
        ('t.Get("ID", 1).Range("T", dynamo.Less, 2).One(&event)', "dynamodb.Query TableName=${env:TABLE}"),
        ('t.Get("ID", 1).Index("I").All(&event)', "dynamodb.Query TableName=${env:TABLE} IndexName=I"),
        ('t.Update("ID", 1).Set("A", 2).Value(&event)', "dynamodb.UpdateItem TableName=${env:TABLE}"),
        ('t.Delete("ID", 1).Run(ctx)', "dynamodb.DeleteItem TableName=${env:TABLE}"),
        ('t.Scan().Filter("A > ?", 1).All(&event)', "dynamodb.Scan TableName=${env:TABLE}"),
        ('t.Batch("ID").Write().Put(event).Run()', "dynamodb.BatchWriteItem RequestItems={${env:TABLE}:*}"),
        (
            'db.WriteTx().Put(t.Put(event)).Delete(t.Delete("ID", 1)).Run()',
            "dynamodb.TransactWriteItems TransactItems="
            "[{Put:{TableName:${env:TABLE}},Delete:{TableName:${env:TABLE}}}]",
        ),
    ],
)
def test_dynamo_sends_what_is_built(tmp_path: Path, request_: str, expected: str) -> None:
    imports = ("github.com/guregu/dynamo/v2", "config", "os")
    handler = "var cfg, _ = config.LoadDefaultConfig(context.TODO())\nvar db = dynamo.New(cfg)"
    body = f'var t dynamo.Table = db.Table(os.Getenv("TABLE"))\n{request_}'
    assert calls_of(tmp_path, program(body, *imports, handler=handler)) == [expected]


def test_the_cache_of_secrets_reads_them(tmp_path: Path) -> None:
    body = 'cache, _ := secretcache.New()\ncache.GetSecretString("a")'
    assert calls_of(tmp_path, program(body, "github.com/aws/aws-secretsmanager-caching-go/secretcache")) == [
        "secretsmanager.DescribeSecret SecretId=a",
        "secretsmanager.GetSecretValue SecretId=a",
    ]


def test_a_request_that_is_signed_is_sent(tmp_path: Path) -> None:
    body = """
    req, _ := http.NewRequest("POST", os.Getenv("URL"), nil)
    signer := v4.NewSigner()
    signer.SignHTTP(ctx, nil, req, "", "execute-api", "eu-west-1", time.Now())
    """
    imports = ("net/http", "os", "time", "github.com/aws/aws-sdk-go-v2/aws/signer/v4")
    assert calls_of(tmp_path, program(body, *imports)) == ["execute-api.Invoke url=${env:URL} method=POST"]


def test_what_is_traced_runs(tmp_path: Path) -> None:
    handler = "var svc = s3.New(s3.Options{})"
    body = 'xray.Capture(ctx, "a", func(c context.Context) error { svc.ListBuckets(c, nil); return nil })'
    found = calls_of(tmp_path, program(body, "s3", "github.com/aws/aws-xray-sdk-go/xray", handler=handler))
    assert found == ["s3.ListBuckets"]


def test_a_router_behind_an_adapter_runs_its_routes(tmp_path: Path) -> None:
    source = """
        package main

        import (
            "context"
            "github.com/aws/aws-lambda-go/events"
            "github.com/aws/aws-lambda-go/lambda"
            "github.com/aws/aws-sdk-go-v2/service/s3"
            ginadapter "github.com/awslabs/aws-lambda-go-api-proxy/gin"
            "github.com/gin-gonic/gin"
        )

        var adapter *ginadapter.GinLambda
        var svc = s3.New(s3.Options{})

        func init() {
            r := gin.Default()
            group := r.Group("/a")
            group.GET("/b", list)
            adapter = ginadapter.New(r)
        }

        func list(c *gin.Context) {
            svc.ListBuckets(c, &s3.ListBucketsInput{})
        }

        func handle(ctx context.Context, e events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
            return adapter.ProxyWithContext(ctx, e)
        }

        func main() {
            lambda.Start(handle)
        }
        """
    assert calls_of(tmp_path, source) == ["s3.ListBuckets"]


def test_what_middleware_gives_runs(tmp_path: Path) -> None:
    handler = """
    var svc = s3.New(s3.Options{})
    func log(next http.Handler) http.Handler {
        return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { svc.ListBuckets(r.Context(), nil) })
    }
    func check(next func()) func() { return func() { svc.CreateBucket(context.TODO(), nil); next() } }
    """
    body = "r := chi.NewRouter()\nr.Use(log)\nr.Use(check)\nr.Get()"
    found = calls_of(tmp_path, program(body, "s3", "net/http", "github.com/go-chi/chi", handler=handler))
    assert sorted(found) == ["s3.CreateBucket", "s3.ListBuckets"]


def test_routes_of_the_standard_library_run(tmp_path: Path) -> None:
    handler = """
    var svc = s3.New(s3.Options{})
    type server struct{}
    func (server) ServeHTTP(w http.ResponseWriter, r *http.Request) { svc.ListBuckets(r.Context(), nil) }
    func put(w http.ResponseWriter, r *http.Request) { svc.CreateBucket(r.Context(), nil) }
    """
    body = """
    mux := http.NewServeMux()
    mux.Handle("/", server{})
    mux.HandleFunc("/put", put)
    http.ListenAndServe(":8080", mux)
    """
    found = calls_of(tmp_path, program(body, "s3", "net/http", handler=handler))
    assert sorted(found) == ["s3.CreateBucket", "s3.ListBuckets"]
