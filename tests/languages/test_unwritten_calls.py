"""Members that no code names where they run: operators, conversions, disposal, traits of the standard library."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.csharp_programs import calls_of as calls_of_csharp
from languages.csharp_programs import handler
from languages.rust_programs import calls_of as calls_of_rust

MEMBERS = {
    "an operator": ("public static A operator +(A a, int n) { Put(); return a; }", "var b = new A() + 1;"),
    "a conversion": ("public static implicit operator A(int n) { Put(); return new A(); }", "A a = 1;"),
    "the end of using": ("public void Dispose() { Put(); }", "using (new A()) { }"),
    "an enumerator": ("public bool MoveNext() { Put(); return false; }", "foreach (var one in new Many()) { }"),
    "a conversion to text": ("public override string ToString() { Put(); return ``; }", "var s = `x` + new A();"),
    "a finalizer": ("~A() { Put(); }", "new A();"),
    "the accessor of an event": ("public event Action E { add { Put(); } remove { } }", "new A().E += () => { };"),
    "a method that .NET calls": ("public override void Write(byte[] b, int o, int c) { Put(); }", "Use(new A());"),
}


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_that_csharp_calls_by_itself_runs(tmp_path: Path, name: str) -> None:
    member, use = (text.replace("`", '"') for text in MEMBERS[name])
    beside = f"""
    static AmazonDynamoDBClient client = new AmazonDynamoDBClient();
    static void Put() {{ client.PutItemAsync(new PutItemRequest {{ TableName = "t" }}); }}
    class A : System.IO.MemoryStream {{ {member} }}
    class Many {{ public A GetEnumerator() {{ return new A(); }} }}
    """
    assert calls_of_csharp(tmp_path, handler(use, beside)) == ["dynamodb.PutItem TableName=t"]


def test_a_method_that_nothing_calls_does_not_run(tmp_path: Path) -> None:
    beside = """
    static AmazonDynamoDBClient client = new AmazonDynamoDBClient();
    class A : IDisposable {
        public void Dispose() { }
        public void Remove() { client.PutItemAsync(new PutItemRequest { TableName = "t" }); }
    }
    """
    assert calls_of_csharp(tmp_path, handler("using (new A()) { }", beside)) == []


def test_a_name_in_another_namespace_of_the_file_is_found(tmp_path: Path) -> None:
    source = """
    {
        class First { }
    }
    namespace Other {
        using Amazon.DynamoDBv2;
        using Amazon.DynamoDBv2.Model;
        public static class Held { public static AmazonDynamoDBClient Client = new AmazonDynamoDBClient(); }
        public class Function {
            public void Handler(string input) {
                Other.Held.Client.PutItemAsync(new PutItemRequest { TableName = "t" });
            }
        }
    }
    """
    files = {"src/Function.cs": "namespace App" + source}
    assert calls_of_csharp(tmp_path, "", files, "Other.Function::Handler") == ["dynamodb.PutItem TableName=t"]


TRAITS = {
    "an operator": ("std::ops::AddAssign<i32> for A { fn add_assign(&mut self, _: i32) { PUT } }", "a += 1;"),
    "the end of a value": ("Drop for A { fn drop(&mut self) { PUT } }", ""),
    "a text": ("std::fmt::Display for A { fn fmt(&self, f: &mut F) -> R { PUT Ok(()) } }", 'println!("{}", a);'),
    "a loop": ("Iterator for A { type Item = i32; fn next(&mut self) -> Option<i32> { PUT None } }", "for _ in a {}"),
    "an error": ("From<std::io::Error> for A { fn from(_: std::io::Error) -> A { PUT A(1) } }", "go()?;"),
}


@pytest.mark.parametrize("name", TRAITS)
def test_a_function_of_a_trait_of_the_standard_library_runs(tmp_path: Path, name: str) -> None:
    implemented, use = TRAITS[name]
    put = 'block_on(client().put_item().table_name("t").send());'
    source = f"""
    struct A(i32);
    impl {implemented.replace("PUT", put)}
    fn client() -> aws_sdk_dynamodb::Client {{ aws_sdk_dynamodb::Client::new(&block_on(aws_config::load_from_env())) }}
    fn block_on<F: std::future::Future>(f: F) -> F::Output {{ tokio::runtime::Handle::current().block_on(f) }}
    async fn handle(event: lambda_runtime::LambdaEvent<serde_json::Value>) -> Result<(), lambda_runtime::Error> {{
        let mut a = A(1);
        {use}
        Ok(())
    }}
    #[tokio::main]
    async fn main() -> Result<(), lambda_runtime::Error> {{
        lambda_runtime::run(lambda_runtime::service_fn(handle)).await
    }}
    """
    assert calls_of_rust(tmp_path, source) == ["dynamodb.PutItem TableName=t"]
