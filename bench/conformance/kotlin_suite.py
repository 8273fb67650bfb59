"""Kotlin's box tests as programs: the handler calls ``box()``, with an SDK call in it or after it.

Of the form *end* no program is run: a test that fails would fail in Kotlin's own suite.
"""

from __future__ import annotations

import errno
import os
import random
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from conformance.placing import Edit, replaced, walked
from conformance.programs import HERE, Made, drawn

CLIENT = "software.amazon.awssdk.services.dynamodb.DynamoDbClient"
CALL = f'{CLIENT}.create().putItem {{ it.tableName("t") }}'

_SKIPPED = {
    "is of another backend or of several modules": r"(?m)^// (?:TARGET_BACKEND: (?:JS|NATIVE|WASM)|MODULE:)",
    "needs a helper of the suite": r"(?m)^// WITH_HELPERS|\bhelpers\.",
}
ROUNDS = 4
"""How often a program is compiled, each time with half of the places."""
_FILE = re.compile(r"(?m)^// FILE: *(\S+) *\n")
_PACKAGE = re.compile(r"(?m)^\s*package\s+([\w.`]+)")
_ASSERTS = """package kotlin.test
fun <T> assertEquals(expected: T, actual: T, message: String? = null) {
    if (expected != actual) throw AssertionError(message)
}
fun <T> assertNotEquals(illegal: T, actual: T, message: String? = null) {
    if (illegal == actual) throw AssertionError(message)
}
fun assertTrue(actual: Boolean, message: String? = null) {
    if (!actual) throw AssertionError(message)
}
fun assertFalse(actual: Boolean, message: String? = null) {
    if (actual) throw AssertionError(message)
}
fun assertNull(actual: Any?, message: String? = null) {
    if (actual != null) throw AssertionError(message)
}
fun <T : Any> assertNotNull(actual: T?, message: String? = null): T = actual ?: throw AssertionError(message)
fun fail(message: String? = null): Nothing = throw AssertionError(message)
"""
"""What tests use of kotlin.test, in words of our own."""
_CONTINUATIONS = """import kotlin.coroutines.*

open class EmptyContinuation(override val context: CoroutineContext = EmptyCoroutineContext) : Continuation<Any?> {
    companion object : EmptyContinuation()
    override fun resumeWith(result: Result<Any?>) {
        result.getOrThrow()
    }
}
fun <T> handleResultContinuation(handle: (T) -> Unit): Continuation<T> =
    Continuation(EmptyCoroutineContext) { handle(it.getOrThrow()) }
fun handleExceptionContinuation(handle: (Throwable) -> Unit): Continuation<Any?> =
    Continuation(EmptyCoroutineContext) { it.exceptionOrNull()?.let(handle) }
"""
"""What tests with ``WITH_COROUTINES`` use, in words of our own."""
_BLOCKS = ("block", "lambda_literal")
_JUMPS = ("return_expression", "throw_expression", "break_expression", "continue_expression")
_CONSTANT = ("annotation", "file_annotation", "import", "package_header", "constructor_delegation_call",
             "delegation_specifier", "user_type", "when_condition")  # fmt: skip


class Test(NamedTuple):
    """A test that can be a program."""

    name: str
    text: str
    package: str


class Kotlin:
    """The folder compiler/testData/codegen/box of Kotlin's sources."""

    name = "kotlin"
    forms = ("end", "inside", "expression", "gate")
    suffix = ".kt"
    runtime = "java17"

    def made(self, suite: Path, form: str, limit: int | None, seed: int) -> Iterator[Made]:
        tests, edits = [], {}
        for path in drawn(sorted(suite.rglob("*.kt")), limit, seed):
            name = str(path.relative_to(suite))
            given = path.read_text("utf-8", errors="replace")
            why = next((why for why, words in _SKIPPED.items() if re.search(words, given)), "")
            if not why and not re.search(r"\bfun box\(\)", given):
                why = "has no box()"
            if not why:
                edits[name] = _PLACES[form](_without_java(given.encode()))
                why = "" if edits[name] else "no place for the form"
            if why:
                yield Made(name, dropped=why)
            else:
                box = given[: given.find("fun box()")]
                tests.append(Test(name, given, (_PACKAGE.findall(_FILE.split(box)[-1]) or [""])[-1]))
        if form == "end":  # a test that fails would fail in Kotlin's own suite
            yield from (Made(one.name, _program(one, one.text, end=True)) for one in tests)
            return
        found: dict[str, str] = {}
        refused = tests
        for number in range(ROUNDS):  # the compiler may refuse the call in some of the places
            if number:
                chance = random.Random(f"{seed} {number}")
                refused = [one for one in refused if found.get(one.name, "").startswith("failed") and edits[one.name]]
                for one in refused:
                    places = edits[one.name]
                    kept = sorted(chance.sample(range(len(places)), len(places) // 2))
                    edits[one.name] = [places[place] for place in kept]
            marked = {
                one.name: _program(one, _marked(one.text.encode(), edits[one.name]), end=False) for one in refused
            }
            found |= _run({name: _marks(text) for name, text in marked.items()})
        for test in tests:
            yield _drawn(test, edits[test.name], found.get(test.name, "hangs"), seed)

    def happens(self, texts: dict[str, str]) -> set[str]:
        return {name for name, said in _run(texts).items() if said.startswith("ran") and "-1" in said.split("\t")[-1]}

    def small(self, text: str) -> str:
        top, _, body = text.replace("CALL", CALL).rpartition("HANDLER\n")
        whole = f'{top}fun box(): String {{\n{body}return "OK"\n}}\n'
        return _program(Test("small", whole, ""), whole, end=False)

    def written(self, folder: Path, texts: Sequence[str]) -> None:
        lines = ["AWSTemplateFormatVersion: '2010-09-09'", "Transform: AWS::Serverless-2016-10-31", "Resources:"]
        for number, text in enumerate(texts):
            own = folder / f"f{number}"
            entry = _laid_out(own, own / "src/main/kotlin", text)
            (own / "build.gradle.kts").write_text("", "utf-8")
            (own / "entry").unlink()
            lines += [
                f"  f{number}:",
                "    Type: AWS::Serverless::Function",
                f"    Properties: {{CodeUri: f{number}/, Handler: '{entry}::handleRequest', Runtime: {self.runtime}}}",
            ]
        (folder / "template.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def _drawn(test: Test, edits: list[Edit], said: str, seed: int) -> Made:
    """The program with the call in one of the places that were reached."""
    what, *rest = said.split("\t")
    if what != "ran":
        return Made(test.name, dropped="does not compile with this compiler" if what == "failed" else what)
    result, numbers = rest
    if result != "OK":
        return Made(test.name, dropped="does not return OK with this compiler")
    if not edits:
        return Made(test.name, dropped="the compiler refuses the call")
    reached = sorted(int(one) for one in numbers.split() if int(one) >= 0)
    if not reached:
        return Made(test.name, dropped="the call does not happen")
    chosen = edits[random.Random(f"{seed} {test.name}").choice(reached)]
    return Made(test.name, _program(test, replaced(test.text.encode(), [chosen]).replace("<CALL>", CALL), end=False))


def _program(test: Test, text: str, *, end: bool) -> str:
    """All files of a program, each after a line with its name."""
    whole = text if _FILE.search(text) else f"// FILE: Test.kt\n{text}\n"
    if re.search(r"(?m)^import kotlin\.test\.", text):
        whole += f"\n// FILE: Asserts.kt\n{_ASSERTS}"
    if re.search(r"(?m)^// WITH_COROUTINES", text):
        whole += f"\n// FILE: Continuations.kt\n{f'package {test.package}' if test.package else ''}\n{_CONTINUATIONS}"
    package = f"package {test.package}\n\n" if test.package else ""
    return (
        f"{whole}\n// FILE: ConformanceHandler.kt\n{package}"
        "import com.amazonaws.services.lambda.runtime.Context\n"
        "import com.amazonaws.services.lambda.runtime.RequestHandler\n\n"
        "class ConformanceHandler : RequestHandler<Map<String, String>, String> {\n"
        "    override fun handleRequest(input: Map<String, String>, context: Context?): String {\n"
        f"        val result = box()\n{f'        {CALL}{chr(10)}' if end else ''}        return result\n    }}\n}}\n"
    )


def _without_java(text: bytes) -> bytes:
    """The text with blanks where files of Java are, at the same places."""
    return re.sub(
        rb"(?ms)^// FILE: *\S+\.java\b.*?(?=^// FILE:|\Z)", lambda found: re.sub(rb"[^\n]", b" ", found[0]), text
    )


def _laid_out(folder: Path, sources: Path, text: str) -> str:
    """Writes the files of a program; the whole name of its handler's class."""
    sources.mkdir(parents=True)
    parts = _FILE.split(text)
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        (sources / Path(name).name).write_text(body, "utf-8")
    package = _PACKAGE.match(parts[-1])
    entry = f"{package[1].replace('`', '')}.ConformanceHandler" if package else "ConformanceHandler"
    (folder / "entry").write_text(entry, "utf-8")
    return entry


@cache
def _parser() -> Any:
    import tree_sitter_kotlin
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_kotlin.language()))


def _marked(text: bytes, edits: Sequence[Edit]) -> str:
    """The text with all places in it; those that hold other places come apart from them by their order."""
    events = []
    for number, (start, end, words) in enumerate(edits):
        before, _, after = words.partition("<VALUE>") if "<VALUE>" in words else (words, "", "")
        before, after = (one.replace("<CALL>", f"<MARK {number}>") for one in (before, after))
        events += [(start, 1, -end, number, before), (end, 0, -start, -number, after)]
    made, at = b"", 0
    for position, _, _, _, words in sorted(events):
        made += text[at:position] + words.encode()
        at = position
    return (made + text[at:]).decode()


def _marks(text: str) -> str:
    return re.sub(r"<MARK (\d+)>", r"conformance.Marks.mark(\1)", text)


def _end(text: bytes) -> list[Edit]:
    return [(0, 0, "")]


def _inside(text: bytes) -> list[Edit]:
    """Before a statement of a block or a lambda, and at the end of a block."""
    found = []
    for node in walked(_parser().parse(text).root_node, _CONSTANT):
        if node.type in _BLOCKS:
            inner = [
                one
                for one in node.named_children
                if not one.type.endswith("comment") and one.type != "lambda_parameters"
            ]
            found += [(one.start_byte, one.start_byte, "<CALL>; ") for one in inner]
            is_body = node.type == "block" and node.parent.type in ("function_body", "for_statement", "while_statement")
            if inner and is_body and inner[-1].type not in _JUMPS:
                found.append((inner[-1].end_byte, inner[-1].end_byte, "; <CALL>"))
    return found


def _expression(text: bytes) -> list[Edit]:
    """``run { call; value }``."""
    return [
        (one.start_byte, one.end_byte, "run { <CALL>; <VALUE> }")
        for node in walked(_parser().parse(text).root_node, _CONSTANT)
        for one in _values(node)
    ]


def _values(node: Any) -> list[Any]:
    """Expressions whose value is used there."""
    children = node.named_children
    match node.type:
        case "value_argument":
            found = children[-1:]
        case "return_expression" | "parenthesized_expression":
            found = children[:1]
        case "binary_expression":
            found = [one for name in ("left", "right") if (one := node.child_by_field_name(name)) is not None]
        case "if_expression":
            found = [node.child_by_field_name("condition")]
        case "property_declaration" if b"by" not in [one.type.encode() for one in node.children]:
            found = children[-1:] if any(one.type == "=" for one in node.children) else []
        case _:
            found = []
    plain = ("call_expression", "identifier", "binary_expression", "navigation_expression", "string_literal")
    return [one for one in found if one is not None and one.type in plain]


def _gate(text: bytes) -> list[Edit]:
    """The ``else`` of an ``if`` that has none, and ``if`` of what a test asserts to be equal."""
    found: list[Edit] = []
    for node in walked(_parser().parse(text).root_node, _CONSTANT):
        alone = node.parent is not None and node.parent.type in ("block", "lambda_literal")
        if node.type == "if_expression" and alone and not any(one.type == "else" for one in node.children):
            found.append((node.end_byte, node.end_byte, " else { <CALL> }"))
        elif node.type == "call_expression" and alone and node.named_children[0].text == b"assertEquals":
            given = [one.named_children[-1].text.decode() for one in node.named_children[-1].named_children]
            if len(given) >= 2 and node.named_children[-1].type == "value_arguments":
                found.append((node.start_byte, node.end_byte, f"if (({given[1]}) == ({given[0]})) {{ <CALL> }}"))
    return found


_PLACES: dict[str, Callable[[bytes], list[Edit]]] = {
    "end": _end, "inside": _inside, "expression": _expression, "gate": _gate
}  # fmt: skip


def _run(texts: dict[str, str]) -> dict[str, str]:
    """What becomes of each program: *failed* and an error, or *ran*, its result and the places that were reached."""
    found: dict[str, str] = {}
    compiler = os.environ.get("KOTLIN_COMPILER", "")
    if not compiler:
        raise FileNotFoundError(errno.ENOENT, "$KOTLIN_COMPILER is not set", "Kotlin's compiler")
    with tempfile.TemporaryDirectory() as whole:
        folders = {}
        for number, (name, text) in enumerate(texts.items()):
            folder = Path(whole, str(number))
            _laid_out(folder, folder / "src", text)
            folders[str(folder)] = name
        command = [
            "java",
            "-Xss64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx2g",
            "-cp",
            compiler,
            str(HERE / "KotlinPrograms.java"),
        ]
        done = subprocess.run(command, input="".join(f"{one}\n" for one in folders), capture_output=True, text=True)
        for line in done.stdout.splitlines():
            word, _, rest = line.partition("\t")
            folder_name, _, said = rest.partition("\t")
            if word == "RESULT":
                found[folders[folder_name]] = said
    return found


SUITE = Kotlin()
