"""A file of a CDK app in TypeScript or JavaScript."""

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
from scopedown.source.languages.javascript_syntax import parsed

if TYPE_CHECKING:
    from tree_sitter import Node

_CLASSES: Final = frozenset({"class_declaration", "class", "abstract_class_declaration"})
_BLOCKS: Final = frozenset(
    {"statement_block", "arrow_function", "for_statement", "for_in_statement", "switch_body", "class_body"}
)
_STRINGS: Final = frozenset({"string", "template_string"})
_PASSING: Final = frozenset(
    {"as_expression", "satisfies_expression", "non_null_expression", "parenthesized_expression", "await_expression",
     "ternary_expression"}
)  # fmt: skip
"""What an expression goes through unchanged on its way to a variable."""
_VARIABLES: Final = frozenset({"identifier", "member_expression", "this", "property_identifier"})
_CDK: Final = re.compile(r"(?:aws-cdk-lib|@aws-cdk/|constructs)")


def read(data: bytes, name: str) -> SourceFile:
    """What the file says."""
    tree, _ = parsed(data, name)
    text = Text(name, data)
    found = SourceFile(name, "typescript")
    creations: list[tuple[Creation, Around]] = []
    assigned: Counter[Slot] = Counter()
    for node, around in walked(tree.root_node, text, _CLASSES, _BLOCKS):
        match node.type:
            case "new_expression":
                creation = _creation(node, around, text)
                if creation is not None:
                    creations.append((creation, around))
                elif last_name(node.child_by_field_name("constructor"), text, _VARIABLES) == "PolicyStatement":
                    made = _call(node, "", "PolicyStatement", around, text)
                    found.statements.append(replace(made, variable=_variable(node, text)))
            case "call_expression":
                function = node.child_by_field_name("function")
                if function is not None and function.type == "member_expression":
                    found.calls.append(_call(node, *method_of(function, "property", text, _VARIABLES), around, text))
            case "class_declaration" | "abstract_class_declaration" | "class":
                found.classes += _class(node, text)
            case "variable_declarator" | "assignment_expression":
                target = node.child_by_field_name("name") or node.child_by_field_name("left")
                if target is not None and (node.type != "variable_declarator" or node.child_by_field_name("value")):
                    assigned[slot(text.of(target), around)] += 1
            case "string" | "template_string":
                _note(node, found, text)
            case "import_statement":
                found.imports.update(_imports(node, text))
            case _:
                pass
    found.creations = with_sure_variables(creations, assigned)
    return found


def _creation(node: Node, around: Around, text: Text) -> Creation | None:
    arguments = _arguments(node)
    if len(arguments) < 2 or arguments[0].type not in _VARIABLES:
        return None
    kind = last_name(node.child_by_field_name("constructor"), text, _VARIABLES)
    if not kind:
        return None
    return Creation(
        kind, _string(arguments[1], text), text.of(arguments[0]), _variable(node, text), around.owner, around.blocks,
        text.place(node), last_line(node, ("_statement", "_declaration", "_definition")),
    )  # fmt: skip


def _variable(node: Node, text: Text) -> str:
    """The variable that an expression is assigned to."""
    inner, outer = around_passing(node, _PASSING)
    if outer is None:
        return ""
    if outer.type == "variable_declarator" and outer.child_by_field_name("value") == inner:
        name = outer.child_by_field_name("name")
        return text.of(name) if name is not None and name.type == "identifier" else ""
    if outer.type == "assignment_expression" and outer.child_by_field_name("right") == inner:
        left = outer.child_by_field_name("left")
        written = text.of(left) if left is not None else ""
        return written if re.fullmatch(r"this\.[\w$#]+", written) else ""
    if outer.type == "public_field_definition" and outer.child_by_field_name("value") == inner:
        name = outer.child_by_field_name("name")
        return f"this.{text.of(name)}" if name is not None else ""
    return ""


def _call(node: Node, receiver: str, method: str, around: Around, text: Text) -> Call:
    arguments = _arguments(node)
    names = tuple(text.of(one) for one in arguments if one.type in _VARIABLES)
    literals = (_string(one, text) for argument in arguments for one in below(argument, _STRINGS))
    return Call(
        receiver, method, names, frozenset(one for one in literals if one is not None), around.owner, around.blocks,
        text.place(node), text.line(node),
    )  # fmt: skip


def _arguments(node: Node) -> list[Node]:
    arguments = node.child_by_field_name("arguments")
    return [one for one in arguments.named_children if one.type != "comment"] if arguments is not None else []


def _class(node: Node, text: Text) -> Iterator[Class]:
    name = node.child_by_field_name("name")
    bases = [
        text.of(one).rpartition(".")[2]
        for heritage in node.named_children
        if heritage.type == "class_heritage"
        for one in below(heritage, frozenset({"identifier", "member_expression"}))
    ]
    if name is not None:
        yield Class(text.of(name), tuple(bases))


def _string(node: Node, text: Text) -> str | None:
    """A string whose characters are all written."""
    if node.type not in _STRINGS or any(child.type == "template_substitution" for child in node.named_children):
        return None
    return text.of(node)[1:-1]


def _note(node: Node, found: SourceFile, text: Text) -> None:
    written = _string(node, text)
    if written and len(written) <= MAX_STRING:
        found.strings.setdefault(written, []).append(text.place(node))


def _imports(node: Node, text: Text) -> Iterator[tuple[str, str]]:
    source = node.child_by_field_name("source")
    module = _string(source, text) if source is not None else None
    if not module or not _CDK.match(module):
        return
    for one in below(node, frozenset({"namespace_import", "import_specifier"})):
        names = [text.of(child) for child in one.named_children if child.type == "identifier"]
        if not names:
            continue
        if one.type == "namespace_import":
            yield module, names[0]
        elif names[0].startswith("aws_") and module == "aws-cdk-lib":  # import { aws_iam as iam } from 'aws-cdk-lib'
            yield f"aws-cdk-lib/{names[0].replace('_', '-')}", names[-1]
        else:
            yield f"{module}:{names[0]}", names[-1]
