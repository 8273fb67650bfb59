"""Variables of C# that other code writes, and code that is reached by ``goto``: no test of them is decided wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.csharp_programs import calls_of, handler, report_of

PUT = 'client.PutItemAsync(new PutItemRequest { TableName = "t" });'
MEMBERS = """
static AmazonDynamoDBClient client = new AmazonDynamoDBClient();
static void Set(ref bool flag) { flag = true; }
static void Pass(ref bool flag) { Set(ref flag); }
static bool Find(out Action found) { found = () => { PUT }; return true; }
delegate void Setter(ref bool flag);
event Action Saved;
"""
BODIES = {
    "by a parameter that is a reference": "bool ok = false; Set(ref ok); if (ok) { PUT }",
    "by a reference that is handed on": "bool ok = false; Pass(ref ok); if (ok) { PUT }",
    "by a delegate": "Setter set = (ref bool f) => f = true; bool ok = false; set(ref ok); if (ok) { PUT }",
    "by a variable that is a reference": "int n = 0; ref int other = ref n; other = 1; if (n == 1) { PUT }",
    "by a pointer": "int n = 0; unsafe { int* p = &n; *p = 1; } if (n == 1) { PUT }",
    "by a library": "int n = 0; System.Threading.Interlocked.Increment(ref n); if (n == 1) { PUT }",
    "with a function": "if (Find(out var found)) { found(); }",
    "beyond what fits": "byte b = 255; b++; if (b == 0) { PUT }",
    "before a label": "int n = 0; again: if (n == 1) { PUT return ``; } n++; goto again;",
    "before a section of a switch": "switch (1) { case 1: goto case 2; case 2: PUT break; }",
    "as an event": "Saved += () => { PUT }; Saved?.Invoke();",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_variable_is_written(tmp_path: Path, name: str) -> None:
    body = BODIES[name].replace("PUT", PUT).replace("`", '"')
    assert calls_of(tmp_path, handler(body, MEMBERS.replace("PUT", PUT))) == ["dynamodb.PutItem TableName=t"]


FOUND = {
    "by its type": "typeof(Kept).GetMethods()[0].Invoke(null, null);",
    "by a name": "typeof(Kept).InvokeMember(`Put`, 0, null, null, null);",
    "as the type of a name": "Activator.CreateInstance(Type.GetType(context.ToString()));",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_code_finds_when_it_runs_may_be_called(tmp_path: Path, name: str) -> None:
    beside = f"{MEMBERS.replace('PUT', PUT)} class Kept {{ public static void Put() {{ {PUT} }} }}"
    report = report_of(tmp_path, handler(FOUND[name].replace("`", '"'), beside))
    assert "Put() may run and call PutItemAsync()" in [one.what for one in report.unseen]


def test_an_object_of_a_library_calls_what_is_subscribed_to_it(tmp_path: Path) -> None:
    body = f"var timer = new System.Timers.Timer(1); timer.Elapsed += (sender, e) => {{ {PUT} }}; timer.Start();"
    assert calls_of(tmp_path, handler(body, MEMBERS.replace("PUT", PUT))) == ["dynamodb.PutItem TableName=t"]


def test_an_element_that_may_not_be_there_is_nothing_then(tmp_path: Path) -> None:
    body = f'var found = new[] {{ "a" }}.FirstOrDefault(one => one == "b"); if (found == null) {{ {PUT} }}'
    assert calls_of(tmp_path, handler(body, MEMBERS.replace("PUT", PUT))) == ["dynamodb.PutItem TableName=t"]


def test_a_namespace_may_be_named_as_a_variable(tmp_path: Path) -> None:
    file = f"""
    using System; using Amazon.DynamoDBv2; using Amazon.DynamoDBv2.Model;
    namespace store.parts;
    public class Saved {{ {MEMBERS.replace("PUT", PUT)} public static void Put() {{ {PUT} }} }}
    """
    files = {"src/Saved.cs": file}
    assert calls_of(tmp_path, handler("global::store.parts.Saved.Put();"), files) == ["dynamodb.PutItem TableName=t"]


def test_an_index_of_a_sum_runs_once(tmp_path: Path) -> None:
    body = f"var a = new int[2]; int i = 0; a[i++] += 3; if (i != 1) return null; {PUT}"
    assert calls_of(tmp_path, handler(body, MEMBERS.replace("PUT", PUT))) == ["dynamodb.PutItem TableName=t"]


def test_a_method_that_another_hides_may_run(tmp_path: Path) -> None:
    beside = f"class A {{ public void Put() {{ {PUT} }} }} class B : A {{ public new void Put() {{ }} }}"
    body = "A a = new B(); a.Put();"
    assert calls_of(tmp_path, handler(body, MEMBERS.replace("PUT", PUT) + beside)) == ["dynamodb.PutItem TableName=t"]
