"""C# where its code runs: names, members, values, what Lambda calls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from languages.csharp_programs import calls_of, handler, report_of

Puts = Callable[..., list[str]]
_PUT = """
private readonly AmazonDynamoDBClient _db = new();
Task Put(string name) => _db.PutItemAsync(new PutItemRequest { TableName = name });
"""


@pytest.fixture
def puts(tmp_path: Path) -> Puts:
    """The tables into which a handler with this body puts items by ``Put(name)``."""

    def found(body: str, members: str = "", files: dict[str, str] | None = None) -> list[str]:
        source = handler(body, _PUT + members)
        return sorted(call.removeprefix("dynamodb.PutItem TableName=") for call in calls_of(tmp_path, source, files))

    return found


# where the client and the call stand


def test_a_call_behind_an_interface_of_another_project_is_found(tmp_path: Path) -> None:
    files = {
        "src/App.csproj": '<Project><ProjectReference Include="..\\Shared\\Shared.csproj" /></Project>',
        "Shared/Shared.csproj": "<Project></Project>",
        "Shared/IStore.cs": "namespace Shared; public interface IStore { Task Put(string id); }",
        "Shared/Store.cs": """
            using Amazon.DynamoDBv2;
            using Amazon.DynamoDBv2.Model;
            namespace Shared
            {
                public class Store : IStore
                {
                    private static readonly string Table = Environment.GetEnvironmentVariable("TABLE") ?? "items";
                    private readonly IAmazonDynamoDB _db;
                    public Store(IAmazonDynamoDB db) { _db = db; }
                    public async Task Put(string id) => await _db.PutItemAsync(
                        new PutItemRequest { TableName = Table, Item = new() { ["id"] = new(id) } });
                }
            }
            """,
    }
    source = """
        public class Function
        {
            private readonly IStore _store;
            public Function() : this(new Store(new AmazonDynamoDBClient())) { }
            public Function(IStore store) { _store = store; }
            public async Task Handler(string id) => await _store.Put(id);
        }
        """
    assert calls_of(tmp_path, f"using Shared; {source}", files) == [
        "dynamodb.PutItem TableName=${env:TABLE} Item={id:*,Id:*}"
    ]


def test_lambda_takes_the_constructor_without_parameters(tmp_path: Path) -> None:
    source = """
        public class Function
        {
            private readonly string _table;
            public Function() { _table = "own"; }
            public Function(string table) { _table = table; }
            public Task Handler(string id) => new AmazonDynamoDBClient().DeleteTableAsync(_table);
        }
        """
    assert calls_of(tmp_path, source) == ["dynamodb.DeleteTable TableName=own"]


def test_a_static_constructor_runs(tmp_path: Path) -> None:
    source = """
        public class Function
        {
            private static readonly AmazonSQSClient Client;
            private static string Url;
            static Function() { Client = new AmazonSQSClient(); Url = Environment.GetEnvironmentVariable("QUEUE"); }
            public static Task Handler(string text) => Client.SendMessageAsync(Url, text);
        }
        """
    assert calls_of(tmp_path, source) == ["sqs.SendMessage QueueUrl=${env:QUEUE} MessageBody=*"]


def test_a_class_that_stands_further_down_is_known_to_static_fields(tmp_path: Path) -> None:
    source = """
        public class Function
        {
            private static readonly Store Held = new Store(Names.Table);
            public static Task Handler(string id) => Held.Drop();
        }
        public class Store(string table)
        {
            public Task Drop() => new AmazonDynamoDBClient().DeleteTableAsync(table);
        }
        public static class Names { public static readonly string Table = Make(); static string Make() => "t"; }
        """
    assert calls_of(tmp_path, source) == ["dynamodb.DeleteTable TableName=t"]


def test_a_program_of_top_level_statements_runs(tmp_path: Path) -> None:
    program = """
        using Amazon.S3;
        using Amazon.Lambda.Core;
        using Amazon.Lambda.RuntimeSupport;
        using Amazon.Lambda.Serialization.SystemTextJson;

        var client = new AmazonS3Client();
        var handler = async (string input, ILambdaContext context) =>
        {
            await client.GetObjectAsync("bucket", input);
        };
        await LambdaBootstrapBuilder.Create(handler, new DefaultLambdaJsonSerializer()).Build().RunAsync();
        """
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "Program.cs").write_text(program)
    from scopedown.calls.find import find_calls
    from scopedown.catalog.load import catalog
    from scopedown.source.sources import Sources

    report = find_calls(Sources(str(tmp_path)), catalog(), {}, "src/Program.cs", "<Main>$")
    assert [(call.operation, call.service) for call in report.calls] == [("GetObject", "s3")]


def test_an_inherited_handler_and_base_constructors_run(tmp_path: Path) -> None:
    source = """
        public abstract class Base
        {
            protected readonly AmazonSQSClient Queue;
            protected Base(string url) { Queue = new AmazonSQSClient(); Url = url; }
            protected string Url { get; }
            public async Task Handler(string text) { await Before(); await Queue.SendMessageAsync(Url, text); }
            protected abstract Task Before();
        }
        public class Function : Base
        {
            public Function() : base(Environment.GetEnvironmentVariable("URL")) { }
            protected override async Task Before() => await Queue.PurgeQueueAsync(Url);
        }
        """
    assert sorted(calls_of(tmp_path, source)) == [
        "sqs.PurgeQueue QueueUrl=${env:URL}", "sqs.SendMessage QueueUrl=${env:URL} MessageBody=*",
    ]  # fmt: skip


def test_parts_of_a_partial_class_in_two_files_are_one(tmp_path: Path) -> None:
    files = {
        "src/Function.Db.cs": """
            namespace App;
            public partial class Function { private Task Drop() => Client.DeleteTableAsync(Table); }
            """
    }
    source = """
        public partial class Function
        {
            private const string Table = "t";
            private static readonly AmazonDynamoDBClient Client = new();
            public Task Handler(string id) => Drop();
        }
        """
    assert calls_of(tmp_path, source, files) == ["dynamodb.DeleteTable TableName=t"]


# names


def test_names_of_the_project_come_before_those_of_the_sdk(puts: Puts) -> None:
    files = {"src/Model.cs": 'namespace App.Model; public static class Amazon2 { public const string Name = "own"; }'}
    assert puts("await Put(App.Model.Amazon2.Name); await Put(Model.Amazon2.Name);", files=files) == ["own"]


def test_global_usings_are_those_of_every_file(puts: Puts) -> None:
    files = {
        "src/Usings.cs": """
            global using Acme.Names;
            global using static Acme.Names.Tables;
            global using Alias = Acme.Names.Tables;
            """,
        "src/Tables.cs": """
            namespace Acme.Names;
            public static class Tables { public const string One = "1"; public static string Two => "2"; }
            """,
    }
    assert puts("await Put(Tables.One); await Put(Two); await Put(Alias.One + 'x');", files=files) == ["1", "1x", "2"]


def test_a_project_opens_namespaces_for_every_file(puts: Puts) -> None:
    files = {
        "src/App.csproj": '<Project><ItemGroup><Using Include="Acme.Names" /></ItemGroup></Project>',
        "src/Tables.cs": 'namespace Acme.Names; public static class Tables { public const string One = "1"; }',
    }
    assert puts("await Put(Tables.One);", files=files) == ["1"]


def test_an_extension_method_is_found_by_its_name(puts: Puts) -> None:
    files = {
        "src/Extensions.cs": """
            namespace App;
            static class Extensions { public static string Table(this string name, string stage) => $"{name}-{stage}"; }
            """
    }
    assert puts('await Put("orders".Table("dev"));', files=files) == ["orders-dev"]


# values


@pytest.mark.parametrize(
    ("value", "table"),
    [
        ('Environment.GetEnvironmentVariable("T")', "${env:T}"),
        ('Environment.GetEnvironmentVariable("T") ?? "d"', "${env:T}"),
        ('Environment.GetEnvironmentVariable("T") ?? throw new Exception("no")', "${env:T}"),
        ('$"a-{Environment.GetEnvironmentVariable("S")}-b"', "a-${env:S}-b"),
        ('string.Format("{0}-{1}", "a", 1)', "a-1"),
        ('string.Join("-", new[] { "a", "b" })', "a-b"),
        ('string.Concat("a", "b")', "ab"),
        ('"A".ToLower() + "b".ToUpper()', "aB"),
        ('"a-b".Split(\'-\').Last()', "b"),
        ('"a-b".Replace("-", "_").Substring(0, 2)', "a_"),
        ("new List<string> { \"a\", \"b\" }.First()", "a"),
        ('new[] { "a", "b" }.Select(x => x + "!").ToList()[1]', "b!"),
        ('new Dictionary<string, string> { ["k"] = "v" }["k"]', "v"),
        ('new Dictionary<string, string> { { "k", "v" } }.Select(p => p.Value).Single()', "v"),
        ('(await Task.WhenAll(new[] { "a" }.Select(async x => x + "1")))[0]', "a1"),
        ('Task.FromResult("a").Result', "a"),
        ('await Task.Run(() => "a")', "a"),
        ('Task.FromResult("a").GetAwaiter().GetResult()', "a"),
        ('new Lazy<string>(() => "a").Value', "a"),
        ('new StringBuilder("a").Append("b").ToString()', "ab"),
        ('input.Count > 1 ? "a" : "a"', "a"),
        ('(1 switch { 1 => "a", _ => "b" })', "a"),
        ('Enum.Get<Kind>() switch { Kind.Red => "a", _ => throw new Exception() }', "a"),
        ('Kind.Red.ToString()', "Red"),
        ('nameof(Kind.Red)', "Red"),
        ('((object)"a" as string)', "a"),
        ('(new { Name = "a" }).Name', "a"),
        ('("a", "b").Item2', "b"),
        ('string.IsNullOrEmpty(null) ? "a" : "a"', "a"),
        ('new Uri("a").ToString()', "a"),
        ('typeof(Function).Name', "Function"),
    ],
)  # fmt: skip
def test_values(puts: Puts, value: str, table: str) -> None:
    files = {"src/Kind.cs": "namespace App; public enum Kind { Red, Green }"}
    assert puts(f"await Put({value});", "", {**files, "src/U.cs": "global using System.Text;"}) == [table]


def test_locals_closures_and_local_functions(puts: Puts) -> None:
    body = """
        var name = "a";
        string Suffixed(string one) => one + name;
        Func<string, Task> put = async one => await Put(Suffixed(one));
        await put("1");
        await put.Invoke("2");
        Func<Task> other = delegate { return Put("3"); };
        await other();
        """
    assert puts(body) == ["1a", "2a", "3"]


def test_loops_take_each_element(puts: Puts) -> None:
    body = """
        foreach (var name in new[] { "a", "b" }) await Put(name);
        foreach (var (key, value) in new Dictionary<string, string> { ["c"] = "d" })
        {
            await Put(key); await Put(value);
        }
        foreach (var pair in new Dictionary<string, string> { ["e"] = "f" }) await Put(pair.Key + pair.Value);
        new List<string> { "g" }.ForEach(async one => await Put(one));
        await Parallel.ForEachAsync(new[] { "h" }, async (one, token) => await Put(one));
        """
    assert puts(body) == ["a", "b", "c", "d", "ef", "g", "h"]


def test_out_arguments_of_dictionaries_are_known(puts: Puts) -> None:
    body = """
        var names = new Dictionary<string, string> { ["k"] = "v" };
        if (names.TryGetValue("k", out var found)) await Put(found);
        """
    assert puts(body) == ["v"]


def test_properties_and_setters(puts: Puts) -> None:
    members = """
        private string _name = "a";
        public string Name { get { return _name + "1"; } set { _name = value; } }
        public static string Fixed => "f";
        public string this[string key] => key + "!";
        """
    assert puts('Name = "b"; await Put(Name); await Put(Fixed); await Put(this["x"]);', members) == ["b1", "f", "x!"]


def test_objects_with_initialisers_records_and_with(puts: Puts) -> None:
    files = {
        "src/Models.cs": """
            namespace App;
            public record Named(string Name) { public string Other { get; init; } = "o"; }
            public class Options
            {
                public string Table { get; set; } = "default";
                public List<string> More { get; } = new();
            }
            """
    }
    body = """
        var one = new Named("n") { Other = "p" };
        await Put(one.Name); await Put(one.Other); await Put((one with { Name = "w" }).Name);
        var options = new Options { Table = "t", More = { "m" } };
        await Put(options.Table); await Put(options.More[0]); await Put(new Options().Table);
        """
    assert puts(body, files=files) == ["default", "m", "n", "p", "t", "w"]


def test_generic_classes_and_methods_know_their_types(tmp_path: Path) -> None:
    files = {
        "src/Repository.cs": """
            using Amazon.DynamoDBv2.DataModel;
            namespace App;
            public class Repository<T>
            {
                private readonly DynamoDBContext _context = new(new Amazon.DynamoDBv2.AmazonDynamoDBClient());
                public Task<T> Get(string id) => _context.LoadAsync<T>(id);
                public Task Put<U>(U item) => _context.SaveAsync<U>(item);
            }
            [DynamoDBTable("users")] public class User { }
            [DynamoDBTable(Order.Name)] public class Order { public const string Name = "orders"; }
            public class Orders : Repository<Order> { }
            """
    }
    body = 'await new Repository<User>().Get("1"); await new Orders().Get("2"); await new Orders().Put<User>(null);'
    assert sorted(set(calls_of(tmp_path, handler(body), files))) == [
        "dynamodb.DescribeTable TableName=orders", "dynamodb.DescribeTable TableName=users",
        "dynamodb.GetItem TableName=orders", "dynamodb.GetItem TableName=users", "dynamodb.UpdateItem TableName=users",
    ]  # fmt: skip


# what is not known stays said


def test_a_call_on_an_unknown_value_is_not_granted_but_said(tmp_path: Path) -> None:
    report = report_of(
        tmp_path, handler("var client = Some.Where(); await client.PutItemAsync(null); new AmazonS3Client();")
    )
    assert not report.calls
    assert any("PutItemAsync" in part.what for part in report.unseen)


def test_other_calls_on_unknown_values_say_nothing(tmp_path: Path) -> None:
    body = """
        new AmazonS3Client(); context.Logger.LogLine("x");
        var http = new System.Net.Http.HttpClient(); await http.GetAsync("u"); http.Publish();
        """
    assert not report_of(tmp_path, handler(body)).unseen


def test_packages_that_are_harmless_are_no_part_that_was_not_seen(tmp_path: Path) -> None:
    report = report_of(
        tmp_path, "using Newtonsoft.Json; using Acme.Unknown;" + handler("JsonConvert.SerializeObject(input);")
    )
    assert [part.what.split(",")[0] for part in report.unseen] == ["scopedown did not read Acme.Unknown"]


# members of bases


CALL = 'new AmazonDynamoDBClient().DescribeTableAsync("t");'


@pytest.mark.parametrize(
    ("classes", "body"),
    [
        (  # a base's method of other parameters
            "class A { public int F(int i, int j) { return 2; } } class B : A { public int F(int i) { return 3; } }",
            f"var r = new B().F(1, 2); if (r == 2) {CALL}",
        ),
        (  # the same by `base`
            "class A { public int F(int i, int j) { return 2; } } class C : A { public int F(int i) { return 3; } }"
            "class B : C { public int Foo() { return base.F(1, 2); } }",
            f"var r = new B().Foo(); if (r == 2) {CALL}",
        ),
        (  # the getter that overrides a property which the base's constructor sets
            "class A { public virtual int Y { get; } public A() { Y = 2; } }"
            f"class B : A {{ public override int Y {{ get {{ {CALL} return base.Y; }} }} }}",
            "var r = new B().Y;",
        ),
        (  # a private class inside of a base hides no other
            "class Z { class Bar { public void Talk() { } } } class B : Z { public void Do() { new Bar().Talk(); } }"
            f"class Bar {{ public void Talk() {{ {CALL} }} }}",
            "new B().Do();",
        ),
        (  # a delegate's default
            "delegate int D(int i = 1); class B { public static int Foo(int i = 9) { return i; } }",
            f"D d = B.Foo; var r = d(); if (r == 1) {CALL}",
        ),
    ],
)
def test_what_a_base_or_a_delegate_has_is_followed(tmp_path: Path, classes: str, body: str) -> None:
    assert calls_of(tmp_path, classes + handler(body)) == ["dynamodb.DescribeTable TableName=t"]
