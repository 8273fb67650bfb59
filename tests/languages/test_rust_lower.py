"""Rust's lowering: what its syntax is in the intermediate form."""

from __future__ import annotations

import pytest

from scopedown.languages.rust.lower import lower
from scopedown.source import ir


def module(source: str) -> ir.Module:
    return lower(source.encode(), "src/main.rs")


def assigned(source: str) -> dict[str, ir.Expr]:
    """What a file assigns at its top level, by the target as it is written."""
    return {written(one.target): one.value for one in module(source).body if isinstance(one, ir.Assign)}


def function(source: str, name: str = "f") -> ir.Function:
    made = assigned(source)[name]
    assert isinstance(made, ir.Lambda)
    return made.function


def last(source: str) -> ir.Expr:
    """The value of the last expression of a function's body."""
    statement = function(f"fn f(a: A, b: B) {{ {source} }}").body[-1]
    assert isinstance(statement, ir.Return)
    assert statement.value is not None
    return statement.value


def written(node: ir.Expr | ir.Target) -> str:
    match node:
        case ir.Name(id=name):
            return name
        case ir.Attr(object=owner, name=name):
            return f"{written(owner)}.{name}"
        case ir.Call(function=called, positional=given):
            return f"{written(called)}({', '.join(map(written, given))})"
        case ir.Const(value=value):
            return repr(value)
        case ir.Template(parts=parts):
            return "+".join(map(written, parts))
        case ir.ListExpr(items=items):
            return f"[{', '.join(map(written, items))}]"
        case ir.ObjectExpr(entries=entries):
            return "{" + ", ".join(f"{written(key)}: {written(value)}" for key, value in entries if key) + "}"
        case ir.Op(operator=operator, operands=operands):
            return f"({operator} {' '.join(map(written, operands))})"
        case ir.Index(object=owner, index=index):
            return f"{written(owner)}[{written(index)}]"
        case _:
            return type(node).__name__


def statements(source: str) -> list[str]:
    """The statements of a function's body in short."""
    found = []
    for one in function(f"fn f(a: A, b: B) {{ {source} }}").body:
        match one:
            case ir.Assign(target=target, value=value):
                found.append(f"{written(target)} = {written(value)}")
            case ir.ExprStmt(value=value):
                found.append(written(value))
            case ir.Return(value=value):
                found.append(f"return {written(value) if value else ''}")
            case _:
                found.append(type(one).__name__)
    return found


def test_methods_are_members_of_their_type() -> None:
    found = assigned(
        "struct S; impl S { fn new() -> Self { S } fn get(&self, k: u8) -> u8 { self.k } const K: u8 = 1; }"
    )
    assert list(found) == ["S", "S.new", "S.get", "S.K"]
    new, get = found["S.new"], found["S.get"]
    assert isinstance(new, ir.Lambda)
    assert isinstance(get, ir.Lambda)
    assert (new.function.receiver, get.function.receiver) == ("none", "first")
    assert [one.name for one in get.function.parameters] == ["self", "k"]


def test_a_type_derives_from_the_traits_that_it_implements() -> None:
    found = assigned("impl Store for S {} struct S { client: Client } impl Debug for S {} trait Store {}")
    store, made = found["Store"], found["S"]
    assert isinstance(store, ir.ClassExpr)
    assert store.definition.abstract
    assert isinstance(made, ir.ClassExpr)
    assert [written(base) for base in made.definition.bases] == ["Store"]
    assert [(name, written(note)) for name, note in made.definition.types] == [("client", "Client")]


def test_a_trait_for_a_type_of_another_file_is_told_when_the_file_runs() -> None:
    told = module("use crate::S; impl crate::Store for S { fn get(&self) {} }").body
    assert isinstance(told[0], ir.ExprStmt)
    assert written(told[0].value) == "<implements>(S, crate::Store)"


def test_variants_are_members_of_their_enumeration() -> None:
    found = assigned("enum E { A, B(u8, Client), C { x: Client } }")
    assert list(found) == ["E", "E.A", "E.B", "E.C"]
    assert isinstance(found["E.A"], ir.Call)
    assert found["E.A"].new


def test_a_struct_literal_initialises_an_object() -> None:
    made = last("S { a, b: 1, ..c }")
    assert isinstance(made, ir.Initialised)
    keys = [written(key) if key is not None else written(value.value) for key, value in made.entries]  # type: ignore[union-attr]
    assert keys == ["c", "'a'", "'b'"]


def test_await_question_marks_references_and_results_are_transparent() -> None:
    assert written(last("Ok(&mut a.b().await?.c)")) == "a.b().c"
    assert written(last("*Some((a as &T))")) == "a"
    assert statements("return Ok(());") == ["return None"]


def test_a_call_on_a_later_line_stands_there() -> None:
    made = last("a\n  .b()\n  .c()")
    assert isinstance(made, ir.Call)
    assert (made.at[0], made.function.object.at[0]) == (3, 2)  # type: ignore[union-attr]


def test_use_trees_are_imports() -> None:
    found = module("use a::{b::{self, C as D}, e::*, F}; use super::G; mod store; pub use store::Store; use crate::H;")
    assert dict(found.imports) == {
        "b": "a.b", "D": "a.b.C", "F": "a.F", "G": "super.G", "store": "self.store", "Store": "self.store.Store",
        "H": "crate.H",
    }  # fmt: skip
    assert found.opened == ("a.e",)


def test_a_path_out_of_the_file_is_one_name() -> None:
    found = module("mod store; use crate::util; fn f() { store::Store::new(util::table()); std::env::var(x) }")
    assert {
        "store::Store": "self.store.Store",
        "util::table": "crate.util.table",
        "std::env::var": "std.env.var",
    }.items() <= dict(found.imports).items()
    body = function("mod store; use crate::util; fn f() { store::Store::new(util::table()); std::env::var(x) }").body
    assert isinstance(body[0], ir.ExprStmt)
    assert written(body[0].value) == "store::Store.new(util::table())"


def test_items_of_an_inner_module_have_its_name_before_them() -> None:
    source = (
        "mod config { pub fn load() { helper() } fn helper() {} use super::T; fn t() { T } } "
        "fn f() { config::load() } struct T;"
    )
    found = assigned(source)
    assert {"config::load", "config::helper", "f", "T"} <= set(found)
    body = function(source, "config::load").body
    assert isinstance(body[0], ir.Return)
    assert written(body[0].value) == "config::helper()"  # type: ignore[arg-type]
    assert written(function(source, "config::t").body[0].value) == "T"  # type: ignore[union-attr, arg-type]
    assert module(source).imports == ()


def test_tests_are_left_out() -> None:
    assert list(assigned("#[cfg(test)] mod t { fn g() {} } #[tokio::test] async fn u() {} fn f() {}")) == ["f"]


def test_a_match_is_a_chain_of_ifs_that_bind() -> None:
    body = function('fn f(k: K) -> V { match k { "a" => one(), Some(x) if x > 1 => two(x), _ => return 3 } }').body
    first = body[0]
    assert isinstance(first, ir.If)
    assert written(first.test) == "(== k 'a')"
    assert isinstance(first.then[0], ir.Return)
    bound, second = first.otherwise
    assert isinstance(bound, ir.Assign)
    assert written(bound.target) == "x"
    assert isinstance(second, ir.If)


def test_a_match_in_an_argument_comes_before_the_call() -> None:
    assert statements("g(match a { A => 1, _ => h() })") == ["If", "return g(<value 1>)"]


def test_if_let_and_let_else_bind() -> None:
    assert statements("if let Some(c) = a { c.d(); }") == ["If"]
    assert statements("let Some(c) = a else { return; }; c.d()") == ["If", "c = a", "return c.d()"]


def test_an_inner_block_hides_names() -> None:
    assert statements("let x = 1; { let x = 2; g(x); } h(x)") == ["x = 1", "x'1 = 2", "g(x'1)", "return h(x)"]


def test_a_loop_gives_what_breaks_it() -> None:
    body = function("fn f() { let x = loop { if a { break b; } }; g(x) }").body
    loop = body[0]
    assert isinstance(loop, ir.Loop)
    assert isinstance(branch := loop.body[0], ir.If)
    assert isinstance(branch.then[0], ir.Assign)


def test_a_for_loop_binds_its_pattern() -> None:
    loop = function("fn f() { for (i, x) in v.iter().enumerate() { g(x); } }").body[0]
    assert isinstance(loop, ir.Loop)
    assert [written(one.target) for one in loop.body if isinstance(one, ir.Assign)] == ["i", "x"]


def test_an_async_block_runs_where_it_is_made() -> None:
    made = last("spawn(async move { a.b().await; return 1; })")
    assert isinstance(made, ir.Call)
    assert isinstance(made.positional[0], ir.Call)
    assert isinstance(made.positional[0].function, ir.Lambda)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('format!("{a}-{}-{0}-{x:?}", b, x = 1)', "a+'-'+b+'-'+b+'-'+1"),
        ('format!("{{{}}}", a)', "'{'+a+'}'"),
        ("vec![a, b]", "[a, b]"),
        ("vec![a; 2]", "(* [a] 2)"),
        ('json!({ "k": a.b(), "l": [1, null, { "m": b }] })', "{'k': a.b(), 'l': [1, None, {'m': b}]}"),
        ("json!(a)", "a"),
        ("tokio::try_join!(a.b(), b.c())?", "[a.b(), b.c()]"),
        ('concat!("a", "b")', "'a'+'b'"),
        ("dbg!(a.b())", "a.b()"),
    ],
)
def test_macros_that_are_known(source: str, expected: str) -> None:
    assert written(last(source)) == expected


def test_arguments_of_other_macros_are_evaluated() -> None:
    made = last('info!(key = %a.b(), "text {}", c(format!("{}", d())))')
    assert isinstance(made, ir.Opaque)
    assert [written(child) for child in made.children] == ["a.b()", "'text {}'", "c(d())"]
    assert statements("tokio::select! { x = a.b() => { c(x) } _ = d() => {} }")[0] == "x = a.b()"


def test_statics_of_macros_are_made_when_they_are_needed() -> None:
    found = assigned("lazy_static! { static ref X: Client = make(); } thread_local! { static Y: Client = make(); }")
    assert (written(found["X"]), written(found["Y"])) == ("<lazy>(Lambda)", "make()")


def test_constants_come_in_the_order_in_which_they_need_each_other() -> None:
    assert list(assigned("const A: u8 = B + 1; const B: u8 = g(); fn g() -> u8 { 1 }")) == ["g", "B", "A"]


def test_declared_types_are_what_is_inside_of_wrappers() -> None:
    parameters = function(
        "fn f<T: Store + Send>(a: &Arc<Mutex<Box<dyn Store + Send>>>, b: T, c: Option<&'static str>, d: Vec<Client>) {}"
    ).parameters
    assert [written(one.annotation) if one.annotation else None for one in parameters] == [
        "Store", "Store", None, "Vec[Client]",
    ]  # fmt: skip


def test_an_alias_stands_for_its_type() -> None:
    source = "type Db = Arc<aws_sdk_dynamodb::Client>; fn f(a: Db) {}"
    note = function(source).parameters[0].annotation
    assert note is not None
    assert written(note) == "aws_sdk_dynamodb::Client"
    assert dict(module(source).imports)["aws_sdk_dynamodb::Client"] == "aws_sdk_dynamodb.Client"


def test_a_syntax_error_costs_what_it_stands_in_alone() -> None:
    found = module("fn f() { a( ] } fn g() { b() }")
    assert found.problems
    assert "g" in found.locals


@pytest.mark.parametrize(
    "source",
    [
        "fn f(){" + "(" * 3000 + ")" * 3000 + "}",
        "fn f(){x" + ".a()" * 5000 + "}",
        "fn f(){" + "if a { 1 } else " * 2000 + "{ 2 } }",
        "fn f(){" + "{" * 3000 + "}" * 3000 + "}",
        "fn f(){" + "a!(" * 300 + ")" * 300 + "}",
        "fn f(){let y = " + "if a { g(" * 300 + "1" + ") } else { 1 }" * 300 + "; }",
        "mod a {" * 1000 + "}" * 1000,
        "type A = " + "Box<" * 1000 + "A" + ">" * 1000 + "; fn f(a: A) {}",
        "use a::{" * 1000 + "}" * 1000 + ";",
        "fn f() { let " + "(" * 1000 + "x" + ")" * 1000 + " = y; }",
        "\0\xff fn",
    ],
)
def test_deep_nesting_is_bounded(source: str) -> None:
    assert lower(source.encode("utf-8", "replace"), "x.rs").language == "rust"
