"""Names that reach a call by structures of the environment, conversions and derived builders."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.rust_programs import calls_of, program

FILLED = "#[derive(serde::Deserialize)]\nstruct Settings { table_name: String }"
SCAN = "client.scan().table_name(settings.table_name).send().await?;"


@pytest.mark.parametrize(
    ("beside", "made", "variable"),
    [
        (FILLED, "let settings = envy::from_env::<Settings>()?;", "TABLE_NAME"),
        (FILLED, 'let settings: Settings = envy::prefixed("APP_").from_env().unwrap();', "APP_TABLE_NAME"),
        (
            FILLED,
            'let source = config::Environment::with_prefix("APP");\n'
            "let built = config::Config::builder().add_source(source).build()?;\n"
            "let settings: Settings = built.try_deserialize()?;",
            "APP_TABLE_NAME",
        ),
        (
            FILLED + "\nfn load() -> Result<Settings, Error> { envy::from_env().map_err(|e| e.into()) }",
            "let settings = load()?;",
            "TABLE_NAME",
        ),
        (
            '#[derive(clap::Parser)]\nstruct Settings { #[arg(long, env = "TABLE")] table_name: String }',
            "let settings = Settings::parse();",
            "TABLE",
        ),
        (
            "#[derive(Parser)]\nstruct Settings { #[clap(short, env)] table_name: String }",
            "let settings = Settings::parse();",
            "TABLE_NAME",
        ),
        (
            '#[derive(Envconfig)]\nstruct Settings { #[envconfig(from = "TABLE")] table_name: String }',
            "let settings = Settings::init_from_env()?;",
            "TABLE",
        ),
        (
            "struct Settings { table_name: String }\n"
            "impl From<String> for Settings { fn from(name: String) -> Self { Settings { table_name: name } } }",
            'let settings: Settings = std::env::var("TABLE")?.into();',
            "TABLE",
        ),
    ],
)
def test_a_structure_that_is_filled_from_the_environment(beside: str, made: str, variable: str, tmp_path: Path) -> None:
    assert calls_of(tmp_path, program(f"{made}\n{SCAN}", beside=beside)) == [
        f"dynamodb.Scan TableName=${{env:{variable}}}"
    ]


def test_the_builder_that_derive_builder_makes(tmp_path: Path) -> None:
    beside = """
        #[derive(Builder)]
        struct Query { client: Client, table: String }
        impl Query {
            async fn run(&self) -> Result<(), Error> {
                self.client.scan().table_name(&self.table).send().await?;
                Ok(())
            }
        }
        """
    body = 'QueryBuilder::default().client(client.clone()).table("a".into()).build()?.run().await?;'
    assert calls_of(tmp_path, program(body, beside=beside)) == ["dynamodb.Scan TableName=a"]


def test_functions_of_one_name_for_other_features_may_both_be_meant(tmp_path: Path) -> None:
    beside = """
        #[cfg(feature = "b")]
        fn name() -> &'static str { "b" }
        #[cfg(not(feature = "b"))]
        fn name() -> &'static str { "a" }
        """
    found = calls_of(tmp_path, program("client.scan().table_name(name()).send().await?;", beside=beside))
    assert found in (["dynamodb.Scan TableName=b|a"], ["dynamodb.Scan TableName=a|b"])


def test_the_macro_that_started_handlers_before(tmp_path: Path) -> None:
    source = """
        #[macro_use]
        extern crate lambda_runtime as lambda;
        use aws_sdk_dynamodb::Client;
        fn main() { lambda!(handle); }
        fn handle(event: Event, _: lambda::Context) -> Result<(), Error> {
            let client = Client::new(&aws_config::load_from_env());
            client.scan().table_name("a").send();
            Ok(())
        }
        """
    assert calls_of(tmp_path, source) == ["dynamodb.Scan TableName=a"]
