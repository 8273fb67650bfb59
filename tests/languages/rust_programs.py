"""Small programs in Rust, and the calls that are found in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from calls.conftest import words
from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources


def report_of(folder: Path, source: str, files: Mapping[str, str] | None = None) -> CallReport:
    """The report of a program: ``source`` is ``src/main.rs``, ``files`` are further ones."""
    given = {"Cargo.toml": '[package]\nname = "app"\n', "src/main.rs": source, **(files or {})}
    for name, text in given.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return find_calls(Sources(str(folder)), catalog(), {}, "src/main.rs", "main")


def calls_of(folder: Path, source: str, files: Mapping[str, str] | None = None) -> list[str]:
    """Its calls."""
    return [words(call) for call in report_of(folder, source, files).calls]


def unseen_of(folder: Path, source: str, files: Mapping[str, str] | None = None) -> list[str]:
    """What of it was not seen."""
    return [one.what for one in report_of(folder, source, files).unseen]


def program(body: str, service: str = "dynamodb", beside: str = "", before: str = "") -> str:
    """A program whose handler has this body, with a client of a service; ``beside`` are further items, ``before`` is
    what ``main`` does first."""
    return f"""
use aws_config::BehaviorVersion;
use aws_sdk_{service}::{{types::*, Client}};
use lambda_runtime::{{run, service_fn, Error, LambdaEvent}};
use serde_json::{{json, Value}};

{dedent(beside)}

async fn handle(client: &Client, event: LambdaEvent<Value>) -> Result<Value, Error> {{
{dedent(body)}
    Ok(json!({{ "ok": true }}))
}}

#[tokio::main]
async fn main() -> Result<(), Error> {{
{dedent(before)}
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let client = Client::new(&config);
    run(service_fn(|event: LambdaEvent<Value>| handle(&client, event))).await
}}
"""
