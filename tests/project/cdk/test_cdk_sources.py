"""From staged assets back to the source: copies by their content, bundles by what they say of themselves."""

from __future__ import annotations

import time
from typing import Any

import pytest

HASH = "c3" * 32
STAGED = f"cdk.out/asset.{HASH}"

CREATE = """import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { stamp } from "./stamp";
export const handler = async () => new PutItemCommand({ TableName: "orders", Item: stamp() });
"""
STAMP = 'export const stamp = () => ({ id: { S: "stamped" } });\n'
BUNDLE = """"use strict";
// lambda/stamp.ts
var stamp = () => ({ id: { S: "stamped" } });
// ../node_modules/left/index.js
var left = 1;
// lambda/create.ts
var import_client = require("@aws-sdk/client-dynamodb");
var handler = async () => new import_client.PutItemCommand({ TableName: "orders", Item: stamp() });
"""
MINIFIED = (
    '"use strict";var a=()=>({id:{S:"stamped"}}),b=require("@aws-sdk/client-dynamodb");'
    'exports.handler=async()=>new b.PutItemCommand({TableName:"orders",Item:a()});\n'
)


def read(app: Any, construct: str = "create", runtime: str = "nodejs20.x", handler: str = "index.handler") -> Any:
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"S3Bucket": "assets", "S3Key": f"{HASH}.zip"}, "Handler": handler, "Runtime": runtime,
            "Role": "arn:aws:iam::123456789012:role/r",
        },
        "Metadata": {"aws:cdk:path": f"Shop/{construct}/Resource"},
    }  # fmt: skip
    app.stack("Shop", {"Fn": function}, {HASH: f"asset.{HASH}"})
    project = app.read()
    (found,) = project.functions
    is_staged = found.handler.file.startswith(STAGED)
    assert [one.code for one in project.findings] == (["source-not-found"] if is_staged else [])
    return found


def sources(app: Any) -> None:
    app.write("lambda/create.ts", CREATE)
    app.write("lambda/stamp.ts", STAMP)


def test_of_two_folders_that_hold_the_handler_the_one_that_shares_more_is_the_source(app: Any) -> None:
    for folder, table in (("one", "a"), ("two", "b"), (STAGED, "b")):
        app.write(f"{folder}/index.py", "from names import TABLE\ndef handler(event, context): pass\n")
        app.write(f"{folder}/names.py", f"TABLE = '{table}'\n")
    found = read(app, runtime="python3.12")
    assert (found.handler.file, found.handler.root) == ("two/index.py", "two")


def test_a_handler_below_the_assets_top_leads_to_the_folder_above_it(app: Any) -> None:
    for folder in ("src", STAGED):
        app.write(f"{folder}/api/orders.py", "def handler(event, context): pass\n")
    found = read(app, runtime="python3.12", handler="api/orders.handler")
    assert (found.handler.file, found.handler.root) == ("src/api/orders.py", "src")


def test_a_bundle_leads_to_the_entry_that_its_comments_name_last(app: Any) -> None:
    sources(app)
    app.write(f"{STAGED}/index.js", BUNDLE)
    found = read(app)
    assert (found.handler.file, found.handler.symbol, found.language) == ("lambda/create.ts", "handler", "typescript")


@pytest.mark.parametrize("prefix", ["../../", "../asset-input/"])
def test_a_minified_bundle_leads_to_its_source_by_its_map(app: Any, prefix: str) -> None:
    sources(app)
    app.write(f"{STAGED}/index.js", MINIFIED + "//# sourceMappingURL=index.js.map\n")
    app.write(f"{STAGED}/index.js.map", {"sources": [f"{prefix}lambda/stamp.ts", f"{prefix}lambda/create.ts"]})
    assert read(app).handler.file == "lambda/create.ts"


def test_a_minified_bundle_leads_to_its_source_by_the_name_that_cdk_looks_for(app: Any) -> None:
    app.write("lib/shop-stack.create.ts", 'export const handler = async () => "elsewhere";\n')
    app.write(f"{STAGED}/index.js", MINIFIED)
    assert read(app).handler.file == "lib/shop-stack.create.ts"


def test_a_minified_bundle_leads_to_its_source_by_its_strings(app: Any) -> None:
    sources(app)
    app.write("lambda/delete.ts", CREATE.replace("orders", "others"))
    app.write(f"{STAGED}/index.js", MINIFIED)
    assert read(app).handler.file == "lambda/create.ts"


def test_a_bundle_whose_source_is_not_certain_is_read_as_it_was_staged(app: Any) -> None:
    sources(app)
    app.write("other/create.ts", CREATE)
    app.write(f"{STAGED}/index.js", MINIFIED)
    found = read(app)
    assert (found.handler.file, found.language) == (f"{STAGED}/index.js", "javascript")


def test_an_asset_without_source_in_the_project_is_read_as_it_was_staged(app: Any) -> None:
    app.write(f"{STAGED}/index.py", "def handler(event, context): pass\n")
    assert read(app, runtime="python3.12").handler.file == f"{STAGED}/index.py"


def test_a_built_package_is_not_read(app: Any) -> None:
    properties = {
        "Code": {"S3Key": f"{HASH}.jar"}, "Handler": "a.B::c", "Runtime": "java21",
        "Role": "arn:aws:iam::123456789012:role/r",
    }  # fmt: skip
    function = {"Type": "AWS::Lambda::Function", "Properties": properties}
    app.stack("Shop", {"Fn": function}, {HASH: f"asset.{HASH}.jar"})
    assert [one.code for one in app.read().findings] == ["handler-packaged"]


@pytest.mark.parametrize(
    "bundle",
    [
        "// " + "../" * 300_000,
        "// " + "a." * 500_000,
        "//# sourceMappingURL=" * 50_000,
        '"abcd' * 200_000,
        '"' * 999_999,
    ],
)
def test_a_hostile_bundle_ends_quickly(app: Any, bundle: str) -> None:
    sources(app)
    app.write(f"{STAGED}/index.js", bundle)
    started = time.process_time()
    read(app)
    assert time.process_time() - started < 5


def test_an_asset_that_is_missing_is_told_once_with_its_resource_s_place(app: Any) -> None:
    properties = {
        "Code": {"S3Key": f"{HASH}.zip"}, "Handler": "index.handler", "Runtime": "nodejs20.x",
        "Role": "arn:aws:iam::123456789012:role/r",
    }  # fmt: skip
    construct = {"aws:cdk:path": "Shop/Orders/Save/Resource"}
    save = {"Type": "AWS::Lambda::Function", "Properties": properties, "Metadata": construct}
    app.stack("Shop", {"Topic": {"Type": "AWS::SNS::Topic"}, "Fn": save}, {HASH: f"asset.{HASH}"})
    (finding,) = app.read().findings
    assert finding.message.endswith("(the construct Shop/Orders/Save)")
    assert finding.code == "asset-missing" and f"cdk.out/asset.{HASH}" in finding.message
    assert finding.place is not None and finding.place.file == "cdk.out/Shop.template.json"


def in_repository(app: Any, bundle: str) -> Any:
    """An app in the folder packages/iac of a repository, whose function is this bundle."""
    app.write(".git/HEAD", "ref: refs/heads/main\n")
    inner = type(app)(app.root / "packages" / "iac")
    inner.write(f"{STAGED}/index.js", bundle)
    return inner


def test_a_bundle_leads_to_a_source_elsewhere_in_the_repository(app: Any) -> None:
    app.write("packages/server/lambda/create.ts", CREATE)
    found = read(in_repository(app, BUNDLE.replace("// lambda/", "// packages/server/lambda/")))
    assert (found.handler.file, found.handler.symbol) == ("../server/lambda/create.ts", "handler")


def test_a_file_of_the_app_is_no_namesake_elsewhere_in_the_repository(app: Any) -> None:
    app.write("packages/server/src/create.ts", CREATE)
    bundle = BUNDLE.replace("// lambda/create", "// packages/server/src/create").replace(
        "// lambda/", "// packages/iac/"
    )
    inner = in_repository(app, bundle)
    inner.write("src/create.ts", CREATE.replace("orders", "others"))
    inner.write("stamp.ts", STAMP)
    assert read(inner).handler.file == "../server/src/create.ts"


def test_what_an_entry_imports_is_no_entry(app: Any) -> None:
    app.write("lambda/stamp.ts", STAMP)
    app.write(f"{STAGED}/index.js", BUNDLE)
    assert read(app).handler.file == f"{STAGED}/index.js"


def test_a_copy_leads_to_its_folder_elsewhere_in_the_repository(app: Any) -> None:
    app.write("backend/index.js", "exports.handler = async () => 1;\n")
    found = read(in_repository(app, "exports.handler = async () => 1;\n"))
    assert (found.handler.file, found.handler.root) == ("../../backend/index.js", "../../backend")


def test_a_file_outside_of_the_repository_is_no_source(app: Any) -> None:
    app.write("lambda/create.ts", CREATE)
    found = read(in_repository(type(app)(app.root / "repository"), BUNDLE))
    assert found.handler.file == f"{STAGED}/index.js"
