"""The tools, from ``tools.toml``: what each answers, its arguments, its answer, and what makes the one of the other.

A tool's command is the function of its name in :mod:`~.commands`. Every text and list of arguments is bounded: what
becomes a command line has to fit in one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scopedown.mcp import commands
from scopedown.mcp.answer import Cut, read
from scopedown.mcp.places import Places
from scopedown.mcp.run import Command, Done

Schema = dict[str, Any]
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
_DOCUMENT: Final = "A policy document: an object with Version and Statement."
_KINDS: Final[Mapping[str, Schema]] = {
    "text": {"type": "string", "maxLength": 4096},
    "texts": {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 4096}, "maxItems": 50},
    "flag": {"type": "boolean", "default": False},
    "objects": {"type": "array", "items": {"type": "object"}},
    "policy": {"type": "object"},
    "policies": {"type": "array", "items": {"type": "object"}, "maxItems": 50},
}
"""What properties of a kind have beside their description."""
_ANSWER: Final[Schema] = {
    "type": "object",
    "description": "Present if the answer was too large: what was left out and how to ask for it.",
    "properties": {
        "said": {"type": "string"}, "shown": {"type": "integer"}, "of": {"type": "integer"}, "leftOut": _TEXTS,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. ``objects``: exit code 1 of its command is an answer (a denial, a finding), not an error."""

    name: str
    title: str
    description: str
    arguments: Schema
    answer: Schema
    command: Callable[[Mapping[str, Any], Places], Command]
    cut: Cut
    objects: bool
    read: Callable[[Done], dict[str, Any]]


def _property(written: Schema) -> Schema:
    """The JSON Schema of a property: its own members beside those of its kind."""
    kind = written.get("kind", "")
    made = {**_KINDS.get(kind, {}), **{name: value for name, value in written.items() if name != "kind"}}
    return made | ({"description": f"{made['description']} {_DOCUMENT}"} if kind in ("policy", "policies") else {})


def _object(properties: Mapping[str, Schema], required: list[str], **more: Any) -> Schema:
    schemas = {name: _property(one) for name, one in properties.items()}
    return {"$schema": _DIALECT, "type": "object", "properties": schemas, "required": required, **more}


def _tools(written: Mapping[str, Any]) -> Iterator[Tool]:
    for name, one in written["tools"].items():
        required, own = one.get("required", []), one.get("arguments", {})
        shared = [(key, value) for part in one.get("shares", ()) for key, value in written["shared"][part].items()]
        first = {key: own[key] for key in required} if shared else {}
        arguments = first | dict(shared) | own
        version = {"kind": "text", "description": "The name and version of this format."}
        answer = {"schema": version, **one["answer"], "cut": _ANSWER}
        cut = one["cut"]
        yield Tool(
            name, one["title"], one["description"],
            _object(arguments, required, additionalProperties=False),
            _object(answer, ["schema", *one.get("answered", ())]),  # keys are only ever added: others are allowed
            getattr(commands, name),
            Cut(tuple(cut["lists"]), cut["advice"], cut.get("name", ""), cut.get("severest_first", False)),
            one.get("objects", False),
            getattr(commands, one["read"]) if "read" in one else lambda done: read(done.output),
        )  # fmt: skip


TOOLS: Final = tuple(_tools(tomllib.loads(Path(__file__).with_name("tools.toml").read_text("utf-8"))))
