"""Clients that code hands to a library whose rows tell its calls: they count by the rows, and not as unseen."""

from __future__ import annotations

from pathlib import Path

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

_MAPPER = """
    import { DataMapper, ItemNotFoundException } from "@aws/dynamodb-data-mapper";
    import { attribute, hashKey, rangeKey, table, versionAttribute } from "@aws/dynamodb-data-mapper-annotations";
    import DynamoDB from "aws-sdk/clients/dynamodb";
    import _ from "lodash";
    @table("orders")
    class Order {
      @hashKey() id: string;
      @rangeKey() day: string;
      @versionAttribute() version: number;
      @attribute({ type: "String" }) name: string;
    }
    const mapper = new DataMapper({ client: new DynamoDB() });
    export const handler = async (event) => {
      %s
    };
"""


def report(folder: Path, body: str) -> CallReport:
    (folder / "app.ts").write_text(_MAPPER % body)
    return find_calls(Sources(str(folder)), catalog(), {}, "app.ts", "handler")


def test_the_library_uses_it_as_its_rows_say(tmp_path: Path) -> None:
    body = """
        try { return await mapper.get(Object.assign(new Order(), event)); }
        catch (error) { if (error instanceof ItemNotFoundException) return null; throw error; }
    """
    found = report(tmp_path, body)
    assert [call.name for call in found.calls] == ["dynamodb.GetItem"]
    assert found.unseen == ()


def test_a_method_that_no_row_tells_may_call_anything_with_it(tmp_path: Path) -> None:
    (unseen,) = report(tmp_path, "return mapper.archive(new Order());").unseen
    assert "an SDK client of dynamodb" in unseen.what
    assert "dynamodb:*" in unseen.may_call


def test_unseen_code_that_gets_the_librarys_object_may_use_it(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    body = "const unseen = require(event.name); return unseen.run(mapper);"
    found = report(tmp_path, body)
    assert any("an SDK client of dynamodb is passed" in one.what for one in found.unseen)
