"""Rusoto in small programs, and requests that are made of what others gave."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.rust_programs import calls_of, program

RUSOTO = """
use lambda_runtime::{{service_fn, Error, LambdaEvent}};
use rusoto_core::Region;
use rusoto_dynamodb::{{AttributeValue, DynamoDb, DynamoDbClient, GetItemInput, PutItemInput}};
use serde_json::Value;
use std::collections::HashMap;

{beside}

async fn handle(event: LambdaEvent<Value>) -> Result<(), Error> {{
    let client = DynamoDbClient::new(Region::default());
    {body}
    Ok(())
}}

#[tokio::main]
async fn main() -> Result<(), Error> {{
    lambda_runtime::run(service_fn(handle)).await
}}
"""


@pytest.mark.parametrize(
    ("body", "beside", "expected"),
    [
        (
            'client.get_item(GetItemInput { table_name: "a".to_string(), ..Default::default() }).await?;',
            "",
            ["dynamodb.GetItem TableName=a"],
        ),
        (
            "let mut item = HashMap::new();\n"
            'item.insert("id".to_string(), AttributeValue { s: Some("x".to_string()), ..Default::default() });\n'
            'let input = PutItemInput { item, table_name: std::env::var("T")?, ..Default::default() };\n'
            "client.put_item(input).await?;",
            "",
            ["dynamodb.PutItem Item={id:{S:x}} TableName=${env:T}"],
        ),
        (
            'let client = DynamoDbClient::new(Region::EuWest1);\nclient.delete_table(input).await?;',
            "",
            ["dynamodb.DeleteTable TableName=* *=* $region=eu-west-1"],
        ),
        (
            'Store { client: Box::new(client) }.get("a").await?;',
            "struct Store { client: Box<dyn DynamoDb> }\n"
            "impl Store {\n"
            "    async fn get(&self, table: &str) -> Result<(), Error> {\n"
            "        let mut input = GetItemInput::default();\n"
            "        input.table_name = table.into();\n"
            "        self.client.get_item(input).await?;\n"
            "        Ok(())\n"
            "    }\n"
            "}",
            ["dynamodb.GetItem TableName=a"],
        ),
        (
            'rusoto_s3::S3Client::new(Region::default())\n'
            '    .put_object(rusoto_s3::PutObjectRequest { bucket: "b".into(), ..Default::default() }).await?;',
            "",
            ["s3.PutObject Bucket=b"],
        ),
    ],
)  # fmt: skip
def test_rusotos_clients_take_structures(body: str, beside: str, expected: list[str], tmp_path: Path) -> None:
    assert calls_of(tmp_path, RUSOTO.format(body=body, beside=beside)) == expected


def test_what_a_batch_gives_back_is_what_it_was_given(tmp_path: Path) -> None:
    body = """
let mut left = HashMap::from([("a".to_string(), vec![WriteRequest::builder().build()])]);
while !left.is_empty() {
    let given = client.batch_write_item().set_request_items(Some(left)).send().await?;
    left = given.unprocessed_items.unwrap_or_default();
}
"""
    source = program(body, beside="use std::collections::HashMap;")
    assert calls_of(tmp_path, source) == ["dynamodb.BatchWriteItem RequestItems={a:[{}]}"]
