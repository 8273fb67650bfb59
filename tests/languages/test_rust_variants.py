"""A ``match`` on an enumeration goes the way of the variant, where that is known; texts that types show."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.rust_programs import calls_of, program

TABLE = """
    enum Table { Users, Orders }
    impl Table {
        fn name(&self) -> &str { match self { Table::Users => "users", Table::Orders => "orders" } }
    }
    impl std::fmt::Display for Table {
        fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
            match self { Self::Users => write!(f, "app-{}", self.name()), Self::Orders => f.write_str("o") }
        }
    }
    """
COMMAND = """
    enum Command { Get(String), Put { id: String, hard: bool } }
    async fn carry_out(client: &Client, command: Command) -> Result<(), Error> {
        match command {
            Command::Get(id) => { client.get_item().table_name("a").send().await?; }
            Command::Put { id, hard: true } => { client.put_item().table_name("a").send().await?; }
            Command::Put { .. } => { client.update_item().table_name("a").send().await?; }
        }
        Ok(())
    }
    """
STATE = """
    enum State { First, Second, Third }
    async fn step(client: &Client, state: State) -> Result<State, Error> {
        match state {
            State::First => { client.get_item().table_name("a").send().await?; Ok(State::Second) }
            State::Second => { client.put_item().table_name("a").send().await?; Ok(State::Third) }
            State::Third => Ok(State::Third),
        }
    }
    """


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Table::Users.name()", "users"),
        ("Table::Users.to_string()", "app-users"),
        ('format!("{}-x", Table::Orders)', "o-x"),
    ],
)
def test_the_name_of_a_variant(text: str, name: str, tmp_path: Path) -> None:
    body = f"client.scan().table_name({text}).send().await?;"
    assert calls_of(tmp_path, program(body, beside=TABLE)) == [f"dynamodb.Scan TableName={name}"]


@pytest.mark.parametrize(
    ("given", "operations"),
    [
        ('Command::Get("x".into())', ["GetItem"]),
        ('Command::Put { id: "x".into(), hard: flag() }', ["PutItem", "UpdateItem"]),
        ("serde_json::from_value(event.payload)?", ["GetItem", "PutItem", "UpdateItem"]),
    ],
)
def test_only_what_the_variant_leads_to(given: str, operations: list[str], tmp_path: Path) -> None:
    found = calls_of(tmp_path, program(f"carry_out(client, {given}).await?;", beside=COMMAND))
    assert [one.split()[0].removeprefix("dynamodb.") for one in found] == operations


def test_a_state_that_changes_in_a_loop_may_be_any(tmp_path: Path) -> None:
    body = "let mut state = State::First;\nloop { state = step(client, state).await?; }"
    found = calls_of(tmp_path, program(body, beside=STATE))
    assert [one.split()[0] for one in found] == ["dynamodb.GetItem", "dynamodb.PutItem"]


def test_the_environment_as_a_map(tmp_path: Path) -> None:
    body = """
        let all: std::collections::HashMap<String, String> = std::env::vars().collect();
        client.scan().table_name(all.get("T").unwrap()).send().await?;
        """
    assert calls_of(tmp_path, program(body)) == ["dynamodb.Scan TableName=${env:T}"]
