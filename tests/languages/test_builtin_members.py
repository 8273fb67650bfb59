# ruff: noqa: E501, SIM905  (the rows of languages are as long as they are)
"""Every member of the built-in types that a known value may be asked for, with none and odd arguments: no fault.

The members are those of the languages' own lists below and every name in the tables of the language's modules. What is
known of a value is worked out as the language does, so a table that lacks a name, or an argument of an odd type, shows
here. Each call is in a ``try`` where the language has one, so that an error of the program ends nothing else.
"""

from __future__ import annotations

import keyword
import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path

import pytest

from scopedown.calls.builtins.builtin_table import Builtins
from scopedown.calls.faults import TRACEBACK
from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_]*[?!]?")
BATCH = 40
"""Calls of one program: few enough that none is left out for the bound of steps."""
CALLS = 240
"""Of each language that are run here, drawn evenly from all."""


@dataclass(frozen=True)
class Spoken:
    """How a language calls a member, and how a program has such calls."""

    rooms: Sequence[str]
    """Packages whose tables are walked."""
    values: Sequence[str]
    arguments: Sequence[str]
    statement: str
    program: str
    file: str
    symbol: str
    beside: Mapping[str, str]
    more: Sequence[str] = ()
    """Members that no table has to have."""
    statics: Sequence[str] = ()
    """Types and modules whose own members are called."""


PYTHON = [
    *{name for kind in (str, bytes, int, float, complex, list, dict, set, tuple, range, memoryview) for name in dir(kind)}
]  # fmt: skip
JAVASCRIPT = """
at charAt charCodeAt codePointAt concat endsWith includes indexOf isWellFormed lastIndexOf localeCompare match matchAll
normalize padEnd padStart repeat replace replaceAll search slice split startsWith substr substring toLocaleLowerCase
toLocaleUpperCase toLowerCase toString toUpperCase toWellFormed trim trimEnd trimStart trimLeft valueOf anchor big link
toExponential toFixed toLocaleString toPrecision copyWithin entries every fill filter find findIndex findLast
findLastIndex flat flatMap forEach join keys map pop push reduce reduceRight reverse shift some sort splice toReversed
toSorted toSpliced unshift values with length hasOwnProperty isPrototypeOf propertyIsEnumerable constructor __proto__
get set has delete clear size add union intersection difference symmetricDifference isSubsetOf isSupersetOf
isDisjointFrom getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getYear
getTimezoneOffset getUTCDate getUTCDay getUTCFullYear setDate setFullYear setHours setTime toDateString toISOString
toJSON toLocaleDateString toLocaleTimeString toTimeString toUTCString toGMTString exec test compile flags global source
sticky lastIndex then catch finally description asIntN asUintN for keyFor iterator next return throw call apply bind
name message stack cause deref register isArray from of fromAsync assign create defineProperties defineProperty freeze
fromEntries getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols getPrototypeOf
groupBy hasOwn is isExtensible isFrozen isSealed preventExtensions seal setPrototypeOf fromCharCode fromCodePoint raw
isFinite isInteger isNaN isSafeInteger parseFloat parseInt EPSILON MAX_SAFE_INTEGER NaN UTC now parse stringify all
allSettled any race reject resolve withResolvers try abs max min round floor sign trunc ownKeys construct hypot random
""".split()

LANGUAGES = {
    "python": Spoken(
        ("scopedown.calls.builtins", "scopedown.languages.python", "scopedown.source"),
        ['"abc"', '""', 'b"ab"', "5", "-1", "0", "1.5", "True", "None", '[1, "a"]', "[]", '{"a": 1}', "{}", "{1, 2}",
         "set()", "(1, 2)", "()", "range(3)", 'bytearray(b"a")', "1j", "frozenset([1])", '"\\u00e9\\ud800"',
         'float("nan")', 'float("inf")', "10**30", "print", "Exception('x')"],
        ["", "None", "-1", '"x"', "[]", '"a", "b"', "1, 2, 3", "10**30", 'float("nan")', 'x=1', "*[1]", "lambda *a: a",
         "{}", "b'a'", "('a', 1)", "True", "print", "self"],
        "    try:\n        self = {value}\n        self.{name}({arguments})\n    except Exception:\n        pass\n",
        "def handler(event, context):\n{calls}", "app.py", "handler", {}, PYTHON,
        ["str", "int", "float", "bytes", "list", "dict", "set", "tuple", "frozenset", "bool", "complex", "object", "type"],
    ),
    "javascript": Spoken(
        ("scopedown.calls.builtins", "scopedown.languages.javascript"),
        ['"abc"', '""', "5", "(-1)", "0", "1.5", "NaN", "Infinity", "true", "null", "undefined", '[1, "a"]', "[]",
         '({a: 1})', "({})", "new Map([[1, 2]])", "new Set([1])", "new Date(0)", 'new Date("x")', "/a(b)/g",
         "Promise.resolve(1)", "10n", 'Symbol("s")', "(x => x)", 'new Error("m")', '"\\ud800"', "1e21", "[3, , 1]",
         "new WeakMap()", "class { static s = 1 }", "1e-7", "(2 ** 53)"],
        ["", "null", "-1", '"x"', "[]", '"a", "b"', "1, 2, 3", "1e30", "NaN", "undefined", "...[1]", "x => x", "{}",
         "/a/", "self", "true", "10n", "101", 'Symbol("s")', '"de-DE", {style: "percent"}', "new Map()"],
        "  try {{ const self = {value}; self.{name}({arguments}); }} catch (e) {{}}\n",
        "exports.handler = async (event) => {{\n{calls}}};\n", "app.js", "handler", {}, JAVASCRIPT,
        ["String", "Number", "Array", "Object", "Map", "Set", "Date", "RegExp", "Promise", "Boolean", "BigInt",
         "Symbol", "Math", "JSON", "Reflect", "Function", "Error", "Buffer", "URL", "Proxy", "Intl", "Atomics"],
    ),
    "ruby": Spoken(
        ("scopedown.languages.ruby",),
        ['"abc"', '""', "5", "-1", "0", "1.5", "true", "nil", '[1, "a"]', "[]", '{ a: 1 }', "({})", ":sym", "(1..3)",
         "/a(b)/", "->(x) { x }", "Float::NAN", "10**30", "Set.new([1])", "Struct.new(:a).new(1)", "Time.at(0)"],
        ["", "nil", "-1", '"x"', "[]", '"a", "b"', "1, 2, 3", "x: 1", "*[1]", "&:to_s", "{}", "/a/", ":a", "1.5", "(1..2)"],
        "  begin\n    it = ({value})\n    it.{name}({arguments})\n  rescue StandardError\n  end\n",
        "def handler(event:, context:)\n{calls}end\n", "app.rb", "handler", {},
        ["format", "%", "unpack", "tr", "gsub", "sub", "dig", "fetch", "sum", "zip", "then", "freeze", "step", "digits"],
        ["String", "Integer", "Float", "Array", "Hash", "Set", "Time", "JSON", "URI", "ENV", "File", "Kernel", "Struct"],
    ),
    "php": Spoken(
        ("scopedown.languages.php",),
        ['"abc"', '""', "5", "-1", "1.5", "true", "null", '[1, "a"]', "[]", "['a' => 1]", "fn($x) => $x", "NAN", "PHP_INT_MAX",
         "new ArrayObject([1])", "new DateTime('@0')"],
        ["", "null", "-1", '"x"', "[]", '"a", "b"', "1, 2, 3", "...[1]", "fn($x) => $x", "1.5", "'a', [], 'b'", "x: 1"],
        "  try {{ $it = {value}; {name}($it, {arguments}); {name}({arguments}); $it->{name}({arguments}); }} catch (\\Throwable $e) {{}}\n",
        "<?php\nreturn function ($event, $context) {{\n{calls}}};\n", "index.php", "", {"composer.json": "{}"},
        ["sprintf", "explode", "implode", "substr", "str_repeat", "array_map", "array_combine", "range", "str_pad", "number_format"],
        ["DateTime", "ArrayObject", "Closure", "Exception"],
    ),
    "go": Spoken(
        ("scopedown.languages.go",),
        ["strings", "strconv", "fmt", "path", "filepath", "time", "sort", "slices", "maps", "json", "os", "errors", "url",
         "bytes", "regexp", "math", "context", "reflect", "base64", "sync"],
        ["", "nil", "-1", '"x"', "[]string{}", '"a", "b"', "1, 2, 3", '"%d", "x"', '[]string{"a"}, ","', "1.5", '"a", -1',
         'map[string]int{"a": 1}', '"x", "a", "b", -1', "func() {}", "1<<62, 99"],
        "\t_ = {value}.{name}({arguments})\n",
        'package main\n\nimport (\n\t"github.com/aws/aws-lambda-go/lambda"\n\t"bytes"\n\t"context"\n\t"encoding/base64"\n'
        '\t"encoding/json"\n\t"errors"\n\t"fmt"\n\t"maps"\n\t"math"\n\t"net/url"\n\t"os"\n\t"path"\n\t"path/filepath"\n'
        '\t"reflect"\n\t"regexp"\n\t"slices"\n\t"sort"\n\t"strconv"\n\t"strings"\n\t"sync"\n\t"time"\n)\n\n'
        "func handle() {{\n{calls}}}\n\nfunc main() {{ lambda.Start(handle) }}\n",
        "main.go", "main", {"go.mod": "module app\n\ngo 1.22\n"},
    ),
    "java": Spoken(
        ("scopedown.languages.java", "scopedown.languages.kotlin"),
        ['"abc"', '""', "5", "-1", "1.5", "true", "null", "List.of(1, 2)", "List.of()", 'Map.of("a", 1)', "Set.of(1)",
         "Optional.of(1)", "Optional.empty()", "new int[]{1}", "'c'", "Integer.valueOf(3)", "new StringBuilder()",
         "Stream.of(1)", "Duration.ofDays(1)", "Instant.EPOCH"],
        ["", "null", "-1", '"x"', "List.of()", '"a", "b"', "1, 2, 3", "x -> x", "1L << 40", "'c'", "1.5", "() -> 1",
         "Map.of()", "Object::toString", '"%d", "x"'],
        "    try {{ var it = {value}; it.{name}({arguments}); }} catch (Exception e) {{ }}\n",
        "package app;\n\nimport java.util.*;\nimport java.util.stream.*;\nimport java.time.*;\n\npublic class App {{\n"
        "  public Object handle(Map<String, String> event) {{\n{calls}    return null;\n  }}\n}}\n",
        "src/main/java/app/App.java", "app.App::handle", {"pom.xml": "<project></project>"}, (),
        ["String", "Integer", "Long", "Double", "List", "Map", "Set", "Optional", "Objects", "Arrays", "Collections",
         "Stream", "Math", "Boolean", "Character", "Duration", "Instant", "System", "Collectors", "UUID"],
    ),
    "kotlin": Spoken(
        ("scopedown.languages.kotlin",),
        ['"abc"', '""', "5", "(-1)", "1.5", "true", "null", "listOf(1, 2)", "listOf<Int>()", 'mapOf("a" to 1)', "setOf(1)",
         "arrayOf(1)", "'c'", "(1..3)", "Pair(1, 2)", "StringBuilder()", "sequenceOf(1)"],
        ["", "null", "-1", '"x"', "listOf<Int>()", '"a", "b"', "1, 2, 3", "{ it }", "1L shl 40", "'c'", "1.5", "*arrayOf(1)",
         'x = 1', '"a" to 1', '"%d", "x"'],
        "        try { val self = {value}; self.{name}({arguments}) } catch (e: Exception) { }\n".replace("{ ", "{{ ")
        .replace(" }", " }}"),
        "package app\n\nclass App {{\n    fun handle(event: Map<String, String>): Any? {{\n{calls}        return null\n    }}\n}}\n",
        "src/main/kotlin/app/App.kt", "app.App::handle", {"build.gradle.kts": ""},
        ["let", "run", "apply", "also", "takeIf", "repeat", "format", "padStart", "chunked", "windowed", "associateWith", "step"],
        ["String", "Int", "Long", "Regex", "Math", "System", "Duration", "Instant"],
    ),
    "csharp": Spoken(
        ("scopedown.languages.csharp",),
        ['"abc"', '""', "5", "(-1)", "1.5", "true", "(string)null", "new List<int> { 1 }", "new int[] { 1 }",
         'new Dictionary<string, int> { ["a"] = 1 }', "new HashSet<int>()", "'c'", "1.5m", "DateTime.UnixEpoch",
         "TimeSpan.Zero", "(1, 2)", "Guid.Empty", "long.MaxValue"],
        ["", "null", "-1", '"x"', "new int[0]", '"a", "b"', "1, 2, 3", "x => x", "1L << 40", "'c'", "1.5", "x: 1",
         '"{0} {9}"', "StringComparison.Ordinal", "out var o", "^1"],
        "        try {{ var it = {value}; it.{name}({arguments}); }} catch {{ }}\n",
        "using System; using System.Linq; using System.Collections.Generic;\nnamespace App;\npublic class Function {{\n"
        "    public object Handler(string input) {{\n{calls}        return null;\n    }}\n}}\n",
        "src/Function.cs", "App.Function::Handler", {"src/App.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>'}, (),
        ["string", "int", "long", "double", "Enumerable", "Math", "Convert", "DateTime", "TimeSpan", "Guid", "Array", "Path",
         "Environment", "Regex", "bool", "char", "decimal", "Encoding.UTF8"],
    ),
    "rust": Spoken(
        ("scopedown.languages.rust",),
        ['"abc"', '""', "5", "(-1)", "1.5", "true", "None", "Some(1)", "vec![1, 2]", "Vec::<i32>::new()", "(1, 2)", "'c'",
         'String::from("a")', 'Ok::<i32, i32>(1)', "HashMap::from([(1, 2)])", "[1, 2]", "(0..3)", 'b"ab"', "u64::MAX"],
        ["", "None", "-1", '"x"', "vec![]", '"a", "b"', "1, 2, 3", "|x| x", "1u64 << 63", "'c'", "1.5", "..", "&[1]", "|| 1"],
        "    let _ = {value}.{name}({arguments});\n",
        "use std::collections::*;\n\nfn main() {{\n{calls}}}\n", "src/main.rs", "main",
        {"Cargo.toml": '[package]\nname = "app"\n'}, (),
    ),
}  # fmt: skip


_OTHER = {"javascript": "python", "python": "javascript"}
"""Of the packages that two languages share: the modules of the other one."""


def names_of(value: object, depth: int = 0) -> Iterator[str]:
    """The names in a table, at most three levels deep."""
    if isinstance(value, str):
        last = value.rpartition(".")[2].rpartition("::")[2]
        if NAME.fullmatch(last):
            yield last
    elif isinstance(value, Builtins):
        yield from names_of(value.rows)
    elif isinstance(value, Mapping) and depth < 3:
        for key, held in value.items():
            yield from names_of(key, depth + 1)
            if not isinstance(held, str):
                yield from names_of(held, depth + 1)
    elif isinstance(value, frozenset | set | tuple | list) and depth < 3:
        for one in value:
            yield from names_of(one, depth + 1)


@cache
def members(language: str) -> tuple[str, ...]:
    """The members to ask for, sorted."""
    spoken = LANGUAGES[language]
    found = set(spoken.more)
    for room in spoken.rooms:
        package = import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if _OTHER.get(language, "-") in module.name:
                continue
            for value in vars(import_module(module.name)).values():
                found.update(names_of(value))
    keep = (
        {one for one in found if one.isidentifier() and not keyword.iskeyword(one)} if language == "python" else found
    )
    return tuple(sorted(keep))


def every_call(language: str) -> Iterator[str]:
    """Each member of each value with each list of arguments, as a statement."""
    spoken = LANGUAGES[language]
    for name in members(language):
        for value in (*spoken.values, *spoken.statics):
            for arguments in spoken.arguments:
                yield spoken.statement.format(value=value, name=name, arguments=arguments)


def count(language: str) -> int:
    """How many calls there are."""
    spoken = LANGUAGES[language]
    return len(members(language)) * (len(spoken.values) + len(spoken.statics)) * len(spoken.arguments)


def run(language: str, calls: Sequence[str], folder: Path) -> None:
    """Analyse a program that makes these calls. Raises what the analysis raises."""
    spoken = LANGUAGES[language]
    for name, text in {**spoken.beside, spoken.file: spoken.program.format(calls="".join(calls))}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    find_calls(Sources(str(folder)), catalog(), {}, spoken.file, spoken.symbol)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_member_of_a_built_in_type_is_a_fault(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TRACEBACK, "1")
    step = max(1, count(language) // CALLS) | 1
    drawn = islice(every_call(language), 0, None, step)
    at = 0
    while batch := list(islice(drawn, BATCH)):
        run(language, batch, tmp_path / str(at))
        at += 1
    assert at > 1


FAULTS = {
    "javascript: a number with the separators of a place": ("javascript", "const i = 5; i.toLocaleString();\n"),
    "php: join of nothing": ("php", "join(); implode();\n"),
    "rust: replace of nothing": ("rust", 'let _ = "a".replace();\n'),
}


@pytest.mark.parametrize("language, call", FAULTS.values(), ids=FAULTS.keys())
def test_a_call_that_was_a_fault_once_is_none(
    language: str, call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TRACEBACK, "1")
    run(language, [call], tmp_path)
