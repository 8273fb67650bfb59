"""Terraform's own language: literals, labels, blocks; policy documents as data sources, which a plan shows readably.

In a string of Terraform's ``${`` and ``%{`` begin a template; in a policy document's data source ``&{`` stands for
IAM's own ``${`` of a policy variable, and a literal ``%{`` is written with its percent sign doubled
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

INSET = "  "
_ATTRIBUTE = re.compile(r"( *\w+) += (.*)")
_ELEMENTS = (("Action", "actions"), ("NotAction", "not_actions"), ("Resource", "resources"),
             ("NotResource", "not_resources"))  # fmt: skip


class Code(str):
    """An expression as Terraform has it (``aws_sqs_queue.jobs.arn``)."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A text of which some pieces are expressions."""

    pieces: tuple[str | Code, ...]


Leaf = str | Template


def aligned(lines: Iterable[str]) -> Iterator[str]:
    """Lines with the equals signs of neighbours below each other, as ``terraform fmt`` has them; then an empty one."""
    run: list[tuple[str, str]] = []
    for line in (*lines, ""):
        found = _ATTRIBUTE.fullmatch(line)
        if found and not line.endswith(("[", "{")) and (not run or _inset(run[0][0]) == _inset(found[1])):
            run.append((found[1], found[2]))
            continue
        width = max((len(name) for name, _ in run), default=0)
        yield from (f"{name.ljust(width)} = {value}" for name, value in run)
        run = [(found[1], found[2])] if found and not line.endswith(("[", "{")) else []
        if not run:
            yield line


def _inset(name: str) -> int:
    return len(name) - len(name.lstrip())


def policy_document(label: str, document: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a policy document's data source."""
    yield f'data "aws_iam_policy_document" "{label}" {{'
    if "Version" in document:
        yield f"{INSET}version = {text(document['Version'])}"
    for number, statement in enumerate(document["Statement"]):
        if number or "Version" in document:
            yield ""
        yield f"{INSET}statement {{"
        yield from (f"{INSET * 2}{line}" for line in _statement(statement))
        yield f"{INSET}}}"
    yield "}"


def _statement(statement: Mapping[str, Any]) -> Iterator[str]:
    if "Sid" in statement:
        yield f"sid = {text(statement['Sid'])}"
    yield f"effect = {text(statement['Effect'])}"
    for element, argument in _ELEMENTS:
        if element in statement:
            yield from _list(argument, statement[element])
    for kind, values in statement.get("Principal", {}).items():
        yield "principals {"
        yield f"{INSET}type = {text(kind)}"
        yield from (f"{INSET}{line}" for line in _list("identifiers", values))
        yield "}"
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            yield "condition {"
            yield f"{INSET}test = {text(operator)}"
            yield f"{INSET}variable = {text(key)}"
            yield from (f"{INSET}{line}" for line in _list("values", values))
            yield "}"


def _list(name: str, values: str | Iterable[str]) -> Iterator[str]:
    items = [values] if isinstance(values, str) else list(values)
    if len(items) == 1:
        yield f"{name} = [{text(items[0])}]"
        return
    yield f"{name} = ["
    yield from (f"{INSET}{text(item)}," for item in items)
    yield "]"


def block(head: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines of a block with these arguments."""
    yield f"{head} {{"
    yield from (f"{INSET}{line}" for line in lines)
    yield "}"


def text(value: Leaf, document: bool = True) -> str:
    """A string literal, or the expression that is all of a value: JSON's escapes are Terraform's too, but for the two
    that begin a template. ``document``: it is in a policy document's data source.

    >>> print(text("arn:aws:s3:::b/${aws:username}"), text(Template((Code("aws_s3_bucket.b.arn"), "/*"))))
    "arn:aws:s3:::b/&{aws:username}" "${aws_s3_bucket.b.arn}/*"
    """
    pieces = value.pieces if isinstance(value, Template) else (value,)
    if len(pieces) == 1 and isinstance(pieces[0], Code):
        return pieces[0]
    written = []
    for piece, after in zip(pieces, [*pieces[1:], ""], strict=True):
        if isinstance(piece, Code):
            written.append(f"${{{piece}}}")
            continue
        shown = _ESCAPES.sub(_as_hcl, json.dumps(piece, ensure_ascii=False)[1:-1])
        shown = shown.replace("${", "&{" if document else "$${").replace("%{", "%%{")
        if isinstance(after, Code) and shown[-1:] in ("$", "%"):  # "$${" would be an escape
            shown = f'{shown[:-1]}${{"{shown[-1]}"}}'
        written.append(shown)
    return f'"{"".join(written)}"'


_ESCAPES: Final = re.compile(r"\\.")


def _as_hcl(match: re.Match[str]) -> str:
    """An escape of JSON's as one of HCL's, which has no \\b and no \\f."""
    return {"\\b": "\\u0008", "\\f": "\\u000c"}.get(match[0], match[0])


def statement_lines(statement: Mapping[str, Any]) -> list[str]:
    """The lines of a ``statement`` block of a policy document's data source."""
    return [*aligned(block("statement", _statement(statement)))][:-1]


def object_lines(statement: Mapping[str, Any], quoted: bool = False, lower: bool = False) -> list[str]:
    """The lines of a statement as an object (``jsonencode``).

    ``quoted``: with keys as JSON has them; ``lower``: with the names of the module terraform-aws-modules/lambda.
    """
    lines = ["{"]
    for key, value in _elements(statement, lower):
        items = value if isinstance(value, list | tuple) else None
        comma = "," if quoted else ""
        if items is not None and len(items) > 1 and not isinstance(items[0], Mapping):
            lines.append(f"{INSET}{_key(key, quoted)}[")
            lines += [f"{INSET * 2}{text(item, lower)}," for item in items]
            lines.append(f"{INSET}]{comma}")
        else:
            lines.append(f"{INSET}{_key(key, quoted)}{_value(value, quoted, lower)}{comma}")
    return [*aligned([*lines, "}"])][:-1]


def object_on_a_line(statement: Mapping[str, Any], quoted: bool = False, lower: bool = False) -> str:
    """A statement as an object on one line."""
    return _value(dict(_elements(statement, lower)), quoted, lower)


def _elements(statement: Mapping[str, Any], lower: bool) -> Iterator[tuple[str, Any]]:
    if not lower:
        yield from statement.items()
        return
    names = dict(_ELEMENTS) | {"Effect": "effect", "Sid": "sid"}
    for key, value in statement.items():
        if key == "Condition":
            tests = ((test, *pair) for test, keys in value.items() for pair in keys.items())
            yield "condition", [{"test": test, "variable": name, "values": values} for test, name, values in tests]
        else:
            yield names.get(key, key.lower()), value


def _key(key: str, quoted: bool) -> str:
    if quoted:
        return f'"{key}" : '
    return f"{key} = " if re.fullmatch(r"[A-Za-z_][\w-]*", key) else f"{text(key, False)} = "


def _value(value: Any, quoted: bool, lower: bool) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key, quoted)}{_value(item, quoted, lower)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item, quoted, lower) for item in value)}]"
    return text(value, lower) if isinstance(value, str | Template) else json.dumps(value)


def value_text(value: Any, document: bool) -> str:
    """A text, or a list of texts, on one line."""
    return _value(value, False, document)


def json_string(value: Leaf) -> str:
    """A text as a string of JSON in a heredoc has it. Raises ValueError for an expression that JSON cannot hold."""
    if not isinstance(value, Template):
        return value.replace("${", "$${").replace("%{", "%%{")
    found = []
    for piece in value.pieces:
        if isinstance(piece, Code):
            if '"' in piece or "\\" in piece:
                raise ValueError(f"{piece} cannot be written in JSON")
            found.append(f"${{{piece}}}")
        else:
            found.append(piece.replace("${", "$${").replace("%{", "%%{"))
    return "".join(found)


def label_of(name: str) -> str:
    """A name as Terraform's identifiers are: ``shop-dev-deploy`` is ``shop_dev_deploy``."""
    label = re.sub("[^A-Za-z0-9_]+", "_", name)
    return label if re.match("[A-Za-z_]", label) else f"_{label}"
