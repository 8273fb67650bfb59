"""Values of Rust that code changes or converts where no assignment names them: a test of them is not decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from languages.rust_programs import calls_of, program

PUT = 'client.put_item().table_name("t").send().await?;'
BODIES = {
    "a reference in a variable": "let mut n = 0; { let r = &mut n; *r = 1; } if n == 1 { PUT }",
    "a reference in a pattern": "let mut a = Some(1); if let Some(ref mut n) = a { *n = 2; } if a == Some(2) { PUT }",
    "a raw pointer": "let mut n = 0; let p = &mut n as *mut i32; unsafe { *p = 1; } if n == 1 { PUT }",
    "a literal by another name": "let ok = &mut true; set(ok); if !*ok { PUT }",
    "a cast that wraps": "let n = 257; if n as u8 == 1 { PUT }",
    "a cast of a character": "if 'a' as u32 == 97 { PUT }",
    "a byte": "let c = b'a'; if c == 97 { PUT }",
    "the bits of a number": "let n = 0; if !n == -1 { PUT }",
    "the value of a block with a label": "let n = 'a: { if true { break 'a 2; } 3 }; if n == 2 { PUT }",
    "a macro in a function": 'macro_rules! go { ($c:expr) => { $c.put_item().table_name("t").send() }; } go!(client);',
}


@pytest.mark.parametrize("name", BODIES)
def test_the_call_is_found(tmp_path: Path, name: str) -> None:
    assert calls_of(tmp_path, program(BODIES[name].replace("PUT", PUT))) == ["dynamodb.PutItem TableName=t"]


def test_the_variants_of_an_enumeration_hide_no_crate(tmp_path: Path) -> None:
    beside = "enum Kind { First, Second }\nuse Kind::*;"
    body = f"let kind = Second; match kind {{ First => {{}} Second => {{ {PUT} }} }}"
    assert calls_of(tmp_path, program(body, beside=beside)) == ["dynamodb.PutItem TableName=t"]


def test_what_a_type_with_a_function_of_its_name_does_in_the_end_runs(tmp_path: Path) -> None:
    beside = """
    struct Kept { count: i32 }
    fn Kept(count: i32) -> Kept { Kept { count } }
    fn wait<F: std::future::Future>(f: F) -> F::Output { tokio::runtime::Handle::current().block_on(f) }
    impl Drop for Kept {
        fn drop(&mut self) {
            let client = Client::new(&wait(aws_config::load_from_env()));
            wait(client.put_item().table_name("t").send());
        }
    }
    """
    assert calls_of(tmp_path, program("let kept = Kept(1);", beside=beside)) == ["dynamodb.PutItem TableName=t"]


def test_a_static_is_made_where_it_is_read(tmp_path: Path) -> None:
    beside = """
    static SETTINGS: std::sync::LazyLock<i32> = std::sync::LazyLock::new(|| {
        let client = Client::new(&tokio::runtime::Handle::current().block_on(aws_config::load_from_env()));
        tokio::runtime::Handle::current().block_on(client.put_item().table_name("t").send());
        1
    });
    """
    assert calls_of(tmp_path, program("let n = *SETTINGS;", beside=beside)) == ["dynamodb.PutItem TableName=t"]


@pytest.mark.parametrize(
    ("beside", "body"),
    [
        ("macro_rules! own { ($e:expr) => ({ let v = 9; $e }) }", f"let v = 8; let r = own!(v); if r == 8 {{ {PUT} }}"),
        ("fn f() -> i32 { const { 2 + 3 } }", f"let r = f(); if r == 5 {{ {PUT} }}"),
        ("", f'let r = b"foo"[0]; if r == 102 {{ {PUT} }}'),
        ("", f"let r: i64 = 0xf0f0f0f0f0f0f0f0; if r == -1085102592571150096 {{ {PUT} }}"),
        (
            "static mut N: i32 = 0; struct A; impl Drop for A { fn drop(&mut self) { unsafe { N += 1; } } }",
            f"{{ let _a = A; }} let n = unsafe {{ N }}; if n == 1 {{ {PUT} }}",
        ),
    ],
    ids=[
        "hygiene of macros",
        "block of a constant",
        "byte of a text",
        "number that wraps",
        "static that drop writes to",
    ],
)
def test_a_value_that_is_not_known_decides_nothing(tmp_path: Path, beside: str, body: str) -> None:
    assert calls_of(tmp_path, program(body, beside=beside)) == ["dynamodb.PutItem TableName=t"]


_WAIT = """
fn wait<F: std::future::Future>(f: F) -> F::Output { tokio::runtime::Handle::current().block_on(f) }
fn act() {
    let client = Client::new(&wait(aws_config::load_from_env()));
    wait(client.put_item().table_name("t").send());
}
"""


@pytest.mark.parametrize(
    ("beside", "body"),
    [
        (
            "struct P; impl std::ops::Mul<P> for f64 { type Output = P; fn mul(self, _r: P) -> P { act(); P } }",
            "let v: f64 = 3.0; let _p = v * P;",
        ),
        (
            "fn part<'a>(x: Box<(&'a mut u32, u32)>) -> &'a mut u32 { act(); x.0 }",
            "*part(Box::new((&mut 1, 2))) += 10;",
        ),
        ("fn f<A, B>(_a: A, _b: B) -> i32 { act(); 1 }", "assert_eq!(f::<i32, i32>(0, 2), 1);"),
    ],
    ids=["operator of a number", "call that is written through", "type arguments in a macro"],
)
def test_a_function_that_no_plain_call_names_runs(tmp_path: Path, beside: str, body: str) -> None:
    assert calls_of(tmp_path, program(body, beside=_WAIT + beside)) == ["dynamodb.PutItem TableName=t"]


def test_a_structure_without_fields_has_methods(tmp_path: Path) -> None:
    beside = "struct Same; impl Same { fn get(&self, n: i32) -> i32 { n } }"
    body = f"let same = Same; let n = same.get(3); if n == 3 {{ {PUT} }}"
    assert calls_of(tmp_path, program(body, beside=beside)) == ["dynamodb.PutItem TableName=t"]
