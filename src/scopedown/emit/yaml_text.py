"""Plain data as YAML for people: block style, CloudFormation's short tags, quotes only where they are needed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_PLAIN = re.compile(
    r"(?:arn:|[a-z][a-z0-9-]*:)[^\s#'\"{}\[\],&*!|>%@`][^\s#'\"\[\]]*|[A-Za-z][A-Za-z0-9_.]*|[A-Z]\w*(?:::\w+)+"
)
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True)
class Form:
    """How YAML is laid out: ``step`` spaces a level, a list's dashes ``lists`` spaces to the right of its key, and
    CloudFormation's intrinsic functions as tags or in their long form."""

    step: int = 2
    lists: int = 2
    short_tags: bool = True


USUAL = Form()


def dump(tree: Any, indent: int = 0, form: Form = USUAL) -> str:
    """Lines of YAML, each with its newline, the first at ``indent``."""
    return "".join(f"{line}\n" for line in _lines(tree, indent, form))


def flow(tree: Any, form: Form = USUAL) -> str:
    """YAML on one line, as it stands inside of another flow collection.

    >>> flow({"Effect": "Allow", "Resource": [{"Fn::GetAtt": ["Table", "Arn"]}, "*"]})
    "{Effect: Allow, Resource: [!GetAtt Table.Arn, '*']}"
    """
    if isinstance(tree, Mapping):
        short = _short(tree, form)
        if short is not None:
            tag, _, argument = short.partition(" ")
            return f"{tag} {_flow_scalar(argument)}"
        return "{" + ", ".join(f"{_flow_scalar(_key(key))}: {flow(item, form)}" for key, item in tree.items()) + "}"
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return "[" + ", ".join(flow(item, form) for item in tree) + "]"
    return _flow_scalar(_inline(tree, form))


def _flow_scalar(written: str) -> str:
    """A scalar as it is written in a block, in quotes where a flow collection would end it or read it as a key."""
    if written[:1] in "'\"" or not re.search(r"[,\[\]{}:?]", written):
        return written
    return "'" + written.replace("'", "''") + "'"


def scalar(text: str) -> str:
    """A string, in single quotes unless every YAML parser reads it plain as this string.

    >>> scalar("dynamodb:PutItem"), scalar("*"), scalar("2012-10-17")
    ('dynamodb:PutItem', "'*'", "'2012-10-17'")
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and not text.endswith(":") and ": " not in text:
        return text
    if not text.isprintable():
        return json.dumps(text)  # every JSON string is a YAML scalar
    return "'" + text.replace("'", "''") + "'"


def _lines(tree: Any, indent: int, form: Form) -> list[str]:
    space = " " * indent
    if isinstance(tree, Mapping) and not _is_inline(tree, form):
        return [line for key, item in tree.items() for line in _entry(f"{space}{_key(key)}:", item, indent, form)]
    if isinstance(tree, Sequence) and not isinstance(tree, str) and tree:
        return [line for item in tree for line in _item(item, indent, form)]
    return [f"{space}{_inline(tree, form)}"]


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z][\w:./-]*", key) and key.lower() not in _WORDS else scalar(key)


def _entry(head: str, item: Any, indent: int, form: Form) -> list[str]:
    if _is_inline(item, form):
        return [f"{head} {_inline(item, form)}"]
    return [head, *_lines(item, indent + (form.step if isinstance(item, Mapping) else form.lists), form)]


def _item(item: Any, indent: int, form: Form) -> list[str]:
    space = " " * indent
    if _is_inline(item, form):
        return [f"{space}- {_inline(item, form)}"]
    first, *rest = _lines(item, indent + 2, form)
    return [f"{space}- {first[indent + 2 :]}", *rest]


def _is_inline(item: Any, form: Form) -> bool:
    if isinstance(item, Mapping):
        return not item or _short(item, form) is not None
    return isinstance(item, str) or not isinstance(item, Sequence) or not item


def _inline(item: Any, form: Form) -> str:
    if isinstance(item, str):
        return scalar(item)
    if isinstance(item, Mapping):
        return _short(item, form) or "{}"
    if isinstance(item, Sequence):
        return "[]"
    return json.dumps(item) if item is None or isinstance(item, bool | int | float) else str(item)


def _short(tree: Mapping[str, Any], form: Form) -> str | None:
    """An intrinsic function in its short form, where its argument fits on the line."""
    if len(tree) != 1 or not form.short_tags:
        return None
    ((name, argument),) = tree.items()
    if name == "Fn::GetAtt" and isinstance(argument, list) and all(isinstance(part, str) for part in argument):
        return f"!GetAtt {'.'.join(argument)}"
    if name in ("Ref", "Fn::Sub", "Fn::ImportValue") and isinstance(argument, str):
        return f"!{name.removeprefix('Fn::')} {scalar(argument)}"
    return None
