"""Modules: their variables, locals, resources, data sources, modules and outputs, each worked out when it is asked for.

In: a folder and the values of its variables. Out: a :class:`Module`, whose :meth:`Module.resources` are all instances
of its resources, ``count`` and ``for_each`` expanded where their values are known. Where they are not, one instance
stands for all.
Reference: https://developer.hashicorp.com/terraform/language/meta-arguments/for_each and
https://developer.hashicorp.com/terraform/language/modules/syntax
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scopedown.core.digits import is_count
from scopedown.core.place import Place
from scopedown.core.text import Param, Text
from scopedown.documents.nodes import ListNode, MapNode, rewritten
from scopedown.project.terraform import functions
from scopedown.project.terraform.access import pairs
from scopedown.project.terraform.blocks import Instance, Lazy, argument_of
from scopedown.project.terraform.context import Context
from scopedown.project.terraform.evaluate import Evaluator
from scopedown.project.terraform.filesets import file_set
from scopedown.project.terraform.syntax import Attribute, Block, Source, template_of
from scopedown.project.terraform.values import (
    FileText,
    as_text,
    is_unknown,
    list_of,
    map_of,
    missing,
    without_newline,
)

MAX_NESTED: Final = 10
"""Modules in modules."""


@dataclass(frozen=True, slots=True)
class Unread:
    """The call of a module that is not read."""

    address: str
    block: Block
    evaluator: Evaluator

    def inputs(self) -> Iterator[Any]:
        """The values that it is given."""
        for name in self.block.body.attributes:
            yield argument_of(self.block.body, name, self.evaluator)


@dataclass(slots=True)
class Module:
    """One module. ``prefix`` begins its addresses (``module.api.``); ``inputs`` are its variables' given values."""

    context: Context
    folder: Path
    prefix: str
    inputs: Lazy
    given: frozenset[str]
    known: Callable[[Instance, str], Any]
    remote: Callable[[Module, Block, str, str, Evaluator], Any]
    """Makes a module that is not in the repository: (the module around it, its call, its source, its address)."""
    place: Place
    """Where it is called; the configuration's beginning for the root."""
    depth: int = 0
    unread: list[Unread] = field(default_factory=list)
    """Its calls of modules that are not read, as far as they were met."""
    variables: dict[str, Block] = field(default_factory=dict)
    blocks: dict[tuple[str, str, str], Block] = field(default_factory=dict)
    """Resources and data sources by (``resource`` or ``data``, type, name)."""
    calls: dict[str, Block] = field(default_factory=dict)
    outputs: dict[str, Block] = field(default_factory=dict)
    locals: dict[str, Attribute] = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)
    _names: dict[str, Lazy] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.context.count_module(self.place)
        for body in self.context.bodies(self.folder, self.place):
            for block in body.blocks:
                if block.type in ("resource", "data") and len(block.labels) == 2:
                    self.blocks.setdefault((block.type, *block.labels), block)
                elif block.type == "locals":
                    self.locals |= block.body.attributes
                elif block.labels:
                    named = {"variable": self.variables, "module": self.calls, "output": self.outputs}.get(block.type)
                    if named is not None:
                        named.setdefault(block.labels[0], block)
        self._names = {
            "var": Lazy(self._variable),
            "local": Lazy(self._local),
            "module": Lazy(self._called),
            "data": Lazy(lambda type: Lazy(lambda name: self._resource("data", type, name))),
            "path": Lazy(self._path),
            "terraform": Lazy(self._terraform),
        }

    def _terraform(self, name: str) -> Any:
        """``terraform.workspace``: each deployment may be in another."""
        if self.context.options.every_deployment and name == "workspace":
            return Text.of(Param("terraform.workspace"))
        return self.context.options.stage or "default"

    @property
    def evaluator(self) -> Evaluator:
        """Works out this module's expressions."""
        return Evaluator(self.context.budget, self._root, self._call)

    def variable(self, name: str) -> Any:
        """The value of a variable."""
        return self._names["var"].attribute(name)

    def attribute(self, name: str) -> Any:
        """An output."""
        block = self.outputs.get(name)
        written = block.body.attributes.get("value") if block is not None else None
        if written is None:
            return missing(f"the module {self.prefix.rstrip('.')} has no output {name}", None)
        if f"output.{name}" not in self._made:
            self._made[f"output.{name}"] = Text.unknown(f"the output {name} is defined by itself", written.place)
            self._made[f"output.{name}"] = self.evaluator.value(written.node, written.source)
        return self._made[f"output.{name}"]

    def resources(self) -> Iterator[Instance]:
        """Every instance of this module's own resources, in the order of the files."""
        for mode, type, name in list(self.blocks):
            if mode == "resource":
                yield from _leaves(self._resource(mode, type, name), Instance)

    def modules(self) -> Iterator[Any]:
        """Every module that this one calls, local or not."""
        for name in list(self.calls):
            yield from _leaves(self._names["module"].attribute(name), object)

    def data(self, type: str) -> Iterator[Instance]:
        """Every instance of the data sources of a type."""
        for mode, own, name in list(self.blocks):
            if mode == "data" and own == type:
                yield from _leaves(self._resource(mode, type, name), Instance)

    # Names

    def _root(self, name: str, place: Place) -> Any:
        if name in self._names:
            return self._names[name]
        if any(mode == "resource" and type == name for mode, type, _ in self.blocks):
            self._names[name] = Lazy(lambda own: self._resource("resource", name, own))
            return self._names[name]
        return missing(f"scopedown does not know what {name} is", place)

    def _variable(self, name: str) -> Any:
        block = self.variables.get(name)
        if block is None:
            return missing(f"there is no variable {name}", None)
        kind, default = (block.body.attributes.get(one) for one in ("type", "default"))
        if name in self.given:
            value = self.inputs.attribute(name)
            if value is not None or default is None:
                return with_type(value, kind, self.evaluator)
        if default is not None:
            return with_type(self.evaluator.value(default.node, default.source), kind, self.evaluator)
        return Text.unknown(f"the variable {name} has no value", block.place)

    def _local(self, name: str) -> Any:
        written = self.locals.get(name)
        if written is None:
            return missing(f"there is no local value {name}", None)
        return self.evaluator.value(written.node, written.source)

    def _path(self, name: str) -> Any:
        if name == "address":  # ours, for modelled modules
            return self.prefix
        if name == "unread":  # ours too
            return Text.unknown(
                f"scopedown does not read the policies that {self.prefix.rstrip('.')} makes", self.place
            )
        if name != "module":  # root, cwd
            return "."
        relative = posixpath.relpath(self.folder.as_posix(), self.context.folder.as_posix())
        return relative if relative.startswith("..") or relative == "." else f"./{relative}"

    def _resource(self, mode: str, type: str, name: str) -> Any:
        block = self.blocks.get((mode, type, name))
        if block is None:
            return missing(f"there is no {mode} {type}.{name}", None)
        address = f"{self.prefix}{'data.' if mode == 'data' else ''}{type}.{name}"
        if address not in self._made:
            self._made[address] = Text.unknown(f"{address} is defined by itself", block.place)

            def make(own: str, evaluator: Evaluator) -> Instance:
                return Instance(self.context, own, type, mode == "data", block, evaluator, self.known)

            self._made[address] = self._instances(block, address, make)
        return self._made[address]

    def _called(self, name: str) -> Any:
        block = self.calls.get(name)
        if block is None:
            return missing(f"there is no module {name}", None)
        address = f"{self.prefix}module.{name}"
        return self._instances(block, address, lambda own, evaluator: self._module(block, own, evaluator))

    def _module(self, block: Block, address: str, evaluator: Evaluator) -> Any:
        written = block.body.attributes.get("source")
        source = evaluator.value(written.node, written.source) if written is not None else None
        if self.depth >= MAX_NESTED or not isinstance(source, str) or not source.startswith(("./", "../", ".\\")):
            return self.remote(self, block, source if isinstance(source, str) else "", address, evaluator)
        inner = posixpath.join(posixpath.relpath(self.folder.as_posix(), self.context.folder.as_posix()), source)
        folder = self.context.inside(inner, block.place)
        if folder is None or not folder.is_dir():
            self.context.report("terraform-module", block.place, address=address, source=source)
            return Text.unknown(f"the module {address} was not read", block.place)
        return self.within(folder, block, address, evaluator)

    def within(self, folder: Path, block: Block, address: str, evaluator: Evaluator) -> Module:
        """The module in a folder, as a block of this one calls it."""
        given = Lazy(lambda one: argument_of(block.body, one, evaluator))
        return Module(
            self.context, folder, f"{address}.", given, frozenset(block.body.attributes), self.known, self.remote,
            block.place, self.depth + 1,
        )  # fmt: skip

    # count and for_each

    def _instances(self, block: Block, address: str, make: Callable[[str, Evaluator], Any]) -> Any:
        """One instance, a list of them (``count``) or a mapping (``for_each``)."""
        evaluator = self.evaluator
        attributes = block.body.attributes
        if (count := attributes.get("count")) is not None:
            number = evaluator.value(count.node, count.source)
            if isinstance(number, str) and is_count(number):
                number = int(number[:9])
            if isinstance(number, int) and not isinstance(number, bool):
                found = []
                for at in range(number):
                    self.context.count(block.place)
                    names = {"count": map_of({"index": at}, block.place)}
                    found.append(make(f"{address}[{at}]", evaluator.inner(names)))
                return list_of(found, block.place)
            return self._one(block, address, make, "count", number)
        if (each := attributes.get("for_each")) is not None:
            value = evaluator.value(each.node, each.source)
            items = pairs(value)
            if items is None:
                return self._one(block, address, make, "for_each", value)
            keyed = MapNode(None, block.place)
            for key, item in items:
                self.context.count(block.place)
                text = as_text(item if isinstance(value, list) else key)
                if text.unknowns:
                    self._tell_unknown(block, address, "for_each", text)
                key = str(text)
                names = {"each": map_of({"key": key, "value": item}, block.place)}
                keyed[key] = make(f'{address}["{key}"]', evaluator.inner(names))
            return keyed
        self.context.count(block.place)
        return make(address, evaluator)

    def _one(self, block: Block, address: str, make: Callable[[str, Evaluator], Any], argument: str, value: Any) -> Any:
        """The one instance that stands for those of which nobody knows how many there are."""
        self.context.count(block.place)
        self._tell_unknown(block, address, argument, value)
        written = block.body.attributes[argument]
        self.context.uncounted[address] = f"{argument} = {written.source.text(written.node).strip()}"
        unknown = Text.unknown(f"{argument} of {address} is known only after apply", block.place)
        each = map_of({"key": unknown, "value": unknown}, block.place)
        names = {"each": each, "count": map_of({"index": 0}, block.place)}
        return make(address, self.evaluator.inner(names))

    def _tell_unknown(self, block: Block, address: str, argument: str, value: Any) -> None:
        reason = value.unknowns[0].reason if isinstance(value, Text) and value.unknowns else "it is not a known number"
        self.context.report(
            "terraform-count-unknown", block.body.attributes[argument].place, address=address, reason=reason
        )

    # Functions that read files

    def _call(self, name: str, arguments: list[Any], place: Place) -> Any:
        if name in ("file", "templatefile", "fileexists"):
            path = arguments[0] if arguments else None
            if not isinstance(path, str):
                return (
                    path if is_unknown(path) else Text.unknown(f"the path of {name} is known only after apply", place)
                )
            held = self.context.text(path, place)
            if name == "fileexists":
                return held is not None
            if held is None:
                return Text.unknown(f"{name} reads {path[:200]}, which is not there", place)
            if name == "file":
                return FileText.of(held)
            return self._filled(held, arguments[1] if len(arguments) > 1 else {}, place)
        if name == "fileset":
            return file_set(self.context, arguments, place)
        if name in ("abspath", "pathexpand"):
            return arguments[0] if arguments else None
        return functions.call(name, arguments, place)

    def _filled(self, held: tuple[str, str], values: Any, place: Place) -> Any:
        node, source = template_of(*held)
        if node is None or not isinstance(values, Mapping):
            return Text.unknown("scopedown does not read this template", place)
        alone = Evaluator(
            self.context.budget, lambda name, at: Text.unknown(f"the template has no value for {name}", at), self._call
        )
        return without_newline(alone.inner(values).template(node, source))


def _leaves(made: Any, kind: type) -> Iterator[Any]:
    """The instances of one, a list or a mapping of them."""
    if isinstance(made, Mapping):
        yield from made.values()
    elif isinstance(made, list):
        yield from made
    elif isinstance(made, kind) and not isinstance(made, Text):
        yield made


# Types of variables: what ``optional(…)`` fills in
# (https://developer.hashicorp.com/terraform/language/expressions/type-constraints).


_MAX_DEPTH: Final = 20


def with_type(value: Any, kind: Attribute | None, evaluator: Evaluator) -> Any:
    """A variable's value with the attributes that its type says are optional: their default, or null."""
    if kind is None or not isinstance(value, Mapping | list):
        return value
    return _typed(value, kind.node, kind.source, evaluator, 0)


def _typed(value: Any, node: Any, source: Source, evaluator: Evaluator, depth: int) -> Any:
    call = next((child for child in node.children if child.type == "function_call"), None)
    if call is None or depth > _MAX_DEPTH:
        return value
    name = source.text(call.children[0])
    holder = next((child for child in call.children if child.type == "function_arguments"), None)
    inner = [child for child in holder.children if child.type == "expression"] if holder is not None else []
    if not inner:
        return value
    if name == "optional":
        if value is None and len(inner) > 1:
            value = evaluator.value(inner[1], source)
        return _typed(value, inner[0], source, evaluator, depth + 1)
    if name in ("list", "set", "map") and isinstance(value, MapNode | ListNode):
        return rewritten(value, lambda _, item: _typed(item, inner[0], source, evaluator, depth + 1))
    if name == "object" and isinstance(value, MapNode):
        return _object(value, inner[0], source, evaluator, depth)
    return value


def _object(value: MapNode, node: Any, source: Source, evaluator: Evaluator, depth: int) -> MapNode:
    found = MapNode(value, value.place)
    holder = node.children[0].children[0] if node.children and node.children[0].children else None
    for element in holder.children if holder is not None else ():
        parts = [child for child in element.children if child.type == "expression"]
        if len(parts) == 2:
            name = source.text(parts[0]).strip().strip('"')
            found[name] = _typed(value.get(name), parts[1], source, evaluator, depth + 1)
            found.keys_at.setdefault(name, value.place)
            found.values_at.setdefault(name, value.place)
    return found
