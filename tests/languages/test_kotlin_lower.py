"""Kotlin's lowering: what its syntax is in the intermediate form."""

from __future__ import annotations

import pytest

from languages.notation import expression, module, statement
from scopedown.languages.kotlin.lower import lower
from scopedown.source import ir


def of(source: str) -> ir.Module:
    return lower(source.encode(), "App.kt")


def function(source: str) -> ir.Function:
    """The first function of a file."""
    for one in of(source).body:
        if isinstance(one, ir.Assign) and isinstance(one.value, ir.Lambda):
            return one.value.function
    raise AssertionError(source)


def body(source: str) -> list[str]:
    """The statements of a function with this body."""
    return [statement(one) for one in function(f"fun f(a: A, b: B) {{\n{source}\n}}").body]


def class_of(source: str) -> ir.Class:
    """The class that a file has."""
    for one in of(source).body:
        if isinstance(one, ir.Assign) and isinstance(one.value, ir.ClassExpr):
            return one.value.definition
    raise AssertionError(source)


def members(source: str) -> dict[str, str]:
    """The members of the class that a file has."""
    found = class_of(source).body
    return {expression(one.target): expression(one.value) for one in found if isinstance(one, ir.Assign)}


def test_packages_and_imports() -> None:
    found = of(
        "package com.acme.app\nimport com.acme.Store\nimport com.acme.db.*\nimport com.acme.Item as Thing\nclass A"
    )
    assert found.package == "com.acme.app"
    assert found.imports == (("Store", "com.acme.Store"), ("Thing", "com.acme.Item"))
    assert found.opened == ("com.acme.db",)
    assert found.locals == {"A"}


def test_a_class_that_is_written_with_its_package_is_imported() -> None:
    found = of("fun f() { com.acme.Store.create(x) }")
    assert found.imports == (("com.acme.Store", "com.acme.Store"),)
    assert body("com.acme.Store.create(a)") == ["com.acme.Store.create(a)"]
    assert body("a.b.C.d()") == ["a.b.C.d()"]


def test_the_primary_constructor_keeps_properties_and_initialises_in_order() -> None:
    source = """
    class Handler(private val store: Store, table: String = "t") : Base(table), Runnable {
        val name = table.trim()
        init {
            println(name)
        }
        lateinit var other: Client
        fun run() = store.go(name)
    }
    """
    made = class_of(source)
    assert [expression(one) for one in made.bases] == ["Base", "Runnable"]
    assert dict(made.types).keys() == {"store", "other"}
    found = members(source)
    assert found["constructor"] == (
        "this(store: Store, table = 't') {this.store = store; super(table); this.name = table.trim(); println(name)}"
    )
    assert found["run"] == "this() {return store.go(name)}"


def test_other_constructors_call_the_primary_one_or_initialise() -> None:
    assert members("class A(val x: X) {\n constructor() : this(X()) {\n g()\n }\n}")["constructor"] == "overloads"
    found = members("class A {\n val y = f()\n constructor(x: X) {\n g(x)\n }\n}")
    assert found["<initialise>"] == "this() {this.y = f()}"
    assert found["constructor"] == "this(x: X) {this.<initialise>(); g(x)}"


def test_members_of_a_companion_are_those_of_the_class() -> None:
    found = members('class A {\n companion object {\n const val T = "t"\n fun make() = A()\n }\n}')
    assert (found["T"], found["make"]) == ("'t'", "none() {return A()}")


def test_an_object_is_one_object_of_its_class() -> None:
    assert module(of("object Db {\n val client = make()\n}")) == [
        "Db = new class Db() {constructor = this() {this.client = make()}}()"
    ]


def test_properties_that_are_computed_are_read_without_a_call() -> None:
    made = class_of('class A {\n val client: Client by lazy { make() }\n val name: String get() = "x"\n}')
    functions = [
        one.value.function for one in made.body if isinstance(one, ir.Assign) and isinstance(one.value, ir.Lambda)
    ]
    assert [(one.name, one.accessor, statement(one.body[0])) for one in functions] == [
        ("client", True, "return make()"), ("name", True, "return 'x'"),
    ]  # fmt: skip


def test_what_a_container_supplies() -> None:
    made = class_of("@Singleton\nclass A {\n @Inject\n lateinit var store: Store\n val other: Other by inject()\n}")
    assert [expression(one) for one in made.annotations] == ["Singleton"]
    assert [(name, expression(of_)) for name, _, of_ in made.supplied] == [("store", "Store")]
    assert members("class A {\n val other: Other by inject()\n}")["constructor"] == (
        "this() {this.other = <Other>inject().getValue()}"
    )


def test_an_interface_is_abstract_and_says_what_its_methods_give() -> None:
    made = class_of("interface Store {\n val name: Name\n fun get(id: String): Item?\n fun all() = get(name)\n}")
    assert made.abstract
    assert {name: expression(kind) for name, kind in made.types} == {"name": "Name", "get()": "Item"}
    assert [expression(one.target) for one in made.body if isinstance(one, ir.Assign)] == ["all"]


def test_an_interface_may_be_implemented_by_another_object() -> None:
    assert members("class A(s: Store) : Store by s")["constructor"] == "this(s: Store) {this.<delegate 0> = s}"


def test_constants_of_an_enumeration() -> None:
    found = members('enum class K(val v: String) {\n A("a"),\n B("b")\n}')
    assert (found["A"], found["A.name"], found["B"]) == ("new K('a')", "'A'", "new K('b')")


def test_functions_that_extend_a_type() -> None:
    made = function("fun Client.read(t: String) = scan(t)")
    assert made.receiver == "this"
    assert [expression(one) for one in made.annotations] == ["<extension>(Client)"]
    assert expression(function("val Client.name: String\n get() = this.x").annotations[0]) == "<extension>(Client)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a.b?.c!!.d()", ["a.b.c.d()"]),
        ("f(x = a, b)", ["f(b, x: a)"]),
        ("f(*a)", ["f(*a)"]),
        ("a.map { it.id }", ["a.map(lexical(it = None) {return it.id})"]),
        ("a.put(b) { x, y -> x.z(y) }", ["a.put(b, lexical(x, y) {return x.z(y)})"]),
        ("a.each { (k, v) -> k }", [
            "a.each(lexical(<argument 1>) {k = <component>(<argument 1>, 0); v = <component>(<argument 1>, 1); "
            "return k})"
        ]),
        ("m.read<Order>(a)", ["m.read(a)"]),
        ("m.read<Order> { a }", ["m.read(lexical(it = None) {return a})"]),
        ("m.read<List<Order>>(a)", ["m.read(a)"]),
        ("a to b", ["[a, b]"]),
        ("a with b", ["a.with(b)"]),
        ("A::class.java.x", ["A.x"]),
        ("A::make", ["<reference>(A, 'make')"]),
        ("a.f(::g)", ["a.f(g)"]),
        ('g("x $a ${b.c}\\n\\$d")', ["g(`x {a} {b.c}\n$d`)"]),
        ("a[b] += 1", ["a[b] += 1"]),
        ("a is B", ["?(a)"]),
        ("g(a as B)", ["g(<B>a)"]),
        ("val x: T = a", ["x: T = a"]),
        ("val (x, _) = a", ["x = <component>(a, 0)"]),
        ("val x by lazy { a.b() }", ["x = lexical(it = None) {return a.b()}()"]),
        ("val x = a ?: b", ["x = (a ?? b)"]),
        ("val x = a ?: return", ["<value 1> = a", "if ?(<value 1>) {} else {return}", "x = <value 1>"]),
        ("val x = if (a) 1 else 2", ["x = (a ? 1 : 2)"]),
        ("if (a) return 1 else g()", ["if a {return 1} else {g()}"]),
        ("for ((k, v) in a) g(k)", [
            "loop <element 1> of <elements>(a) {k = <component>(<element 1>, 0); "
            "v = <component>(<element 1>, 1); g(k)}"
        ]),
        ("while (a.b()) g()", ["loop {a.b(); g()}"]),
        ("try { a.x() } catch (e: E) { b.y() } finally { g() }", ["try {a.x()} catch e{b.y()} finally {g()}"]),
        ("return@f 1", ["return 1"]),
        ("val o = object : A { override fun g() = 1 }", ["o = new class <object>(A) {g = this() {return 1}}()"]),
    ],
)  # fmt: skip
def test_statements_and_expressions(source: str, expected: list[str]) -> None:
    assert body(source) == expected


def test_when_is_a_chain_of_ifs() -> None:
    source = """
    val x = when (val k = a.kind) {
        "p", "q" -> 1
        is C -> 2
        else -> {
            g()
            3
        }
    }
    """
    assert body(source) == [
        "k = a.kind",
        "if ((k == 'p') or (k == 'q')) {<value 1> = 1} else {if ?() {<value 1> = 2} else {g(); <value 1> = 3}}",
        "x = <value 1>",
    ]
    assert body("when {\n a > 1 -> g()\n else -> h()\n}") == ["if (a > 1) {g()} else {h()}"]


def test_an_inner_block_hides_names() -> None:
    assert body("val x = a\nif (b) {\n val x = 2\n g(x)\n}\nh(x)") == [
        "x = a", "if b {x'1 = 2; g(x'1)}", "h(x)",
    ]  # fmt: skip


def test_the_object_around_a_lambda_is_kept() -> None:
    found = members("class A {\n fun f() { x.apply { y = this@A.z } }\n}")
    assert found["f"] == "this() {<this A> = this; x.apply(lexical(it = None) {y = <this A>.z})}"


def test_a_declaration_before_a_brace_of_its_line_is_read() -> None:
    assert of("class A { val x = 1 }").problems == ()
    assert members("class A { companion object { val x = 1 } }")["x"] == "1"


@pytest.mark.parametrize(("written", "name"), [("companion object", "Companion"), ("companion object B", "B")])
def test_a_companion_is_the_class_by_a_name(written: str, name: str) -> None:
    assert members(f"class A {{\n {written} {{\n val x = 1\n }}\n}}")[name] == "this() {return this}"


def test_what_is_nested_too_deeply_is_told() -> None:
    deep = of("fun f() { g(" + "h(" * 300 + ")" * 300 + ") }")
    assert any("nested too deeply" in message for _, message in deep.problems)


@pytest.mark.parametrize(
    "source",
    [
        "fun f(){x" + ".a()" * 5000 + "}",
        "fun f(){" + "if (a) { 1 } else " * 2000 + "{ 2 } }",
        "class A {\n" * 500 + "}\n" * 500,
        "fun f(){" + "a ?: " * 3000 + "b }",
        "fun f(a: " + "Box<" * 1000 + "X" + ">" * 1000 + ") {}",
        "fun f(){" + "run {" * 500 + "}" * 500 + "}",
        'fun f(){ "' + '${"' * 300 + '"}' * 300 + '" }',
        "fun f(){ val y = " + "g(if (a) { " * 300 + "1" + " } else { 1 })" * 300 + " }",
        "\0\xff fun",
    ],
)
def test_deep_nesting_is_bounded(source: str) -> None:
    assert lower(source.encode("utf-8", "replace"), "x.kt").language == "kotlin"
