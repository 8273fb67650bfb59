"""JSON schemas of tools' arguments and answers, put together from a few parts.

Every text and list of arguments is bounded: what becomes a command line has to fit in one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def arguments(required: Sequence[str] = (), /, **properties: Schema) -> Schema:
    """The object of a tool's arguments; what it does not name is refused."""
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def answer(required: Sequence[str], properties: Mapping[str, Schema]) -> Schema:
    """The object of a tool's answer. Keys are only ever added within a schema version: others are allowed."""
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {"schema": text("The name and version of this format."), **properties, "cut": _CUT},
        "required": ["schema", *required],
    }


def text(description: str, **more: Any) -> Schema:
    """A text of at most 4,096 characters."""
    return {"type": "string", "description": description, "maxLength": 4096, **more}


def texts(description: str, **more: Any) -> Schema:
    """A list of texts."""
    item = {"type": "string", "minLength": 1, "maxLength": 4096}
    return {"type": "array", "description": description, "items": item, "maxItems": 50, **more}


def flag(description: str) -> Schema:
    """True or false; false where it is left out."""
    return {"type": "boolean", "description": description, "default": False}


def objects(description: str, **more: Any) -> Schema:
    """A list of objects."""
    return {"type": "array", "description": description, "items": {"type": "object"}, **more}


def policy(description: str) -> Schema:
    """An IAM policy document as an object."""
    return {"type": "object", "description": f"{description} A policy document: an object with Version and Statement."}


def policies(description: str) -> Schema:
    """Several of them."""
    return {**policy(description), "type": "array", "items": {"type": "object"}, "maxItems": 50}


_CUT: Schema = {
    "type": "object",
    "description": "Present if the answer was too large: what was left out and how to ask for it.",
    "properties": {
        "said": {"type": "string"},
        "shown": {"type": "integer"},
        "of": {"type": "integer"},
        "leftOut": {"type": "array", "items": {"type": "string"}},
    },
}

PROJECT: dict[str, Schema] = {
    "path": text(
        "The project's folder or its configuration file: serverless.yml, a SAM or CloudFormation template, or the "
        "cdk.out folder of a CDK application. Absolute, or relative to the server's folder; that folder where it is "
        "left out."
    ),
    "stage": text("The stage, as the framework's --stage.", examples=["prod"]),
    "region": text("The AWS region; it replaces AWS::Region in ARNs.", examples=["eu-west-1"]),
    "account": text("The 12 digit account id; it replaces AWS::AccountId in ARNs.", pattern="^[0-9]{12}$"),
    "params": {
        "type": "object",
        "description": "Values of ${param:KEY}, or of a template's parameters: key to value.",
        "additionalProperties": {"type": "string", "maxLength": 4096},
        "maxProperties": 50,
    },
    "framework": text(
        "Compile a Serverless project as this framework does; by default what package.json or frameworkVersion says.",
        enum=["osls", "v3", "v4"],
    ),
}
"""What every tool that reads a project is told."""

FUNCTIONS: dict[str, Schema] = {
    "functions": texts("Only these functions, by their names in the project file; all by default.")
}
