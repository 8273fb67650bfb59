"""A file of a CDK app in Python."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scopedown.project.cdk.program.model import Call, Class, Creation, SourceFile
from scopedown.project.cdk.program.walk import (
    MAX_STRING,
    Around,
    Slot,
    Text,
    around_passing,
    below,
    last_line,
    last_name,
    method_of,
    slot,
    walked,
    with_sure_variables,
)
from scopedown.source.language import languages

if TYPE_CHECKING:
    from tree_sitter import Node

_CLASSES: Final = frozenset({"class_definition"})
_BLOCKS: Final = frozenset({"function_definition", "lambda"})
_STRINGS: Final = frozenset({"string"})
_PASSING: Final = frozenset({"parenthesized_expression", "conditional_expression"})
_VARIABLES: Final = frozenset({"identifier", "attribute"})
_LITERAL: Final = re.compile(r"[rRuU]?('''|\"\"\"|'|\")(.*)\1", re.DOTALL)


def read(data: bytes, name: str) -> SourceFile:
    """What the file says."""
    data, root = languages()["python"].syntax(data, name)
    text = Text(name, data)
    found = SourceFile(name, "python")
    creations: list[tuple[Creation, Around]] = []
    assigned: Counter[Slot] = Counter()
    for node, around in walked(root, text, _CLASSES, _BLOCKS):
        match node.type:
            case "call":
                function = node.child_by_field_name("function")
                creation = _creation(node, around, text)
                if creation is not None:
                    creations.append((creation, around))
                elif last_name(function, text, _VARIABLES) == "PolicyStatement":
                    made = _call(node, "", "PolicyStatement", around, text)
                    found.statements.append(replace(made, variable=_variable(node, text)))
                elif function is not None and function.type == "attribute":
                    found.calls.append(_call(node, *method_of(function, "attribute", text, _VARIABLES), around, text))
            case "class_definition":
                found.classes += _class(node, text)
            case "assignment":
                left = node.child_by_field_name("left")
                if left is not None and node.child_by_field_name("right") is not None:
                    assigned[slot(text.of(left), around)] += 1
            case "string":
                written = _string(node, text)
                if written and len(written) <= MAX_STRING:
                    found.strings.setdefault(written, []).append(text.place(node))
            case "import_statement" | "import_from_statement":
                found.imports.update(_imports(node, text))
            case _:
                pass
    found.creations = with_sure_variables(creations, assigned)
    return found


def _creation(node: Node, around: Around, text: Text) -> Creation | None:
    positional, named = _arguments(node, text)
    scope = positional[0] if positional else named.get("scope")
    id = positional[1] if len(positional) > 1 else named.get("id") or named.get("construct_id")
    kind = last_name(node.child_by_field_name("function"), text, _VARIABLES)
    if scope is None or id is None or scope.type not in _VARIABLES or not kind[:1].isupper():
        return None
    return Creation(
        kind, _string(id, text), text.of(scope), _variable(node, text), around.owner, around.blocks, text.place(node),
        last_line(node, ("_statement", "_definition")),
    )  # fmt: skip


def _variable(node: Node, text: Text) -> str:
    """The variable that an expression is assigned to."""
    inner, outer = around_passing(node, _PASSING)
    if outer is None or outer.type != "assignment" or outer.child_by_field_name("right") != inner:
        return ""
    left = outer.child_by_field_name("left")
    written = text.of(left) if left is not None else ""
    return written if re.fullmatch(r"(?:self\.)?\w+", written) else ""


def _call(node: Node, receiver: str, method: str, around: Around, text: Text) -> Call:
    positional, named = _arguments(node, text)
    every = [*positional, *named.values()]
    literals = (_string(one, text) for argument in every for one in below(argument, _STRINGS))
    return Call(
        receiver, method, tuple(text.of(one) for one in every if one.type in _VARIABLES),
        frozenset(one for one in literals if one is not None), around.owner, around.blocks, text.place(node),
        text.line(node),
    )  # fmt: skip


def _arguments(node: Node, text: Text) -> tuple[list[Node], dict[str, Node]]:
    """The arguments by position and by name."""
    arguments = node.child_by_field_name("arguments")
    positional: list[Node] = []
    named: dict[str, Node] = {}
    for one in arguments.named_children if arguments is not None else ():
        if one.type == "keyword_argument":
            name, value = one.child_by_field_name("name"), one.child_by_field_name("value")
            if name is not None and value is not None:
                named[text.of(name)] = value
        elif one.type != "comment":
            positional.append(one)
    return positional, named


def _class(node: Node, text: Text) -> Iterator[Class]:
    name, bases = node.child_by_field_name("name"), node.child_by_field_name("superclasses")
    names = [text.of(one).rpartition(".")[2] for one in (bases.named_children if bases is not None else ())
             if one.type in _VARIABLES]  # fmt: skip
    if name is not None:
        yield Class(text.of(name), tuple(names))


def _string(node: Node, text: Text) -> str | None:
    """A string whose characters are all written."""
    if node.type != "string" or any(child.type == "interpolation" for child in node.named_children):
        return None
    match = _LITERAL.fullmatch(text.of(node))
    return match[2] if match else None


def _imports(node: Node, text: Text) -> Iterator[tuple[str, str]]:
    module = node.child_by_field_name("module_name")
    within = text.of(module) if module is not None else ""
    for one in node.children_by_field_name("name"):
        name, alias = one.child_by_field_name("name") or one, one.child_by_field_name("alias")
        whole = text.of(name)
        if (within or whole).partition(".")[0] in ("aws_cdk", "constructs"):
            yield f"{within}.{whole}" if within else whole, text.of(alias) if alias is not None else whole
