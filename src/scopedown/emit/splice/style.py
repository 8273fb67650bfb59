"""How a YAML file is written: its line ends, indentation, lists and whether it uses CloudFormation's short tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from scopedown.emit.yaml_text import USUAL, Form

_SHORT_TAG = re.compile(r"(?<![\w'\"])!(?:Ref|GetAtt|Sub|Join|ImportValue|If)\b")
_LONG_FORM = re.compile(r"""^[\s-]*["']?(?:Ref|Fn::\w+)["']?\s*:""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Style:
    """Line ends, and the layout of what stands between them."""

    newline: str = "\n"
    form: Form = USUAL


def style_of(text: str, root: yaml.Node | None) -> Style:
    """The style that most of a file has; what it does not show is that of the framework's own examples."""
    newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") > 0 else "\n"
    steps: Counter[int] = Counter()
    lists: Counter[int] = Counter()
    for kind, width in _widths(root):
        (steps if kind == "step" else lists)[width] += 1
    step = steps.most_common(1)[0][0] if steps else 2
    dashes = lists.most_common(1)[0][0] if lists else step
    short = len(_SHORT_TAG.findall(text)) >= len(_LONG_FORM.findall(text))
    return Style(newline, Form(step, dashes, short))


def _widths(root: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """How far each block mapping and each block sequence stands to the right of its key."""
    waiting, seen = [root] if root else [], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                waiting.append(value)
                if isinstance(value, yaml.CollectionNode) and not value.flow_style and value.value:
                    first = value.value[0][0] if isinstance(value, yaml.MappingNode) else value
                    width = first.start_mark.column - key.start_mark.column
                    if first.start_mark.line > key.start_mark.line and 0 <= width <= 8:
                        yield ("step" if isinstance(value, yaml.MappingNode) else "list"), width
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
