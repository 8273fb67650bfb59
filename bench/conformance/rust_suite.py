"""Rust's tests/ui as programs: the handler runs main of a run-pass test, with an SDK call in it or after it.

Each program is compiled and run first, with a mark instead of the call, and with all features that the tests name.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import tree_sitter
import tree_sitter_rust

from conformance.placing import Place, Ran, edited, reached, walked
from conformance.programs import Made, drawn

RUSTC = os.environ.get("RUSTC", "rustc")
_CONSTANT = ("const_item", "static_item", "macro_definition", "attribute_item")
"""Nodes in which nothing runs."""
CALL = 'crate::conformance_wait(crate::conformance_client().put_item().table_name("t").send())'

_HANDLER = """
pub fn conformance_wait<F: std::future::Future>(future: F) -> F::Output {
    tokio::runtime::Handle::current().block_on(future)
}

pub fn conformance_client() -> aws_sdk_dynamodb::Client {
    let config = conformance_wait(aws_config::load_from_env());
    aws_sdk_dynamodb::Client::new(&config)
}

async fn conformance_handler(
    event: lambda_runtime::LambdaEvent<serde_json::Value>,
) -> Result<serde_json::Value, lambda_runtime::Error> {
    let _ = conformance_main();
    END
    Ok(event.payload)
}

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda_runtime::run(lambda_runtime::service_fn(conformance_handler)).await
}
"""
_ALONE = """
pub fn conformance_mark(number: i32) {
    eprintln!("CONFORMANCE {};", number);
}

fn main() {
    let _ = conformance_main();
    END
}
"""
_CARGO = """[package]
name = "f%d"
version = "0.1.0"
edition = "2021"

[dependencies]
aws-config = "1"
aws-sdk-dynamodb = "1"
lambda_runtime = "0.13"
serde_json = "1"
tokio = { version = "1", features = ["full"] }
"""
_LANGUAGE = tree_sitter.Language(tree_sitter_rust.language())
_MAIN = re.compile(rb"(?m)^(pub )?(async )?fn main\s*\(\s*\)")
_NEEDS = re.compile(
    rb"(?m)^//@ *(\[\w+\])?(aux-build|aux-crate|proc-macro|aux-bin|edition: ?2015..)"
    rb"|^ *(pub )?mod \w+;|include!|include_str!|#!\[no_main\]|#!\[no_std\]|std::env::args"
)
_ELSEWHERE = re.compile(
    rb"(?m)^//@ *(\[\w+\])?(force-host|only-(?!x86_64|linux|unix|64bit)|ignore-(linux|x86_64|unix|64bit|gnu|stage1)|"
    rb"needs-(sanitizer|profiler|dynamic|xray|run))"
)


class Rust:
    """The folder tests/ui of Rust's sources."""

    name = "rust"
    forms = ("end", "inside", "expression", "gate")
    suffix = ".rs"
    runtime = "provided.al2023"

    def made(self, suite: Path, form: str, limit: int | None, seed: int) -> Iterator[Made]:
        for path in drawn(_tests(suite), limit, seed):
            yield _made(str(path.relative_to(suite)), path.read_bytes(), form, seed)

    def happens(self, texts: dict[str, str]) -> set[str]:
        return {name for name, text in texts.items() if _run(*_alone(text.encode()), b"").happened}

    def small(self, text: str) -> str:
        source = text.replace("CALL", CALL).replace("fn body()", "fn conformance_main()")
        return source + _HANDLER.replace("    END\n", "")

    def written(self, folder: Path, texts: Sequence[str]) -> None:
        lines = ["AWSTemplateFormatVersion: '2010-09-09'", "Transform: AWS::Serverless-2016-10-31", "Resources:"]
        for number, text in enumerate(texts):
            own = folder / f"f{number}"
            (own / "src").mkdir(parents=True)
            (own / "Cargo.toml").write_text(_CARGO % number, "utf-8")
            (own / "src" / "main.rs").write_text(text, "utf-8")
            lines += [
                f"  f{number}:",
                "    Type: AWS::Serverless::Function",
                "    Metadata: {BuildMethod: rust-cargolambda}",
                f"    Properties: {{CodeUri: f{number}/, Handler: bootstrap, Runtime: {self.runtime}}}",
            ]
        (folder / "template.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def _tests(suite: Path) -> list[Path]:
    found = (path for path in suite.rglob("*.rs") if path.is_file())
    return sorted(path for path in found if re.search(rb"(?m)^//@ *run-pass\b", path.read_bytes()))


def _made(name: str, source: bytes, form: str, seed: int) -> Made:
    if _ELSEWHERE.search(source):
        return Made(name, dropped="is for another machine")
    if _NEEDS.search(source):
        return Made(name, dropped="needs other files or arguments")
    found = _MAIN.search(source)
    if found is None or found[2]:
        return Made(name, dropped="no main function at the top")
    shift = source[: found.start()] + found[0].replace(b"fn main", b"fn conformance_main") + source[found.end() :]
    if form == "end":
        ran = _run(shift, "crate::conformance_mark(0);", source)
        if ran.refused is not None:
            alone = _run(shift, "", source).refused is not None
            return Made(name, dropped="does not compile alone" if alone else "the compiler refuses the call")
        if not ran.happened:
            return Made(name, dropped="the call does not happen")
        return _finished(name, shift, f"let _ = {CALL};")
    root = tree_sitter.Parser(_LANGUAGE).parse(shift).root_node
    place, why = reached(
        shift,
        [place for node in walked(root, _CONSTANT) for place in _PLACES[form](node)],
        f"{seed} {name}",
        lambda number: f"crate::conformance_mark({number})",
        lambda text: _run(text, "", source),
    )
    return (
        Made(name, dropped=why) if place is None else _finished(name, edited(shift, [(place, f"let _ = {CALL}")]), "")
    )


def _finished(name: str, text: bytes, end: str) -> Made:
    whole = text + _HANDLER.replace("    END\n", f"    {end}\n" if end else "").encode()
    try:
        return Made(name, whole.decode())
    except UnicodeDecodeError:
        return Made(name, dropped="no UTF-8")


def _inside(node: tree_sitter.Node) -> Iterator[Place]:
    """The beginning of a block of a function, a branch, a loop or a closure."""
    parent = node.parent
    if node.type != "block" or parent is None:
        return
    named = parent.child_by_field_name("name")
    if named is not None and named.text == b"conformance_main":
        return
    inner = [one.end_byte for one in node.named_children if one.type == "inner_attribute_item"]
    at = max([node.start_byte + 1, *inner])
    yield Place(at, at, " %s; ")


_VALUES = {
    "arguments": None, "let_declaration": "value", "match_expression": "value", "if_expression": "condition",
    "while_expression": "condition", "binary_expression": "right", "return_expression": None,
    "field_initializer": "value", "match_arm": "value",
}  # fmt: skip


def _expression(node: tree_sitter.Node) -> Iterator[Place]:
    """A value: an argument, of a variable or a field, a condition, an operand, an arm or what is returned."""
    if node.type not in _VALUES:
        return
    part = _VALUES[node.type]
    values = node.named_children if part is None else [node.child_by_field_name(part)]
    for value in values:
        if value is not None and value.type not in (
            "let_condition",
            "let_chain",
            "block",
            "line_comment",
            "attribute_item",
        ):
            yield Place(value.start_byte, value.end_byte, "{ %s; ", " }")


def _gate(node: tree_sitter.Node) -> Iterator[Place]:
    """An assertion, as an if; the else of an if that has none."""
    if node.type == "if_expression" and node.child_by_field_name("alternative") is None:
        parent = node.parent
        if parent is not None and parent.type == "expression_statement":
            yield Place(node.start_byte, node.end_byte, "", " else { %s; }")
    if node.type != "macro_invocation" or (named := node.child_by_field_name("macro")) is None:
        return
    name = (named.text or b"").decode()
    tree = next((one for one in node.named_children if one.type == "token_tree"), None)
    if tree is None or name not in ("assert", "assert_eq", "assert_ne") or b"\n" in (tree.text or b""):
        return
    values = _arguments(tree)
    if name == "assert" and values:
        condition = values[0]
    elif name != "assert" and len(values) >= 2:
        condition = f"({values[0]}) {'==' if name == 'assert_eq' else '!='} ({values[1]})"
    else:
        return
    yield Place(node.start_byte, node.end_byte, "", instead=f"if {condition} {{ %s; }} else {{ panic!() }}")


def _arguments(tree: tree_sitter.Node) -> list[str]:
    """The texts between the commas of a macro's arguments."""
    text = (tree.text or b"").decode(errors="replace")[1:-1]
    if "<" in text and "," in text:
        return []
    found, depth, start = [], 0, 0
    pieces = re.finditer(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])'|[(\[{]|[)\]}]|,|\|", text)
    for piece in pieces:
        word = piece[0]
        if word == "|":
            return []
        depth += (word in ("(", "[", "{")) - (word in (")", "]", "}"))
        if word == "," and not depth:
            found.append(text[start : piece.start()].strip())
            start = piece.end()
    return [one for one in [*found, text[start:].strip()] if one]


_PLACES = {"inside": _inside, "expression": _expression, "gate": _gate}


def _alone(text: bytes) -> tuple[bytes, str]:
    """The test in a program, with marks instead of calls, and what its end is."""
    body, _, rest = text.rpartition(_HANDLER.partition("END")[0].rstrip().encode())
    marked = f"let _ = {CALL}".encode()
    end = "crate::conformance_mark(0);" if CALL.encode() in rest else ""
    return body.replace(marked, CALL.encode()).replace(CALL.encode(), b"crate::conformance_mark(0)"), end


def _run(text: bytes, end: str, source: bytes) -> Ran:
    """Compiles and runs a test with a main function that has ``end`` after it; ``source`` says how to compile it."""
    edition = re.search(rb"(?m)^//@ *edition: ?(\d+)", source)
    flags = re.findall(rb"(?m)^//@ *compile-flags: ?(.*)$", source)
    command = [RUSTC, "--error-format=short", "--cap-lints=allow", "-Awarnings", "-Cdebuginfo=0", "-o", "program"]
    command += [f"--edition={edition[1].decode() if edition else '2015' if source else '2021'}"]
    command += [part for one in flags for part in one.decode().split()] + ["main.rs"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.rs").write_bytes(text + _ALONE.replace("END", end).encode())
        done = _done(command, folder)
        if done is None or done.returncode:
            said = done.stdout + done.stderr if done else ""
            return Ran(frozenset(int(one) for one in re.findall(r"(?m)^main\.rs:(\d+):\d+: error", said)))
        ran = _done([str(Path(folder, "program"))], folder)
        calls = re.findall(r"CONFORMANCE (\d+);", ran.stderr) if ran else []
        return Ran(None, frozenset(map(int, calls)))


def _done(command: list[str], folder: str) -> subprocess.CompletedProcess[str] | None:
    environment = {**os.environ, "RUSTC_BOOTSTRAP": "1"}
    try:
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=30, cwd=folder, env=environment,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None


SUITE = Rust()
