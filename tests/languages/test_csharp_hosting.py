"""Dependency injection, hosts and configuration of .NET."""

from __future__ import annotations

from pathlib import Path

from languages.csharp_programs import PROJECT, calls_of, report_of
from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.core.text import EnvVar, Text
from scopedown.source.sources import Sources

_USINGS = "using Microsoft.Extensions.DependencyInjection; using Microsoft.Extensions.Configuration;"
_STORE = {
    "src/Store.cs": """
        using Amazon.DynamoDBv2;
        namespace App;
        public interface IStore { Task Drop(string table); }
        public class Store : IStore
        {
            private readonly IAmazonDynamoDB _db;
            public Store(IAmazonDynamoDB db) { _db = db; }
            public Task Drop(string table) => _db.DeleteTableAsync(table);
        }
        public class OtherStore(IAmazonDynamoDB db) : IStore
        {
            public Task Drop(string table) => db.DeleteTableAsync("other-" + table);
        }
        """
}


def program_calls(folder: Path, program: str, files: dict[str, str] | None = None) -> list[str]:
    """The calls of statements at the top of a file."""
    from calls.conftest import words

    for name, text in {"src/App.csproj": PROJECT, "src/Program.cs": program, **(files or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / ".git").mkdir(exist_ok=True)
    report = find_calls(Sources(str(folder)), catalog(), {}, "src/Program.cs", "<Main>$")
    return [words(call) for call in report.calls]


def test_a_collection_of_services_supplies_what_constructors_ask_for(tmp_path: Path) -> None:
    source = """
        public class Function
        {
            private readonly Service _service;
            public Function()
            {
                var services = new ServiceCollection();
                services.AddLogging();
                services.AddAWSService<IAmazonDynamoDB>();
                services.AddTransient<IStore, OtherStore>();
                services.AddSingleton<Service>();
                services.AddSingleton(new Names { Table = "named" });
                _service = services.BuildServiceProvider().GetRequiredService<Service>();
            }
            public Task Handler(string input) => _service.Run();
        }
        public class Names { public string Table { get; set; } }
        public class Service
        {
            private readonly IStore _store; private readonly Names _names;
            public Service(IStore store, Names names, ILogger<Service> logger) { _store = store; _names = names; }
            public Task Run() => _store.Drop(_names.Table);
        }
        """
    assert calls_of(tmp_path, _USINGS + source, _STORE) == ["dynamodb.DeleteTable TableName=other-named"]


def test_factories_and_extension_methods_register_services(tmp_path: Path) -> None:
    files = {
        **_STORE,
        "src/Setup.cs": """
            using Microsoft.Extensions.DependencyInjection;
            namespace App;
            public static class Setup
            {
                public static IServiceCollection AddStores(this IServiceCollection services)
                {
                    services.AddSingleton<IAmazonDynamoDB>(new Amazon.DynamoDBv2.AmazonDynamoDBClient());
                    return services.AddScoped<IStore>(
                        provider => new Store(provider.GetRequiredService<IAmazonDynamoDB>()));
                }
            }
            """,
    }
    source = """
        public class Function
        {
            static readonly IServiceProvider Provider = Build();
            static IServiceProvider Build()
            {
                var services = new ServiceCollection();
                services.AddStores();
                return services.BuildServiceProvider();
            }
            public async Task Handler(string input)
            {
                using var scope = Provider.CreateScope();
                await scope.ServiceProvider.GetService<IStore>().Drop("t");
            }
        }
        """
    assert calls_of(tmp_path, _USINGS + source, files) == ["dynamodb.DeleteTable TableName=t"]


def test_what_nothing_registers_is_every_class_that_fits(tmp_path: Path) -> None:
    source = """
        public class Function
        {
            public Task Handler([FromServices] IStore store, string input) => store.Drop("t");
        }
        """
    assert sorted(calls_of(tmp_path, source, _STORE)) == [
        "dynamodb.DeleteTable TableName=other-t", "dynamodb.DeleteTable TableName=t",
    ]  # fmt: skip


def test_lambda_annotations_fill_a_container_by_their_startup(tmp_path: Path) -> None:
    files = {
        **_STORE,
        "src/Startup.cs": """
            using Microsoft.Extensions.DependencyInjection;
            using Amazon.Lambda.Annotations;
            namespace App;
            [LambdaStartup]
            public class Startup
            {
                public void ConfigureServices(IServiceCollection services)
                {
                    services.AddAWSService<Amazon.DynamoDBv2.IAmazonDynamoDB>();
                    services.AddSingleton<IStore, Store>();
                }
            }
            """,
    }
    source = """
        public class Function
        {
            private readonly IStore _store;
            public Function(IStore store) { _store = store; }
            [LambdaFunction]
            public async Task Handler([FromServices] IAmazonS3 s3, string id)
            {
                await _store.Drop("t");
                await s3.DeleteObjectAsync("b", id);
            }
        }
        """
    assert sorted(calls_of(tmp_path, source, files)) == [
        "dynamodb.DeleteTable TableName=t", "s3.DeleteObject Bucket=b Key=*",
    ]  # fmt: skip


def test_a_minimal_api_is_reached_by_its_routes(tmp_path: Path) -> None:
    program = """
        using App; using Amazon.DynamoDBv2;
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddAWSLambdaHosting(LambdaEventSource.HttpApi);
        builder.Services.AddSingleton<IAmazonDynamoDB>(new AmazonDynamoDBClient());
        builder.Services.AddSingleton<IStore, Store>();
        var app = builder.Build();
        app.MapGet("/", () => "ok");
        app.MapDelete("/{id}", async (string id, IStore store) => { await store.Drop("t"); return Results.Ok(); });
        app.MapMore();
        app.Run();
        """
    files = {
        **_STORE,
        "src/More.cs": """
            using Amazon.S3;
            namespace App;
            public static class More
            {
                public static void MapMore(this IEndpointRouteBuilder routes)
                {
                    var group = routes.MapGroup("/more");
                    group.MapPost("/", Save);
                }
                static async Task Save(IAmazonS3 s3) => await s3.DeleteObjectAsync("b", "k");
            }
            """,
    }
    assert sorted(program_calls(tmp_path, program, files)) == [
        "dynamodb.DeleteTable TableName=t", "s3.DeleteObject Bucket=b Key=k",
    ]  # fmt: skip


_CONTROLLER = {
    "src/Controllers/ItemsController.cs": """
        using Microsoft.AspNetCore.Mvc;
        namespace App.Controllers;
        [ApiController, Route("items")]
        public class ItemsController : ControllerBase
        {
            private readonly IStore _store;
            public ItemsController(IStore store) => _store = store;
            [HttpDelete("{id}")]
            public async Task<IActionResult> Delete(string id) { await _store.Drop("t"); return Ok(); }
        }
        """
}


def test_controllers_are_reached_where_they_are_mapped(tmp_path: Path) -> None:
    program = """
        using App;
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddControllers();
        builder.Services.AddSingleton<IStore, OtherStore>();
        var app = builder.Build();
        app.MapControllers();
        app.Run();
        """
    assert program_calls(tmp_path, program, {**_STORE, **_CONTROLLER}) == ["dynamodb.DeleteTable TableName=other-t"]


def test_an_entry_point_of_asp_net_core_starts_its_startup(tmp_path: Path) -> None:
    files = {
        **_STORE,
        **_CONTROLLER,
        "src/Startup.cs": """
            using Microsoft.AspNetCore.Builder; using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;
            namespace App;
            public class Startup
            {
                public Startup(IConfiguration configuration) { Configuration = configuration; }
                public IConfiguration Configuration { get; }
                public void ConfigureServices(IServiceCollection services)
                {
                    services.AddControllers();
                    services.AddScoped<IStore, Store>();
                }
                public void Configure(IApplicationBuilder app, IWebHostEnvironment env)
                {
                    app.UseRouting();
                    app.UseEndpoints(endpoints => { endpoints.MapControllers(); });
                }
            }
            """,
    }
    source = """
        using Microsoft.AspNetCore.Hosting;
        public class Function : Amazon.Lambda.AspNetCoreServer.APIGatewayProxyFunction
        {
            protected override void Init(IWebHostBuilder builder) { builder.UseStartup<Startup>(); }
        }
        """
    found = calls_of(tmp_path, source, files, "App.Function::FunctionHandlerAsync")
    assert found == ["dynamodb.DeleteTable TableName=t"]


def test_configuration_is_the_environment_beside_the_settings_file(tmp_path: Path) -> None:
    files = {
        **_STORE,
        "src/appsettings.json": '{"Store": {"Table": "from-file", "Other": "o"}}',
        "src/Settings.cs": 'namespace App; public class Settings { public string Table { get; set; } = ""; }',
    }
    source = """
        public class Function
        {
            private readonly IConfiguration _configuration = new ConfigurationBuilder()
                .AddJsonFile("appsettings.json").AddEnvironmentVariables()
                .AddSystemsManager("/app/").Build();
            public async Task Handler(string input)
            {
                var store = new Store(new AmazonDynamoDBClient());
                await store.Drop(_configuration["Store:Table"]);
                await store.Drop(_configuration.GetSection("Store").GetValue<string>("Other"));
                await store.Drop(_configuration["PLAIN"]);
                await store.Drop(_configuration.GetSection("Store").Get<Settings>().Table);
            }
        }
        """
    assert sorted(calls_of(tmp_path, _USINGS + source, files)) == [
        "dynamodb.DeleteTable TableName=${env:PLAIN}", "dynamodb.DeleteTable TableName=${env:Store__Other}",
        "dynamodb.DeleteTable TableName=${env:Store__Table}", "ssm.GetParametersByPath Path=/app/",
    ]  # fmt: skip


def test_a_library_reads_the_settings_of_the_program_also_by_the_name_of_a_type(tmp_path: Path) -> None:
    files = {
        "src/App.csproj": '<Project><ItemGroup><ProjectReference Include="../lib/Lib.csproj" /></ItemGroup></Project>',
        "src/appsettings.json": '{"Lib.Workers.Sweeper": {"Table": "swept"},  /* a comma too many */ }',
        "lib/Lib.csproj": "<Project></Project>",
        "lib/Worker.cs": """
            using Microsoft.Extensions.Configuration;
            namespace Lib.Workers;
            public abstract class Worker
            {
                public Worker(IConfiguration configuration) => Table = configuration[$"{GetType().FullName}:Table"];
                protected string Table { get; }
            }
            """,
        "lib/Sweeper.cs": """
            using Amazon.DynamoDBv2; using Microsoft.Extensions.Configuration;
            namespace Lib.Workers;
            public class Sweeper : Worker
            {
                public Sweeper(IConfiguration configuration) : base(configuration) { }
                public Task Run() => new AmazonDynamoDBClient().DeleteTableAsync(Table);
            }
            """,
    }
    source = """
        public class Function
        {
            public Task Handler(string input) => new Lib.Workers.Sweeper(new ConfigurationBuilder().Build()).Run();
        }
        """
    report = report_of(tmp_path, _USINGS + source, files)
    table = report.calls[0].arguments["TableName"]
    assert isinstance(table, Text)
    assert table.parts == (EnvVar("Lib.Workers.Sweeper__Table", Text.of("swept")),)


def test_options_are_filled_by_their_configuration(tmp_path: Path) -> None:
    files = {
        **_STORE,
        "src/Settings.cs": """
            namespace App;
            public class Settings { public string Table { get; set; } public string Name { get; set; } }
            """,
    }
    source = """
        public class Function
        {
            private readonly Service _service;
            public Function()
            {
                var services = new ServiceCollection();
                var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
                services.Configure<Settings>(configuration.GetSection("Settings"));
                services.PostConfigure<Settings>(one => one.Name = "fixed");
                services.AddTransient<Service>();
                _service = services.BuildServiceProvider().GetService<Service>();
            }
            public Task Handler(string input) => _service.Run();
        }
        public class Service(IOptions<Settings> options, IAmazonDynamoDB db)
        {
            public async Task Run()
            {
                await db.DeleteTableAsync(options.Value.Table);
                await db.DeleteTableAsync(options.Value.Name);
            }
        }
        """
    found = calls_of(tmp_path, _USINGS + "using Microsoft.Extensions.Options;" + source, files)
    assert found == ["dynamodb.DeleteTable TableName=${env:Settings__Table}", "dynamodb.DeleteTable TableName=fixed"]


def test_a_mediator_leads_to_the_handler_of_the_request(tmp_path: Path) -> None:
    files = {
        "src/Requests.cs": """
            using MediatR;
            namespace App;
            public record Drop(string Table) : IRequest<string>;
            public record Other(string Table) : IRequest<string>;
            public class DropHandler : IRequestHandler<Drop, string>
            {
                private readonly Amazon.DynamoDBv2.IAmazonDynamoDB _db;
                public DropHandler(Amazon.DynamoDBv2.IAmazonDynamoDB db) { _db = db; }
                public async Task<string> Handle(Drop request, CancellationToken token)
                {
                    await _db.DeleteTableAsync(request.Table);
                    return "";
                }
            }
            public class OtherHandler(Amazon.DynamoDBv2.IAmazonDynamoDB db) : IRequestHandler<Other, string>
            {
                public async Task<string> Handle(Other request, CancellationToken token) =>
                    (await db.ListTablesAsync()).ToString();
            }
            """
    }
    source = """
        using MediatR;
        public class Function
        {
            private readonly IMediator _mediator = Startup.Services.GetRequiredService<IMediator>();
            public Task Handler(string input) => _mediator.Send(new Drop("t"));
        }
        """
    assert calls_of(tmp_path, source, files) == ["dynamodb.DeleteTable TableName=t"]


def test_a_factory_delegate_gives_what_it_declares(tmp_path: Path) -> None:
    source = """
        public class Function
        {
            private readonly Func<string, IAmazonDynamoDB> _make;
            public Function() : this(region => new AmazonDynamoDBClient()) { }
            public Function(Func<string, IAmazonDynamoDB> make) { _make = make; }
            public Task Handler(string input) => _make("eu").DeleteTableAsync("t");
        }
        """
    assert calls_of(tmp_path, source) == ["dynamodb.DeleteTable TableName=t"]


def test_a_class_handles_the_records_of_a_batch(tmp_path: Path) -> None:
    source = """
        public class Function
        {
            [BatchProcessor(RecordHandler = typeof(Records))]
            public string Handler(string input) => "";
        }
        public class Records
        {
            public async Task HandleAsync(string record) => await new AmazonDynamoDBClient().DeleteTableAsync("t");
        }
        """
    assert calls_of(tmp_path, source) == ["dynamodb.DeleteTable TableName=t"]
