"""Lowering Java, seen through a compact notation of the intermediate form."""

from __future__ import annotations

import random
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from languages.java_notation import body, definition, dump, module, value
from scopedown.languages.java.lower import lower
from scopedown.source import ir


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1_000 + 0x1F + 017 + 0b11 + 5L", "(+ (+ (+ (+ 1000 31) 15) 3) 5)"),
        ("1.5f", "1.5"),
        (r'"a\n\u0042\101\""', repr('a\nBA"')),
        ("'c'", "'c'"),
        ("a && !b || c", "(or (and a (not b)) c)"),
        ("a == null ? b : c", "((== a None) ? b : c)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("-1", "-1"),
        ("a.b.c(d)", "a.b.c(d)"),
        ("this.<T>call(1)", "this.call(1)"),
        ("super.call()", "super.call()"),
        ("Other.super.call()", "super.call()"),
        ("a[1]", "a[1]"),
        ("new Foo<>(a, b)", "new Foo(a, b)"),
        ("new Outer.Inner()", "new Outer.Inner()"),
        ("outer.new Inner(1)", "new outer.Inner(1)"),
        ("new int[]{1, 2}", "[1, 2]"),
        ("new byte[size()]", "[size(), []][1]"),
        ("(Foo) a", "a as Foo"),
        ("(List<String>) a", "a as List[String]"),
        ("Foo.class", "Foo"),
        ("a instanceof Foo f", "(instanceof (f := a as Foo) Foo)"),
        ("x -> x.y()", "<lambda>(x) {return x.y()}"),
        ("(Foo a, int b) -> { return a; }", "<lambda>(a, b) {return a}"),
        ("this::call", "this.call"),
        ("in::call", "in.call"),
        ("Foo::call", "<reference>(Foo, 'call')"),
        ("Foo::new", "<new>(*arguments~) {return new Foo(*arguments~)}"),
        ("a = b", "(a := b)"),
        ("a += b", "(a := (+ a b))"),
        ("i++", "(i := (++ i))"),
        ("com.acme.Table.NAME", "com.acme.Table.NAME"),
        ("switch (a) { case 1, 2 -> b; default -> c; }", "((or (loosely == a 1) (loosely == a 2)) ? b : c)"),
        ('STR."a\\{b}c"', "f('a', b, 'c')"),
    ],
)
def test_an_expression_becomes(source: str, expected: str) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Foo a = b(), c;", "a: Foo = b()"),
        ("var a = b();", "a = b()"),
        ("Foo a; a = b();", "a: Foo = b()"),
        ("a.b = c; a[0] += d;", "a.b = c; a[0] += d"),
        ("if (a) b(); else if (c) d(); else e();", "if a {b()} else {if c {d()} else {e()}}"),
        ("for (int i = 0; i < 3; i++) a(i);", "i: int = 0; loop {i = (++ i); (< i 3); a(i)}"),
        ("for (String s : all) a(s);", "loop s of all {a(s)}"),
        ("for (Foo s : all) a(s);", "loop s of all {s = s as Foo; a(s)}"),
        ("while (a()) { break; }", "loop {a(); jump}"),
        ("do { a(); } while (b());", "loop {a(); b()}"),
        ("try { a(); } catch (A | B e) { b(e); } finally { c(); }", "try {a()} catch e {b(e)} finally {c()}"),
        ("try (Foo a = b()) { a.c(); }", "a: Foo = b(); try {a.c()} finally {a.close()}"),
        ("throw new E();", "throw new E()"),
        ("synchronized (a) { b(); }", "a; b()"),
        ("label: for (;;) { continue label; }", "loop {jump}"),
        (
            "switch (a()) { case 1: case 2: b(); break; case 3: c(); default: }",
            "switch~1 = a(); if (or (loosely == switch~1 1) (loosely == switch~1 2)) {b()} "
            "else {if (loosely == switch~1 3) {c()}}",
        ),
        ('switch (a) { case "x" -> b(); default -> { c(); } }', "if (loosely == a 'x') {b()} else {c()}"),
        ("switch (a) { case RED: b(); }", "if (loosely == a a.RED) {b()}"),
        (
            "var x = switch (a) { case 1 -> { yield b(); } default -> throw new E(); };",
            "x = <switch>() {if (loosely == a 1) {return b()} else {throw new E()}}()",
        ),
        (
            "switch (a) { case Foo f when f.b -> c(f); default -> d(); }",
            "if (and (instanceof (f := a as Foo) Foo) f.b) {c(f)} else {d()}",
        ),
        (
            'var m = new HashMap<String, String>() {{ put("a", b); }};',
            "m = <filled>() {made~1 = new HashMap(); made~1.put('a', b); return made~1}()",
        ),
    ],
)
def test_a_statement_becomes(source: str, expected: str) -> None:
    assert body(source) == expected


def test_a_text_block_loses_what_its_lines_share() -> None:
    source = 'class App { String a = """\n      select\n        *\n      """; }'
    assert dump(definition(source).fields[0][1]) == repr("select\n  *\n")


def test_imports_are_names_and_opened_packages() -> None:
    made = module("""
        package com.acme . shop;
        import java.util.List;
        import com.acme.store.*;
        import static com.acme.Names.TABLE;
        import static com.acme.Rules.*;
        class App { com.other.Thing thing; }
    """)
    assert made.package == "com.acme.shop"
    assert made.imports == (
        ("List", "java.util.List"),
        ("TABLE", "com.acme.Names.TABLE"),
        ("com.other.Thing", "com.other.Thing"),
    )
    assert made.opened == ("com.acme.store", "com.acme.Rules")


def test_a_class_keeps_its_members_apart() -> None:
    made = definition("""
        @Singleton @Named("app")
        public abstract class App<T extends Store> extends Base<T> implements Runnable {
          static final String TABLE = System.getenv("TABLE");
          static int count;
          @Inject Store store;
          private final T other = make();
          App(@Value("x") String a) { this.store = null; }
          App() { super(1); }
          abstract Store make();
          void run(String... all) {}
          void run(int one) {}
          static void main() {}
        }
    """)
    assert dump(made.bases) == "Base[Store]; Runnable"
    assert dump(made.annotations) == "Singleton; Named('app')"
    assert made.abstract
    assert dump(made.body) == (
        "run = run(*all) {} | run(one) {}; main = static main() {}; "
        "constructor = constructor(a) {super(); this.store = None} | constructor() {super(1)}; "
        "TABLE: String = System.getenv('TABLE'); count: int = 0"
    )
    assert [(dump(key), dump(given)) for key, given in made.fields] == [("'other'", "make()")]
    assert [(name, dump(of)) for name, of in made.types] == [
        ("TABLE", "String"),
        ("count", "int"),
        ("store", "Store"),
        ("other", "Store"),
        ("make()", "Store"),
    ]
    assert [(name, dump(marks), dump(of)) for name, marks, of in made.supplied] == [("store", "Inject", "Store")]


def test_a_parameter_keeps_its_type_and_its_annotations() -> None:
    method = definition('class App { Store run(@Named("a") Store s, String... all) { return s; } }').body[0]
    assert isinstance(method, ir.Assign)
    assert isinstance(method.value, ir.Lambda)
    first, rest = method.value.function.parameters
    assert (dump(first.annotation), dump(first.decorators)) == ("Store", "Named('a')")
    assert (rest.kind, dump(rest.annotation)) == ("rest", "[][String]")
    assert dump(method.value.function.returns) == "Store"


def test_a_field_named_as_a_method_has_a_name_of_its_own() -> None:
    made = definition("""
        class App {
          private String table;
          App table(String table) { this.table = table; return this; }
          String get(App other) { return table + other.table + other.table(""); }
        }
    """)
    assert dump(made.body) == (
        "table = table(table) {this.table~field = table; return this}; "
        "get = get(other) {return (+ (+ table~field other.table~field) other.table(''))}"
    )


def test_a_variable_does_not_hide_a_method() -> None:
    assert body("String table = table(); table();", "static String table() { return null; }") == (
        "table: String = table(); App.table()"
    )
    assert body("String table = table(); table();", "String table() { return null; }") == (
        "table: String = table(); this.table()"
    )


def test_a_variable_of_a_block_is_gone_after_it() -> None:
    assert body("if (in) { String s = a(); b(s); } else { int s = 1; b(s); }") == (
        "if in {s: String = a(); b(s)} else {s~1: int = 1; b(s~1)}"
    )
    assert body("{ String s = a(); b(s); } c(s);", "String s;") == "s~1: String = a(); b(s~1); c(s)"


def test_statics_that_use_a_class_inside_come_after_it() -> None:
    made = definition("""
        class App {
          static final String A = "a";
          static final Inner B = new Inner();
          static { a(); }
          static class Inner { String c = A; }
        }
    """)
    assert dump(made.body) == ("A: String = 'a'; Inner = class Inner() {}; B: Inner = new Inner(); <static>() {a()}()")


def test_blocks_of_a_class_run_with_its_fields() -> None:
    made = definition("class App { int a = 1; { b(); } }")
    assert [(dump(key), dump(given)) for key, given in made.fields] == [
        ("'a'", "1"),
        ("'<initialiser 1>'", "<initialiser>() {b()}()"),
    ]


def test_a_nameless_class_reaches_the_object_around_it() -> None:
    assert body("go(new Runnable() { public void run() { App.this.a(); } });") == (
        "<this App> = this; go(new class <Runnable>(Runnable) {run = run() {<this App>.a()}}())"
    )


def test_an_enumeration_has_constants_that_know_their_names() -> None:
    made = definition("""
        enum Kind implements Named {
          A(1), B(2) { int get() { return 3; } };
          final int n;
          Kind(int n) { this.n = n; }
        }
    """)
    assert dump(made.body) == (
        "values = static values() {return [Kind.A, Kind.B]}; "
        "valueOf = static valueOf(name) {return {'A': Kind.A, 'B': Kind.B}[name]}; "
        "name = name() {return this.<name>}; toString = toString() {return this.<name>}; "
        "constructor = constructor(n) {this.n = n}; "
        "A = new Kind(1); A.<name> = 'A'; "
        "B = new class <Kind>(Kind) {get = get() {return 3}}(2); B.<name> = 'B'"
    )


def test_a_record_has_fields_methods_and_a_constructor() -> None:
    assert dump(definition("record Order(String id, int n) { Order { check(id); } }").body) == (
        "id = id() {return this.id~field}; n = n() {return this.n~field}; "
        "constructor = constructor(id, n) {check(id); this.id~field = id; this.n~field = n}"
    )


def test_an_interface_is_abstract_and_its_fields_are_static() -> None:
    made = definition('interface Store extends A, B { String T = "t"; Item get(); default void put() { get(); } }')
    assert made.abstract
    assert dump(made.bases) == "A; B"
    assert dump(made.body) == "put = put() {get()}; T: String = 't'"
    assert [(name, dump(of)) for name, of in made.types] == [("T", "String"), ("get()", "Item")]


def test_the_class_of_the_file_comes_last() -> None:
    made = module("class App {} class Other {} @interface Mark {}")
    assert [one.target.id for one in made.body if isinstance(one, ir.Assign) and isinstance(one.target, ir.Name)] == [
        "Other",
        "Mark",
        "App",
    ]


def test_functions_know_their_names() -> None:
    made = definition("class App { void run(int a) { int b = 1; for (var c : d) { x(e -> e); } } }").body[0]
    assert isinstance(made, ir.Assign)
    assert isinstance(made.value, ir.Lambda)
    assert made.value.function.locals == {"a", "b", "c"}


def test_places_count_characters_from_one() -> None:
    made = module('class App { String a = "ü"; void run() {} }').body[0]
    assert isinstance(made, ir.Assign)
    assert isinstance(made.value, ir.ClassExpr)
    assert (made.at, made.value.definition.body[0].at) == ((1, 7), (1, 34))


def test_a_call_in_a_chain_over_lines_stands_at_its_method() -> None:
    made = definition("class App { Object a = b\n  .c()\n  .d(); }").fields[0][1]
    assert isinstance(made, ir.Call)
    assert made.at == (3, 4)


def test_a_syntax_error_is_told_and_the_rest_is_lowered() -> None:
    made = module("class App {\n  void run( { a(; }\n  void other() { b(); }\n}")
    assert made.problems
    assert "b()" in dump(made.body)


@pytest.mark.parametrize(
    "source",
    [
        "class A { int x = " + "(" * 50_000,
        "class A { int x = " + "a + " * 20_000 + "a; }",
        "class A { boolean x = " + "a && " * 20_000 + "a; }",
        "class A { Object x = a" + ".b()" * 20_000 + "; }",
        "class A { boolean x = " + "!" * 20_000 + "a; }",
        "class A { Object x = " + "a -> " * 5_000 + "1; }",
        "class A { Object x = " + "a ? b : " * 5_000 + "c; }",
        "class A { void r() { if (a) b(); " + "else if (a) b(); " * 5_000 + "} }",
        "class A { void r() { switch (x) { " + "case 1: f(); break; " * 3_000 + "} } }",
        "class A { int x = switch (x) { " + "case 1 -> 2; " * 3_000 + "default -> 1; }; }",
        "class A { void r() " + "{" * 5_000,
        "class A { " * 3_000,
        "class A { Object x = " + "new B() { Object x = " * 1_000,
        "class A { " + "List<" * 3_000 + "A" + ">" * 3_000 + " x; }",
        "class A { int" + "[]" * 20_000 + " x; }",
        "@A(" * 3_000,
        "class A { boolean x = a instanceof " + "B(" * 3_000,
        "class A { void r() { " + "int x; { " * 3_000,
        "class A { void r() { " + "{ int x = 1; } " * 5_000 + "} }",
        "import " + "a." * 20_000 + "b;",
        "class A { Object x = " + "a." * 20_000 + "B; }",
    ],
    ids=range(21),
)
def test_deep_nesting_is_cut_not_followed(source: str) -> None:
    assert depth_of(lower(source.encode(), "A.java").body) < 1_500


def depth_of(node: object) -> int:
    """How deep the intermediate form nests, found without recursion."""
    deepest, stack = 0, [(node, 1)]
    while stack:
        one, depth = stack.pop()
        deepest = max(deepest, depth)
        if isinstance(one, tuple):
            stack += [(item, depth) for item in one]
        elif hasattr(one, "__dataclass_fields__"):
            stack += [(getattr(one, each.name), depth + 1) for each in fields(one)]  # type: ignore[arg-type]
    return deepest


SAMPLE = '''
package com.acme;
import java.util.*;
import static a.B.*;
/** Doc. */
@Named("x") public class App<T extends A & B> extends Base<T> implements C, D<E> {
  private static final String TABLE = System.getenv("T") + 'c' + 0x1FL;
  static { if (TABLE == null) throw new E(); }
  @Inject private Map<String, ? super Foo[]> map = new HashMap<>() {{ put("ü", 1); }};
  public App(@Q String a, int... b) throws X { super(a); this.map = null; }
  enum K { A(1) { void f() {} }, B; int k; K(int... k) {} }
  record R(String a, int b) { R { a = b; } }
  interface I { int X = 1; default void d() {} }
  <U> U run(List<U> in) {
    for (int i = 0, j[] = {1}; i < 3; i++) { continue; }
    outer: for (final var s : in) { break outer; }
    try (var r = open(); q) { r.a(); } catch (A | B e) { } finally { }
    switch (x) { case 1: case 2: a(); break; default: b(); }
    var y = switch (x) { case 1, 2 -> 5; case P p when p.q -> { yield 6; } default -> throw new E(); };
    if (o instanceof R(String aa, var bb) && aa != null) {}
    Runnable r = () -> App.this.foo(App::new, this::run, int[]::new);
    String t = """
       hi
         there\\
       """;
    return (U & I) in.stream().map(a -> { return a; }).toList();
  }
}
'''.encode()


def test_a_truncated_file_never_raises() -> None:
    for end in range(len(SAMPLE)):
        lower(SAMPLE[:end], "App.java")


def test_a_damaged_file_never_raises() -> None:
    chance = random.Random(7)
    for _ in range(400):
        damaged = bytearray(SAMPLE)
        for _ in range(chance.randint(1, 12)):
            position = chance.randrange(len(damaged))
            if chance.random() < 0.5:
                damaged[position] = chance.choice(b"()[]{}:,.=*'\"\n\\ f@\xff\x00<>-")
            else:
                del damaged[position : position + chance.randint(1, 20)]
        lower(bytes(damaged), "App.java")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_module(source: bytes) -> None:
    assert lower(source, "App.java").language == "java"
