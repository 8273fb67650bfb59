"""How the two languages of CDK apps write grants; everything else about a snippet is the same for both."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

_WIDTH = 120
PSEUDO: Final = {
    "AWS::AccountId": "ACCOUNT_ID",
    "AWS::Partition": "PARTITION",
    "AWS::Region": "REGION",
    "AWS::StackName": "STACK_NAME",
    "AWS::StackId": "STACK_ID",
    "AWS::URLSuffix": "URL_SUFFIX",
}
"""Pseudo parameters, as the class ``Aws`` of aws-cdk-lib names them
(https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Aws.html)."""


@dataclass(frozen=True, slots=True)
class Code:
    """A part of a text that is an expression of the program: ``orders.tableArn``."""

    written: str


Pieces = tuple[str | Code, ...]
"""A text: known characters, and expressions."""


class Spelling(Protocol):
    """A language. Names are those of aws-cdk-lib in TypeScript (``tableArn``)."""

    comment: str

    def name(self, name: str) -> str:
        """A property or a method as the language calls it."""

    def variable(self, id: str) -> str:
        """A variable's name, made of a construct's id."""

    def text(self, pieces: Pieces) -> str:
        """A text as an expression."""

    def call(self, receiver: str, method: str, arguments: Sequence[str]) -> list[str]:
        """The lines of a statement that calls a method."""

    def policy_statement(
        self, receiver: str, method: str, made: str, actions: Sequence[str], resources: Sequence[str],
        conditions: Mapping[str, Any],
    ) -> list[str]:  # fmt: skip
        """The lines that add a policy statement; ``made`` is the class as the file calls it."""

    def imported(self, imports: Mapping[str, str], module: str, symbol: str) -> tuple[str, str]:
        """How a file that has these imports names a symbol of a module of aws-cdk-lib (``aws-iam``, or empty for the
        library itself), and the import that it lacks for that (empty where it lacks none)."""


class TypeScript:
    """TypeScript and JavaScript."""

    comment = "//"

    def name(self, name: str) -> str:
        return name

    def variable(self, id: str) -> str:
        words = _words(id)
        return "".join([words[0].lower(), *(word[:1].upper() + word[1:] for word in words[1:])])

    def text(self, pieces: Pieces) -> str:
        if len(pieces) == 1 and isinstance(only := pieces[0], Code):
            return only.written
        if all(isinstance(one, str) for one in pieces):
            return quoted("".join(map(str, pieces)))
        inside = (
            f"${{{one.written}}}"
            if isinstance(one, Code)
            else one.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
            for one in pieces
        )
        return f"`{''.join(inside)}`"

    def call(self, receiver: str, method: str, arguments: Sequence[str]) -> list[str]:
        line = f"{receiver}.{method}({', '.join(arguments)});"
        if len(line) <= _WIDTH:
            return [line]
        return [f"{receiver}.{method}(", *(f"  {one}," for one in arguments), ");"]

    def policy_statement(
        self, receiver: str, method: str, made: str, actions: Sequence[str], resources: Sequence[str],
        conditions: Mapping[str, Any],
    ) -> list[str]:  # fmt: skip
        lines = [f"{receiver}.{method}(new {made}({{"]
        lines += _listed("  actions: ", [quoted(one) for one in actions], "  ")
        lines += _listed("  resources: ", resources, "  ")
        if conditions:
            lines.append(f"  conditions: {_tree(conditions)},")
        return [*lines, "}));"]

    def imported(self, imports: Mapping[str, str], module: str, symbol: str) -> tuple[str, str]:
        imported_from = f"aws-cdk-lib/{module}" if module else "aws-cdk-lib"
        if f"{imported_from}:{symbol}" in imports:
            return imports[f"{imported_from}:{symbol}"], ""
        if imported_from in imports:
            return f"{imports[imported_from]}.{symbol}", ""
        if not module:
            return symbol, f"import {{ {symbol} }} from '{imported_from}';"
        name = module.removeprefix("aws-")
        return f"{name}.{symbol}", f"import * as {name} from '{imported_from}';"


class Python:
    """Python."""

    comment = "#"

    def name(self, name: str) -> str:
        return _snake(name)

    def variable(self, id: str) -> str:
        return "_".join(word.lower() for word in _words(id))

    def text(self, pieces: Pieces) -> str:
        if len(pieces) == 1 and isinstance(only := pieces[0], Code):
            return only.written
        if all(isinstance(one, str) for one in pieces):
            return _double_quoted("".join(map(str, pieces)))
        inside = (
            f"{{{one.written}}}"
            if isinstance(one, Code)
            else _double_quoted(one)[1:-1].replace("{", "{{").replace("}", "}}")
            for one in pieces
        )
        return f'f"{"".join(inside)}"'

    def call(self, receiver: str, method: str, arguments: Sequence[str]) -> list[str]:
        line = f"{receiver}.{_snake(method)}({', '.join(arguments)})"
        if len(line) <= _WIDTH:
            return [line]
        return [f"{receiver}.{_snake(method)}(", *(f"    {one}," for one in arguments), ")"]

    def policy_statement(
        self, receiver: str, method: str, made: str, actions: Sequence[str], resources: Sequence[str],
        conditions: Mapping[str, Any],
    ) -> list[str]:  # fmt: skip
        lines = [f"{receiver}.{_snake(method)}({made}("]
        lines += _listed("    actions=", [_double_quoted(one) for one in actions], "    ")
        lines += _listed("    resources=", resources, "    ")
        if conditions:
            lines.append(f"    conditions={json.dumps(conditions)},")
        return [*lines, "))"]

    def imported(self, imports: Mapping[str, str], module: str, symbol: str) -> tuple[str, str]:
        whole = f"aws_cdk.{module.replace('-', '_')}" if module else "aws_cdk"
        if f"{whole}.{symbol}" in imports:
            return imports[f"{whole}.{symbol}"], ""
        if whole in imports:
            return f"{imports[whole]}.{symbol}", ""
        if not module:
            return symbol, f"from aws_cdk import {symbol}"
        name = module.removeprefix("aws-")
        return f"{name}.{symbol}", f"from aws_cdk import {module.replace('-', '_')} as {name}"


def _words(id: str) -> list[str]:
    """The words of an id, which begins with a letter then.

    >>> _words("OrdersTable-v2")
    ['Orders', 'Table', 'v2']
    """
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+", id)
    return words if words and words[0][0].isalpha() else ["construct", *words]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _listed(start: str, items: Sequence[str], inset: str) -> list[str]:
    """A list on one line, or where that is too long, an item a line."""
    line = f"{start}[{', '.join(items)}],"
    if len(line) <= _WIDTH:
        return [line]
    return [f"{start}[", *(f"{inset * 2}{one}," for one in items), f"{inset}],"]


def quoted(text: str) -> str:
    """A text in single quotes, as both languages read it.

    >>> print(quoted("it's"))
    'it\\'s'
    """
    return "'" + json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


def _double_quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _tree(tree: Any) -> str:
    if isinstance(tree, Mapping):
        inside = ", ".join(f"{quoted(str(key))}: {_tree(item)}" for key, item in tree.items())
        return f"{{ {inside} }}"
    if isinstance(tree, list | tuple):
        return f"[{', '.join(map(_tree, tree))}]"
    return quoted(tree) if isinstance(tree, str) else json.dumps(tree)
