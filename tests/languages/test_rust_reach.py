"""Ways in which code of Rust reaches what stands in another file, in a lock, or in another type."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from languages.rust_programs import calls_of, program

ALL = (
    'use aws_sdk_dynamodb::Client;\npub async fn all(c: &Client) { c.scan().table_name("a").send().await.unwrap(); }\n'
)
FOUND = ["dynamodb.Scan TableName=a"]


@pytest.mark.parametrize(
    ("body", "beside", "files"),
    [
        (
            "shared_code::all(client).await;",
            "",
            {
                "Cargo.toml": '[package]\nname = "app"\n[dependencies]\nshared = { path = "shared" }\n',
                "shared/Cargo.toml": '[package]\nname = "shared"\n[lib]\nname = "shared_code"\n',
                "shared/src/lib.rs": ALL,
            },
        ),
        ("all(client).await;", 'include!("all.inc");', {"src/all.inc": ALL.partition("\n")[2]}),
        (
            "client.all().await;",
            "mod further;\nuse further::Further as _;",
            {
                "src/further.rs": "pub trait Further { async fn all(&self); }\n"
                "impl Further for aws_sdk_dynamodb::Client {\n"
                '    async fn all(&self) { self.scan().table_name("a").send().await.unwrap(); }\n}\n'
            },
        ),
        (
            "store.all().await;",
            "mod reads;\nuse reads::Reads as _;\nstruct Store { client: Client }",
            {
                "src/reads.rs": "pub trait Reads { async fn all(&self); }\n"
                "impl Reads for crate::Store {\n"
                '    async fn all(&self) { self.client.scan().table_name("a").send().await.unwrap(); }\n}\n'
            },
        ),
        (
            "store.all().await;",
            """
            struct Store { client: Client }
            trait Has { fn client(&self) -> &Client; }
            impl Has for Store { fn client(&self) -> &Client { &self.client } }
            trait Reads { async fn all(&self); }
            impl<T: Has> Reads for T {
                async fn all(&self) { self.client().scan().table_name("a").send().await.unwrap(); }
            }
            """,
            {},
        ),
        (
            "*SLOT.write().await = Some(client.clone());\n"
            'SLOT.read().await.as_ref().unwrap().scan().table_name("a").send().await?;',
            "static SLOT: tokio::sync::RwLock<Option<Client>> = tokio::sync::RwLock::const_new(None);",
            {},
        ),
        (
            'let name = Some("a").map(str::to_string);\n'
            "Some(client).filter(|_| true).unwrap().scan().table_name(name.unwrap()).send().await?;",
            "",
            {},
        ),
    ],
)
def test_the_call_is_found(body: str, beside: str, files: Mapping[str, str], tmp_path: Path) -> None:
    if body.startswith("store"):
        body = f"let store = Store {{ client: client.clone() }};\n{body}"
    assert calls_of(tmp_path, program(body, beside=beside), files) == FOUND
