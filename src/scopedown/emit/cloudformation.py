"""Symbolic text as CloudFormation writes it: a string where all of it is known, else the shortest intrinsic function.

What is not known becomes ``*`` here and nowhere else; whoever emits a policy tells so from the resource's certainty. In
an ARN pattern known text is literal, so that a ``$`` before a brace is escaped as IAM wants it
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html) and again as ``Fn::Sub`` does
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown

Value = str | dict[str, Any]


def value(text: Text) -> Value:
    """A text as a CloudFormation value.

    >>> value(Text.of(Att("Table", "Arn"), "/index/byDate"))
    {'Fn::Sub': '${Table.Arn}/index/byDate'}
    """
    parts = text.parts
    if len(parts) == 1 and (alone := _alone(parts[0])) is not None:
        return alone
    pieces: list[str] = []
    imports: dict[str, Value] = {}
    substitutes = any(_alone(part) is not None for part in parts)
    for part in parts:
        piece = _piece(part, substitutes, imports)
        if piece != "*" or not pieces or not pieces[-1].endswith("*"):
            pieces.append(piece)
    written = "".join(pieces)
    if not substitutes:
        return written
    return {"Fn::Sub": [written, imports] if imports else written}


def plain(tree: Any) -> Any:
    """A document with every text in it as a CloudFormation value."""
    if isinstance(tree, Text):
        return value(tree)
    if isinstance(tree, Mapping):
        return {key: plain(item) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [plain(item) for item in tree]
    return tree


def _alone(part: Part) -> dict[str, Any] | None:
    """An intrinsic function for a single part, or None where the part is text of its own."""
    match part:
        case Ref(name) | Param(name) | Pseudo(name):
            return {"Ref": name}
        case Att(id, name):
            return {"Fn::GetAtt": [id, name]}
        case ImportValue(name):
            return {"Fn::ImportValue": value(name)}
        case Literal() | EnvVar() | AnyText() | Unknown():
            return None
        case _:
            assert_never(part)


def _piece(part: Part, substitutes: bool, imports: dict[str, Value]) -> str:
    match part:
        case Literal(text):
            return text.replace("${", "${!$}{" if substitutes else "${$}{")
        case Ref(name) | Param(name) | Pseudo(name):
            return f"${{{name}}}"
        case Att(id, name):
            return f"${{{id}.{name}}}"
        case ImportValue():
            imported = {"Fn::ImportValue": value(part.name)}
            known = next((name for name, one in imports.items() if one == imported), f"Import{len(imports) + 1}")
            imports[known] = imported
            return f"${{{known}}}"
        case EnvVar() | AnyText() | Unknown():
            return "*"
        case _:
            assert_never(part)
