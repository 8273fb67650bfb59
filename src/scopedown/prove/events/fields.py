"""What a request's body may hold: the fields that a handler's own file reads by name, and the keys of declared tables;
and the routes that an application of its own (Express, Flask, FastAPI, Powertools) declares behind a catch-all route.

This only makes a sample likelier to pass the handler's own checks, and reach further: a field or a route that is not
found, or a name that is no field, makes no claim about the code.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from scopedown.project.model import DeclaredResource, Function, Project

SAMPLE_ID: Final = "sample-1"
_HOLDERS: Final = (
    "data|body|payload|params|parameters|input|args|arguments|json|item|message|msg|record|req\\.body|request\\.json|event|"
    "detail|requestBody|reqBody|parsed|parsedBody|bodyData|requestData"
)
_READS: Final = (
    re.compile(rf"\b(?:{_HOLDERS})\.([A-Za-z_]\w*)\b(?!\s*\()"),
    re.compile(rf"\b(?:{_HOLDERS})\[['\"]([A-Za-z_][\w-]*)['\"]\]"),
    re.compile(rf"\b(?:{_HOLDERS})\.get\(\s*['\"]([A-Za-z_][\w-]*)['\"]"),
    re.compile(rf"['\"]([A-Za-z_][\w-]*)['\"]\s+(?:not\s+)?in\s+(?:{_HOLDERS})\b"),
)
_TAKEN_APART: Final = re.compile(
    r"\{([\w\s,:=]+)\}\s*=\s*(?:JSON\.parse\(|(?:req|request|event)\.body\b|data\b|body\b)"
)
_OF_EVENT: Final = (
    re.compile(r"\bevent\.([A-Za-z_]\w*)\b(?!\s*\()"),
    re.compile(r"\bevent\[['\"]([A-Za-z_][\w-]*)['\"]\]"),
    re.compile(r"\bevent\.get\(\s*['\"]([A-Za-z_][\w-]*)['\"]"),
)
_OF_QUERY: Final = (
    re.compile(r"\b(?:queryStringParameters|query_params|req\.query)\??\.([A-Za-z_]\w*)\b(?!\s*\()"),
    re.compile(r"\bqueryStringParameters['\"]?\]?\??\.?\[['\"]([A-Za-z_][\w-]*)['\"]\]"),
    re.compile(r"\bqueryStringParameters['\"]?\]?\.get\(\s*['\"]([A-Za-z_][\w-]*)['\"]"),
)
_QUERY_TAKEN_APART: Final = re.compile(r"\{([\w\s,:=]+)\}\s*=\s*(?:event\.queryStringParameters|req\.query)\b")
_EVENT_TAKEN_APART: Final = re.compile(r"\{([\w\s,:=]+)\}\s*=\s*event\b(?!\.)")
_NOT_FIELDS: Final = frozenset({
    "body", "headers", "httpMethod", "pathParameters", "queryStringParameters", "requestContext", "Records", "path",
    "resource", "isBase64Encoded", "length", "then", "catch", "get", "json", "detail", "rawPath", "constructor",
    "toString", "Item", "Items", "Body", "Attributes", "Key", "TableName", "Payload", "Count", "statusCode", "source",
    "stageVariables", "multiValueHeaders", "cookies", "version", "routeKey", "rawQueryString", "region", "account",
})  # fmt: skip
_NUMBERS: Final = frozenset({
    "count", "amount", "price", "age", "quantity", "number", "limit", "size", "total", "year", "score", "offset",
    "width",
    "height",
})  # fmt: skip
_LARGEST: Final = 200_000
_MOST: Final = 25


def value_for(name: str) -> Any:
    """A likely value for a field of this name.

    >>> value_for("email"), value_for("isDone"), value_for("quantity"), value_for("title")
    ('someone@example.com', True, 1, 'sample title')
    """
    low = name.lower()
    last = re.split(r"[_-]|(?<=[a-z0-9])(?=[A-Z])", name)[-1].lower()
    if re.match(r"(is|has)[A-Z_]", name) or low in ("checked", "done", "completed", "enabled", "active", "published"):
        return True
    if low == "query":
        return "{ __typename }"  # of GraphQL; for a search it is as good as any text
    if "email" in low or low in ("to", "from", "recipient"):
        return "someone@example.com"
    if "phone" in low:
        return "+15555550100"
    if last in ("url", "uri", "link", "href"):
        return "https://example.com/sample"
    if last in ("id", "key", "pk", "sk", "uuid", "slug", "username", "user") or low.endswith(("userid", "uuid")):
        return SAMPLE_ID
    if last in _NUMBERS:
        return 1
    if last in ("date", "time", "at", "timestamp"):
        return "2026-01-01T00:00:00.000Z"
    return f"sample {name}"


def fields_of(function: Function, project: Project, folder: Path) -> dict[str, Any]:
    """The fields of a sample body."""
    names = dict.fromkeys(("id", "name", "text"))
    tables = project.of_type("AWS::DynamoDB::Table")
    for table in tables:
        names |= dict.fromkeys(keys_of(table))
    values = {
        **{name: value_for(name) for name in _read_by(function, folder)},
        **{name: value_for(name) for name in names},
    }
    for table in tables:
        values |= {name: plain for name, (_, plain) in keys_of(table).items()}
    return values


def keys_of(table: DeclaredResource) -> dict[str, tuple[str, Any]]:
    """The key of a table's sample item: each attribute's type (``S``, ``N``, ``B``) and its value."""
    schema, attributes = table.properties.get("KeySchema"), table.properties.get("AttributeDefinitions")
    types = {
        str(attribute["AttributeName"]): str(attribute.get("AttributeType", "S"))
        for attribute in (attributes if isinstance(attributes, list | tuple) else ())
        if isinstance(attribute, Mapping) and "AttributeName" in attribute
    }
    found: dict[str, tuple[str, Any]] = {}
    for mapping in schema if isinstance(schema, list | tuple) else ():
        if isinstance(mapping, Mapping) and isinstance(name := mapping.get("AttributeName"), str):
            kind = types.get(name, "S")
            sample = value_for(name)
            found[name] = (kind, 1 if kind == "N" else sample if isinstance(sample, str) else SAMPLE_ID)
    return found


def query_of(function: Function, folder: Path) -> dict[str, str]:
    """The parameters of a query string that a handler's file reads."""
    text = _source_of(function, folder)
    return {name: str(value_for(name)) for name in _named(text, _OF_QUERY, _QUERY_TAKEN_APART)}


def slots_of(function: Function, folder: Path) -> dict[str, Any]:
    """The slots of an intent of Alexa that a handler's file reads."""
    names = dict.fromkeys(re.findall(r"\bslots(?:\.|['\"]?\]?\[['\"])([A-Za-z_]\w*)", _source_of(function, folder)))
    return {name: {"name": name, "value": "1", "confirmationStatus": "NONE"} for name in names}


def shape_of_direct(function: Function, folder: Path) -> str:
    """The shape of the event that a handler reads, where it is told by names that only one shape has; else none."""
    text = _source_of(function, folder)
    if "Records" in text and re.search(r"\.ses\b|\[['\"]ses['\"]\]", text):
        return "ses"
    return "rest_api" if re.search(r"\b(?:event\.body|pathParameters|queryStringParameters)\b", text) else ""


def fields_of_event(function: Function, folder: Path) -> dict[str, Any]:
    """The fields that a handler reads of its event itself, as a function that is called directly has them."""
    text = _source_of(function, folder)
    return {name: value_for(name) for name in _named(text, _OF_EVENT, _EVENT_TAKEN_APART) if name not in _NOT_FIELDS}


def _named(text: str, reads: Sequence[re.Pattern[str]], taken_apart: re.Pattern[str]) -> list[str]:
    """The names that a text reads of something, each once."""
    found = [match for pattern in reads for match in pattern.findall(text)]
    for inner in taken_apart.findall(text):
        found += [part.partition(":")[0].partition("=")[0].strip() for part in inner.split(",")]
    return [name for name in dict.fromkeys(found) if name]


def _source_of(function: Function, folder: Path) -> str:
    """The text of the handler's file."""
    if function.handler is None or function.handler.file is None:
        return ""
    if function.handler.inline is not None:
        return function.handler.inline.text
    try:
        return (folder / function.handler.file).read_text(encoding="utf-8")[:_LARGEST]
    except (OSError, UnicodeDecodeError):
        return ""


def _read_by(function: Function, folder: Path) -> list[str]:
    """Names of fields in the handler's file, in their order."""
    text = _source_of(function, folder)
    found = _named(text, _READS, _TAKEN_APART)
    return [name for name in found if name not in _NOT_FIELDS and not name.isupper()][:_MOST]


_CALL: Final = re.compile(r"\b\w+\.(get|post|put|patch|delete)\(\s*['\"`](/[^'\"`\s]*)['\"`]")
_FLASK: Final = re.compile(r"@\w+\.route\(\s*['\"](/[^'\"]*)['\"]([^)]*)\)")
_METHODS: Final = re.compile(r"['\"]([A-Z]+)['\"]")
_PARAMETER: Final = re.compile(r":(\w+)\??(?:\([^)]*\))?|<(?:\w+:)?(\w+)>|\{(\w+)(?:\+|:[^}]*)?\}")
_CODE_ENDINGS: Final = {
    "python": (".py",),
    "javascript": (".js", ".mjs", ".cjs", ".ts"),
    "typescript": (".js", ".ts", ".mts"),
}
_NOT_CODE: Final = frozenset({"node_modules", "venv", "env", "test", "tests", "__tests__", "dist", "build"})
_MOST_FILES: Final = 200


def routes_of(function: Function, folder: Path) -> list[tuple[str, str]]:
    """Methods and paths, in the order of the files' names, at most a few dozen."""
    found: dict[tuple[str, str], None] = {}
    for text in _code_texts(function, folder):
        for method, path in _CALL.findall(text):
            found.setdefault((method.upper(), _with_samples(path)))
        for path, more in _FLASK.findall(text):
            for method in _METHODS.findall(more) if "methods" in more else ["GET"]:
                found.setdefault((method, _with_samples(path)))
    return list(found)[:_MOST]


def _with_samples(path: str) -> str:
    """A path with values for its parameters."""

    def sample(one: re.Match[str]) -> str:
        return "1" if one[0].startswith(("<int:", "<float:")) else str(value_for(one[1] or one[2] or one[3]))

    return _PARAMETER.sub(sample, path).replace("*", "sample")


def _code_texts(function: Function, folder: Path) -> Iterator[str]:
    endings = _CODE_ENDINGS.get(function.language or "")
    if function.handler is None or endings is None:
        return
    read = 0
    for place, folders, files in os.walk(folder / function.handler.root):
        folders[:] = sorted(one for one in folders if one not in _NOT_CODE and not one.startswith("."))
        for name in sorted(files):
            if name.endswith(endings) and read < _MOST_FILES:
                read += 1
                try:
                    yield Path(place, name).read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError):
                    continue
