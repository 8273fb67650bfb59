"""Java where its code runs: names, members, collections, texts, functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from languages.java_programs import calls_of, program, report_of

_PUT = """
static final DynamoDbClient DB = DynamoDbClient.create();
static void put(String table) { DB.putItem(b -> b.tableName(table)); }
"""
Puts = Callable[..., list[str]]


@pytest.fixture
def puts(tmp_path: Path) -> Puts:
    """The tables into which a handler with this body puts items by ``put(name)``."""

    def found(body: str, members: str = "", *imports: str, files: dict[str, str] | None = None) -> list[str]:
        source = program(f"{body}\nreturn null;", f"{_PUT}\n{members}", *imports)
        calls = calls_of(tmp_path, {**source, **(files or {})})
        return sorted(call.removeprefix("dynamodb.PutItem TableName=") for call in calls)

    return found


def test_a_call_in_another_class_of_the_package_is_found(tmp_path: Path) -> None:
    files = program('return new Store(System.getenv("TABLE")).save();')
    files["Store.java"] = """
        package com.acme;
        import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
        import software.amazon.awssdk.services.dynamodb.model.*;
        class Store {
          private final DynamoDbClient db = DynamoDbClient.builder().build();
          private final String table;
          Store(String table) { this.table = table; }
          Object save() { return db.putItem(PutItemRequest.builder().tableName(table).build()); }
        }
        """
    assert calls_of(tmp_path, files) == ["dynamodb.PutItem TableName=${env:TABLE}"]


def test_a_call_in_another_package_is_found(puts: Puts) -> None:
    files = {"Names.java": 'package com.acme.names;\npublic class Names { public static final String T = "t"; }'}
    assert puts("put(Names.T);", "", "com.acme.names.Names", files=files) == ["t"]
    assert puts("put(T);", "", "static com.acme.names.Names.T", files=files) == ["t"]
    assert puts("put(Names.T);", "", "com.acme.names.*", files=files) == ["t"]
    assert puts("put(com.acme.names.Names.T);", "", files=files) == ["t"]


def test_a_class_behind_an_interface_of_the_project_is_found(tmp_path: Path) -> None:
    files = program("return store.save();", "private Store store; App() { store = new DynamoStore(); }")
    files["Store.java"] = "package com.acme;\ninterface Store { Object save(); }"
    files["DynamoStore.java"] = """
        package com.acme;
        import software.amazon.awssdk.services.dynamodb.*;
        class DynamoStore implements Store {
          private static final DynamoDbClient DB = DynamoDbClient.create();
          @Override public Object save() { return DB.putItem(b -> b.tableName("t")); }
        }
        """
    assert calls_of(tmp_path, files) == ["dynamodb.PutItem TableName=t"]


def test_a_handler_inherits_its_method(tmp_path: Path) -> None:
    files = {
        "App.java": 'package com.acme;\npublic class App extends Base<String> { String table() { return "t"; } }',
        "Base.java": """
            package com.acme;
            import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
            abstract class Base<T> {
              protected DynamoDbClient db = DynamoDbClient.create();
              abstract String table();
              public Object handleRequest(T in, Object context) { return db.putItem(b -> b.tableName(table())); }
            }
            """,
    }
    assert calls_of(tmp_path, files) == ["dynamodb.PutItem TableName=t"]
    assert calls_of(tmp_path, files, "com.acme.App::") == ["dynamodb.PutItem TableName=t"]


def test_constructors_are_told_apart_by_their_arguments(puts: Puts) -> None:
    members = """
    static class Store {
      String table;
      Store() { this("default"); }
      Store(String table) { this.table = table; }
      Store(int number) { this.table = "number"; }
    }
    """
    assert puts('put(new Store().table); put(new Store("given").table);', members) == ["default", "given"]


def test_fields_and_methods_of_one_name_are_apart(puts: Puts) -> None:
    members = """
    static class Builder {
      private String table;
      Builder table(String table) { this.table = table; return this; }
      String table() { return table; }
    }
    """
    assert puts('put(new Builder().table("a").table());', members) == ["a"]


@pytest.mark.parametrize(
    ("body", "tables"),
    [
        ('put("a" + "b");', ["ab"]),
        ('put("a-" + System.getenv("STAGE"));', ["a-${env:STAGE}"]),
        ('put(String.format("%s-%s", "a", System.getenv("STAGE")));', ["a-${env:STAGE}"]),
        ('put("%s-%d".formatted("a", 1));', ["a-1"]),
        ('put(String.join("-", "a", "b"));', ["a-b"]),
        ('put(String.join("-", List.of("a", "b")));', ["a-b"]),
        ('put(new StringBuilder("a").append("-").append("b").toString());', ["a-b"]),
        ('put("A".toLowerCase().concat("b").trim());', ["ab"]),
        ('put("a.b".split("\\\\.")[1]);', ["b"]),
        ('put("a-b".substring(2));', ["b"]),
        ('put(Optional.ofNullable(System.getenv("T")).orElse("d"));', ["${env:T}"]),
        ('put(System.getenv().getOrDefault("T", "d"));', ["${env:T}"]),
        ('put(System.getenv("T") == null ? "d" : System.getenv("T"));', ["${env:T}|d"]),
        ('put(Objects.requireNonNull("a"));', ["a"]),
        ('for (String t : List.of("a", "b")) put(t);', ["a", "b"]),
        ('for (String t : new String[]{"a", "b"}) put(t);', ["a", "b"]),
        ('List<String> all = new ArrayList<>(); all.add("a"); all.forEach(App::put);', ["a"]),
        ('Stream.of("a", "b").map(t -> t + "!").forEach(t -> put(t));', ["a!", "b!"]),
        ('put(Map.of("k", "a").get("k"));', ["a"]),
        ('Map<String, String> m = new HashMap<>(); m.put("k", "a"); put(m.get("k"));', ["a"]),
        ('new HashMap<String, String>() {{ put("k", "a"); }}.forEach((k, v) -> App.put(v));', ["a"]),
        ('for (Map.Entry<String, String> e : Map.of("k", "a").entrySet()) put(e.getValue());', ["a"]),
        ('put(Stream.of("a", "b").collect(Collectors.joining("-")));', ["a-b"]),
        ('Runnable r = () -> put("a"); r.run();', ["a"]),
        ('java.util.function.Function<String, String> f = s -> s + "b"; put(f.apply("a"));', ["ab"]),
        ('java.util.concurrent.CompletableFuture.supplyAsync(() -> "a").thenAccept(App::put).join();', ["a"]),
        ('new Thread(() -> put("a")).start();', ["a"]),
        ('java.util.concurrent.Executors.newFixedThreadPool(2).submit(() -> put("a"));', ["a"]),
        ('new java.util.concurrent.atomic.AtomicReference<>("a").get().chars(); put("b");', ["b"]),
        ('switch ("x") { case "x" -> put("a"); default -> put("b"); }', ["a"]),
        ('put(switch (event.hashCode()) { case 1 -> "a"; default -> "b"; });', ["a|b"]),
        ('try { put("a"); } finally { put("b"); }', ["a", "b"]),
        ('if (event instanceof String s) put(s); else put("b");', ["*", "b"]),
        ('new Object() { void go() { put("a"); } }.go();', ["a"]),
    ],
)
def test_a_table_is_named(puts: Puts, body: str, tables: list[str]) -> None:
    assert puts(body) == tables


def test_static_blocks_and_initialisers_run(puts: Puts) -> None:
    members = """
    static String table;
    String other;
    static { table = "a"; put("static"); }
    { other = "b"; put("object"); }
    """
    assert puts("put(table); put(other);", members) == ["a", "b", "object", "static"]


def test_enumerations_know_their_constants(puts: Puts) -> None:
    members = """
    enum Kind {
      A("a"), B("b") { String table() { return "own"; } };
      private final String table;
      Kind(String table) { this.table = table; }
      String table() { return table; }
    }
    """
    assert puts("put(Kind.A.table());", members) == ["a"]
    assert puts("for (Kind k : Kind.values()) put(k.table());", members) == ["a", "own"]
    assert puts('put(Kind.valueOf("B").name());', members) == ["B"]


def test_records_give_their_components(puts: Puts) -> None:
    members = "record Order(String table, int n) { static Order of(String t) { return new Order(t, 1); } }"
    assert puts('put(Order.of("a").table());', members) == ["a"]


def test_a_nameless_class_sees_the_method_around_it(puts: Puts) -> None:
    members = "interface Job { void go(); } static void run(Job job) { job.go(); }"
    assert puts('String t = "a"; run(new Job() { public void go() { put(t); } });', members) == ["a"]


def test_a_method_reference_may_be_a_method_of_its_argument(puts: Puts) -> None:
    members = 'static class Order { String table() { return "a"; } }'
    assert puts("Stream.of(new Order()).map(Order::table).forEach(App::put);", members) == ["a"]
    assert puts('Stream.of("A").map(String::toLowerCase).forEach(App::put);', members) == ["a"]


def test_a_resource_is_closed(puts: Puts) -> None:
    members = 'static class Lock implements AutoCloseable { public void close() { put("closed"); } }'
    assert puts('try (Lock lock = new Lock()) { put("a"); }', members) == ["a", "closed"]


def test_a_lambda_handed_to_a_library_runs(puts: Puts) -> None:
    assert puts('new java.util.Timer().schedule(null, 1); java.util.Spliterators.iterator(() -> put("a"));') == ["a"]


def test_code_without_an_sdk_leaves_nothing_unseen(tmp_path: Path) -> None:
    files = program('List<String> all = new ArrayList<>(); all.add("a"); return String.valueOf(all.size());')
    report = report_of(tmp_path, files)
    assert (report.calls, report.unseen) == ((), ())


def test_a_call_on_an_unknown_client_is_told(tmp_path: Path) -> None:
    files = program("return Clients.of(event).putItem(event);", "DynamoDbClient db = DynamoDbClient.create();")
    files["Clients.java"] = "package com.acme;\nclass Clients { static native Object of(Object event); }"
    assert any("putItem" in one.what for one in report_of(tmp_path, files).unseen)


def test_a_missing_class_is_told(tmp_path: Path) -> None:
    files = {"App.java": "package com.acme;\nclass Other {}"}
    assert [one.code for one in report_of(tmp_path, files).findings] == ["handler-missing"]


@pytest.mark.parametrize(
    ("imported", "body"),
    [
        ("com.google.common.collect.*", 'for (String t : ImmutableList.of("orders")) put(t);'),
        (
            "com.google.common.collect.*",
            'ImmutableMap.builder().put("a", "orders").build().values().forEach(t -> put(t));',
        ),
        ("static com.google.common.base.Preconditions.checkNotNull", 'put(checkNotNull("orders"));'),
        ("com.google.common.base.Suppliers", 'put(Suppliers.memoize(() -> "orders").get());'),
        ("org.apache.commons.lang3.StringUtils", 'put(StringUtils.defaultIfBlank("orders", "other"));'),
        ("java.net.URI", 'put(URI.create("orders").toString());'),
    ],
)
def test_helpers_give_what_they_are_given(puts: Puts, imported: str, body: str) -> None:
    assert puts(body, "", imported) == ["orders"]


@pytest.mark.parametrize(
    ("imported", "read"),
    [
        ("io.github.cdimascio.dotenv.Dotenv", 'Dotenv.configure().ignoreIfMissing().load().get("T")'),
        ("org.apache.commons.lang3.SystemUtils", 'SystemUtils.getEnvironmentVariable("T", null)'),
    ],
)
def test_helpers_give_variables(puts: Puts, imported: str, read: str) -> None:
    assert puts(f"put({read});", "", imported) == ["${env:T}"]


@pytest.mark.parametrize(
    "read",
    [
        'P.getProperty("table")',
        'ResourceBundle.getBundle("app").getString("table")',
    ],
)
def test_files_beside_the_classes_are_read(puts: Puts, read: str) -> None:
    loaded = """
    static final Properties P = new Properties();
    static { try (var in = App.class.getResourceAsStream("/app.properties")) { P.load(in); } }
    """
    assert puts(f"put({read});", loaded, files={"src/main/resources/app.properties": "table=orders\n"}) == ["orders"]


def test_a_file_that_is_not_known_may_have_anything(puts: Puts) -> None:
    body = 'Properties p = new Properties(); p.load(new java.io.FileInputStream("a")); put(p.getProperty("t"));'
    assert puts(body) == ["*"]


_LOADED = """
package com.acme;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
public class Store implements Saver {
  public void save() { DynamoDbClient.create().putItem(b -> b.tableName("orders")); }
  public void drop() { DynamoDbClient.create().deleteTable(b -> b.tableName("x")); }
}
"""


@pytest.mark.parametrize(
    "body",
    [
        '((Saver) Class.forName("com.acme.Store").getDeclaredConstructor().newInstance()).save();',
        '((Saver) Class.forName("com.acme.St" + event).newInstance()).save();',
        'Store s = new Store(); s.getClass().getMethod("save").invoke(s);',
        "for (Saver one : ServiceLoader.load(Saver.class)) one.save();",
        "ServiceLoader.load(Saver.class).findFirst().get().save();",
    ],
)
def test_classes_and_methods_by_their_names(puts: Puts, body: str) -> None:
    files = {"Store.java": _LOADED, "Saver.java": "package com.acme; public interface Saver { void save(); }"}
    assert puts(body, files=files) == ["orders"]


def test_a_class_whose_name_is_computed_was_not_seen(tmp_path: Path) -> None:
    report = report_of(tmp_path, program('return Class.forName(System.getenv("C")).newInstance();'))
    assert [one.may_call for one in report.unseen] == [("*",)]


@pytest.mark.parametrize(
    ("body", "may_call"),
    [
        ('new ProcessBuilder("aws", "s3", "ls").start();', "s3:*"),
        ('new ProcessBuilder(List.of("aws", "s3", "ls")).inheritIO().start();', "s3:*"),
        ('Runtime.getRuntime().exec("aws s3 ls");', "s3:*"),
        ('Runtime.getRuntime().exec(new String[] {"sh", "-c", "aws s3 ls"});', "s3:*"),
        ("new ProcessBuilder(event.toString()).start();", "*"),
        ('new javax.crypto.spec.SecretKeySpec(("AWS4" + event).getBytes(), "HmacSHA256");', "*"),
        ('System.load("/var/task/lib.so");', "*"),
    ],
)
def test_programs_that_are_started_were_not_seen(tmp_path: Path, body: str, may_call: str) -> None:
    report = report_of(tmp_path, program(f"{body}\nreturn null;"))
    assert [may_call in one.may_call for one in report.unseen] == [True]


def test_harmless_programs_need_nothing(tmp_path: Path) -> None:
    report = report_of(tmp_path, program('return new ProcessBuilder("ffmpeg", "-i", "a").directory(null).start();'))
    assert report.unseen == ()


def test_a_break_leaves_a_labelled_block(puts: Puts) -> None:
    assert puts('a: { if (1 == 1) break a; return null; }\nput("t");') == ["t"]
