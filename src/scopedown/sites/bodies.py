"""A file as functions and the words in each: its syntax tree, without any meaning.

In: source text. Out: :class:`Bodies`. One set of node kinds serves the grammars of all languages
(https://github.com/tree-sitter: each grammar's ``node-types.json``; ``tests/sites/test_bodies.py`` has a file of each).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scopedown.core.tables import read_rows

if TYPE_CHECKING:
    from tree_sitter import Node

Words = frozenset[bytes]

METHODS: Final = "methods"
OF_FILE: Final = "of the file"
ANY_FUNCTION: Final = "any"

WORD: Final = re.compile(rb"[A-Za-z_$\x80-\xff][\w$\x80-\xff]*")
FUNCTIONS: Final = frozenset(
    {
        "anonymous_function", "anonymous_function_creation_expression", "arrow_function",
        "closure_expression", "compact_constructor_declaration", "constructor_declaration", "func_literal",
        "function_declaration", "function_definition", "function_expression", "function_item", "generator_function",
        "generator_function_declaration", "lambda", "lambda_expression", "lambda_literal", "local_function_statement",
        "method", "method_declaration", "method_definition", "secondary_constructor",
        "singleton_method",
    }
)  # fmt: skip
_CLASSES: Final = frozenset(
    {
        "abstract_class_declaration", "class", "class_declaration", "class_definition", "companion_object",
        "enum_declaration", "impl_item", "interface_declaration", "object_declaration", "record_declaration",
        "struct_declaration", "trait_declaration", "trait_item",
    }
)  # fmt: skip
COMMENTS: Final = frozenset({"block_comment", "comment", "line_comment", "multiline_comment"})
_HOLDERS: Final = {
    "variable_declarator": "name", "pair": "key", "assignment_expression": "left", "assignment": "left",
    "field_definition": "property", "public_field_definition": "name", "keyword_argument": "name",
    "short_var_declaration": "left", "var_spec": "name", "let_declaration": "pattern",
}  # fmt: skip
"""What a function without a name is kept under: the field of the node that holds it."""
_THROUGH: Final = frozenset(
    {"arguments", "argument_list", "as_expression", "await_expression", "call", "call_expression", "expression_list",
     "parenthesized_expression", "satisfies_expression"}
)  # fmt: skip
"""What may be between a name and the function that is kept under it."""
_PROTOCOL: Final = re.compile(
    rb"__\w+__|constructor|init|initialize|new|drop|fmt|from|into|deref|(?:to|on|get|set|is|do|as)[A-Z]\w*|to_\w+"
    rb"|each|call|call_later|invoke|Invoke|run|apply|accept|close|dispose|Dispose|compare|compareTo|equals|hashCode"
    rb"|next|then|catch|toString|toJSON|valueOf|ToString|String|Error|MarshalJSON|UnmarshalJSON|finalize"
    rb"|operator\W?.*|method_missing|respond_to_missing\?|included|extended|inherited|prepended|[^\w$].*"
)
"""Methods that a language or a library calls by itself, without their name in the code that causes it."""


@dataclass(slots=True)
class Body:
    """A function, a class, or (the first of a file) the top level.

    ``names`` are what code reaches it by, ``words`` those of its own text: comments and the bodies inside of it are
    left out. ``follows``: it counts wherever what holds it counts. ``bases`` are words in the head of a class.
    ``computed``: which functions its calls by computed names may mean.
    """

    names: Words
    parent: int
    start: int
    end: int
    follows: bool = False
    bases: Words = frozenset()
    is_class: bool = False
    computed: set[str] = field(default_factory=set)
    words: set[bytes] = field(default_factory=set)


@dataclass(slots=True)
class Bodies:
    """The bodies of a file; ``silent`` are the ranges of comments and lists of exports, in order."""

    source: bytes
    root: Node
    listed: list[Body]
    silent: list[tuple[int, int]]

    def at(self, offset: int) -> int:
        """The innermost body that holds an offset."""
        found = 0
        for number, body in enumerate(self.listed):
            if body.start <= offset < body.end:
                found = number  # bodies come from the outside in
        return found

    def is_silent(self, offset: int) -> bool:
        """Whether an offset is in a comment or a list of exports."""
        position = bisect_right(self.silent, (offset, len(self.source) + 1)) - 1
        return position >= 0 and self.silent[position][0] <= offset < self.silent[position][1]


def bodies_of(source: bytes, root: Node, language: str) -> Bodies:
    """The bodies of a file of a language by its syntax tree."""
    top = Body(frozenset(), 0, 0, len(source) + 1, follows=True)
    found = Bodies(source, root, [top], [])
    waiting: list[tuple[Node, int, bool]] = [(root, 0, False)]
    while waiting:
        node, owner, decorated = waiting.pop()
        kind = node.type
        if kind in COMMENTS or (kind in _AT_TIMES_SILENT and _is_silent(node, kind, source)):
            found.silent.append((node.start_byte, node.end_byte))
            continue
        if kind in _CLASSES and node.named_child_count:
            owner = _class(found, node, owner)
        elif kind in FUNCTIONS and node.named_child_count:
            owner = _function(found, node, owner, decorated)
        is_decorated = kind == "decorated_definition"
        for child in reversed(node.children):
            if child.type in ("decorator", "attribute_item"):
                is_decorated = True  # in TypeScript and Rust next to what it decorates
            waiting.append((child, owner, is_decorated))
    found.silent.sort()
    _give_words(found, language)
    return found


def _class(found: Bodies, node: Node, owner: int) -> int:
    body = node.child_by_field_name("body")
    head = found.source[node.start_byte : body.start_byte if body is not None else node.end_byte]
    named = _name(node, found.source)
    if node.type == "impl_item":
        named, bases = frozenset(WORD.findall(head)), frozenset(
            WORD.findall(found.source[one.start_byte : one.end_byte])
            if (one := node.child_by_field_name("trait")) is not None else ()
        )  # fmt: skip
    else:
        bases = frozenset(WORD.findall(head)) - named
    found.listed.append(Body(named, owner, node.start_byte, node.end_byte, bases=bases, is_class=True))
    return len(found.listed) - 1


def _function(found: Bodies, node: Node, owner: int, decorated: bool) -> int:
    names = _name(node, found.source) or _held(found, node, owner)
    if not names:
        return owner  # it counts with the code in which it is written
    holder = found.listed[owner]
    follows = decorated or any(map(_is_decorator, node.children))
    if holder.is_class:
        follows = follows or bool(names & holder.names) or any(map(_PROTOCOL.fullmatch, names))
    found.listed.append(Body(names, owner, node.start_byte, node.end_byte, follows))
    return len(found.listed) - 1


def _is_decorator(node: Node) -> bool:
    """Java's and Kotlin's annotations are among the modifiers, with words such as ``public``."""
    if node.type == "modifiers":
        return any("annotation" in child.type for child in node.children)
    return node.type == "attribute_list"


def _name(node: Node, source: bytes) -> Words:
    name = node.child_by_field_name("name")
    if name is None and node.type not in ("lambda", "lambda_literal", "lambda_expression", "anonymous_function"):
        name = next((child for child in node.named_children if "identifier" in child.type), None)
    if name is None or name.start_byte - node.start_byte > 400:
        return frozenset()
    text = _text(name, source)
    return frozenset((text.strip(b"#'\"`"),)) if text and len(text) < 200 else frozenset()


def _held(found: Bodies, node: Node, owner: int) -> Words:
    """The name of what a function is kept in: a variable, a key, a member. At the top level a wrapper may be between
    them; elsewhere what is given a function may call it at once."""
    child, parent = node, node.parent
    while (
        parent is not None and parent.type in _THROUGH and (owner == 0 or not parent.type.startswith(("arg", "call")))
    ):
        child, parent = parent, parent.parent
    if parent is None or (place := _HOLDERS.get(parent.type)) is None:
        return frozenset()
    target = parent.child_by_field_name(place)
    if target is None or target == child:
        return frozenset()
    found.silent.append((target.start_byte, target.end_byte))
    return frozenset(WORD.findall(_text(target, found.source))[-1:])


def _text(node: Node, source: bytes) -> bytes:
    return source[node.start_byte : node.end_byte]


_AT_TIMES_SILENT: Final = frozenset({"export_specifier", "shorthand_property_identifier", "string"})


def _is_silent(node: Node, kind: str, source: bytes) -> bool:
    """Whether a node only lists what a file exports, or is a text that nothing uses (documentation)."""
    if kind == "export_specifier":
        return node.child_by_field_name("alias") is None
    if kind == "string" and node.parent is not None and node.parent.type == "expression_statement":
        return node.parent.named_child_count == 1
    if kind == "shorthand_property_identifier" and node.parent is not None:
        return _is_exported(node.parent, source)
    return False


def _is_exported(listed: Node, source: bytes) -> bool:
    """``module.exports = {a, b}``, whose names are called by others under the same names."""
    assignment = listed.parent
    if assignment is None or assignment.type != "assignment_expression":
        return False
    target = assignment.child_by_field_name("left")
    return target is not None and _text(target, source) in (b"module.exports", b"exports")


def _give_words(found: Bodies, language: str) -> None:
    """Each word to the innermost body that it is in; the names of a body's head are no words of it."""
    starts = sorted(range(len(found.listed)), key=lambda number: found.listed[number].start)
    stack = [0]
    waiting = iter([number for number in starts if number])
    coming = next(waiting, None)
    silent: Iterator[tuple[int, int]] = iter(found.silent)
    quiet = next(silent, None)
    listed, source = found.listed, found.source
    for match in WORD.finditer(source):
        start = match.start()
        while quiet is not None and quiet[1] <= start:
            quiet = next(silent, None)
        if quiet is not None and quiet[0] <= start:
            continue
        while coming is not None and listed[coming].start <= start:
            stack.append(coming)
            coming = next(waiting, None)
        while listed[stack[-1]].end <= start:
            stack.pop()
        body = listed[stack[-1]]
        word = match[0]
        if word in body.names and source.find(word, body.start) == start:
            continue  # where it is declared
        body.words.add(word)
    computed = _computed().get(language)
    for match in computed.finditer(source) if computed is not None else ():
        if not found.is_silent(match.start()):
            listed[found.at(match.start())].computed.add(_members(match, source))


@cache
def _computed() -> dict[str, re.Pattern[bytes]]:
    """The patterns of ``computed.tsv``, of each language as one."""
    found: dict[str, list[str]] = {}
    for row in read_rows(Path(__file__).with_name("computed.tsv"), ("language", "pattern", "source")):
        found.setdefault(row["language"], []).append(row["pattern"])
    return {language: re.compile("|".join(patterns).encode()) for language, patterns in found.items()}


def _members(match: re.Match[bytes], source: bytes) -> str:
    """Which functions a computed name may mean: the methods of classes, those of the file (a table that it holds), or
    any."""
    named = match.groupdict()
    if named.get("owner") in (b"self", b"cls", b"this", b"super"):
        return METHODS
    table = named.get("table")
    if table and re.search(
        rb"(?<![\w.])" + re.escape(table) + rb"\s*(?::[^=\n]{1,80})?=\s*(?:\{|dict\(|new Map)", source
    ):
        return OF_FILE
    return ANY_FUNCTION
