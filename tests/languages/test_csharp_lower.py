"""C#'s syntax in the intermediate form: small programs, and what stands where."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.languages.csharp.lower import MAIN, lower
from scopedown.source import ir


def lowered(source: str) -> ir.Module:
    return lower(source.encode(), "App.cs")


def shown(node: Any) -> str:
    """An expression or a statement as short text."""
    match node:
        case None:
            return "nothing"
        case tuple():
            return "; ".join(shown(one) for one in node)
        case ir.Const(value=value):
            return repr(value)
        case ir.Name(id=name):
            return name
        case ir.This():
            return "this"
        case ir.Super():
            return "base"
        case ir.Attr(object=owner, name=name):
            return f"{shown(owner)}.{name}"
        case ir.Index(object=owner, index=index):
            return f"{shown(owner)}[{shown(index)}]"
        case ir.Call():
            given = [shown(one) for one in node.positional]
            given += [f"{name}={shown(value)}" for name, value in node.keywords]
            return f"{'new ' if node.new else ''}{shown(node.function)}({', '.join(given)})"
        case ir.Lambda(function=function):
            return f"{names(function)} => {{{shown(function.body)}}}"
        case ir.Template(parts=parts):
            return "$(" + " ".join(shown(one) for one in parts) + ")"
        case ir.Op(operator="not", operands=(one,)):
            return f"not {shown(one)}"
        case ir.Op(operator=operator, operands=operands):
            return "(" + f" {operator} ".join(shown(one) for one in operands) + ")"
        case ir.Cond():
            return f"({shown(node.test)} ? {shown(node.then)} : {shown(node.otherwise)})"
        case ir.ListExpr(items=items):
            return "[" + ", ".join(shown(one) for one in items) + "]"
        case ir.ObjectExpr(entries=entries) | ir.Initialised(entries=entries):
            inside = ", ".join(f"{shown(key)}: {shown(value)}" for key, value in entries)
            before = shown(node.value) + " " if isinstance(node, ir.Initialised) else ""
            return f"{before}{{{inside}}}"
        case ir.Spread(value=value):
            return f"..{shown(value)}"
        case ir.AssignExpr(target=target, value=value):
            return f"({shown(target)} := {shown(value)})"
        case ir.Cast(value=value, type=of):
            return f"<{shown(of)}>{shown(value)}"
        case ir.Opaque(children=children):
            return "?(" + ", ".join(shown(one) for one in children) + ")"
        case ir.Yield(value=value):
            return f"yield {shown(value)}"
        case ir.Comprehension():
            clauses = " ".join(f"for {shown(to)} in {shown(source)}" for to, source in node.clauses)
            return f"[{shown(node.element)} {clauses} if {shown(node.conditions)}]"
        case ir.ListPattern(items=items):
            return "(" + ", ".join("_" if item is None else shown(item[0]) for item in items) + ")"
        case _:
            return shown_statement(node)


def shown_statement(node: Any) -> str:
    """A statement as short text."""
    match node:
        case ir.Assign():
            declared = "" if node.annotation is None else f": {shown(node.annotation)}"
            return f"{shown(node.target)}{declared} {node.operator or ''}= {shown(node.value)}"
        case ir.ExprStmt(value=value):
            return shown(value)
        case ir.Return(value=value):
            return f"return {shown(value)}"
        case ir.Raise(value=value):
            return f"throw {shown(value)}"
        case ir.Jump():
            return "jump"
        case ir.If():
            return f"if {shown(node.test)} {{{shown(node.then)}}} else {{{shown(node.otherwise)}}}"
        case ir.Loop():
            return f"loop {shown(node.target)} in {shown(node.iterable)} {{{shown(node.body)}}}"
        case ir.Try():
            handlers = " ".join(f"catch {shown(to)} {{{shown(body)}}}" for to, body in node.handlers)
            return f"try {{{shown(node.body)}}} {handlers} finally {{{shown(node.final)}}}"
        case ir.ClassExpr(definition=definition):
            return f"class {definition.name}"
        case ir.Overloads(functions=functions):
            return " | ".join(shown(one) for one in functions)
        case _:
            return type(node).__name__


def names(function: ir.Function) -> str:
    def one(parameter: ir.Parameter) -> str:
        declared = "" if parameter.annotation is None else f": {shown(parameter.annotation)}"
        default = "" if parameter.default is None else f" = {shown(parameter.default)}"
        return f"{'*' if parameter.kind == 'rest' else ''}{shown(parameter.target)}{declared}{default}"

    return "(" + ", ".join(one(parameter) for parameter in function.parameters) + ")"


def main_of(source: str) -> ir.Function:
    """The function of the statements at the top of a file."""
    for statement in lowered(source).body:
        if isinstance(statement, ir.Assign) and shown(statement.target) == MAIN:
            assert isinstance(statement.value, ir.Lambda)
            return statement.value.function
    raise AssertionError("no statements")


def body_of(source: str) -> str:
    """The statements as text."""
    return shown(main_of(source).body)


def value_of(source: str) -> str:
    """The value that ``var x = …;`` gives to x."""
    last = main_of(f"var x = {source};").body[-1]
    assert isinstance(last, ir.Assign)
    return shown(last.value)


def class_of(source: str, name: str = "C") -> ir.Class:
    for statement in lowered(source).body:
        value = statement.value if isinstance(statement, ir.Assign) else None
        if isinstance(value, ir.ClassExpr) and value.definition.name == name:
            return value.definition
    raise AssertionError("no class")


def member(cls: ir.Class, name: str) -> Any:
    found = [one.value for one in cls.body if isinstance(one, ir.Assign) and shown(one.target) == name]
    assert found, f"{cls.name} has no {name}"
    return found[-1].function if isinstance(found[-1], ir.Lambda) else found[-1]


def statics(cls: ir.Class) -> str:
    return shown(member(cls, "<static>").body)


# names


def test_a_file_knows_its_namespace_those_around_it_and_what_it_uses() -> None:
    module = lowered(
        "using Amazon.S3; using static System.Math; using Map = System.Collections.Generic.Dictionary<string, int>;\n"
        "namespace Acme.Shop.Api; class C { }"
    )
    assert module.package == "Acme.Shop.Api"
    assert module.opened[:4] == ("Acme.Shop", "Acme", "Amazon.S3", "System.Math")
    assert "System.Threading.Tasks" in module.opened
    assert module.imports == (("Map", "System.Collections.Generic.Dictionary"),)


def test_a_namespace_may_have_braces_and_stand_in_another() -> None:
    module = lowered("namespace A { using B; namespace C.D { class E { } } }")
    assert (module.package, module.opened[:3]) == ("A.C.D", ("A", "A.C", "B"))
    assert module.locals == {"E"}


def test_statements_at_the_top_are_a_function_that_nothing_calls() -> None:
    module = lowered("using Amazon.S3;\nvar client = new AmazonS3Client();\nint Twice(int n) => n * 2;\nclass C { }")
    assert module.locals == {"C", MAIN}
    function = main_of("var client = new AmazonS3Client();\nint Twice(int n) => n * 2;\nawait Run(args);")
    assert shown(function.body) == ("Twice = (n: int) => {return (n * 2)}; client = new AmazonS3Client(); Run(args)")
    assert function.locals == {"args", "client", "Twice"}


# types


def test_types_stand_behind_their_bases() -> None:
    module = lowered("class A : B { } class B : C<int>, IX { } class C<T> { } interface IX { void M(); }")
    assert [shown(one.target) for one in module.body if isinstance(one, ir.Assign)] == ["IX", "C", "B", "A"]
    b = class_of("class B : N.C<int>, IX { }", "B")
    assert [shown(one) for one in b.bases] == ["N.C", "IX"]


def test_interfaces_and_abstract_classes_are_abstract() -> None:
    assert class_of("interface C { string Name { get; } void M(); int N() => 1; }").abstract
    assert class_of("abstract class C { public abstract void M(); }").abstract
    assert not class_of("sealed class C { }").abstract


def test_an_interface_has_the_methods_that_have_a_body() -> None:
    cls = class_of("interface C { string Name { get; } void M(); int N() => 1; }")
    assert [shown(one.target) for one in cls.body if isinstance(one, ir.Assign)] == ["N"]
    assert [(name, shown(of)) for name, of in cls.types] == [("Name", "string")]


def test_fields_and_properties_without_code_are_fields() -> None:
    cls = class_of(
        "class C { private readonly IAmazonS3 _s3 = new AmazonS3Client(), _other; public string Id { get; set; } = "
        '"a"; public Foo Later { get; } = null!; }'
    )
    assert [(shown(key), shown(value)) for key, value in cls.fields] == [
        ("'_s3'", "new AmazonS3Client()"), ("'Id'", "'a'"),
    ]  # fmt: skip
    declared = [("_s3", "IAmazonS3"), ("_other", "IAmazonS3"), ("Id", "string"), ("Later", "Foo")]
    assert [(name, shown(of)) for name, of in cls.types] == declared


def test_properties_with_code_are_accessors() -> None:
    cls = class_of("class C { string A => b; string D { get { return e; } set { e = value; } } static int F => 1; }")
    assert member(cls, "A").accessor and shown(member(cls, "A").body) == "return b"
    assert member(cls, "D").accessor
    assert shown(member(cls, "D.setter").body) == "e = value"
    assert names(member(cls, "D.setter")) == "(value: string)"
    assert member(cls, "F").receiver == "this"


def test_an_indexer_is_a_pair_of_methods() -> None:
    cls = class_of("class C { int this[string key] { get => a[key]; set { a[key] = value; } } }")
    assert shown(member(cls, "__getitem__").body) == "return a[key]"
    assert names(member(cls, "__setitem__")) == "(key: string, value: int)"


def test_static_fields_are_set_after_all_types_are_there() -> None:
    source = (
        'class C { const string Name = "t"; static readonly Repo Held = new Repo(Name); static Repo Other; '
        "static C() { Other = Held; } } class Repo { }"
    )
    cls = class_of(source)
    assert shown(member(cls, "Name")) == "'t'"
    assert shown(member(cls, "Held")) == shown(member(cls, "Other")) == "None"
    assert statics(cls) == "this.Held: Repo = new Repo(Name); this.<static constructor>()"
    assert shown(lowered(source).body[-1]) == "C.<static>()"


def test_static_members_are_set_after_those_that_they_mention() -> None:
    source = "class A { static int X = B.Y(); } class B { static int Z = Env(); static int Y() => Z; }"
    assert [shown(one) for one in lowered(source).body[2:]] == ["B.<static>()", "A.<static>()"]


def test_types_inside_of_a_type_are_its_members() -> None:
    cls = class_of("class C { class D { static int X = F(); } }")
    assert shown(member(cls, "D")) == "class D"
    assert statics(cls) == "this.D.<static>()"


def test_parts_of_a_partial_class_are_one_class() -> None:
    source = "partial class C { int A() => 1; } partial class C : B { int D() => 2; } class B { }"
    cls = class_of(source)
    assert [shown(member(cls, name).body) for name in ("A", "D")] == ["return 1", "return 2"]
    assert [shown(one) for one in cls.bases] == ["B"]


def test_an_enumeration_has_its_names_as_texts() -> None:
    cls = class_of("enum C { Red, Green = 2 }")
    assert [shown(member(cls, name)) for name in ("Red", "Green")] == ["'Red'", "'Green'"]


def test_attributes_stand_above_code_and_do_not_run() -> None:
    cls = class_of('[DynamoDBTableAttribute("t", LowerCamelCase = true)] class C { [LambdaFunction] void M() { } }')
    assert [shown(one) for one in cls.annotations] == ["DynamoDBTable('t', LowerCamelCase=True)"]
    assert [shown(one) for one in member(cls, "M").annotations] == ["LambdaFunction"]


def test_a_field_that_a_container_fills_in_is_supplied() -> None:
    cls = class_of("class C { [Inject] IStore Store { get; set; } [JsonIgnore] string Other { get; set; } }")
    assert [(name, shown(above), shown(of)) for name, above, of in cls.supplied] == [("Store", "Inject", "IStore")]


# constructors and methods


def test_constructors_are_overloads_that_call_one_another() -> None:
    cls = class_of("class C : B { C() : this(new S()) { } C(S s) { _s = s; } C(int n) : base(n, true) { } }")
    assert shown(member(cls, "constructor")) == (
        "() => {this.constructor(new S())} | (s: S) => {base(); _s = s} | (n: int) => {base(n, True)}"
    )


def test_the_parameters_of_a_primary_constructor_are_fields() -> None:
    cls = class_of("class C(IAmazonS3 s3, string t) : B(t) { private readonly Repo _repo = new(s3); }")
    assert shown(member(cls, "constructor").body) == (
        "this.s3 = s3; this.t = t; this._repo: Repo = new Repo(s3); base(t)"
    )
    assert [name for name, _ in cls.types] == ["s3", "t", "_repo"]
    assert not cls.fields


def test_a_record_has_its_parameters() -> None:
    cls = class_of('record C(string Name, [property: JsonPropertyName("a")] int Age);')
    assert shown(member(cls, "constructor").body) == "this.Name = Name; this.Age = Age"


def test_methods_say_what_they_take_and_give() -> None:
    method = member(
        class_of("class C { async Task<Foo?> M([FromServices] IAmazonS3 s3, int n = 1, params string[] rest) { } }"),
        "M",
    )
    assert names(method) == "(s3: IAmazonS3, n: int = 1, *rest: Array[string])"
    assert shown(method.parameters[0].decorators) == "FromServices"
    assert shown(method.returns) == "Task[Foo]"
    assert method.receiver == "this"


def test_methods_of_one_name_are_overloads() -> None:
    cls = class_of("class C { static int M() => 1; int M(string s) => 2; }")
    assert shown(member(cls, "M")) == "() => {return 1} | (s: string) => {return 2}"


def test_type_arguments_are_handed_on() -> None:
    method = member(class_of("class C { T Load<T>(string id) => context.LoadAsync<T>(id); }"), "Load")
    assert names(method) == "(id: string, <0>)"
    assert shown(method.body) == "T = <0>; return context.LoadAsync(id, <0>=T)"
    assert value_of("new Repo<User>(client)") == "new Repo(client, <Repo 0>=User)"


def test_objects_of_a_generic_class_know_their_types() -> None:
    cls = class_of("class C<T> : Base<T> { C(S s) { _s = s; } }")
    assert member(cls, "T").accessor and shown(member(cls, "T").body) == "return this.<C 0>"
    assert shown(member(cls, "<Base 0>").body) == "return T"
    assert "if <C 0> {this.<C 0> = <C 0>}" in shown(member(cls, "constructor").body)


def test_an_explicit_implementation_has_its_plain_name() -> None:
    assert shown(member(class_of("class C : IX { int IX.M(int n) => n; }"), "M").body) == "return n"


# expressions


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('"a\\n\\u0041"', "'a\\nA'"),
        ('@"a""b\\c"', "'a\"b\\\\c'"),
        ('"""a"b"""', "'a\"b'"),
        ('$"a{b}c{{}}"', "$('a' b 'c{}')"),
        ('$"{n:N2}"', "$(?(n))"),
        ('$@"a""{b}\\n"', "$('a\"' b '\\\\n')"),
        ('$$"""{"a": {{b}}}"""', "$('{\"a\": ' b '}')"),
        ("'c'", "'c'"),
        ("0x1F + 1_000L", "(31 + 1000)"),
        ("1.5m", "1.5"),
        ("-1", "-1"),
        ("a ?? b", "(a ?? b)"),
        ("a ?? throw new E()", "a"),
        ("a || b && !c", "(a or (b and not c))"),
        ("a ? b : c", "(a ? b : c)"),
        ("a ? b : throw new E()", "(a and b)"),
        ("a?.B?.C(d)[0]!.E", "a.B.C(d)[0].E"),
        ("await a.B().ConfigureAwait(false)", "a.B().ConfigureAwait(False)"),
        ("(T)a", "<T>a"),
        ("a as T", "<T>a"),
        ("typeof(N.T)", "N.T"),
        ("nameof(A.B)", "nameof(?(), <name>='B')"),
        ("default(T)", "None"),
        ("F(b: 1, ref c, out _)", "F(<address>(c, () => {return c}, (<written>) => {c = <written>}), ?(), b=1)"),
        ("global::N.T.F()", "N.T.F()"),
        ("(a, b: 2)", "[a, 2]"),
        ("new { a.B, c, D = 1 }", "{'B': a.B, 'c': c, 'D': 1}"),
        ("new[] { 1, 2 }", "[1, 2]"),
        ("new T[3]", "[]"),
        ("(x, y) => x + y", "(x, y) => {return (x + y)}"),
        ("async x => { await F(x); }", "(x) => {F(x)}"),
        ("delegate (int n) { return n; }", "(n: int) => {return n}"),
        ("a with { B = 1 }", "{nothing: a, 'B': 1}"),
        ("i++", "?((i := (i + 1)))"),
        ("b = c", "(b := c)"),
        ("b ??= c", "(b := (b ?? c))"),
    ],
)
def test_expressions(source: str, value: str) -> None:
    assert value_of(source) == value


def test_a_raw_string_loses_its_indentation() -> None:
    assert value_of('"""\n    a\n      b\n    """') == "'a\\n  b'"
    assert value_of('$"""\n    a {b}\n    c\n    """') == "$('a ' b '\\nc')"


def test_initialisers_write_members_elements_and_keys() -> None:
    assert value_of('new R(1) { A = x, B = { C = 1 }, D = { ["k"] = v } }') == (
        "new R(1) {'A': x, 'B': {'C': 1}, 'D': {'k': v}}"
    )
    assert value_of('new Dictionary<string, V> { ["a"] = new() { S = s }, { "b", new("t") } }') == (
        "new Dictionary() {'a': new V() {'S': s}, 'b': new V('t')}"
    )
    assert value_of("new List<V> { new(), y }") == "new List() {nothing: new V(), nothing: y}"


def test_new_is_of_the_declared_type() -> None:
    assert body_of("AmazonS3Client c = new(config);") == "c: AmazonS3Client = new AmazonS3Client(config)"
    assert body_of("V[] a = [new(1), ..b];") == "a: Array[V] = [new V(1), ..b]"
    cls = class_of(
        "class C { R _r; C() { _r = new(); } static Task<R> M() { return a ? new(1) : default; } R P => new(2); }"
    )
    assert shown(member(cls, "constructor").body) == "_r = new R()"
    assert shown(member(cls, "M").body) == "return (a ? new R(1) : None)"
    assert shown(member(cls, "P").body) == "return new R(2)"


def test_new_of_a_type_that_is_not_written_is_what_is_in_it() -> None:
    assert value_of('F(new() { TableName = t, Key = new() { ["id"] = new() { S = id } } })') == (
        "F({'TableName': t, 'Key': {'id': {'S': id}}})"
    )
    assert value_of("F(new(a))") == "F(?(a))"


def test_what_a_dictionary_gives_out_is_its_element() -> None:
    assert value_of('d.TryGetValue("k", out var v)') == "d.TryGetValue('k', (v := d['k']))"
    assert value_of("int.TryParse(s, out int n)") == (
        "int.TryParse(s, <address>((n := ?()), () => {return n}, (<written>) => {n: int = <written>}))"
    )


def test_queries_are_comprehensions() -> None:
    assert value_of("from a in b where a.C let d = a.E join f in g on a.H equals f.I orderby d select d.J") == (
        "[d.J for a in b for d in [a.E] for f in g if a.C; a.H; f.I; d]"
    )
    assert value_of("from a in b group a by a.C into g select g.Key") == (
        "[g.Key for g in [?(a, a.C) for a in b if ] if ]"
    )


def test_patterns_are_tests_that_declare() -> None:
    assert value_of("a is null") == "(a == None)"
    assert value_of('a is not "b"') == "not (a == 'b')"
    assert value_of("a is T t && t.B") == "(?((t := <T>a)) and t.B)"
    assert value_of("a is { B: 1, C: var d } e") == "((?(a) and (a.B == 1)) and (?((d := a.C)) and (e := a)))"
    assert value_of("F() is { } f") == "((<subject 1> := F()) and (?(<subject 1>) and (f := <subject 1>)))"


def test_a_switch_expression_is_a_chain_of_conditions() -> None:
    assert value_of('a switch { 1 => "x", T t when t.B => "y", _ => throw new E() }') == (
        "((a == 1) ? 'x' : (?((?((t := <T>a)) and t.B)) and 'y'))"
    )
    assert value_of("F() switch { 1 => x, _ => y }") == ("[(<subject 1> := F()), ((<subject 1> == 1) ? x : y)][1]")


# statements


@pytest.mark.parametrize(
    ("source", "statements"),
    [
        ("if (a) b(); else if (c) { d(); } else e();", "if a {b()} else {if c {d()} else {e()}}"),
        ("foreach (var x in y) { z(x); }", "loop x in <elements>(y) {z(x)}"),
        ("foreach (var (k, v) in y) z(k);", "loop (k, v) in <elements>(y) {z(k)}"),
        ("await foreach (var x in y) z(x);", "loop x in <elements>(y) {z(x)}"),
        ("for (int i = 0; i < n; i++) z(i);", "i: int = 0; loop nothing in nothing {(i := (i + 1)); (i < n); z(i)}"),
        ("while (a) { break; }", "loop nothing in nothing {jump}"),
        ("do { z(); } while (a.B);", "loop nothing in nothing {z(); a.B}"),
        ("using var a = new B(); a.C();", "a = new B(); a.C()"),
        ("using (var a = new B()) { a.C(); }", "a = new B(); a.C()"),
        ("lock (a.B) { c(); }", "a.B; c()"),
        ("try { a(); } catch (E e) when (e.F()) { b(e); } catch { c(); } finally { d(); }",
         "try {a()} catch e {e.F(); b(e)} catch nothing {c()} finally {d()}"),
        ("throw new E();", "throw new E()"),
        ("(int a, var b) = F();", "(a, b) = F()"),
        ("var (a, _) = F();", "(a, _) = F()"),
        ("a.B += c;", "a.B += c"),
        ("yield return a;", "yield a"),
        ("switch (a) { case 1: case 2: b(); break; case T t: c(t); return; default: d(); break; }",
         "if ((a == 1) or (a == 2)) {b()} else {if ?((t := <T>a)) {c(t); return nothing} else {d()}}"),
        ("switch (a.B) { case 1: if (c) break; d(); break; }",
         "(<subject 1> := a.B); if (<subject 1> == 1) {if c {} else {d()}} else {}"),
    ],
)  # fmt: skip
def test_statements(source: str, statements: str) -> None:
    assert body_of(source) == statements


def test_code_for_debugging_is_left_out() -> None:
    source = "#if DEBUG\na();\n#else\nb();\n#endif\n#if NET8_0\nc();\n#else\nd();\n#endif"
    assert body_of(f"x();\n{source}") == "x(); b(); c(); d()"


def test_what_a_program_of_one_file_says_of_its_packages_is_no_code() -> None:
    module = lowered("#:package Amazon.Lambda.Core@2.5.0\n#:property PublishAot=true\nusing Amazon.S3;\nrun();")
    assert not module.problems
    assert module.opened[0] == "Amazon.S3"


def test_conditions_inside_of_an_expression_are_decided() -> None:
    source = "builder\n#if NET8_0_OR_GREATER\n    .A()\n#else\n    .B()\n#endif\n    .C();"
    assert body_of(source) == "builder.A().C()"


def test_symbols_that_the_file_defines_decide_conditions() -> None:
    module = lower(b"#define X\nbuilder\n#if X\n    .A()\n#else\n    .B()\n#endif\n    .C();", "a.cs")
    assert not module.problems
    assert "'A'" in repr(module.body) and "'B'" not in repr(module.body)


def test_code_that_an_unknown_symbol_leaves_out_is_said() -> None:
    module = lower(b"builder\n#if MINE\n    .A()\n#endif\n    .C();", "a.cs")
    assert module.problems == (((3, 1), "#if may leave out this code; scopedown did not read it"),)


def test_calls_stand_where_their_method_does() -> None:
    call = main_of("await client\n    .PutItemAsync(r)\n    .ConfigureAwait(false);").body[0]
    assert isinstance(call, ir.ExprStmt) and isinstance(call.value, ir.Call)
    assert call.at == (1, 1)
    inner = call.value.function.object  # type: ignore[union-attr]
    assert inner.at == (2, 6)


# hostile input


def test_any_bytes_are_lowered() -> None:
    for source in (b"", b"\xff\xfe\x00{", b"class", b"class C { void M() { if (", b"}}}}", b"\xef\xbb\xbfclass C { }"):
        assert lower(source, "x.cs").language == "csharp"


def test_a_syntax_error_costs_only_what_it_stands_in() -> None:
    module = lowered("class C { void M() { a(); b( ; c(); } void N() { d(); } }")
    assert module.problems
    assert shown(member(class_of("class C { void M() { b( ; } void N() { d(); } }"), "N").body) == "d()"


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 3000 + "1" + ")" * 3000 + ";",
        "x = " + "f(" * 3000 + ")" * 3000 + ";",
        "x = " + " + ".join(["a"] * 5000) + ";",
        "x = a" + ".b()" * 5000 + ";",
        "{" * 3000 + "}" * 3000,
        "if (a) { }" + " else if (b) { }" * 3000,
        "x = a" + " ? b : a" * 2000 + ";",
        "x = " + "y => " * 2000 + "1;",
        "switch (a) {" + "".join(f"case {n}: f(); break;" for n in range(2000)) + "}",
        "x = a switch {" + ",".join(f"{n} => {n}" for n in range(2000)) + "};",
        "x = a is " + " or ".join(str(n) for n in range(2000)) + ";",
        "class C { " * 500 + "}" * 500,
        "namespace N { " * 500 + "}" * 500,
        "List<" * 2000 + "int" + ">" * 2000 + " x = new();",
        "x = a" + "?.b" * 2000 + ";",
        "x = " + '$"{' * 300 + "1" + '}"' * 300 + ";",
        "#if A\n" * 1000 + "f();\n" + "#endif\n" * 1000,
    ],
)
def test_deep_nesting_is_bounded(source: str) -> None:
    assert lowered(source).language == "csharp"
