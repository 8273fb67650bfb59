"""JSON as people read it, an item a line: what ``json.dumps(tree, indent=2)`` writes, in a fraction of its time.

In: mappings, lists and scalars. Out: the text. Python's encoder indents in Python, by a generator for each container
(https://docs.python.org/3/library/json.html); a scan of many projects is mostly small containers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any


def indented(tree: Any, ensure_ascii: bool = True) -> str:
    """The text of a tree whose keys are texts.

    >>> print(indented({"Action": ["s3:GetObject"], "Condition": {}}))
    {
      "Action": [
        "s3:GetObject"
      ],
      "Condition": {}
    }
    """
    return _written(tree, "\n", encode_basestring_ascii if ensure_ascii else encode_basestring)


def folded(tree: Any, width: int = 100, indent: int = 0) -> str:
    """The text of a tree in which what fits into a line of so many characters is on one.

    >>> print(folded({"Action": ["s3:GetObject"], "Resource": [{"Fn::GetAtt": ["Photos", "Arn"]}]}, 60))
    {
      "Action": ["s3:GetObject"],
      "Resource": [{"Fn::GetAtt": ["Photos", "Arn"]}]
    }
    """
    flat = json.dumps(tree, ensure_ascii=False)
    if not isinstance(tree, dict | list | tuple) or not tree or indent + len(flat) <= width:
        return flat
    inner = f"\n{' ' * (indent + 2)}"
    if isinstance(tree, dict):
        items = [
            f"{json.dumps(key, ensure_ascii=False)}: {folded(item, width, indent + 2)}" for key, item in tree.items()
        ]
    else:
        items = [folded(item, width, indent + 2) for item in tree]
    begin, end = "{}" if isinstance(tree, dict) else "[]"
    return f"{begin}{inner}{f',{inner}'.join(items)}\n{' ' * indent}{end}"


def _written(node: Any, end: str, text: Callable[[str], str]) -> str:
    if isinstance(node, str):
        return text(node)
    inner = end + "  "
    if isinstance(node, dict) and node:
        items = [f"{text(key)}: {_written(item, inner, text)}" for key, item in node.items()]
        return f"{{{inner}{f',{inner}'.join(items)}{end}}}"
    if isinstance(node, list | tuple) and node:
        return f"[{inner}{f',{inner}'.join([_written(item, inner, text) for item in node])}{end}]"
    return json.dumps(node)
