"""Mono's mcs/tests as programs: the handler runs Main of a test, with an SDK call in it or after it.

Each program is compiled and run with Mono, on a stand-in for the SDK that prints which calls happen. The libraries and
further files that a test is compiled with become further files of its program. Tests that are compiled to a library or
to a module are no programs, and are not drawn.
"""

from __future__ import annotations

import atexit
import os
import re
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import tree_sitter
import tree_sitter_c_sharp

from conformance.placing import Place, Ran, edited, reached, walked
from conformance.programs import HERE, Made, drawn, files, with_files

MCS = os.environ.get("MCS", "mcs")
MONO = os.environ.get("MONO", "mono")
CALL = 'Conformance.Sdk.Client.PutItemAsync(new Amazon.DynamoDBv2.Model.PutItemRequest { TableName = "t" })'

_HANDLER = """
namespace Conformance {
	using Amazon.DynamoDBv2;
	using Amazon.Lambda.Core;
	public static class Sdk {
		public static readonly AmazonDynamoDBClient Client = new AmazonDynamoDBClient();
		public static T Then<T>(object first, T second) { return second; }
	}
	public class Function {
		public void Handler(string input, ILambdaContext context) {
			MAIN;
			END
		}
	}
}
"""
_USINGS = "".join(
    f"using {one};\n"
    for one in (
        "System", "System.Collections", "System.Collections.Generic", "System.Linq", "System.Linq.Expressions",
        "System.Reflection", "System.Runtime.InteropServices", "System.Text", "System.Threading",
        "System.Threading.Tasks",
    )
)  # fmt: skip
"""What the small programs use."""
_OPTIONS = re.compile(rb"(?m)^\s*//\s*Compiler options:(.*)$")
_NO_PROGRAM = re.compile(r"[-/]t(arget)?:(library|module)")
_CANNOT = re.compile(r"[-/](res|resource|keyfile|addmodule|nostdlib|main|m|pkg|linkres|delaysign|codepage)\b")
_LANGUAGE = tree_sitter.Language(tree_sitter_c_sharp.language())
_BODIES = frozenset(("block",))
_TYPES = frozenset(
    ("class_declaration", "struct_declaration", "record_declaration", "interface_declaration", "namespace_declaration")
)


class CSharp:
    """The folder mcs/tests of Mono's sources."""

    name = "csharp"
    forms = ("end", "inside", "expression", "gate")
    suffix = ".cs"
    runtime = "dotnet8"

    def made(self, suite: Path, form: str, limit: int | None, seed: int) -> Iterator[Made]:
        for path in drawn(_tests(suite), limit, seed):
            yield _made(path, form, seed)

    def happens(self, texts: dict[str, str]) -> set[str]:
        return {name for name, text in texts.items() if _run(*_parts(text)).happened}

    def small(self, text: str) -> str:
        members = text.replace("CALL", CALL)
        return f"{_USINGS}public class Program {{\n{members}}}\n" + _handler("Program.Body()", "")

    def written(self, folder: Path, texts: Sequence[str]) -> None:
        lines = ["AWSTemplateFormatVersion: '2010-09-09'", "Transform: AWS::Serverless-2016-10-31", "Resources:"]
        for number, text in enumerate(texts):
            own = folder / f"f{number}"
            own.mkdir()
            (own / f"f{number}.csproj").write_text('<Project Sdk="Microsoft.NET.Sdk"></Project>\n', "utf-8")
            for name, part in files(text, "Function.cs").items():
                (own / name).write_text(part, "utf-8")
            lines += [
                f"  f{number}:",
                "    Type: AWS::Serverless::Function",
                "    Properties:",
                f"      Handler: f{number}::Conformance.Function::Handler",
                f"      CodeUri: f{number}/",
                f"      Runtime: {self.runtime}",
            ]
        (folder / "template.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def _text(path: Path) -> bytes:
    return path.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n").encode()


def _handler(main: str, end: str) -> str:
    return _HANDLER.replace("MAIN", main).replace("END", end)


def _tests(suite: Path) -> list[Path]:
    """The tests that are compiled to a program."""
    found = sorted([*suite.glob("test-*.cs"), *suite.glob("gtest-*.cs")])
    return [path for path in found if not path.stem.endswith("-lib") and not _NO_PROGRAM.search(_options(_text(path)))]


def _options(source: bytes) -> str:
    return " ".join(one.decode(errors="replace") for one in _OPTIONS.findall(source))


def _together(path: Path) -> tuple[bytes, dict[str, str]] | None:
    """A test with the names that its options define, and the further files; None where these are not in the suite."""
    source = _text(path)
    further: dict[str, str] = {}
    for option in _options(source).split():
        if _CANNOT.match(option):
            return None
        kind, _, value = option.partition(":")
        if kind in ("-d", "-define", "/d", "/define"):
            source = b"".join(f"#define {one}\n".encode() for one in re.split("[;,]", value) if one) + source
        named = [option] if option.endswith(".cs") else []
        if kind in ("-r", "/r", "-reference", "/reference"):
            named = [
                one.removesuffix(".dll") + ".cs" for one in re.split("[;,]", value) if not one.startswith("System.")
            ]
        for name in named:
            other = path.parent / name
            if "=" in name or not other.is_file() or _CANNOT.search(_options(_text(other))):
                return None
            more = _together(other)
            if more is None:
                return None
            further |= {other.name: more[0].decode()} | more[1]
    return source, further


def _made(path: Path, form: str, seed: int) -> Made:
    name = path.name
    together = _together(path)
    if together is None:
        return Made(name, dropped="needs a reference, a resource or a key that is no source of the suite")
    source, further = together
    root = tree_sitter.Parser(_LANGUAGE).parse(source).root_node
    main = _main(root)
    if main is None:
        return Made(name, dropped="no Main that a handler can call")
    method, called = main
    opened = _opened(source, method)
    shift = edited(source, opened)
    root = tree_sitter.Parser(_LANGUAGE).parse(shift).root_node
    if form == "end":
        ran = _run(shift + _handler(called, f"{CALL};").encode(), further)
        if ran.refused is not None:
            alone = _run(shift + _handler(called, "").encode(), further).refused is not None
            return Made(name, dropped="does not compile alone" if alone else "the compiler refuses the call")
        if not ran.happened:
            return Made(name, dropped="the call does not happen")
        return Made(name, with_files(shift.decode() + _handler(called, f"{CALL};"), further))
    tail = _handler(called, "").encode()
    place, why = reached(
        shift,
        [place for node in walked(root) for place in _PLACES[form](node)],
        f"{seed} {name}",
        lambda number: CALL.replace('"t"', f'"{number}"'),
        lambda text: _run(text + tail, further),
    )
    if place is None:
        return Made(name, dropped=why)
    return Made(name, with_files((edited(shift, [(place, CALL)]) + tail).decode(), further))


def _main(root: tree_sitter.Node) -> tuple[tree_sitter.Node, str] | None:
    """The declaration of Main, and the words that call it."""
    for node in walked(root):
        if (
            node.type != "method_declaration"
            or not (named := node.child_by_field_name("name"))
            or named.text != b"Main"
        ):
            continue
        if "static" not in _modifiers(node):
            continue
        names = ["Main"]
        outer = node.parent
        while outer is not None:
            if outer.type in _TYPES:
                if any(one.type == "type_parameter_list" for one in outer.named_children):
                    return None
                name = outer.child_by_field_name("name")
                names.append("" if name is None or name.text is None else name.text.decode())
            outer = outer.parent
        given = node.child_by_field_name("parameters")
        arguments = "new string[0]" if given is not None and given.named_children else ""
        asynchronous = b"Task" in ((node.child_by_field_name("returns") or node).text or b"").partition(b"Main")[0]
        return node, f"global::{'.'.join(reversed(names))}({arguments})" + (".Wait()" if asynchronous else "")
    return None


def _modifiers(node: tree_sitter.Node) -> list[str]:
    return [one.text.decode() for one in node.named_children if one.type == "modifier" and one.text]


def _opened(source: bytes, method: tree_sitter.Node) -> list[tuple[Place, str]]:
    """The edits that make the class and the method accessible to the handler."""
    found = []
    node: tree_sitter.Node | None = method
    while node is not None:
        if node is method or node.type in _TYPES - {"namespace_declaration"}:
            modifiers = [one for one in node.named_children if one.type == "modifier"]
            words = {one.text for one in modifiers}
            hidden = [one for one in modifiers if one.text in (b"private", b"protected")]
            found += [(Place(one.start_byte, one.end_byte, "", instead="public"), "") for one in hidden]
            if not words & {b"public", b"internal", b"private", b"protected"}:
                at = next((one.start_byte for one in node.children if one.type != "attribute_list"), node.start_byte)
                found.append((Place(at, at, "public "), ""))
        node = node.parent
    return found


def _inside(node: tree_sitter.Node) -> Iterator[Place]:
    """The beginning of a block of a function, a branch or a loop."""
    parent = node.parent
    if node.type != "block" or parent is None:
        return
    named = parent.child_by_field_name("name")
    if not (parent.type == "method_declaration" and named is not None and named.text == b"Main"):
        yield Place(node.start_byte + 1, node.start_byte + 1, " %s; ")


def _expression(node: tree_sitter.Node) -> Iterator[Place]:
    """A value: an argument, what a variable is given, a condition, an operand or what is returned."""
    kind = node.type
    children = node.named_children
    values: list[tree_sitter.Node] = []
    if kind == "argument" and len(children) == 1:
        values = children
    elif kind == "variable_declarator" and len(children) == 2:
        values = children[1:]
    elif kind in ("return_statement", "binary_expression", "if_statement", "while_statement"):
        values = children[:1] if kind != "binary_expression" else children
    for value in values:
        if value.type not in ("initializer_expression", "declaration_expression", "lambda_expression", "null_literal"):
            yield Place(value.start_byte, value.end_byte, "Conformance.Sdk.Then(%s, ", ")")


def _gate(node: tree_sitter.Node) -> Iterator[Place]:
    """The else of an if that has none."""
    if node.type == "if_statement" and node.child_by_field_name("alternative") is None:
        yield Place(node.start_byte, node.end_byte, "", " else { %s; }")


_PLACES = {"inside": _inside, "expression": _expression, "gate": _gate}


def _parts(text: str) -> tuple[bytes, dict[str, str]]:
    parts = files(text, "")
    return parts.pop("").encode(), parts


def _run(text: bytes, further: dict[str, str]) -> Ran:
    """Compiles and runs a program with Mono."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "program.cs").write_bytes(text)
        for name, part in further.items():
            Path(folder, name).write_text(part, "utf-8")
        options = ["-nologo", "-nowarn:0,1", "-warn:0", "-unsafe", "-langversion:latest", "-main:Conformance.Entry"]
        options += ["-r:System.Numerics.dll,Microsoft.CSharp.dll"]
        options += [f"-out:{folder}/program.exe", f"{folder}/program.cs", str(HERE / "csharp_sdk.cs")]
        said = _compiled([*options, *(f"{folder}/{name}" for name in further)])
        if said is not None:
            return Ran(frozenset(int(one) for one in re.findall(r"program\.cs\((\d+),\d+\): error", said)))
        ran = _done([MONO, f"{folder}/program.exe"], folder)
        calls = re.findall(r"CONFORMANCE (\d+|t);", ran.stderr) if ran else []
        return Ran(None, frozenset(0 if one == "t" else int(one) for one in calls))


def _compiled(options: list[str]) -> str | None:
    """What the compiler says of a program that it refuses. It ends and is started again if it takes over 20 seconds."""
    compiler = _compiler()
    if compiler.stdin is None or compiler.stdout is None:
        raise ValueError("the compiler has no pipes")
    compiler.stdin.write("\t".join(options).encode() + b"\n")
    compiler.stdin.flush()
    said: list[str] = []
    while select.select([compiler.stdout], [], [], 20)[0]:
        line = compiler.stdout.readline()
        if line.startswith(b"= "):
            return None if line.strip() == b"= 1" else "".join(said)
        if not line:
            break
        said.append(line.decode(errors="replace"))
    compiler.kill()
    compiler.wait()
    _compiler.cache_clear()
    return "".join(said)


@cache
def _compiler() -> subprocess.Popen[bytes]:
    """A process that compiles one program after another."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run([MCS, f"-out:{folder}/compiler.exe", str(HERE / "csharp_compiler.cs")], check=True)
    library = os.environ.get("MCS_LIBRARY", "/usr/lib/mono/4.5/mcs.exe")
    started = subprocess.Popen(
        [MONO, f"{folder}/compiler.exe", library], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    atexit.register(started.kill)
    return started


def _done(command: list[str], folder: str) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=20, cwd=folder, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return None


SUITE = CSharp()
