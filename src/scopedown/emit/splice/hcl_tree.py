"""Where the policies of a Terraform file stand.

In: the text of a ``.tf`` file. Out: a tree whose keys are those of policy documents, whatever notation the file has:
the statements of ``data "aws_iam_policy_document"``, objects with a ``Statement`` (``jsonencode``), JSON in a heredoc,
and ``policy_statements`` of terraform-aws-modules/lambda. The first step of a path is the address of a block
(``data.aws_iam_policy_document.read``), the last ones are ``Statement``, a number, ``Action``.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.emit.splice.edits import SpliceError
from scopedown.emit.splice.json_text import JsonText
from scopedown.project.terraform.syntax import MAX_BYTES, parser

_MAX_DEPTH: Final = 20
_DOCUMENT: Final = "aws_iam_policy_document"
_ARGUMENTS: Final = {
    "sid": "Sid",
    "effect": "Effect",
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
    "condition": "Condition",
    "principals": "Principal",
    "not_principals": "NotPrincipal",
}
"""The names that data sources (and ``policy_statements``) have for a statement's elements
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document)."""
_ASKED: Final = ("managed_policy_arns", "policy_arn", "value", "count", "for_each", "provider", "providers", "region")
"""Arguments beside policies that are asked for."""


@dataclass(slots=True)
class HclNode:
    """Something from ``start`` up to ``end``, in characters.

    ``style`` is how it is written: ``block``, ``blocks`` (statements of a data source), ``list``, ``object``, ``named``
    (an object whose values are statements), ``json`` (a heredoc), ``value``, or ``implied`` (not written, with its
    usual value). ``tail`` is the end of what belongs to it on its last line: a comma, a comment.
    """

    start: int
    end: int
    kind: str = "scalar"
    style: str = "value"
    entries: dict[str | int, HclNode] = field(default_factory=dict)
    literal: str | None = None
    tail: int = 0
    comma: bool = False
    value_at: int = -1
    """Where the value of a named entry begins."""
    colon: bool = False
    """Whether keys are quoted, as in JSON."""
    json: JsonText | None = None
    stripped: int = 0
    """White space that ``<<-`` takes from each line."""


@dataclass(slots=True)
class HclTree:
    """The tree of a file's text. Raises SpliceError where it is not HCL."""

    text: str
    name: str
    root: HclNode = field(init=False)
    code: str = field(init=False)
    """The text with spaces in the place of comments."""
    _data: bytes = field(init=False)
    _wide: list[int] = field(init=False)
    """Where the bytes are that follow the first one of a character."""

    def __post_init__(self) -> None:
        self._data = self.text.encode("utf-8", "replace")
        if len(self._data) > MAX_BYTES:
            raise SpliceError(f"{self.name} is larger than {MAX_BYTES // 2**20} MB", Place(self.name), "split the file")
        self._wide = [] if self.text.isascii() else [at for at, byte in enumerate(self._data) if byte & 0xC0 == 0x80]
        parsed = parser().parse(self._data).root_node
        if parsed.has_error:
            raise SpliceError(f"{self.name} is not valid HCL", Place(self.name), "correct the file")
        self.root = HclNode(0, len(self.text), "mapping", "block")
        self.code = self._without_comments(parsed)
        for child in parsed.children:
            if child.type == "body":
                self._body(child, self.root, 0)

    # Blocks

    def _body(self, body: Any, around: HclNode, depth: int) -> None:
        for child in body.children:
            if child.type == "attribute":
                self._attribute(child, around)
            elif child.type == "block" and depth < _MAX_DEPTH:
                self._block(child, around, depth)

    def _block(self, node: Any, around: HclNode, depth: int) -> None:
        names = [self._written(one).strip('"') for one in node.children if one.type in ("identifier", "string_lit")]
        found = self._node(node, "mapping", "block")
        found.entries = {}
        _put(around, ".".join(names), found)
        body = next((one for one in node.children if one.type == "body"), None)
        if names[:2] == ["data", _DOCUMENT]:
            self._document(node, body, found)
        elif body is not None:
            self._body(body, found, depth + 1)
            for child in body.children if names[0] == "module" else ():
                if child.type == "attribute" and self._written(child.children[0]) not in found.entries:
                    found.entries[self._written(child.children[0])] = self._scalar(child.children[-1])

    def _document(self, node: Any, body: Any, around: HclNode) -> None:
        inner = [one for one in node.children if one.type in ("block_start", "block_end")]
        if len(inner) != 2:
            return
        listed = HclNode(self._at(inner[0].end_byte), self._at(inner[1].start_byte), "sequence", "blocks")
        around.entries["Statement"] = listed
        for child in body.children if body is not None else ():
            if child.type == "block" and self._written(child.children[0]) == "statement":
                listed.entries[len(listed.entries)] = self._statement_block(child)

    def _statement_block(self, node: Any) -> HclNode:
        found = self._node(node, "mapping", "block")
        body = next((one for one in node.children if one.type == "body"), None)
        for child in body.children if body is not None else ():
            name = _ARGUMENTS.get(self._written(child.children[0])) if child.children else None
            if name is not None:
                value = child.children[-1] if child.type == "attribute" else child
                found.entries[name] = self._value(value)
        _imply_effect(found)
        return found

    # Values

    def _attribute(self, node: Any, around: HclNode) -> None:
        name, value = self._written(node.children[0]), node.children[-1]
        if value.type != "expression":
            return
        if name in _ASKED:
            found = self._value(value)
            found.start = self._at(node.start_byte) if name == "policy_arn" else found.start
            _put(around, name, found)
        elif name == "policy_statements" and (inner := _collection(value)) is not None and inner.type == "object":
            held = self._node(node, "mapping", "block")
            held.entries["Statement"] = self._named(inner)
            _put(around, name, held)
        else:
            for policy in self._policies(value):
                _put(around, name, policy)

    def _policies(self, value: Any) -> Iterator[HclNode]:
        """The policy documents that an expression holds."""
        waiting = [value]
        while waiting:
            node = waiting.pop()
            if node.type == "object" and (found := self._policy(node)) is not None:
                yield found
            elif node.type == "heredoc_template":
                if (found := self._heredoc(node)) is not None:
                    yield found
            else:
                waiting += reversed(node.children)

    def _policy(self, node: Any) -> HclNode | None:
        for key, value, _ in self._elements(node):
            inner = _collection(value)
            if key == "Statement" and inner is not None:
                found = self._node(node, "mapping", "object")
                found.entries["Statement"] = self._list(inner) if inner.type == "tuple" else self._statement(inner)
                return found
        return None

    def _list(self, node: Any) -> HclNode:
        found = self._node(node, "sequence", "list")
        for child in node.children:
            if child.type == "expression":
                inner = _collection(child)
                is_statement = inner is not None and inner.type == "object"
                item = self._statement(inner) if is_statement else self._value(child)
                self._with_tail(item, child)
                found.entries[len(found.entries)] = item
        return found

    def _statement(self, node: Any) -> HclNode:
        found = self._node(node, "mapping", "object")
        for key, value, element in self._elements(node):
            found.entries[key] = self._value(value)
            found.colon = element.children[1].type == ":" and self._written(element.children[0]).startswith('"')
        return found

    def _named(self, node: Any) -> HclNode:
        """``policy_statements``: an object of statements, as the list of them."""
        found = self._node(node, "sequence", "named")
        for _, value, element in self._elements(node):
            inner = _collection(value)
            item = self._node(element, "mapping", "object")
            item.value_at = self._at(value.start_byte)
            for key, one, _ in self._elements(inner) if inner is not None and inner.type == "object" else ():
                item.entries[_ARGUMENTS.get(key, key)] = self._value(one)
            _imply_effect(item)
            self._with_tail(item, element)
            found.entries[len(found.entries)] = item
        return found

    def _value(self, node: Any) -> HclNode:
        inner = _collection(node)
        if inner is not None and inner.type == "tuple":
            found = self._node(node, "sequence", "list")
            for child in inner.children:
                if child.type == "expression":
                    item = self._scalar(child)
                    self._with_tail(item, child)
                    found.entries[len(found.entries)] = item
            return found
        return self._scalar(node)

    def _scalar(self, node: Any) -> HclNode:
        found = self._node(node, "scalar", "value")
        written = self._written(node)
        if re.fullmatch(r'"[^"\\$%]*"', written):
            found.literal = written[1:-1]
        return found

    def _elements(self, node: Any) -> Iterator[tuple[str, Any, Any]]:
        for child in node.children:
            parts = [one for one in child.children if one.type == "expression"] if child.type == "object_elem" else []
            if len(parts) == 2:
                yield self._written(parts[0]).strip().strip('"'), parts[1], child

    # JSON in a heredoc

    def _heredoc(self, node: Any) -> HclNode | None:
        if any(child.type == "template_directive" for child in node.children):
            return None
        start = self.text.find("\n", self._at(node.start_byte)) + 1
        end = self.text.rfind("\n", start, self._at(node.end_byte)) + 1
        content = self.text[start:end]
        try:
            json = JsonText(content, self.name)
        except SpliceError:
            return None
        if not json.has(("Statement",)):
            return None
        found = HclNode(start, end, "mapping", "json", json=json)
        if self._written(node.children[0]) == "<<-":
            lines = [*content.splitlines(), self.text[end : self._at(node.end_byte)]]
            found.stripped = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        return found

    # Places

    def _without_comments(self, root: Any) -> str:
        pieces, last = [], 0
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node.type == "comment":
                start, end = self._at(node.start_byte), self._at(node.end_byte)
                pieces += [self.text[last:start], " " * (end - start)]
                last = end
            else:
                waiting += reversed(node.children)
        return "".join([*pieces, self.text[last:]])

    def _written(self, node: Any) -> str:
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _at(self, byte: int) -> int:
        return byte - bisect.bisect_left(self._wide, byte)

    def _node(self, node: Any, kind: str, style: str) -> HclNode:
        start, end = self._at(node.start_byte), self._at(node.end_byte)
        return HclNode(start, end, kind, style, tail=end)

    def _with_tail(self, found: HclNode, node: Any) -> None:
        """Note what belongs to an item of a list: the comma behind it, and a comment on the same line."""
        row, following = node.end_point[0], node.next_sibling
        while following is not None and following.start_point[0] == row and following.type in (",", "comment"):
            if following.type == "comment" and following.end_point[0] != row:
                break
            found.comma |= following.type == ","
            end = self._at(following.end_byte)
            found.tail = end - (self.text[end - 1] == "\r")  # a comment goes up to the line's feed
            following = following.next_sibling


def _collection(node: Any) -> Any:
    """The list or the object that an expression is; None where it is something else."""
    children = [child for child in node.children if child.type != "comment"]
    if node.type != "expression" or len(children) != 1 or children[0].type != "collection_value":
        return None
    return children[0].children[0]


def _imply_effect(found: HclNode) -> None:
    found.entries.setdefault("Effect", HclNode(found.start, found.start, style="implied", literal="Allow"))


def _put(around: HclNode, name: str, found: HclNode) -> None:
    """Put a node under a name, which gets a number where it is there already."""
    key, number = name, 1
    while key in around.entries:
        number += 1
        key = f"{name}#{number}"
    around.entries[key] = found
