"""What functions need, as a snippet of TypeScript for the AWS CDK: the statements of each function's role.

Resources are named by their logical ids (``Fn.ref``, ``Fn.getAtt``), which hold inside of the stack of these ids.

For a known app, what its author writes: grants on the app's own constructs, in TypeScript or Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.generate.document import generate
from scopedown.scan import ProjectScan
from scopedown.write.constructs.snippet import rendered
from scopedown.write.constructs.spelling import PSEUDO, Python, TypeScript


def render(scan: ProjectScan) -> str:
    """The snippet's text."""
    return "".join(f"{line}\n" for line in _lines(scan))


def _lines(scan: ProjectScan) -> Iterator[str]:
    yield 'import { Aws, Fn } from "aws-cdk-lib";'
    yield 'import * as iam from "aws-cdk-lib/aws-iam";'
    yield ""
    yield "/** The statements of each function's role: for each, role.addToPrincipalPolicy(statement). */"
    yield "export const statements = (): Record<string, iam.PolicyStatement[]> => ({"
    for function in scan.functions:
        yield f"  {_text(function.function.key)}: ["
        for statement in generate(function.permissions)["Statement"]:
            yield "    new iam.PolicyStatement({"
            yield f"      actions: [{', '.join(map(_text, statement['Action']))}],"
            yield "      resources: ["
            yield from (f"        {_template(arn)}," for arn in statement["Resource"])
            yield "      ],"
            if "Condition" in statement:
                yield f"      conditions: {_tree(statement['Condition'])},"
            yield "    }),"
        yield "  ],"
    yield "});"


def _tree(tree: Any) -> str:
    if isinstance(tree, Text):
        return _template(tree)
    if isinstance(tree, Mapping):
        return "{ " + ", ".join(f"{_text(key)}: {_tree(item)}" for key, item in tree.items()) + " }"
    if isinstance(tree, list | tuple):
        return "[" + ", ".join(_tree(item) for item in tree) + "]"
    return _text(tree)


def _template(text: Text) -> str:
    literal = text.literal
    return _text(literal) if literal is not None else "`" + "".join(map(_piece, text.parts)) + "`"


def _piece(part: Part) -> str:
    match part:
        case Literal(value):
            return value.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
        case Pseudo(name) if name in PSEUDO:
            return f"${{Aws.{PSEUDO[name]}}}"
        case Ref(name) | Param(name) | Pseudo(name):
            return f"${{Fn.ref({_text(name)})}}"
        case Att(id, name):
            return f"${{Fn.getAtt({_text(id)}, {_text(name)})}}"
        case ImportValue(name):
            return f"${{Fn.importValue({_template(name)})}}"
        case EnvVar() | AnyText() | Unknown():
            return "*"
        case _:
            assert_never(part)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def typescript(scan: ProjectScan) -> str:
    """The grants of each role, with the lines that they replace."""
    return rendered(scan, TypeScript())


def python(scan: ProjectScan) -> str:
    """The grants of each role, with the lines that they replace."""
    return rendered(scan, Python())
