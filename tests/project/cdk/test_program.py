"""The line of an app that makes a construct, and the variable that holds it."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.project.cdk.program.find import App, Found

TABLE, FUNCTION = "AWS::DynamoDB::Table", "AWS::Lambda::Function"


def of(app: Any, constructs: dict[str, str], **sources: str) -> dict[str, Found | None]:
    """Where the constructs (path → type) are made by the program of these files; ``shop_py`` is ``shop.py``."""
    for name, text in sources.items():
        stem, _, ending = name.rpartition("_")
        app.write(f"{stem}.{ending}", text)
    if any(name.endswith("_py") for name in sources):
        app.write("cdk.json", {"app": "python3 app.py"})
    by_stack: dict[str, dict[str, Any]] = {}
    for number, (path, type) in enumerate(constructs.items()):
        stack = path.partition("/")[0]
        resource = {"Type": type, "Properties": {}, "Metadata": {"aws:cdk:path": f"{path}/Resource"}}
        by_stack.setdefault(stack, {})[f"R{number}"] = resource
    for stack, resources in by_stack.items():
        app.stack(stack, resources)
    program = App(app.read())
    return {path: program.find(path) for path in constructs}


def said(found: Found | None) -> tuple[int, str] | None:
    return None if found is None else (found.place.line, found.creation.variable if found.creation else "")


STACK = """\
import { Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
export class ShopStack extends Stack {
  private carts: dynamodb.Table;
  constructor(scope, id) {
    super(scope, id);
    const orders = new dynamodb.Table(this, 'Orders', {
      partitionKey: key,
    });
    this.carts = new dynamodb.Table(this, 'Carts');
    new dynamodb.Table(this, 'Nameless');
    const name = new dynamodb.Table(this, 'Chained').tableName;
    let twice = new dynamodb.Table(this, 'First');
    twice = new dynamodb.Table(this, 'Second');
  }
}
"""
MAIN = "import { App } from 'aws-cdk-lib';\nnew ShopStack(new App(), 'Shop');\nconst app = new App();\n"


@pytest.mark.parametrize(
    ("id", "expected"),
    [("Orders", (7, "orders")), ("Carts", (10, "this.carts")), ("Nameless", (11, "")), ("Chained", (12, "")),
     ("First", (13, "")), ("Second", (14, "")), ("Elsewhere", None)],
)  # fmt: skip
def test_a_construct_of_typescript_is_found_with_its_variable(app: Any, id: str, expected: tuple[int, str]) -> None:
    found = of(app, {f"Shop/{id}": TABLE}, shop_ts=STACK, app_ts=MAIN)
    assert said(found[f"Shop/{id}"]) == expected


PYTHON = """\
from aws_cdk import Stack, aws_dynamodb as dynamodb
class ShopStack(Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        orders = dynamodb.Table(
            self, "Orders",
        )
        self.carts: dynamodb.Table = dynamodb.Table(scope=self, id="Carts")
        dynamodb.Table(self, "Nameless")
        if scope:
            twice = dynamodb.Table(self, "First")
        else:
            twice = dynamodb.Table(self, "Second")
        kind = getattr(self, "Elsewhere")
"""


@pytest.mark.parametrize(
    ("id", "expected"),
    [("Orders", (5, "orders")), ("Carts", (8, "self.carts")), ("Nameless", (9, "")), ("First", (11, "")),
     ("Second", (13, "")), ("Elsewhere", None)],
)  # fmt: skip
def test_a_construct_of_python_is_found_with_its_variable(app: Any, id: str, expected: tuple[int, str]) -> None:
    found = of(app, {f"Shop/{id}": TABLE}, shop_py=PYTHON)
    assert said(found[f"Shop/{id}"]) == expected


def test_a_line_found_by_name_is_said_to_be(app: Any) -> None:
    (found,) = of(app, {"Shop/Orders": TABLE}, shop_ts=STACK).values()
    assert found is not None and found.by_name and found.place.file == "shop.ts"


TWO = """\
import { Construct } from 'constructs';
export class A extends Construct {
  constructor(scope, id) { super(scope, id); const mine = new dynamodb.Table(this, 'Table'); }
}
export class B extends Construct {
  constructor(scope, id) { super(scope, id); const others = new dynamodb.Table(this, 'Table'); }
}
export class ShopStack extends Stack {
  constructor(scope, id) {
    super(scope, id);
    new A(this, 'First');
    new B(this, 'Second');
    new Library(this, 'Third');
    const api = new RestApi(this, 'Api');
    const inside = new dynamodb.Table(api, 'Inside');
  }
}
const shop = new ShopStack(app, 'Shop');
"""


def test_of_two_constructs_with_one_id_the_class_around_them_decides(app: Any) -> None:
    paths = ("Shop/First/Table", "Shop/Second/Table", "Shop/Third/Table", "Shop/Api/Inside")
    found = of(app, dict.fromkeys(paths, TABLE), shop_ts=TWO)
    assert [said(one) for one in found.values()] == [(3, "mine"), (6, "others"), None, (15, "inside")]


def test_a_construct_of_another_class_is_not_taken_for_one_of_its_id(app: Any) -> None:
    found = of(app, {"Shop/Orders": FUNCTION}, shop_ts=STACK, app_ts=MAIN)
    assert found["Shop/Orders"] is None


def test_a_class_of_the_app_makes_what_the_class_that_it_extends_makes(app: Any) -> None:
    program = """\
import { Table } from 'aws-cdk-lib/aws-dynamodb';
class OurTable extends Table {}
class ShopStack extends Stack {
  constructor(scope, id) { super(scope, id); const ours = new OurTable(this, 'Orders'); }
}
"""
    found = of(app, {"Shop/Orders": TABLE}, shop_ts=program)
    assert said(found["Shop/Orders"]) == (4, "ours")


def test_the_stack_of_calls_decides_where_an_id_is_worked_out(app: Any) -> None:
    program = """\
import { Table } from 'aws-cdk-lib/aws-dynamodb';
class ShopStack extends Stack {
  constructor(scope, id) {
    super(scope, id);
    const table = new Table(this, `${id}-orders`);
  }
}
"""
    app.write("shop.ts", program)
    frames = ["...aws-cdk-lib...", f"new ShopStack ({app.root}/shop.ts:5:19)"]
    app.write(
        "cdk.out/Shop.metadata.json",
        {"/Shop/Shop-orders/Resource": [{"type": "aws:cdk:creationStack", "data": frames}]},
    )
    (found,) = of(app, {"Shop/Shop-orders": TABLE}).values()
    assert said(found) == (5, "table") and found is not None and not found.by_name


def test_tests_and_compiled_files_of_the_app_are_not_its_program(app: Any) -> None:
    app.write("test/shop.test.ts", STACK)
    app.write("shop.js", STACK)
    found = of(app, {"Shop/Orders": TABLE}, shop_ts=STACK)
    assert said(found["Shop/Orders"]) == (7, "orders")
    assert found["Shop/Orders"] is not None and found["Shop/Orders"].place.file == "shop.ts"


@pytest.mark.parametrize("text", ["", "\0", "class {{{ new new new", "new A(this, 'Orders'" * 3000, "// constructs\n("])
def test_a_program_that_cannot_be_read_gives_no_line(app: Any, text: str) -> None:
    of(app, {"Shop/Other": TABLE}, shop_ts=f"// aws-cdk-lib\n{text}")


@pytest.mark.parametrize(
    ("command", "language"),
    [("npx ts-node bin/app.ts", "typescript"), ("node app.js", "typescript"), ("python3 app.py", "python"),
     ("uv run app.py", "python"), ("dotnet run -p src/App.csproj", "C#"), ("mvn -q exec:java", "Java"),
     ("go mod download && go run app.go", "Go"), ("make", "")],
)  # fmt: skip
def test_the_language_is_what_the_command_of_the_app_runs(app: Any, command: str, language: str) -> None:
    app.write("cdk.json", {"app": command})
    app.stack("Shop", {})
    assert App(app.read()).language == language
