"""Zend/tests of PHP's sources as programs: the test is what a handler runs, or what its file runs before it.

A test without a namespace, ``use``, ``const`` or ``declare`` of the file becomes the handler's body, by the seed or
stays at the top of the file, where the others are: there its variables are PHP's globals. Any ``--EXPECT--`` will do,
for what matters is that PHP makes the call.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from conformance.placing import Edit, replaced, walked
from conformance.programs import HERE, TRIES, Made, drawn, serverless_project

CALL = "(new \\Aws\\DynamoDb\\DynamoDbClient([]))->putItem(['TableName' => 't'])"
PHP = os.environ.get("PHP", "php")

_SETTINGS = ("display_errors=1", "error_reporting=32767", "memory_limit=128M", "max_execution_time=10")
_SECTION = re.compile(r"(?m)^--([A-Z_]+)--[ \t]*\r?\n")
_UNFIT = {
    "needs a request, arguments or an extension": re.compile(
        r"(?m)^--(POST|GET|PUT|COOKIE|ARGS|STDIN|CGI|EXTENSIONS|FILE_EXTERNAL|FILEEOF|REDIRECTTEST|HEADERS|PHPDBG)"
    ),
    "reads other files": re.compile(r"\b(?:require|include)(?:_once)?\b[^;\n]*\.(?:inc|php)\b"),
    "holds bytes that are no UTF-8": re.compile("\N{REPLACEMENT CHARACTER}"),
}
_TOP_ONLY = ("namespace_definition", "namespace_use_declaration", "const_declaration", "declare_statement")
_CONSTANT = ("const_declaration", "property_declaration", "simple_parameter", "property_promotion_parameter",
             "variadic_parameter", "attribute_list", "enum_case", "function_static_declaration",
             "declare_statement")  # fmt: skip
"""Syntax in which PHP allows constant expressions only."""
_JUMPS = ("return_statement", "break_statement", "continue_statement", "goto_statement", "exit_statement")
_PLAIN = ("variable_name", "member_access_expression", "subscript_expression", "scoped_property_access_expression",
          "dynamic_variable_name", "nullsafe_member_access_expression", "by_ref", "list_literal")  # fmt: skip
"""What a function may take by reference."""
_RETURN = "return function ($event, $context) {"


class Php:
    """The folder Zend/tests of PHP's sources."""

    name = "php"
    forms = ("end", "inside", "expression", "gate")
    suffix = ".php"
    runtime = "php-84"

    def made(self, suite: Path, form: str, limit: int | None, seed: int) -> Iterator[Made]:
        for path in drawn(sorted(suite.rglob("*.phpt")), limit, seed):
            yield _made(str(path.relative_to(suite)), path, form, seed)

    def happens(self, texts: dict[str, str]) -> set[str]:
        return {name for name, text in texts.items() if _called(text, ())}

    def small(self, text: str) -> str:
        top, _, body = text.rpartition("HANDLER\n")
        return f"<?php\n{top}{_RETURN}\n{body}}};\n".replace("CALL", CALL)

    def written(self, folder: Path, texts: Sequence[str]) -> None:
        serverless_project(folder, texts, self.runtime, self.suffix)
        settings = folder / "serverless.yml"
        settings.write_text(re.sub(r"(handler: f\d+)\.handler", r"\1.php", settings.read_text("utf-8")), "utf-8")


def _made(name: str, path: Path, form: str, seed: int) -> Made:
    given = path.read_text("utf-8", errors="replace")
    parts = _SECTION.split(given)[1:]
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    body = sections.get("FILE", "")
    if unfit := next((why for why, words in _UNFIT.items() if words.search(given if why[0] == "n" else body)), ""):
        return Made(name, dropped=unfit)
    if not body.startswith("<?php") or "__halt_compiler" in body.lower():
        return Made(name, dropped="begins or ends with what is no PHP")
    settings = tuple(line.strip() for line in sections.get("INI", "").splitlines() if "=" in line)
    text = body.encode()
    places = _PLACES[form](_parsed(text), text, settings)
    if not places:
        return Made(name, dropped="no place for the form")
    chance = random.Random(f"{seed} {name}")
    chance.shuffle(places)
    inner = not any(one.type in _TOP_ONLY for one in _parsed(text).named_children) and "?>" not in body[:-4]
    for edits in places[:TRIES]:
        program = _program(replaced(text, edits), inner and chance.random() < 0.5, form == "end")
        if _called(program, settings):
            return Made(name, program)
    fatal = re.search(r"(Fatal|Parse) error: ", given)
    return Made(name, dropped="expects a fatal error" if fatal else "the call does not happen")


def _program(test: str, inner: bool, end: bool) -> str:
    """The file of a handler; with ``inner`` the test is the handler's body, otherwise before it."""
    body = re.sub(r"(?<![;}\s])\s*\?>\s*$", ";", test)  # it ends a statement
    body = re.sub(r"\?>\s*$", "", body)
    if body.rfind("?>") > body.rfind("<?"):  # it ends with a text
        body += "\n<?php"
    call = f"\n{CALL};\n" if end else "\n"
    if inner:
        return f"<?php\n{_RETURN}\n{body.removeprefix('<?php')}{call}}};\n"
    after = f"{call}{_RETURN}\n    return null;\n}};\n"
    return f"{body}\nnamespace {{\n{after}}}\n" if re.search(r"(?m)^namespace[^;]*?\{", body) else body + after


@cache
def _parser() -> Any:
    import tree_sitter_php
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_php.language_php()))


def _parsed(text: bytes) -> Any:
    return _parser().parse(text).root_node


def _end(root: Any, text: bytes, settings: Sequence[str]) -> list[list[Edit]]:
    return [[]]


def _inside(root: Any, text: bytes, settings: Sequence[str]) -> list[list[Edit]]:
    found = []
    for node in walked(root, _CONSTANT):
        if node.type in ("compound_statement", "case_statement", "default_statement"):
            inner = [one for one in node.named_children if one.type.endswith(("_statement", "_declaration"))]
            found += [[(one.start_byte, one.start_byte, f"{CALL}; ")] for one in inner]
            if inner and inner[-1].type not in _JUMPS:
                found.append([(inner[-1].end_byte, inner[-1].end_byte, f" {CALL};")])
    return found


def _expression(root: Any, text: bytes, settings: Sequence[str]) -> list[list[Edit]]:
    found = []
    for node in walked(root, _CONSTANT):
        found += [
            [(one.start_byte, one.end_byte, f"[{CALL}, {text[one.start_byte : one.end_byte].decode()}][1]")]
            for one in _values(node)
            if one.type != "comment"
        ]
    return found


def _values(node: Any) -> list[Any]:
    """Expressions whose value is used there, and that nothing takes by reference."""
    children = node.named_children
    match node.type:
        case "assignment_expression":
            return [node.child_by_field_name("right")]
        case "binary_expression" if not any(one.type == "instanceof" for one in node.children):
            return [one for one in (node.child_by_field_name("left"), node.child_by_field_name("right")) if one]
        case "echo_statement" | "parenthesized_expression" | "conditional_expression":
            return [one for one in children if one.type != "sequence_expression"]
        case "return_statement" if b"function &" not in getattr(node.parent.parent, "text", b"")[:40]:
            return list(children)
        case "argument":
            return [one for one in children[-1:] if one.type not in _PLAIN]
        case "array_element_initializer":
            return [one for one in children[-1:] if one.type not in ("by_ref", "variadic_unpacking")]
    return []


def _gate(root: Any, text: bytes, settings: Sequence[str]) -> list[list[Edit]]:
    """``if (shown value === what PHP shows)``, and the ``else`` of an ``if`` that has none."""
    found: list[list[Edit]] = []
    shown: list[tuple[Any, str]] = []
    for node in walked(root, _CONSTANT):
        if node.type == "if_statement" and node.children[-1].type == "compound_statement":
            found.append([(node.end_byte, node.end_byte, f" else {{ {CALL}; }}")])
        elif node.type == "expression_statement" and node.named_children[0].type == "function_call_expression":
            call = node.named_children[0]
            given = call.child_by_field_name("arguments").named_children
            if (
                call.child_by_field_name("function").text in (b"var_dump", b"print_r", b"var_export")
                and len(given) == 1
            ):
                shown.append((node, given[0].text.decode()))
        elif node.type == "echo_statement" and len(node.named_children) == 1:
            value = node.named_children[0]
            if value.type not in ("string", "encapsed_string", "sequence_expression"):
                shown.append((node, value.text.decode()))
    if shown:
        probes = [(node.start_byte, node.end_byte, f"\\Conformance::value({number}, {value});")
                  for number, (node, value) in enumerate(shown)]  # fmt: skip
        for note in _notes(_program(replaced(text, probes), inner=False, end=False), settings):
            if "probe" in note:
                node, value = shown[note["probe"]]
                test = f"if (({value}) === {note['value']}) {{ {CALL}; }}"
                found.append([(node.start_byte, node.end_byte, test)])
    return found


_PLACES: dict[str, Callable[[Any, bytes, Sequence[str]], list[list[Edit]]]] = {
    "end": _end, "inside": _inside, "expression": _expression, "gate": _gate
}  # fmt: skip


def _called(program: str, settings: Sequence[str]) -> bool:
    return any("call" in one for one in _notes(program, settings))


def _notes(program: str, settings: Sequence[str]) -> list[dict[str, Any]]:
    """What PHP notes when the program runs in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file, notes = Path(folder, "program.php"), Path(folder, "notes")
        file.write_text(program, "utf-8")
        given = [part for one in (*_SETTINGS, *settings) for part in ("-d", one)]
        command = [PHP, "-n", *given, str(HERE / "php_programs.php"), str(file)]
        environment = {**os.environ, "NOTES": str(notes)}
        try:
            subprocess.run(
                command, capture_output=True, stdin=subprocess.DEVNULL, timeout=20, cwd=folder, env=environment
            )
        except subprocess.TimeoutExpired:
            return []
        return [json.loads(line) for line in notes.read_text("utf-8").splitlines()] if notes.exists() else []


SUITE = Php()
