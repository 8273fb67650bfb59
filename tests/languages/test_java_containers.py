"""Java's containers and frameworks: what they supply, and what they run."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.java_programs import SOURCES, calls_of, report_of
from scopedown.languages.java import properties

_DB = "import software.amazon.awssdk.services.dynamodb.DynamoDbClient;"
_STORE = f"""
package com.acme;
{_DB}
import javax.inject.*;
@Singleton
class Store {{
  private final DynamoDbClient db;
  private final String table;
  @Inject Store(DynamoDbClient db, @Named("table") String table) {{ this.db = db; this.table = table; }}
  void save() {{ db.putItem(b -> b.tableName(table)); }}
  void drop() {{ db.deleteTable(b -> b.tableName(table)); }}
}}
"""
_PUT = ["dynamodb.PutItem TableName=${env:TABLE}"]
_MODULE = f"""
package com.acme;
{_DB}
import dagger.*;
import javax.inject.*;
@Module class Parts {{
  @Provides @Named("table") static String table() {{ return System.getenv("TABLE"); }}
  @Provides DynamoDbClient db() {{ return DynamoDbClient.create(); }}
}}
"""


def handler(fields: str, body: str = "store.save();", imports: str = "") -> str:
    """A handler's class with fields and a body."""
    return f"""
package com.acme;
import javax.inject.*;
{imports}
public class App {{
  {fields}
  public Object handleRequest(Object event, Object context) {{ {body} return null; }}
}}
"""


def test_dagger_injects_into_the_handler(tmp_path: Path) -> None:
    files = {
        "App.java": handler("@Inject Store store; App() { DaggerParts2.create().inject(this); }"),
        "Parts2.java": "package com.acme;\n@dagger.Component interface Parts2 { void inject(App app); }",
        "Parts.java": _MODULE,
        "Store.java": _STORE,
    }
    assert calls_of(tmp_path, files) == _PUT


def test_a_component_of_dagger_gives_objects(tmp_path: Path) -> None:
    files = {
        "App.java": handler("", "DaggerGraph.builder().build().store().save();"),
        "Graph.java": "package com.acme;\n@dagger.Component interface Graph { Store store(); }",
        "Parts.java": _MODULE,
        "Store.java": _STORE,
    }
    report = report_of(tmp_path, files)
    assert [(call.operation, str(call.arguments["TableName"])) for call in report.calls] == [
        ("PutItem", "${env:TABLE}")
    ]
    assert report.unseen == ()


def test_an_interface_is_what_implements_it(tmp_path: Path) -> None:
    files = {
        "App.java": handler("@Inject Saver store;"),
        "Saver.java": "package com.acme;\ninterface Saver { void save(); }",
        "Store.java": _STORE.replace("class Store {", "class Store implements Saver {"),
        "Parts.java": _MODULE,
    }
    assert calls_of(tmp_path, files) == _PUT


_SPRING = "org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest"
_APPLICATION = """
package com.acme;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import java.util.function.*;
@SpringBootApplication
public class App {
  @Bean Function<String, String> saving(Store store) { return in -> { store.save(); return in; }; }
}
"""
_SPRING_STORE = f"""
package com.acme;
{_DB}
import org.springframework.beans.factory.annotation.*;
import org.springframework.stereotype.Repository;
@Repository
class Store {{
  @Value("${{app.table}}") String table;
  @Autowired DynamoDbClient db;
  void save() {{ db.putItem(b -> b.tableName(table)); }}
  void drop() {{ db.deleteTable(b -> b.tableName(table)); }}
}}
"""
_DROPPING = """
package com.acme;
import org.springframework.stereotype.Component;
@Component
class Dropping implements java.util.function.Consumer<String> {
  private final Store store;
  Dropping(Store store) { this.store = store; }
  public void accept(String in) { store.drop(); }
}
"""


@pytest.mark.parametrize(
    ("definition", "operations"),
    [("saving", ["PutItem"]), ("dropping", ["DeleteTable"]), ("", ["DeleteTable", "PutItem"])],
)
def test_spring_runs_the_function_that_a_variable_names(tmp_path: Path, definition: str, operations: list[str]) -> None:
    files = {
        "App.java": _APPLICATION,
        "Store.java": _SPRING_STORE,
        "Dropping.java": _DROPPING,
        "src/main/resources/application.properties": "app.table=${TABLE:orders}\n",
    }
    found = called(tmp_path, files, _SPRING, {"SPRING_CLOUD_FUNCTION_DEFINITION": definition} if definition else {})
    assert found == [f"dynamodb.{one} TableName=${{env:TABLE}}" for one in operations]


def called(folder: Path, files: dict[str, str], symbol: str, environment: dict[str, str] | None = None) -> list[str]:
    """The calls of a handler that is a library's, which com.acme.App leads on to."""
    from calls.conftest import words
    from languages.java_programs import POM, write
    from scopedown.calls.find import find_calls
    from scopedown.catalog.load import catalog
    from scopedown.source.sources import Sources

    write(folder, {"pom.xml": POM, **files})
    report = find_calls(Sources(str(folder)), catalog(), {}, f"{SOURCES}/com/acme/App.java", symbol, environment)
    return sorted(words(call) for call in report.calls)


def test_quarkus_runs_the_handler_that_a_variable_names(tmp_path: Path) -> None:
    def handling(name: str, method: str) -> str:
        return f"""
        package com.acme;
        import javax.inject.*;
        import com.amazonaws.services.lambda.runtime.*;
        @Named("{name}")
        public class {name.capitalize()} implements RequestHandler<String, String> {{
          @Inject Store store;
          public String handleRequest(String in, Context c) {{ store.{method}(); return in; }}
        }}
        """

    files = {
        "App.java": handling("app", "save"),
        "Other.java": handling("other", "drop"),
        "Store.java": _STORE,
        "Parts.java": _MODULE.replace("@Provides", "@javax.enterprise.inject.Produces"),
    }
    symbol = "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest"
    assert called(tmp_path, files, symbol, {"QUARKUS_LAMBDA_HANDLER": "app"}) == _PUT
    assert called(tmp_path, files, symbol, {"quarkus_lambda_handler": "other"}) == [
        "dynamodb.DeleteTable TableName=${env:TABLE}"
    ]


def test_micronauts_handler_has_a_method_of_its_own(tmp_path: Path) -> None:
    files = {
        "App.java": """
            package com.acme;
            import io.micronaut.function.aws.MicronautRequestHandler;
            import jakarta.inject.Inject;
            public class App extends MicronautRequestHandler<String, String> {
              @Inject Store store;
              @Override public String execute(String in) { store.save(); return in; }
            }
            """,
        "Store.java": _STORE,
        "Parts.java": """
            package com.acme;
            import io.micronaut.context.annotation.*;
            import jakarta.inject.*;
            import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
            @Factory class Parts {
              @Singleton DynamoDbClient db() { return DynamoDbClient.create(); }
              @Singleton @Named("table") String table() { return System.getenv("TABLE"); }
            }
            """,
    }
    assert calls_of(tmp_path, files) == _PUT


def test_controllers_serve_requests(tmp_path: Path) -> None:
    files = {
        "App.java": _APPLICATION.replace(
            "@Bean Function<String, String> saving(Store store) { return in -> { store.save(); return in; }; }", ""
        ),
        "Store.java": _SPRING_STORE,
        "Orders.java": """
            package com.acme;
            import org.springframework.web.bind.annotation.*;
            @RestController class Orders {
              private final Store store;
              Orders(Store store) { this.store = store; }
              @GetMapping("/orders") String all() { store.save(); return ""; }
              void helper() { store.drop(); }
            }
            """,
        "src/main/resources/application.yml": "app:\n  table: ${TABLE}\n",
    }
    symbol = "com.amazonaws.serverless.proxy.spring.SpringDelegatingLambdaContainerHandler"
    assert called(tmp_path, files, symbol) == _PUT


def test_a_handler_may_hand_requests_to_spring(tmp_path: Path) -> None:
    files = {
        "App.java": """
            package com.acme;
            import com.amazonaws.serverless.proxy.spring.SpringBootLambdaContainerHandler;
            public class App {
              private static SpringBootLambdaContainerHandler<Object, Object> handler;
              static { handler = SpringBootLambdaContainerHandler.getAwsProxyHandler(Main.class); }
              public void handleRequest(Object in, Object out) { handler.proxyStream(in, out, null); }
            }
            """,
        "Main.java": "package com.acme;\n@org.springframework.boot.autoconfigure.SpringBootApplication class Main {}",
        "Store.java": _SPRING_STORE,
        "Orders.java": """
            package com.acme;
            import org.springframework.web.bind.annotation.*;
            @RestController class Orders {
              @org.springframework.beans.factory.annotation.Autowired Store store;
              @PostMapping("/orders") String add() { store.save(); return ""; }
            }
            """,
    }
    assert calls_of(tmp_path, files) == ["dynamodb.PutItem TableName=${env:APP_TABLE}"]


def test_guice_makes_objects(tmp_path: Path) -> None:
    files = {
        "App.java": handler(
            "", "Guice.createInjector(new Parts()).getInstance(Saver.class).save();", "import com.google.inject.*;"
        ),
        "Saver.java": "package com.acme;\ninterface Saver { void save(); }",
        "Store.java": _STORE.replace("class Store {", "class Store implements Saver {"),
        "Parts.java": f"""
            package com.acme;
            {_DB}
            import com.google.inject.*;
            import com.google.inject.name.*;
            class Parts extends AbstractModule {{
              @Override protected void configure() {{
                bind(Saver.class).to(Store.class).in(Singleton.class);
                bind(DynamoDbClient.class).toInstance(DynamoDbClient.create());
                bind(String.class).annotatedWith(Names.named("table")).toInstance(System.getenv("TABLE"));
              }}
            }}
            """,
    }
    assert calls_of(tmp_path, files) == _PUT


def test_hooks_run_where_a_snapshot_is_taken(tmp_path: Path) -> None:
    files = {
        "App.java": f"""
            package com.acme;
            {_DB}
            import org.crac.*;
            public class App implements Resource {{
              private final DynamoDbClient db = DynamoDbClient.create();
              public App() {{ Core.getGlobalContext().register(this); }}
              public Object handleRequest(Object in, Object c) {{ return db.getItem(b -> b.tableName("t")); }}
              public void beforeCheckpoint(Context<?> c) {{ db.describeTable(b -> b.tableName("t")); }}
              public void afterRestore(Context<?> c) {{}}
            }}
            """
    }
    assert calls_of(tmp_path, files) == ["dynamodb.GetItem TableName=t"]
    assert calls_of(tmp_path, files, environment={"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}) == [
        "dynamodb.GetItem TableName=t",
        "dynamodb.DescribeTable TableName=t",
    ]


def test_properties_are_read_line_by_line() -> None:
    text = "# a comment\na.b = c\nd: e\\\nf\n\n! another\nbroken"
    assert dict(properties.of_properties(text)) == {"a.b": "c", "d": "ef"}


def test_yaml_is_flattened() -> None:
    text = "---\na:\n  b: 1\n  c: x\n---\na: {b: 2}\n"
    assert dict(properties._of_yaml(text, "application.yml")) == {"a.b": "1", "a.c": "x"}
    assert dict(properties._of_yaml("a: [", "application.yml")) == {}


def test_lombok_adds_constructors_getters_and_builders(tmp_path: Path) -> None:
    files = {
        "App.java": handler("", 'Row row = Row.builder().table("t").build(); new Store(row).save();'),
        "Row.java": "package com.acme;\nimport lombok.*;\n@Data @Builder class Row { private String table; }",
        "Store.java": f"""
            package com.acme;
            {_DB}
            import lombok.*;
            import lombok.extern.slf4j.Slf4j;
            @Slf4j @RequiredArgsConstructor
            class Store {{
              private final Row row;
              private final DynamoDbClient db = DynamoDbClient.create();
              void save() {{ log.info("{{}}", row); db.putItem(b -> b.tableName(row.getTable())); }}
            }}
            """,
    }
    report = report_of(tmp_path, files)
    assert [str(call.arguments["TableName"]) for call in report.calls] == ["t"]
    assert report.unseen == ()


def test_lomboks_constructor_asks_the_container(tmp_path: Path) -> None:
    store = _STORE.replace('@Inject Store(DynamoDbClient db, @Named("table") String table) {', "void unused() {")
    store = store.replace("this.db = db; this.table = table; }", "}").replace(
        "@Singleton", "@lombok.AllArgsConstructor"
    )
    store = store.replace("private final String table", '@Named("table") private final String table')
    files = {"App.java": handler("@Inject Store store;"), "Store.java": store, "Parts.java": _MODULE}
    assert calls_of(tmp_path, files) == _PUT


_PLAIN_STORE = f"""
package com.acme;
{_DB}
public class Store implements Saver {{
  DynamoDbClient db = DynamoDbClient.create();
  public void save() {{ db.putItem(b -> b.tableName(System.getenv("TABLE"))); }}
  public void drop() {{ db.deleteTable(b -> b.tableName("x")); }}
}}
"""
_SAVING = {"Saver.java": "package com.acme; public interface Saver { void save(); }", "Store.java": _PLAIN_STORE}
_HOLDERS = """
import dagger.Lazy;
import jakarta.enterprise.inject.Instance;
import org.springframework.beans.factory.ObjectProvider;
import java.util.*;
import java.util.function.Supplier;
"""


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Provider<Store>", "get()"),
        ("Instance<Saver>", "get()"),
        ("ObjectProvider<Store>", "getObject()"),
        ("Lazy<Store>", "get()"),
        ("Supplier<Store>", "get()"),
        ("Optional<Store>", "get()"),
        ("List<Saver>", "get(0)"),
        ("Map<String, Saver>", 'get("a")'),
    ],
)
@pytest.mark.parametrize("form", ["@Inject {} s;", "{0} s; @Inject App({0} s) {{ this.s = s; }}"])
def test_types_that_hold_what_is_supplied(tmp_path: Path, written: str, asked: str, form: str) -> None:
    files = {"App.java": handler(form.format(written), f"s.{asked}.save();", _HOLDERS), **_SAVING}
    report = report_of(tmp_path, files)
    assert [(call.operation, str(call.arguments["TableName"])) for call in report.calls] == [
        ("PutItem", "${env:TABLE}")
    ]
    assert report.unseen == ()


def test_lists_of_data_are_not_supplied(tmp_path: Path) -> None:
    fields = (
        "static class Order { String id; }\npublic Object handle(java.util.List<Order> given) { return given.get(0); }"
    )
    files = {"App.java": handler(fields, "")}
    assert calls_of(tmp_path, files, "com.acme.App::handle") == []


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("org.springframework.context.ApplicationContext c;", "c.getBean(Store.class)"),
        ("", "org.springframework.boot.SpringApplication.run(App.class).getBean(Store.class)"),
        ("", "jakarta.enterprise.inject.spi.CDI.current().select(Store.class).get()"),
        ("", "io.quarkus.arc.Arc.container().instance(Store.class).get()"),
        ("", "io.micronaut.context.ApplicationContext.run().getBean(Store.class)"),
    ],
)
def test_containers_are_asked_for_objects(tmp_path: Path, given: str, asked: str) -> None:
    files = {"App.java": handler("@Inject " + given if given else "", f"{asked}.save();"), **_SAVING}
    assert calls_of(tmp_path, files) == _PUT


@pytest.mark.parametrize(
    "fields",
    [
        "Saver s; @Inject void setS(Saver s) { this.s = s; }",
        "Store s; @javax.annotation.PostConstruct void init() { this.s = new Store(); }",
    ],
)
def test_methods_that_a_container_calls(tmp_path: Path, fields: str) -> None:
    files = {"App.java": handler(fields, "s.save();"), **_SAVING}
    assert calls_of(tmp_path, files) == _PUT


def test_classes_inside_are_supplied(tmp_path: Path) -> None:
    fields = "@Inject Inner s; static class Inner { @Inject Store of; void save() { of.save(); } }"
    assert calls_of(tmp_path, {"App.java": handler(fields, "s.save();"), **_SAVING}) == _PUT


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ("@Inject org.springframework.core.env.Environment e;", 'e.getProperty("app.table")'),
        ("@Inject org.eclipse.microprofile.config.Config e;", 'e.getValue("app.table", String.class)'),
        ("@Inject io.micronaut.context.env.Environment e;", 'e.getProperty("app.table", String.class).get()'),
        (
            "",
            "org.eclipse.microprofile.config.ConfigProvider.getConfig()"
            '.getOptionalValue("app.table", String.class).orElse("x")',
        ),
        (
            '@Inject P p; @org.springframework.boot.context.properties.ConfigurationProperties(prefix = "app") '
            "static class P { private String table; String getTable() { return table; } }",
            "p.getTable()",
        ),
        (
            '@Inject P p; @io.micronaut.context.annotation.ConfigurationProperties("app") record P(String table) { }',
            "p.table()",
        ),
        ('@Inject P p; @io.smallrye.config.ConfigMapping(prefix = "app") interface P { String table(); }', "p.table()"),
        (
            "@Inject P p; @io.smallrye.config.ConfigMapping interface P { Q app(); interface Q { String table(); } }",
            "p.app().table()",
        ),
    ],
)
def test_properties_that_code_asks_for(tmp_path: Path, fields: str, read: str) -> None:
    body = f"DynamoDbClient.create().putItem(b -> b.tableName({read}));"
    files = {"App.java": handler(fields, body, _DB)}
    assert calls_of(tmp_path, files) == ["dynamodb.PutItem TableName=${env:APP_TABLE}"]
    files["src/main/resources/application.yml"] = "app:\n  table: orders\n"
    assert calls_of(tmp_path, files) == ["dynamodb.PutItem TableName=orders"]
