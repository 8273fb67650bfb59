"""A program that would never end, or never fit, is read in a moment: as a tree, or as one error with a place."""

from __future__ import annotations

import gc
import time
from pathlib import Path
from random import Random

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.documents.document import Files
from scopedown.languages.javascript.programs.read import read_program
from scopedown.project.options import Options

SECONDS = 5.0
"""Of processor time, on any machine; most take a few hundredths."""

HOSTILE = {
    "parentheses": "export default " + "(" * 20_000 + "1" + ")" * 20_000,
    "objects in objects": "export default " + "{a:" * 5_000 + "1" + "}" * 5_000,
    "arrays in arrays": "export default {a:" + "[" * 5_000 + "]" * 5_000 + "}",
    "a sum of thousands": "export default {a:" + "+".join(["'x'"] * 20_000) + "}",
    "calls on calls": "export default {a:''" + ".trim()" * 20_000 + "}",
    "templates in templates": "export default {a:" + "`${" * 3_000 + "1" + "}`" * 3_000 + "}",
    "patterns in patterns": "const " + "{a:" * 3_000 + "b" + "}" * 3_000 + " = {}; export default {}",
    "branches in branches": "if (1) {" * 3_000 + "}" * 3_000 + "export default {}",
    "a function that calls itself": "const f = (x) => f(x + 1); export default {a: f(0)}",
    "a function that calls itself twice": "const f = (x) => x < 2 ? 1 : f(x - 1) + f(x - 2); export default {a: f(60)}",
    "functions in callbacks": "const f = (n) => [1].map(() => n > 0 ? f(n - 1) : 1); export default {a: f(500)}",
    "a loop without an end": "let i = 0; while (true) { i++ } export default {a: i}",
    "a list that grows while it is walked": "const a = [1]; for (const x of a) { a.push(x) } export default {a}",
    "a text that doubles": "let s = 'aaaaaaaa';" + "s = s + s;" * 60 + "export default {a: s}",
    "an unknown text that doubles": "let s = process.env.X;" + "s = s + '-' + s;" * 60 + "export default {a: s}",
    "a list that doubles": "let s = [1];" + "s = [...s, ...s];" * 60 + "export default {a: s}",
    "lists that hold the last one twice": "let s = [1];" + "s = [s, s];" * 60 + "export default {a: s}",
    "such lists as text": "let s = [1];" + "s = [s, s];" * 60 + "export default {a: `${s}`, b: JSON.stringify(s)}",
    "such lists made flat": "let s = [1];" + "s = [s, s];" * 60 + "export default {a: s.flat(Infinity)}",
    "long texts held often": "const s = 'x'.repeat(1e6); let a = s;" + "a = Array(16).fill(a);" * 4
    + "export default {a: `${a}`, b: a.join(), c: JSON.stringify(a), d: ''.concat(a)}",
    "long texts held often, in the tree": "let a = 'x'.repeat(1e6);" + "a = [a, a, a, a, a, a, a, a];" * 4
    + "export default {a}",
    "an object that holds itself": "const a = {}; a.a = a; export default a",
    "an array that holds itself": "const a = []; a.push(a); export default {a, b: `${a}`, c: a.join(), d: a.flat(99)}",
    "a copy of what holds itself": "const a = []; a.push(a); export default {a: structuredClone(a)}",
    "a pattern that tries everything": "export default {a: '" + "a" * 4_000 + "!'.replace(/(a+)+$/, '')}",
    "stars": "export default {a: '" + "a" * 3_999 + "'.replace(/a*a*b/, '')}",
    "stars again and again": "let s = 'a'.repeat(300); for (let i = 0; i < 5000; i++) { s.match(/a*a*b/) }"
    "export default {}",
    "optional letters": "export default {a: '" + "a" * 59 + "'.replace(/" + "a?" * 60 + "a" * 60 + "/, '')}",
    "such lists as arguments": "let s = ['x'];" + "s = [s, s];" * 60
    + "export default {a: 'x'.includes(s), b: [1].slice(s), c: parseInt('1', s), d: 'x'.replace(s, s), e: [s].sort()}",
    "arguments that hold themselves": "const s = []; s.push(s);"
    + "export default {a: 'x'.includes(s), b: [1].slice(s), c: parseInt('1', s), d: 'x'.replace(s, s), e: Math.max(s)}",
    "a text of a thousand million": "export default {a: 'x'.repeat(1e9), b: 'x'.padStart(1e12)}",
    "replacements of replacements": "let s = 'a'.repeat(9e5); export default {a: s.replaceAll('a', s)}",
    "powers": "export default {a: 9**9**9**9, b: 1e308 * 10, c: 2**1024}",
    "an array of any length": "export default {a: Array.from({length: 1e9}), b: [...Array(1e9)]}",
    "a variable made of itself": "process.env.A = 'x'.repeat(5e5);" + "process.env.A += process.env.A;" * 40
    + "export default {a: process.env.A}",
    "types that may be anything": "export default {a: " + "a<" * 20_000 + "}",
    "a device": "export default {a: require('fs').readFileSync('/dev/zero'), b: require('/dev/zero')}",
    "the file itself": "export * from './serverless'; import * as a from './serverless'; export default {a}",
    "a file of a megabyte": "export default {a: [" + "1," * 600_000 + "]}",
}  # fmt: skip


@pytest.mark.parametrize("program", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_program_ends_quickly(tmp_path: Path, program: str) -> None:
    path = tmp_path / "serverless.ts"
    path.write_text(program, encoding="utf-8")
    gc.freeze()  # what the tests before left behind is not looked through again
    started = time.process_time()
    try:
        read_program(path, Files(tmp_path), Options())
    except ScopedownError as error:
        assert error.place is not None and error.remedy
    taken = time.process_time() - started
    gc.unfreeze()
    assert taken < SECONDS


@pytest.mark.parametrize("program", ["\0\1\2", "", "//", "\ufeffexport default {}", "{", "}}}}", "export", "import"])
def test_what_is_hardly_a_program_is_read_or_refused(tmp_path: Path, program: str) -> None:
    path = tmp_path / "serverless.ts"
    path.write_text(program, encoding="utf-8")
    try:
        assert read_program(path, Files(tmp_path), Options()).tree == {}
    except ScopedownError as error:
        assert error.place is not None and error.remedy


def test_nothing_is_run(tmp_path: Path) -> None:
    path = tmp_path / "serverless.js"
    path.write_text(
        "const { execSync } = require('child_process');\nexecSync('touch ran');\n"
        "require('fs').writeFileSync('ran', '');\neval(\"require('fs').writeFileSync('ran', '')\");\n"
        "module.exports = { a: new Function('return 1')(), b: execSync('id').toString() };\n"
    )
    read_program(path, Files(tmp_path), Options())
    assert [item.name for item in tmp_path.iterdir()] == ["serverless.js"]


PIECES = (
    *"{}()[]`,;:.?=+-*/<>!&|@#'\"\\", "${", "...", "=>", "?.", "??", "await ", "new ", "class A {", "function f() {",
    "return ",
    "if (x) ", "for (const a of b) ", "throw ", "import a from './serverless'\n", "export ", "default ", "this", "NaN",
    "process.env.X", "undefined", ".map(", ".sort(", ".flat(", ".at(", ".replace(/a/g,", "JSON.parse(", "1e400", "-1",
    "Object.entries(", "String(", "\n", "\u2028", "é",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_program_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    texts = [path.read_text("utf-8") for path in sorted((Path(__file__).parent / "golden").rglob("*.[tm]*s"))]
    path = tmp_path / "serverless.ts"
    for _ in range(50):
        text = random.choice(texts)
        for _ in range(random.randint(1, 4)):
            start = random.randrange(len(text) + 1)
            text = text[:start] + random.choice(PIECES) + text[start + random.choice((0, 0, 1, 3, 20)) :]
        path.write_text(text, encoding="utf-8")
        try:
            read_program(path, Files(tmp_path), Options())
        except ScopedownError as error:
            assert error.place is not None and error.remedy
