"""Macros that a program defines are replaced by what they make."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.rust_programs import calls_of, program
from scopedown.languages.rust.expansion import expand, rule
from scopedown.languages.rust.lower import lower

MAIN = """
    use lambda_runtime::{run, service_fn, Error, LambdaEvent};
    async fn handle(event: LambdaEvent<Value>) -> Result<(), Error> {
        tables().scan().table_name(must!("T")).send().await?;
        Ok(())
    }
    start!(handle, tables = aws_sdk_dynamodb::Client);
    """
MACROS = """
    macro_rules! must { ($name:literal) => { std::env::var($name).expect("missing") }; }
    #[macro_export]
    macro_rules! start {
        ($handler:ident $(, $name:ident = $client:ty)* $(,)?) => {
            $(
                pub fn $name() -> $client {
                    static CLIENT: std::sync::OnceLock<$client> = std::sync::OnceLock::new();
                    CLIENT.get_or_init(|| <$client>::new(CONFIG.get().unwrap())).clone()
                }
            )*
            static CONFIG: std::sync::OnceLock<aws_config::SdkConfig> = std::sync::OnceLock::new();
            #[tokio::main]
            async fn main() -> Result<(), Error> {
                CONFIG.set(aws_config::load_from_env().await).unwrap();
                run(service_fn($handler)).await
            }
        };
    }
    """


def test_a_program_whose_main_a_macro_makes(tmp_path: Path) -> None:
    assert calls_of(tmp_path, MACROS + MAIN) == ["dynamodb.Scan TableName=${env:T}"]


def test_macros_of_another_file(tmp_path: Path) -> None:
    files = {"src/macros.rs": MACROS}
    assert calls_of(tmp_path, "#[macro_use]\nmod macros;\n" + MAIN, files) == ["dynamodb.Scan TableName=${env:T}"]


def test_macros_of_another_crate_name_its_items(tmp_path: Path) -> None:
    files = {
        "Cargo.toml": '[package]\nname = "app"\n[dependencies]\ncommon = { path = "common" }\n',
        "common/Cargo.toml": '[package]\nname = "common"\n',
        "common/src/lib.rs": """
            pub fn table() -> String { std::env::var("T").unwrap() }
            #[macro_export]
            macro_rules! scan { ($client:expr) => { $client.scan().table_name($crate::table()).send().await? }; }
            """,
    }
    assert calls_of(tmp_path, program("common::scan!(client);"), files) == ["dynamodb.Scan TableName=${env:T}"]


def test_a_statement_macro_binds_the_name_that_it_is_given(tmp_path: Path) -> None:
    beside = 'macro_rules! bind { ($name:ident) => { let $name = "a"; }; }'
    body = "bind!(table);\nclient.scan().table_name(table).send().await?;"
    assert calls_of(tmp_path, program(body, beside=beside)) == ["dynamodb.Scan TableName=a"]


@pytest.mark.parametrize(
    ("pattern", "body", "given", "expected"),
    [
        ("($a:expr, $b:ty)", "{ <$b>::f($a) }", "x + 1, Vec<A, B>", "<Vec<A, B>>::f((x + 1))"),
        ("($($k:expr => $v:expr),* $(,)?)", "{ $(p($k, $v);)* }", "a => f(1), b => 3,", "p(a, (f(1)));p(b, 3);"),
        ("($v:vis fn $n:ident)", "{ $v struct $n; }", "pub(crate) fn A", "pub(crate) struct A;"),
        ("(async $n:ident)", "{ $n }", "sync f", None),
        ("($($t:tt)*)", "{ f($($t)*) }", "a, 'x', \"y\"", "f(a, 'x', \"y\")"),
        ("($a:ident)", "{ $crate::f($a) }", "x", "crate::f(x)"),
    ],
)  # fmt: skip
def test_what_a_rule_makes(pattern: str, body: str, given: str, expected: str | None) -> None:
    made = expand([rule(pattern, body)], given)
    assert (None if made is None else "".join(made.split())) == (
        None if expected is None else "".join(expected.split())
    )


@pytest.mark.parametrize(
    "source",
    [
        "macro_rules! m { () => { m!() }; }\nfn f() { m!(); }",
        "macro_rules! m { ($($t:tt)*) => { m!($($t)* $($t)*); m!($($t)*) }; }\nm!(a);\nfn f() { let x = m!(b); }",
        "macro_rules! m { ($($t:tt)*) => { $($t)* $($t)* }; }\nfn f() { m!(m!(m!(m!(x)))) }",
        "macro_rules! m { ($(",
        "macro_rules! m { () => { fn } }\nm!();\nfn f() { m!() }",
        "macro_rules! m { ($($(",
    ],
)
def test_macros_that_never_end_or_make_no_sense_are_left(source: str) -> None:
    assert lower(source.encode(), "main.rs").language == "rust"


def test_a_crate_that_makes_main_calls_the_functions_with_its_attribute(tmp_path: Path) -> None:
    source = """
        mod operations;
        lambda_appsync::appsync_lambda_main!("schema.gql", tables() -> aws_sdk_dynamodb::Client);
        """
    files = {
        "src/operations.rs": """
            use lambda_appsync::appsync_operation;
            #[appsync_operation(query(players))]
            pub async fn players() -> Result<Vec<Player>, Error> {
                crate::tables().scan().table_name("a").send().await?;
                Ok(vec![])
            }
            pub async fn unused() { crate::tables().scan().table_name("b").send().await; }
            """
    }
    assert calls_of(tmp_path, source, files) == ["dynamodb.Scan TableName=a"]


def test_a_list_of_pairs_is_the_map_that_a_request_takes(tmp_path: Path) -> None:
    body = 'client.batch_write_item().set_request_items(Some([("a".to_string(), vec![])].into())).send().await?;'
    assert calls_of(tmp_path, program(body)) == ["dynamodb.BatchWriteItem RequestItems={a:[]}"]
