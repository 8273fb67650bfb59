"""HCL as blocks and expressions that know where they stand.

In: the text of a ``.tf`` or ``.tfvars`` file. Out: a :class:`Body`. The tree is tree-sitter's; an expression stays a
node of it, which :mod:`~.evaluate` works out. A part that is no HCL is a finding, and the rest is read.
Reference: https://developer.hashicorp.com/terraform/language/syntax/configuration
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import tree_sitter
import tree_sitter_hcl

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.project.findings import reported
from scopedown.source.languages.syntax import bounded_parse

MAX_BYTES: Final = 2 * 1024 * 1024
"""Bytes of one file; larger ones are refused."""
MAX_DEPTH: Final = 40
"""Blocks in blocks."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text whose nodes have places: ``file`` is its name in them."""

    file: str
    data: bytes = field(repr=False)
    at: Place | None = None
    """Where all of it stands: the call of a module whose text is not the user's."""

    def place(self, node: Any) -> Place:
        """Where a node begins."""
        if self.at is not None:
            return self.at
        row = node.start_point[0]
        start = node.start_byte - node.start_point[1]
        column = len(self.data[start : node.start_byte].decode("utf-8", "replace"))
        return Place(self.file, row + 1, column + 1)

    def text(self, node: Any) -> str:
        """What a node was written as."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Attribute:
    """``name = expression``."""

    name: str
    node: Any
    source: Source
    place: Place


@dataclass(slots=True)
class Body:
    """What stands in a file or between a block's braces."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def of_type(self, type: str) -> Iterator[Block]:
        """The blocks of one type, in order."""
        return (block for block in self.blocks if block.type == type)


@dataclass(frozen=True, slots=True)
class Block:
    """``type "label" "label" { … }``."""

    type: str
    labels: tuple[str, ...]
    body: Body
    place: Place


@lru_cache(maxsize=1)
def parser() -> tree_sitter.Parser:
    """The parser of HCL."""
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def parse(text: str, file: str, at: Place | None = None) -> tuple[Body, list[Finding]]:
    """The body of a file, and what is wrong with its text. Raises ScopedownError where it is too large.

    ``at``: the one place of all of it.
    """
    data = text.encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        raise ScopedownError(f"{file} is larger than {MAX_BYTES // 2**20} MB", Place(file), "split the file")
    source = Source(file, data, at)
    root = bounded_parse(parser(), data).root_node
    findings = []
    if root.has_error:
        at = source.place(_first_error(root))
        findings.append(reported("terraform-syntax", at, file=file))
    body = next((child for child in root.children if child.type == "body"), None)
    return (Body() if body is None else _body(body, source, 0)), findings


def template_of(text: str, file: str, at: Place | None = None) -> tuple[Any, Source]:
    """The template that a text is (that of ``templatefile``, or of JSON): a node of a heredoc, and its source; ``at``:
    the one place of all of it."""
    end = "END_OF_THE_TEMPLATE"
    source = Source(file, f"a = <<{end}\n{text}\n{end}\n".encode("utf-8", "replace"), at)
    root = bounded_parse(parser(), source.data).root_node
    return next((node for node in _walk(root) if node.type == "heredoc_template"), None), source


def _walk(root: Any) -> Iterator[Any]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def _first_error(root: Any) -> Any:
    return next((node for node in _walk(root) if node.type == "ERROR" or node.is_missing), root)


def _body(node: Any, source: Source, depth: int) -> Body:
    body = Body()
    for child in node.children:
        if child.type == "attribute":
            name, value = child.children[0], child.children[-1]
            if value.type == "expression":
                key = source.text(name)
                body.attributes.setdefault(key, Attribute(key, value, source, source.place(name)))
        elif child.type == "block" and depth < MAX_DEPTH:
            names = [_label(one, source) for one in child.children if one.type in ("identifier", "string_lit")]
            inner = next((one for one in child.children if one.type == "body"), None)
            held = Body() if inner is None else _body(inner, source, depth + 1)
            body.blocks.append(Block(names[0] if names else "", tuple(names[1:]), held, source.place(child)))
    return body


def _label(node: Any, source: Source) -> str:
    return source.text(node).strip('"')
