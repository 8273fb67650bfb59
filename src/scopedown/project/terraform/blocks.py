"""Blocks worked out: a resource's arguments and nested blocks, ``dynamic`` ones expanded.

In: a block and what works out its expressions. Out: values, each worked out when it is asked for.
Reference: https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, place_of
from scopedown.project.terraform.access import pairs
from scopedown.project.terraform.addresses import steps_of
from scopedown.project.terraform.context import Context
from scopedown.project.terraform.evaluate import Evaluator
from scopedown.project.terraform.syntax import Attribute, Block, Body
from scopedown.project.terraform.values import SetNode, map_of

_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_META: Final = ("lifecycle", "provisioner", "connection", "timeouts")


@dataclass(slots=True)
class Lazy:
    """Values by name that are worked out once, when they are asked for; one that leads back to itself is unknown."""

    find: Callable[[str], Any]
    _values: dict[str, Any] = field(default_factory=dict)

    def attribute(self, name: str) -> Any:
        """The value of a name."""
        if name not in self._values:
            self._values[name] = Text.unknown(f"{name} is defined by itself")
            self._values[name] = self.find(name)
        return self._values[name]


@dataclass(slots=True)
class Instance:
    """One resource or data source. ``type`` is Terraform's (``aws_sqs_queue``); ``is_data``: it is a data source."""

    context: Context
    address: str
    type: str
    is_data: bool
    block: Block
    evaluator: Evaluator
    known: Callable[[Instance, str], Any]
    """What an attribute is by the type's own rules; ``NotImplemented`` where they say nothing."""
    _arguments: Lazy | None = None

    @property
    def place(self) -> Place:
        """Where the block begins."""
        return self.block.place

    @property
    def id(self) -> str:
        """The logical id: the address (a slash would be another stack's)."""
        return self.address.replace("/", "|")

    def argument(self, name: str) -> Any:
        """The value of an argument, or the list of the nested blocks of that name; None where there is neither."""
        if self._arguments is None:
            self._arguments = Lazy(lambda one: argument_of(self.block.body, one, self.evaluator))
        return self._arguments.attribute(name)

    def place_of(self, name: str) -> Place:
        """Where an argument or the first block of that name stands."""
        written = self.block.body.attributes.get(name)
        if written is not None:
            return written.place
        return next(
            (block.place for block in self.block.body.blocks if name in (block.type, *block.labels)), self.place
        )

    def ignored(self) -> dict[str, Place]:
        """The arguments of which Terraform ignores changes (``lifecycle``), and where it says so; ``all`` for all."""
        return ignored_in(self.block)

    def text_place(self, name: str) -> Place:
        """Where the text of an argument begins: in a heredoc, on its second line."""
        written = self.block.body.attributes.get(name)
        if written is None:
            return self.place_of(name)
        return _heredoc(written) or written.source.place(written.node)

    def attribute(self, name: str) -> Any:
        """What an expression gets of it."""
        found = self.known(self, name)
        if found is not NotImplemented:
            return found
        value = self.argument(name)
        if value is not None or name in self.block.body.attributes:
            return value
        return self.context.unknown_attribute(self.address, self.type, name, self.place)

    def arguments(self) -> MapNode:
        """All arguments and blocks."""
        names = [
            *self.block.body.attributes,
            *(name for block in self.block.body.blocks for name in block_names(block)),
        ]
        found = MapNode(None, self.place)
        for name in dict.fromkeys(names):
            found[name] = self.argument(name)
            found.keys_at[name] = found.values_at[name] = self.place_of(name)
        return found


def ignored_in(block: Block) -> dict[str, Place]:
    """The arguments of which the ``lifecycle`` of a resource's block ignores changes, and where it says so."""
    found: dict[str, Place] = {}
    for inner in block.body.of_type("lifecycle"):
        if (written := inner.body.attributes.get("ignore_changes")) is not None:
            value = getattr(written.node, "value", None)  # of JSON
            text = written.source.text(written.node) if value is None else str(value)
            found |= dict.fromkeys(_WORD.findall(text), written.place)
    return found


def written_block(context: Context, address: str, at: Place) -> Block | None:
    """The block of a resource by its address, in the files of the configuration; None where they do not have it, or a
    module of another place does."""
    folder: Path | None = context.folder
    names = [name for name, _ in steps_of(address)]
    while folder is not None and len(names) > 3 and names[0] == "module":
        folder = _module_folder(context, folder, names[1], at)
        names = names[2:]
    if folder is None or not folder.is_dir():
        return None
    blocks = (block for body in context.bodies(folder, at) for block in body.of_type("resource"))
    return next((block for block in blocks if [*block.labels] == names), None)


def _module_folder(context: Context, folder: Path, name: str, at: Place) -> Path | None:
    for body in context.bodies(folder, at) if folder.is_dir() else ():
        for block in body.of_type("module"):
            written = block.body.attributes.get("source") if block.labels == (name,) else None
            if written is not None:
                source = written.source.text(written.node).strip().strip('"')
                below = os.path.relpath(folder, context.folder)
                return context.inside(f"{below}/{source}", at) if source.startswith(".") else None
    return None


def block_names(block: Block) -> tuple[str, ...]:
    """The name under which a nested block is found."""
    if block.type in _META:
        return ()
    return block.labels[:1] if block.type == "dynamic" else (block.type,)


def argument_of(body: Body, name: str, evaluator: Evaluator) -> Any:
    """The value of an argument of a body, or of its nested blocks of that name."""
    written = body.attributes.get(name)
    if written is not None:
        return evaluator.bounded(evaluator.value(written.node, written.source), written.place)
    blocks = [block for block in body.blocks if name in block_names(block)]
    if not blocks:
        return None
    found = ListNode(None, blocks[0].place)
    for block in blocks:
        for item in _expanded(block, evaluator) if block.type == "dynamic" else [body_of(block.body, block, evaluator)]:
            found.append(item)
            found.items_at.append(block.place)
    return found


def body_of(body: Body, block: Block, evaluator: Evaluator) -> MapNode:
    """A nested block as a mapping."""
    found = MapNode(None, block.place)
    names = [*body.attributes, *(name for inner in body.blocks for name in block_names(inner))]
    for name in dict.fromkeys(names):
        found[name] = argument_of(body, name, evaluator)
        written = body.attributes.get(name)
        at = block.place if written is None else _heredoc(written) or written.place
        found.keys_at[name] = found.values_at[name] = at
    return found


def _heredoc(written: Attribute) -> Place | None:
    """Where the text of a heredoc begins; None for another value."""
    if not written.source.text(written.node).startswith("<<"):
        return None
    place = written.source.place(written.node)
    return Place(place.file, place.line + 1)


MAYBE: Final = "\0maybe"
"""Marks a block of which nobody knows whether it is there."""


def _expanded(block: Block, evaluator: Evaluator) -> Iterator[Any]:
    """A ``dynamic`` block: one mapping for each item; one with unknown values where the items are not known."""
    content = next(block.body.of_type("content"), None)
    if content is None:
        return
    over = block.body.attributes.get("for_each")
    named = block.body.attributes.get("iterator")
    name = named.source.text(named.node).strip() if named is not None else block.labels[0]
    value = evaluator.value(over.node, over.source) if over is not None else None
    items = pairs(value)
    if items is None:
        reason = Text.unknown("the items of a dynamic block are known only after apply", block.place)
        items = [(reason, reason)]
    for key, item in items:
        bound = map_of({"key": item if isinstance(value, SetNode) else key, "value": item}, block.place)
        made = body_of(content.body, content, evaluator.inner({name: bound}))
        if pairs(value) is None:
            made[MAYBE] = True
        made.place = (place_of(item) if isinstance(item, MapNode) else None) or made.place  # where its user writes it
        yield made
