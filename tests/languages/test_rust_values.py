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
