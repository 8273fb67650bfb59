"""An operation that a method reference gives to code which calls it: with what, nobody sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages import csharp_programs, java_programs, kotlin_programs

_JAVA = """
package com.acme;

import com.amazonaws.services.lambda.runtime.*;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.dynamodbv2.*;
import com.amazonaws.services.dynamodbv2.datamodeling.*;
import software.amazon.awssdk.enhanced.dynamodb.*;
import software.amazon.awssdk.services.sns.SnsClient;
import org.retry.Retry;

public class App implements RequestHandler<SQSEvent, Void> {
    private final SnsClient sns = SnsClient.create();
    private final DynamoDBMapper mapper = new DynamoDBMapper(AmazonDynamoDBClientBuilder.defaultClient());
    private final DynamoDbTable<Item> table =
        DynamoDbEnhancedClient.create().table("items", TableSchema.fromBean(Item.class));

    public Void handleRequest(SQSEvent event, Context context) {
        %s
        return null;
    }
}

class Item { void save() { SnsClient.create().listTopics(); } }
"""


@pytest.mark.parametrize(
    ("body", "called"),
    [
        ("event.getRecords().stream().map(x -> x).forEach(sns::publish);", "sns.Publish"),
        ("event.getRecords().forEach(table::putItem);", "dynamodb.PutItem"),
        ("event.getRecords().forEach(mapper::save);", "dynamodb.UpdateItem"),
        ("Retry.run(sns::deleteTopic);", "sns.DeleteTopic"),
        ("event.getRecords().stream().forEach(Item::save);", "sns.ListTopics"),
    ],
)
def test_java(tmp_path: Path, body: str, called: str) -> None:
    found = java_programs.report_of(tmp_path, {"App.java": _JAVA % body})
    assert called in [f"{call.service}.{call.operation}" for call in found.calls]


@pytest.mark.parametrize("body", ["event.forEach(sns::publish)", "event.map { it }.map(sns::publish)"])
@pytest.mark.parametrize(
    ("made", "packages"),
    [
        ("SnsClient.create()", ("software.amazon.awssdk.services.sns.SnsClient",)),
        (
            "AmazonSNSClientBuilder.defaultClient()",
            ("com.amazonaws.services.sns.*", "com.amazonaws.services.sns.model.*"),
        ),
    ],
)
def test_kotlin(tmp_path: Path, body: str, made: str, packages: tuple[str, ...]) -> None:
    lines = "\n".join(f"import {one}" for one in ("com.amazonaws.services.lambda.runtime.*", *packages))
    source = f"""package com.acme
{lines}
class Handler : RequestHandler<List<String>, String> {{
    private val sns = {made}
    override fun handleRequest(event: List<String>, context: Context): String {{
        {body}
        return ""
    }}
}}
"""
    found = kotlin_programs.report_of(tmp_path, source)
    assert [f"{call.service}.{call.operation}" for call in found.calls] == ["sns.Publish"]


def test_csharp(tmp_path: Path) -> None:
    members = "private readonly DataModel.DynamoDBContext db = new Amazon.DynamoDBv2.DataModel.DynamoDBContext(null);"
    body = "await Task.WhenAll(input.Values.Select(one => new Item()).Select(db.DeleteAsync));"
    usings = "using Amazon.DynamoDBv2; using Amazon.DynamoDBv2.DataModel; using System.Linq;"
    items = f"{usings}\nnamespace App;\npublic class Item {{ }}"
    source = csharp_programs.handler(body, members)
    found = csharp_programs.report_of(tmp_path, source, {"src/Item.cs": items})
    assert "dynamodb.DeleteItem" in [f"{call.service}.{call.operation}" for call in found.calls]
